"""Reporting, hiding, deciding, appealing. People decide: each page says who."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.form_keys import key_for, once
from core.limits import within_limit
from core.sent_again import same_answer_again
from discussions.actions import moderation as actions
from discussions.actions.groups import NotAllowed
from discussions.forms.moderating import AppealForm, DecideAppealForm, DecideForm, HideForm, ReportForm
from discussions.models import Post, Report
from discussions.permissions import active_membership, can_hide, can_lead, can_report, can_view_topic
from discussions.queries.groups import head_of
from discussions.queries.moderation import queue_of, report_for, report_to_decide
from discussions.views.gates import led, person_of, post_of, sent
from discussions.views.places import address_of, way_to, way_to_post

MOST_REPORTS_A_DAY = 20
"""Of one person: each is a mail to those who lead a group."""


class TooMany(Exception):
    """Reported too often in a short time."""


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Members, what others wrote. Reported twice by the same person it is one report."""
    post = _readable(request, number)
    if not can_report(request.user, post):
        raise PermissionDenied
    form, status = ReportForm(sent(request)), 200
    if form.is_bound and form.is_valid():
        key = key_for(form.cleaned_data["key"], post.pk, form.cleaned_data["text"])
        try:
            address = once(key, lambda: _report(request, post, form))
        except TooMany:
            form.add_error(None, _("These were many reports in a short time. Please go on tomorrow."))
            status = 429
        except NotAllowed:
            raise PermissionDenied from None
        else:
            messages.success(request, _("Thank you. Your report has arrived."))
            return redirect(address)
    elif form.errors:
        status = 422
    return _post_page(request, "discussions/report.html", post, form, _("Report a post"), status)


def _report(request: HttpRequest, post: Post, form: ReportForm) -> str:
    person = person_of(request)
    if not within_limit("post_report", str(person.pk), most=MOST_REPORTS_A_DAY, each=timedelta(days=1)):
        raise TooMany
    text = form.cleaned_data["text"]
    row = actions.report_post(post=post, text=text, by=person, now=timezone.now())
    return reverse("discussions:decision", args=[row.reference])


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def hide(request: HttpRequest, number: int) -> HttpResponse:
    """For who leads the group, what others wrote: the own post is deleted, not hidden."""
    post = _readable(request, number)
    if not can_hide(request.user, post):
        raise PermissionDenied
    form, status = HideForm(sent(request)), 200
    if form.is_bound and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _hide(request, post, form))
        except actions.AlreadyDecided:
            messages.info(request, _("Somebody else has hidden this post meanwhile."))
            return redirect(address_of(post))
        except NotAllowed:
            raise PermissionDenied from None
        messages.success(request, _("The post is hidden. Its author is told why."))
        return redirect(address)
    if form.errors:
        status = 422
    return _post_page(request, "discussions/hide.html", post, form, _("Hide a post"), status)


def _hide(request: HttpRequest, post: Post, form: HideForm) -> str:
    actions.hide_post(
        post=post, reason=form.cleaned_data["reason"], by=person_of(request), now=timezone.now()
    )
    return address_of(post)


@login_required
@require_safe
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for a decision in a group, and what was decided lately; for who leads it."""
    group = led(request, slug)
    context = {
        **head_of(group, request.user, "reports"),
        "queue": queue_of(group, person_of(request), now=timezone.now()),
    }
    return render(request, "discussions/reports.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """For who reported: how it stands. For the author of a hidden post: the reason, the own text, and the appeal.

    Neither needs to belong to the group any longer: nothing is shown here that somebody else wrote in it.
    """
    person, now = person_of(request), timezone.now()
    row = report_for(person, reference)
    if row is None:
        raise Http404
    post = row.post
    is_author = post is not None and post.author_id == person.pk and row.is_statement
    if not is_author:
        return render(request, "discussions/report_state.html", _seen_by_reporter(request, row))
    may_appeal = actions.may_appeal(row, person, now=now)
    form = AppealForm(sent(request))
    if form.is_bound and form.is_valid():
        here = reverse("discussions:decision", args=[row.reference])
        try:
            address = once(form.cleaned_data["key"], lambda: _appeal(request, row, form, here))
        except actions.NoAppeal:
            messages.info(request, _("It is not possible to appeal any more."))
            return redirect(here)
        messages.success(request, _("Your appeal has arrived. You get a mail once it is decided."))
        return redirect(address)
    context = {
        "report": row,
        "post": post,
        "may_read": _may_read(request, post),
        "may_appeal": may_appeal,
        "until": actions.appeal_until(row),
        "form": form,
    }
    return render(request, "discussions/appeal.html", context, status=422 if form.errors else 200)


def _appeal(request: HttpRequest, row: Report, form: AppealForm, here: str) -> str:
    actions.appeal(report=row, text=form.cleaned_data["text"], by=person_of(request), now=timezone.now())
    return here


def _seen_by_reporter(request: HttpRequest, row: Report) -> dict[str, object]:
    return {"report": row, "post": row.post, "may_read": _may_read(request, row.post)}


def _may_read(request: HttpRequest, post: Post | None) -> bool:
    """Whether names of group and topic may be shown, and a link to them."""
    return post is not None and can_view_topic(request.user, post.topic)


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """For who leads the group: a report, or the appeal to a decision of somebody else. Not about the own post."""
    person = person_of(request)
    row = report_to_decide(person, reference)
    if row is None or row.post is None:
        raise Http404
    is_own = row.appeal_waits and row.decided_by_id == person.pk
    form: DecideForm | DecideAppealForm | None = None
    if row.appeal_waits and not is_own:
        form = DecideAppealForm(sent(request))
    elif row.is_open:
        form = DecideForm(sent(request), post=row.post)
    if request.method == "POST" and form is None:
        if is_own:
            raise PermissionDenied
        return _back(request, row)
    if form is not None and form.is_bound and form.is_valid():
        return _decided(request, row, form)
    context = {
        "group": row.post.topic.group,
        "topic": row.post.topic,
        "report": row,
        "post": row.post,
        "form": form,
        "is_own": is_own,
        "breadcrumb": _way(row),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "discussions/decide.html", context, status=status)


def _decided(request: HttpRequest, row: Report, form: DecideForm | DecideAppealForm) -> HttpResponse:
    act: Callable[[Report, str, str, HttpRequest], None]
    act = _decide_appeal if isinstance(form, DecideAppealForm) else _decide_report

    def once_done() -> str:
        act(row, form.cleaned_data["decision"], form.cleaned_data["reason"], request)
        return _queue_url(row)

    try:
        address = once(form.cleaned_data["key"], once_done)
    except actions.AlreadyDecided:
        return _back(request, row)
    except NotAllowed:
        raise PermissionDenied from None
    messages.success(request, _("Your decision is saved. Whom it concerns is told."))
    return redirect(address)


def _decide_report(row: Report, chosen: str, reason: str, request: HttpRequest) -> None:
    by, now = person_of(request), timezone.now()
    if chosen == "keep":
        actions.keep_post(report=row, reason=reason, by=by, now=now)
    elif row.post is not None:
        actions.hide_post(post=row.post, reason=reason, by=by, now=now, report=row)


def _decide_appeal(row: Report, chosen: str, reason: str, request: HttpRequest) -> None:
    by, now = person_of(request), timezone.now()
    actions.decide_appeal(report=row, uphold=chosen == "uphold", reason=reason, by=by, now=now)


def _back(request: HttpRequest, row: Report) -> HttpResponse:
    messages.info(request, _("This is decided already."))
    return redirect(_queue_url(row))


def _queue_url(row: Report) -> str:
    assert row.post is not None  # noqa: S101 -- `decide` has asked
    return reverse("discussions:reports", args=[row.post.topic.group.slug])


def _way(row: Report) -> list[tuple[str, str]]:
    assert row.post is not None  # noqa: S101 -- `decide` has asked
    return way_to(row.post.topic.group, (_("Reports"), _queue_url(row)), (row.reference, ""))


def _readable(request: HttpRequest, number: int) -> Post:
    """What is gone is neither reported nor hidden; a member without any right is refused before that shows."""
    post = post_of(request, number)
    if active_membership(request.user, post.topic.group) is None:
        raise PermissionDenied
    if post.deleted_at or post.hidden_at:
        raise Http404
    return post


def _post_page(
    request: HttpRequest, template: str, post: Post, form: Form, word: str, status: int
) -> HttpResponse:
    context = {
        "post": post,
        "topic": post.topic,
        "group": post.topic.group,
        "form": form,
        "leads": can_lead(request.user, post.topic.group),
        "back_url": address_of(post),
        "breadcrumb": way_to_post(post, word),
    }
    return render(request, template, context, status=status)

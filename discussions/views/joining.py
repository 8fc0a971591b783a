"""Coming in and going out."""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.form_keys import led_to, once
from core.limits import within_limit
from core.links import read_token
from core.partner_pages import Problem, kept_language, partner_page, partner_problem, register_address
from core.sent_again import same_answer_again
from discussions.actions import groups as group_actions
from discussions.actions import people as actions
from discussions.choices import Belonging
from discussions.emails.people import INVITATION
from discussions.forms.groups import EnterForm, KeyForm
from discussions.forms.people import AskForm
from discussions.models import Group, Invitation
from discussions.permissions import active_membership, membership_of
from discussions.queries.groups import group_to_enter, group_to_join, head_of
from discussions.views.gates import person_of, seen, sent

register_address("/groups/invitation/")
REQUESTS_A_DAY = 10
"""Of one person: each is a mail to those who lead a group."""


class TooMany(Exception):
    """Asked too often in a short time."""


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """For who is invited, and for everybody where the group is open. A closed group is not there for others."""
    found = group_to_join(person_of(request), slug)
    if found is None:
        raise Http404
    group, row = found
    state = row.state if row else ""
    if state == Belonging.ACTIVE:
        return redirect(led_to(request) or group.get_absolute_url())
    asks = group.takes_requests and state != Belonging.INVITED
    form: AskForm | KeyForm = AskForm(sent(request)) if asks else KeyForm(sent(request))
    status = 200
    if form.is_bound and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _join(request, group, asks=asks, form=form))
        except actions.NotOpen:
            # Meanwhile it takes requests, or takes them no longer: the page says what is now.
            return redirect(request.path)
        except TooMany:
            form.add_error(None, _("These were many requests in a short time. Please go on tomorrow."))
            status = 429
        else:
            messages.success(request, _said(request, group, asks=asks))
            return redirect(address)
    elif form.errors:
        status = 422
    context = {
        "group": group,
        "membership": row,
        "is_invited": state == Belonging.INVITED,
        "is_asked": state == Belonging.ASKED,
        "asks": asks,
        "form": form,
    }
    return render(request, "discussions/join.html", context, status=status)


def _join(request: HttpRequest, group: Group, *, asks: bool, form: KeyForm | AskForm) -> str:
    person, now = person_of(request), timezone.now()
    if request.POST.get("do") == "decline":
        actions.decline_membership(group=group, by=person, now=now)
        return reverse("discussions:list")
    if asks:
        if not within_limit("group_request", str(person.pk), most=REQUESTS_A_DAY, each=timedelta(days=1)):
            raise TooMany
        actions.ask_to_join(group=group, by=person, note=form.cleaned_data["note"], now=now)
        return reverse("discussions:join", args=[group.slug])
    actions.accept_membership(group=group, by=person, now=now)
    return group.get_absolute_url()


def _said(request: HttpRequest, group: Group, *, asks: bool) -> str:
    if request.POST.get("do") == "decline":
        return _("You have declined.") if not asks else _("Your request is withdrawn.")
    if asks:
        return _("Your request is on its way. You get a mail once it is answered.")
    return _("Welcome! You belong to “%(name)s” now.") % {"name": group.name}


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once."""
    group = _own(request, slug)
    form, is_last = KeyForm(sent(request)), False
    if form.is_bound and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _leave(request, group))
        except actions.LastLeader:
            is_last = True
        else:
            messages.success(request, _("You have left “%(name)s”.") % {"name": group.name})
            return redirect(address)
    context = {**head_of(group, request.user), "form": KeyForm(), "is_last": is_last}
    return render(request, "discussions/leave.html", context, status=409 if is_last else 200)


def _leave(request: HttpRequest, group: Group) -> str:
    actions.leave(group=group, by=person_of(request), now=timezone.now())
    return reverse("discussions:list")


@login_required
@require_POST
def follow_all(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether one is told of every post. Sent twice it is the same."""
    group = _own(request, slug)
    is_on = request.POST.get("on") == "yes"
    actions.follow_all(group=group, by=person_of(request), on=is_on)
    said = _("You are told of new posts.") if is_on else _("You are only told of topics you follow.")
    messages.success(request, said)
    return redirect(group)


def _own(request: HttpRequest, slug: str) -> Group:
    """Of the group one belongs to; readers of an open group do not."""
    group = seen(request, slug)
    if active_membership(request.user, group) is None:
        raise Http404
    return group


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """A superuser goes into a closed group: with a reason, logged, told to its members. Linked in the admin only."""
    group = group_to_enter(person_of(request), slug, now=timezone.now())
    if group is None:
        raise Http404
    form = EnterForm(sent(request))
    if form.is_bound and form.is_valid():
        return redirect(once(form.cleaned_data["key"], lambda: _enter(request, group, form)))
    status = 422 if form.errors else 200
    return render(request, "discussions/enter.html", {"group": group, "form": form}, status=status)


def _enter(request: HttpRequest, group: Group, form: EnterForm) -> str:
    reason = form.cleaned_data["reason"]
    group_actions.enter(group=group, by=person_of(request), reason=reason, now=timezone.now())
    return group.get_absolute_url()


# By the link of a mail, with or without an account


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str = "") -> HttpResponse:
    """Whoever has the link may join, with whatever account. Opening it changes nothing: mail scanners do that, too."""
    row = _invitation_of(token)
    if row is None:
        return _unknown(request)
    if problem := _problem_of(row):
        if row.accepted_at and active_membership(request.user, row.group):
            return redirect(row.group)
        return partner_problem(request, problem, language=row.language)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.path})}")
    form = KeyForm(sent(request))
    if form.is_bound and form.is_valid():
        return _answered(request, row, lambda: once(form.cleaned_data["key"], lambda: _accept(request, row)))
    context = {
        "invitation": row,
        "group": row.group,
        "by": row.invited_by,
        "form": form,
        "next": urlencode({"next": request.path}),
    }
    return partner_page(request, "partner/group_invitation.html", context, language=row.language)


def _invitation_of(token: str) -> Invitation | None:
    found = read_token(INVITATION, token)
    if found is None:
        return None
    rows = Invitation.objects.select_related("group", "invited_by")
    return rows.filter(pk=found[0], nonce=found[1]).first()


def _unknown(request: HttpRequest) -> HttpResponse:
    """Whoever tries many links is slowed down."""
    who = get_adapter().get_client_ip(request)
    if not within_limit("wrong_link", who, most=60, each=timedelta(hours=1)):
        return partner_problem(request, Problem.TOO_MANY)
    return partner_problem(request, Problem.WRONG)


def _problem_of(row: Invitation) -> Problem | None:
    if row.accepted_at:
        return Problem.USED
    if row.withdrawn_at:
        return Problem.WITHDRAWN
    return Problem.EXPIRED if row.expires_at < timezone.now() else None


def _answered(request: HttpRequest, row: Invitation, act: Callable[[], str]) -> HttpResponse:
    try:
        address = act()
    except actions.NotOpen:
        known = membership_of(request.user, row.group)
        if known and known.state == Belonging.BANNED:
            return partner_problem(request, Problem.WITHDRAWN, language=row.language)
        # Answered from another tab: the page says so.
        return redirect(request.path + kept_language(request))
    messages.success(request, _("Welcome! You belong to “%(name)s” now.") % {"name": row.group.name})
    return redirect(address)


def _accept(request: HttpRequest, row: Invitation) -> str:
    membership = actions.accept_invitation(invitation=row, by=person_of(request), now=timezone.now())
    return membership.group.get_absolute_url()

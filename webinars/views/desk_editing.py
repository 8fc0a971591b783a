"""A session from the draft to the last change: new, edit, publish, move, cancel, copy."""

from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, led_to, once, spent
from directory.models import Organisation
from directory.queries import my_organisations
from webinars import actions
from webinars.choices import State
from webinars.facts import clock
from webinars.forms.desk import CancelSessionForm, ConfirmForm
from webinars.forms.leads import LeadsOnce, lead_forms
from webinars.forms.sessions import SessionForm, values_of, words_of_fields
from webinars.forms.times import CopyForm, MoveForm, clock_notes
from webinars.models import Session
from webinars.permissions import can_create
from webinars.queries import desk as queries
from webinars.views.desk import editable, head_of, sent


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    if not can_create(person):
        raise Http404
    form = SessionForm(sent(request), session=None, organisations=_organisations(person))
    leads = lead_forms(sent(request), _default_leads())
    if request.method == "POST" and form.is_valid() & leads.is_valid():
        key = key_for(form.cleaned_data["key"], form.facts(), leads.plan())
        address = once(key, lambda: _create(form, leads, person))
        messages.success(request, _("The draft is saved. Nobody sees it before you publish it."))
        return redirect(address)
    return render(request, "webinars/desk_form.html", {"form": form, "leads": leads})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    session = editable(request, slug)
    person = cast(User, request.user)
    form = SessionForm(sent(request), session=session, organisations=_organisations(person))
    leads = lead_forms(sent(request), _leads_of(session))
    conflict, status = None, 200
    if request.method == "POST" and form.is_valid() & leads.is_valid():
        try:
            # Changed by its writer after a conflict, the same form is another act.
            content = (form.cleaned_data["base_version"], form.facts(), leads.plan(), _may_be_over(form))
            address = once(
                key_for(form.cleaned_data["key"], *content), lambda: _edit(form, leads, session, person)
            )
        except EditConflict:
            current = Session.objects.visible_to(request.user).get(pk=session.pk)
            conflict = conflict_with(form, now=values_of(current), version=current.version)
            status = 409
        except actions.CapacityBelowTaken as problem:
            form.asks_over = True
            words = {"taken": problem.taken}
            form.add_error("capacity", _("%(taken)s seats are taken. Tick below to keep them all.") % words)
            status = 409
        else:
            messages.success(request, _("The session is saved."))
            return redirect(address)
    context = {**head_of(session), "form": form, "leads": leads, "conflict": conflict}
    return render(request, "webinars/desk_form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    session = editable(request, slug)
    form = ConfirmForm(sent(request))
    desk = reverse("webinars:desk", args=[session.slug])
    now = timezone.now()
    missing = actions.missing_for_publication(session, now=now)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_session(session=session, by=cast(User, request.user), now=now)
        except actions.NotReady as problem:
            missing, status = list(problem.missing), 409
        else:
            messages.success(request, _("The session is published."))
            return redirect(desk)
    if session.state != State.DRAFT:
        return redirect(desk)
    context = {
        **head_of(session),
        "form": form,
        "missing": words_of_fields(missing),
        "holidays": queries.holidays_of(session),
    }
    return render(request, "webinars/desk_publish.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """First both times side by side and how many are told, then the button."""
    session = editable(request, slug)
    now = timezone.now()
    key = _key_of_move(request)
    if request.method == "POST" and (address := spent(key)):
        # Sent twice: the form would say that the session takes place then already.
        return redirect(address)
    if session.state != State.PUBLISHED or session.starts_at <= now:
        return _too_late(request, session)
    form = MoveForm(sent(request), session=session, now=now)
    context: dict[str, Any] = {**head_of(session), "form": form, "told": _told(request, session)}
    step = request.POST.get("step", "look")
    if request.method != "POST" or step == "change" or not form.is_valid():
        return render(request, "webinars/desk_move.html", context)
    if step == "move":
        try:
            address = once(
                key or form.cleaned_data["key"], lambda: _move(form, session, cast(User, request.user))
            )
        except (actions.NotPlanned, actions.InThePast):
            return _too_late(request, session)
        messages.success(request, _("The session is moved. Everybody registered is told by mail."))
        return redirect(address)
    ends_at = form.starts_at + timedelta(minutes=form.cleaned_data["minutes"])
    context |= {
        "new_clock": clock(form.starts_at, ends_at, session.zone),
        "holidays": queries.holidays_of(session, form.cleaned_data["day"]),
    }
    return render(request, "webinars/desk_move_look.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cancel_session(request: HttpRequest, slug: str) -> HttpResponse:
    session = editable(request, slug)
    if request.method == "POST" and (address := led_to(request)):
        return redirect(address)
    if session.state != State.PUBLISHED or session.ends_at <= timezone.now():
        return _too_late(request, session)
    form = CancelSessionForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _cancel(form, session, cast(User, request.user)))
        except actions.NotPlanned:
            return _too_late(request, session)
        messages.success(request, _("The session is cancelled. Everybody registered is told by mail."))
        return redirect(address)
    context = {**head_of(session), "form": form, "told": _told(request, session)}
    return render(request, "webinars/desk_cancel.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    """First the days with what speaks against them, then the button."""
    session = editable(request, slug)
    form = CopyForm(sent(request), session=session, now=timezone.now())
    step = request.POST.get("step", "look")
    if request.method != "POST" or step == "change" or not form.is_valid():
        return render(request, "webinars/desk_copy.html", {**head_of(session), "form": form})
    days = form.cleaned_data["dates"]
    if step == "copy":
        key = key_for(form.cleaned_data["key"], *days)
        address = once(key, lambda: _copy(session, days, cast(User, request.user)))
        said = ngettext("%(number)s draft is made.", "%(number)s drafts are made.", len(days))
        messages.success(request, said % {"number": len(days)})
        return redirect(address)
    context = {**head_of(session), "form": form, "days": _looked_at(days, session)}
    return render(request, "webinars/desk_copy_look.html", context)


def _create(form: SessionForm, leads: LeadsOnce, person: User) -> str:
    session = actions.create_session(
        facts=form.facts(), hosts=[person], plan=(), by=person, now=timezone.now()
    )
    actions.set_plan(session=session, plan=leads.plan(), by=person)
    return reverse("webinars:desk", args=[session.slug])


def _edit(form: SessionForm, leads: LeadsOnce, session: Session, person: User) -> str:
    saved = actions.edit_session(
        session=session,
        facts=form.facts(),
        by=person,
        base_version=form.cleaned_data["base_version"],
        allow_over=_may_be_over(form),
        now=timezone.now(),
    )
    actions.set_plan(session=saved, plan=leads.plan(), by=person)
    return reverse("webinars:desk", args=[saved.slug])


def _move(form: MoveForm, session: Session, person: User) -> str:
    data = form.cleaned_data
    actions.move_session(
        session=session,
        day=data["day"],
        begins=data["begins"],
        minutes=data["minutes"],
        is_second_hour=data["is_second_hour"],
        by=person,
        now=timezone.now(),
    )
    return reverse("webinars:desk", args=[session.slug])


def _cancel(form: CancelSessionForm, session: Session, person: User) -> str:
    actions.cancel_session(
        session=session,
        reason_de=form.cleaned_data["reason_de"],
        reason_en=form.cleaned_data["reason_en"],
        by=person,
        now=timezone.now(),
    )
    return reverse("webinars:desk", args=[session.slug])


def _copy(session: Session, days: list[date], person: User) -> str:
    copies = actions.copy_series(session=session, days=days, by=person, now=timezone.now())
    if len(copies) == 1:
        return reverse("webinars:desk", args=[copies[0].slug])
    return reverse("webinars:mine")


def _looked_at(days: list[date], session: Session) -> list[dict[str, Any]]:
    """Each day with its holidays, and with what the clocks do since the one before."""
    holidays = queries.holiday_words(days, session.countries)
    return [
        {
            "day": day,
            "holidays": holidays[day],
            "notes": clock_notes(day, session, before=before),
        }
        for before, day in zip([session.day, *days], days, strict=False)
    ]


def _key_of_move(request: HttpRequest) -> UUID | None:
    """From what was typed: after "back", another time is another move."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    return key_for(key, *(request.POST.get(name, "") for name in ("day", "begins", "minutes", "which")))


def _too_late(request: HttpRequest, session: Session) -> HttpResponse:
    messages.warning(request, _("This can be done only with a published session that has not begun."))
    return redirect("webinars:desk", session.slug)


def _told(request: HttpRequest, session: Session) -> int:
    return queries.registrations_of(session, request.user).alive().count()


def _may_be_over(form: SessionForm) -> bool:
    return bool(form.cleaned_data.get("allow_over"))


def _organisations(person: User) -> list[Organisation]:
    return [mine.organisation for mine in my_organisations(person)]


def _default_leads() -> list[dict[str, Any]]:
    return [{"amount": amount, "unit": unit} for amount, unit in actions.DEFAULT_PLAN]


def _leads_of(session: Session) -> list[dict[str, Any]]:
    return [
        {
            "amount": lead.amount,
            "unit": lead.unit,
            "text_de": lead.text_de or "",  # type: ignore[attr-defined]
            "text_en": lead.text_en or "",  # type: ignore[attr-defined]
        }
        for lead in session.plan.all()
    ]

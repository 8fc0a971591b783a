"""People without an account: they ask for a seat, and do everything else by the link of their mails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.form_keys import key_for, led_to, once
from core.limits import within_limit
from core.partner_pages import kept_language, partner_language, partner_page, register_address, speaking
from webinars import actions
from webinars.choices import Audience, Seat, State
from webinars.facts import facts_of
from webinars.forms.guests import TOO_MANY, GuestForm, NeedsForm, SeatForm
from webinars.links import seat_token
from webinars.models import Registration, Session
from webinars.permissions import feedback_is_open
from webinars.queries import one
from webinars.views.gates import sent
from webinars.views.seats import as_reader, seat_or_answer

register_address("/sessions/", ending="/guest/")
MOST_FROM_ONE_PLACE = 60
"""An hour. The people of an office share one address of the network, and a class of 30 types twice."""
MOST_TO_ONE_ADDRESS = 4
"""Mails an hour, whoever asks for them."""
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


class _TooMany(Exception):
    """Too many forms from one place."""


@GET_OR_POST
def guest(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for name and address. Whether the address is known shows neither here nor on the page after it."""
    rows = Session.objects.visible_to(None).filter(audience=Audience.EVERYBODY)
    session = get_object_or_404(one.session_rows(rows), slug=slug)
    language = partner_language(request)
    with speaking(request):
        return _guest(request, session, language)


def _guest(request: HttpRequest, session: Session, language: str) -> HttpResponse:
    now, status = timezone.now(), 200
    here = reverse("webinars:guest", args=[session.slug])
    form = GuestForm(sent(request), language=language)
    if request.method == "POST" and form.is_valid():
        try:
            # Who mistyped the address goes back, corrects it and sends the form again.
            key = key_for(form.cleaned_data["key"], *form.said.values())
            return redirect(once(key, lambda: _ask_for_seat(request, session, form, here)))
        except actions.NotOpen:
            status = 409
        except _TooMany:
            form.add_error(None, TOO_MANY)
            status = 429
    elif form.errors:
        status = 422
    is_open = session.takes_registrations(now)
    if request.method == "POST" and not is_open:
        status = 409
    context = {
        "session": session,
        "facts": facts_of(session),
        "seats": one.seats_of(session),
        "form": form,
        "is_sent": "sent" in request.GET and request.method != "POST",
        "is_open": is_open,
        "is_cancelled": session.state == State.CANCELLED,
        "is_early": session.opens_at is not None and now < session.opens_at,
    }
    return partner_page(request, "partner/session_guest.html", context, status=status)


def _ask_for_seat(request: HttpRequest, session: Session, form: GuestForm, here: str) -> str:
    # Asked here, so that the same form sent again is not counted again.
    who = get_adapter().get_client_ip(request)
    if not within_limit("guest", who, most=MOST_FROM_ONE_PLACE, each=timedelta(hours=1)):
        raise _TooMany
    address = form.cleaned_data["email"].lower()
    if not form.is_from_a_program and within_limit(
        "guest_address", address, most=MOST_TO_ONE_ADDRESS, each=timedelta(hours=1)
    ):
        actions.register_guest(session=session, now=timezone.now(), **form.said)
    query = kept_language(request)
    return f"{here}{query}{'&' if query else '?'}sent=1"


@GET_OR_POST
def seat(request: HttpRequest, token: str = "") -> HttpResponse:
    """Everything one may do with a registration. Reading it changes nothing: mail programs and scanners read it too."""
    registration, answer = seat_or_answer(request, token)
    if registration is None:
        return answer
    if registration.session.state == State.DRAFT:
        raise Http404
    with as_reader(request, registration) as language:
        return _seat(request, registration, language)


def _seat(request: HttpRequest, registration: Registration, language: str) -> HttpResponse:
    way = request.GET.get("way", "")
    way = way if way in {"cancel", "needs"} else ""
    form = _form(request, registration, way)
    problem, status = "", 200
    if request.method == "POST":
        if done := led_to(request):
            return redirect(done)
        if form.is_valid():
            what = way or next((name for name in ("confirm", "accept") if name in request.POST), "")
            try:
                return redirect(once(_key_of(form), lambda: _act(request, registration, what, form)))
            except (
                actions.NotOpen,
                actions.OfferOver,
                actions.TooLate,
                actions.NoSeatsForOrganisation,
            ) as why:
                problem, status, way = type(why).__name__, 409, ""
                registration.refresh_from_db()
        else:
            status = 422
    template = {"cancel": "partner/seat_cancel.html", "needs": "partner/seat_needs.html"}.get(
        way if _may_change(registration) else "", "partner/seat.html"
    )
    context = _seat_context(registration) | {"form": form, "problem": problem}
    return partner_page(request, template, context, language=language, status=status)


def _form(request: HttpRequest, registration: Registration, way: str) -> SeatForm | NeedsForm:
    if way == "needs":
        return NeedsForm(sent(request), needs=one.needs_of(registration))
    return SeatForm(sent(request))


def _key_of(form: SeatForm | NeedsForm) -> UUID:
    """Other needs are another act; a button is always the same one."""
    key: UUID = form.cleaned_data["key"]
    return key_for(key, form.facts) if isinstance(form, NeedsForm) else key


def _may_change(registration: Registration) -> bool:
    """There is something to give back, or to prepare for."""
    is_alive = registration.state != Seat.CANCELLED
    return is_alive and registration.session.state == State.PUBLISHED


def _act(request: HttpRequest, registration: Registration, what: str, form: SeatForm | NeedsForm) -> str:
    now = timezone.now()
    acts: dict[str, Callable[[], Any]] = {
        "confirm": lambda: actions.confirm_guest(registration=registration, now=now),
        "accept": lambda: actions.accept_offer(registration=registration, now=now),
        "cancel": lambda: actions.cancel_registration(registration=registration, now=now),
    }
    if isinstance(form, NeedsForm):
        actions.change_needs(registration=registration, needs=form.facts, now=now)
    elif what in acts:
        acts[what]()
    return request.path + kept_language(request)


def _seat_context(registration: Registration) -> dict[str, Any]:
    session, now = registration.session, timezone.now()
    has_seat = registration.state == Seat.SEAT
    expires = registration.offer_expires_at
    return {
        "registration": registration,
        "token": seat_token(registration),
        "session": session,
        "facts": facts_of(session),
        "state": registration.state,
        "shown_state": session.shown_state(now).value,
        "is_before": now < session.starts_at and session.state == State.PUBLISHED,
        "takes_registrations": session.takes_registrations(now),
        "offer_is_open": registration.offer_is_open(now),
        "offer_expires": expires,
        "check_in_code": one.check_in_code(registration, now=now),
        "has_seat": has_seat,
        "has_door": has_seat
        and session.is_online
        and session.state == State.PUBLISHED
        and now < session.ends_at,
        "door_is_open": has_seat and session.door_is_open(now),
        "door_opens": one.door_clock(session),
        "needs": one.needs_of(registration),
        "materials": list(one.materials_of_seat(registration)),
        "shows_recording": has_seat and session.recording_published_at is not None,
        "may_give_feedback": registration.feedback_at is None and feedback_is_open(registration, now=now),
        "may_have_certificate": has_seat and one.may_have_certificate(registration, now=now),
        "again_url": reverse("webinars:guest", args=[session.slug])
        if session.audience == Audience.EVERYBODY
        else "",
    }

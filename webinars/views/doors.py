"""The page before the room. It opens a quarter of an hour before the start; its button leads in."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.partner_pages import partner_page
from webinars import actions, rooms
from webinars.choices import Seat, State
from webinars.doors import origin_of, way_in
from webinars.facts import facts_of
from webinars.forms.guests import DoorForm
from webinars.models import Registration, Session
from webinars.permissions import is_host
from webinars.queries.one import door_clock, own_registration
from webinars.views.gates import person_of, seen, sent
from webinars.views.seats import as_reader, seat_or_answer

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


class SeeOther(HttpResponseRedirect):
    """To the room. The browser asks there by GET whatever brought it here."""

    status_code = 303
    allowed_schemes = ["https", "http"]


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """What is needed, and whether this browser has it. Here alone the page may ask for microphone and camera."""
    response = render(request, "webinars/check.html")
    response["Permissions-Policy"] = (
        "camera=(self), geolocation=(), microphone=(self), payment=(), usb=(), interest-cohort=()"
    )
    return response


@login_required
@GET_OR_POST
def door(request: HttpRequest, slug: str) -> HttpResponse:
    session = seen(request, slug)
    registration = own_registration(session, request.user)
    has_seat = registration is not None and registration.state == Seat.SEAT
    leads = is_host(request.user, session)
    if not (has_seat or leads) or not session.is_online:
        raise Http404
    now, person = timezone.now(), person_of(request)
    form = DoorForm(sent(request), is_recorded=session.is_recorded)
    is_open, problem, status = session.door_is_open(now), "", 200
    if request.method == "POST" and is_open and form.is_valid():
        if has_seat and registration:
            actions.note_joined(registration=registration, now=now)
        try:
            url = way_in(session, who=f"person-{person.pk}", name=person.shown_name, is_host=leads, now=now)
        except rooms.RoomProblem as trouble:
            problem, status = _word_for(trouble), 503
        else:
            return _lead_to(url)
    elif request.method == "POST":
        status = 409 if not is_open else 422
    context = {
        "session": session,
        "facts": facts_of(session),
        "form": form,
        "problem": problem,
        "is_host": leads,
        **_when(session, now),
    }
    return _with_origin(render(request, "webinars/door.html", context, status=status), session, is_open)


@GET_OR_POST
def guest_door(request: HttpRequest, token: str) -> HttpResponse:
    """The same by the link of a mail, in the reader's language and on the reader's clock."""
    registration, answer = seat_or_answer(request, token)
    if registration is None:
        return answer
    with as_reader(request, registration) as language:
        return _guest_door(request, token, registration, language)


def _guest_door(request: HttpRequest, token: str, registration: Registration, language: str) -> HttpResponse:
    session, now = registration.session, timezone.now()
    has_seat = registration.state == Seat.SEAT and session.is_online
    is_open, problem, status = has_seat and session.door_is_open(now), "", 200
    form = DoorForm(sent(request), is_recorded=session.is_recorded)
    if request.method == "POST" and is_open and form.is_valid():
        actions.note_joined(registration=registration, now=now)
        try:
            name = registration.shown_name
            leads = is_host(registration.person, session)
            url = way_in(session, who=f"seat-{registration.pk}", name=name, is_host=leads, now=now)
        except rooms.RoomProblem as trouble:
            problem, status = _word_for(trouble), 503
        else:
            return _lead_to(url)
    elif request.method == "POST":
        status = 409 if not is_open else 422
    context = {
        "token": token,
        "session": session,
        "facts": facts_of(session),
        "form": form,
        "has_seat": has_seat,
        "problem": problem,
        **_when(session, now),
    }
    page = partner_page(request, "partner/seat_door.html", context, language=language, status=status)
    return _with_origin(page, session, is_open)


def _when(session: Session, now: datetime) -> dict[str, object]:
    return {
        "is_open": session.door_is_open(now),
        "is_cancelled": session.state == State.CANCELLED,
        "is_over": session.state == State.PUBLISHED
        and not session.door_is_open(now)
        and now >= session.ends_at,
        "opens": door_clock(session),
    }


def _word_for(trouble: rooms.RoomProblem) -> str:
    """Which advice the page gives: waiting helps, or only the hosts can."""
    return "later" if isinstance(trouble, rooms.RoomDown | rooms.RoomSlow) else "hosts"


def _lead_to(url: str) -> HttpResponse:
    response = SeeOther(url)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _with_origin(response: HttpResponse, session: Session, is_open: bool) -> HttpResponse:
    """Browsers hold `form-action` against the redirect, too: only here, and only while the button is there."""
    # With "no-referrer" browsers would send the form without an Origin, and it would be refused; the room learns
    # nothing with this one either.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    origin = origin_of(session) if is_open else ""
    if origin:
        response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined] # what csp_update() sets
    return response

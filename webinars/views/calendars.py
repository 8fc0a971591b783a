"""Calendar files to save, and calendars to subscribe to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from webinars.choices import Seat, State
from webinars.emails import calendars
from webinars.links import feed_behind
from webinars.models import Registration, Session
from webinars.queries import mine, reading
from webinars.queries.one import own_registration, session_rows
from webinars.views.gates import seen
from webinars.views.seats import as_reader, seat_or_answer

SHARED = "public, max-age=3600"
OWN = "private, no-store"
MOST_IN_FEED = 500


@require_safe
def calendar_file(request: HttpRequest, slug: str) -> HttpResponse:
    session = seen(request, slug)
    if session.state == State.DRAFT:
        raise Http404
    content = _content(session, own_registration(session, request.user), get_language() or "de")
    return _file(content, name=session.slug, cache="private, no-cache")


@require_safe
def guest_calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of a registration, in the reader's language."""
    registration, answer = seat_or_answer(request, token)
    if registration is None:
        return answer
    if registration.session.state == State.DRAFT:
        raise Http404
    with as_reader(request, registration):
        content = _content(registration.session, registration, get_language() or "en")
    response = _file(content, name=registration.session.slug, cache=OWN)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def public_feed(request: HttpRequest) -> HttpResponse:
    """What everybody finds, for calendar programs, which sign in nowhere: the same for all readers of a language."""
    rows = session_rows(reading.listed_to(None).upcoming(timezone.now()))[:MOST_IN_FEED]
    return _file(calendars.public_feed(rows, language=get_language() or "de"), name="vipad", cache=SHARED)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's own sessions. The address is the key; ended or replaced, it leads nowhere."""
    row = feed_behind(token)
    if row is None:
        raise Http404
    person = row.person
    with translation.override(person.language):
        seats, hosted = mine.for_feed(person, now=timezone.now())
        content = calendars.own_feed(seats, hosted, language=person.language)
    response = _file(content, name="vipad", cache=OWN)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _content(session: Session, registration: Registration | None, language: str) -> bytes:
    """Who has a seat has the session in the calendar already, from the mail; everybody else saves the public entry."""
    if registration is not None and registration.state == Seat.SEAT:
        return calendars.seat_file(registration, language=language)
    return calendars.session_file(session, language=language)


def _file(content: bytes, *, name: str, cache: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"', "Cache-Control": cache}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)

"""The addresses in mails and calendar files. They lead to our pages, never to the room."""

from django.conf import settings
from django.urls import reverse

from core.links import make_token, read_token
from webinars.models import CalendarFeed, Registration

SEAT = "seat"
ENTRANCE = "entrance"
FEED = "calendar-feed"


def seat_token(registration: Registration) -> str:
    return make_token(SEAT, registration.pk, registration.nonce)


def entrance_token(registration: Registration) -> str:
    """Of the code hosts scan: whoever has taken a picture of it cannot open the registration."""
    return make_token(ENTRANCE, registration.pk, registration.nonce)


def seat_path(registration: Registration, language: str = "") -> str:
    """Everything a reader may do with the registration, without signing in."""
    return reverse("webinars:seat", args=[seat_token(registration)]) + _in(language)


def door_path(registration: Registration, language: str = "") -> str:
    return reverse("webinars:guest_door", args=[seat_token(registration)]) + _in(language)


def feedback_path(registration: Registration, language: str = "") -> str:
    return reverse("webinars:guest_feedback", args=[seat_token(registration)]) + _in(language)


def feed_url(feed: CalendarFeed) -> str:
    """Whole: calendars want it with its host."""
    return settings.SITE_URL + reverse("webinars:feed", args=[make_token(FEED, feed.pk, feed.nonce)])


def registration_behind(token: str, purpose: str = SEAT) -> Registration | None:
    """None for whatever we have not made, or made for another nonce; and for whose account was closed."""
    found = read_token(purpose, token)
    if not found:
        return None
    rows = Registration.objects.select_related("session", "person", "organisation")
    row = rows.exclude(person__is_active=False).filter(pk=found[0]).first()
    return row if row and row.nonce == found[1] else None


def feed_behind(token: str) -> CalendarFeed | None:
    found = read_token(FEED, token)
    if not found:
        return None
    row = CalendarFeed.objects.select_related("person").filter(pk=found[0], person__is_active=True).first()
    return row if row and row.nonce == found[1] else None


def _in(language: str) -> str:
    return f"?lang={language}" if language else ""

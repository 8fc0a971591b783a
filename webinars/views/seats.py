"""What all pages behind the link of a registration share: whose it is, in which language, on which clock."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.limits import within_limit
from core.partner_pages import Problem, partner_problem, register_address, speaking
from webinars.links import registration_behind
from webinars.models import Registration

register_address("/seat/")
MOST_WRONG_LINKS = 60


def seat_or_answer(request: HttpRequest, token: str) -> tuple[Registration | None, HttpResponse]:
    """The registration of a good link; else None and what is answered. Whoever tries many links is slowed down."""
    registration = registration_behind(token) if token else None
    if registration is not None:
        return registration, HttpResponse()
    who = get_adapter().get_client_ip(request)
    is_fine = within_limit("wrong_link", who, most=MOST_WRONG_LINKS, each=timedelta(hours=1))
    return None, partner_problem(request, Problem.WRONG if is_fine else Problem.TOO_MANY)


def language_of(registration: Registration) -> str:
    return registration.person.language if registration.person else registration.language


def zone_of(registration: Registration) -> str:
    zone = registration.person.time_zone if registration.person else registration.time_zone
    return zone or registration.session.zone


@contextmanager
def as_reader(request: HttpRequest, registration: Registration) -> Iterator[str]:
    """In the reader's language and on the reader's clock; gives the language."""
    language = language_of(registration)
    with speaking(request, language), timezone.override(zoneinfo.ZoneInfo(zone_of(registration))):
        yield language

"""J3, the years after: each side is asked once a year, answers with one button; silence is shown, never punished."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.models import User
from core.months import months_later
from notifications.delivery import deliver_due
from notifications.models import Notice
from partnerships import actions
from partnerships.models import Partnership, SideContact
from tests.conftest import signed_in
from tests.factories.directory import CountryFactory, MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
ANSWER = re.compile(r"https://vipad\.example(/answer/\S+)")
KEY = re.compile(r'name="key" value="([0-9a-f-]+)"')


@pytest.fixture
def entry(coordinator: User, admin: User) -> Partnership:
    """Ulm with Baja, by mail in Hungarian, and with Novi Sad, in Serbian; all confirmed in March 2026."""
    ulm = MunicipalityFactory(name="Ulm")
    baja = MunicipalityFactory(name="Baja", country=CountryFactory(code="HU"))
    novi_sad = MunicipalityFactory(name="Novi Sad", country=CountryFactory(code="RS"))
    entry = PartnershipFactory(slug="three", towns=[ulm, baja, novi_sad], created_at=START)
    first, second, third = entry.sides.order_by("position")
    SideContact.objects.create(side=first, person=coordinator, since=START)
    SideContact.objects.create(side=second, email="hu@baja.example", language="hu", since=START)
    SideContact.objects.create(side=third, email="sr@novisad.example", language="sr", since=START)
    for side in (first, second, third):
        actions.confirm_side(side=side, now=START)
    Notice.objects.all().delete()
    return entry


def month(number: int) -> dict[str, mail.EmailMessage]:
    """Two runs of the clock so many months after the start; the mails they sent, by address."""
    mail.outbox.clear()
    for minute in (0, 1):
        now = months_later(START, number).replace(minute=minute)
        actions.ask_whether_still_right(now=now)
        deliver_due(now=now)
    told = [(message.to[0], message.subject) for message in mail.outbox]
    assert len(set(told)) == len(told), "somebody was told twice"
    return {message.to[0]: message for message in mail.outbox}


def language(message: mail.EmailMessage) -> str:
    return str(message.extra_headers["Content-Language"])


def link_of(message: mail.EmailMessage) -> str:
    match = ANSWER.search(str(message.body))
    assert match
    return match[1]


def confirm(link: str) -> str:
    """As a reader without account: open the page, press the one button."""
    reader = Client()
    key = KEY.search(reader.get(link).content.decode())
    assert key
    return reader.post(link, {"key": key[1]}, follow=True).content.decode()


def test_one_side_confirms_by_one_button_and_the_other_is_silent(entry: Partnership, admin: User) -> None:
    asked = month(12)
    assert {to: language(message) for to, message in asked.items()} == {
        "coordinator@ulm.example": "de",
        "hu@baja.example": "hu",
        "sr@novisad.example": "sr",
    }

    with time_machine.travel(months_later(START, 12), tick=False):
        assert "Köszön" in confirm(link_of(asked["hu@baja.example"]))
        confirm(link_of(asked["coordinator@ulm.example"]))
    entry.refresh_from_db()
    assert entry.sides.get(contacts__email="hu@baja.example").confirmed_at == months_later(START, 12)

    # Only who was silent is reminded, twice; then the office is told.
    assert set(month(13)) - {"coordinator@ulm.example"} == {"sr@novisad.example"}
    last = month(14)
    assert set(last) == {"sr@novisad.example", admin.email}

    with time_machine.travel(months_later(START, 14), tick=False):
        page = Client(headers={"accept-language": "en"}).get("/partnerships/three/").content.decode()
        office = signed_in(admin, "en")
        silent = office.get("/admin/partnerships/partnershipside/?stand=silent").content.decode()
    assert "not confirmed since" in page
    assert "Novi Sad" in silent
    assert Partnership.objects.filter(pk=entry.pk, status="active", published_at__isnull=False).exists()

    # Years later it still stands there, and nobody else was bothered.
    assert month(20) == {}
    assert Partnership.objects.filter(pk=entry.pk).exists()


def test_the_office_asks_once_more_and_the_old_link_says_what_to_do(entry: Partnership, admin: User) -> None:
    month(12), month(13)
    old = link_of(month(14)["sr@novisad.example"])
    side = entry.sides.get(contacts__email="sr@novisad.example")
    mail.outbox.clear()

    later = months_later(START, 23)
    with time_machine.travel(later, tick=False):
        office = signed_in(admin, "en")
        for _ in range(2):  # a double click
            office.post(
                "/admin/partnerships/partnershipside/", {"action": "ask_again", "_selected_action": [side.pk]}
            )
        deliver_due(now=later)
        (again,) = [message for message in mail.outbox if message.to == ["sr@novisad.example"]]
        gone = Client().get(old)
        confirm(link_of(again))

    assert language(again) == "sr"
    assert gone.status_code in (404, 410)
    side.refresh_from_db()
    assert side.confirmed_at == later
    assert (side.asked_at, side.reminders) == (None, 0)

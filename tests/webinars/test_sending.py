"""What a mail about a session costs to send: everything it says is read for many at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.delivery import deliver_due
from tests.factories.accounts import UserFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import actions
from webinars.choices import LeadUnit
from webinars.models import ReminderPlan, Session

pytestmark = pytest.mark.django_db

START = datetime(2027, 3, 30, 14, 0, tzinfo=UTC)
LANGUAGES = ("uk", "hu", "de", "ro", "sr-latn")


def session_with(people: int, number: int) -> Session:
    session = SessionFactory(slug=f"s{number}", starts_at=START, host=UserFactory())
    ReminderPlan.objects.create(session=session, amount=1, unit=LeadUnit.HOURS)
    for each in range(people):
        GuestFactory(session=session, language=LANGUAGES[each % 5], registered_at=START - timedelta(days=9))
        RegistrationFactory(session=session, registered_at=START - timedelta(days=9))
    return session


def statements(now: datetime) -> int:
    with CaptureQueriesContext(connection) as asked:
        deliver_due(now=now)
    return len(asked)


def test_each_further_reminder_costs_its_claim_and_its_note() -> None:
    now = START - timedelta(hours=1)
    deliver_due(now=now)
    session_with(1, 1)
    actions.queue_due_reminders(now=now)
    two = statements(now)
    session_with(6, 2)
    actions.queue_due_reminders(now=now)

    twelve = statements(now)

    # Claim and note, and begin and end of the transaction.
    assert twelve - two == 10 * 4
    assert len(mail.outbox) == 14


def test_each_reader_reads_the_reminder_in_the_own_language() -> None:
    now = START - timedelta(hours=1)
    session_with(5, 1)
    actions.queue_due_reminders(now=now)

    deliver_due(now=now)

    told = {message.to[0]: message.extra_headers["Content-Language"] for message in mail.outbox}
    assert sorted(told.values()) == sorted([*LANGUAGES, *["de"] * 5])

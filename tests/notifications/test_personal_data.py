"""What of choices and stopped addresses is exported and erased."""

import pytest

from accounts import personal_data
from accounts.actions import erase
from notifications.addresses import address_digest
from notifications.models import MailStop, Preference

pytestmark = pytest.mark.django_db


def test_a_person_gets_and_loses_the_own_choices_only(partner, coordinator, admin, now):
    for person in (partner, coordinator):
        Preference.objects.create(person=person, kind="a", pace="daily")

    exported = personal_data.export(partner)["notifications.Preference"]
    erase(partner, by=admin, now=now)

    assert exported == [{"kind": "a", "scope": "", "pace": "daily"}]
    assert [row.person for row in Preference.objects.all()] == [coordinator]


def test_a_mailbox_that_was_gone_is_forgotten_but_not_the_wish_for_no_mails(partner, coordinator, admin, now):
    MailStop.objects.create(address=address_digest("other@example.org"), reason="bounced", stopped_at=now)
    for person, reason in ((partner, "bounced"), (coordinator, "unsubscribed")):
        MailStop.objects.create(address=address_digest(person.email), reason=reason, stopped_at=now)

    exported = [personal_data.export(person)["notifications.MailStop"] for person in (partner, coordinator)]
    for person in (partner, coordinator):
        erase(person, by=admin, now=now)

    assert [row["reason"] for rows in exported for row in rows] == ["bounced", "unsubscribed"]
    assert sorted(MailStop.objects.values_list("reason", flat=True)) == ["bounced", "unsubscribed"]

"""What people are told about organisations: right words, right link, only while it is still true."""

import re

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import transaction

from accounts.languages import PARTNER_LANGUAGES
from directory import actions
from directory.models import Membership, Organisation
from notifications.delivery import deliver_due, message
from notifications.kinds import Audience, all_kinds
from notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

OURS = [kind for kind in all_kinds() if type(kind).__module__ == "directory.emails.organisations"]
READERS = [
    (kind, language)
    for kind in OURS
    for language in (
        dict(PARTNER_LANGUAGES) if kind.audience == Audience.PARTNER else dict(django_settings.LANGUAGES)
    )
]


@pytest.mark.parametrize(
    ("kind", "language"), READERS, ids=[f"{kind.name}-{language}" for kind, language in READERS]
)
def test_every_kind_reads_well_in_every_language_of_its_readers(kind, language, now):
    with transaction.atomic():
        shown = message(kind.example(language=language, now=now))
        wanted = kind.still_wanted(Notice.objects.get(kind=kind.name), now=now)
        transaction.set_rollback(True)

    html = shown.alternatives[0].content
    assert shown.subject
    for text in (shown.subject, shown.body, html):
        assert not re.search(r"%\(|\{\{|\{%|None|&lt;", text)
    assert re.search(r"^https://vipad\.example/\S+$", shown.body, re.MULTILINE)
    assert f'<html lang="{language}">' in html
    assert "(Beispiel)" in shown.body
    # Written for the state after the fact; some examples show the state before it.
    assert isinstance(wanted, bool)


def test_the_ten_kinds_are_known():
    assert len(OURS) == 10


@pytest.fixture
def verein():
    return OrganisationFactory(name="Verein & <b>Co</b>", slug="verein", published_at=None)


@pytest.fixture
def lead(verein, coordinator):
    return MembershipFactory(organisation=verein, person=coordinator, role="coordinator")


@pytest.fixture
def asked(verein, lead, outsider, now):
    return actions.ask_to_join(organisation=verein, by=outsider, note="Ich <i>singe</i> mit.", now=now)


def test_a_request_says_who_and_why_and_where_to_answer(asked, coordinator, outsider, now, settings):
    deliver_due(now=now)

    (sent,) = mail.outbox
    html = sent.alternatives[0].content
    assert sent.to == [coordinator.email]
    assert outsider.display_name in sent.subject
    assert "Ich <i>singe</i> mit." in sent.body
    assert "Ich &lt;i&gt;singe&lt;/i&gt; mit." in html
    assert "Verein &amp; &lt;b&gt;Co&lt;/b&gt;" in html
    assert f"{settings.SITE_URL}/organisations/verein/people/" in sent.body
    assert outsider.email not in sent.body + html


@pytest.mark.parametrize("accepts", [True, False])
def test_the_answer_is_in_the_language_of_who_asked(asked, coordinator, outsider, now, accepts):
    actions.answer_request(membership=asked, by=coordinator, accepts=accepts, now=now)

    deliver_due(now=now)

    (sent,) = mail.outbox
    assert sent.to == [outsider.email]
    assert ("was accepted" in sent.body, "have declined" in sent.body) == (accepts, not accepts)
    assert coordinator.display_name not in sent.body


def test_a_request_answered_meanwhile_is_not_told(asked, verein, coordinator, now):
    actions.answer_request(membership=asked, by=coordinator, accepts=True, now=now)

    deliver_due(now=now)

    assert Notice.objects.get(kind="membership_requested").state == "dropped"


def test_who_no_longer_leads_is_not_told_of_requests(asked, verein, lead, now):
    MembershipFactory(organisation=verein, role="coordinator")
    Membership.objects.filter(pk=lead.pk).update(role="member")

    deliver_due(now=now)

    assert mail.outbox == []


def test_a_new_organisation_published_meanwhile_is_not_told(coordinator, admin, now):
    from tests.directory.test_organisations import facts

    organisation = actions.create_organisation(by=coordinator, facts=facts(), now=now)
    Organisation.objects.filter(pk=organisation.pk).update(published_at=now)

    deliver_due(now=now)

    assert mail.outbox == []


def test_the_office_reads_where_to_publish(coordinator, admin, now, settings):
    from tests.directory.test_organisations import facts

    organisation = actions.create_organisation(by=coordinator, facts=facts(), now=now)

    deliver_due(now=now)

    (sent,) = mail.outbox
    assert f"{settings.SITE_URL}/admin/directory/organisation/{organisation.pk}/change/" in sent.body


def test_a_published_one_withdrawn_meanwhile_is_not_told(verein, lead, admin, now):
    actions.publish_organisation(organisation=verein, by=admin, now=now)
    actions.withdraw_organisation(organisation=verein, by=admin)

    deliver_due(now=now)

    assert mail.outbox == []


@pytest.mark.parametrize("back", ["role", "end"])
def test_what_was_undone_meanwhile_is_not_told(verein, lead, coordinator, now, back):
    member = MembershipFactory(organisation=verein)
    if back == "role":
        actions.change_role(membership=member, by=coordinator, role="deputy", now=now)
        Membership.objects.filter(pk=member.pk).update(state="ended")
    else:
        actions.end_membership(membership=member, by=coordinator, now=now)
        Membership.objects.filter(pk=member.pk).update(state="active")

    deliver_due(now=now)

    assert mail.outbox == []


def test_who_changed_the_role_is_said(verein, lead, coordinator, now):
    member = MembershipFactory(organisation=verein, person=UserFactory(language="en"))
    actions.change_role(membership=member, by=coordinator, role="deputy", now=now)

    deliver_due(now=now)

    (sent,) = mail.outbox
    assert f"{coordinator.display_name} has given you another role" in sent.body
    assert "You are its deputy now." in sent.body
    assert "answer requests and invite others" in sent.body


def test_found_again_a_coordinator_the_office_is_not_told(verein, lead, coordinator, admin, now):
    from accounts.actions import erase

    member = MembershipFactory(organisation=verein)
    erase(coordinator, by=admin, now=now)
    Membership.objects.filter(pk=member.pk).update(role="coordinator")

    deliver_due(now=now)

    assert mail.outbox == []


def test_an_erased_last_coordinator_is_told_to_the_office(verein, lead, coordinator, admin, now):
    from accounts.actions import erase

    erase(coordinator, by=admin, now=now)

    deliver_due(now=now)

    (sent,) = mail.outbox
    assert sent.to == [admin.email]
    assert coordinator.display_name == ""


def test_given_up_is_told_unless_it_is_public_again(verein, lead, coordinator, admin, now):
    actions.close_organisation(organisation=verein, by=coordinator, now=now)
    actions.publish_organisation(organisation=verein, by=admin, now=now)

    deliver_due(now=now)

    assert mail.outbox == []

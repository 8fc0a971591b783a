"""Mails about claims and messages: wanted at the last moment, and readable."""

import re

import pytest
from django.conf import settings

from directory import actions
from directory.models import Claim
from notifications.delivery import deliver_due, message
from notifications.kinds import all_kinds, kind
from notifications.models import Notice
from tests.conftest import grant
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

KINDS = sorted(
    one.name for one in all_kinds() if one.name.startswith(("claim_", "contact_", "municipality_without"))
)


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm", country=CountryFactory(languages=["de"]))


def sent(mailoutbox):
    return sorted((mail.to[0], mail.extra_headers["Content-Language"]) for mail in mailoutbox)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_renders_in_every_language_and_reads_well_alone(name, language, now):
    mail = message(kind(name).example(language=language, now=now))

    html = mail.alternatives[0][0]
    assert f'<html lang="{language}">' in html
    for text in (mail.subject, mail.body, html):
        assert not re.search(r"%\(|{{|{%|None", text)
    assert mail.body.count("https://vipad.example/") >= 2
    assert len(mail.subject) < 120


def test_the_office_is_asked_while_it_waits_and_only_who_may_decide(ulm, coordinator, admin, now, mailoutbox):
    lost_right = UserFactory(is_staff=True)
    grant(lost_right, "directory.change_claim")
    actions.make_claim(municipality=ulm, by=coordinator, now=now)
    lost_right.user_permissions.clear()

    deliver_due(now=now)

    assert sent(mailoutbox) == [(admin.email, "de")]
    assert "Koordinatorin Ulm möchte für Ulm sprechen" in mailoutbox[0].subject
    assert f"/admin/directory/claim/{Claim.objects.get().pk}/change/" in mailoutbox[0].body


def test_a_withdrawn_request_is_told_to_nobody(ulm, coordinator, participant, admin, now, mailoutbox):
    ClaimFactory(municipality=ulm, person=participant, accepted=True)
    claim = actions.make_claim(municipality=ulm, by=coordinator, official_email="amt@ulm.example", now=now)
    actions.end_claim(claim=claim, by=coordinator, now=now)

    assert deliver_due(now=now) == 0


def test_the_official_mailbox_gets_one_link_and_no_words_of_strangers(ulm, outsider, now, mailoutbox):
    claim = actions.make_claim(
        municipality=ulm, by=outsider, official_email="amt@ulm.example", reason="Kaufen Sie hier!", now=now
    )

    deliver_due(now=now)

    mail = mailoutbox[0]
    assert mail.to == ["amt@ulm.example"]
    assert len(re.findall(r"https://vipad\.example/claim-address/[^/\s]+/", mail.body)) == 1
    for private in ("Kaufen", outsider.display_name, outsider.email):
        assert private not in mail.subject + mail.body
    actions.prove_claim_address(number=claim.pk, nonce=claim.nonce, now=now)
    notice = Notice.objects.get(kind="claim_address_check")
    assert kind("claim_address_check").still_wanted(notice, now=now) is False


def test_who_is_asked_about_a_second_claim_is_who_speaks_at_the_last_moment(
    ulm, coordinator, participant, outsider, now, mailoutbox
):
    left = ClaimFactory(municipality=ulm, person=outsider, accepted=True)
    ClaimFactory(municipality=ulm, person=participant, accepted=True)
    claim = actions.make_claim(municipality=ulm, by=coordinator, reason="Neu im Amt", now=now)
    actions.end_claim(claim=left, by=outsider, now=now)

    deliver_due(now=now)

    assert sent(mailoutbox) == [(participant.email, "de")]
    assert "Neu im Amt" in mailoutbox[0].body
    assert coordinator.email not in mailoutbox[0].body
    notice = Notice.objects.get(kind="claim_second", recipient=participant)
    claim = actions.answer_second_claim(claim=claim, by=participant, agrees=True, now=now)
    assert kind("claim_second").still_wanted(notice, now=now) is False


@pytest.mark.parametrize(
    ("agrees", "words"), [(True, "einverstanden, dass auch"), (False, "nicht einverstanden, dass auch")]
)
def test_the_office_reads_the_answer(ulm, coordinator, participant, admin, now, mailoutbox, agrees, words):
    ClaimFactory(municipality=ulm, person=participant, accepted=True)
    claim = actions.make_claim(municipality=ulm, by=coordinator, now=now)
    Notice.objects.all().delete()
    actions.answer_second_claim(claim=claim, by=participant, agrees=agrees, now=now)

    deliver_due(now=now)

    assert sent(mailoutbox) == [(admin.email, "de")]
    assert words in " ".join(mailoutbox[0].body.split())


@pytest.mark.parametrize(
    ("state", "words", "path"),
    [
        ("accepted", "You speak for Ulm now", "/municipalities/ulm/edit/"),
        ("declined", "Your request to speak for Ulm", "/claims/"),
    ],
)
def test_the_person_reads_the_decision_in_their_language(
    ulm, outsider, admin, now, mailoutbox, state, words, path
):
    claim = actions.make_claim(municipality=ulm, by=outsider, reason="x", now=now)
    Notice.objects.all().delete()
    actions.decide_claim(claim=claim, by=admin, state=state, answer="Best wishes", now=now)

    deliver_due(now=now)

    assert sent(mailoutbox) == [(outsider.email, "en")]
    assert mailoutbox[0].subject == words
    assert "Best wishes" in mailoutbox[0].body
    assert f"https://vipad.example{path}" in mailoutbox[0].body


def test_ending_handing_over_and_the_last_one_leaving(ulm, coordinator, participant, admin, now, mailoutbox):
    claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
    heir = actions.hand_over_claim(claim=claim, to_person=participant, by=coordinator, now=now)
    deliver_due(now=now)
    actions.end_claim(claim=heir, by=admin, now=now)
    deliver_due(now=now)

    assert [(mail.to[0], mail.subject) for mail in mailoutbox] == [
        (participant.email, "Sie sprechen jetzt für Ulm"),
        (participant.email, "Sie sprechen nicht mehr für Ulm"),
        (admin.email, "Niemand spricht mehr für Ulm"),
    ]
    assert "Koordinatorin Ulm hat Ihnen die Aufgabe übergeben" in mailoutbox[0].body


def test_who_gave_it_up_again_is_not_told_of_the_task(ulm, coordinator, participant, now, mailoutbox):
    claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
    heir = actions.hand_over_claim(claim=claim, to_person=participant, by=coordinator, now=now)
    actions.end_claim(claim=heir, by=participant, now=now)

    assert deliver_due(now=now) == 0


def test_a_town_with_a_new_voice_meanwhile_is_not_reported(ulm, coordinator, admin, now, mailoutbox):
    claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
    actions.end_claim(claim=claim, by=coordinator, now=now)
    ClaimFactory(municipality=ulm, accepted=True)

    assert deliver_due(now=now) == 0


def test_kinds_of_the_office_reach_the_office_only(admin, outsider):
    reaching = {name for name in KINDS if getattr(kind(name), "reaches", lambda person: True)(outsider)}

    assert set(KINDS) - reaching == {"claim_made", "claim_second_answered", "municipality_without_voice"}
    assert kind("claim_made").reaches(admin)


@pytest.mark.parametrize("name", KINDS)
def test_what_it_is_about_is_gone(name, now):
    notice = Notice(kind=name, email="a@b.example")

    assert kind(name).still_wanted(notice, now=now) is False

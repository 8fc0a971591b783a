"""The sides confirm, correct and dispute."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from directory.models import Municipality
from notifications.models import Notice
from partnerships import actions
from partnerships.emails.answers import answer_path
from partnerships.models import Change, Partnership, PartnershipSide, SideContact, SideInvitation
from tests.conftest import signed_in
from tests.factories.partnerships import PartnershipFactory

EMAIL = "polgarmester@baja.example"


@pytest.fixture
def entry(ulm: Municipality, baja: Municipality, coordinator: User, now: datetime) -> Partnership:
    """Ulm – Baja, entered and confirmed by the coordinator of Ulm; nobody of Baja has spoken."""
    entry = PartnershipFactory(
        slug="ulm-baja", towns=[ulm, baja], signed_year=1990, registered_by=coordinator, published_at=None
    )
    mine = entry.sides.get(municipality=ulm)
    SideContact.objects.create(side=mine, person=coordinator, since=now)
    actions.confirm_side(side=mine, by=coordinator, now=now)
    entry.refresh_from_db()
    return entry


@pytest.fixture
def other(entry: Partnership, baja: Municipality) -> PartnershipSide:
    return entry.sides.get(municipality=baja)


@pytest.fixture
def question(other: PartnershipSide, coordinator: User, now: datetime) -> SideInvitation:
    return actions.invite_side(side=other, email=EMAIL, name="", language="hu", by=coordinator, now=now)


def told(kind: str) -> list[str]:
    return sorted(notice.email or notice.recipient.email for notice in Notice.objects.filter(kind=kind))


def state(entry: Partnership) -> tuple[str, bool, object]:
    entry.refresh_from_db()
    return entry.confirmation, entry.published_at is not None, entry.confirmed_on


class TestAsking:
    def test_the_registrants_own_word_neither_confirms_nor_publishes(self, entry: Partnership) -> None:
        assert state(entry) == ("one_sided", False, None)

    def test_the_other_side_is_asked_in_its_language(self, question: SideInvitation) -> None:
        notice = Notice.objects.get(kind="side_invited")

        assert (notice.email, notice.language) == (EMAIL, "hu")

    def test_asked_again_the_first_link_is_void(
        self,
        question: SideInvitation,
        other: PartnershipSide,
        coordinator: User,
        now: datetime,
        client: Client,
    ) -> None:
        first = answer_path(question)

        again = actions.invite_side(
            side=other, email=EMAIL.upper(), name="", language="hu", by=coordinator, now=now
        )

        assert again.pk == question.pk
        assert client.get(first).status_code == 404
        assert client.get(answer_path(again)).status_code == 200
        assert other.contacts.current().count() == 1

    def test_a_withdrawn_question_cannot_be_answered(
        self, question: SideInvitation, coordinator: User, now: datetime, client: Client
    ) -> None:
        actions.revoke_invitation(invitation=question, by=coordinator, now=now)

        assert client.get(answer_path(question)).status_code == 410
        with pytest.raises(actions.NotOpen):
            actions.confirm_side(side=question.side, invitation=question, now=now)


class TestConfirming:
    def test_both_sides_make_it_confirmed_and_public(
        self, entry: Partnership, other: PartnershipSide, question: SideInvitation, now: datetime
    ) -> None:
        actions.confirm_side(side=other, invitation=question, now=now + timedelta(days=3))

        assert state(entry) == ("confirmed", True, now.date())
        assert told("side_confirmed") == ["coordinator@ulm.example"]

    def test_the_history_names_person_and_side(
        self,
        entry: Partnership,
        other: PartnershipSide,
        question: SideInvitation,
        coordinator: User,
        now: datetime,
    ) -> None:
        actions.confirm_side(side=other, invitation=question, now=now)

        lines = Change.objects.filter(partnership=entry).order_by("pk")
        found = [(line.what, line.person, line.side_id == other.pk) for line in lines]
        assert found == [
            ("confirmed", coordinator, False),
            ("asked", coordinator, True),
            ("confirmed", None, True),
            ("published", None, True),
        ]

    def test_an_expired_question_is_not_answered(self, question: SideInvitation, now: datetime) -> None:
        with pytest.raises(actions.NotOpen):
            actions.confirm_side(side=question.side, invitation=question, now=now + timedelta(days=91))

    def test_somebody_else_of_the_own_side_does_not_publish(
        self, entry: Partnership, ulm: Municipality, partner: User, now: datetime
    ) -> None:
        mine = entry.sides.get(municipality=ulm)
        SideContact.objects.create(side=mine, person=partner, since=now)

        actions.confirm_side(side=mine, by=partner, now=now)

        assert state(entry)[:2] == ("one_sided", False)


class TestCorrecting:
    def test_an_accepted_correction_changes_the_entry_and_confirms_both(
        self,
        entry: Partnership,
        other: PartnershipSide,
        question: SideInvitation,
        coordinator: User,
        now: datetime,
    ) -> None:
        correction = actions.propose_correction(
            side=other,
            values={"signed_year": 1991, "kind": entry.kind},
            note="Egy évvel később.",
            language="hu",
            invitation=question,
            now=now,
        )
        before = entry.version

        actions.decide_correction(correction=correction, accept=True, by=coordinator, now=now)

        assert correction.changes == {"signed_year": [1990, 1991]}
        assert state(entry) == ("confirmed", True, now.date())
        assert (entry.signed_year, entry.version) == (1991, before + 1)
        assert told("correction_proposed") == ["coordinator@ulm.example"]
        assert told("correction_decided") == [EMAIL]

    def test_a_declined_one_changes_nothing(
        self, entry: Partnership, other: PartnershipSide, coordinator: User, now: datetime
    ) -> None:
        correction = actions.propose_correction(
            side=other, values={"signed_year": 1991}, note="", language="hu", now=now
        )

        actions.decide_correction(correction=correction, accept=False, by=coordinator, now=now)

        assert state(entry) == ("one_sided", False, None)
        assert entry.signed_year == 1990

    def test_it_is_decided_once(self, other: PartnershipSide, coordinator: User, now: datetime) -> None:
        correction = actions.propose_correction(
            side=other, values={"signed_year": 1991}, note="", language="hu", now=now
        )
        actions.decide_correction(correction=correction, accept=True, by=coordinator, now=now)

        with pytest.raises(actions.AlreadyDecided):
            actions.decide_correction(correction=correction, accept=False, by=coordinator, now=now)

    def test_what_the_entry_says_already_is_no_correction(
        self, other: PartnershipSide, question: SideInvitation, now: datetime
    ) -> None:
        with pytest.raises(actions.NothingToCorrect):
            actions.propose_correction(
                side=other,
                values={"signed_year": 1990},
                note=" ",
                language="hu",
                invitation=question,
                now=now,
            )

        question.refresh_from_db()
        assert question.answered_at is None


class TestDisputing:
    def test_a_dispute_is_shown_and_told(
        self, entry: Partnership, other: PartnershipSide, question: SideInvitation, admin: User, now: datetime
    ) -> None:
        actions.dispute_side(side=other, text="Ilyen nincs.", invitation=question, now=now)

        assert state(entry) == ("disputed", False, None)
        assert told("side_disputed") == ["admin@operator-b.example", "coordinator@ulm.example"]

    def test_settled_it_is_one_sided_again(
        self, entry: Partnership, other: PartnershipSide, admin: User, now: datetime
    ) -> None:
        actions.dispute_side(side=other, text="Ilyen nincs.", now=now)

        actions.settle_dispute(side=other, by=admin, is_office=True, now=now)

        assert state(entry) == ("one_sided", False, None)


class TestThePageBehindTheLink:
    def test_reading_changes_nothing(self, question: SideInvitation, client: Client) -> None:
        for _ in range(2):
            for way in ("", "&way=correct", "&way=dispute"):
                assert client.get(answer_path(question) + way).status_code == 200

        question.refresh_from_db()
        assert (question.answered_at, Change.objects.filter(what="confirmed").count()) == (None, 1)

    def test_it_speaks_the_language_of_the_link(self, question: SideInvitation, client: Client) -> None:
        page = client.get(answer_path(question))

        assert page.headers["Content-Language"] == "hu"
        assert '<html lang="hu">' in page.content.decode()

    def test_one_button_confirms_signed_out(
        self, entry: Partnership, question: SideInvitation, client: Client
    ) -> None:
        page = client.get(answer_path(question))
        key = page.context["form"]["key"].value()

        done = client.post(answer_path(question), {"key": key}, follow=True)
        again = client.post(answer_path(question), {"key": key}, follow=True)

        assert (done.status_code, again.status_code) == (200, 200)
        assert state(entry)[:2] == ("confirmed", True)
        assert Change.objects.filter(what="confirmed").count() == 2

    def test_a_correction_is_sent(self, entry: Partnership, question: SideInvitation, client: Client) -> None:
        url = answer_path(question) + "&way=correct"
        form = client.get(url).context["form"]
        data = {name: form[name].value() or "" for name in form.fields} | {"signed_year": "1991"}

        done = client.post(url, data, follow=True)

        assert done.status_code == 200
        assert [correction.changes for correction in entry.corrections.all()] == [
            {"signed_year": [1990, 1991]}
        ]

    @pytest.mark.parametrize("year", ["abc", "99999", "1700", "-5"])
    def test_a_wrong_year_is_named_at_the_field(
        self, entry: Partnership, question: SideInvitation, client: Client, year: str
    ) -> None:
        url = answer_path(question) + "&way=correct"
        form = client.get(url).context["form"]
        data = {name: form[name].value() or "" for name in form.fields} | {"signed_year": year}

        answer = client.post(url, data)

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["signed_year"]
        assert entry.corrections.count() == 0

    def test_no_address_is_on_the_page(self, question: SideInvitation, client: Client) -> None:
        page = client.get(answer_path(question)).content.decode()

        assert ("coordinator@ulm.example" in page, EMAIL in page) == (False, False)

    @pytest.mark.parametrize("mangle", ["nonsense", "cut", "foreign", "long"])
    def test_wrong_links_get_a_friendly_page(
        self, question: SideInvitation, client: Client, mangle: str
    ) -> None:
        from core.links import make_token

        right = make_token("confirm", question.pk, question.nonce)
        token = {
            "nonsense": "nonsense",
            "cut": right[:-9],
            "foreign": make_token("organisation_invitation", question.pk, question.nonce),
            "long": "x" * 1500,
        }[mangle]

        answer = client.get(reverse("partnerships:answer", args=[token]) + "?lang=ro")

        assert (answer.status_code, answer.headers["Content-Language"]) == (404, "ro")

    def test_whoever_has_an_account_looks_after_it(
        self,
        entry: Partnership,
        other: PartnershipSide,
        question: SideInvitation,
        partner: User,
        now: datetime,
    ) -> None:
        actions.confirm_side(side=other, invitation=question, now=now)
        browser = signed_in(partner)
        key = browser.get(answer_path(question)).context["form"]["key"].value()

        browser.post(answer_path(question), {"key": key, "adopt": "1"})

        assert [contact.person for contact in other.contacts.current()] == [partner]


@pytest.mark.django_db(transaction=True)
def test_twenty_answers_at_once_are_one(ulm, baja, coordinator, now) -> None:
    entry = PartnershipFactory(towns=[ulm, baja], registered_by=coordinator)
    other = entry.sides.get(municipality=baja)
    question = actions.invite_side(side=other, email=EMAIL, language="hu", by=coordinator, now=now)
    url = answer_path(question)
    question_expires = question.expires_at
    SideInvitation.objects.filter(pk=question.pk).update(expires_at=question_expires + timedelta(days=9999))
    key = Client().get(url).context["form"]["key"].value()
    barrier = threading.Barrier(20)

    def answer(_number: int) -> int:
        try:
            barrier.wait(10)
            return Client().post(url, {"key": key}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(answer, range(20)))

    assert found == [302] * 20
    assert Change.objects.filter(partnership=entry, what="confirmed").count() == 1

"""Who speaks for a municipality: asked, proven, answered, decided, ended, handed over."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from accounts.actions import erase
from directory import actions
from directory.models import Claim
from directory.permissions import can_answer_claim, can_edit_profile, can_end_claim, speaks_for
from directory.queries import people_who_speak_for, speakers
from notifications.models import Notice
from tests.conftest import grant
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", official_domains=["ulm.example"])


def told(kind):
    """Whom this kind was queued for: names of people, addresses of guests."""
    rows = Notice.objects.filter(kind=kind).order_by("pk")
    return [notice.recipient or (notice.email, notice.language) for notice in rows]


class TestMaking:
    def test_the_office_is_told_and_nobody_else(self, ulm, coordinator, admin, outsider, now):
        editor = UserFactory(is_staff=True)
        grant(editor, "directory.change_entryreport")

        claim = actions.make_claim(municipality=ulm, by=coordinator, reason="Rathaus", now=now)

        assert (claim.state, claim.role, claim.reason, claim.made_at) == (
            "open",
            "coordinator",
            "Rathaus",
            now,
        )
        assert told("claim_made") == [admin]
        assert Notice.objects.count() == 1
        assert not speaks_for(coordinator, ulm)

    @pytest.mark.parametrize(
        ("confirmed", "domains", "website", "is_official"),
        [
            ("coordinator@ulm.example", ["ulm.example"], "", True),
            ("coordinator@ulm.example", [], "https://www.ulm.example/", True),
            ("coordinator@amt.ulm.example", ["ulm.example"], "", True),
            ("coordinator@elsewhere.example", ["ulm.example"], "https://ulm.example", False),
            ("ulm@t-online.de", ["t-online.de"], "https://www.t-online.de", False),
            ("coordinator@ulm.example", [], "", False),
        ],
    )
    def test_the_own_confirmed_address_is_compared_with_the_towns(
        self, now, confirmed, domains, website, is_official
    ):
        town = MunicipalityFactory(official_domains=domains, website=website)

        claim = actions.make_claim(municipality=town, by=UserFactory(email=confirmed), now=now)

        assert claim.is_official_domain is is_official

    def test_an_unconfirmed_own_address_proves_nothing(self, ulm, now):
        person = UserFactory(email="coordinator@ulm.example", verified=False)

        assert not actions.make_claim(municipality=ulm, by=person, now=now).is_official_domain

    def test_another_official_address_gets_a_link_in_the_language_of_its_country(self, coordinator, now):
        baja = MunicipalityFactory(country=CountryFactory(code="HU", languages=["hu"]))

        claim = actions.make_claim(
            municipality=baja, by=coordinator, official_email="polgarmester@baja.example", now=now
        )

        assert told("claim_address_check") == [("polgarmester@baja.example", "hu")]
        assert (claim.email_proven_at, claim.is_official_domain) == (None, False)

    def test_the_own_address_named_as_official_needs_no_link(self, ulm, coordinator, now):
        claim = actions.make_claim(
            municipality=ulm, by=coordinator, official_email="Coordinator@ulm.example", now=now
        )

        assert told("claim_address_check") == []
        assert (claim.email_proven_at, claim.is_official_domain) == (now, True)

    @pytest.mark.parametrize("state", ["open", "accepted"])
    def test_nobody_asks_twice_for_the_same_town(self, ulm, coordinator, now, state):
        ClaimFactory(municipality=ulm, person=coordinator, state=state)

        with pytest.raises(actions.AlreadyClaimed):
            actions.make_claim(municipality=ulm, by=coordinator, now=now)

        assert Claim.objects.count() == 1

    @pytest.mark.parametrize("state", ["declined", "withdrawn", "ended"])
    def test_after_it_is_over_one_may_ask_again(self, ulm, coordinator, now, state):
        ClaimFactory(municipality=ulm, person=coordinator, state=state)

        assert actions.make_claim(municipality=ulm, by=coordinator, now=now).state == "open"

    def test_a_town_merged_meanwhile_leads_to_the_one_that_stays(self, ulm, coordinator, now):
        gone = MunicipalityFactory(merged_into=ulm)

        assert actions.make_claim(municipality=gone, by=coordinator, now=now).municipality == ulm

    def test_who_speaks_for_the_town_already_is_asked(self, ulm, coordinator, participant, outsider, now):
        ClaimFactory(municipality=ulm, person=participant, accepted=True)
        ClaimFactory(municipality=ulm, person=UserFactory(is_active=False), accepted=True)
        ClaimFactory(municipality=ulm, person=outsider, state="ended")

        actions.make_claim(municipality=ulm, by=coordinator, now=now)

        assert told("claim_second") == [participant]


class TestProving:
    @pytest.fixture
    def claim(self, ulm, outsider, now):
        return actions.make_claim(
            municipality=ulm, by=outsider, official_email="rathaus@ulm.example", now=now
        )

    def test_the_button_proves_the_address(self, claim, now):
        later = now + timedelta(days=1)

        proven = actions.prove_claim_address(number=claim.pk, nonce=claim.nonce, now=later)

        assert (proven.email_proven_at, proven.is_official_domain) == (later, True)

    def test_an_address_of_another_domain_is_proven_but_not_official(self, ulm, outsider, now):
        claim = actions.make_claim(municipality=ulm, by=outsider, official_email="a@verein.example", now=now)

        proven = actions.prove_claim_address(number=claim.pk, nonce=claim.nonce, now=now)

        assert (proven.email_proven_at, proven.is_official_domain) == (now, False)

    def test_pressed_again_it_changes_nothing(self, claim, now):
        actions.prove_claim_address(number=claim.pk, nonce=claim.nonce, now=now)

        again = actions.prove_claim_address(number=claim.pk, nonce=claim.nonce, now=now + timedelta(days=1))

        assert again.email_proven_at == now

    def test_a_link_is_void_for_another_nonce_after_30_days_and_when_it_is_over(self, claim, admin, now):
        def prove(nonce=claim.nonce, at=now, number=claim.pk):
            actions.prove_claim_address(number=number, nonce=nonce, now=at)

        for wrong in ({"nonce": "f" * 32}, {"at": now + timedelta(days=30)}, {"number": claim.pk + 1}):
            with pytest.raises(actions.LinkIsVoid):
                prove(**wrong)
        actions.decide_claim(claim=claim, by=admin, state="accepted", answer="", now=now)
        with pytest.raises(actions.LinkIsVoid):
            prove()

        claim.refresh_from_db()
        assert claim.email_proven_at is None


class TestAnswering:
    @pytest.fixture
    def holder(self, ulm, participant):
        ClaimFactory(municipality=ulm, person=participant, accepted=True)
        return participant

    @pytest.mark.parametrize(("agrees", "answer"), [(True, "agrees"), (False, "objects")])
    def test_the_holder_agrees_or_objects_and_the_office_is_told(
        self, ulm, holder, coordinator, admin, now, agrees, answer
    ):
        claim = actions.make_claim(municipality=ulm, by=coordinator, now=now)

        claim = actions.answer_second_claim(claim=claim, by=holder, agrees=agrees, now=now)

        assert (claim.holder_answer, claim.holder_answered_by, claim.holder_answered_at) == (
            answer,
            holder,
            now,
        )
        assert claim.state == "open"
        assert told("claim_second_answered") == [admin]

    def test_the_first_answer_counts(self, ulm, holder, coordinator, outsider, now):
        ClaimFactory(municipality=ulm, person=outsider, accepted=True)
        claim = actions.make_claim(municipality=ulm, by=coordinator, now=now)
        actions.answer_second_claim(claim=claim, by=holder, agrees=False, now=now)

        with pytest.raises(actions.AlreadyAnswered):
            actions.answer_second_claim(claim=claim, by=outsider, agrees=True, now=now)

    def test_nobody_else_answers(self, ulm, holder, coordinator, outsider, now):
        former = UserFactory()
        ClaimFactory(municipality=ulm, person=former, state="ended")
        ClaimFactory(person=outsider, accepted=True)  # of another town
        claim = actions.make_claim(municipality=ulm, by=coordinator, now=now)

        for person in (coordinator, outsider, former):
            assert not can_answer_claim(person, claim)
            with pytest.raises(actions.MayNotAnswer):
                actions.answer_second_claim(claim=claim, by=person, agrees=True, now=now)
        assert can_answer_claim(holder, claim)

    def test_after_the_decision_it_is_too_late(self, ulm, holder, coordinator, admin, now):
        claim = actions.make_claim(municipality=ulm, by=coordinator, now=now)
        actions.decide_claim(claim=claim, by=admin, state="declined", answer="", now=now)

        with pytest.raises(actions.ClaimIsOver):
            actions.answer_second_claim(claim=claim, by=holder, agrees=True, now=now)


class TestDeciding:
    @pytest.mark.parametrize("state", ["accepted", "declined"])
    def test_the_person_is_told(self, ulm, coordinator, admin, now, state):
        claim = actions.make_claim(municipality=ulm, by=coordinator, official_email="a@b.example", now=now)

        claim = actions.decide_claim(claim=claim, by=admin, state=state, answer="Willkommen", now=now)

        assert (claim.state, claim.answer, claim.decided_by, claim.decided_at) == (
            state,
            "Willkommen",
            admin,
            now,
        )
        assert claim.official_email == ("a@b.example" if state == "accepted" else "")
        assert told("claim_decided") == [coordinator]
        assert speaks_for(coordinator, ulm) is can_edit_profile(coordinator, ulm) is (state == "accepted")

    def test_it_is_decided_once(self, ulm, coordinator, admin, now):
        claim = actions.make_claim(municipality=ulm, by=coordinator, now=now)
        actions.decide_claim(claim=claim, by=admin, state="declined", answer="", now=now)

        with pytest.raises(actions.ClaimIsOver):
            actions.decide_claim(claim=claim, by=admin, state="accepted", answer="", now=now)

        assert not speaks_for(coordinator, ulm)

    def test_other_states_are_no_decision(self, ulm, coordinator, admin, now):
        claim = actions.make_claim(municipality=ulm, by=coordinator, now=now)

        with pytest.raises(ValueError, match="ended is no decision"):
            actions.decide_claim(claim=claim, by=admin, state="ended", answer="", now=now)


class TestEnding:
    def test_an_open_one_is_withdrawn_quietly(self, ulm, coordinator, admin, now):
        claim = actions.make_claim(municipality=ulm, by=coordinator, official_email="a@b.example", now=now)
        Notice.objects.all().delete()

        claim = actions.end_claim(claim=claim, by=coordinator, now=now)

        assert (claim.state, claim.ended_at, claim.official_email) == ("withdrawn", now, "")
        assert Notice.objects.count() == 0

    def test_the_office_hears_when_nobody_is_left(self, ulm, coordinator, participant, admin, now):
        first = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        second = ClaimFactory(municipality=ulm, person=participant, accepted=True)

        actions.end_claim(claim=first, by=coordinator, now=now)
        assert told("municipality_without_voice") == []
        actions.end_claim(claim=second, by=participant, now=now)

        assert told("municipality_without_voice") == [admin]
        assert told("claim_ended") == []
        assert list(people_who_speak_for(ulm)) == []

    def test_whose_right_the_office_ends_is_told(self, ulm, coordinator, admin, now):
        claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)

        claim = actions.end_claim(claim=claim, by=admin, now=now)

        assert (claim.state, told("claim_ended")) == ("ended", [coordinator])

    @pytest.mark.parametrize("state", ["declined", "withdrawn", "ended"])
    def test_what_is_over_cannot_end(self, ulm, coordinator, now, state):
        claim = ClaimFactory(municipality=ulm, person=coordinator, state=state)

        with pytest.raises(actions.ClaimIsOver):
            actions.end_claim(claim=claim, by=coordinator, now=now)

    def test_a_deleted_claim_is_over(self, coordinator, now):
        claim = ClaimFactory(person=coordinator)
        Claim.objects.all().delete()

        with pytest.raises(actions.ClaimIsOver):
            actions.end_claim(claim=claim, by=coordinator, now=now)

    def test_only_the_own_one(self, coordinator, participant, admin):
        claim = ClaimFactory(person=coordinator)

        assert [can_end_claim(person, claim) for person in (coordinator, participant, admin, None)] == [
            True,
            False,
            False,
            False,
        ]


class TestHandingOver:
    def test_the_successor_speaks_from_now_on(self, ulm, coordinator, participant, admin, now):
        claim = ClaimFactory(municipality=ulm, person=coordinator, role="deputy", accepted=True)

        heir = actions.hand_over_claim(claim=claim, to_person=participant, by=coordinator, now=now)

        claim.refresh_from_db()
        assert (claim.state, claim.ended_at) == ("ended", now)
        assert (heir.person, heir.state, heir.role) == (participant, "accepted", "deputy")
        assert (heir.decided_by, heir.decided_at, heir.is_official_domain) == (coordinator, now, False)
        assert told("claim_handed_over") == [participant]
        assert told("municipality_without_voice") == []
        assert list(people_who_speak_for(ulm)) == [participant]

    @pytest.mark.parametrize("state", ["open", "accepted"])
    def test_what_the_successor_had_is_used(self, ulm, coordinator, now, state):
        successor = UserFactory(email="neu@ulm.example")
        claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        before = ClaimFactory(municipality=ulm, person=successor, role="deputy", state=state)

        heir = actions.hand_over_claim(claim=claim, to_person=successor, by=coordinator, now=now)

        assert (heir.pk, heir.state, heir.role) == (before.pk, "accepted", "coordinator")
        assert heir.decided_at == (now if state == "open" else None)
        assert heir.is_official_domain is (state == "open")

    def test_only_what_one_has(self, ulm, coordinator, participant, now):
        claim = ClaimFactory(municipality=ulm, person=coordinator)

        with pytest.raises(actions.ClaimIsOver):
            actions.hand_over_claim(claim=claim, to_person=participant, by=coordinator, now=now)

    def test_not_to_oneself(self, ulm, coordinator, now):
        claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)

        with pytest.raises(actions.ClaimIsOver):
            actions.hand_over_claim(claim=claim, to_person=coordinator, by=coordinator, now=now)


class TestForgetting:
    def test_an_erased_person_speaks_for_nobody_and_the_office_is_told(self, ulm, coordinator, admin, now):
        held = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        other = ClaimFactory(accepted=True, decided_by=coordinator, holder_answered_by=coordinator)

        erase(coordinator, by=coordinator, now=now)

        assert not Claim.objects.filter(pk=held.pk).exists()
        other.refresh_from_db()
        assert (other.decided_by, other.holder_answered_by) == (None, None)
        assert told("municipality_without_voice") == [admin]

    def test_an_erased_person_with_a_colleague_leaves_quietly(
        self, ulm, coordinator, participant, admin, now
    ):
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        ClaimFactory(municipality=ulm, person=participant, accepted=True)

        erase(coordinator, by=coordinator, now=now)

        assert told("municipality_without_voice") == []

    def test_unproven_addresses_are_forgotten_after_30_days(self, ulm, coordinator, participant, now):
        actions.make_claim(municipality=ulm, by=coordinator, official_email="a@b.example", now=now)
        proven = actions.make_claim(municipality=ulm, by=participant, official_email="c@d.example", now=now)
        actions.prove_claim_address(number=proven.pk, nonce=proven.nonce, now=now)

        forgotten = [actions.forget_claim_addresses(now=now + timedelta(days=days)) for days in (30, 31)]

        assert forgotten == [0, 1]
        assert set(Claim.objects.values_list("official_email", flat=True)) == {"", "c@d.example"}


class TestMerging:
    def merge(self, kept, gone, admin, now):
        return actions.merge_municipalities(kept=kept, gone=gone, by=admin, now=now)

    def test_claims_move_along(self, ulm, coordinator, admin, now):
        gone = MunicipalityFactory()
        ClaimFactory(municipality=gone, person=coordinator, accepted=True)

        self.merge(ulm, gone, admin, now)

        assert speaks_for(coordinator, ulm)

    @pytest.mark.parametrize(
        ("at_kept", "at_gone", "left"),
        [
            ("open", "accepted", {"withdrawn": 1, "accepted": 1}),
            ("accepted", "open", {"withdrawn": 1, "accepted": 1}),
            ("accepted", "accepted", {"ended": 1, "accepted": 1}),
            ("open", "open", {"withdrawn": 1, "open": 1}),
            ("declined", "open", {"declined": 1, "open": 1}),
        ],
    )
    def test_who_has_one_at_both_keeps_the_better_one(
        self, ulm, coordinator, admin, now, at_kept, at_gone, left
    ):
        gone = MunicipalityFactory()
        ClaimFactory(municipality=ulm, person=coordinator, state=at_kept)
        ClaimFactory(municipality=gone, person=coordinator, state=at_gone)

        self.merge(ulm, gone, admin, now)

        states = list(Claim.objects.filter(municipality=ulm).values_list("state", flat=True))
        assert {state: states.count(state) for state in states} == left

    def test_who_speaks_for_the_one_is_asked_about_open_claims_on_the_other(
        self, ulm, coordinator, participant, admin, now
    ):
        gone = MunicipalityFactory()
        ClaimFactory(municipality=ulm, person=participant, accepted=True)
        ClaimFactory(municipality=gone, person=coordinator)

        self.merge(ulm, gone, admin, now)

        assert told("claim_second") == [participant]

    def test_texts_fill_gaps_and_domains_are_united(self, ulm, admin, now):
        gone = MunicipalityFactory(official_domains=["neu.example"])
        ulm.profile_texts.create(language="hu", text="Ulm magyarul")
        gone.profile_texts.create(language="hu", text="régi")
        gone.profile_texts.create(language="ro", text="vechi")

        kept = self.merge(ulm, gone, admin, now)

        assert kept.official_domains == ["neu.example", "ulm.example"]
        assert dict(kept.profile_texts.values_list("language", "text")) == {
            "hu": "Ulm magyarul",
            "ro": "vechi",
        }


class TestSeeing:
    def test_each_sees_ones_own_and_those_of_ones_town(self, ulm, coordinator, participant, outsider, admin):
        held = ClaimFactory(municipality=ulm, person=participant, accepted=True)
        second = ClaimFactory(municipality=ulm, person=coordinator)
        elsewhere = ClaimFactory()
        reader = UserFactory(is_staff=True)
        grant(reader, "directory.view_claim")

        def seen(person):
            return set(Claim.objects.visible_to(person))

        assert seen(coordinator) == {second}
        assert seen(participant) == {held, second}
        assert seen(outsider) == seen(None) == seen(UserFactory(is_staff=True)) == set()
        assert seen(admin) == seen(reader) == {held, second, elsewhere}

    def test_the_page_names_roles_coordinators_first(self, ulm, coordinator, participant, now):
        ClaimFactory(municipality=ulm, person=participant, role="deputy", accepted=True)
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        ClaimFactory(municipality=ulm)

        with translation.override("de"):
            shown = speakers(ulm, coordinator)

        assert [(speaker.role, speaker.is_reader) for speaker in shown] == [
            ("Koordination", True),
            ("Vertretung", False),
        ]

    @pytest.mark.parametrize(
        ("visibility", "readers"),
        [
            ("public", {"visitor", "outsider", "colleague", "admin"}),
            ("members", {"outsider", "colleague", "admin"}),
            ("nobody", {"admin"}),
        ],
    )
    def test_the_name_stands_only_where_the_person_shows_it(
        self, ulm, coordinator, participant, outsider, admin, visibility, readers
    ):
        coordinator.name_visibility = visibility
        coordinator.save()
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        ClaimFactory(municipality=ulm, person=participant, role="deputy", accepted=True)
        people = {"visitor": AnonymousUser(), "outsider": outsider, "colleague": participant, "admin": admin}

        shown = {who for who, reader in people.items() if speakers(ulm, reader)[0].name}

        assert shown == readers
        assert speakers(ulm, coordinator)[0].name == coordinator.display_name

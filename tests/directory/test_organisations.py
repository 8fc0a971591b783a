"""Organisations made, changed, published and given up."""

import pytest
from django.db import IntegrityError

from core.conflicts import EditConflict
from directory import actions
from directory.models import Claim, Membership, Organisation
from notifications.models import Notice
from tests.conftest import grant
from tests.factories.accounts import UserFactory
from tests.factories.directory import (
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db


def facts(**changes):
    return {
        "name": "Partnerschaftsverein",
        "type": "twinning",
        "legal_form": "e. V.",
        "is_non_profit": True,
        "seat": None,
        "languages": ["de", "hu"],
        "website": "",
        "description_de": "Wir treffen uns.",
        "description_en": "",
        "phone": "0731 1",
        "phone_visibility": "members",
        "postal_address": "",
        "postal_address_visibility": "nobody",
        **changes,
    }


def told(kind):
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("recipient")]


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm")


class TestCreate:
    def test_the_creator_coordinates_it_and_the_office_is_told(self, coordinator, admin, ulm, now):
        organisation = actions.create_organisation(by=coordinator, facts=facts(seat=ulm), now=now)

        membership = organisation.memberships.get()
        assert (membership.person, membership.role, membership.state, membership.since) == (
            coordinator,
            "coordinator",
            "active",
            now,
        )
        assert (organisation.slug, organisation.published_at, organisation.version) == (
            "partnerschaftsverein",
            None,
            1,
        )
        assert (organisation.description_de, organisation.languages) == ("Wir treffen uns.", ["de", "hu"])
        assert told("organisation_waits") == [admin]

    def test_who_speaks_for_its_seat_publishes_it_at_once(self, coordinator, admin, ulm, now):
        Claim.objects.create(
            municipality=ulm, person=coordinator, state=Claim.State.ACCEPTED, nonce="n", made_at=now
        )

        organisation = actions.create_organisation(by=coordinator, facts=facts(seat=ulm), now=now)

        assert organisation.published_at == now
        assert told("organisation_waits") == []

    def test_the_same_name_in_the_same_place_is_said_first(self, coordinator, outsider, ulm, now):
        there = OrganisationFactory(name="Partnerschaftsverein", seat=ulm)
        OrganisationFactory(name="Partnerschaftsverein Süd", seat=ulm)
        OrganisationFactory(name="Partnerschaftsverein", seat=MunicipalityFactory())

        with pytest.raises(actions.SameName) as warning:
            actions.create_organisation(
                by=coordinator, facts=facts(name="PARTNERSCHAFTSVEREIN", seat=ulm), now=now
            )

        assert warning.value.found == [there]
        assert Organisation.objects.count() == 3

    def test_another_one_of_the_same_name_may_be_meant(self, coordinator, ulm, now):
        OrganisationFactory(name="Partnerschaftsverein", slug="partnerschaftsverein", seat=ulm)

        new = actions.create_organisation(by=coordinator, facts=facts(seat=ulm), now=now, even_if_same=True)

        assert new.slug == "partnerschaftsverein-ulm"

    def test_one_that_is_not_public_is_not_betrayed(self, coordinator, ulm, now):
        OrganisationFactory(name="Partnerschaftsverein", seat=ulm, published_at=None)

        assert actions.create_organisation(by=coordinator, facts=facts(seat=ulm), now=now).pk

    @pytest.mark.parametrize(
        ("name", "slug"),
        [("Új Barátság", "uj-baratsag"), ("New", "new-2"), ("Mine", "mine-2"), ("!!!", "organisation")],
    )
    def test_addresses_are_readable_and_free(self, coordinator, now, name, slug):
        assert actions.create_organisation(by=coordinator, facts=facts(name=name), now=now).slug == slug

    def test_a_third_one_gets_a_number(self, coordinator, ulm, now):
        slugs = [
            actions.create_organisation(
                by=coordinator, facts=facts(seat=ulm), now=now, even_if_same=True
            ).slug
            for _ in range(3)
        ]

        assert slugs == ["partnerschaftsverein", "partnerschaftsverein-ulm", "partnerschaftsverein-ulm-2"]

    def test_an_address_taken_a_moment_ago_is_passed_over(self, coordinator, now, monkeypatch):
        OrganisationFactory(slug="taken")
        offers = iter(["taken", "taken", "free"])
        monkeypatch.setattr("directory.actions.organisations._free_slug", lambda _: next(offers))

        assert actions.create_organisation(by=coordinator, facts=facts(), now=now).slug == "free"

    def test_tries_end(self, coordinator, now, monkeypatch):
        OrganisationFactory(slug="taken")
        monkeypatch.setattr("directory.actions.organisations._free_slug", lambda _: "taken")

        with pytest.raises(IntegrityError):
            actions.create_organisation(by=coordinator, facts=facts(), now=now)


class TestEdit:
    def test_words_are_saved_and_found(self, coordinator, ulm):
        organisation = OrganisationFactory()

        saved = actions.edit_organisation(
            organisation=organisation,
            by=coordinator,
            facts=facts(name="Neuer Name", seat=ulm),
            base_version=1,
        )

        assert (saved.version, saved.search_text, saved.sort_key) == (2, "|neuer name|ulm|", "neuer name")
        assert saved.slug == organisation.slug

    def test_what_was_saved_meanwhile_is_not_overwritten(self, coordinator):
        organisation = OrganisationFactory(version=3, name="Theirs")

        with pytest.raises(EditConflict):
            actions.edit_organisation(
                organisation=organisation, by=coordinator, facts=facts(), base_version=2
            )

        organisation.refresh_from_db()
        assert organisation.name == "Theirs"


class TestPublish:
    def test_those_who_lead_it_are_told_once(self, coordinator, participant, outsider, admin, now):
        organisation = OrganisationFactory(published_at=None, ended_at=now)
        MembershipFactory(organisation=organisation, person=coordinator, role="coordinator")
        MembershipFactory(organisation=organisation, person=participant)

        first = actions.publish_organisation(organisation=organisation, by=admin, now=now)
        second = actions.publish_organisation(organisation=organisation, by=admin, now=now)

        organisation.refresh_from_db()
        assert (first, second) == (True, False)
        assert (organisation.published_at, organisation.ended_at) == (now, None)
        assert told("organisation_published") == [coordinator]

    def test_the_office_may_take_it_back(self, admin):
        organisation = OrganisationFactory()

        first = actions.withdraw_organisation(organisation=organisation, by=admin)
        second = actions.withdraw_organisation(organisation=organisation, by=admin)

        organisation.refresh_from_db()
        assert (first, second, organisation.published_at) == (True, False, None)


class TestGivenUp:
    def test_everything_ends_with_it_and_the_office_is_told(
        self, coordinator, participant, outsider, partner, admin, now
    ):
        organisation = OrganisationFactory()
        mine = MembershipFactory(organisation=organisation, person=coordinator, role="coordinator")
        MembershipFactory(organisation=organisation, person=participant)
        MembershipFactory(organisation=organisation, person=outsider, state="requested")
        actions.invite(
            organisation=organisation,
            by=coordinator,
            email="new@example.org",
            role="member",
            language="hu",
            now=now,
        )

        actions.close_organisation(organisation=organisation, by=coordinator, now=now)

        organisation.refresh_from_db()
        mine.refresh_from_db()
        assert (organisation.published_at, organisation.ended_at, mine.state) == (None, now, "ended")
        assert Membership.objects.current().count() == 0
        invitation = organisation.invitations.get()
        assert (invitation.revoked_at, invitation.email) == (now, "")
        assert told("organisation_given_up") == [admin]
        assert told("membership_ended") == [participant]
        assert told("membership_answered") == [outsider]


class TestSeat:
    def test_a_renamed_seat_is_found_under_its_new_name(self, admin, ulm):
        organisation = OrganisationFactory(name="Verein", seat=ulm)
        ulm.name = "Neu-Ulm"

        actions.save_municipality(municipality=ulm, by=admin)

        organisation.refresh_from_db()
        assert "|neu ulm|" in organisation.search_text

    def test_a_merged_seat_takes_its_organisations_along(self, admin, ulm, now):
        other = MunicipalityFactory(name="Söflingen")
        organisation = OrganisationFactory(name="Verein", seat=other)

        actions.merge_municipalities(kept=ulm, gone=other, by=admin, now=now)

        organisation.refresh_from_db()
        assert (organisation.seat, "|ulm|" in organisation.search_text) == (ulm, True)

    def test_what_is_right_already_is_not_written_again(self, ulm, django_assert_num_queries):
        organisation = OrganisationFactory(name="Verein", seat=ulm, search_text="|verein|ulm|")

        with django_assert_num_queries(3):  # begin, read, end
            actions.refresh_organisations_of(ulm)

        assert organisation.version == 1

    def test_regions_have_no_organisations(self):
        assert actions.refresh_organisations_of(RegionFactory()) is None


def test_only_the_office_with_the_right_is_told(coordinator, now):
    with_right, _without, closed = (UserFactory(is_staff=True) for _ in range(3))
    grant(with_right, "directory.change_organisation")
    grant(closed, "directory.change_organisation")
    closed.is_active = False
    closed.save()
    grant(UserFactory(), "directory.change_organisation")

    actions.create_organisation(by=coordinator, facts=facts(), now=now)

    assert told("organisation_waits") == [with_right]

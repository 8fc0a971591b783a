"""The office's view of organisations, memberships and invitations."""

import pytest
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.models import Membership, Organisation
from notifications.models import Notice
from portal.roles import load_roles
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory, MunicipalityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/directory/organisation/"
PEOPLE = "/admin/directory/membership/"


@pytest.fixture
def verein(coordinator):
    verein = OrganisationFactory(
        name="Győri Verein", slug="verein", published_at=None, seat=MunicipalityFactory(name="Ulm")
    )
    MembershipFactory(organisation=verein, person=coordinator, role="coordinator")
    return verein


def details(client, url, **changes):
    """The form of an admin page as a browser would send it."""
    form = client.get(url).context["adminform"].form
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False):
            data[name] = value
    inlines = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    return {**data, **inlines, **changes}


def names(response):
    return sorted(row.name for row in response.context["cl"].result_list)


class TestOrganisations:
    def test_published_by_an_action_its_coordinators_are_told(self, verein, admin, coordinator):
        client = signed_in(admin, "en")
        data = {"action": "publish", "_selected_action": [verein.pk]}

        answer = client.post(LIST, data, follow=True)

        verein.refresh_from_db()
        assert verein.published_at is not None
        assert "1 organisation is public now." in answer.content.decode()
        assert [n.recipient for n in Notice.objects.filter(kind="organisation_published")] == [coordinator]

    def test_taken_back(self, verein, admin):
        Organisation.objects.update(published_at=timezone.now())

        signed_in(admin).post(LIST, {"action": "withdraw", "_selected_action": [verein.pk]})

        verein.refresh_from_db()
        assert verein.published_at is None

    def test_search_and_filters(self, verein, admin):
        client = signed_in(admin)
        OrganisationFactory(name="Allein", description_de="Nur deutsch.")
        alone = Organisation.objects.get(name="Allein")
        MembershipFactory(organisation=alone)
        OrganisationFactory(name="Leer")
        OrganisationFactory(name="Aufgegeben", published_at=None, ended_at=timezone.now())

        found = {
            query: names(client.get(f"{LIST}?{query}"))
            for query in (
                "q=gyori",
                "state=waits",
                "state=published",
                "state=ended",
                "people=alone",
                "people=nobody",
                "missing=en",
            )
        }

        assert found == {
            "q=gyori": ["Győri Verein"],
            "state=waits": ["Győri Verein"],
            "state=published": ["Allein", "Leer"],
            "state=ended": ["Aufgegeben"],
            "people=alone": ["Allein", "Győri Verein"],
            "people=nobody": ["Aufgegeben", "Leer"],
            "missing=en": ["Allein"],
        }

    def test_saved_here_its_search_words_follow(self, verein, admin):
        client, url = signed_in(admin), f"{LIST}{verein.pk}/change/"

        answer = client.post(url, details(client, url, name="Neuer Name", languages=["de"]))

        verein.refresh_from_db()
        assert answer.status_code == 302
        assert (verein.search_text.startswith("|neuer name|"), verein.languages, verein.version) == (
            True,
            ["de"],
            2,
        )

    def test_what_a_coordinator_saved_meanwhile_is_not_overwritten(self, verein, admin):
        client, url = signed_in(admin, "en"), f"{LIST}{verein.pk}/change/"
        data = details(client, url, name="Of the office")
        Organisation.objects.update(name="Of the coordinator", version=2)

        refused = client.post(url, data)
        form = refused.context["adminform"].form
        again = client.post(url, {**data, "base_version": form["base_version"].value()})

        verein.refresh_from_db()
        assert "there now “Of the coordinator”" in refused.content.decode()
        assert (refused.status_code, again.status_code, verein.name) == (200, 302, "Of the office")

    def test_entered_by_the_office_it_is_public(self, admin):
        client, url = signed_in(admin), f"{LIST}add/"
        data = details(client, url, name="Neu", type="school", phone_visibility="nobody")

        assert client.post(url, data).status_code == 302
        assert Organisation.objects.get().published_at is not None

    def test_who_runs_vipad_is_for_administrators(self, verein, admin):
        editor = UserFactory(is_staff=True)
        grant(editor, "directory.view_organisation", "directory.change_organisation")
        url = f"{LIST}{verein.pk}/change/"

        client = signed_in(editor)
        client.post(url, {**details(client, url), "operating": "a"})
        verein.refresh_from_db()
        before = verein.operating
        client = signed_in(admin)
        client.post(url, {**details(client, url), "operating": "a"})

        verein.refresh_from_db()
        assert (before, verein.operating) == ("", "a")

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, admin, rows, django_assert_num_queries):
        for _ in range(rows):
            MembershipFactory(organisation__seat=MunicipalityFactory())
        client = signed_in(admin)
        client.get(LIST)

        with django_assert_num_queries(8):
            client.get(LIST)


class TestMemberships:
    @pytest.fixture
    def house(self):
        load_roles()
        return OrganisationFactory(name="Haus", operating="a")

    def test_another_role_is_told(self, verein, admin, participant):
        member = MembershipFactory(organisation=verein, person=participant)
        client, url = signed_in(admin), f"{PEOPLE}{member.pk}/change/"

        client.post(url, details(client, url, role="deputy"))

        member.refresh_from_db()
        assert member.role == "deputy"
        assert [n.recipient for n in Notice.objects.filter(kind="membership_role_changed")] == [participant]

    def test_somebody_always_coordinates(self, verein, admin):
        lead = verein.memberships.get()
        client, url = signed_in(admin, "en"), f"{PEOPLE}{lead.pk}/change/"

        refused = client.post(url, details(client, url, role="member"))
        ended = client.post(PEOPLE, {"action": "end", "_selected_action": [lead.pk]}, follow=True)

        lead.refresh_from_db()
        assert "Nobody else is coordinator." in refused.content.decode()
        assert "is the last coordinator" in ended.content.decode()
        assert (lead.role, lead.state) == ("coordinator", "active")

    def test_ended_by_an_action(self, verein, admin):
        member = MembershipFactory(organisation=verein)

        signed_in(admin).post(PEOPLE, {"action": "end", "_selected_action": [member.pk]})

        member.refresh_from_db()
        assert member.state == "ended"

    def test_roles_in_the_office_are_given_here(self, house, admin, coach):
        member = MembershipFactory(organisation=house, person=coach)
        client, url = signed_in(admin), f"{PEOPLE}{member.pk}/change/"

        client.post(url, details(client, url, operating_roles=["moderator"]))

        coach.refresh_from_db()
        assert (actions.operating_roles_of(coach), coach.is_staff) == (["moderator"], True)
        shown = client.get(url).context["adminform"].form
        assert shown["operating_roles"].value() == ["moderator"]

    def test_only_administrators_give_them_and_only_there(self, house, verein, admin, coach):
        member = MembershipFactory(organisation=house, person=coach)
        moderator = UserFactory(is_staff=True)
        grant(moderator, "directory.view_membership", "directory.change_membership")
        client, url = signed_in(moderator), f"{PEOPLE}{member.pk}/change/"

        client.post(url, {**details(client, url), "operating_roles": ["administrator"]})

        assert "operating_roles" not in client.get(url).context["adminform"].form.fields
        assert actions.operating_roles_of(coach) == []
        elsewhere = f"{PEOPLE}{verein.memberships.get().pk}/change/"
        assert "operating_roles" not in signed_in(admin).get(elsewhere).context["adminform"].form.fields

    def test_what_has_ended_stays_as_it_was(self, verein, admin):
        gone = MembershipFactory(organisation=verein, state="ended")
        client, url = signed_in(admin), f"{PEOPLE}{gone.pk}/change/"

        assert client.get(url).status_code == 200
        assert client.post(url, {"role": "coordinator"}).status_code == 403

    def test_found_by_name_and_whole_address_only(self, verein, admin, coordinator):
        client = signed_in(admin)

        found = [
            client.get(PEOPLE, {"q": query}).context["cl"].result_count
            for query in (coordinator.display_name, coordinator.email, "Győri", "ulm.example")
        ]

        assert found == [1, 1, 1, 0]


class TestInvitations:
    URL = "/admin/directory/organisationinvitation/"

    @pytest.fixture
    def invitation(self, verein, coordinator):
        return actions.invite(
            organisation=verein,
            by=coordinator,
            email="eva@example.org",
            role="member",
            language="hu",
            now=timezone.now(),
        )

    def test_no_link_and_no_nonce_is_shown(self, invitation, admin):
        client = signed_in(admin)

        for url in (self.URL, f"{self.URL}{invitation.pk}/change/"):
            html = client.get(url).content.decode()
            assert "eva@example.org" in html
            assert invitation.nonce not in html
            assert "/organisations/invitation/" not in html

    def test_withdrawn_by_an_action(self, invitation, admin):
        client = signed_in(admin, "en")
        answer = client.post(
            self.URL, {"action": "withdraw", "_selected_action": [invitation.pk]}, follow=True
        )

        invitation.refresh_from_db()
        assert "1 invitation is withdrawn." in answer.content.decode()
        assert (invitation.revoked_at is None, invitation.email) == (False, "")

    def test_what_became_of_them(self, invitation, verein, coordinator, outsider, admin):
        now = timezone.now()
        ways = [
            actions.invite(
                organisation=verein,
                by=coordinator,
                email=f"{n}@example.org",
                role="member",
                language="de",
                now=at,
            )
            for n, at in enumerate((now, now, now - actions.INVITATION_HOLDS))
        ]
        actions.accept_invitation(invitation=ways[0], nonce=ways[0].nonce, by=outsider, now=now)
        actions.withdraw_invitation(invitation=ways[1], by=coordinator, now=now)

        html = signed_in(admin, "en").get(self.URL).content.decode()

        for word in ("accepted", "withdrawn", "expired", "open"):
            assert f'<td class="field-answer">{word}</td>' in html


def test_the_office_pages_have_their_place():
    assert reverse("admin:directory_organisation_changelist") == LIST
    assert Membership.objects.count() == 0

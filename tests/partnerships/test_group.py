"""The closed group of a partnership: opened once, by the sides, and known to its members only."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group as RightsGroup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from directory.actions import merge_municipalities
from directory.models import Municipality
from discussions.actions import groups as group_actions
from discussions.actions.people import accept_membership, remove
from discussions.actions.retention import delete_due_groups
from discussions.choices import Belonging
from discussions.models import Group, Membership
from notifications.models import Notice
from partnerships import actions
from partnerships.models import Partnership, SideContact
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory
from tests.factories.discussions import GroupFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db
PAGE, OPEN = "/partnerships/entry/", "/partnerships/entry/group/"
PANEL = 'id="closed-group"'


@pytest.fixture
def entry(coordinator: User, partner: User, now: datetime) -> Partnership:
    """Coordinator and partner look after one side each."""
    partnership = PartnershipFactory(slug="entry", languages=["de", "hu"])
    for side, person in zip(partnership.sides.all(), (coordinator, partner), strict=True):
        SideContact.objects.create(side=side, person=person, since=now)
    return partnership


@pytest.fixture
def group(entry: Partnership, coordinator: User, now: datetime) -> Group:
    return actions.open_group(partnership=entry, by=coordinator, now=now)


def page_of(client: Client) -> str:
    return str(client.get(PAGE).content.decode())


def key_in(client: Client) -> dict[str, str]:
    form = client.get(OPEN).context["form"]
    return {"key": str(form["key"].value() or form["key"].initial)}


class TestOpening:
    def test_it_is_closed_and_both_sides_come(
        self, entry: Partnership, group: Group, coordinator: User, partner: User
    ) -> None:
        entry.refresh_from_db()
        assert entry.group == group
        assert (group.access, group.name, group.languages) == ("closed", str(entry), ["de", "hu"])
        rows = {row.person: (row.state, row.role) for row in group.memberships.all()}
        assert rows == {coordinator: ("active", "moderator"), partner: ("invited", "member")}
        assert [notice.recipient for notice in Notice.objects.filter(kind="group_invited")] == [partner]

    def test_pressed_again_by_either_it_is_the_same(
        self, entry: Partnership, group: Group, coordinator: User, partner: User, now: datetime
    ) -> None:
        for person in (coordinator, partner):
            assert actions.open_group(partnership=entry, by=person, now=now) == group
        assert Group.objects.count() == 1
        assert Notice.objects.count() == 1

    def test_somebody_of_a_side_who_is_not_in_it_makes_no_second_one(
        self, entry: Partnership, group: Group, partner: User, coordinator: User, now: datetime
    ) -> None:
        row = group.memberships.get(person=partner)
        remove(membership=row, by=coordinator, now=now)

        with pytest.raises(actions.GroupIsThere):
            actions.open_group(partnership=entry, by=partner, now=now)

    def test_who_speaks_for_a_town_without_contacts_is_invited_guests_are_not(
        self, coordinator: User, participant: User, now: datetime
    ) -> None:
        third = MunicipalityFactory()
        entry = PartnershipFactory(towns=[MunicipalityFactory(), MunicipalityFactory(), third])
        first, second, _third = entry.sides.all()
        SideContact.objects.create(side=first, person=coordinator, since=now)
        SideContact.objects.create(side=second, email="guest@example.org", name="Gast", since=now)
        ClaimFactory(municipality=third, person=participant, accepted=True)

        group = actions.open_group(partnership=entry, by=coordinator, now=now)

        assert {row.person for row in group.memberships.all()} == {coordinator, participant}

    def test_a_coach_leads_it_as_coach(self, entry: Partnership, coordinator: User, now: datetime) -> None:
        coordinator.groups.add(RightsGroup.objects.get_or_create(name="coach")[0])

        group = actions.open_group(partnership=entry, by=coordinator, now=now)

        assert group.memberships.get(person=coordinator).role == "coach"

    def test_a_long_name_is_shortened(self, coordinator: User, now: datetime) -> None:
        towns = [MunicipalityFactory(name="Langenort " * 8) for _number in range(2)]
        entry = PartnershipFactory(towns=towns)

        name = actions.open_group(partnership=entry, by=coordinator, now=now).name

        assert len(name) <= 100
        assert name.endswith("…")

    def test_when_the_entry_was_changed_does_not_tell_it(
        self, entry: Partnership, coordinator: User, now: datetime
    ) -> None:
        before = (entry.changed_at, entry.version, entry.changes.count())

        actions.open_group(partnership=entry, by=coordinator, now=now)

        entry.refresh_from_db()
        assert (entry.changed_at, entry.version, entry.changes.count()) == before


class TestPage:
    def test_opened_with_a_press(self, entry: Partnership, coordinator: User) -> None:
        client = signed_in(coordinator, "en")
        assert "Open a closed group" in page_of(client)
        data = key_in(client)

        first = client.post(OPEN, data)
        again = client.post(OPEN, data)

        group = Group.objects.get()
        assert first.url == again.url == f"/groups/{group.slug}/"
        assert group.name in page_of(client)
        assert client.get(OPEN).url == f"/groups/{group.slug}/"

    def test_the_other_side_sees_the_invitation_then_the_group(
        self, entry: Partnership, group: Group, partner: User, now: datetime
    ) -> None:
        client = signed_in(partner, "en")
        assert f"/groups/{group.slug}/join/" in page_of(client)
        assert client.get(OPEN).url == f"/groups/{group.slug}/join/"

        accept_membership(group=group, by=partner, now=now)

        assert f'href="/groups/{group.slug}/"' in page_of(client)

    def test_nobody_else_learns_of_it(
        self,
        entry: Partnership,
        coordinator: User,
        outsider: User,
        admin: User,
        participant: User,
        now: datetime,
    ) -> None:
        readers = [Client(), *(signed_in(person, "en") for person in (outsider, admin, participant))]
        before = [page_of(reader) for reader in readers]
        answers = [reader.get(OPEN).status_code for reader in readers]

        group = actions.open_group(partnership=entry, by=coordinator, now=now)

        assert answers == [302, 403, 403, 403]
        assert [reader.get(OPEN).status_code for reader in readers] == answers
        after = [page_of(reader) for reader in readers]
        assert [PANEL in page or group.slug in page for page in before + after] == [False] * 8

    def test_neither_do_those_who_had_to_go(
        self, entry: Partnership, group: Group, partner: User, coordinator: User, now: datetime
    ) -> None:
        accept_membership(group=group, by=partner, now=now)
        remove(membership=group.memberships.get(person=partner), by=coordinator, now=now)
        client = signed_in(partner, "en")

        assert PANEL not in page_of(client)
        assert client.get(OPEN).status_code == 404
        assert client.post(OPEN, {}).status_code == 404

    def test_a_member_from_elsewhere_sees_it(
        self, entry: Partnership, group: Group, participant: User
    ) -> None:
        MembershipFactory(group=group, person=participant)

        assert group.name in page_of(signed_in(participant))

    def test_visitors_sign_in_whether_or_not_the_entry_exists(self, entry: Partnership) -> None:
        for address in (OPEN, "/partnerships/nonsense/group/"):
            assert Client().get(address).url == f"/accounts/login/?next={address}"

    def test_not_while_the_entry_waits(self, entry: Partnership, coordinator: User) -> None:
        Partnership.objects.update(published_at=None)
        client = signed_in(coordinator, "en")

        assert PANEL not in page_of(client)
        assert client.get(OPEN).status_code == 403

    def test_how_much_the_page_asks_does_not_tell_it(
        self, entry: Partnership, coordinator: User, outsider: User, now: datetime
    ) -> None:
        client = signed_in(outsider)
        numbers = []
        for _round in range(2):
            client.get(PAGE)
            with CaptureQueriesContext(connection) as captured:
                client.get(PAGE)
            numbers.append(len(captured))
            actions.open_group(partnership=entry, by=coordinator, now=now)

        assert numbers[0] == numbers[1]

    def test_visitors_cost_no_query_more(self, entry: Partnership, group: Group) -> None:
        client = Client()
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)

        assert not [query for query in captured if "discussions_" in query["sql"]]


class TestWhatStays:
    def test_a_merge_keeps_it(
        self, pecs: Municipality, coordinator: User, admin: User, now: datetime
    ) -> None:
        old = MunicipalityFactory(name="Mechenried", country=pecs.country)
        entry = PartnershipFactory(towns=[MunicipalityFactory(), old])
        group = actions.open_group(partnership=entry, by=coordinator, now=now)

        merge_municipalities(kept=pecs, gone=old, by=admin, now=now)

        entry.refresh_from_db()
        assert entry.group == group

    def test_who_saves_an_older_row_keeps_it(
        self, entry: Partnership, coordinator: User, now: datetime
    ) -> None:
        older = Partnership.objects.get(pk=entry.pk)
        group = actions.open_group(partnership=entry, by=coordinator, now=now)

        sides = [side.party for side in older.sides.all()]
        actions.save_partnership(partnership=older, sides=sides, topics=[])

        assert Partnership.objects.get(pk=entry.pk).group == group

    def test_the_group_outlives_the_entry(self, entry: Partnership, group: Group) -> None:
        entry.delete()

        assert Membership.objects.filter(group=group, state=Belonging.ACTIVE).exists()

    def test_once_deleted_another_one_may_be_opened(
        self, entry: Partnership, group: Group, coordinator: User, now: datetime
    ) -> None:
        group_actions.announce_deletion(group=group, by=coordinator, now=now)
        delete_due_groups(now=now + timedelta(days=14))
        entry.refresh_from_db()
        assert entry.group is None

        actions.open_group(partnership=entry, by=coordinator, now=now)

        assert Group.objects.count() == 1

    def test_one_group_belongs_to_one_partnership(self, entry: Partnership, group: Group) -> None:
        GroupFactory(members=[UserFactory()])

        assert Partnership.objects.filter(group=group).count() == 1

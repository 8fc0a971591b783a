"""The life of a group, and who belongs to it: what the actions do."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group as RightsGroup

from accounts.models import User
from core.conflicts import EditConflict
from directory.operating import OperatingRole
from discussions.actions import groups as actions
from discussions.actions import people
from discussions.choices import Access, Belonging, GroupState, Role
from discussions.models import Entry, Group, Invitation, Membership
from notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(coach: User) -> Group:
    return GroupFactory(name="Jugend", coach=coach)


def of(group: Group, person: User) -> Membership:
    return Membership.objects.get(group=group, person=person)


def told(kind: str) -> list[object]:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True))


def create(by: User, now: datetime) -> Group:
    facts = {"name": "Neu", "purpose": "", "rules": "", "languages": ["de"], "access": Access.CLOSED}
    return actions.create_group(**facts, by=by, now=now)


class TestGroup:
    def test_who_starts_it_leads_it_as_moderator(self, coordinator: User, now: datetime) -> None:
        group = create(coordinator, now)

        row = of(group, coordinator)
        assert (row.role, row.state, row.since, len(group.slug)) == ("moderator", "active", now, 14)

    def test_a_coach_leads_it_as_coach(self, coach: User, now: datetime) -> None:
        coach.groups.add(RightsGroup.objects.get_or_create(name=OperatingRole.COACH)[0])

        assert of(create(coach, now), coach).role == Role.COACH

    def test_its_address_is_drawn(self, coach: User, now: datetime) -> None:
        slugs = {create(coach, now).slug for _again in range(3)}

        assert len(slugs) == 3

    def test_facts_are_changed(self, group: Group, coach: User, now: datetime) -> None:
        changed = actions.edit_group(group=group, facts={"name": "Neu"}, by=coach, now=now, base_version=1)

        assert (changed.name, changed.version) == ("Neu", 2)

    def test_without_a_version_nobody_is_asked(self, group: Group, coach: User, now: datetime) -> None:
        assert actions.edit_group(group=group, facts={"name": "Neu"}, by=coach, now=now).version == 2

    def test_the_second_of_two_is_refused(self, group: Group, coach: User, now: datetime) -> None:
        actions.edit_group(group=group, facts={"name": "Eins"}, by=coach, now=now, base_version=1)

        with pytest.raises(EditConflict):
            actions.edit_group(group=group, facts={"name": "Zwei"}, by=coach, now=now, base_version=1)

        group.refresh_from_db()
        assert group.name == "Eins"

    def test_archived_twice_the_first_moment_stays(self, group: Group, coach: User, now: datetime) -> None:
        actions.archive_group(group=group, by=coach, now=now)

        again = actions.archive_group(group=group, by=coach, now=now + timedelta(days=1))

        assert (again.state, again.archived_at, again.version) == (GroupState.ARCHIVED, now, 2)

    def test_opened_again_twice(self, group: Group, coach: User, now: datetime) -> None:
        actions.archive_group(group=group, by=coach, now=now)
        actions.open_group_again(group=group, by=coach, now=now)

        again = actions.open_group_again(group=group, by=coach, now=now)

        assert (again.state, again.archived_at, again.version) == (GroupState.ACTIVE, None, 3)

    def test_members_are_told_once_of_the_deletion(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        MembershipFactory(group=group, person=participant)
        MembershipFactory(group=group, state=Belonging.LEFT)
        actions.announce_deletion(group=group, by=coach, now=now)

        again = actions.announce_deletion(group=group, by=coach, now=now + timedelta(days=2))

        assert again.delete_at == now + timedelta(days=14)
        assert told("group_deletion_announced") == [coach.email, participant.email]

    def test_the_deletion_is_taken_back(self, group: Group, coach: User, now: datetime) -> None:
        actions.announce_deletion(group=group, by=coach, now=now)
        actions.take_deletion_back(group=group, by=coach, now=now)

        again = actions.take_deletion_back(group=group, by=coach, now=now)

        assert (again.delete_at, again.version) == (None, 3)


class TestEnter:
    def test_it_is_kept_and_told(self, group: Group, coach: User, admin: User, now: datetime) -> None:
        row = actions.enter(group=group, by=admin, reason="Ein Hinweis", now=now)

        assert (row.state, row.role, row.follows_all) == (Belonging.ACTIVE, Role.MEMBER, False)
        assert list(Entry.objects.values_list("person", "reason", "at")) == [(admin.pk, "Ein Hinweis", now)]
        assert told("group_looked_into") == [coach.email]

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_not_without_a_reason(self, group: Group, admin: User, now: datetime, reason: str) -> None:
        with pytest.raises(actions.NotAllowed):
            actions.enter(group=group, by=admin, reason=reason, now=now)

        assert Entry.objects.count() == 0

    def test_not_by_others(self, group: Group, outsider: User, now: datetime) -> None:
        with pytest.raises(actions.NotAllowed):
            actions.enter(group=group, by=outsider, reason="Neugier", now=now)

        assert not Membership.objects.filter(person=outsider).exists()

    def test_who_was_there_before_takes_the_same_row(self, group: Group, admin: User, now: datetime) -> None:
        before = MembershipFactory(group=group, person=admin, state=Belonging.LEFT)

        assert actions.enter(group=group, by=admin, reason="Ein Hinweis", now=now).pk == before.pk


class TestInvite:
    def invite(self, group: Group, by: User, now: datetime, *emails: str) -> int:
        return people.invite(group=group, emails=emails, language="hu", by=by, now=now)

    def test_accounts_are_told_and_others_get_a_mail(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        number = self.invite(
            group, coach, now, participant.email.upper(), " eva@example.org ", "Eva@example.org"
        )

        assert (number, of(group, participant).state) == (2, Belonging.INVITED)
        assert list(Invitation.objects.values_list("email", "language")) == [("eva@example.org", "hu")]
        assert told("group_invited") == [participant.email]
        assert list(Notice.objects.filter(kind="group_mail_invited").values_list("email", flat=True)) == [
            "eva@example.org"
        ]

    def test_an_unproven_address_gets_a_mail(self, group: Group, coach: User, now: datetime) -> None:
        person = UserFactory(verified=False)

        self.invite(group, coach, now, person.email)

        assert Invitation.objects.filter(email=person.email).count() == 1
        assert not Membership.objects.filter(person=person).exists()

    @pytest.mark.parametrize("state", [Belonging.ACTIVE, Belonging.INVITED, Belonging.BANNED])
    def test_who_is_known_is_passed_over(
        self, group: Group, coach: User, participant: User, now: datetime, state: str
    ) -> None:
        MembershipFactory(group=group, person=participant, state=state)

        assert self.invite(group, coach, now, participant.email) == 0
        assert of(group, participant).state == state

    def test_who_has_left_is_invited_again(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        MembershipFactory(group=group, person=participant, state=Belonging.LEFT)

        assert self.invite(group, coach, now, participant.email) == 1
        assert of(group, participant).state == Belonging.INVITED

    def test_an_open_invitation_is_not_repeated(self, group: Group, coach: User, now: datetime) -> None:
        self.invite(group, coach, now, "eva@example.org")

        assert self.invite(group, coach, now, "eva@example.org") == 0

    def test_one_that_is_over_is_replaced(self, group: Group, coach: User, now: datetime) -> None:
        self.invite(group, coach, now, "eva@example.org")

        later = now + timedelta(days=31)
        assert self.invite(group, coach, later, "eva@example.org") == 1
        assert list(Invitation.objects.order_by("pk").values_list("email", "withdrawn_at")) == [
            ("", later),
            ("eva@example.org", None),
        ]

    def test_withdrawn_the_address_is_forgotten(self, group: Group, coach: User, now: datetime) -> None:
        self.invite(group, coach, now, "eva@example.org")
        row = Invitation.objects.get()
        people.withdraw_invitation(invitation=row, by=coach, now=now)

        people.withdraw_invitation(invitation=row, by=coach, now=now + timedelta(days=1))

        assert list(Invitation.objects.values_list("email", "withdrawn_at")) == [("", now)]

    def test_a_person_is_invited_no_longer(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        row = MembershipFactory(group=group, person=participant, state=Belonging.INVITED, role=Role.MODERATOR)

        people.withdraw_asked(membership=row, by=coach, now=now)

        row.refresh_from_db()
        assert (row.state, row.role) == (Belonging.REMOVED, Role.MEMBER)

    def test_who_has_said_yes_meanwhile_stays(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        row = MembershipFactory(group=group, person=participant)

        people.withdraw_asked(membership=row, by=coach, now=now)

        assert of(group, participant).state == Belonging.ACTIVE

    def test_the_link_lets_one_person_in(
        self, group: Group, coach: User, participant: User, outsider: User, now: datetime
    ) -> None:
        self.invite(group, coach, now, "eva@example.org")
        row = Invitation.objects.get()
        people.accept_invitation(invitation=row, by=participant, now=now)

        with pytest.raises(people.NotOpen):
            people.accept_invitation(invitation=row, by=outsider, now=now)

        row.refresh_from_db()
        assert (of(group, participant).state, row.email, row.accepted_at) == (Belonging.ACTIVE, "", now)
        assert not Membership.objects.filter(person=outsider).exists()

    def test_who_belongs_to_it_stays_what_they_are(self, group: Group, coach: User, now: datetime) -> None:
        self.invite(group, coach, now, "eva@example.org")

        people.accept_invitation(invitation=Invitation.objects.get(), by=coach, now=now)

        assert of(group, coach).role == Role.COACH

    def test_whoever_is_banned_is_not_let_in_by_a_link(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        MembershipFactory(group=group, person=participant, state=Belonging.BANNED)
        self.invite(group, coach, now, "eva@example.org")

        with pytest.raises(people.NotOpen):
            people.accept_invitation(invitation=Invitation.objects.get(), by=participant, now=now)

        assert of(group, participant).state == Belonging.BANNED


class TestJoin:
    def test_an_invited_person_says_yes(
        self, group: Group, participant: User, coach: User, now: datetime
    ) -> None:
        MembershipFactory(group=group, person=participant, state=Belonging.INVITED, role=Role.MODERATOR)

        row = people.accept_membership(group=group, by=participant, now=now)

        assert (row.state, row.role, row.since) == (Belonging.ACTIVE, Role.MODERATOR, now)

    def test_an_invited_person_says_no(self, group: Group, participant: User, now: datetime) -> None:
        MembershipFactory(group=group, person=participant, state=Belonging.INVITED)

        people.decline_membership(group=group, by=participant, now=now)

        assert not Membership.objects.filter(person=participant).exists()

    @pytest.mark.parametrize("takes_requests", [True, False])
    def test_nobody_else_gets_into_a_closed_group(
        self, group: Group, outsider: User, now: datetime, takes_requests: bool
    ) -> None:
        Group.objects.update(takes_requests=takes_requests)

        with pytest.raises(people.NotOpen):
            people.accept_membership(group=group, by=outsider, now=now)
        with pytest.raises(people.NotOpen):
            people.ask_to_join(group=group, by=outsider, note="", now=now)

        assert not Membership.objects.filter(person=outsider).exists()

    def test_an_open_group_is_joined_at_once(self, group: Group, outsider: User, now: datetime) -> None:
        Group.objects.update(access=Access.OPEN)

        assert people.accept_membership(group=group, by=outsider, now=now).state == Belonging.ACTIVE

    def test_who_belongs_to_it_already_stays_what_they_are(
        self, group: Group, coach: User, now: datetime
    ) -> None:
        assert people.accept_membership(group=group, by=coach, now=now).role == Role.COACH

    def test_an_open_group_that_takes_requests_is_asked(
        self, group: Group, coach: User, outsider: User, now: datetime
    ) -> None:
        Group.objects.update(access=Access.OPEN, takes_requests=True)

        with pytest.raises(people.NotOpen):
            people.accept_membership(group=group, by=outsider, now=now)
        first = people.ask_to_join(group=group, by=outsider, note="Hallo", now=now)
        again = people.ask_to_join(group=group, by=outsider, note="Hallo?", now=now)

        assert (first.pk, again.state, again.note) == (again.pk, Belonging.ASKED, "Hallo")
        assert told("group_join_asked") == [coach.email]

    @pytest.mark.parametrize("state", [Belonging.ACTIVE, Belonging.BANNED])
    def test_members_and_banned_people_do_not_ask(
        self, group: Group, outsider: User, now: datetime, state: str
    ) -> None:
        Group.objects.update(access=Access.OPEN, takes_requests=True)
        MembershipFactory(group=group, person=outsider, state=state)

        with pytest.raises(people.NotOpen):
            people.ask_to_join(group=group, by=outsider, note="", now=now)

    def test_who_has_left_may_ask_again(self, group: Group, outsider: User, now: datetime) -> None:
        Group.objects.update(access=Access.OPEN, takes_requests=True)
        before = MembershipFactory(group=group, person=outsider, state=Belonging.LEFT)

        assert people.ask_to_join(group=group, by=outsider, note="", now=now).pk == before.pk

    @pytest.mark.parametrize(("accept", "state"), [(True, Belonging.ACTIVE), (False, Belonging.REMOVED)])
    def test_the_first_answer_stays(
        self, group: Group, coach: User, outsider: User, now: datetime, accept: bool, state: str
    ) -> None:
        row = MembershipFactory(group=group, person=outsider, state=Belonging.ASKED)
        people.answer_request(membership=row, accept=accept, by=coach, now=now)

        people.answer_request(membership=row, accept=not accept, by=coach, now=now)

        assert of(group, outsider).state == state
        assert told("group_join_answered") == [outsider.email]


class TestEnd:
    def test_a_member_leaves(self, group: Group, participant: User, now: datetime) -> None:
        MembershipFactory(group=group, person=participant)

        people.leave(group=group, by=participant, now=now)

        assert (of(group, participant).state, of(group, participant).ended_at) == (Belonging.LEFT, now)

    def test_an_outsider_has_nothing_to_leave(self, group: Group, outsider: User, now: datetime) -> None:
        people.leave(group=group, by=outsider, now=now)

        assert not Membership.objects.filter(person=outsider).exists()

    def test_the_last_leader_stays_while_others_are_there(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        row = MembershipFactory(group=group, person=participant)

        with pytest.raises(people.LastLeader):
            people.leave(group=group, by=coach, now=now)
        people.change_role(membership=row, role=Role.MODERATOR, by=coach, now=now)
        people.leave(group=group, by=coach, now=now)

        assert (of(group, coach).state, of(group, coach).role) == (Belonging.LEFT, Role.MEMBER)

    def test_the_last_of_all_may_go(self, group: Group, coach: User, now: datetime) -> None:
        people.leave(group=group, by=coach, now=now)

        assert of(group, coach).state == Belonging.LEFT

    @pytest.mark.parametrize(("ban", "state"), [(True, Belonging.BANNED), (False, Belonging.REMOVED)])
    def test_a_leader_ends_it(
        self, group: Group, coach: User, participant: User, now: datetime, ban: bool, state: str
    ) -> None:
        row = MembershipFactory(group=group, person=participant)

        people.remove(membership=row, by=coach, reason="Werbung", ban=ban, now=now)

        row.refresh_from_db()
        assert (row.state, row.note, row.ended_at) == (state, "Werbung", now)

    def test_who_has_left_is_not_removed(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        row = MembershipFactory(group=group, person=participant, state=Belonging.LEFT)

        people.remove(membership=row, by=coach, now=now)

        assert of(group, participant).state == Belonging.LEFT

    def test_who_has_left_may_be_banned_and_the_ban_lifted(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        row = MembershipFactory(group=group, person=participant, state=Belonging.LEFT)

        people.remove(membership=row, by=coach, ban=True, now=now)
        banned = of(group, participant).state
        people.lift_ban(membership=row, by=coach, now=now)

        assert (banned, of(group, participant).state) == (Belonging.BANNED, Belonging.REMOVED)

    def test_the_last_leader_does_not_become_a_member(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        MembershipFactory(group=group, person=participant)

        with pytest.raises(people.LastLeader):
            people.change_role(membership=of(group, coach), role=Role.MEMBER, by=coach, now=now)

        assert of(group, coach).role == Role.COACH

    def test_a_role_is_for_members_only(
        self, group: Group, coach: User, participant: User, now: datetime
    ) -> None:
        row = MembershipFactory(group=group, person=participant, state=Belonging.INVITED)

        with pytest.raises(actions.NotAllowed):
            people.change_role(membership=row, role=Role.COACH, by=coach, now=now)

        assert of(group, participant).role == Role.MEMBER

    def test_following_is_ones_own(self, group: Group, coach: User, participant: User, now: datetime) -> None:
        MembershipFactory(group=group, person=participant)

        people.follow_all(group=group, by=participant, on=False)

        assert (of(group, participant).follows_all, of(group, coach).follows_all) == (False, True)

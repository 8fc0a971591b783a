"""Who belongs to an organisation: asked, answered, changed, ended, erased."""

import pytest
from django.contrib.auth.models import Group

from accounts.actions import erase
from directory import actions
from directory.models import Membership, Organisation
from directory.queries import my_organisations, my_requests
from notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def told(kind):
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("recipient")]


@pytest.fixture
def verein():
    return OrganisationFactory(name="Verein", slug="verein")


@pytest.fixture
def lead(verein, coordinator):
    return MembershipFactory(organisation=verein, person=coordinator, role="coordinator")


@pytest.fixture
def member(verein, participant):
    return MembershipFactory(organisation=verein, person=participant)


@pytest.fixture
def request_(verein, lead, outsider, now):
    return actions.ask_to_join(organisation=verein, by=outsider, note="Ich singe mit.", now=now)


class TestAsk:
    def test_those_who_lead_it_are_told(self, verein, lead, member, request_, outsider, coordinator, admin):
        deputy = MembershipFactory(organisation=verein, role="deputy").person

        assert (request_.state, request_.role, request_.note) == ("requested", "member", "Ich singe mit.")
        assert told("membership_requested") == [coordinator]
        assert deputy  # came later and sees it on the page

    def test_asked_twice_it_stays_the_first(self, verein, request_, outsider, now):
        again = actions.ask_to_join(organisation=verein, by=outsider, note="Noch einmal.", now=now)

        assert (again, again.note, Membership.objects.filter(person=outsider).count()) == (
            request_,
            "Ich singe mit.",
            1,
        )

    def test_who_belongs_to_it_need_not_ask(self, verein, member, participant, now):
        with pytest.raises(actions.AlreadyMember):
            actions.ask_to_join(organisation=verein, by=participant, note="", now=now)

    def test_who_was_declined_may_ask_again(self, verein, request_, outsider, coordinator, now):
        actions.answer_request(membership=request_, by=coordinator, accepts=False, now=now)

        again = actions.ask_to_join(organisation=verein, by=outsider, note="", now=now)

        assert again.pk != request_.pk

    def test_without_anybody_who_leads_the_office_is_asked(self, verein, member, outsider, admin, now):
        actions.ask_to_join(organisation=verein, by=outsider, note="", now=now)

        assert told("membership_requested") == [admin]


class TestAnswer:
    @pytest.mark.parametrize(("accepts", "state"), [(True, "active"), (False, "declined")])
    def test_the_person_is_told(self, request_, coordinator, outsider, now, accepts, state):
        actions.answer_request(membership=request_, by=coordinator, accepts=accepts, now=now)

        request_.refresh_from_db()
        assert (request_.state, request_.decided_by) == (state, coordinator)
        assert (request_.since, request_.until) == ((now, None) if accepts else (None, now))
        assert told("membership_answered") == [outsider]

    def test_it_is_answered_once(self, request_, coordinator, now):
        actions.answer_request(membership=request_, by=coordinator, accepts=True, now=now)

        with pytest.raises(actions.RequestIsOver):
            actions.answer_request(membership=request_, by=coordinator, accepts=False, now=now)

    def test_the_person_may_withdraw_it_once(self, request_, outsider, now):
        actions.withdraw_request(membership=request_, by=outsider, now=now)

        request_.refresh_from_db()
        assert (request_.state, request_.until) == ("ended", now)
        with pytest.raises(actions.RequestIsOver):
            actions.withdraw_request(membership=request_, by=outsider, now=now)


class TestRole:
    def test_the_person_is_told(self, lead, member, coordinator, participant, now):
        actions.change_role(membership=member, by=coordinator, role="deputy", now=now)

        member.refresh_from_db()
        assert member.role == "deputy"
        assert told("membership_role_changed") == [participant]

    def test_the_same_role_changes_nothing(self, member, coordinator, now):
        actions.change_role(membership=member, by=coordinator, role="member", now=now)

        assert Notice.objects.count() == 0

    def test_ones_own_change_is_not_told(self, verein, lead, coordinator, now):
        MembershipFactory(organisation=verein, role="coordinator")

        actions.change_role(membership=lead, by=coordinator, role="member", now=now)

        assert told("membership_role_changed") == []

    def test_somebody_always_coordinates(self, verein, lead, coordinator, now):
        MembershipFactory(organisation=verein, role="deputy")
        closed = MembershipFactory(organisation=verein, role="coordinator", person__is_active=False)

        with pytest.raises(actions.LastCoordinator):
            actions.change_role(membership=lead, by=coordinator, role="member", now=now)
        assert closed.role == "coordinator"

    def test_who_has_left_has_no_role(self, verein, coordinator, now):
        gone = MembershipFactory(organisation=verein, state="ended")

        with pytest.raises(actions.NotAMember):
            actions.change_role(membership=gone, by=coordinator, role="deputy", now=now)


class TestEnd:
    def test_a_member_leaves(self, lead, member, participant, now):
        actions.end_membership(membership=member, by=participant, now=now)

        member.refresh_from_db()
        assert (member.state, member.until, told("membership_ended")) == ("ended", now, [])

    def test_who_is_taken_out_is_told(self, lead, member, coordinator, participant, now):
        actions.end_membership(membership=member, by=coordinator, now=now)

        assert told("membership_ended") == [participant]

    def test_the_last_coordinator_cannot_just_leave(self, lead, member, coordinator, now):
        with pytest.raises(actions.LastCoordinator):
            actions.end_membership(membership=lead, by=coordinator, now=now)

        lead.refresh_from_db()
        assert lead.state == "active"

    def test_the_last_coordinator_names_who_follows(self, lead, member, coordinator, participant, now):
        actions.end_membership(membership=lead, by=coordinator, now=now, successor=member)

        member.refresh_from_db()
        lead.refresh_from_db()
        assert (lead.state, member.role, member.state) == ("ended", "coordinator", "active")
        assert told("membership_role_changed") == [participant]

    def test_a_coordinator_may_follow_and_nothing_changes_for_it(self, verein, lead, coordinator, now):
        other = MembershipFactory(organisation=verein, role="coordinator")

        actions.end_membership(membership=lead, by=coordinator, now=now, successor=other)

        assert told("membership_role_changed") == []

    def test_only_somebody_else_of_the_organisation_can_follow(self, verein, lead, coordinator, now):
        stranger, gone = MembershipFactory(), MembershipFactory(organisation=verein, state="ended")

        for successor in (stranger, gone, lead):
            with pytest.raises(actions.NotAMember):
                actions.end_membership(membership=lead, by=coordinator, now=now, successor=successor)


class TestMine:
    def test_says_what_waits_and_where_one_is_alone(self, verein, lead, request_, coordinator, outsider):
        other = MembershipFactory(person=coordinator, organisation__name="Andere")
        MembershipFactory(organisation=other.organisation)
        MembershipFactory(organisation=other.organisation, state="requested")

        shown = my_organisations(coordinator)

        assert [(one.organisation.name, one.leads, one.requests, one.is_alone) for one in shown] == [
            ("Andere", False, 0, False),
            ("Verein", True, 1, True),
        ]
        assert my_organisations(outsider) == []
        assert [row.organisation for row in my_requests(outsider)] == [verein]


class TestErase:
    def test_an_erased_last_coordinator_leaves_the_organisation_and_the_office_is_told(
        self, verein, lead, member, coordinator, admin, now
    ):
        erase(coordinator, by=admin, now=now)

        assert Organisation.objects.filter(pk=verein.pk).exists()
        assert list(verein.memberships.values_list("person", flat=True)) == [member.person_id]
        assert told("organisation_without_coordinator") == [admin]

    def test_with_another_coordinator_nobody_need_be_told(self, verein, lead, coordinator, admin, now):
        MembershipFactory(organisation=verein, role="coordinator")

        erase(coordinator, by=admin, now=now)

        assert told("organisation_without_coordinator") == []

    def test_who_decided_is_forgotten(self, request_, coordinator, admin, verein, now):
        MembershipFactory(organisation=verein, role="coordinator")
        actions.answer_request(membership=request_, by=coordinator, accepts=True, now=now)

        erase(coordinator, by=admin, now=now)

        request_.refresh_from_db()
        assert (request_.decided_by, request_.state) == (None, "active")


class TestOperatingRoles:
    @pytest.fixture(autouse=True)
    def _roles(self):
        from portal.roles import load_roles

        load_roles()

    @pytest.fixture
    def house(self):
        return OrganisationFactory(operating="a")

    @pytest.fixture
    def editor(self, house, coach, admin):
        MembershipFactory(organisation=house, person=coach)
        actions.grant_operating_role(person=coach, organisation=house, role="editor", by=admin)
        coach.refresh_from_db()
        return coach

    def test_a_role_opens_the_office(self, editor):
        assert (editor.is_staff, actions.operating_roles_of(editor)) == (True, ["editor"])
        assert editor.has_perm("portal.change_page")

    def test_a_coach_works_on_the_pages(self, house, coach, admin):
        MembershipFactory(organisation=house, person=coach)

        actions.grant_operating_role(person=coach, organisation=house, role="coach", by=admin)

        coach.refresh_from_db()
        assert (coach.is_staff, actions.operating_roles_of(coach)) == (False, ["coach"])

    def test_granted_twice_nothing_happens(self, house, editor, admin, monkeypatch):
        monkeypatch.setattr("directory.actions.operating.end_sessions", pytest.fail)

        actions.grant_operating_role(person=editor, organisation=house, role="editor", by=admin)

    def test_only_people_of_an_operating_organisation_get_one(self, house, coach, admin):
        other = MembershipFactory(person=coach).organisation

        for organisation in (house, other):
            with pytest.raises(actions.NotOfAnOperatingOrganisation):
                actions.grant_operating_role(person=coach, organisation=organisation, role="coach", by=admin)

    def test_only_administrators_grant(self, house, editor, coordinator, admin):
        MembershipFactory(organisation=house, person=coordinator)

        for by in (editor, coordinator):
            with pytest.raises(actions.MayNotGrant):
                actions.grant_operating_role(person=coordinator, organisation=house, role="coach", by=by)
            with pytest.raises(actions.MayNotGrant):
                actions.withdraw_operating_role(person=editor, role="editor", by=by)
        actions.grant_operating_role(person=editor, organisation=house, role="administrator", by=admin)
        editor = type(editor).objects.get(pk=editor.pk)
        actions.grant_operating_role(person=coordinator, organisation=house, role="coach", by=editor)
        assert actions.operating_roles_of(coordinator) == ["coach"]

    def test_these_and_no_others(self, house, editor, admin):
        actions.set_operating_roles(person=editor, organisation=house, roles=["moderator", "coach"], by=admin)

        editor.refresh_from_db()
        assert (actions.operating_roles_of(editor), editor.is_staff) == (["coach", "moderator"], True)

    def test_the_last_role_closes_the_door(self, editor, admin):
        actions.withdraw_operating_role(person=editor, role="editor", by=admin)

        editor.refresh_from_db()
        assert (editor.is_staff, actions.operating_roles_of(editor)) == (False, [])

    def test_a_right_given_in_another_way_keeps_it_open(self, editor, admin):
        editor.groups.add(Group.objects.create(name="Archive"))

        actions.withdraw_operating_role(person=editor, role="editor", by=admin)

        editor.refresh_from_db()
        assert editor.is_staff

    def test_who_leaves_loses_the_roles(self, house, editor, admin, now):
        membership = house.memberships.get(person=editor)

        actions.end_membership(membership=membership, by=editor, now=now)

        editor.refresh_from_db()
        assert (editor.is_staff, actions.operating_roles_of(editor)) == (False, [])

    def test_who_belongs_to_the_other_one_keeps_them(self, house, editor, now):
        MembershipFactory(organisation=OrganisationFactory(operating="b"), person=editor)

        actions.end_membership(membership=house.memberships.get(person=editor), by=editor, now=now)

        assert actions.operating_roles_of(editor) == ["editor"]

    def test_who_had_none_loses_nothing(self, house, now):
        person = UserFactory()
        membership = MembershipFactory(organisation=house, person=person)

        actions.end_membership(membership=membership, by=person, now=now)

        person.refresh_from_db()
        assert not person.is_staff

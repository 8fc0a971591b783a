"""Who may do what: the whole cast, in every state and for every audience."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from accounts.models import User
from directory.operating import OperatingRole
from tests.conftest import grant
from tests.factories.webinars import GuestFactory, HostFactory, RegistrationFactory
from tests.webinars.telling import planned
from webinars import permissions
from webinars.choices import Audience, Format, RoomKind, Seat, State
from webinars.models import Invitation, Needs, Registration, Session

pytestmark = pytest.mark.django_db

VISITOR = AnonymousUser()
ROLES = (
    "visitor",
    "outsider",
    "host",
    "invited",
    "seated",
    "waiting",
    "left",
    "asked",
    "office",
    "staff without rights",
    "rights without staff",
    "admin",
)


@pytest.fixture
def people(cast: dict[str, User], now: datetime) -> dict[str, Any]:
    """One person in each role; `of` gives them the role in a session."""
    office = staff(cast["coach"], "view_session", "change_session", "add_session", "view_registration")
    without = staff(cast["coordinator"])
    others = {name: User.objects.create_user(f"{name}@example.org") for name in ("left", "asked", "waiting")}
    citizen = User.objects.create_user("rights@example.org")
    rights = ("view_session", "change_session", "add_session", "view_registration")
    grant(citizen, *(f"webinars.{name}" for name in rights))
    return {
        "visitor": VISITOR,
        "outsider": cast["outsider"],
        "host": cast["partner"],
        "invited": cast["participant"],
        "seated": User.objects.create_user("seated@example.org"),
        **others,
        "office": office,
        "staff without rights": without,
        "rights without staff": citizen,
        "admin": cast["admin"],
    }


def staff(person: User, *codenames: str) -> User:
    person.is_staff = True
    person.save()
    grant(person, *(f"webinars.{name}" for name in codenames))
    return User.objects.get(pk=person.pk)


def session_of(people: dict[str, Any], now: datetime, **facts: Any) -> Session:
    """All roles have theirs in it; and each of them the best one in another session, which must not count."""
    session, other = planned(now, **facts), planned(now, days=9)
    HostFactory(session=session, person=people["host"])
    HostFactory(session=other, person=people["outsider"])
    Invitation.objects.create(session=session, person=people["invited"], invited_at=now)
    Invitation.objects.create(session=other, person=people["outsider"], invited_at=now)
    states = {"seated": Seat.SEAT, "waiting": Seat.WAITING, "left": Seat.CANCELLED, "asked": Seat.ASKED}
    for role, state in states.items():
        RegistrationFactory(session=session, person=people[role], state=state, registered_at=now)
    RegistrationFactory(session=other, person=people["outsider"], registered_at=now)
    return session


def who(people: dict[str, Any], may: Any) -> set[str]:
    return {role for role in ROLES if may(people[role])}


ALL = set(ROLES)
OFFICE = {"office", "admin"}
EXPECTED = {"invited", "seated", "waiting"}


class TestSeeing:
    @pytest.mark.parametrize(
        ("state", "audience"), list(product(State.values, Audience.values)), ids=lambda value: value
    )
    def test_list_and_page_agree_and_are_right(
        self, people: dict[str, Any], now: datetime, state: str, audience: str
    ) -> None:
        session = session_of(people, now, state=state, audience=audience)

        listed = who(people, lambda one: session in Session.objects.visible_to(one))
        shown = who(people, lambda one: permissions.can_view(one, session))

        own = OFFICE | {"host"}
        right = {
            Audience.EVERYBODY: ALL,
            Audience.MEMBERS: ALL - {"visitor"},
            Audience.INVITED: own | EXPECTED,
        }
        assert listed == shown
        assert shown == (own if state == State.DRAFT else right[Audience(audience)])

    def test_an_offered_seat_keeps_the_session_in_sight(self, outsider: User, now: datetime) -> None:
        session = planned(now, audience=Audience.INVITED)
        RegistrationFactory(session=session, person=outsider, state=Seat.OFFERED, registered_at=now)

        assert permissions.can_view(outsider, session)
        assert session in Session.objects.visible_to(outsider)

    def test_public_lists_hold_what_everybody_finds(self, now: datetime) -> None:
        public = planned(now)
        cancelled = planned(now, state=State.CANCELLED)
        demo = planned(now, is_demo=True)
        planned(now, state=State.DRAFT)
        planned(now, audience=Audience.MEMBERS)
        planned(now, audience=Audience.INVITED)

        assert set(Session.objects.listed(demo=False)) == {public, cancelled}
        assert set(Session.objects.listed(demo=True)) == {public, cancelled, demo}

    def test_what_ends_now_is_past(self, now: datetime) -> None:
        session = planned(now)

        for moment, upcoming in ((session.ends_at - timedelta(seconds=1), True), (session.ends_at, False)):
            assert Session.objects.upcoming(moment).exists() == upcoming
            assert Session.objects.past(moment).exists() != upcoming


class TestLeading:
    def test_is_for_hosts_and_the_office(self, people: dict[str, Any], now: datetime) -> None:
        session = session_of(people, now)

        assert who(people, lambda one: permissions.can_edit(one, session)) == OFFICE | {"host"}
        assert who(people, lambda one: permissions.can_see_people(one, session)) == OFFICE | {"host"}
        assert who(people, lambda one: permissions.is_host(one, session)) == {"host"}

    def test_who_only_changes_texts_leads_nothing(self, outsider: User, now: datetime) -> None:
        editor = staff(outsider, "view_session", "change_session")
        session = planned(now)

        assert permissions.can_view(editor, session)
        assert not permissions.can_edit(editor, session)
        assert not permissions.can_see_people(editor, session)

    def test_needs_are_for_hosts_only(self, people: dict[str, Any], now: datetime) -> None:
        session = session_of(people, now)

        assert who(people, lambda one: permissions.can_see_needs(one, session)) == {"host"}

    def test_sessions_are_made_by_the_office(self, people: dict[str, Any]) -> None:
        assert who(people, permissions.can_create) == OFFICE

    @pytest.mark.parametrize(
        ("role", "may"),
        [(role, role in permissions.LEADS) for role in OperatingRole.values],
    )
    def test_sessions_are_made_by_those_who_lead(self, outsider: User, role: str, may: bool) -> None:
        outsider.groups.add(Group.objects.get_or_create(name=role)[0])

        assert permissions.can_create(outsider) == may


class TestRegistering:
    @pytest.mark.parametrize(
        ("audience", "right"),
        [
            (Audience.EVERYBODY, ALL),
            (Audience.MEMBERS, ALL - {"visitor"}),
            (Audience.INVITED, EXPECTED),
        ],
    )
    def test_is_for_the_audience(
        self, people: dict[str, Any], now: datetime, audience: str, right: set[str]
    ) -> None:
        session = session_of(people, now, audience=audience)

        assert who(people, lambda one: permissions.may_register(one, session, now=now)) == right

    @pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
    def test_is_for_published_sessions(self, people: dict[str, Any], now: datetime, state: str) -> None:
        session = session_of(people, now, state=state)

        assert who(people, lambda one: permissions.may_register(one, session, now=now)) == set()


class TestEntering:
    @pytest.fixture
    def session(self, people: dict[str, Any], now: datetime) -> Session:
        return session_of(people, now)

    def test_is_for_hosts_and_people_with_a_seat(self, people: dict[str, Any], session: Session) -> None:
        then = session.starts_at

        assert who(people, lambda one: permissions.can_enter(one, session, now=then)) == {"host", "seated"}

    @pytest.mark.parametrize(
        ("minutes", "may"), [(-15.1, False), (-15, True), (0, True), (119.9, True), (120, False)]
    )
    def test_is_possible_from_a_quarter_of_an_hour_before(
        self, people: dict[str, Any], session: Session, minutes: float, may: bool
    ) -> None:
        then = session.starts_at + timedelta(minutes=minutes)

        assert permissions.can_enter(people["seated"], session, now=then) == may
        assert permissions.can_enter(people["host"], session, now=then) == may

    @pytest.mark.parametrize(
        "facts",
        [
            {"state": State.CANCELLED},
            {"state": State.DRAFT},
            {"format": Format.ONSITE},
            {"room": RoomKind.NONE},
        ],
    )
    def test_needs_a_room_that_is_open(
        self, people: dict[str, Any], session: Session, facts: dict[str, str]
    ) -> None:
        Session.objects.filter(pk=session.pk).update(**facts)
        session.refresh_from_db()

        assert not permissions.can_enter(people["seated"], session, now=session.starts_at)
        assert not permissions.can_enter(people["host"], session, now=session.starts_at)


class TestRows:
    def test_registrations_are_ones_own_the_hosts_and_the_offices(
        self, people: dict[str, Any], now: datetime
    ) -> None:
        session = session_of(people, now)
        GuestFactory(session=session)

        def seen(role: str) -> int:
            return Registration.objects.visible_to(people[role]).filter(session=session).count()

        everything = session.registrations.count()
        assert everything == 5
        assert {role: seen(role) for role in ROLES} == {
            **dict.fromkeys(ROLES, 0),
            **dict.fromkeys(("seated", "waiting", "left", "asked"), 1),
            **dict.fromkeys(("host", "office", "admin"), everything),
        }

    def test_needs_are_ones_own_and_the_hosts(self, people: dict[str, Any], now: datetime) -> None:
        session = session_of(people, now)
        for row in session.registrations.all():
            Needs.objects.create(registration=row, diet="vegan")

        found = {role: Needs.objects.visible_to(people[role]).count() for role in ROLES}

        assert found == {
            **dict.fromkeys(ROLES, 0),
            **dict.fromkeys(("seated", "waiting", "left", "asked"), 1),
            "host": 4,
        }

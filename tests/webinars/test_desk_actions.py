"""What a host writes reaches the chosen people, each once, and nobody else."""

from datetime import datetime

import pytest

from accounts.models import User
from notifications.models import Notice
from tests.factories.webinars import GuestFactory, RegistrationFactory
from tests.webinars.telling import all_told, planned, told
from webinars import actions
from webinars.choices import Seat
from webinars.models import HostMail, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(now: datetime) -> Session:
    """With somebody in each state, of another session too."""
    made = planned(now, capacity=2)
    for state in Seat.values:
        GuestFactory(session=made, state=state, email=f"{state}@example.org")
    GuestFactory(session=planned(now), email="elsewhere@example.org")
    return made


def write(session: Session, by: User, now: datetime, *states: str, attended: bool | None = None) -> HostMail:
    return actions.write_to(
        session=session, subject="Photo", text="Bring one.", states=states, attended=attended, by=by, now=now
    )


@pytest.mark.parametrize(
    "states",
    [[Seat.SEAT], [Seat.SEAT, Seat.WAITING], [Seat.CANCELLED], [Seat.OFFERED]],
    ids=["seats", "seats and list", "cancelled", "offered"],
)
def test_reaches_only_who_was_chosen(session: Session, coach: User, now: datetime, states: list[str]) -> None:
    mail = write(session, coach, now, *states)

    assert sorted(told("host_mail")) == sorted(f"{state}@example.org" for state in states)
    assert set(all_told()) == {"host_mail"}
    assert (mail.subject, mail.text, mail.states, mail.readers) == (
        "Photo",
        "Bring one.",
        states,
        len(states),
    )
    assert (mail.sent_by, mail.sent_at) == (coach, now)


def test_who_has_not_confirmed_is_never_written_to(session: Session, coach: User, now: datetime) -> None:
    write(session, coach, now, Seat.ASKED, Seat.SEAT)

    assert told("host_mail") == ["seat@example.org"]


@pytest.mark.parametrize("states", [[], [Seat.ASKED], ["no such state"]])
def test_to_nobody_is_refused(session: Session, coach: User, now: datetime, states: list[str]) -> None:
    with pytest.raises(actions.NobodyToWriteTo):
        write(session, coach, now, *states)

    assert HostMail.objects.count() == 0
    assert all_told() == []


@pytest.mark.parametrize(("attended", "reached"), [(True, "there"), (False, "absent")])
def test_may_be_for_who_was_there_or_was_not(
    coach: User, now: datetime, attended: bool, reached: str
) -> None:
    session = planned(now)
    GuestFactory(session=session, email="there@example.org", attended_at=now)
    GuestFactory(session=session, email="absent@example.org")

    write(session, coach, now, Seat.SEAT, attended=attended)

    assert told("host_mail") == [f"{reached}@example.org"]


def test_two_mails_of_the_same_words_are_two(session: Session, coach: User, now: datetime) -> None:
    mails = [write(session, coach, now, Seat.SEAT) for _ in range(2)]

    assert [notice.key.split(":")[3] for notice in Notice.objects.order_by("id")] == [
        str(mail.pk) for mail in mails
    ]


def test_people_who_were_erased_are_neither_counted_nor_told(coach: User, now: datetime) -> None:
    session = planned(now)
    GuestFactory(session=session, name="", email="", language="", time_zone="")
    member = RegistrationFactory(session=session)

    mail = write(session, coach, now, Seat.SEAT)

    assert mail.readers == 1
    assert told("host_mail") == [member.person.email]
    assert [row.pk for row in actions.readers_of(session, states=[Seat.SEAT])] == [member.pk]

"""Invited people: named by a host, told by mail, and not invited any more."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from notifications.kinds import kind
from notifications.mails import message
from notifications.models import Notice
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.webinars import RegistrationFactory, SessionFactory
from tests.webinars.telling import planned, told
from webinars import actions
from webinars.choices import Audience, Seat, State
from webinars.models import Invitation, Session
from webinars.tries import MOST_WRONG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Any:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def session(coach: User, now: datetime) -> Session:
    return planned(now, slug="closed", host=coach, audience=Audience.INVITED)


@pytest.fixture
def draft(coach: User, now: datetime) -> Session:
    return planned(
        now, slug="draft", host=coach, audience=Audience.INVITED, state=State.DRAFT, published_at=None
    )


@pytest.fixture
def host(coach: User) -> Client:
    return signed_in(coach, "en")


def at(session: Session) -> str:
    return reverse("webinars:invited", args=[session.slug])


def withdrawing(row: Invitation) -> str:
    return f"{at(row.session)}?withdraw={row.pk}"


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def pressed(**said: Any) -> dict[str, Any]:
    return {"key": uuid.uuid4(), **said}


def invited(session: Session, *people: User, now: datetime) -> list[Invitation]:
    """Without telling them."""
    return [Invitation.objects.create(session=session, person=one, invited_at=now) for one in people]


def names(session: Session) -> list[str]:
    return sorted(row.person.email for row in session.invitations.all())


def wanted(notice: Notice, now: datetime) -> bool:
    return kind("session_invited").still_wanted(Notice.objects.get(pk=notice.pk), now=now)


# --- inviting


def test_people_are_invited_by_address_and_told(
    host: Client, session: Session, partner: User, participant: User
) -> None:
    said = f"\n  {partner.email.upper()} \r\n\r\n{participant.email}\n{partner.email}"

    answer = host.post(at(session), pressed(addresses=said))

    assert answer.headers["Location"] == at(session)
    assert names(session) == [participant.email, partner.email]
    assert sorted(told("session_invited")) == [participant.email, partner.email]


def test_sent_twice_they_are_invited_and_told_once(host: Client, session: Session, partner: User) -> None:
    said = pressed(addresses=partner.email)

    answers = [host.post(at(session), said).status_code for _again in range(2)]

    assert (answers, names(session), told("session_invited")) == (
        [302, 302],
        [partner.email],
        [partner.email],
    )


def test_who_is_invited_already_is_not_told_again(
    host: Client, session: Session, partner: User, outsider: User
) -> None:
    host.post(at(session), pressed(addresses=partner.email))

    host.post(at(session), pressed(addresses=f"{partner.email}\n{outsider.email}"))

    assert told("session_invited") == [partner.email, outsider.email]


def test_one_wrong_line_and_nobody_is_invited(host: Client, session: Session, partner: User) -> None:
    said = f"\n{partner.email}\nno address\nnobody@example.org"

    shown = words(host.post(at(session), pressed(addresses=said)))

    assert "Line 3: “no address” is no e-mail address." in shown
    assert "Line 4: there is no account with the address nobody@example.org." in shown
    assert "Line 2" not in shown
    assert (session.invitations.count(), Notice.objects.count()) == (0, 0)


@pytest.mark.parametrize("kept_out", [{"verified": False}, {"is_active": False}])
def test_an_account_that_is_not_proven_or_closed_is_not_invited(
    host: Client, session: Session, kept_out: dict[str, bool]
) -> None:
    UserFactory(email="second@example.org", **kept_out)

    shown = words(host.post(at(session), pressed(addresses="second@example.org")))

    assert "there is no account with the address second@example.org." in shown
    assert session.invitations.count() == 0


@pytest.mark.parametrize("empty", ["", " \n \n"])
def test_without_an_address_nobody_is_invited(host: Client, session: Session, empty: str) -> None:
    answer = host.post(at(session), pressed(addresses=empty))

    assert (answer.status_code, "error-summary" in words(answer)) == (200, True)


def test_more_than_two_hundred_lines_are_not_read(host: Client, session: Session, partner: User) -> None:
    shown = words(host.post(at(session), pressed(addresses=f"{partner.email}\n" * 201)))

    assert "These are 201 addresses. Please give at most 200 at once." in shown
    assert session.invitations.count() == 0


def test_two_hundred_cost_as_many_questions_as_two(host: Client, session: Session) -> None:
    people = UserFactory.create_batch(42, password="")
    host.get(at(session))

    def questions(some: list[User]) -> int:
        with CaptureQueriesContext(connection) as asked:
            host.post(at(session), pressed(addresses="\n".join(one.email for one in some)))
        return len(asked)

    assert questions(people[:2]) == questions(people[2:])
    assert session.invitations.count() == 42


def test_after_twenty_wrong_tries_nothing_is_looked_up(host: Client, session: Session, partner: User) -> None:
    for _again in range(MOST_WRONG):
        host.post(at(session), pressed(addresses="nobody@example.org"))

    answer = host.post(at(session), pressed(addresses=f"{partner.email}\nother@example.org"))

    assert (answer.status_code, session.invitations.count()) == (429, 0)
    assert "Please try again in an hour." in words(answer)
    # What was typed is still there; nothing is said about it.
    assert ("other@example.org" in words(answer), "Line 2" in words(answer)) == (True, False)


def test_the_page_says_who_has_registered(
    host: Client, session: Session, partner: User, outsider: User, now: datetime
) -> None:
    registered, other = invited(session, partner, outsider, now=now)
    RegistrationFactory(session=session, person=partner)

    shown = words(host.get(at(session)))

    assert [word in shown for word in (partner.display_name, "has a seat", "not registered")] == [True] * 3
    found = [f"?withdraw={row.pk}" in shown for row in (registered, other)]
    assert (found, partner.email in shown) == ([False, True], False)


def test_the_page_costs_the_same_for_few_and_for_many(host: Client, session: Session, now: datetime) -> None:
    invited(session, UserFactory(), now=now)
    host.get(at(session))
    with CaptureQueriesContext(connection) as few:
        host.get(at(session))

    invited(session, *UserFactory.create_batch(12), now=now)
    with CaptureQueriesContext(connection) as many:
        host.get(at(session))

    assert len(few) == len(many)


@pytest.mark.parametrize("audience", [Audience.EVERYBODY, Audience.MEMBERS])
def test_a_session_for_more_people_has_no_such_page(
    host: Client, coach: User, partner: User, now: datetime, audience: str
) -> None:
    session = planned(now, host=coach, audience=audience)

    answer = host.post(at(session), pressed(addresses=partner.email))

    assert (answer.status_code, session.invitations.count()) == (404, 0)
    assert at(session) not in words(host.get(reverse("webinars:desk", args=[session.slug])))


@pytest.mark.parametrize("who", ["outsider", "participant", "partner", None])
def test_nobody_else_invites_or_withdraws(
    cast: dict[str, User], session: Session, now: datetime, who: str | None
) -> None:
    SessionFactory(host=cast["partner"], audience=Audience.INVITED)
    row = invited(session, cast["participant"], now=now)[0]
    client = signed_in(cast[who]) if who else Client()

    answers = [
        client.get(at(session)),
        client.post(at(session), pressed(addresses=cast["outsider"].email)),
        client.post(withdrawing(row), pressed()),
    ]

    assert [answer.status_code for answer in answers] == [404 if who else 302] * 3
    assert names(session) == [cast["participant"].email]


def test_who_may_only_look_invites_nobody(session: Session, outsider: User, partner: User) -> None:
    outsider.is_staff = True
    outsider.save()
    grant(outsider, "webinars.view_session", "webinars.view_registration")

    answer = signed_in(outsider).post(at(session), pressed(addresses=partner.email))

    assert (answer.status_code, session.invitations.count()) == (403, 0)


# --- withdrawing


def test_an_invitation_is_withdrawn_after_a_question(
    host: Client, session: Session, partner: User, now: datetime
) -> None:
    row = invited(session, partner, now=now)[0]
    before = signed_in(partner).get(session.get_absolute_url()).status_code

    asked = words(host.get(withdrawing(row)))
    kept = session.invitations.count()
    answer = host.post(withdrawing(row), pressed())

    assert (f"{partner.display_name} will no longer see the session." in asked, kept) == (True, 1)
    assert (answer.headers["Location"], names(session)) == (at(session), [])
    assert (before, signed_in(partner).get(session.get_absolute_url()).status_code) == (200, 404)


def test_withdrawn_twice_it_is_withdrawn_once(
    host: Client, session: Session, partner: User, outsider: User, now: datetime
) -> None:
    row, said = invited(session, partner, outsider, now=now)[0], pressed()

    answers = [host.post(withdrawing(row), said).headers["Location"] for _again in range(2)]

    assert (answers, names(session)) == ([at(session)] * 2, [outsider.email])


@pytest.mark.parametrize("state", [Seat.SEAT, Seat.WAITING, Seat.OFFERED])
def test_who_is_registered_keeps_the_invitation(
    host: Client, session: Session, partner: User, now: datetime, state: str
) -> None:
    row = invited(session, partner, now=now)[0]
    RegistrationFactory(session=session, person=partner, state=state)

    answer = host.post(withdrawing(row), pressed(), follow=True)

    assert "is registered. Please cancel the registration first." in words(answer)
    assert names(session) == [partner.email]


def test_who_has_cancelled_can_be_uninvited(
    host: Client, session: Session, partner: User, now: datetime
) -> None:
    row = invited(session, partner, now=now)[0]
    RegistrationFactory(session=session, person=partner, state=Seat.CANCELLED)

    host.post(withdrawing(row), pressed())

    assert names(session) == []


@pytest.mark.parametrize("number", ["999999", "x", "²", "9" * 30])
def test_an_invitation_that_is_none_is_not_withdrawn(
    host: Client, session: Session, partner: User, now: datetime, number: str
) -> None:
    invited(session, partner, now=now)

    answer = host.post(f"{at(session)}?withdraw={number}", pressed())

    assert (answer.headers["Location"], names(session)) == (at(session), [partner.email])


def test_an_invitation_to_another_session_is_not_withdrawn_from_here(
    host: Client, session: Session, partner: User, now: datetime
) -> None:
    other = planned(now, audience=Audience.INVITED)
    row = invited(other, partner, now=now)[0]

    host.post(f"{at(session)}?withdraw={row.pk}", pressed())

    assert names(other) == [partner.email]


# --- telling them


def test_those_invited_to_a_draft_are_told_when_it_is_published(
    host: Client, draft: Session, coach: User, partner: User, now: datetime
) -> None:
    host.post(at(draft), pressed(addresses=partner.email))
    before = told("session_invited")

    for _again in range(2):
        actions.publish_session(session=draft, by=coach, now=now)

    assert (before, told("session_invited")) == ([], [partner.email])


def test_who_is_invited_again_is_told_again(
    session: Session, coach: User, partner: User, now: datetime
) -> None:
    actions.invite(session=session, people=[partner], by=coach, now=now)
    row = session.invitations.get()
    actions.withdraw_invitation(session=session, invitation=row, by=coach, now=now)

    actions.invite(session=session, people=[partner], by=coach, now=now + timedelta(hours=1))

    notices = Notice.objects.filter(kind="session_invited").order_by("id")
    assert [wanted(notice, now) for notice in notices] == [False, True]


def test_the_mail_is_dropped_when_it_is_of_no_use_any_more(
    session: Session, coach: User, partner: User, now: datetime
) -> None:
    actions.invite(session=session, people=[partner], by=coach, now=now)
    notice = Notice.objects.get()
    at_first = wanted(notice, now)

    at_start = wanted(notice, session.starts_at)
    actions.cancel_session(session=session, by=coach, now=now)

    assert (at_first, at_start, wanted(notice, now)) == (True, False, False)


def test_the_mail_says_what_and_when_and_leads_to_the_session(
    session: Session, coach: User, partner: User, now: datetime, settings: Any
) -> None:
    actions.invite(session=session, people=[partner], by=coach, now=now)

    mail = message(Notice.objects.get())

    text, markup = str(mail.body), str(mail.alternatives[0].content)
    assert (mail.to, mail.subject) == ([partner.email], f"You are invited: {session.title_en}")
    assert "in Berlin" in text
    assert "for you in Bucharest" in text
    assert "Only invited people see it and may register." in text
    assert [f"{settings.SITE_URL}{session.get_absolute_url()}" in part for part in (text, markup)] == [
        True
    ] * 2
    assert [session.room_link in part for part in (text, markup)] == [False] * 2

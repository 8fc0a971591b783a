"""Who leads a session, a draft that is deleted, and a registration that a host cancels."""

import uuid
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.webinars import GuestFactory, HostFactory, RegistrationFactory, SessionFactory
from tests.webinars.telling import state_of, together, told
from webinars import actions
from webinars.choices import Seat, State
from webinars.models import Host, Session
from webinars.tries import MOST_WRONG

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(coach: User) -> Session:
    return SessionFactory(slug="here", host=coach)


@pytest.fixture
def draft(coach: User) -> Session:
    return SessionFactory(slug="draft", host=coach, state=State.DRAFT, published_at=None)


@pytest.fixture
def host(coach: User) -> Client:
    return signed_in(coach, "en")


def at(session: Session, name: str, *more: int) -> str:
    return reverse(f"webinars:{name}", args=[session.slug, *more])


def removing(row: Host) -> str:
    return f"{at(row.session, 'hosts')}?remove={row.pk}"


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def pressed(**said: Any) -> dict[str, Any]:
    return {"key": uuid.uuid4(), **said}


def leaders(session: Session) -> list[str]:
    return [row.person.email for row in session.hosts.order_by("position")]


# --- who leads


def test_a_member_is_added_by_the_address_in_any_case(host: Client, session: Session, coach: User) -> None:
    person = UserFactory(email="second@example.org")

    answer = host.post(at(session, "hosts"), pressed(email="Second@Example.org"))

    assert answer.headers["Location"] == at(session, "hosts")
    assert leaders(session) == [coach.email, person.email]


def test_who_was_added_finds_the_desk(host: Client, session: Session, outsider: User) -> None:
    before = signed_in(outsider).get(at(session, "desk")).status_code

    host.post(at(session, "hosts"), pressed(email=outsider.email))

    assert (before, signed_in(outsider).get(at(session, "desk")).status_code) == (404, 200)


def test_the_page_shows_names_and_no_addresses(host: Client, session: Session) -> None:
    other = HostFactory(session=session, person=UserFactory(display_name="Oksana"))

    shown = words(host.get(at(session, "hosts")))

    assert ("Oksana" in shown, "(you)" in shown, f"?remove={other.pk}" in shown) == (True, True, True)
    assert other.person.email not in shown


@pytest.mark.parametrize("kept_out", [{"verified": False}, {"is_active": False}])
def test_an_account_that_is_not_proven_or_closed_does_not_lead(
    host: Client, session: Session, kept_out: dict[str, bool]
) -> None:
    UserFactory(email="second@example.org", **kept_out)

    shown = words(host.post(at(session, "hosts"), pressed(email="second@example.org")))

    assert "There is no account with this address." in shown
    assert session.hosts.count() == 1


@pytest.mark.parametrize("wrong", ["", "second", "nobody@example.org", "a\x00@example.org"])
def test_a_wrong_address_adds_nobody(host: Client, session: Session, wrong: str) -> None:
    answer = host.post(at(session, "hosts"), pressed(email=wrong))

    assert (answer.status_code, "error-summary" in words(answer)) == (200, True)
    assert session.hosts.count() == 1


def test_without_a_key_the_form_is_shown_again(host: Client, session: Session, partner: User) -> None:
    answer = host.post(at(session, "hosts"), {"email": partner.email})

    assert (answer.status_code, session.hosts.count()) == (200, 1)


def test_who_leads_already_is_not_added_again(host: Client, session: Session, coach: User) -> None:
    shown = words(host.post(at(session, "hosts"), pressed(email=coach.email)))

    assert "This person leads the session already." in shown
    assert session.hosts.count() == 1


def test_a_host_sent_twice_is_added_once(host: Client, session: Session, partner: User) -> None:
    said = pressed(email=partner.email)

    answers = [host.post(at(session, "hosts"), said).status_code for _again in range(2)]

    assert (answers, session.hosts.count()) == ([302, 302], 2)


def test_after_twenty_wrong_addresses_a_right_one_is_not_looked_up(
    host: Client, session: Session, partner: User
) -> None:
    for number in range(MOST_WRONG):
        host.post(at(session, "hosts"), pressed(email=f"nobody{number}@example.org"))

    answers = [host.post(at(session, "hosts"), pressed(email=partner.email)) for _again in range(2)]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert "Please try again in an hour." in words(answers[0])
    assert session.hosts.count() == 1


def test_before_the_twentieth_wrong_address_a_right_one_is_added(
    host: Client, session: Session, partner: User
) -> None:
    for number in range(MOST_WRONG - 1):
        host.post(at(session, "hosts"), pressed(email=f"nobody{number}@example.org"))

    host.post(at(session, "hosts"), pressed(email=partner.email))

    assert session.hosts.count() == 2


def test_a_host_is_removed_after_a_question(host: Client, session: Session, coach: User) -> None:
    row = HostFactory(session=session, person=UserFactory(display_name="Oksana"))

    asked = words(host.get(removing(row)))
    before = session.hosts.count()
    answer = host.post(removing(row), pressed())

    assert ("Oksana will no longer lead the session" in asked, before) == (True, 2)
    assert answer.headers["Location"] == at(session, "hosts")
    assert leaders(session) == [coach.email]


def test_a_host_removed_twice_is_removed_once(host: Client, session: Session, partner: User) -> None:
    row, said = HostFactory(session=session, person=partner), pressed()

    answers = [host.post(removing(row), said).headers["Location"] for _again in range(2)]

    assert (answers, session.hosts.count()) == ([at(session, "hosts")] * 2, 1)


def test_who_removes_oneself_is_led_away_from_the_desk(
    host: Client, session: Session, coach: User, partner: User
) -> None:
    HostFactory(session=session, person=partner)
    row, said = session.hosts.get(person=coach), pressed()

    answers = [host.post(removing(row), said).headers["Location"] for _again in range(2)]

    assert answers == [reverse("webinars:mine")] * 2
    assert leaders(session) == [partner.email]
    assert host.get(at(session, "desk")).status_code == 404


def test_the_last_host_stays(host: Client, session: Session, coach: User) -> None:
    row = session.hosts.get()

    shown = words(host.get(at(session, "hosts")))
    answer = host.post(removing(row), pressed(), follow=True)

    assert f"?remove={row.pk}" not in shown
    assert "Somebody must lead the session." in words(answer)
    assert leaders(session) == [coach.email]


@pytest.mark.parametrize("number", ["999999", "x", "²", "9" * 30])
def test_a_host_who_is_none_is_not_removed(
    host: Client, session: Session, partner: User, number: str
) -> None:
    HostFactory(session=session, person=partner)

    answer = host.post(f"{at(session, 'hosts')}?remove={number}", pressed())

    assert (answer.headers["Location"], session.hosts.count()) == (at(session, "hosts"), 2)


def test_a_host_of_another_session_is_not_removed_from_here(
    host: Client, session: Session, partner: User
) -> None:
    other = SessionFactory(host=partner)
    HostFactory(session=other)

    host.post(f"{at(session, 'hosts')}?remove={other.hosts.get(person=partner).pk}", pressed())

    assert (session.hosts.count(), other.hosts.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_hosts_who_remove_each_other_leave_one(coach: User, partner: User) -> None:
    session = SessionFactory(host=coach)
    HostFactory(session=session, person=partner)
    rows = {row.person: row for row in session.hosts.select_related("person")}

    outcomes = together(
        lambda: actions.remove_host(session=session, host=rows[partner], by=coach),
        lambda: actions.remove_host(session=session, host=rows[coach], by=partner),
    )

    assert sorted(map(str, outcomes)) == ["<class 'webinars.actions.hosts.LastHost'>", "None"]
    assert session.hosts.count() == 1


def test_hosts_cost_the_same_for_few_and_for_many(host: Client, session: Session) -> None:
    HostFactory(session=session)
    host.get(at(session, "hosts"))
    with CaptureQueriesContext(connection) as few:
        host.get(at(session, "hosts"))

    HostFactory.create_batch(8, session=session)
    with CaptureQueriesContext(connection) as many:
        host.get(at(session, "hosts"))

    assert len(few) == len(many)


# --- a draft


def test_a_draft_is_deleted_after_a_question(host: Client, draft: Session, session: Session) -> None:
    asked = host.get(at(draft, "delete_draft"))
    before = Session.objects.count()
    answer = host.post(at(draft, "delete_draft"), pressed())

    assert (asked.status_code, before) == (200, 2)
    assert answer.headers["Location"] == reverse("webinars:mine")
    assert list(Session.objects.all()) == [session]


def test_a_draft_deleted_twice_leads_to_the_same_page(host: Client, draft: Session) -> None:
    said = pressed()

    answers = [host.post(at(draft, "delete_draft"), said).headers["Location"] for _again in range(2)]

    assert answers == [reverse("webinars:mine")] * 2


def test_without_a_key_no_draft_is_deleted(host: Client, draft: Session) -> None:
    answer = host.post(at(draft, "delete_draft"))

    assert (answer.status_code, Session.objects.count()) == (200, 1)


@pytest.mark.parametrize("state", [State.PUBLISHED, State.CANCELLED])
def test_what_was_published_is_not_deleted(host: Client, coach: User, state: str) -> None:
    session = SessionFactory(host=coach, state=state)

    answers = [host.get(at(session, "delete_draft")), host.post(at(session, "delete_draft"), pressed())]

    assert [answer.headers["Location"] for answer in answers] == [at(session, "desk")] * 2
    assert Session.objects.count() == 1


def test_the_desk_offers_to_delete_a_draft_only(host: Client, draft: Session, session: Session) -> None:
    found = [at(one, "delete_draft") in words(host.get(at(one, "desk"))) for one in (draft, session)]

    assert found == [True, False]


# --- somebody who cannot come


def test_a_host_cancels_a_registration_and_the_seat_goes_on(host: Client, coach: User) -> None:
    session = SessionFactory(host=coach, capacity=1)
    row = GuestFactory(session=session, name="Oksana")
    waiting = GuestFactory(session=session, state=Seat.WAITING)

    asked = words(host.get(at(session, "cancel_person", row.pk)))
    before = state_of(row)
    answer = host.post(at(session, "cancel_person", row.pk), pressed())

    assert ("Oksana will be told by mail." in asked, before) == (True, Seat.SEAT)
    assert answer.headers["Location"] == at(session, "desk")
    assert (state_of(row), state_of(waiting)) == (Seat.CANCELLED, Seat.OFFERED)
    assert told("registration_cancelled") == [row.email]


def test_a_registration_cancelled_twice_is_told_once(host: Client, session: Session) -> None:
    row, said = GuestFactory(session=session), pressed()

    answers = [
        host.post(at(session, "cancel_person", row.pk), said).headers["Location"] for _again in range(2)
    ]

    assert answers == [at(session, "desk")] * 2
    assert told("registration_cancelled") == [row.email]


def test_without_a_key_no_registration_is_cancelled(host: Client, session: Session) -> None:
    row = GuestFactory(session=session)

    answer = host.post(at(session, "cancel_person", row.pk))

    assert (answer.status_code, state_of(row)) == (200, Seat.SEAT)


def test_after_the_start_no_registration_is_cancelled(host: Client, session: Session, now: datetime) -> None:
    row = GuestFactory(session=session)
    address = at(session, "cancel_person", row.pk)

    with time_machine.travel(session.starts_at, tick=False):
        shown = words(host.get(at(session, "desk")))
        answer = host.post(address, pressed())

    assert (answer.headers["Location"], state_of(row)) == (at(session, "desk"), Seat.SEAT)
    assert address not in shown


def test_the_desk_offers_to_cancel_what_is_alive(host: Client, session: Session) -> None:
    alive = [GuestFactory(session=session, state=state) for state in (Seat.SEAT, Seat.WAITING, Seat.OFFERED)]
    gone = GuestFactory(session=session, state=Seat.CANCELLED)

    shown = words(host.get(at(session, "desk")))

    found = [at(session, "cancel_person", row.pk) in shown for row in (*alive, gone)]
    assert found == [True, True, True, False]


def test_a_registration_of_another_session_is_not_cancelled_from_here(host: Client, session: Session) -> None:
    row = GuestFactory()

    answer = host.post(at(session, "cancel_person", row.pk), pressed())

    assert (answer.status_code, state_of(row)) == (404, Seat.SEAT)


# --- who is let in


@pytest.mark.parametrize("who", ["outsider", "participant", "partner", None])
def test_nobody_else_does_any_of_this(
    cast: dict[str, User], session: Session, draft: Session, who: str | None
) -> None:
    SessionFactory(host=cast["partner"])
    own = RegistrationFactory(session=session, person=cast["participant"])
    row = HostFactory(session=session)
    client = signed_in(cast[who]) if who else Client()

    answers = [
        client.post(at(session, "hosts"), pressed(email=cast["outsider"].email)),
        client.post(removing(row), pressed()),
        client.post(at(session, "cancel_person", own.pk), pressed()),
        client.post(at(draft, "delete_draft"), pressed()),
    ]

    assert [answer.status_code for answer in answers] == [404 if who else 302] * 4
    assert (session.hosts.count(), state_of(own), Session.objects.filter(slug="draft").exists()) == (
        2,
        Seat.SEAT,
        True,
    )


def test_who_may_only_look_changes_nothing(session: Session, outsider: User, partner: User) -> None:
    outsider.is_staff = True
    outsider.save()
    grant(outsider, "webinars.view_session", "webinars.view_registration")
    row = RegistrationFactory(session=session)
    client = signed_in(outsider)

    answers = [
        client.post(at(session, "hosts"), pressed(email=partner.email)),
        client.post(at(session, "cancel_person", row.pk), pressed()),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (session.hosts.count(), state_of(row)) == (1, Seat.SEAT)
    assert at(session, "hosts") not in words(client.get(at(session, "desk")))

"""Hosts and their people: mails, somebody who telephoned, attendance by list and by code."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notifications import outbox
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import actions
from webinars.choices import AttendedHow, Seat, State
from webinars.emails.registrations import SeatConfirmed
from webinars.links import entrance_token, seat_path
from webinars.models import HostMail, Registration, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(coach: User) -> Session:
    return SessionFactory(slug="here", host=coach, capacity=2)


@pytest.fixture
def host(coach: User) -> Client:
    return signed_in(coach, "en")


def at(session: Session, name: str, *more: str) -> str:
    return reverse(f"webinars:{name}", args=[session.slug, *more])


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def mail(**said: Any) -> dict[str, Any]:
    return {
        "states": ["seat"],
        "attended": "",
        "subject": "Please bring a photo",
        "text": "One of your town.",
        "key": uuid.uuid4(),
        **said,
    }


# --- mails


def test_a_mail_is_looked_at_before_it_goes(host: Client, session: Session) -> None:
    row = GuestFactory(session=session, name="Oksana")
    GuestFactory(session=session, name="Only Waits", state=Seat.WAITING)

    shown = words(host.post(at(session, "write"), mail(step="look")))

    assert "It goes to 1 person" in shown
    assert ("Oksana" in shown, "Only Waits" in shown) == (True, False)
    assert "One of your town." in shown
    assert [token in shown for token in (seat_path(row), row.email)] == [False, False]
    assert (HostMail.objects.count(), Notice.objects.count(), Registration.objects.count()) == (0, 0, 2)


def test_a_mail_goes_to_the_selection_and_to_nobody_else(host: Client, session: Session, coach: User) -> None:
    came = GuestFactory(session=session, attended_at=timezone.now())
    GuestFactory(session=session)
    GuestFactory(session=session, state=Seat.WAITING, attended_at=timezone.now())

    answer = host.post(at(session, "write"), mail(step="send", attended="yes"))

    assert answer.headers["Location"] == at(session, "write")
    assert [notice.email for notice in Notice.objects.filter(kind="host_mail")] == [came.email]
    assert [(one.readers, one.sent_by) for one in HostMail.objects.all()] == [(1, coach)]


def test_a_mail_sent_twice_goes_once(host: Client, session: Session) -> None:
    GuestFactory(session=session)
    said = mail(step="send")

    answers = [host.post(at(session, "write"), said).status_code for _again in range(2)]

    assert answers == [302, 302]
    assert (HostMail.objects.count(), Notice.objects.filter(kind="host_mail").count()) == (1, 1)


def test_changed_after_going_back_it_is_another_mail(host: Client, session: Session) -> None:
    GuestFactory(session=session)
    said = mail(step="send")
    host.post(at(session, "write"), said)

    host.post(at(session, "write"), {**said, "text": "And a pen."})

    assert HostMail.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"states": []}, {"states": ["asked"]}, {"subject": ""}, {"text": ""}, {"states": ["waiting"]}]
)
def test_a_mail_without_readers_or_words_is_not_sent(
    host: Client, session: Session, wrong: dict[str, Any]
) -> None:
    GuestFactory(session=session)

    answer = host.post(at(session, "write"), mail(step="send", **wrong))

    assert (answer.status_code, "error-summary" in words(answer)) == (200, True)
    assert HostMail.objects.count() == 0


def test_the_text_can_be_changed_after_the_look(host: Client, session: Session) -> None:
    GuestFactory(session=session)

    shown = words(host.post(at(session, "write"), mail(step="change")))

    assert ("<textarea" in shown, "One of your town." in shown) == (True, True)


def test_the_page_shows_what_was_sent_before(host: Client, session: Session) -> None:
    GuestFactory(session=session)
    host.post(at(session, "write"), mail(step="send"))

    shown = words(host.get(at(session, "write")))

    assert [word in shown for word in ("Please bring a photo", "1 reader", "has a seat")] == [True] * 3


def test_another_host_writes_to_nobody_here(session: Session, partner: User) -> None:
    SessionFactory(host=partner)
    GuestFactory(session=session)

    answer = signed_in(partner).post(at(session, "write"), mail(step="send"))

    assert (answer.status_code, HostMail.objects.count()) == (404, 0)


# --- somebody who has called


def caller(**said: Any) -> dict[str, Any]:
    return {
        "name": "Ana",
        "email": "ana@example.org",
        "language": "ro",
        "time_zone": "Europe/Bucharest",
        "key": uuid.uuid4(),
        **said,
    }


def test_somebody_who_called_is_registered_once(host: Client, session: Session) -> None:
    said = caller()

    for _again in range(2):
        host.post(at(session, "add_person"), said)

    found = session.registrations.values_list("name", "email", "language", "time_zone", "state")
    assert list(found) == [("Ana", "ana@example.org", "ro", "Europe/Bucharest", "seat")]


def test_an_address_that_is_registered_is_not_registered_again(host: Client, session: Session) -> None:
    GuestFactory(session=session, email="ana@example.org")

    answer = host.post(at(session, "add_person"), caller())

    assert "This address is registered already." in words(answer)
    assert session.registrations.count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": "ana"}, {"language": "xx"}, {"time_zone": "Mars"}])
def test_who_called_with_wrong_details_is_not_registered(
    host: Client, session: Session, wrong: dict[str, Any]
) -> None:
    host.post(at(session, "add_person"), caller(**wrong))

    assert session.registrations.count() == 0


def test_nobody_is_added_to_a_cancelled_session(host: Client, coach: User) -> None:
    session = SessionFactory(host=coach, state=State.CANCELLED)

    answer = host.post(at(session, "add_person"), caller())

    assert (answer.status_code, session.registrations.count()) == (409, 0)


# --- attendance by list


def test_a_tick_leads_back_to_the_same_place(host: Client, session: Session) -> None:
    row = GuestFactory(session=session, name="Győző")

    answer = host.post(at(session, "check_in"), {"registration": row.pk, "tick": "1", "q": "gy"})

    row.refresh_from_db()
    assert answer.headers["Location"] == f"{at(session, 'check_in')}?q=gy#r{row.pk}"
    assert (row.attended_at is not None, row.attended_how) == (True, AttendedHow.LIST)


def test_a_tick_can_be_taken_back(host: Client, session: Session) -> None:
    row = GuestFactory(session=session, attended_at=timezone.now(), attended_how=AttendedHow.LIST)

    host.post(at(session, "check_in"), {"registration": row.pk, "untick": "1"})

    row.refresh_from_db()
    assert (row.attended_at, row.attended_how) == (None, "")


def test_a_second_tick_keeps_the_first_time(host: Client, session: Session) -> None:
    row = GuestFactory(session=session)
    host.post(at(session, "check_in"), {"registration": row.pk, "tick": "1"})
    row.refresh_from_db()
    first = row.attended_at

    host.post(at(session, "check_in"), {"registration": row.pk, "tick": "1"})

    row.refresh_from_db()
    assert row.attended_at == first


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "²"])
def test_a_number_that_is_none_finds_nobody(host: Client, session: Session, number: str) -> None:
    GuestFactory(session=session)

    answer = host.post(at(session, "check_in"), {"registration": number, "tick": "1"})

    assert answer.status_code == 404
    assert not session.registrations.filter(attended_at__isnull=False).exists()


def test_who_has_no_seat_here_is_not_ticked(host: Client, session: Session, coach: User) -> None:
    rows = [
        GuestFactory(session=session, state=Seat.WAITING),
        GuestFactory(session=SessionFactory(host=coach)),
    ]

    found = [
        host.post(at(session, "check_in"), {"registration": row.pk, "tick": "1"}).status_code for row in rows
    ]

    assert found == [404, 404]
    assert not Registration.objects.filter(attended_at__isnull=False).exists()


def test_a_name_is_found_without_its_marks(host: Client, session: Session) -> None:
    GuestFactory(session=session, name="Győző Nagy")
    GuestFactory(session=session, name="Another One")

    shown = words(host.get(at(session, "check_in"), {"q": "gyozo"}))

    assert ("Győző Nagy" in shown, "Another One" in shown) == (True, False)


def test_the_list_costs_the_same_for_few_and_for_many(host: Client, session: Session) -> None:
    RegistrationFactory(session=session)
    host.get(at(session, "check_in"))
    with CaptureQueriesContext(connection) as few:
        host.get(at(session, "check_in"))

    RegistrationFactory.create_batch(12, session=session)
    with CaptureQueriesContext(connection) as many:
        host.get(at(session, "check_in"))

    assert (len(few), len(many)) == (9, 9)


# --- attendance by code


def test_looking_at_a_code_changes_nothing_and_the_button_ticks(host: Client, session: Session) -> None:
    row = GuestFactory(session=session, name="Oksana")
    address = at(session, "scan", entrance_token(row))

    looked = words(host.get(address))
    row.refresh_from_db()
    before = row.attended_at
    host.post(address)

    row.refresh_from_db()
    assert ("Oksana" in looked, before) == (True, None)
    assert (row.attended_at is not None, row.attended_how) == (True, AttendedHow.CODE)


def test_a_code_of_another_session_names_nobody(host: Client, session: Session, coach: User) -> None:
    row = GuestFactory(session=SessionFactory(host=coach), name="Oksana")
    address = at(session, "scan", entrance_token(row))

    answers = [host.get(address), host.post(address)]

    row.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "belongs to another session" in words(answers[0])
    assert ["Oksana" in words(answer) for answer in answers] == [False, False]
    assert row.attended_at is None


def test_who_only_waits_is_not_ticked_by_code(host: Client, session: Session) -> None:
    row = GuestFactory(session=session, state=Seat.WAITING)
    address = at(session, "scan", entrance_token(row))

    shown = words(host.get(address))
    host.post(address)

    row.refresh_from_db()
    assert ("has no seat" in shown, row.attended_at) == (True, None)


def test_a_code_we_have_not_made_leads_nowhere(host: Client, session: Session) -> None:
    row = GuestFactory(session=session)

    found = [
        host.get(at(session, "scan", code)).status_code
        for code in ("nonsense", entrance_token(row)[:-3] + "abc")
    ]

    assert found == [404, 404]


def test_a_participant_who_opens_the_own_code_ticks_nobody(
    session: Session, participant: User, client: Client
) -> None:
    row = RegistrationFactory(session=session, person=participant)
    address = at(session, "scan", entrance_token(row))

    found = [signed_in(participant).post(address).status_code, client.post(address).status_code]

    row.refresh_from_db()
    assert (found, row.attended_at) == ([404, 302], None)


# --- limits, and what happens meanwhile


def test_a_preview_never_shows_the_mail_of_somebody_else(
    host: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    GuestFactory(session=session)
    other = GuestFactory(session=SessionFactory(title_en="Private matter"), language="en")

    def queue_while_others_queue(*args: Any, **kwargs: Any) -> None:
        outbox.queue(*args, **kwargs)
        told = outbox.Guest(other.email, other.language)
        outbox.queue(SeatConfirmed, to=[told], about=other, now=timezone.now(), once="1")

    monkeypatch.setattr("webinars.emails.preview.queue", queue_while_others_queue)

    page = words(host.post(at(session, "write"), mail(step="look")))

    assert "One of your town." in page
    assert "Private matter" not in page


def test_who_has_cancelled_since_gets_no_mail_meant_for_who_comes(session: Session, coach: User) -> None:
    stays, leaves = GuestFactory(session=session), GuestFactory(session=session)
    now = timezone.now()
    said = {"subject": "Photo", "text": "Please bring one.", "by": coach, "now": now}
    actions.write_to(session=session, states=[Seat.SEAT], **said)
    actions.write_to(session=session, states=[Seat.SEAT, Seat.CANCELLED], **said)

    actions.cancel_registration(registration=leaves, now=now)
    deliver_due(now=now)

    sent = Notice.objects.filter(kind="host_mail", state=Notice.State.SENT).values_list("email", flat=True)
    assert sorted(sent) == sorted([stays.email, stays.email, leaves.email])


@pytest.mark.parametrize(
    ("page", "limit", "forms"),
    [
        ("write", "MOST_MAILS", [mail(step="send", subject=f"Number {number}") for number in range(2)]),
        (
            "add_person",
            "MOST_ADDED",
            [
                {
                    "name": "Oksana",
                    "email": f"oksana{number}@example.org",
                    "language": "uk",
                    "time_zone": "Europe/Kyiv",
                    "key": uuid.uuid4(),
                }
                for number in range(2)
            ],
        ),
    ],
)
def test_a_host_sends_no_endless_mails(
    host: Client,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    limit: str,
    forms: list[dict[str, Any]],
) -> None:
    GuestFactory(session=session)
    monkeypatch.setattr(f"webinars.views.desk_people.{limit}", 1)

    answers = [host.post(at(session, page), form).status_code for form in (forms[0], forms[0], forms[1])]

    assert answers == [302, 302, 429]

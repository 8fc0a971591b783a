"""The host's desk: who gets in, what stands there, the list and the table."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.conftest import grant, signed_in
from tests.factories.directory import OrganisationFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars.choices import Seat, State
from webinars.models import Feedback, Needs, Session
from webinars.queries import desk as queries

pytestmark = pytest.mark.django_db

PAGES = (
    "desk", "print_list", "export", "write", "add_person", "check_in", "edit", "publish", "move", "cancel_session",
    "copy", "materials", "recording", "feedback_results", "export_feedback",
)  # fmt: skip


@pytest.fixture
def session(coach: User) -> Session:
    return SessionFactory(slug="here", host=coach, capacity=3)


@pytest.fixture
def host(coach: User) -> Client:
    return signed_in(coach, "en")


def page(client: Client, session: Session, name: str = "desk", query: str = "") -> str:
    return client.get(reverse(f"webinars:{name}", args=[session.slug]) + query).content.decode()


def needs_of(row: Any, **said: str) -> None:
    Needs.objects.create(registration=row, **said)


# --- who gets in


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_asked_to_sign_in(client: Client, session: Session, name: str) -> None:
    answer = client.get(reverse(f"webinars:{name}", args=[session.slug]))

    assert (answer.status_code, answer.headers["Location"].startswith("/accounts/login/")) == (302, True)


@pytest.mark.parametrize("name", PAGES)
def test_whoever_is_no_host_learns_of_no_desk(
    session: Session, outsider: User, participant: User, partner: User, name: str
) -> None:
    RegistrationFactory(session=session, person=participant)
    SessionFactory(host=partner)
    address = reverse(f"webinars:{name}", args=[session.slug])

    found = [signed_in(person).get(address).status_code for person in (outsider, participant, partner)]

    assert found == [404, 404, 404]


@pytest.mark.parametrize("name", PAGES)
def test_the_host_gets_every_page(host: Client, coach: User, name: str) -> None:
    draft = SessionFactory(host=coach, state=State.DRAFT, published_at=None)
    published = SessionFactory(host=coach)
    session = draft if name == "publish" else published

    assert host.get(reverse(f"webinars:{name}", args=[session.slug])).status_code == 200


def test_the_office_that_may_only_look_is_refused_the_pages_that_change(
    session: Session, outsider: User
) -> None:
    outsider.is_staff = True
    outsider.save()
    grant(outsider, "webinars.view_session", "webinars.view_registration")
    office = signed_in(outsider, "en")

    found = {
        name: office.get(reverse(f"webinars:{name}", args=[session.slug])).status_code
        for name in ("desk", "export", "edit", "write", "check_in")
    }

    assert found == {"desk": 200, "export": 200, "edit": 403, "write": 403, "check_in": 403}


# --- the desk


def test_the_desk_names_who_comes_and_no_address(host: Client, session: Session, participant: User) -> None:
    RegistrationFactory(session=session, person=participant, organisation=OrganisationFactory(name="Choir"))
    GuestFactory(session=session, name="Oksana Guest", email="oksana@secret.example.org")

    shown = page(host, session)

    assert [word in shown for word in ("Teilnehmer", "Choir", "Oksana Guest", "українська")] == [True] * 4
    assert [address in shown for address in ("oksana@secret", participant.email)] == [False, False]


def test_needs_are_for_hosts_and_not_for_the_office(host: Client, session: Session, admin: User) -> None:
    needs_of(GuestFactory(session=session), diet="No nuts at all")

    assert "No nuts at all" in page(host, session)
    assert "No nuts at all" not in page(signed_in(admin, "en"), session)
    assert "No nuts at all" not in page(signed_in(admin, "en"), session, "print_list")


def test_the_figures_count_each_state_once(session: Session, coach: User) -> None:
    GuestFactory(session=session, attended_at=timezone.now())
    for state in (Seat.SEAT, Seat.OFFERED, Seat.WAITING, Seat.WAITING, Seat.CANCELLED, Seat.ASKED):
        GuestFactory(session=session, state=state)
    GuestFactory()

    found = queries.figures(session, coach)

    assert found == queries.Figures(
        seats=2, offered=1, waiting=2, cancelled=1, asked=1, attended=1, capacity=3
    )
    assert found.free == 0


def test_without_a_limit_no_number_of_free_seats_is_given(coach: User) -> None:
    session = SessionFactory(host=coach, capacity=None)

    assert queries.figures(session, coach).free is None


def test_seats_are_counted_by_country_and_by_organisation(
    session: Session, coach: User, partner: User
) -> None:
    choir = OrganisationFactory(name="Choir")
    RegistrationFactory(session=session, person=partner, organisation=choir)
    GuestFactory(session=session, attended_at=timezone.now())
    GuestFactory(session=session)
    GuestFactory(session=session, state=Seat.WAITING)

    countries = queries.shares_by_country(session, coach)
    organisations = queries.shares_by_organisation(session, coach)

    assert [(one.seats, one.attended) for one in countries] == [(2, 1), (1, 0)]
    assert "Kyiv" in countries[0].word or "Kyjiw" in countries[0].word
    assert [(one.seats, one.attended) for one in organisations] == [(2, 1), (1, 0)]


def test_the_table_can_be_filtered_by_state(host: Client, session: Session) -> None:
    GuestFactory(session=session, name="Sits Here")
    GuestFactory(session=session, name="Waits Here", state=Seat.WAITING)

    shown = page(host, session, query="?state=waiting")

    assert ("Waits Here" in shown, "Sits Here" in shown) == (True, False)
    assert "Sits Here" in page(host, session, query="?state=nonsense")


def test_a_draft_says_what_is_missing(host: Client, coach: User) -> None:
    draft = SessionFactory(host=coach, state=State.DRAFT, room="", room_link="", published_at=None)

    shown = page(host, draft)

    assert "a room for who comes online" in shown
    assert "Publish the session" not in shown


def test_the_desk_costs_the_same_for_few_and_for_many(host: Client, session: Session) -> None:
    needs_of(GuestFactory(session=session), diet="No nuts")
    RegistrationFactory(session=session, organisation=OrganisationFactory())
    page(host, session)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(host, session)

    for _number in range(12):
        needs_of(GuestFactory(session=session), diet="No nuts")
        RegistrationFactory(session=session, organisation=OrganisationFactory())
    with CaptureQueriesContext(connection) as many:
        page(host, session)

    assert (len(few), len(many)) == (14, 14)


# --- list and table


def test_the_printed_list_has_who_has_a_seat_by_name(host: Client, session: Session) -> None:
    needs_of(GuestFactory(session=session, name="Zoltán"), accessibility="Wheelchair")
    GuestFactory(session=session, name="Ágnes")
    GuestFactory(session=session, name="Only Waits", state=Seat.WAITING)

    shown = page(host, session, "print_list")

    assert shown.index("Ágnes") < shown.index("Zoltán")
    assert ("Wheelchair" in shown, "Only Waits" in shown) == (True, False)


def test_the_table_has_no_address_and_no_cell_a_spreadsheet_would_run(host: Client, session: Session) -> None:
    GuestFactory(session=session, name="=HYPERLINK(1)", email="secret@example.org", state=Seat.WAITING)

    table = page(host, session, "export").removeprefix("\ufeff")

    rows = list(csv.reader(table.splitlines()))
    assert rows[0] == [
        "Name", "Organisation", "State", "Language", "Country", "Registered on", "Attended",
    ]  # fmt: skip
    assert rows[1][:5] == ["'=HYPERLINK(1)", "", "on the waiting list", "українська", "Ukraine (Kyiv)"]
    assert "secret@" not in table


def test_the_table_costs_the_same_for_few_and_for_many(host: Client, session: Session) -> None:
    RegistrationFactory(session=session, organisation=OrganisationFactory())
    page(host, session, "export")
    with CaptureQueriesContext(connection) as few:
        page(host, session, "export")

    RegistrationFactory.create_batch(12, session=session, organisation=OrganisationFactory())
    with CaptureQueriesContext(connection) as many:
        page(host, session, "export")

    assert (len(few), len(many)) == (5, 5)


def test_two_answers_of_the_feedback_are_not_shown_and_three_are(host: Client, session: Session) -> None:
    today = timezone.localdate()
    answer = {"session": session, "understandable": 3, "technology": 2, "given_on": today}
    Feedback.objects.create(useful=5, text="Longer please", **answer)
    Feedback.objects.create(useful=4, **answer)
    of_two = page(host, session, "feedback_results"), page(host, session, "export_feedback")

    Feedback.objects.create(useful=4, **answer)
    of_three = page(host, session, "feedback_results"), page(host, session, "export_feedback")

    assert ["Longer please" in shown for shown in of_two + of_three] == [False, False, True, True]
    assert queries.feedback_questions(session)[0] == queries.Question(
        queries.feedback_questions(session)[0].word,
        pytest.approx(13 / 3),
        [(5, 1), (4, 2), (3, 0), (2, 0), (1, 0)],
    )


def test_a_session_that_is_over_asks_for_its_files(host: Client, coach: User) -> None:
    over = SessionFactory(host=coach, starts_at=timezone.now() - timedelta(days=1))

    assert "Add slides and minutes" in page(host, over)


def test_the_printed_list_costs_the_same_for_few_and_for_many(host: Client, session: Session) -> None:
    needs_of(RegistrationFactory(session=session, organisation=OrganisationFactory()), diet="No nuts")
    page(host, session, "print_list")
    with CaptureQueriesContext(connection) as few:
        page(host, session, "print_list")

    for row in RegistrationFactory.create_batch(12, session=session, organisation=OrganisationFactory()):
        needs_of(row, diet="No nuts")
    with CaptureQueriesContext(connection) as many:
        page(host, session, "print_list")

    assert (len(few), len(many)) == (10, 10)

"""Members register, cancel, accept, and say what they need."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.directory import MembershipFactory, OrganisationFactory
from tests.factories.webinars import RegistrationFactory, SessionFactory
from webinars.choices import Audience, Seat, State
from webinars.models import Needs, Registration, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(coach: User) -> Session:
    row: Session = SessionFactory(slug="talk", title_en="Talk", host=coach, capacity=1)
    return row


def sent(**data: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), **data}


def states() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("state", flat=True))


class TestRegistering:
    def test_one_click_takes_a_seat(self, session: Session, outsider: User) -> None:
        answer = signed_in(outsider, "en").post("/sessions/talk/register/", sent(), follow=True)

        assert answer.redirect_chain == [("/sessions/talk/", 302)]
        assert "You have a seat. We have sent you a mail" in answer.content.decode()
        assert Registration.objects.get().person == outsider

    def test_the_next_one_waits(self, session: Session, outsider: User) -> None:
        RegistrationFactory(session=session)

        answer = signed_in(outsider, "en").post("/sessions/talk/register/", sent(), follow=True)

        assert "You are on the waiting list. We write to you" in answer.content.decode()
        assert states() == ["seat", "waiting"]

    def test_sent_twice_it_is_one_registration_and_one_success(
        self, session: Session, outsider: User
    ) -> None:
        client, form = signed_in(outsider), sent()

        answers = [client.post("/sessions/talk/register/", form) for _time in range(2)]

        assert [(answer.status_code, answer["Location"]) for answer in answers] == [
            (302, "/sessions/talk/")
        ] * 2
        assert states() == ["seat"]

    def test_what_one_needs_is_kept(self, session: Session, outsider: User) -> None:
        signed_in(outsider).post("/sessions/talk/register/", sent(accessibility="Captions"))

        needs = Needs.objects.get()
        assert (needs.registration.person, needs.accessibility, needs.diet) == (outsider, "Captions", "")

    def test_for_an_organisation_one_belongs_to(self, session: Session, outsider: User) -> None:
        mine = MembershipFactory(person=outsider).organisation

        signed_in(outsider).post("/sessions/talk/register/", sent(organisation=mine.pk))

        assert Registration.objects.get().organisation == mine

    def test_not_for_another_organisation(self, session: Session, outsider: User) -> None:
        MembershipFactory(person=outsider)
        other = OrganisationFactory(name="Other club")
        client = signed_in(outsider)

        page = client.get("/sessions/talk/").content.decode()
        answer = client.post("/sessions/talk/register/", sent(organisation=other.pk))

        assert "Other club" not in page
        assert (answer.status_code, states()) == (422, [])

    def test_an_organisation_that_has_its_seats_is_told(self, session: Session, outsider: User) -> None:
        Session.objects.filter(pk=session.pk).update(seats_per_organisation=1, capacity=10)
        mine = MembershipFactory(person=outsider).organisation
        RegistrationFactory(session=session, organisation=mine)

        answer = signed_in(outsider, "en").post("/sessions/talk/register/", sent(organisation=mine.pk))

        assert (answer.status_code, states()) == (409, ["seat"])
        assert "Your organisation has all the seats" in answer.content.decode()

    def test_registered_already_is_said(self, session: Session, outsider: User) -> None:
        RegistrationFactory(session=session, person=outsider)

        answer = signed_in(outsider, "en").post("/sessions/talk/register/", sent())

        assert (answer.status_code, states()) == (409, ["seat"])
        assert "You are registered already" in answer.content.decode()

    @pytest.mark.parametrize(
        ("facts", "status", "reason"),
        [
            ({"state": State.DRAFT}, 404, ""),
            ({"audience": Audience.INVITED}, 404, ""),
            ({"state": State.CANCELLED}, 409, "The session was cancelled."),
            ({"closes_at": timezone.now() - timedelta(days=1)}, 409, "Registration is closed."),
            ({"opens_at": timezone.now() + timedelta(days=1)}, 409, "Registration has not begun yet."),
            ({"starts_at": timezone.now() - timedelta(hours=1)}, 409, "The session has begun or is over."),
        ],
    )
    def test_nothing_is_written_while_it_is_not_open(
        self, session: Session, outsider: User, facts: dict[str, Any], status: int, reason: str
    ) -> None:
        Session.objects.filter(pk=session.pk).update(**facts)

        answer = signed_in(outsider, "en").post("/sessions/talk/register/", sent())

        assert (answer.status_code, states()) == (status, [])
        assert reason in answer.content.decode()

    def test_a_form_without_key_is_shown_again(self, session: Session, outsider: User) -> None:
        answer = signed_in(outsider).post("/sessions/talk/register/", {})

        assert (answer.status_code, states()) == (422, [])

    def test_a_visitor_signs_in_first(self, session: Session, client: Client) -> None:
        answer = client.post("/sessions/talk/register/", sent())

        assert answer["Location"] == "/accounts/login/?next=/sessions/talk/register/"
        assert states() == []

    def test_reading_the_address_changes_nothing(self, session: Session, outsider: User) -> None:
        answer = signed_in(outsider).get("/sessions/talk/register/")

        assert (answer["Location"], states()) == ("/sessions/talk/", [])


class TestCancelling:
    def test_is_asked_once_and_done(self, session: Session, outsider: User) -> None:
        RegistrationFactory(session=session, person=outsider)
        client = signed_in(outsider, "en")

        page = client.get("/sessions/talk/cancel/").content.decode()
        asked = states()
        answer = client.post("/sessions/talk/cancel/", sent(), follow=True)

        assert "Cancel the registration?" in page
        assert asked == ["seat"]
        assert states() == ["cancelled"]
        assert "Your registration is cancelled." in answer.content.decode()

    def test_sent_twice_it_leads_to_the_same_page(self, session: Session, outsider: User) -> None:
        RegistrationFactory(session=session, person=outsider)
        client, form = signed_in(outsider), sent()

        answers = [client.post("/sessions/talk/cancel/", form) for _time in range(2)]

        assert [answer["Location"] for answer in answers] == ["/sessions/talk/"] * 2

    def test_not_for_somebody_else(self, session: Session, outsider: User, partner: User) -> None:
        RegistrationFactory(session=session, person=partner)

        answer = signed_in(outsider).post("/sessions/talk/cancel/", sent())

        assert (answer.status_code, states()) == (404, ["seat"])

    def test_after_the_start_it_is_too_late(self, session: Session, outsider: User) -> None:
        RegistrationFactory(session=session, person=outsider)
        Session.objects.filter(pk=session.pk).update(starts_at=timezone.now() - timedelta(minutes=1))

        answer = signed_in(outsider, "en").post("/sessions/talk/cancel/", sent())

        assert (answer.status_code, states()) == (409, ["seat"])
        assert "It is too late to cancel" in answer.content.decode()

    def test_who_no_longer_sees_the_session_lands_on_the_own_list(
        self, session: Session, outsider: User
    ) -> None:
        RegistrationFactory(session=session, person=outsider)
        Session.objects.filter(pk=session.pk).update(audience=Audience.INVITED)

        answer = signed_in(outsider).post("/sessions/talk/cancel/", sent(), follow=True)

        assert (answer.redirect_chain, answer.status_code) == ([("/sessions/mine/", 302)], 200)


class TestAccepting:
    def test_an_offered_seat_is_taken(self, session: Session, outsider: User) -> None:
        RegistrationFactory(session=session, person=outsider, state=Seat.OFFERED)
        client = signed_in(outsider, "en")

        page = client.get("/sessions/talk/").content.decode()
        client.post("/sessions/talk/accept/", sent())

        assert 'action="/sessions/talk/accept/"' in page
        assert states() == ["seat"]

    def test_too_late_is_said(self, session: Session, outsider: User) -> None:
        RegistrationFactory(
            session=session,
            person=outsider,
            state=Seat.OFFERED,
            offer_expires_at=timezone.now() - timedelta(minutes=1),
        )

        answer = signed_in(outsider, "en").post("/sessions/talk/accept/", sent())

        assert (answer.status_code, states()) == (409, ["offered"])
        assert "The seat is no longer free" in answer.content.decode()

    def test_not_for_somebody_else(self, session: Session, outsider: User, partner: User) -> None:
        RegistrationFactory(session=session, person=partner, state=Seat.OFFERED)

        answer = signed_in(outsider).post("/sessions/talk/accept/", sent())

        assert (answer.status_code, states()) == (404, ["offered"])


class TestNeeds:
    def test_are_changed(self, session: Session, outsider: User) -> None:
        row = RegistrationFactory(session=session, person=outsider)
        Needs.objects.create(registration=row, diet="Vegan")
        client = signed_in(outsider)

        page = client.get("/sessions/talk/needs/").content.decode()
        client.post("/sessions/talk/needs/", sent(diet="Vegetarian"))

        assert 'value="Vegan"' in page
        assert Needs.objects.get().diet == "Vegetarian"

    def test_of_others_are_not_shown(self, session: Session, outsider: User, partner: User) -> None:
        row = RegistrationFactory(session=session, person=partner)
        Needs.objects.create(registration=row, diet="Vegan")

        assert signed_in(outsider).get("/sessions/talk/needs/").status_code == 404


class TestMine:
    def test_shows_own_and_led_sessions_and_nobody_elses(
        self, session: Session, outsider: User, coach: User
    ) -> None:
        RegistrationFactory(session=session, person=outsider, state=Seat.WAITING)
        SessionFactory(title_en="Not mine")

        pages = [
            signed_in(person, "en").get("/sessions/mine/").content.decode() for person in (outsider, coach)
        ]

        assert ["Talk</a>" in page for page in pages] == [True, True]
        assert ["You are on the waiting list" in page for page in pages] == [True, False]
        assert ["You lead it" in page for page in pages] == [False, True]
        assert "Not mine" not in "".join(pages)

    def test_past_ones_stand_below(self, outsider: User) -> None:
        over = SessionFactory(title_en="Over", starts_at=timezone.now() - timedelta(days=3))
        RegistrationFactory(session=over, person=outsider)

        page = signed_in(outsider, "en").get("/sessions/mine/").content.decode()

        assert page.index('id="past"') < page.index("Over</a>")
        assert 'href="/sessions/' + over.slug + '/feedback/"' in page

    def test_a_visitor_signs_in_first(self, client: Client) -> None:
        assert client.get("/sessions/mine/")["Location"] == "/accounts/login/?next=/sessions/mine/"

    @pytest.mark.parametrize("rows", [1, 4])
    def test_few_queries_however_many(
        self, outsider: User, rows: int, django_assert_num_queries: Any
    ) -> None:
        for _number in range(rows):
            RegistrationFactory(session=SessionFactory(host=outsider), person=outsider)
        client = signed_in(outsider)
        client.get("/sessions/mine/")

        with django_assert_num_queries(11):
            client.get("/sessions/mine/")


def test_needs_that_are_corrected_after_back_are_kept(outsider: User) -> None:
    row = RegistrationFactory(session=SessionFactory(slug="corrected"), person=outsider)
    client, typed = signed_in(outsider), {"key": str(uuid4()), "diet": "vegetarian"}
    client.post("/sessions/corrected/needs/", typed)

    client.post("/sessions/corrected/needs/", {**typed, "diet": "vegan"})

    assert Needs.objects.get(registration=row).diet == "vegan"

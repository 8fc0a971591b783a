"""People without an account: the form, and the page behind the link of their mails."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars.choices import Audience, MaterialAccess, Seat, State
from webinars.links import seat_path
from webinars.models import Feedback, Material, Needs, Registration, Session

pytestmark = pytest.mark.django_db
SECRET = "https://room.example/secret"
FORM = "/sessions/talk/guest/"


@pytest.fixture
def session(db: None) -> Session:
    row: Session = SessionFactory(slug="talk", title_en="Talk", capacity=1, room_link=SECRET)
    return row


def sent(**data: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), **data}


def guest(**data: Any) -> dict[str, Any]:
    typed = {"name": "Oksana", "email": "oksana@example.org", "language": "uk", "time_zone": "Europe/Kyiv"}
    return sent(**typed, **data)


def states() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("state", flat=True))


def page_of(client: Client, row: Registration, **query: str) -> str:
    body: str = client.get(seat_path(row), {"lang": "en", **query}).content.decode()
    return body


def moved(session: Session, **facts: Any) -> None:
    Session.objects.filter(pk=session.pk).update(**facts)


class TestTheForm:
    def test_asks_in_the_readers_language_with_the_readers_clock_chosen(
        self, session: Session, client: Client
    ) -> None:
        page = client.get(FORM, headers={"Accept-Language": "uk"}).content.decode()

        assert '<html lang="uk">' in page
        assert '<option value="Europe/Kyiv" selected>' in page

    def test_keeps_what_was_typed_and_sends_a_mail(self, session: Session, client: Client) -> None:
        answer = client.post(FORM, guest(accessibility="Captions"))

        row = Registration.objects.get()
        told = (row.name, row.email, row.language, row.time_zone, row.state, row.needs.accessibility)
        assert told == ("Oksana", "oksana@example.org", "uk", "Europe/Kyiv", "asked", "Captions")
        assert answer["Location"] == f"{FORM}?sent=1"
        assert [notice.kind for notice in Notice.objects.all()] == ["guest_confirm"]

    def test_a_known_address_looks_the_same(self, session: Session, client: Client, outsider: User) -> None:
        moved(session, capacity=10)
        RegistrationFactory(session=session, person=outsider)
        GuestFactory(session=session, email="known@example.org")

        answers = [
            client.post(FORM, guest() | {"email": email})
            for email in ("new@example.org", "known@example.org", outsider.email)
        ]
        pages = [client.get(answer["Location"]).content for answer in answers]

        assert [answer.status_code for answer in answers] == [302] * 3
        assert len({answer["Location"] for answer in answers}) == 1
        assert len(set(pages)) == 1
        assert states() == ["seat", "seat", "asked"]

    def test_sent_twice_it_is_one_registration(self, session: Session, client: Client) -> None:
        form = guest()

        answers = [client.post(FORM, form) for _time in range(2)]

        assert [answer["Location"] for answer in answers] == [f"{FORM}?sent=1"] * 2
        assert (states(), Notice.objects.count()) == (["asked"], 1)

    @pytest.mark.parametrize(
        "wrong", [{"email": "no address"}, {"name": ""}, {"language": "fr"}, {"time_zone": "Mars"}]
    )
    def test_what_is_wrong_is_said(self, session: Session, client: Client, wrong: dict[str, str]) -> None:
        answer = client.post(f"{FORM}?lang=en", guest() | wrong)

        assert (answer.status_code, states()) == (422, [])
        assert "Please check your answer" in answer.content.decode()

    def test_a_program_that_fills_in_everything_gets_nowhere(self, session: Session, client: Client) -> None:
        answer = client.post(FORM, guest(website="https://spam.example"))

        assert (answer.status_code, states()) == (302, [])

    @pytest.mark.parametrize(
        ("facts", "status"),
        [
            ({"state": State.DRAFT}, 404),
            ({"audience": Audience.MEMBERS}, 404),
            ({"audience": Audience.INVITED}, 404),
            ({"state": State.CANCELLED}, 409),
            ({"closes_at": timezone.now() - timedelta(days=1)}, 409),
            ({"opens_at": timezone.now() + timedelta(days=1)}, 409),
            ({"starts_at": timezone.now() - timedelta(hours=1)}, 409),
        ],
    )
    def test_nothing_is_written_while_it_is_not_open(
        self, session: Session, client: Client, facts: dict[str, Any], status: int
    ) -> None:
        moved(session, **facts)

        answer = client.post(FORM, guest())

        assert (answer.status_code, states(), Notice.objects.count()) == (status, [], 0)

    def test_an_office_of_thirty_passes_and_a_flood_does_not(self, session: Session, client: Client) -> None:
        answers = [
            client.post(f"{FORM}?lang=en", guest() | {"email": f"guest{number}@example.org"}).status_code
            for number in range(61)
        ]

        assert answers == [302] * 60 + [429]

    def test_one_address_is_written_to_a_few_times_an_hour(self, session: Session, client: Client) -> None:
        answers = [client.post(FORM, guest() | {"name": f"Name {number}"}).status_code for number in range(6)]

        assert answers == [302] * 6
        assert Registration.objects.get().name == "Name 3"


class TestTheLink:
    @pytest.mark.parametrize("language", [code for code, _name in settings.PARTNER_LANGUAGES])
    @pytest.mark.parametrize("state", Seat.values)
    def test_every_state_has_a_page_in_every_language(
        self, session: Session, client: Client, language: str, state: str
    ) -> None:
        row = GuestFactory(session=session, state=state)

        answer = client.get(seat_path(row, language))

        assert (answer.status_code, answer["Content-Language"]) == (200, language)

    def test_opens_in_the_readers_language_and_clock(self, client: Client) -> None:
        begins = datetime(2031, 3, 28, 15, 0, tzinfo=UTC)
        row = GuestFactory(session=SessionFactory(starts_at=begins))

        answer = client.get(seat_path(row))

        assert answer["Content-Language"] == "uk"
        assert "17:00–18:00" in answer.content.decode()
        assert "16:00–17:00" in answer.content.decode()

    @pytest.mark.parametrize("path", ["", "door/", "feedback/", "certificate.pdf", "session.ics", "files/1/"])
    @pytest.mark.parametrize("which", ["wrong", "old"])
    def test_a_wrong_or_replaced_link_is_no_link(
        self, session: Session, client: Client, path: str, which: str
    ) -> None:
        row = GuestFactory(session=session)
        good = seat_path(row)
        if which == "old":
            Registration.objects.filter(pk=row.pk).update(nonce="0" * 32)
        address = good if which == "old" else "/seat/1-abcdefghijklmnop/"

        answer = client.get(f"{address}{path}?lang=en")

        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()

    def test_a_cut_off_link_is_explained(self, client: Client) -> None:
        answer = client.get("/seat/?lang=en")

        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()

    def test_shows_nobody_else_and_no_room(self, session: Session, client: Client) -> None:
        GuestFactory(session=session, name="Somebody Else", email="else@example.org")
        row = GuestFactory(session=session, state=Seat.WAITING)

        page = page_of(client, row)

        assert "You are on the waiting list." in page
        assert "Somebody Else" not in page
        assert "else@example.org" not in page
        assert "room.example" not in page

    def test_is_kept_nowhere(self, session: Session, client: Client) -> None:
        answer = client.get(seat_path(GuestFactory(session=session)))

        assert (answer["Cache-Control"], answer["Referrer-Policy"], answer["X-Robots-Tag"]) == (
            "private, no-store",
            "no-referrer",
            "noindex, nofollow",
        )

    def test_works_for_a_member_signed_out(self, session: Session, client: Client, partner: User) -> None:
        row = RegistrationFactory(session=session, person=partner)

        answer = client.get(seat_path(row))

        assert (answer.status_code, answer["Content-Language"]) == (200, "en")
        assert "Bucharest" in answer.content.decode()

    def test_reading_every_page_changes_nothing(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session, state=Seat.ASKED)

        for query in ({}, {"way": "cancel"}, {"way": "needs"}, {"confirm": "1"}, {"accept": "1"}):
            client.get(seat_path(row), query)

        assert states() == ["asked"]


class TestConfirming:
    def test_a_click_takes_the_seat(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session, state=Seat.ASKED)

        page = page_of(client, row)
        answer = client.post(seat_path(row, "en"), sent(confirm="1"), follow=True)

        assert "Yes, I want to come" in page
        assert states() == ["seat"]
        assert "You have a seat." in answer.content.decode()

    def test_a_full_session_makes_it_a_place_in_the_list(self, session: Session, client: Client) -> None:
        RegistrationFactory(session=session)
        row = GuestFactory(session=session, state=Seat.ASKED)

        answer = client.post(seat_path(row, "en"), sent(confirm="1"), follow=True)

        assert states() == ["seat", "waiting"]
        assert "You are on the waiting list." in answer.content.decode()

    def test_too_late_is_said_and_changes_nothing(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session, state=Seat.ASKED)
        moved(session, closes_at=timezone.now() - timedelta(minutes=1))

        answer = client.post(seat_path(row, "en"), sent(confirm="1"))

        assert (answer.status_code, states()) == (409, ["asked"])
        assert "Registration is closed. Nothing was changed." in answer.content.decode()

    def test_sent_twice_it_is_confirmed_once(self, session: Session, client: Client) -> None:
        row, form = GuestFactory(session=session, state=Seat.ASKED), sent(confirm="1")

        answers = [client.post(seat_path(row), form) for _time in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert [notice.kind for notice in Notice.objects.all()] == ["seat_confirmed"]


class TestTheOffer:
    def test_is_accepted_with_its_deadline_shown(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session, state=Seat.OFFERED)

        page = page_of(client, row)
        client.post(seat_path(row), sent(accept="1"))

        assert "The seat is kept for you until" in page
        assert "Take the seat" in page
        assert states() == ["seat"]

    def test_that_is_over_cannot_be_taken(self, session: Session, client: Client) -> None:
        row = GuestFactory(
            session=session, state=Seat.OFFERED, offer_expires_at=timezone.now() - timedelta(minutes=1)
        )

        page = page_of(client, row)
        answer = client.post(seat_path(row, "en"), sent(accept="1"))

        assert "Take the seat" not in page
        assert (answer.status_code, states()) == (409, ["offered"])
        assert "The seat is no longer free." in answer.content.decode()

    def test_declined_it_goes_to_the_next(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session, state=Seat.OFFERED)
        GuestFactory(session=session, state=Seat.WAITING)

        client.post(f"{seat_path(row)}?way=cancel", sent())

        assert states() == ["cancelled", "offered"]


class TestCancelling:
    def test_is_asked_and_done(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session)

        page = page_of(client, row, way="cancel")
        answer = client.post(f"{seat_path(row)}?way=cancel&lang=en", sent(), follow=True)

        assert "Cancel the registration?" in page
        assert states() == ["cancelled"]
        assert "Your registration is cancelled." in answer.content.decode()
        assert "Register again" in answer.content.decode()

    def test_after_the_start_it_is_too_late(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session)
        moved(session, starts_at=timezone.now() - timedelta(minutes=1))

        answer = client.post(f"{seat_path(row)}?way=cancel&lang=en", sent())

        assert (answer.status_code, states()) == (409, ["seat"])
        assert "The session has begun." in answer.content.decode()

    def test_the_link_cancels_its_own_registration_only(self, session: Session, client: Client) -> None:
        other = GuestFactory(session=session)
        row = GuestFactory(session=SessionFactory())

        client.post(f"{seat_path(row)}?way=cancel", sent())

        other.refresh_from_db()
        assert other.state == Seat.SEAT


class TestWhatElse:
    def test_needs_are_changed(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session)

        client.post(f"{seat_path(row)}?way=needs", sent(diet="Vegan"))

        assert Needs.objects.get().diet == "Vegan"
        assert "Vegan" in page_of(client, row)

    def test_a_cancelled_session_tells_why(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session)
        moved(session, state=State.CANCELLED, cancel_reason_en="The speaker is ill.")

        page = page_of(client, row)

        assert "This session was cancelled." in page
        assert "The speaker is ill." in page
        assert "<form" not in page

    def test_files_are_those_for_people_with_a_seat(self, session: Session, client: Client) -> None:
        for access in MaterialAccess.values:
            Material.objects.create(
                session=session, title_en=f"For {access}", access=access, file="x", original_name="x.pdf",
                content_type="application/pdf", size=1, uploaded_at=timezone.now(),
            )  # fmt: skip
        rows = [GuestFactory(session=session, state=state) for state in (Seat.SEAT, Seat.WAITING)]

        pages = [page_of(client, row) for row in rows]

        assert [[f"For {access}" in page for access in MaterialAccess.values] for page in pages] == [
            [True, True, False],
            [True, False, False],
        ]

    def test_a_file_of_another_session_is_not_given_out(self, session: Session, client: Client) -> None:
        other = Material.objects.create(
            session=SessionFactory(), title_en="Other", access=MaterialAccess.EVERYBODY, file="x",
            original_name="x.pdf", content_type="application/pdf", size=1, uploaded_at=timezone.now(),
        )  # fmt: skip
        row = GuestFactory(session=session)

        assert client.get(f"{seat_path(row)}files/{other.pk}/").status_code == 404


class TestAfterwards:
    ANSWERS = {"useful": "5", "understandable": "4", "technology": "3", "text": "More time"}

    @pytest.fixture
    def over(self, session: Session) -> Session:
        moved(
            session,
            starts_at=timezone.now() - timedelta(hours=3),
            ends_at=timezone.now() - timedelta(hours=2),
        )
        session.refresh_from_db()
        return session

    def test_four_answers_are_kept_once_without_name(self, over: Session, client: Client) -> None:
        row = GuestFactory(session=over)
        address = f"{seat_path(row)}feedback/?lang=en"

        answers = [client.post(address, sent(**self.ANSWERS), follow=True) for _time in range(2)]

        given = Feedback.objects.values_list("useful", "understandable", "technology", "text")
        assert list(given) == [(5, 4, 3, "More time")]
        assert [answer.status_code for answer in answers] == [200, 409]
        assert ["Thank you for your answers" in answer.content.decode() for answer in answers] == [True, True]

    def test_a_missing_answer_is_asked_for(self, over: Session, client: Client) -> None:
        answer = client.post(f"{seat_path(GuestFactory(session=over))}feedback/", sent(useful="5"))

        assert (answer.status_code, Feedback.objects.count()) == (422, 0)

    def test_after_two_weeks_it_is_closed(self, over: Session, client: Client) -> None:
        row = GuestFactory(session=over)
        moved(
            over, starts_at=timezone.now() - timedelta(days=16), ends_at=timezone.now() - timedelta(days=15)
        )

        answer = client.post(f"{seat_path(row)}feedback/?lang=en", sent(**self.ANSWERS))

        assert (answer.status_code, Feedback.objects.count()) == (409, 0)
        assert "for 14 days" in answer.content.decode()

    def test_members_answer_signed_in(self, over: Session, outsider: User) -> None:
        RegistrationFactory(session=over, person=outsider)
        client = signed_in(outsider, "en")

        page = client.get("/sessions/talk/feedback/")
        answers = [client.post("/sessions/talk/feedback/", sent(**self.ANSWERS)) for _time in range(2)]

        assert page.status_code == 200
        assert [answer.status_code for answer in answers] == [302, 409]
        assert Feedback.objects.count() == 1

    def test_who_has_no_seat_is_not_asked(self, over: Session, outsider: User) -> None:
        assert signed_in(outsider).get("/sessions/talk/feedback/").status_code == 404

    def test_who_was_there_saves_a_certificate(self, over: Session, client: Client) -> None:
        row = GuestFactory(session=over, attended_at=timezone.now() - timedelta(hours=3))
        address = f"{seat_path(row)}certificate.pdf"

        before, made, again = client.get(address), client.post(address), client.get(address)

        assert "Save the certificate" in page_of(client, row)
        assert before["Location"] == seat_path(row)
        assert [answer["Content-Type"] for answer in (made, again)] == ["application/pdf"] * 2
        assert made.content.startswith(b"%PDF-")

    def test_who_was_not_there_gets_none(self, over: Session, client: Client, outsider: User) -> None:
        row = GuestFactory(session=over)
        RegistrationFactory(session=over, person=outsider)

        answers = [
            client.post(f"{seat_path(row)}certificate.pdf"),
            signed_in(outsider).post("/sessions/talk/certificate.pdf"),
        ]

        assert "Save the certificate" not in page_of(client, row)
        assert [answer.status_code for answer in answers] == [302, 409]


class TestSentAgain:
    def test_a_corrected_address_is_another_registration(self, session: Session, client: Client) -> None:
        typed = {**guest(), "email": "oksanna@example.org"}
        client.post(FORM, typed)

        client.post(FORM, {**typed, "email": "oksana@example.org"})
        client.post(FORM, {**typed, "email": "oksana@example.org"})

        asked = Registration.objects.order_by("pk").values_list("email", flat=True)
        assert list(asked) == ["oksanna@example.org", "oksana@example.org"]

    def test_needs_that_are_corrected_after_back_are_kept(self, session: Session, client: Client) -> None:
        row = GuestFactory(session=session)
        page, typed = f"{seat_path(row)}?way=needs", sent(diet="vegetarian")
        client.post(page, typed)

        client.post(page, {**typed, "diet": "vegan"})

        assert Needs.objects.get(registration=row).diet == "vegan"


class TestAClosedAccount:
    def test_its_links_lead_nowhere(self, session: Session, client: Client) -> None:
        row = RegistrationFactory(session=session)
        page = seat_path(row)
        before = client.get(page).status_code
        User.objects.filter(pk=row.person.pk).update(is_active=False)

        after = [client.get(f"{page}{path}").status_code for path in ("", "door/", "session.ics")]

        assert (before, after) == (200, [404, 404, 404])


class TestWithoutCookies:
    def test_a_form_that_is_refused_is_explained_in_the_readers_language(self, session: Session) -> None:
        strict = Client(enforce_csrf_checks=True)

        answer = strict.post(f"{FORM}?lang=hu", guest())

        assert answer.status_code == 403
        assert '<html lang="hu">' in answer.content.decode()
        assert states() == []

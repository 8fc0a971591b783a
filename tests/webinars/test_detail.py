"""The page of one session."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.directory import TopicFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars.choices import Audience, MaterialAccess, Seat, State
from webinars.models import Invitation, Material, Session

pytestmark = pytest.mark.django_db
SECRET = "https://room.example/secret"


@pytest.fixture
def english(db: None) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def session(coach: User) -> Session:
    row: Session = SessionFactory(slug="talk", title_en="Talk", room_link=SECRET, host=coach)
    return row


def words(client: Client, address: str = "/sessions/talk/") -> str:
    page = client.get(address).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


class TestWhoSeesIt:
    @pytest.mark.parametrize(
        ("facts", "visitor", "member", "host"),
        [
            ({}, 200, 200, 200),
            ({"state": State.DRAFT}, 404, 404, 200),
            ({"audience": Audience.MEMBERS}, 404, 200, 200),
            ({"audience": Audience.INVITED}, 404, 404, 200),
            ({"state": State.CANCELLED}, 200, 200, 200),
        ],
    )
    def test_as_its_state_and_audience_say(
        self,
        session: Session,
        outsider: User,
        coach: User,
        facts: dict[str, Any],
        visitor: int,
        member: int,
        host: int,
    ) -> None:
        Session.objects.filter(pk=session.pk).update(**facts)

        answers = [
            client.get("/sessions/talk/") for client in (Client(), signed_in(outsider), signed_in(coach))
        ]

        assert [answer.status_code for answer in answers] == [visitor, member, host]

    def test_who_is_invited_sees_it(self, session: Session, partner: User) -> None:
        Session.objects.filter(pk=session.pk).update(audience=Audience.INVITED)
        Invitation.objects.create(session=session, person=partner, invited_at=timezone.now())

        assert signed_in(partner).get("/sessions/talk/").status_code == 200


class TestWhatItSays:
    def test_both_clocks(self, partner: User) -> None:
        SessionFactory(slug="talk", starts_at=datetime(2031, 3, 28, 15, 0, tzinfo=UTC))

        page = words(signed_in(partner, "en"))

        assert "On your clock Friday, 28 March 2031, 17:00–18:00 Bucharest (EET)" in page
        assert "On the organiser's clock Friday, 28 March 2031, 16:00–17:00 Berlin (CET)" in page.replace(
            "&#x27;", "'"
        )

    def test_its_hosts_and_topics(self, session: Session, english: Client) -> None:
        session.topics.add(TopicFactory())

        page = words(english)

        assert "Hosts Coach A" in page
        assert "Topics Youth and school" in page

    def test_what_is_written_in_the_other_language_only_says_so(self, english: Client) -> None:
        SessionFactory(slug="talk", summary_de="Nur deutsch.", summary_en="")

        page = english.get("/sessions/talk/").content.decode()

        assert "So far there is this text in German only." in page
        assert '<div class="prose" lang="de">' in page

    def test_never_the_room(self, session: Session, coach: User, outsider: User, english: Client) -> None:
        RegistrationFactory(session=session, person=outsider)

        pages = [client.get("/sessions/talk/") for client in (english, signed_in(coach), signed_in(outsider))]

        assert [answer.status_code for answer in pages] == [200, 200, 200]
        assert "room.example" not in "".join(answer.content.decode() for answer in pages)


class TestTheBox:
    def test_a_visitor_may_register_as_guest_or_sign_in(self, session: Session, english: Client) -> None:
        page = english.get("/sessions/talk/").content.decode()

        assert 'href="/sessions/talk/guest/"' in page
        assert "?next=/sessions/talk/" in page
        assert 'action="/sessions/talk/register/"' not in page

    def test_a_member_has_one_button(self, session: Session, outsider: User) -> None:
        page = signed_in(outsider, "en").get("/sessions/talk/").content.decode()

        assert 'action="/sessions/talk/register/"' in page
        assert page.count("kern-btn--primary") == 1

    @pytest.mark.parametrize("who", ["visitor", "member"])
    def test_a_full_one_offers_the_waiting_list(self, session: Session, outsider: User, who: str) -> None:
        Session.objects.filter(pk=session.pk).update(capacity=1)
        RegistrationFactory(session=session)
        client = signed_in(outsider, "en") if who == "member" else Client(headers={"Accept-Language": "en"})

        assert "You can put yourself on the waiting list." in words(client)

    @pytest.mark.parametrize(
        "facts",
        [
            {"state": State.CANCELLED},
            {"closes_at": timezone.now() - timedelta(days=1)},
            {"opens_at": timezone.now() + timedelta(days=1)},
            {"starts_at": timezone.now() - timedelta(minutes=5)},
        ],
    )
    def test_no_button_while_registration_is_closed(
        self, session: Session, outsider: User, facts: dict[str, Any]
    ) -> None:
        Session.objects.filter(pk=session.pk).update(**facts)

        pages = [client.get("/sessions/talk/").content.decode() for client in (Client(), signed_in(outsider))]

        assert 'href="/sessions/talk/guest/"' not in pages[0]
        assert 'action="/sessions/talk/register/"' not in pages[1]

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            (Seat.SEAT, "You have a seat"),
            (Seat.WAITING, "You are on the waiting list"),
            (Seat.OFFERED, "A seat is offered to you"),
        ],
    )
    def test_tells_the_own_state_to_its_owner_only(
        self, session: Session, outsider: User, partner: User, state: Seat, said: str
    ) -> None:
        RegistrationFactory(session=session, person=partner, state=state)

        assert said in words(signed_in(partner, "en"))
        assert said not in words(signed_in(outsider, "en"))

    def test_the_door_shows_to_who_has_a_seat_when_it_opens(
        self, session: Session, partner: User, outsider: User
    ) -> None:
        Session.objects.filter(pk=session.pk).update(starts_at=timezone.now() + timedelta(minutes=10))
        RegistrationFactory(session=session, person=partner)

        assert "Go to the entrance" in words(signed_in(partner, "en"))
        assert "Go to the entrance" not in words(signed_in(outsider, "en"))

    def test_the_desk_shows_to_hosts_only(self, session: Session, coach: User, outsider: User) -> None:
        assert "Desk of the hosts" in words(signed_in(coach, "en"))
        assert "Desk of the hosts" not in words(signed_in(outsider, "en"))


class TestAfterwards:
    def test_files_are_for_whom_they_are_for(self, session: Session, partner: User, outsider: User) -> None:
        for access in MaterialAccess.values:
            Material.objects.create(
                session=session, title_en=f"For {access}", access=access, file="x", original_name="x.pdf",
                content_type="application/pdf", size=1, uploaded_at=timezone.now(),
            )  # fmt: skip
        RegistrationFactory(session=session, person=partner)
        RegistrationFactory(session=session, person=outsider, state=Seat.WAITING)

        seen = [words(signed_in(person, "en")) for person in (partner, outsider)]

        assert [[f"For {access}" in page for access in MaterialAccess.values] for page in seen] == [
            [True, True, False],
            [True, False, False],
        ]

    def test_a_recording_stands_there_with_its_text_once_published(
        self, session: Session, english: Client
    ) -> None:
        facts = {"recording_url": "https://video.example/1", "transcript": "All that was said."}
        Session.objects.filter(pk=session.pk).update(**facts)
        before = words(english)

        Session.objects.filter(pk=session.pk).update(recording_published_at=timezone.now())

        assert "All that was said." not in before
        assert "All that was said." in words(english)


@pytest.mark.parametrize("rows", [1, 5])
def test_few_queries_however_many_come(
    session: Session, outsider: User, rows: int, django_assert_num_queries: Any
) -> None:
    for _number in range(rows):
        session.topics.add(TopicFactory(code=f"topic-{_number}"))
        GuestFactory(session=session)
    client = signed_in(outsider)
    client.get("/sessions/talk/")

    with django_assert_num_queries(6):
        Client().get("/sessions/talk/")
    with django_assert_num_queries(14):
        client.get("/sessions/talk/")

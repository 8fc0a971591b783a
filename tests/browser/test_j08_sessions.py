"""J8 as people see it: find a session, register, enter the room, lead it, and what comes after."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from core.wall_time import wall_of
from tests.browser.mailbox import Mailbox
from tests.browser.video_room import VideoRoom, open_room
from tests.browser.walking import go_on, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from tests.pdf_reading import text_of
from webinars.choices import Format, RoomKind, Seat, State
from webinars.links import door_path, entrance_token, seat_path
from webinars.models import Certificate, Feedback, Registration, Session
from webinars.permissions import LEADS

Check = Callable[[Page], None]
Deliver = Callable[[], int]
GUEST = "olena@baja.example"
WITHOUT_JAVASCRIPT = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.fixture
def member(transactional_db: None) -> User:
    return UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de")


@pytest.fixture
def host(transactional_db: None) -> User:
    person = UserFactory(email="coach@vipad.example", display_name="Coach Kraft", language="de")
    person.groups.add(Group.objects.get_or_create(name=LEADS[0])[0])
    return person


@pytest.fixture
def room(problems: list[str]) -> Iterator[VideoRoom]:
    """The one foreign server that a test may reach."""
    with open_room() as server:
        yield server
        problems[:] = [line for line in problems if server.origin not in line]


def begin_in(session: Session, minutes: int) -> None:
    """Real time goes on: the session comes nearer instead."""
    starts_at = timezone.now() + timedelta(minutes=minutes)
    wall = wall_of(starts_at, session.zone)
    Session.objects.filter(pk=session.pk).update(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=session.minutes),
        day=wall.date(),
        begins=wall.time(),
    )


def seat_link(mailbox: Mailbox, address: str) -> str:
    return next(link for link in mailbox.to(address).links() if "/seat/" in link)


# --- guests ---------------------------------------------------------------------------------------------------


def test_a_guest_finds_registers_confirms_and_enters_the_room(
    page: Page,
    room: VideoRoom,
    transactional_db: None,
    live_server: Any,
    read_in: Callable[[str], None],
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
) -> None:
    session = SessionFactory(title_en="Calling Ukraine", languages=["uk"], room_link=room.link)
    SessionFactory(title_en="Bread and salt", languages=["de"])
    page.set_viewport_size({"width": 360, "height": 800})
    read_in("en")

    # found by a filter
    page.goto(live_server.url + "/sessions/")
    expect(page.locator(".row")).to_have_count(2)
    page.locator(".facets-button > summary").click()
    page.locator(".facets a[href*='language=uk']").click()
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row a", has_text="Calling Ukraine").click()
    page.locator("main .kern-btn--primary").click()

    # registered in Ukrainian
    page.locator("a[hreflang=uk]").click()
    assert page.locator("html").get_attribute("lang") == "uk"
    expect(page.locator("[name=website]")).not_to_be_in_viewport()
    expect(page.locator("[name=time_zone]")).to_have_value("Europe/Kyiv")
    page.fill("[name=name]", "Олена Приклад")
    page.fill("[name=email]", GUEST)
    assert_accessible(page)
    go_on(page)
    page.wait_for_url("**sent=1*")
    assert_accessible(page)

    # confirmed by the link of the mail
    deliver()
    assert mailbox.to(GUEST).language == "uk"
    page.goto(seat_link(mailbox, GUEST))
    assert Registration.objects.get().state == Seat.ASKED
    assert_accessible(page)
    go_on(page)
    expect(page.locator("main a[href*='/door/']")).to_have_count(1)
    assert Registration.objects.get().state == Seat.SEAT

    # in the room, ten minutes before the start; the room does not learn where from
    begin_in(session, 10)
    page.reload()
    go_on(page)
    assert room.link not in page.content()
    assert_accessible(page)
    go_on(page)
    page.wait_for_url(room.link)
    assert [visit.get("referer") for visit in room.visits] == [None]
    assert Registration.objects.get().attended_at is not None


def test_a_visitor_without_a_seat_is_not_led_to_the_room(
    page: Page, room: VideoRoom, transactional_db: None, live_server: Any, provoked: set[int]
) -> None:
    session = SessionFactory(room_link=room.link)
    guest = GuestFactory(session=session, state=Seat.WAITING)
    begin_in(session, 5)

    page.goto(live_server.url + door_path(guest))

    expect(page.locator("main form")).to_have_count(0)
    assert room.origin not in page.content()
    provoked.add(404)
    page.goto(f"{live_server.url}/sessions/{session.slug}/door/")
    assert "/accounts/login/" in page.url
    assert room.visits == []


def test_a_freed_seat_goes_to_the_guest_who_waits(
    page: Page,
    member: User,
    browser: Browser,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
) -> None:
    session = SessionFactory(capacity=1)
    RegistrationFactory(session=session, person=member)
    waiting = GuestFactory(session=session, state=Seat.WAITING, email=GUEST, language="hu")
    sign_in(page, live_server.url, member)

    page.goto(f"{live_server.url}/sessions/{session.slug}/cancel/")
    page.locator("main button.kern-btn--danger").click()
    page.wait_for_url(f"**/sessions/{session.slug}/")
    deliver()
    abroad = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    abroad.goto(seat_link(mailbox, GUEST))
    assert_accessible(abroad)
    go_on(abroad)

    expect(abroad.locator("main a[href*='/door/']")).to_have_count(1)
    waiting.refresh_from_db()
    assert waiting.state == Seat.SEAT
    assert abroad.locator("html").get_attribute("lang") == "hu"


def test_a_room_that_is_not_set_up_keeps_the_seat_and_says_so(
    page: Page, transactional_db: None, live_server: Any, provoked: set[int], assert_accessible: Check
) -> None:
    session = SessionFactory(room=RoomKind.LINK, room_link="")
    guest = GuestFactory(session=session)
    begin_in(session, 5)
    page.goto(live_server.url + door_path(guest))
    provoked.add(503)

    go_on(page)

    expect(page.locator("main [role=alert]")).to_have_count(1)
    assert_accessible(page)
    guest.refresh_from_db()
    assert guest.state == Seat.SEAT


# --- members --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title"),
    [
        pytest.param("de", "Anruf in Baja", id="de"),
        pytest.param("en", "Calling Baja", id="en-without-javascript", marks=WITHOUT_JAVASCRIPT),
    ],
)
def test_a_member_registers_with_one_click_and_cancels(
    page: Page, member: User, live_server: Any, read_in: Callable[[str], None], language: str, title: str
) -> None:
    session = SessionFactory(title_de="Anruf in Baja", title_en="Calling Baja")
    read_in(language)
    sign_in(page, live_server.url, member)
    page.goto(live_server.url + "/sessions/")
    page.locator(".row a", has_text=title).click()

    go_on(page)
    expect(page.locator(f"main a[href$='/{session.slug}/cancel/']")).to_have_count(1)
    registration = Registration.objects.get(person=member)
    assert registration.state == Seat.SEAT

    page.locator(f"main a[href$='/{session.slug}/cancel/']").click()
    page.locator("main button.kern-btn--danger").click()
    expect(page.locator(f"main form[action$='/{session.slug}/register/']")).to_have_count(1)
    registration.refresh_from_db()
    assert registration.state == Seat.CANCELLED


def test_filters_and_months_are_walked_by_keyboard(
    page: Page, transactional_db: None, live_server: Any, read_in: Callable[[str], None]
) -> None:
    in_a_month = timezone.localtime().replace(day=15, hour=12) + timedelta(days=31)
    begin = in_a_month.replace(second=0, microsecond=0)
    SessionFactory(title_en="Online one", starts_at=begin)
    SessionFactory(title_en="Met in Ulm", starts_at=begin, format=Format.ONSITE, room="")
    read_in("en")
    page.goto(live_server.url + "/sessions/")

    page.locator(".facets a[href*='format=onsite']").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**format=onsite*")
    expect(page.locator(".row__title")).to_have_text(["Met in Ulm"])
    page.locator(".chips a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(2)
    page.locator(".tabs a[href*='/month/']").focus()
    page.keyboard.press("Enter")
    page.locator(".month-steps [rel=next]").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**month=*")
    expect(page.locator(".month__day li")).to_have_count(2)
    expect(page.locator("#results .row")).to_have_count(2)


# --- hosts ----------------------------------------------------------------------------------------------------


def fill_session(page: Page, starts: datetime) -> None:
    page.fill("[name=title_de]", "Anruf nach Baja")
    page.fill("[name=title_en]", "Calling Baja")
    page.fill("[name=summary_de]", "Wir rufen gemeinsam an.")
    page.fill("[name=summary_en]", "We call together.")
    page.locator("[name=languages][value=de]").check()
    page.fill("[name=day]", f"{starts:%Y-%m-%d}")
    page.fill("[name=begins]", f"{starts:%H:%M}")
    page.locator(f"[name=room][value={RoomKind.LINK}]").check()
    page.fill("[name=room_link]", "https://room.invalid/secret")
    page.fill("[name=capacity]", "12")


def test_a_host_creates_publishes_and_moves_a_session(
    page: Page,
    host: User,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
) -> None:
    starts = (timezone.localtime() + timedelta(days=20)).replace(hour=16, minute=0)
    sign_in(page, live_server.url, host)

    page.goto(live_server.url + "/sessions/new/")
    assert_accessible(page)
    fill_session(page, starts)
    go_on(page)
    page.wait_for_url("**/desk/")
    assert_accessible(page)
    assert Session.objects.get().state == State.DRAFT

    go_on(page)
    assert_accessible(page)
    go_on(page)
    page.wait_for_url("**/desk/")
    session = Session.objects.get()
    assert (session.state, session.capacity) == (State.PUBLISHED, 12)

    GuestFactory(session=session, email=GUEST)
    page.goto(f"{live_server.url}/sessions/{session.slug}/desk/move/")
    page.fill("[name=begins]", "17:00")
    go_on(page)
    expect(page.locator("main strong")).to_contain_text("17:00")
    assert_accessible(page)
    go_on(page)
    page.wait_for_url("**/desk/")
    deliver()

    session.refresh_from_db()
    assert session.begins.hour == 17
    assert "17:00" in mailbox.to(GUEST).text
    page.goto(f"{live_server.url}/sessions/{session.slug}/")
    expect(page.locator("main .lead time")).to_contain_text("17:00")


def test_a_host_notes_attendance_on_a_phone_by_code_and_by_list(
    page: Page, host: User, live_server: Any, assert_accessible: Check
) -> None:
    session = SessionFactory(host=host, format=Format.ONSITE, room="")
    by_code = GuestFactory(session=session, name="Олена Приклад")
    by_list = GuestFactory(session=session, name="Győző Példa")
    begin_in(session, 5)
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page, live_server.url, host)

    page.goto(f"{live_server.url}/sessions/{session.slug}/desk/scan/{entrance_token(by_code)}/")
    assert_accessible(page)
    by_code.refresh_from_db()
    assert by_code.attended_at is None
    go_on(page)
    expect(page.locator("main .kern-alert--success").first).to_be_visible()
    page.locator("main a[href$='/check-in/']").click()
    page.fill("main [name=q]", "gyozo")
    page.keyboard.press("Enter")
    page.locator("button[name=tick]").click()
    expect(page.locator("button[name=untick]")).to_have_count(1)

    by_code.refresh_from_db()
    by_list.refresh_from_db()
    assert (by_code.attended_how, by_list.attended_how) == ("code", "list")
    assert_accessible(page)


# --- after ----------------------------------------------------------------------------------------------------


def test_a_guest_answers_four_questions_and_the_certificate_is_found_by_its_code(
    page: Page, transactional_db: None, live_server: Any, assert_accessible: Check, tmp_path: Path
) -> None:
    session = SessionFactory(title_en="Calling Baja")
    guest = GuestFactory(session=session, name="Олена Приклад", attended_at=timezone.now(), language="uk")
    begin_in(session, -120)
    page.goto(live_server.url + seat_path(guest))

    page.locator("main a[href*='/feedback/']").click()
    for name in ("useful", "understandable", "technology"):
        page.locator(f"[name={name}][value='4']").check()
    assert_accessible(page)
    go_on(page)
    expect(page.locator("main form")).to_have_count(0)
    assert Feedback.objects.get().useful == 4

    page.goto(live_server.url + seat_path(guest))
    with page.expect_download() as waiting:
        page.locator("form[action*='certificate.pdf'] button").click()
    waiting.value.save_as(tmp_path / "certificate.pdf")
    code = Certificate.objects.get().code
    assert code in text_of((tmp_path / "certificate.pdf").read_bytes())

    page.goto(live_server.url + "/certificates/")
    page.fill("main [name=code]", code.lower())
    go_on(page)
    page.wait_for_url("**/certificates/?code=*")
    expect(page.locator("main")).to_contain_text("Олена Приклад")
    assert_accessible(page)

"""Texts around a strategy that only the browser keeps until they have arrived: answers, reviews, comments, notes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.kept_texts import FOUND, copied_fields, copies, expect_no_copies
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.strategies import BEGUN, make_coach, strategy_of, write
from training.actions.strategies import send_sections
from training.models import CoachNote, Measure, SectionComment, Strategy, StrategyReview

BrowserOf = Callable[..., Page]
AT = "/partnerships/team/strategy/"
TYPED = "Die Jugend trifft sich seit 1986 jedes Jahr im Mai – «schön», zuletzt in Újfalu.\n\nUnd weiter?"
LINE = "Drei Vereine zum ersten Gespräch einladen"


@dataclass(frozen=True)
class Place:
    """`address` below that of the strategy; `read` finds what has arrived."""

    who: str
    address: str
    field: str
    read: Callable[[], list[str]]
    typed: str = TYPED

    def form(self, page: Page) -> Any:
        return page.locator("form[data-kept-as]").filter(has=page.locator(self.field))


def answered() -> list[str]:
    return list(SectionComment.objects.filter(version__isnull=False).values_list("text", flat=True))


def looked_back() -> list[str]:
    return [
        said["good"]
        for row in StrategyReview.objects.all()
        for said in row.answers.values()
        if "good" in said
    ]


PLACES = {
    "answer": Place("coach", "versions/1/", "[name=comment_S1]", answered),
    "review": Place("vera", "reviews/", "[name=good]", looked_back),
    "summary": Place(
        "vera",
        "summary/",
        "[name=text_de]",
        lambda: [row.summary["de"] for row in Strategy.objects.all() if row.summary],
    ),
    "measure": Place(
        "vera",
        "measures/new/",
        "[name=title]",
        lambda: [row.titles["de"] for row in Measure.objects.all()],
        LINE,
    ),
    "comment": Place(
        "vera",
        "s2/",
        "[name=text]",
        lambda: list(SectionComment.objects.filter(code="S2").values_list("text", flat=True)),
    ),
    "note": Place("coach", "", "[name=text]", lambda: list(CoachNote.objects.values_list("text", flat=True))),
}


def arrived(place: Place) -> list[str]:
    return [text.replace("\r\n", "\n") for text in place.read()]


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    vera = UserFactory(email="vera@team.example", display_name="Vera Vorsitz", language="de")
    return {"vera": vera, "coach": make_coach(UserFactory(email="coach@team.example", language="de"))}


@pytest.fixture
def strategy(people: dict[str, User]) -> Strategy:
    """The first section waits for a coach; a version before it was approved."""
    made = strategy_of(people["vera"], languages=["de"], slug="team")
    write(made, "S1", people["vera"], history=TYPED)
    send_sections(strategy=made, codes=["S1"], by=people["vera"], now=BEGUN)
    Strategy.objects.filter(pk=made.pk).update(approved_at=BEGUN)
    StrategyReview.objects.create(strategy=made, kind="hundred_days", due_on=date(2027, 5, 1))
    return made


def address_of(place: Place) -> str:
    if place.address != "reviews/":
        return AT + place.address
    return f"{AT}reviews/{StrategyReview.objects.get().pk}/"


def fill_the_rest(page: Page, place: Place) -> None:
    """What the form asks for besides."""
    if place.address == "versions/1/":
        page.check("[name=decision_S1][value=back]")
    if place.address == "measures/new/":
        page.fill("[name=due_on]", "2027-05-01")


def send(page: Page, place: Place) -> None:
    with page.expect_navigation():
        place.form(page).locator("button.kern-btn").last.click()


@pytest.mark.parametrize("name", PLACES)
def test_typed_into_a_browser_that_was_closed_it_is_put_back(
    name: str, people: dict[str, User], strategy: Strategy, browser_of: BrowserOf, live_server: Any
) -> None:
    place = PLACES[name]
    address = live_server.url + address_of(place)
    page = browser_of(people[place.who])
    page.goto(address)
    fill_the_rest(page, place)
    page.fill(place.field, place.typed)
    page.close()

    back = page.context.new_page()
    back.goto(address)
    expect(back.locator(place.field)).to_have_value("")
    back.locator(f"{FOUND} button").first.click()
    expect(back.locator(place.field)).to_have_value(place.typed)
    # It has not arrived yet: closed again, it would be there again
    assert len(copies(back)) == 1
    send(back, place)

    assert arrived(place) == [place.typed]
    expect_no_copies(back)
    back.goto(address)
    back.wait_for_load_state("networkidle")
    expect(back.locator(FOUND)).to_have_count(0)


@pytest.mark.parametrize("name", PLACES)
def test_thrown_away_it_is_gone(
    name: str, people: dict[str, User], strategy: Strategy, browser_of: BrowserOf, live_server: Any
) -> None:
    place = PLACES[name]
    page = browser_of(people[place.who])
    page.goto(live_server.url + address_of(place))
    page.fill(place.field, place.typed)
    page.reload()

    page.locator(f"{FOUND} button").last.click()

    expect(page.locator(place.field)).to_have_value("")
    assert copies(page) == {}
    assert place.read() == []


def test_an_answer_sent_to_a_stopped_server_is_offered_again(
    people: dict[str, User],
    strategy: Strategy,
    browser: Browser,
    second_server: list[LiveServer],
    settings: Any,
) -> None:
    place = PLACES["answer"]
    site = settings.SITE_URL = second_server[0].url
    page = browser.new_context(locale="de").new_page()
    sign_in(page, site, people["coach"])
    page.goto(site + address_of(place))
    fill_the_rest(page, place)
    page.fill(place.field, TYPED)

    second_server[0].stop()
    with page.expect_event("requestfailed"):
        place.form(page).locator("button.kern-btn").last.click(no_wait_after=True)
    while not page.url.startswith("chrome-error:"):
        page.wait_for_timeout(50)
    second_server.append(LiveServer(site.removeprefix("http://")))
    page.goto(site + address_of(place))
    page.locator(f"{FOUND} button").first.click()

    expect(page.locator("[name=decision_S1][value=back]")).to_be_checked()
    send(page, place)
    assert arrived(place) == [TYPED]
    expect_no_copies(page)
    page.context.close()


def test_a_refused_form_is_still_kept(
    people: dict[str, User], strategy: Strategy, browser_of: BrowserOf, live_server: Any, provoked: set[int]
) -> None:
    place = PLACES["answer"]
    page = browser_of(people["coach"])
    page.goto(live_server.url + address_of(place))
    page.fill(place.field, TYPED)
    provoked.add(422)
    send(page, place)
    expect(page.locator("[data-error-summary]")).to_be_visible()

    page.close()

    back = page.context.new_page()
    back.goto(live_server.url + address_of(place))
    back.locator(f"{FOUND} button").first.click()
    expect(back.locator(place.field)).to_have_value(TYPED)


def test_another_person_at_the_same_device_is_offered_nothing(
    people: dict[str, User], strategy: Strategy, page: Page, live_server: Any
) -> None:
    place = PLACES["comment"]
    sign_in(page, live_server.url, people["vera"])
    page.goto(live_server.url + address_of(place))
    page.fill(place.field, TYPED)
    page.context.clear_cookies()

    sign_in(page, live_server.url, people["coach"])
    page.goto(live_server.url + address_of(place))
    page.wait_for_load_state("networkidle")

    expect(page.locator(place.field)).to_have_value("")
    expect(page.locator(FOUND)).to_have_count(0)
    assert [fields["text"] for fields in copied_fields(page)] == [TYPED]

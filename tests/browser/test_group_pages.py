"""Every page of groups: axe finds nothing in light and dark, at 320 px nothing is scrolled sideways; and what the
scripts of a topic do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group as Rights
from django.utils import timezone
from playwright.sync_api import Page, Request, Route, expect

from accounts.models import User
from directory.operating import OperatingRole
from discussions.actions import talk
from discussions.models import Group, Post, Topic
from tests.browser import group_places
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

Look = Callable[..., list[str]]
BrowserOf = Callable[..., Page]
EACH = 15_000


@pytest.fixture(autouse=True)
def _places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def karin(transactional_db: None) -> User:
    return UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de")


@pytest.fixture
def coach(transactional_db: None) -> User:
    person = UserFactory(email="coach@vipad.example", display_name="Coach Kraft", language="de")
    person.groups.add(Rights.objects.get_or_create(name=OperatingRole.COACH)[0])
    return person


@pytest.fixture
def busy(karin: User, coach: User) -> Group:
    return group_places.busy_group(karin, coach)


@pytest.fixture
def topics(busy: Group, karin: User, coach: User) -> list[Topic]:
    return [group_places.topic_with_everything(busy, karin, coach), *group_places.polls(busy, karin)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_for_members(
    busy: Group,
    topics: list[Topic],
    karin: User,
    coach: User,
    page: Page,
    live_server: Any,
    read_in: Callable[[str], None],
    faults: Look,
    language: str,
) -> None:
    group_places.around(karin, coach)
    empty = GroupFactory(name="Noch leer", members=[karin], purpose="")
    to_join = Group.objects.filter(name__in=["Offen für alle", "Eingeladen"])
    asks = Group.objects.get(name__startswith="Auf Anfrage")
    archived = Group.objects.get(name="Vom letzten Jahr")
    own = Post.objects.get(topic=topics[0], number=4)
    read_in(language)
    sign_in(page, live_server.url, karin)

    assert faults(group_places.for_members(busy, topics, own)) == []
    assert faults([empty.get_absolute_url(), archived.get_absolute_url(), asks.get_absolute_url()]) == []
    assert faults([f"{group.get_absolute_url()}join/" for group in (*to_join, asks)]) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_for_who_leads_a_group(
    busy: Group,
    topics: list[Topic],
    coach: User,
    page: Page,
    live_server: Any,
    read_in: Callable[[str], None],
    faults: Look,
    language: str,
) -> None:
    group_places.asked_and_invited(busy, coach)
    read_in(language)
    sign_in(page, live_server.url, coach)

    assert faults(group_places.for_leaders(busy, topics[:2])) == []


def test_the_page_behind_the_link_of_an_invitation(busy: Group, coach: User, faults: Look) -> None:
    assert faults(group_places.asked_and_invited(busy, coach)) == []


def test_a_topic_of_a_thousand_posts(
    karin: User, page: Page, live_server: Any, read_in: Callable[[str], None], faults: Look
) -> None:
    group = GroupFactory(members=[karin])
    address = group_places.long_topic(group, karin).get_absolute_url()
    read_in("de")
    sign_in(page, live_server.url, karin)

    assert faults([f"{address}?page=1", f"{address}?page=25", f"{address}?page=50"]) == []
    page.goto(f"{live_server.url}{address}?at=501")
    expect(page.locator("#post-501")).to_be_visible()
    page.goto(f"{live_server.url}{address}?page=50")
    expect(page.locator(".post").last).to_have_attribute("id", "post-1000")


# --- new posts come by themselves -------------------------------------------------------------------------------


@pytest.fixture
def talk_of_two(karin: User, coach: User) -> Topic:
    group = GroupFactory(members=[karin], coach=coach)
    return TopicFactory(group=group, author=karin, posts=2)


def answers_of(page: Page, topic: Topic) -> list[int]:
    """The status of each answer to the question whether something is new, as it comes."""
    found: list[int] = []
    news = f"{topic.get_absolute_url()}news/"
    page.on("response", lambda answer: news in answer.url and found.append(answer.status))
    return found


def test_new_posts_come_without_loading_the_page_again(
    talk_of_two: Topic, karin: User, coach: User, page: Page, live_server: Any
) -> None:
    sign_in(page, live_server.url, karin)
    page.clock.install()
    page.goto(live_server.url + talk_of_two.get_absolute_url())
    page.fill("#composer [name=text]", "Ich schreibe gerade")
    answers = answers_of(page, talk_of_two)
    news = f"**{talk_of_two.get_absolute_url()}news/*"

    with page.expect_response(news):
        page.clock.run_for(EACH)
    talk.post(topic=talk_of_two, text="Die Antwort **ist da**.", by=coach, now=timezone.now())
    with page.expect_response(news):
        page.clock.run_for(EACH)
    expect(page.locator("#post-3 strong", has_text="ist da")).to_be_visible()
    with page.expect_response(news):
        page.clock.run_for(EACH)

    assert answers == [304, 200, 304]
    expect(page.locator(".post")).to_have_count(3)
    expect(page.locator("[data-thread-news]")).not_to_be_empty()
    expect(page.locator("#composer [name=text]")).to_have_value("Ich schreibe gerade")
    # What came by itself is read, and its buttons work
    page.locator("#post-3 button[name=reaction]").first.click()
    expect(page.locator("#post-3 .reaction__count")).to_have_text("1")


def test_a_page_nobody_looks_at_asks_nothing(
    talk_of_two: Topic, karin: User, coach: User, page: Page, live_server: Any
) -> None:
    sign_in(page, live_server.url, karin)
    page.clock.install()
    page.goto(live_server.url + talk_of_two.get_absolute_url())
    asked: list[Request] = []
    page.on("request", lambda request: "/news/" in request.url and asked.append(request))
    hide = """(word) => {
        Object.defineProperty(document, "visibilityState", { value: word, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""

    page.evaluate(hide, "hidden")
    page.clock.run_for(EACH * 8)
    assert asked == []
    talk.post(topic=talk_of_two, text="Inzwischen", by=coach, now=timezone.now())
    page.evaluate(hide, "visible")

    expect(page.locator("#post-3")).to_be_visible()
    assert len(asked) == 1


def test_a_page_goes_on_asking_after_the_connection_was_away(
    talk_of_two: Topic, karin: User, coach: User, page: Page, live_server: Any, problems: list[str]
) -> None:
    sign_in(page, live_server.url, karin)
    page.clock.install()
    page.goto(live_server.url + talk_of_two.get_absolute_url())
    gone: list[str] = []

    def cut(route: Route) -> None:
        gone.append(route.request.url)
        route.abort("internetdisconnected")

    page.route("**/news/*", cut)
    with page.expect_event("requestfailed"):
        page.clock.run_for(EACH)
    page.unroute("**/news/*")
    talk.post(topic=talk_of_two, text="Wieder da", by=coach, now=timezone.now())
    page.clock.run_for(EACH)

    expect(page.locator("#post-3")).to_be_visible()
    assert len(gone) == 1
    problems[:] = [line for line in problems if "ERR_INTERNET_DISCONNECTED" not in line]


def test_who_was_removed_is_shown_nothing_more(
    talk_of_two: Topic, karin: User, coach: User, page: Page, live_server: Any, provoked: set[int]
) -> None:
    sign_in(page, live_server.url, karin)
    page.clock.install()
    page.goto(live_server.url + talk_of_two.get_absolute_url())
    talk_of_two.group.memberships.filter(person=karin).update(state="removed")
    talk.post(topic=talk_of_two, text="Nicht für sie", by=coach, now=timezone.now())
    provoked.add(404)
    answers = answers_of(page, talk_of_two)

    with page.expect_response("**/news/*"):
        page.clock.run_for(EACH)
    page.clock.run_for(EACH * 3)

    assert answers == [404]
    expect(page.locator(".post")).to_have_count(2)


# --- writing ----------------------------------------------------------------------------------------------------


def test_the_toolbar_marks_what_is_selected_and_the_preview_shows_it(
    talk_of_two: Topic, karin: User, page: Page, live_server: Any, assert_accessible: Callable[[Page], None]
) -> None:
    sign_in(page, live_server.url, karin)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live_server.url + talk_of_two.get_absolute_url())
    text = page.locator("#composer [name=text]")
    tools = page.locator(".composer__tool")
    expect(tools).to_have_count(4)

    text.fill("wichtig")
    text.select_text()
    tools.nth(0).click()
    expect(text).to_have_value("**wichtig**")
    text.fill("eins\nzwei")
    text.select_text()
    tools.nth(1).click()
    expect(text).to_have_value("- eins\n- zwei")
    tools.nth(2).focus()
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    text.fill("**wichtig**\n\n- eins\n- zwei\n\n@Karin Amt")
    page.locator("#composer button[name=preview]").click()

    shown = page.locator("section.composer-preview")
    expect(shown).to_be_focused()
    expect(shown.locator("strong")).to_have_text("wichtig")
    expect(shown.locator("li")).to_have_count(2)
    expect(shown.locator(".mention")).to_have_count(1)
    assert Post.objects.filter(topic=talk_of_two).count() == 2
    assert_accessible(page)


def test_everything_in_a_topic_works_by_keyboard(
    karin: User, coach: User, page: Page, live_server: Any
) -> None:
    group = GroupFactory(members=[karin], coach=coach)
    poll = group_places.polls(group, karin)[0]
    PostFactory(topic=poll, author=coach, text="Nach Baja!")
    sign_in(page, live_server.url, coach)
    page.goto(live_server.url + poll.get_absolute_url())

    page.locator("#post-2 button[name=reaction]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#post-2 [aria-pressed=true]")).to_have_count(1)
    page.locator("#post-2 a[href*='quote=2']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#composer [name=text]")).to_have_value("> **Coach Kraft**, [#2]\n> Nach Baja!\n\n")
    page.locator("#composer [name=text]").press("Control+End")
    page.keyboard.type("Genau.")
    page.locator("#composer button[name=send]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#post-3 blockquote")).to_contain_text("Nach Baja!")
    page.locator("#post-3 blockquote cite a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#post-2")

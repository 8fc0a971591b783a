"""A long text is never lost: not by a lost session, an old token, a server that is away, or a second window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from discussions.models import Draft, Post, PostVersion, Topic
from tests.browser.kept_texts import FOUND, SAVED_EACH, copied_fields, copies, expect_no_copies, sign_in_here
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

BrowserOf = Callable[..., Page]
SENTENCE = "Für die Begegnung im Juli suchen wir 40 Betten; wer hilft, schreibt uns: «ja» oder „gern“.\n"
LONG = (SENTENCE * 60)[:5000].strip()
TEXT = "#composer-form [name=text]"
SEND = "#composer-form button[name=send]"


@pytest.fixture(autouse=True)
def _places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def karin(transactional_db: None) -> User:
    return UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de")


@pytest.fixture
def coach(transactional_db: None) -> User:
    return UserFactory(email="coach@vipad.example", display_name="Coach Kraft", language="de")


@pytest.fixture
def topic(karin: User, coach: User) -> Topic:
    return TopicFactory(group=GroupFactory(members=[karin], coach=coach), author=coach, posts=1)


@pytest.fixture
def writing(karin: User, topic: Topic, page: Page, live_server: Any) -> Page:
    """Karin has typed her text and not sent it."""
    sign_in(page, live_server.url, karin)
    page.goto(live_server.url + topic.get_absolute_url())
    page.fill(TEXT, LONG)
    return page


def said_by(person: User) -> list[str]:
    return list(Post.objects.filter(author=person).values_list("text", flat=True))


# --- signed out meanwhile -----------------------------------------------------------------------------------------


def test_text_sent_with_a_lost_session_is_sent_after_signing_in_again(
    writing: Page, karin: User, provoked: set[int], assert_accessible: Callable[[Page], None]
) -> None:
    Session.objects.all().delete()
    provoked.add(403)

    writing.locator(SEND).click()
    kept = writing.locator("main textarea[name=text]")
    expect(kept).to_have_value(LONG)
    assert said_by(karin) == []
    assert_accessible(writing)
    with writing.expect_popup() as opened:
        writing.locator("main a[target=_blank]").click()
    sign_in_here(opened.value, karin)
    opened.value.wait_for_url("**/desk/")

    # Her new session has a new token: the text stays once more, then it is sent
    writing.locator("main form .kern-btn--primary").click()
    expect(kept).to_have_value(LONG)
    expect(writing.locator("main a[target=_blank]")).to_have_count(0)
    writing.locator("main form .kern-btn--primary").click()
    writing.wait_for_url("**#post-2")

    assert said_by(karin) == [LONG]
    expect(writing.locator(FOUND)).to_have_count(0)
    expect(writing.locator(TEXT)).to_have_value("")
    expect_no_copies(writing)


def test_text_is_offered_again_after_signing_out_in_another_tab(
    writing: Page, karin: User, topic: Topic, live_server: Any, provoked: set[int]
) -> None:
    other = writing.context.new_page()
    other.goto(live_server.url + "/accounts/logout/")
    if other.locator("main form button").count():
        other.locator("main form button").first.click()
    other.wait_for_load_state()
    provoked.add(403)

    writing.locator(SEND).click()
    expect(writing.locator("main textarea[name=text]")).to_have_value(LONG)
    # She does not see it, and goes to the topic again
    writing.goto(live_server.url + topic.get_absolute_url())
    sign_in_here(writing, karin)
    writing.wait_for_url(f"**{topic.get_absolute_url()}")
    writing.locator(f"{FOUND} button").first.click()

    expect(writing.locator(TEXT)).to_have_value(LONG)
    writing.locator(SEND).click()
    writing.wait_for_url("**#post-2")
    assert said_by(karin) == [LONG]
    expect_no_copies(writing)


def test_what_was_typed_before_and_after_the_session_was_lost_is_back(
    karin: User, topic: Topic, page: Page, live_server: Any, provoked: set[int]
) -> None:
    sign_in(page, live_server.url, karin)
    page.clock.install()
    page.goto(live_server.url + topic.get_absolute_url())
    page.fill(TEXT, LONG[:3000])
    with page.expect_response("**/draft/"):
        page.clock.run_for(SAVED_EACH)
    expect(page.locator(".composer__note")).not_to_be_empty()
    assert Draft.objects.get().text == LONG[:3000].replace("\r", "")
    assert copies(page) == {}

    Session.objects.all().delete()
    provoked.add(403)
    page.fill(TEXT, LONG)
    with page.expect_response("**/draft/"):
        page.clock.run_for(SAVED_EACH)
    assert [copy["text"] for copy in copied_fields(page)] == [LONG]
    page.reload()
    sign_in_here(page, karin)
    page.wait_for_url(f"**{topic.get_absolute_url()}")

    expect(page.locator(TEXT)).to_have_value(LONG[:3000].strip())
    page.locator(f"{FOUND} button").first.click()
    expect(page.locator(TEXT)).to_have_value(LONG)
    with page.expect_response("**/draft/"):
        page.clock.run_for(SAVED_EACH)
    assert Draft.objects.get().text == LONG
    assert copies(page) == {}


def test_text_sent_with_an_old_token_is_kept(
    writing: Page, karin: User, live_server: Any, settings: Any, provoked: set[int]
) -> None:
    rotated = {"name": settings.CSRF_COOKIE_NAME, "value": "x" * 32, "url": live_server.url}
    writing.context.add_cookies([rotated])  # type: ignore[list-item]
    provoked.add(403)

    writing.locator(SEND).click()
    expect(writing.locator("main textarea[name=text]")).to_have_value(LONG)
    assert said_by(karin) == []
    writing.locator("main form .kern-btn--primary").click()

    writing.wait_for_url("**#post-2")
    assert said_by(karin) == [LONG]


def test_a_new_topic_with_its_title_is_kept(
    karin: User, topic: Topic, page: Page, live_server: Any, provoked: set[int]
) -> None:
    sign_in(page, live_server.url, karin)
    page.goto(f"{live_server.url}{topic.group.get_absolute_url()}new/?kind=poll")
    page.fill("[name=title]", "Wer hat Betten?")
    page.fill("[name=text]", LONG)
    page.fill("[name=options]", "ja\nnein")
    Session.objects.all().delete()
    provoked.add(403)

    page.locator(SEND).click()
    with page.expect_popup() as opened:
        page.locator("main a[target=_blank]").click()
    sign_in_here(opened.value, karin)
    opened.value.wait_for_url("**/desk/")
    page.locator("main form .kern-btn--primary").click()
    page.locator("main form .kern-btn--primary").click()
    page.wait_for_url(f"**{topic.group.get_absolute_url()}*/")

    made = Topic.objects.get(title="Wer hat Betten?")
    assert made.posts.get().text == LONG
    assert [option.text for option in made.options.all()] == ["ja", "nein"]


# --- the server is away -------------------------------------------------------------------------------------------


def test_text_is_back_after_the_server_was_stopped(
    karin: User, topic: Topic, browser: Browser, second_server: list[LiveServer], settings: Any
) -> None:
    site = settings.SITE_URL = second_server[0].url
    page = browser.new_context(locale="de").new_page()
    sign_in(page, site, karin)
    page.goto(site + topic.get_absolute_url())
    page.fill(TEXT, LONG)

    second_server[0].stop()
    with page.expect_event("requestfailed"):
        page.locator(SEND).click(no_wait_after=True)
    while not page.url.startswith("chrome-error:"):
        page.wait_for_timeout(50)
    second_server.append(LiveServer(site.removeprefix("http://")))
    page.goto(site + topic.get_absolute_url())
    page.locator(f"{FOUND} button").first.click()

    expect(page.locator(TEXT)).to_have_value(LONG)
    page.locator(SEND).click()
    page.wait_for_url("**#post-2")
    assert said_by(karin) == [LONG]
    expect_no_copies(page)
    page.reload()
    expect(page.locator(FOUND)).to_have_count(0)
    assert copies(page) == {}
    page.context.close()


def test_text_typed_without_a_connection_is_back(
    karin: User, topic: Topic, browser: Browser, live_server: Any
) -> None:
    page = browser.new_context(locale="de").new_page()
    sign_in(page, live_server.url, karin)
    page.clock.install()
    page.goto(live_server.url + topic.get_absolute_url())

    page.context.set_offline(True)
    page.fill(TEXT, LONG)
    with page.expect_event("requestfailed"):
        page.clock.run_for(SAVED_EACH)
    expect(page.locator(".composer__note")).not_to_be_empty()
    assert [copy["text"] for copy in copied_fields(page)] == [LONG]
    page.context.set_offline(False)
    with page.expect_response("**/draft/"):
        page.clock.run_for(SAVED_EACH)
    page.reload()

    expect(page.locator(TEXT)).to_have_value(LONG)
    assert copies(page) == {}
    page.context.close()


# --- only here ----------------------------------------------------------------------------------------------------


def test_a_private_line_leaves_no_draft_on_the_server(
    karin: User, topic: Topic, page: Page, live_server: Any
) -> None:
    sign_in(page, live_server.url, karin)
    page.clock.install()
    group = live_server.url + topic.group.get_absolute_url()
    asked: list[str] = []
    page.on("request", lambda request: "/draft/" in request.url and asked.append(request.post_data or ""))
    page.goto(f"{group}new/?line=1")
    page.fill("[name=title]", "Unter uns")
    page.fill("[name=text]", LONG)

    page.clock.run_for(SAVED_EACH * 4)
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("")
    page.locator(f"{FOUND} button").first.click()
    expect(page.locator("[name=text]")).to_have_value(LONG)
    page.locator("#composer-form button[name=preview]").click()
    expect(page.locator("section.composer-preview")).to_be_visible()
    assert not Draft.objects.exists()
    assert asked == []
    # In the form for everybody nothing of it is offered
    other = page.context.new_page()
    other.goto(f"{group}new/")
    expect(other.locator("[name=text]")).to_have_value("")
    expect(other.locator(FOUND)).to_have_count(0)
    other.close()
    page.locator(SEND).click()
    page.wait_for_url(f"{group}*/")

    assert Topic.objects.get(title="Unter uns").is_line
    assert not Draft.objects.exists()
    page.goto(f"{group}new/?line=1")
    expect(page.locator(FOUND)).to_have_count(0)
    expect_no_copies(page)


# --- two windows --------------------------------------------------------------------------------------------------


def test_a_second_change_of_a_post_overwrites_nothing(
    karin: User,
    topic: Topic,
    browser_of: BrowserOf,
    live_server: Any,
    provoked: set[int],
    assert_accessible: Callable[[Page], None],
) -> None:
    post = PostFactory(topic=topic, author=karin, text="Wir kommen am Montag.")
    desk, phone = browser_of(karin), browser_of(karin, viewport={"width": 360, "height": 800})
    for page, text in ((desk, "Wir kommen am Dienstag."), (phone, f"Wir kommen am Mittwoch.\n\n{LONG}")):
        page.goto(f"{live_server.url}/posts/{post.pk}/edit/")
        page.fill("[name=text]", text)

    desk.locator("main form .kern-btn--primary").click()
    desk.wait_for_url("**#post-2")
    provoked.add(409)
    phone.locator("main form .kern-btn--primary").click()

    expect(phone.locator("main")).to_contain_text("Wir kommen am Dienstag.")
    expect(phone.locator("[name=text]")).to_have_value(f"Wir kommen am Mittwoch.\n\n{LONG}")
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    post.refresh_from_db()
    assert post.text == "Wir kommen am Dienstag."
    phone.locator("main form .kern-btn--primary").click()
    phone.wait_for_url("**#post-2")
    post.refresh_from_db()
    assert post.text == f"Wir kommen am Mittwoch.\n\n{LONG}"
    earlier = PostVersion.objects.filter(post=post).values_list("text", flat=True)
    assert sorted(earlier) == ["Wir kommen am Dienstag.", "Wir kommen am Montag."]


def test_two_windows_with_the_same_draft_send_both_texts(
    karin: User, topic: Topic, browser_of: BrowserOf, live_server: Any
) -> None:
    pages = [browser_of(karin), browser_of(karin)]
    for page in pages:
        page.goto(live_server.url + topic.get_absolute_url())
    for page, text in zip(pages, ("Eins", "Zwei"), strict=True):
        page.fill(TEXT, text)
    for page in pages:
        page.locator(SEND).click()
        page.wait_for_url("**#post-*")

    assert said_by(karin) == ["Eins", "Zwei"]


# --- without scripts ----------------------------------------------------------------------------------------------


def test_everything_works_without_scripts(
    karin: User,
    topic: Topic,
    browser_of: BrowserOf,
    live_server: Any,
    tmp_path: Path,
    provoked: set[int],
) -> None:
    page = browser_of(karin, java_script_enabled=False)
    site = live_server.url
    group = site + topic.group.get_absolute_url()

    # A poll, with its preview
    page.goto(f"{group}new/")
    page.locator(".composer-kinds a[href*=poll]").click()
    page.fill("[name=title]", "Wohin?")
    page.fill("[name=text]", "**Bitte** bis Freitag.")
    page.fill("[name=options]", "Baja\nVidin")
    page.locator("button[name=preview]").click()
    expect(page.locator(".composer-preview strong")).to_have_text("Bitte")
    expect(page.locator("[name=options]")).to_have_value("Baja\nVidin")
    page.locator("button[name=send]").click()
    expect(page.locator("#post-1 .post__text strong")).to_have_text("Bitte")

    # Voting, reacting
    page.locator("#vote [type=checkbox]").first.check()
    page.locator("#vote button").click()
    expect(page.locator("#vote tbody tr").first.locator("strong")).to_have_text("1")
    page.locator("#post-1 button[name=reaction]").first.click()
    expect(page.locator("#post-1 [aria-pressed=true]")).to_have_count(1)
    page.locator("#post-1 [aria-pressed=true]").click()
    expect(page.locator("#post-1 [aria-pressed=true]")).to_have_count(0)

    # An answer with a quote, a preview and a file
    page.locator("#post-1 a[href*='quote=1']").click()
    quoted = page.locator(TEXT).input_value()
    assert quoted.startswith("> **Karin Amt**, [#1]")
    page.fill(TEXT, f"{quoted}Ich auch.")
    (tmp_path / "Plan.txt").write_text("kein erlaubtes Format")
    page.set_input_files("[name=files]", tmp_path / "Plan.txt")
    provoked.add(422)
    page.locator("#composer-form button[name=send]").click()
    expect(page.locator(".error-summary a")).to_have_count(1)
    expect(page.locator("[name=text]")).to_have_value(f"{quoted}Ich auch.")
    page.locator("button[name=preview]").click()
    expect(page.locator(".composer-preview blockquote")).to_have_count(1)
    page.locator("button[name=send]").click()
    expect(page.locator("#post-2 blockquote cite a")).to_have_attribute("href", "#post-1")

    # Changing and deleting it, following, answering as answered
    page.locator("#post-2 a[href$='/edit/']").click()
    page.fill("[name=text]", "Ich doch nicht.")
    page.locator("main form .kern-btn--primary").click()
    expect(page.locator("#post-2")).to_contain_text("Ich doch nicht.")
    page.locator("#post-2 a[href$='/delete/']").click()
    page.locator("main form button").first.click()
    expect(page.locator("#post-2 .post__gone")).to_have_count(1)
    page.select_option("[name=following]", "mute")
    page.locator(".thread-follow button").click()
    expect(page.locator("[name=following]")).to_have_value("mute")

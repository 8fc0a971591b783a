"""Texts and files that try to act, in Chromium: nothing runs, is fetched, or leads to a script (F34, F35)."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import BrowserContext, Error, Page, expect

from accounts.models import User
from core import files
from discussions.actions import drafts, talk
from discussions.choices import TopicKind
from discussions.models import Attachment, Group, Membership, Topic
from tests.browser.mailbox import Mailbox
from tests.browser.walking import sign_in
from tests.core.hostile.payloads import PAYLOADS
from tests.core.hostile.uploads import UPLOADS, Fate
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, TopicFactory

Deliver = Callable[..., int]
A_PAGE = 20
_NAMES = list(PAYLOADS)
BATCHES = [_NAMES[first : first + A_PAGE] for first in range(0, len(_NAMES), A_PAGE)]

# What a page may not have, asked in the page itself: as the browser understood it, not as it was written.
FAULTS = """(root) => {
  const found = [];
  for (const one of document.querySelectorAll(root + ", " + root + " *")) {
    for (const name of one.getAttributeNames())
      if (name.startsWith("on") || name === "style") found.push(`${one.tagName} ${name}`);
    if (["SCRIPT", "IFRAME", "OBJECT", "EMBED", "STYLE", "LINK", "META", "BASE", "SVG", "MATH", "VIDEO", "AUDIO",
         "TEMPLATE", "FORM"].includes(one.tagName.toUpperCase())) found.push(one.tagName);
    if (one.tagName === "IMG" && !one.src.startsWith(location.origin)) found.push(`picture ${one.src}`);
    if (one.tagName === "A" && one.hasAttribute("href")) {
      const written = one.getAttribute("href");
      const isHere = written.startsWith("#post-") || written.startsWith("/");
      if (!isHere && !["http:", "https:", "mailto:"].includes(one.protocol)) found.push(`link ${written}`);
      if (one.target) found.push(`target ${one.target}`);
    }
  }
  return found;
}"""


@pytest.fixture(autouse=True)
def _places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REPLY_ADDRESS = "reply@vipad.example"


@pytest.fixture
def karin(transactional_db: None) -> User:
    return UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de")


@pytest.fixture
def coach(transactional_db: None) -> User:
    return UserFactory(email="coach@vipad.example", display_name="Coach Kraft", language="de")


@pytest.fixture
def group(karin: User, coach: User) -> Group:
    return GroupFactory(members=[karin], coach=coach)


@pytest.fixture
def acts(context: BrowserContext) -> Iterator[list[str]]:
    """What ran: a box that opened, or a navigation to anything but a page of ours. Console, scripts and foreign
    requests are watched by `context`."""
    seen: list[str] = []

    def watch(page: Page) -> None:
        page.on("dialog", lambda box: (seen.append(f"dialog: {box.message}"), box.dismiss()))

    context.on("page", watch)
    # Whatever calls one of these has run, even where a box would be suppressed.
    context.expose_function("__ran", lambda word: seen.append(f"ran: {word}"))
    context.add_init_script(
        "for (const name of ['alert', 'confirm', 'prompt', 'msgbox']) window[name] = () => window.__ran(name);"
    )
    yield seen
    assert seen == []


@pytest.fixture
def hostile(group: Group, karin: User, monkeypatch: pytest.MonkeyPatch) -> list[Topic]:
    """Each payload in a post; the topics are called by one."""
    monkeypatch.setattr(talk, "MOST_AN_HOUR", 10_000)
    found = []
    for batch in BATCHES:
        title = " ".join(PAYLOADS[batch[0]].replace("\x00", "").split())[:140] or "x"
        title = title.encode("utf-8", "ignore").decode()
        topic = TopicFactory(group=group, author=karin, title=title)
        for name in batch:
            text = as_a_browser_sends(PAYLOADS[name]) or "x"
            talk.post(topic=topic, text=text, by=karin, now=timezone.now())
        found.append(topic)
    return found


def as_a_browser_sends(text: str) -> str:
    """Zeros are refused by every form, and half letters do not exist in UTF-8."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def press_what_can_be_pressed(page: Page, root: str) -> None:
    """Events reach every element, so that a handler we overlooked would run."""
    page.evaluate(
        """(root) => {
          for (const one of document.querySelectorAll(root + " *"))
            for (const name of ["mouseover", "focus", "error", "load", "toggle", "animationstart"])
              one.dispatchEvent(new Event(name));
        }""",
        root,
    )


def test_no_post_acts(
    hostile: list[Topic], coach: User, page: Page, live_server: Any, acts: list[str]
) -> None:
    sign_in(page, live_server.url, coach)
    faults: dict[str, list[str]] = {}
    posts = 0
    for topic in hostile:
        page.goto(live_server.url + topic.get_absolute_url())
        posts += page.locator(".post").count()
        found = page.evaluate(FAULTS, ".post__text") + page.evaluate(FAULTS, "h1")
        press_what_can_be_pressed(page, ".post__text")
        if found:
            faults[topic.title] = found
        # Nothing got out of its post: what stands after the last one is still there.
        expect(page.locator("main #composer-form")).to_have_count(1)
        expect(page.locator("main")).to_have_count(1)
        expect(page.locator("h1")).to_have_count(1)

    assert faults == {}
    assert posts == len(PAYLOADS)


def test_no_preview_and_no_list_acts(
    hostile: list[Topic], coach: User, page: Page, live_server: Any, acts: list[str]
) -> None:
    """The preview of the script puts HTML into the page; the one of the server stands in it."""
    sign_in(page, live_server.url, coach)
    topic = hostile[0]
    page.goto(live_server.url + topic.get_absolute_url())
    faults = {}
    for name, text in PAYLOADS.items():
        if name.startswith(("picture", "autolink", "in a sentence", "reference")) and len(text) < 60:
            continue  # drawn as the link with the same address
        page.evaluate(
            """async (text) => {
              const form = document.querySelector("#composer-form");
              const data = new FormData();
              data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
              data.set("group", form.dataset.group);
              data.set("text", text);
              const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: data });
              let box = document.querySelector("#previewed");
              if (!box) {
                box = document.createElement("div");
                box.id = "previewed";
                document.querySelector("main").append(box);
              }
              box.innerHTML = await answer.text();
            }""",
            as_a_browser_sends(text),
        )
        press_what_can_be_pressed(page, "#previewed")
        if found := page.evaluate(FAULTS, "#previewed"):
            faults[name] = found
    assert faults == {}

    # Without the script: the page of the server
    everything = "\n\n".join(as_a_browser_sends(text) for text in PAYLOADS.values() if len(text) < 1000)
    for part in (everything[:19_000], everything[19_000:38_000]):
        page.goto(live_server.url + topic.get_absolute_url())
        page.evaluate("document.querySelector('#composer-form').removeAttribute('data-preview-url')")
        page.locator("#composer-form [name=text]").evaluate("(field, text) => { field.value = text }", part)
        page.locator("#composer-form").evaluate(
            "(form) => { const one = document.createElement('input'); one.type = 'hidden'; one.name = 'preview';"
            " one.value = '1'; form.append(one); HTMLFormElement.prototype.submit.call(form); }"
        )
        expect(page.locator("section.composer-preview")).to_be_visible()
        assert page.evaluate(FAULTS, "section.composer-preview .prose") == []
    group = topic.group.get_absolute_url()
    for address in (group, f"{group}search/?q=alert", "/search/?q=alert(1)"):
        page.goto(live_server.url + address)
        assert page.evaluate(FAULTS, ".rows") == [], address


def test_no_mail_of_a_post_acts(
    hostile: list[Topic],
    coach: User,
    mailbox: Mailbox,
    deliver: Deliver,
    page: Page,
    live_server: Any,
    acts: list[str],
) -> None:
    """The mail as a careless mail program would show it: as a page, with scripts allowed."""
    deliver(timezone.now() + timedelta(minutes=11))
    mails = [mail for mail in mailbox.all() if mail.is_to(coach.email)]
    assert mails
    texts = "".join(mail.html for mail in mails)
    assert texts.count("<blockquote") >= len(PAYLOADS) // 2
    for mail in mails:
        assert "\n" not in mail.subject
        page.goto("about:blank")  # where no policy of ours holds
        page.set_content(mail.html)
        press_what_can_be_pressed(page, "blockquote")
        # How a mail looks stands in it, and is ours.
        found = [fault for fault in page.evaluate(FAULTS, "blockquote") if not fault.endswith(" style")]
        assert found == [], mail.subject
        remote = page.evaluate("[...document.images].map((one) => one.src)")
        assert [one for one in remote if not one.startswith((live_server.url, "data:", "cid:"))] == []


def test_no_name_acts(group: Group, coach: User, page: Page, live_server: Any, acts: list[str]) -> None:
    """In a thread, a list of people, a poll, a quote and the person's own pages."""
    names = [
        as_a_browser_sends(text).replace("\n", " ")[:80]
        for name, text in PAYLOADS.items()
        if not name.startswith(("link", "picture", "autolink", "in a sentence", "reference"))
    ]
    topic = TopicFactory(group=group, author=coach, posts=1)
    poll = talk.start_topic(
        group=group,
        kind=TopicKind.POLL,
        title="<img src=x onerror=alert(1)>",
        text="x",
        by=coach,
        now=timezone.now(),
        options=[name[:140] for name in names[:10]],
    )
    option = poll.options.first()
    people = [UserFactory(display_name=name or "x") for name in names]
    for person in people:
        Membership.objects.create(
            group=group,
            person=person,
            state="active",
            asked_at=timezone.now(),
            since=timezone.now() - timedelta(days=30),
        )
        quoted = f"@{person.display_name} hallo"
        talk.post(topic=topic, text=quoted, by=person, now=timezone.now())
        assert option
        talk.vote(topic=poll, answers={option.pk: "yes"}, by=person, now=timezone.now())
    topic.refresh_from_db()
    sign_in(page, live_server.url, coach)
    group_page = group.get_absolute_url()
    pages = [f"{topic.get_absolute_url()}?page={number}" for number in range(1, topic.last_number // 20 + 2)]
    pages += [f"{topic.get_absolute_url()}?quote={number}" for number in range(2, 12)]
    pages += [f"{group_page}people/?page={number}" for number in (1, 2)]
    pages += [poll.get_absolute_url(), group_page, "/groups/"]
    for address in pages:
        page.goto(live_server.url + address)
        for root in (".post__head", ".post__text", ".people__who", ".poll table", ".row__meta", "h1"):
            press_what_can_be_pressed(page, root)
            assert page.evaluate(FAULTS, root) == [], address
        expect(page.locator("h1")).to_have_count(1)
    for person in people[:6]:
        page.context.clear_cookies()
        sign_in(page, live_server.url, person)
        for address in ("/desk/", "/accounts/profile/", group_page):
            page.goto(live_server.url + address)
            press_what_can_be_pressed(page, "body")
            expect(page.locator("h1")).to_have_count(1)
            assert page.evaluate("document.querySelectorAll('[onclick], [onerror], [onload]').length") == 0


# --- files --------------------------------------------------------------------------------------------------------


def test_no_upload_acts(
    group: Group,
    karin: User,
    coach: User,
    live_server: Any,
    acts: list[str],
    page: Page,
    provoked: set[int],
    problems: list[str],
) -> None:
    """Refused with a word, or handed out so that nothing runs when its address is opened."""
    topic = TopicFactory(group=group, author=karin, posts=1)
    provoked.add(422)
    sign_in(page, live_server.url, karin)
    for name, hostile in UPLOADS.items():
        page.goto(live_server.url + topic.get_absolute_url())
        before = topic.posts.count()
        page.set_input_files(
            "[name=files]",
            {
                "name": hostile.name.replace("\x00", ""),
                "mimeType": hostile.content_type,
                "buffer": hostile.content(),
            },
        )
        page.fill("#composer-form [name=text]", f"Datei: {name}")
        page.locator("#composer-form button[name=send]").click()
        page.wait_for_load_state()
        if hostile.fate is Fate.REFUSED:
            expect(page.locator(".error-summary a")).to_have_count(1)
            expect(page.locator("[name=text]")).to_have_value(f"Datei: {name}")
            assert topic.posts.count() == before, name
        else:
            page.wait_for_url("**#post-*")
            assert topic.posts.count() == before + 1, name
        assert page.evaluate(FAULTS, ".post__files") == []

    rows = list(Attachment.objects.filter(post__topic=topic))
    assert len(rows) == sum(hostile.fate is not Fate.REFUSED for hostile in UPLOADS.values())
    for row in rows:
        address = f"{live_server.url}/groups/files/{row.pk}/"
        answer = page.request.get(address)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        if row.width is None:
            assert answer.headers["content-disposition"].startswith("attachment")
        else:
            assert answer.headers["content-type"] in files.PICTURES
            page.goto(address)
            assert page.evaluate("document.scripts.length") == 0
            assert b"alert(1)" not in answer.body()
    # The page Chromium builds around a picture has a style of its own, which our headers forbid, too.
    problems[:] = [line for line in problems if "Applying inline style" not in line]


def test_a_file_that_was_let_in_by_mistake_does_not_run(
    group: Group, karin: User, coach: User, page: Page, live_server: Any, acts: list[str], tmp_path: Path
) -> None:
    """Were the check wrong some day: the headers alone keep a page or a drawing from acting."""
    topic = TopicFactory(group=group, author=karin)
    draft = talk.save_draft(group=group, topic=topic, title="", text="x", by=karin, now=timezone.now())
    checked = files.check_upload(SimpleUploadedFile("a.pdf", UPLOADS["pdf before html"].content()))
    drafts.attach_files(draft=draft, uploads=[checked], now=timezone.now())
    talk.post(topic=topic, text="x", by=karin, now=timezone.now(), draft=draft)
    row = Attachment.objects.get()
    sign_in(page, live_server.url, coach)
    for name in ("html", "svg", "xhtml", "xml with a style", "script"):
        hostile = UPLOADS[name]
        (tmp_path / "media" / row.file).write_bytes(hostile.content())
        Attachment.objects.filter(pk=row.pk).update(content_type=hostile.content_type, width=1, height=1)
        opened = page.context.new_page()
        with contextlib.suppress(Error):  # what is saved is no page
            opened.goto(f"{live_server.url}/groups/files/{row.pk}/")
        opened.close()

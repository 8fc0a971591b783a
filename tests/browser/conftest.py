"""The base of all browser tests: Chromium, a running site, its mails, and what must hold on every page.

Every test fails when a page wrote an error to the console, a script broke, or a request left for a foreign host.
"""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.servers.basehttp import ServerHandler, ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.test.testcases import LiveServerThread
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from notifications.delivery import deliver_due
from scripts.mail_sink import MailSink
from tests.browser.mailbox import Mailbox
from tests.browser.walking import sign_in

HERE = Path(__file__).parent
AXE = HERE / "vendor" / "axe.min.js"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
LEFT_OUT = "BROWSER TESTS LEFT OUT: no Chromium found"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ANSWERED = re.compile(r"the server responded with a status of (\d{3}) ")
# Colours change in a transition, however short: until a frame is drawn they are the old ones.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
MOVED_ON = ("documentElement", "Execution context was destroyed")
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=LEFT_OUT))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not CHROMIUM:
        pytest.fail(f"{LEFT_OUT}. In continuous integration it must be installed (or be named in CHROMIUM).")
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session", autouse=True)
def _playwright_and_django() -> Iterator[None]:
    """Playwright keeps a loop running in our thread; Django would take that for asynchronous code."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _server_at_rest(transactional_db: None, live_server: Any) -> Iterator[None]:
    """The tables are emptied after a test; a page that still polls or keeps a draft would be in its way (a deadlock).
    So the last requests are waited for: ours is set up before the browsers, and comes down after them."""
    running: list[object] = []

    def begin(**_: Any) -> None:
        running.append(None)

    def end(**_: Any) -> None:
        running.pop()

    request_started.connect(begin)
    request_finished.connect(end)
    yield
    until = time.monotonic() + 10
    quiet = 0
    while quiet < 3 and time.monotonic() < until:
        quiet = 0 if running else quiet + 1
        time.sleep(0.01)
    request_started.disconnect(begin)
    request_finished.disconnect(end)
    assert not running, "a request was still running ten seconds after the test"


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1280, "height": 900}, "locale": "en", "color_scheme": "light"}


@pytest.fixture
def provoked() -> set[int]:
    """Error codes this test asks for: `provoked.add(409)` before the step. The browser writes each to the console,
    now or a little later, so they cannot be taken out afterwards."""
    return set()


@pytest.fixture
def problems() -> list[str]:
    """What went wrong on the pages so far."""
    return []


@pytest.fixture
def watch(
    live_server: Any, problems: list[str], provoked: set[int]
) -> Iterator[Callable[[BrowserContext], BrowserContext]]:
    """`watch(browser.new_context())`: the browser of a second person fails the test like the first one's."""
    host = urlsplit(live_server.url).netloc

    def hear(message: ConsoleMessage) -> None:
        answer = ANSWERED.search(message.text)
        if message.type == "error" and not (answer and int(answer[1]) in provoked):
            problems.append(f"console: {message.text}")

    def see(request: Request) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != host:
            problems.append(f"foreign request: {request.url}")

    def watched(context: BrowserContext) -> BrowserContext:
        context.on("console", hear)
        context.on("weberror", lambda error: problems.append(f"script: {error.error}"))
        context.on("request", see)
        context.set_default_timeout(10_000)
        return context

    yield watched
    assert problems == []


@pytest.fixture
def context(context: BrowserContext, watch: Callable[[BrowserContext], BrowserContext]) -> BrowserContext:
    """A browser that is watched."""
    return watch(context)


@pytest.fixture
def browser_of(
    browser: Browser, live_server: Any, watch: Callable[[BrowserContext], BrowserContext]
) -> Iterator[Callable[..., Page]]:
    """`browser_of(person)`: a page of a browser of its own, in which that person is signed in; None: a visitor."""

    opened: list[BrowserContext] = []

    def open_browser(person: User | None, *, language: str = "de", **options: Any) -> Page:
        context = watch(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}))
        opened.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        if person is not None:
            sign_in(page, live_server.url, person)
        return page

    yield open_browser
    # A browser left open keeps a thread of the server, and that a connection to the database.
    for context in opened:
        context.close()


@pytest.fixture
def read_in(context: BrowserContext, live_server: Any) -> Callable[[str], None]:
    """`read_in("de")`: from now on this browser reads German."""

    def choose(language: str) -> None:
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])

    return choose


@pytest.fixture
def visit(page: Page, live_server: Any) -> Callable[[str], Page]:
    def go(path: str) -> Page:
        page.goto(live_server.url + path)
        return page

    return go


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """axe finds nothing to complain about on the page, in the state it is in.

    Without a look into style sheets: where one imports another, as those of the admin's forms do, axe would write
    styles into the page, and only an experimental rule, which we do not run, asks for it.
    """
    axe = Axe.from_file(AXE) if AXE.exists() else Axe()

    def look(page: Page) -> Any:
        try:
            return axe.run(page, options={**WCAG, "resultTypes": ["violations"], "preload": False})
        except Error as error:
            if not any(sign in error.message for sign in MOVED_ON):
                raise
            page.wait_for_load_state()  # a link was followed meanwhile: the page it led to is the one to look at
            return axe.run(page, options={**WCAG, "resultTypes": ["violations"], "preload": False})

    def check(page: Page) -> None:
        found = look(page)
        lines = [
            f"{violation['id']}: {node['html'][:160]} – {node.get('failureSummary', '')}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]
        assert lines == [], f"on {page.url}"

    return check


@pytest.fixture
def faults(
    page: Page, live_server: Any, assert_accessible: Callable[[Page], None], provoked: set[int]
) -> Callable[..., list[str]]:
    """What is wrong with the pages at these addresses, which answer with this status: at 320 px, in light and dark."""

    def look(addresses: list[str], *, status: int = 200) -> list[str]:
        found = []
        if status != 200:
            provoked.add(status)
        for address in addresses:
            page.set_viewport_size({"width": 320, "height": 800})
            page.emulate_media(color_scheme="light", reduced_motion="reduce")
            answer = page.goto(live_server.url + address)
            if answer is None or answer.status != status:
                found.append(f"{address} does not answer {status}")
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                found.append(f"{address} scrolls sideways")
            for colours in ("light", "dark"):
                page.emulate_media(color_scheme=colours)
                page.evaluate(TWO_FRAMES)
                try:
                    assert_accessible(page)
                except AssertionError as fault:
                    found.append(f"{address} in {colours}: {fault}")
        return found

    return look


@pytest.fixture(scope="session")
def mail_sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A real SMTP server: its EMAIL_URL, and the folder where it keeps what arrives."""
    sink, folder = MailSink(), tmp_path_factory.mktemp("mails")
    yield sink.start(folder), folder
    sink.stop()


@pytest.fixture(autouse=True)
def mailbox(mail_sink: tuple[str, Path], settings: Any, live_server: Any) -> Mailbox:
    """What arrived during this test. The site runs in a thread of this process and takes our settings."""
    url, folder = mail_sink
    for name, value in dj_email_url.parse(url).items():
        setattr(settings, name, value)
    settings.SITE_URL = live_server.url  # so that the links in mails can be opened
    found = Mailbox(folder)
    found.empty()
    return found


@pytest.fixture
def deliver(mailbox: Mailbox) -> Callable[..., int]:
    """`deliver()`: the minute's sweep. What is queued and due goes out by SMTP; gives the number sent."""

    def sweep(now: datetime | None = None) -> int:
        return deliver_due(now=now or timezone.now())

    return sweep


class _ComesBack(ThreadedWSGIServer):
    """Takes the address of the one that has just been stopped."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "allow_reuse_address": True})


@pytest.fixture
def second_server(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[LiveServer]]:
    """One that can be stopped: the last one of the list runs. A connection kept open would outlive its stop."""
    finish = ServerHandler.cleanup_headers

    def closing(handler: ServerHandler) -> None:
        handler.headers["Connection"] = "close"
        finish(handler)

    monkeypatch.setattr(ServerHandler, "cleanup_headers", closing)
    monkeypatch.setattr(LiveServerThread, "server_class", _ComesBack)
    servers = [LiveServer("localhost")]
    yield servers
    servers[-1].stop()

"""The base of all browser tests: Chromium, a running site, and what must hold on every page.

Every test fails when a page wrote an error to the console, a script broke, or a request left for a foreign host.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

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


@pytest.fixture
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1280, "height": 900}, "locale": "en", "color_scheme": "light"}


@pytest.fixture
def problems() -> list[str]:
    """What went wrong on the pages so far. A test that provokes an error takes it out of here."""
    return []


@pytest.fixture
def context(context: BrowserContext, live_server: Any, problems: list[str]) -> Iterator[BrowserContext]:
    """A browser that is watched."""
    host = urlsplit(live_server.url).netloc

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text}")

    def see(request: Request) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != host:
            problems.append(f"foreign request: {request.url}")

    context.on("console", hear)
    context.on("weberror", lambda error: problems.append(f"script: {error.error}"))
    context.on("request", see)
    context.set_default_timeout(10_000)
    yield context
    assert problems == []


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
    """axe finds nothing to complain about on the page, in the state it is in."""
    axe = Axe.from_file(AXE) if AXE.exists() else Axe()

    def check(page: Page) -> None:
        found = axe.run(page, options={**WCAG, "resultTypes": ["violations"]})
        lines = [
            f"{violation['id']}: {node['html'][:160]} – {node.get('failureSummary', '')}"
            for violation in found.response["violations"]
            for node in violation["nodes"]
        ]
        assert lines == [], f"on {page.url}"

    return check


@pytest.fixture
def newest_code() -> Callable[[], str]:
    """The code in the newest mail. The site runs in a thread of this process, so its mails lie in our outbox."""

    def read() -> str:
        found = re.search(r"^\s*(\d{3}-\d{3}-\d{3})$", str(mail.outbox[-1].body), re.MULTILINE)
        assert found, mail.outbox[-1].body
        return found[1]

    return read

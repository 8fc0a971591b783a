"""What drafts.js keeps in the browser until the server has it."""

import json
import time
from typing import Any

from playwright.sync_api import Page

from accounts.models import User
from tests.factories.accounts import PASSWORD

FOUND = ".composer__found"
SAVED_EACH = 5_000


def copies(page: Page) -> dict[str, Any]:
    """By their place in the browser."""
    kept = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    return {name: json.loads(value) for name, value in kept.items() if name.startswith("draft:")}


def copied_fields(page: Page) -> list[dict[str, str]]:
    """Of each copy its fields."""
    return [dict(copy["typed"]) for copy in copies(page).values()]


def expect_no_copies(page: Page) -> None:
    """Soon: the page asks the server first. (`wait_for_function` would need what the strict policy forbids.)"""
    end = time.monotonic() + 5
    while copies(page):
        assert time.monotonic() < end, copies(page)
        page.wait_for_timeout(50)


def sign_in_here(page: Page, person: User) -> None:
    """On the sign-in page one was sent to."""
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button").first.click()

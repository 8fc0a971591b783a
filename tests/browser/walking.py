"""Steps that many journeys share."""

from playwright.sync_api import Page, expect

from accounts.models import User
from tests.factories.accounts import PASSWORD


def sign_in(page: Page, site: str, person: User) -> None:
    page.goto(site + "/accounts/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("form:has([name=password]) button").first.click()
    page.wait_for_url("**/desk/")


def go_on(page: Page) -> None:
    """The one main button of the page."""
    button = page.locator("main .kern-btn--primary:visible")
    expect(button).to_have_count(1)
    button.click()

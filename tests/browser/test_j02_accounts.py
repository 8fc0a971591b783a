"""Journey: a person gets an account and looks after it – by password, code, app and passkey."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from accounts import texts
from accounts.models import Consent, User
from tests.browser.mailbox import Mailbox
from tests.factories.accounts import PASSWORD, UserFactory

Visit = Callable[[str], Page]
Check = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _terms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_providers", {**texts._providers, texts.TERMS: lambda: 7})


@pytest.fixture
def person(transactional_db: None) -> User:
    return UserFactory(email="anna@ulm.example", display_name="Anna")


def press(page: Page, field: str) -> None:
    """The main button of the form with that field."""
    page.locator(f"form:has([name={field}]) button").first.click()


def sign_in(visit: Visit, email: str, password: str = PASSWORD) -> Page:
    page = visit("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    press(page, "password")
    return page


def expect_signed_in(visit: Visit) -> None:
    expect(visit("/accounts/profile/").locator("[name=display_name]")).to_be_visible()


def expect_signed_out(visit: Visit) -> None:
    expect(visit("/accounts/profile/").locator("[name=password]")).to_be_visible()


def confirm_by_password(page: Page) -> None:
    """Before something that matters the password is asked again, unless it was confirmed in the last five minutes."""
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        press(page, "password")


class App:
    """The app on the person's phone."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock

    def code(self, secret: str) -> str:
        """Read at the beginning of a new window: it lives for all of its 30 seconds, and is no code typed before."""
        window = int(time.time()) // TOTP_PERIOD + 1
        self.clock.move_to(window * TOTP_PERIOD, tick=True)
        return format_hotp_value(hotp_value(secret, window))


@pytest.fixture
def app(time_machine: Any) -> App:
    return App(time_machine)


@pytest.mark.parametrize("language", ["de", "en"])
def test_visitor_creates_an_account_and_signs_in_again(
    transactional_db: None,
    visit: Visit,
    read_in: Callable[[str], None],
    mailbox: Mailbox,
    assert_accessible: Check,
    language: str,
) -> None:
    read_in(language)
    page = visit("/accounts/signup/")
    assert_accessible(page)

    # Nothing filled in: said on top and at the fields.
    press(page, "password1")
    expect(page.locator(".error-summary a")).to_have_count(3)
    assert_accessible(page)
    page.fill("[name=email]", "new@ulm.example")
    page.fill("[name=password1]", PASSWORD)
    page.check("[name=terms]")
    press(page, "password1")
    assert_accessible(page)
    mail = mailbox.to("new@ulm.example")
    assert mail.language == language
    page.fill("[name=code]", mail.code())
    press(page, "code")
    page.wait_for_url("**/welcome/")

    person = User.objects.get(email="new@ulm.example")
    assert person.language == language
    assert list(Consent.objects.values_list("person", "text", "version", "language")) == [
        (person.pk, "terms", 7, language)
    ]
    expect_signed_in(visit)
    page = visit("/accounts/logout/")
    assert_accessible(page)
    page.locator("main form button").click()
    page.wait_for_url("**/")
    expect_signed_out(visit)
    assert_accessible(page)
    sign_in(visit, "new@ulm.example")
    page.wait_for_url("**/desk/")
    expect_signed_in(visit)


def test_wrong_password_is_refused(person: User, visit: Visit, assert_accessible: Check) -> None:
    page = sign_in(visit, person.email, "wrong")

    expect(page.locator(".error-summary li")).to_have_count(1)
    assert_accessible(page)
    expect_signed_out(visit)


@pytest.mark.parametrize("language", ["de", "en"])
def test_person_signs_in_with_a_code(
    person: User,
    visit: Visit,
    read_in: Callable[[str], None],
    mailbox: Mailbox,
    assert_accessible: Check,
    language: str,
) -> None:
    read_in(language)
    page = visit("/accounts/login/")
    page.locator("a[href*='/login/code/']").click()
    assert_accessible(page)
    page.fill("main [name=email]", person.email)
    press(page, "email")
    page.wait_for_url("**/login/code/confirm/**")
    first = mailbox.to(person.email).code()
    mailbox.empty()
    page.locator("form:has([value=resend]) button").click()
    expect(page.locator("#messages")).not_to_be_empty()
    second = mailbox.to(person.email)
    assert second.language == language
    assert second.code() != first
    page.fill("[name=code]", "000-000-000")
    press(page, "code")
    expect(page.locator(".error-summary")).to_be_visible()
    assert_accessible(page)
    page.fill("[name=code]", second.code())
    press(page, "code")
    page.wait_for_url("**/desk/")

    expect_signed_in(visit)


def test_person_sets_up_an_app_and_signs_in_with_it(
    person: User, visit: Visit, app: App, assert_accessible: Check
) -> None:
    sign_in(visit, person.email)
    page = visit("/accounts/2fa/")
    assert_accessible(page)
    page.locator("a[href$='/totp/activate/']").click()
    confirm_by_password(page)
    assert_accessible(page)
    secret = page.locator("#authenticator_secret").inner_text()
    page.fill("[name=code]", app.code(secret))
    press(page, "code")
    page.wait_for_url("**/recovery-codes/")
    codes = page.locator("#recovery_codes li").all_inner_texts()
    assert len(codes) == 10
    assert_accessible(page)
    assert_accessible(visit("/accounts/2fa/"))
    sign_out(visit)

    # A password alone does not do any more.
    sign_in(visit, person.email)
    page.wait_for_url("**/2fa/authenticate/**")
    assert_accessible(page)
    expect_signed_out_quietly(visit)
    page = visit("/accounts/2fa/authenticate/")
    page.fill("[name=code]", app.code(secret))
    press(page, "code")
    page.wait_for_url("**/desk/")
    expect_signed_in(visit)
    sign_out(visit)

    # A recovery code replaces the app.
    sign_in(visit, person.email)
    page.fill("[name=code]", codes[0])
    press(page, "code")
    page.wait_for_url("**/desk/")
    expect_signed_in(visit)

    page = visit("/accounts/2fa/totp/deactivate/")
    assert_accessible(page)
    confirm_by_password(page)
    assert_accessible(page)
    page.locator("main form button").click()
    page.wait_for_url("**/accounts/2fa/")
    assert person.authenticator_set.count() == 0


def sign_out(visit: Visit) -> None:
    page = visit("/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url("**/")


def expect_signed_out_quietly(visit: Visit) -> None:
    """Between password and second factor one is nobody yet."""
    page = visit("/accounts/profile/")
    expect(page.locator("[name=display_name]")).to_have_count(0)


def test_person_adds_a_passkey_and_signs_in_with_it_alone(
    person: User, visit: Visit, assert_accessible: Check
) -> None:
    page = sign_in(visit, person.email)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page = visit("/accounts/2fa/webauthn/")
    assert_accessible(page)
    page.locator("a[href$='/webauthn/add/']").click()
    confirm_by_password(page)
    assert_accessible(page)
    page.fill("[name=name]", "My phone")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/")
    page = visit("/accounts/2fa/webauthn/")
    expect(page.locator(".account-list")).to_contain_text("My phone")
    assert_accessible(page)
    sign_out(visit)

    page = visit("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/desk/")
    expect_signed_in(visit)

    page = visit("/accounts/2fa/webauthn/")
    page.locator("a[href$='/edit/']").click()
    confirm_by_password(page)
    page.fill("[name=name]", "Old phone")
    assert_accessible(page)
    press(page, "name")
    expect(page.locator(".account-list")).to_contain_text("Old phone")
    page.locator("a[href$='/remove/']").click()
    assert_accessible(page)
    page.locator("main form button").click()
    page.wait_for_url("**/2fa/webauthn/")
    assert person.authenticator_set.count() == 0


def test_browser_without_passkey_says_so_on_the_page(
    person: User, visit: Visit, assert_accessible: Check
) -> None:
    page = visit("/accounts/login/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}},
    )

    page.locator("#passkey_login").click()

    expect(page.locator("[data-passkey-error]")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("language", ["de", "en"])
def test_person_sets_a_new_password(
    person: User,
    visit: Visit,
    read_in: Callable[[str], None],
    mailbox: Mailbox,
    assert_accessible: Check,
    language: str,
) -> None:
    read_in(language)
    page = visit("/accounts/password/reset/")
    assert_accessible(page)
    page.fill("main [name=email]", person.email)
    press(page, "email")
    page.wait_for_url("**/password/reset/confirm/")
    assert_accessible(page)
    page.fill("[name=code]", mailbox.to(person.email).code())
    press(page, "code")
    page.wait_for_url("**/password/reset/complete/")
    assert_accessible(page)
    page.fill("[name=password1]", "battery staple 9")
    page.fill("[name=password2]", "battery staple 9")
    press(page, "password1")
    page.wait_for_url("**/password/reset/done/")
    assert_accessible(page)

    sign_in(visit, person.email, "battery staple 9")
    expect_signed_in(visit)


def test_person_changes_the_address(
    person: User, visit: Visit, mailbox: Mailbox, assert_accessible: Check
) -> None:
    sign_in(visit, person.email)
    page = visit("/accounts/email/")
    assert_accessible(page)
    page.fill("main [name=email]", "anna@neu-ulm.example")
    page.locator("[name=action_add]").click()
    confirm_by_password(page)
    page.wait_for_url("**/confirm-email/")
    mail = mailbox.newest()
    assert mail.to == "anna@neu-ulm.example"
    assert_accessible(page)
    page.fill("[name=code]", mail.code())
    press(page, "code")
    page.wait_for_url("**/accounts/email/")

    person.refresh_from_db()
    assert person.email == "anna@neu-ulm.example"
    mail = mailbox.newest()
    assert mail.to == "anna@ulm.example"
    assert "neu-ulm" not in mail.text


def test_person_ends_another_session(
    person: User, visit: Visit, assert_accessible: Check, client_elsewhere: "Elsewhere"
) -> None:
    client_elsewhere.sign_in(person)
    sign_in(visit, person.email)
    page = visit("/accounts/sessions/")
    assert_accessible(page)
    expect(page.locator(".account-list > li")).to_have_count(2)

    page.locator("form[action*='/end/'] button").click()

    expect(page.locator(".account-list > li")).to_have_count(1)
    assert not client_elsewhere.is_signed_in()


def test_person_changes_details_and_language(
    person: User, visit: Visit, read_in: Callable[[str], None], assert_accessible: Check
) -> None:
    read_in("de")
    sign_in(visit, person.email)
    page = visit("/accounts/profile/")
    assert_accessible(page)
    page.fill("[name=display_name]", "Anna aus Ulm")
    page.select_option("main [name=language]", "en")
    page.select_option("[name=time_zone]", "Europe/Bucharest")
    page.select_option("[name=spoken_1]", "hu")
    page.select_option("[name=level_1]", "native")
    page.locator("main .form button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#messages")).not_to_be_empty()
    assert_accessible(page)

    person.refresh_from_db()
    assert (person.display_name, person.language, person.time_zone) == (
        "Anna aus Ulm",
        "en",
        "Europe/Bucharest",
    )
    assert list(person.spoken_languages.values_list("language", "level")) == [("hu", "native")]


class Elsewhere:
    """The same person in another browser, without a window."""

    def __init__(self) -> None:
        from django.test import Client

        self.client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")

    def sign_in(self, person: User) -> None:
        self.client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    def is_signed_in(self) -> bool:
        return self.client.get("/accounts/profile/").status_code == 200


@pytest.fixture
def client_elsewhere() -> Elsewhere:
    return Elsewhere()

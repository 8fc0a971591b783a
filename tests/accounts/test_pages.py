"""Every page of the account opens, in both languages, in our words."""

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import signed_in

PUBLIC = ["login/", "login/code/", "signup/", "password/reset/", "inactive/"]
OWN = ["profile/", "email/", "password/change/", "2fa/", "2fa/webauthn/", "sessions/", "logout/"]


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("language", ["de", "en"])
def test_page_for_visitors_opens(db: None, path: str, language: str) -> None:
    answer = Client().get(f"/accounts/{path}?lang={language}")

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize("language", ["de", "en"])
def test_page_about_the_own_account_opens(outsider: User, path: str, language: str) -> None:
    answer = signed_in(outsider, language).get(f"/accounts/{path}")

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize("path", OWN[:-1])
def test_visitor_is_led_to_sign_in(db: None, path: str) -> None:
    answer = Client().get(f"/accounts/{path}")

    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next=/accounts/{path}"

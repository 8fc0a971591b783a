"""Every mail about an account: polite, plain, whole, in both languages."""

import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import RequestFactory
from django.utils import translation

from accounts.models import User

MAILS = [
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/login_code",
    "account/email/password_reset_code",
    "account/email/unknown_account",
]
NOTIFICATIONS = [
    "account/email/email_changed",
    "account/email/email_confirm",
    "account/email/email_deleted",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
]


def sent(template: str, person: User) -> mail.EmailMessage:
    request = RequestFactory().get("/", headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    request.user = AnonymousUser()
    request.session = {}
    with context.request_context(request):
        adapter = get_adapter(request)
        if template in NOTIFICATIONS:
            adapter.send_notification_mail(template, person, {"to_email": "secret@elsewhere.example"})
        else:
            adapter.send_mail(template, person.email, {"code": "123-456-789", "user": person})
    return mail.outbox[-1]


@pytest.mark.parametrize("template", [*MAILS, *NOTIFICATIONS])
@pytest.mark.parametrize("language", ["de", "en"])
def test_mail_reads_well(coordinator: User, template: str, language: str) -> None:
    with translation.override(language):
        message = sent(template, coordinator)

    text = str(message.body)
    assert message.to == [coordinator.email]
    assert message.subject
    assert "\n" not in message.subject
    assert "ViPaD" in text
    assert "https://vipad.example/pages/imprint/" in text
    assert "&" not in text
    assert "{" not in text
    assert "\n\n\n" not in text
    assert "secret@elsewhere.example" not in text
    assert (message.extra_headers["Auto-Submitted"], message.extra_headers["Content-Language"]) == (
        "auto-generated",
        language,
    )


@pytest.mark.parametrize("template", [*MAILS, *NOTIFICATIONS])
def test_german_mail_says_sie(coordinator: User, template: str) -> None:
    with translation.override("de"):
        message = sent(template, coordinator)

    familiar = re.findall(
        r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?)\b", f"{message.subject} {message.body}"
    )
    assert familiar == []


@pytest.mark.parametrize("template", NOTIFICATIONS)
def test_notification_says_when_and_from_where(coordinator: User, template: str) -> None:
    with translation.override("en"):
        message = sent(template, coordinator)

    assert "- Browser: Firefox on Linux" in message.body
    assert "- IP address: 127.0.0.1" in message.body

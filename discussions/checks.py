"""An address for answers that mail servers would refuse is found at start, not by who answers in vain."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_NAME = 10
"""The sign "+" and up to 53 letters follow it, and 64 are all a mail server must take (RFC 5321)."""


@register()
def answers_can_arrive(**kwargs: Any) -> list[CheckMessage]:
    address = settings.REPLY_ADDRESS
    if not address:
        return []
    try:
        validate_email(address)
    except ValidationError:
        return [Error("REPLY_ADDRESS is no e-mail address.", id="discussions.E001")]
    name = address.rpartition("@")[0]
    if len(name) > LONGEST_NAME or "+" in name:
        return [
            Error(
                f"The name in REPLY_ADDRESS, {name}, must have at most {LONGEST_NAME} letters and no “+”: "
                "a sign and up to 53 letters are put behind it.",
                id="discussions.E002",
            )
        ]
    return []


@register()
def mailbox_is_an_address(**kwargs: Any) -> list[CheckMessage]:
    """Its text is not repeated: a password stands in it."""
    if not settings.REPLY_IMAP_URL:
        return []
    try:
        found = urlsplit(settings.REPLY_IMAP_URL)
        is_right = found.scheme in ("imap", "imaps") and bool(found.hostname) and found.port != 0
    except ValueError:
        is_right = False
    hint = "imaps://name:password@host/INBOX"
    return [] if is_right else [Error("REPLY_IMAP_URL is no mailbox.", hint=hint, id="discussions.E003")]


@register()
def translation_service_is_an_address(**kwargs: Any) -> list[CheckMessage]:
    if not settings.TRANSLATION_URL:
        return []
    try:
        found = urlsplit(settings.TRANSLATION_URL)
        is_right = found.scheme in ("http", "https") and bool(found.hostname) and found.port != 0
    except ValueError:
        is_right = False
    is_right = is_right and not (found.query or found.fragment or "@" in found.netloc)
    hint = "https://translate.example"
    return [] if is_right else [Error("TRANSLATION_URL is no address.", hint=hint, id="discussions.E004")]

"""Addresses of readers without account are not kept; a digest tells them apart and knows them again."""

import hmac
import re
from hashlib import sha256

from django.conf import settings
from django.utils.crypto import constant_time_compare

from notifications.models import Notice

_DIGEST = re.compile(r"g[0-9a-f]{32}")


def address_digest(email: str) -> str:
    """33 letters for every address, however long, however written. Only who has the secret key can make it."""
    text = "notifications.address:" + email.strip().lower()
    return "g" + hmac.digest(settings.SECRET_KEY.encode(), text.encode(), sha256).hex()[:32]


def bounce_address(notice: Notice) -> str:
    """Where a mail of this notice goes back to: BOUNCE_ADDRESS with the number of the row, signed for its reader."""
    name, _, host = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+{notice.pk}-{_bounce_mark(notice)}@{host}"


def notice_of_bounce(address: str) -> Notice | None:
    """The row an address of ours was made for; None for all others, and when its reader is gone or has moved."""
    name, _, host = settings.BOUNCE_ADDRESS.rpartition("@")
    wanted = re.compile(rf"{re.escape(name)}\+(\d{{1,18}})-([0-9a-f]{{16}})@{re.escape(host)}", re.IGNORECASE)
    match = wanted.fullmatch(address.strip().strip("<>")) if host else None
    notice = Notice.objects.select_related("recipient").filter(pk=match[1]).first() if match else None
    if notice is None or match is None:
        return None
    is_ours = constant_time_compare(_bounce_mark(notice), match[2].lower())
    return notice if is_ours and reader_digest(notice) else None


def reader_digest(notice: Notice) -> str:
    """Of the address a notice goes to. Of a reader without account it outlives the address, in the key."""
    if notice.recipient:
        return address_digest(notice.recipient.email)
    if notice.email:
        return address_digest(notice.email)
    digest = notice.key.rpartition(":")[2]
    return digest if _DIGEST.fullmatch(digest) else ""


def _bounce_mark(notice: Notice) -> str:
    text = f"notifications.bounce:{notice.pk}:{reader_digest(notice)}"
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), sha256).hex()[:16]

"""The address a person answers a topic with: whoever has it writes there, so it is signed and belongs to both."""

import re
from base64 import b32decode, b32encode
from binascii import Error

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "discussions.reply"
_MARK = 16  # bytes of signature, 128 bits
_LARGEST = 2**63 - 1
LONGEST_LOCAL_PART = 64  # RFC 5321; some servers refuse more


def reply_address(topic: int, person: int) -> str:
    """Where this person's answers to this topic go to; empty while REPLY_ADDRESS is."""
    name, _, host = settings.REPLY_ADDRESS.rpartition("@")
    if not host:
        return ""
    local = f"{name}+{_token(topic, person, settings.SECRET_KEY)}"
    if len(local) > LONGEST_LOCAL_PART:
        raise ValueError(
            "The name in REPLY_ADDRESS is too long: mail servers refuse the addresses made of it."
        )
    return f"{local}@{host}"


def read_reply_address(address: str) -> tuple[int, int] | None:
    """(topic, person) of an address we made, however the letters were changed on the way; None for all others."""
    name, _, host = settings.REPLY_ADDRESS.rpartition("@")
    wanted = re.compile(
        rf"{re.escape(name)}\+([a-z2-7]{{30,60}})@{re.escape(host)}", re.IGNORECASE | re.ASCII
    )
    match = wanted.fullmatch(address.strip().strip("<>")) if host else None
    token = match[1].lower() if match else ""
    numbers = _numbers(token)
    if numbers is None:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    is_ours = [constant_time_compare(_token(*numbers, key), token) for key in keys]
    return numbers if any(is_ours) else None


def _token(topic: int, person: int, key: str | bytes) -> str:
    """Base32 in small letters: mail servers and address books may change the case, and have done so."""
    if not (0 < topic <= _LARGEST and 0 < person <= _LARGEST):
        raise ValueError("A reply address is made for a topic and a person that are stored.")
    first, second = _packed(topic), _packed(person)
    payload = bytes([len(first)]) + first + second
    mark = salted_hmac(_SALT, payload, secret=key, algorithm="sha256").digest()[:_MARK]
    return b32encode(payload + mark).decode().rstrip("=").lower()


def _packed(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _numbers(token: str) -> tuple[int, int] | None:
    """What a token says, not yet whether we said it."""
    try:
        data = b32decode(token.upper() + "=" * (-len(token) % 8))[:-_MARK]
    except Error:
        return None
    length = data[0] if data else 0
    topic, person = (int.from_bytes(part, "big") for part in (data[1 : 1 + length], data[1 + length :]))
    return (topic, person) if 0 < topic <= _LARGEST and 0 < person <= _LARGEST else None

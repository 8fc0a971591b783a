"""Signed links for people without account: one purpose each, and void as soon as the row draws a new nonce."""

import re
import secrets

from django.core import signing

_TOKEN = re.compile(r"[A-Za-z0-9_:-]{10,200}")


def new_nonce() -> str:
    """128 random bits, kept with the row; whoever reads only the database cannot make a link of it."""
    return secrets.token_hex(16)


def make_token(purpose: str, number: int, nonce: str) -> str:
    """For an address. `purpose` is part of the signature: a link for one thing opens no other."""
    return signing.Signer(salt=f"link:{purpose}").sign(f"{number}-{nonce}").replace(":", "_", 1)


def read_token(purpose: str, token: str) -> tuple[int, str] | None:
    """(number, nonce) of a link we made for this purpose; None for everything else, however mangled.

    Whether the nonce is still the row's is for the caller to ask, under its lock. Trailing marks that mail programs
    take for a part of the address are forgiven.
    """
    token = token.rstrip(".,;:!?)>]}\"'")
    if not _TOKEN.fullmatch(token):
        return None
    try:
        value = signing.Signer(salt=f"link:{purpose}").unsign(token.replace("_", ":", 1))
    except signing.BadSignature:
        return None
    number, _, nonce = value.partition("-")
    return (int(number), nonce) if number.isdigit() else None

"""Mails as they travelled: tests/discussions/incoming/mails, each with what its writer wrote in a .txt beside it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from discussions.incoming import reply_address

MAILS = Path(__file__).parent / "mails"


@pytest.fixture(autouse=True)
def _own_addresses(settings):
    settings.REPLY_ADDRESS = "reply@vipad.example"
    settings.BOUNCE_ADDRESS = "bounces@vipad.example"
    settings.DEFAULT_FROM_EMAIL = "ViPaD <notices@vipad.example>"


@pytest.fixture
def address(_own_addresses) -> str:
    return reply_address(12, 34)


@pytest.fixture
def raw_mail(address: str) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        return (MAILS / f"{name}.eml").read_bytes().replace(b"TOKENADDRESS", address.encode())

    return read

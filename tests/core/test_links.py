"""Signed links."""

import pytest
from django.core import signing

from core.links import make_token, new_nonce, read_token


def test_a_link_is_read_for_its_purpose() -> None:
    nonce = new_nonce()

    assert read_token("confirm", make_token("confirm", 12, nonce)) == (12, nonce)


def test_a_link_for_one_thing_opens_no_other() -> None:
    assert read_token("take_over", make_token("confirm", 12, "a" * 32)) is None


@pytest.mark.parametrize("end", [".", ",", ")", ">", '"'])
def test_marks_behind_the_address_are_forgiven(end: str) -> None:
    assert read_token("confirm", make_token("confirm", 12, "a" * 32) + end) == (12, "a" * 32)


@pytest.mark.parametrize("mangled", ["", "x", "12-abc", "ä" * 40, "a" * 5000, "\x00" * 20, "12-a_b_c" * 5])
def test_what_is_no_link_of_ours_is_none(mangled: str) -> None:
    assert read_token("confirm", mangled) is None


def test_a_truncated_link_is_none() -> None:
    token = make_token("confirm", 12, "a" * 32)

    assert [read_token("confirm", token[:length]) for length in range(len(token))] == [None] * len(token)


def test_a_link_says_nothing_that_can_be_made_from_the_row() -> None:
    forged = signing.Signer(key="another key", salt="link:confirm").sign("12-" + "a" * 32)

    assert read_token("confirm", forged.replace(":", "_", 1)) is None


def test_nonces_differ() -> None:
    assert len({new_nonce() for _ in range(100)}) == 100

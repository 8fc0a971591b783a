"""Reply addresses: ours are known again however they were changed on the way, others never."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.incoming import read_reply_address, reply_address

LARGEST = 2**63 - 1


def test_an_address_says_topic_and_person(address):
    assert read_reply_address(address) == (12, 34)


@pytest.mark.parametrize(
    "numbers", [(1, 1), (255, 256), (256, 255), (LARGEST, 1), (1, LARGEST), (LARGEST, LARGEST)]
)
def test_every_pair_of_numbers_comes_back_in_the_same_order(numbers):
    assert read_reply_address(reply_address(*numbers)) == numbers


def test_topic_and_person_are_not_mistaken_for_each_other():
    assert reply_address(1, 257) != reply_address(257, 1)


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: f" <{text}> "])
def test_an_address_survives_what_servers_do_to_it(address, change):
    assert read_reply_address(change(address)) == (12, 34)


def test_the_local_part_is_never_longer_than_mail_servers_take():
    assert len(reply_address(LARGEST, LARGEST).partition("@")[0]) <= 64


def test_a_name_too_long_is_said_at_once(settings):
    settings.REPLY_ADDRESS = "answers-to-the-topics@vipad.example"

    with pytest.raises(ValueError, match="too long"):
        reply_address(LARGEST, LARGEST)


def test_one_changed_letter_anywhere_voids_it(address):
    local, _, host = address.partition("@")
    start = local.index("+") + 1
    changed = [
        f"{local[:place]}{'b' if local[place] == 'a' else 'a'}{local[place + 1 :]}@{host}"
        for place in range(start, len(local))
    ]

    assert [read_reply_address(other) for other in changed] == [None] * len(changed)


@pytest.mark.parametrize("more", ["a", "aaaaaaaa", "="])
def test_letters_more_or_less_void_it(address, more):
    local, _, host = address.partition("@")

    assert [read_reply_address(f"{local}{more}@{host}"), read_reply_address(f"{local[:-1]}@{host}")] == [
        None,
        None,
    ]


@pytest.mark.parametrize(
    "other", ["", "reply@vipad.example", "reply+@vipad.example", "anna@example.org", "@", "reply+ü@x"]
)
def test_other_addresses_say_nothing(other):
    assert read_reply_address(other) is None


def test_another_host_says_nothing(address):
    assert read_reply_address(address.replace("vipad.example", "evil.example")) is None


def test_a_signature_for_another_purpose_opens_no_topic(settings, address):
    payload = bytes([1, 12, 34])
    mark = hmac.digest(settings.SECRET_KEY.encode(), b"notifications.bounce" + payload, hashlib.sha256)[:16]
    token = base64.b32encode(payload + mark).decode().rstrip("=").lower()

    assert len(token) == len(address) - len("reply+@vipad.example")
    assert read_reply_address(f"reply+{token}@vipad.example") is None


def test_a_new_secret_key_voids_all(settings, address):
    settings.SECRET_KEY = "another-key"

    assert read_reply_address(address) is None


def test_the_old_secret_key_is_still_read_while_it_is_listed(settings, address):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key"

    assert read_reply_address(address) == (12, 34)


def test_switched_off_nothing_is_made_or_read(settings, address):
    settings.REPLY_ADDRESS = ""

    assert [reply_address(12, 34), read_reply_address(address)] == ["", None]


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (-1, 1), (1, 2**63)])
def test_what_is_not_stored_gets_no_address(numbers):
    with pytest.raises(ValueError, match="stored"):
        reply_address(*numbers)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=70))
def test_guessed_tokens_say_nothing_and_raise_nothing(token):
    assert read_reply_address(f"reply+{token}@vipad.example") is None

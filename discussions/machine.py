"""Machine translation by a service that speaks LibreTranslate's interface. Off while TRANSLATION_URL is empty.

Only what somebody asks for with a button goes out: the text of one post. Who wrote it, when and where is not said, and
members it mentions are numbers; a name that was typed goes out as it stands.
"""

import contextlib
import http.client
import json
import re
from typing import Any

from django.conf import settings

from core.markdown import plain
from core.outbound import connected, path_of

SECONDS = 10.0
MOST_BYTES = 200_000
LONGEST = 20_000
# No service knows Montenegrin by a code of its own.
UNKNOWN = ("cnr",)
_MENTION = re.compile(r"@\[[^\[\]\n]{1,100}\]\(person:([1-9][0-9]{0,17})\)")
_NUMBERED = re.compile(r"@ ?P([1-9][0-9]{0,17})")


class MachineFailed(Exception):
    """No translation. The reason is a code for logs: neither the text nor the key is ever in it."""


def is_set_up() -> bool:
    return bool(settings.TRANSLATION_URL)


def translated(text: str, *, source: str, target: str) -> str:
    """`source` may be empty: then the service guesses. Marks of Markdown do not survive machines: plain text goes out.

    Raises MachineFailed; takes SECONDS for making the connection and once more for the answer, at most.
    """
    if not is_set_up() or target in UNKNOWN:
        raise MachineFailed("not-set-up")
    asked = {
        "q": plain(text, mention=lambda number: f"P{number}"),
        "source": source if source and source not in UNKNOWN else "auto",
        "target": target,
        "format": "text",
    }
    if settings.TRANSLATION_KEY:
        asked["api_key"] = settings.TRANSLATION_KEY
    marks = {found[1]: found[0] for found in _MENTION.finditer(text)}
    answer = _text_in(_answer(json.dumps(asked).encode()))
    return _NUMBERED.sub(lambda found: marks.get(found[1], found[0]), answer)


def _answer(body: bytes) -> bytes:
    address = settings.TRANSLATION_URL.rstrip("/") + "/translate"
    try:
        with connected(address, seconds=SECONDS) as (connection, is_late):
            try:
                answer = _ask(connection, address, body)
            except (OSError, http.client.HTTPException):
                if is_late.is_set():
                    raise TimeoutError from None
                raise
            # Cut off by the timer, an answer can look whole.
            if is_late.is_set():
                raise TimeoutError
            return answer
    except TimeoutError:
        raise MachineFailed("slow") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise MachineFailed("connection") from None


def _ask(connection: http.client.HTTPConnection, address: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
    connection.request("POST", path_of(address), body=body, headers=headers)
    with contextlib.closing(connection.getresponse()) as response:
        if response.status != http.client.OK:
            raise MachineFailed(f"status-{response.status}")
        answer = response.read(MOST_BYTES + 1)
    if len(answer) > MOST_BYTES:
        raise MachineFailed("too-large")
    return answer


def _text_in(answer: bytes) -> str:
    try:
        said: Any = json.loads(answer)
    except ValueError:
        raise MachineFailed("no-json") from None
    text = said.get("translatedText") if isinstance(said, dict) else None
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
        raise MachineFailed("no-text")
    return text

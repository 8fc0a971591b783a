"""The number of a report, as it is read out on the telephone: no letter or digit looks like another one."""

import re
import secrets

_LETTERS = "2345679ACDEFGHJKMNPQRTUVWXY"
_SHAPE = re.compile(rf"V-?([{_LETTERS}]{{4}})-?([{_LETTERS}]{{4}})")


def new_reference() -> str:
    """`V-7F3K-2Q9M`. Nobody guesses one; whoever stores it asks whether it is new."""
    drawn = "".join(secrets.choice(_LETTERS) for _position in range(8))
    return f"V-{drawn[:4]}-{drawn[4:]}"


def as_written(typed: str) -> str:
    """The reference as it is stored, however it was typed; empty for what is none."""
    found = _SHAPE.fullmatch(re.sub(r"\s+", "", typed.upper()))
    return f"V-{found[1]}-{found[2]}" if found else ""

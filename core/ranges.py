"""A file of ours in parts: players of films ask for those they need, and some play nothing they cannot ask so."""

import re
from collections.abc import Iterator
from pathlib import Path

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_AT_ONCE = 64 * 1024


class Unsatisfiable(Exception):
    """The part asked for begins behind the end of the file."""


def part_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the part that a Range header asks for (RFC 9110, section 14), of a file of `size` bytes.

    None means the whole file: nothing was asked for, or something we need not understand, as several parts.
    Raises Unsatisfiable.
    """
    found = _RANGE.fullmatch(header.strip())
    if not found or found[1] == found[2] == "":
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        first, last = size - length, size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < first:
            return None
    if first > last:
        raise Unsatisfiable
    return first, last


def pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    """The bytes from `first` to `last`, a little at a time."""
    left = last - first + 1
    with path.open("rb") as file:
        file.seek(first)
        while left > 0 and (piece := file.read(min(_AT_ONCE, left))):
            left -= len(piece)
            yield piece

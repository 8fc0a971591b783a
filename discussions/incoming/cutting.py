"""Of an answer by mail, what the person wrote: without history, signature and what the mail program adds.

Rather too much than too little: what is not surely history stays. Only letters are taken away, never added.
"""

import re
from dataclasses import dataclass
from itertools import groupby

from discussions.incoming.phrases import (
    begins_like_introduction,
    introduces_quote,
    is_footer,
    is_separator,
    label_of,
    may_introduce_quote,
)

_QUOTE = re.compile(r"[ \t]{0,3}>")
_RULE = re.compile(r"\s*(?:[_\-=*]{5,}|[_*]{3,})\s*")
_LONGEST_BLOCK = 14  # lines of a header shown in a text; "To" can be long
_LONGEST_INTRODUCTION = 5
_LONGEST_BARE_SIGNATURE = 10  # lines under "--" without the space that makes it a delimiter


@dataclass
class _Piece:
    kind: str  # "text", "quote", "introduction" of a quote
    lines: list[str]


def cut(text: str) -> str:
    """Empty when there was nothing but history and signature. Answers between quotes keep the quotes they answer."""
    lines = text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    pieces = [_without_signature(piece) for piece in _pieces(lines)]
    return _joined(_answered(_merged(pieces)))


def quotes_apart(text: str) -> str:
    """With an empty line between quote and answer: Markdown takes what follows a quote for a part of it."""
    groups = [
        list(lines) for _, lines in groupby(text.split("\n"), key=lambda line: bool(_QUOTE.match(line)))
    ]
    return "\n\n".join("\n".join(lines).strip("\n") for lines in groups)


def _pieces(lines: list[str]) -> list[_Piece]:
    """The lines by what they are; ends where history begins that is not marked as quoted."""
    pieces: list[_Piece] = [_Piece("text", [])]
    index = 0
    while index < len(lines):
        line = lines[index]
        if _QUOTE.match(line):
            _add(pieces, "quote", [line])
            index += 1
            continue
        length = _header_length(lines, index)
        above = 0 if length else _introduction_above(lines, index, pieces)
        if above:
            pieces[-1].lines = pieces[-1].lines[: len(pieces[-1].lines) - (above - 1)]
        if length or above:
            index += length or 1
            if not _quote_follows(lines, index):
                break
            pieces.append(_Piece("introduction", []))
            continue
        _add(pieces, "text", [line])
        index += 1
    return pieces


def _add(pieces: list[_Piece], kind: str, lines: list[str]) -> None:
    if pieces[-1].kind != kind:
        pieces.append(_Piece(kind, []))
    pieces[-1].lines += lines


def _header_length(lines: list[str], index: int) -> int:
    """How many lines are a separator or a block "From, Sent, To, Subject"; 0 when there is none."""
    if is_separator(lines[index]):
        following = index + 1
        while following < len(lines) and not lines[following].strip():
            following += 1
        return following - index + (_block_length(lines, following) if following < len(lines) else 0)
    return _block_length(lines, index)


def _block_length(lines: list[str], index: int) -> int:
    if label_of(lines[index]) is None:
        return 0
    block: list[str] = []
    for line in lines[index : index + _LONGEST_BLOCK]:
        if not line.strip() or _QUOTE.match(line):
            break
        block.append(line)
    labels = [(label_of(line), number) for number, line in enumerate(block)]
    kinds = {label for label, _ in labels if label}
    is_header = "from" in kinds and len(kinds) >= 3 and re.search(r"[@\d]", "".join(block))
    return max(number for label, number in labels if label) + 1 if is_header else 0


def _introduction_above(lines: list[str], index: int, pieces: list[_Piece]) -> int:
    """How many lines, up from this one, are "On … wrote:"; mail programs break it where they like. 0 when none are."""
    if not lines[index].rstrip().endswith(":"):
        return 0
    most = len(_paragraph_above(lines, index, pieces))
    for length in range(1, most + 1):
        span = " ".join(line.strip() for line in lines[index - length + 1 : index + 1])
        is_weak = may_introduce_quote(span) and _quote_follows(lines, index + 1)
        if introduces_quote(span) or is_weak:
            return _whole_introduction(lines, index, length, most)
    return 0


def _paragraph_above(lines: list[str], index: int, pieces: list[_Piece]) -> list[str]:
    """This line and those directly above it that are text."""
    own = len(pieces[-1].lines) if pieces[-1].kind == "text" else 0
    paragraph = []
    for line in reversed(lines[max(index - min(own, _LONGEST_INTRODUCTION - 1), 0) : index + 1]):
        if not line.strip():
            break
        paragraph.append(line)
    return paragraph


def _whole_introduction(lines: list[str], index: int, length: int, most: int) -> int:
    """The end was found; the beginning is where the date stands, or a name broken off before its address."""
    if begins_like_introduction(lines[index - length + 1]):
        return length
    for longer in range(length + 1, most + 1):
        if begins_like_introduction(lines[index - longer + 1]):
            return longer
    is_broken = lines[index - length + 1].lstrip().startswith("<") or lines[index - length].rstrip().endswith(
        "<"
    )
    return length + 1 if is_broken and length < most else length


def _quote_follows(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 4] if line.strip()), "")
    return bool(_QUOTE.match(following))


def _without_signature(piece: _Piece) -> _Piece:
    if piece.kind != "text":
        return piece
    lines = piece.lines[: _signature_start(piece.lines)]
    end = len(lines)
    while end and (
        not lines[end - 1].strip() or _RULE.fullmatch(lines[end - 1]) or is_footer(lines[end - 1])
    ):
        end -= 1
    start = next((number for number in range(end) if lines[number].strip()), end)
    if start == end:
        return _Piece("text", [])
    # Around the text one empty line stays where there was something, to keep it apart from quotes.
    return _Piece("text", [""] * (start > 0) + lines[start:end] + [""] * (end < len(piece.lines)))


def _signature_start(lines: list[str]) -> int:
    """The first delimiter; one that lost its space counts only near the end."""
    start, below = len(lines), 0
    for number in range(len(lines) - 1, -1, -1):
        is_bare = lines[number].rstrip() == "--" and below <= _LONGEST_BARE_SIGNATURE
        if lines[number] == "-- " or is_bare:
            start = number
        below += bool(lines[number].strip())
    return start


def _merged(pieces: list[_Piece]) -> list[_Piece]:
    """Without empty pieces; quotes with nothing said between them are one."""
    merged: list[_Piece] = []
    for piece in pieces:
        if piece.kind != "introduction" and not piece.lines:
            continue
        if merged and merged[-1].kind == piece.kind == "quote":
            merged[-1].lines += ["", *piece.lines]
        else:
            merged.append(piece)
    return merged


def _answered(pieces: list[_Piece]) -> list[_Piece]:
    """Quotes below the last word are history, and so is a whole mail quoted above the only one."""
    last = max((number for number, piece in enumerate(pieces) if piece.kind == "text"), default=-1)
    kept = pieces[: last + 1]
    is_below_everything = [piece.kind for piece in pieces] == ["introduction", "quote", "text"]
    return [
        piece for piece in kept if piece.kind == "text" or (piece.kind == "quote" and not is_below_everything)
    ]


def _joined(pieces: list[_Piece]) -> str:
    return "\n".join(line.rstrip() for piece in pieces for line in piece.lines).strip("\n")

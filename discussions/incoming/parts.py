"""The parts of a mail: which is the text, which are the files."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from discussions.incoming.headers import as_letters, clean, decoded, forgiving
from discussions.incoming.hypertext import as_text

MOST_PARTS = 200
LARGEST_HTML = 500_000  # letters; what a person writes stands at the beginning
_LARGEST_HEAD = 64 * 1024
# Made by programs for programs, or (calendar) a second form of the text.
_NOT_FOR_PEOPLE = re.compile(
    r"application/(?:pkcs7-(?:signature|mime)|x-pkcs7-\w+|pgp-(?:signature|keys|encrypted)|ms-tnef)|text/calendar"
    r"|message/.*",
)
_SMALLEST_PICTURE = 10_000  # bytes; below it, a picture inside the text is a logo or a smiley
_PLACEHOLDERS = re.compile(r"\[cid:[^\]\n]{1,200}\]|\[image: [^\]\n]{1,200}\]|<image\d{3}\.\w{3,4}>|\ufffc")


@dataclass(frozen=True)
class Attached:
    """A file that came with a mail. Name and type are what the sender says: neither is true until checked."""

    name: str
    content_type: str
    content: bytes


def text_of(mail: Message) -> str:
    """What the mail says, with history. The plain form is preferred: it is what the mail program itself quotes in."""
    texts = []
    for part in _chosen(mail):
        if part.get_content_maintype() != "text" or _is_file(part):
            continue
        text = clean(forgiving(_content(part), str(part.get_content_charset() or "")))
        if part.get_content_subtype() == "html":
            text = as_text(text[:LARGEST_HTML])
        elif str(part.get_param("format", "")).lower() == "flowed":
            text = _unflowed(text, joins=str(part.get_param("delsp", "")).lower() == "yes")
        texts.append(_PLACEHOLDERS.sub("", text).strip("\n"))
    return "\n\n".join(text for text in texts if text.strip())


def files_of(mail: Message) -> list[Attached]:
    return [
        Attached(_name(part), part.get_content_type(), content)
        for part in _leaves(mail)
        if _is_file(part) and not _NOT_FOR_PEOPLE.fullmatch(part.get_content_type())
        if (content := _content(part)) and not _is_ornament(part, content)
    ]


def _leaves(mail: Message) -> Iterator[Message]:
    """Every part that holds something, without recursion and without looking into mails sent along."""
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        if sum(len(str(value)) for _, value in part.raw_items()) > _LARGEST_HEAD and part is not mail:
            continue
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list):
            waiting.extend(reversed(children))  # type: ignore[arg-type]
        else:
            _repair(part)
            yield part


def _repair(part: Message) -> None:
    """Letters beyond ASCII in the name of a file, written as they are: the library would show question marks."""
    for name in ("Content-Type", "Content-Disposition"):
        raw = next((value for key, value in part.raw_items() if key.lower() == name.lower()), "")
        if isinstance(raw, str) and not raw.isascii():
            part.replace_header(name, as_letters(raw))


def _chosen(mail: Message) -> list[Message]:
    """Of several forms of the same text one: the plain one unless it is empty."""
    leaves = list(_leaves(mail))
    plain = [part for part in leaves if part.get_content_type() == "text/plain" and not _is_file(part)]
    if any(_content(part).strip() for part in plain):
        return plain
    return [part for part in leaves if part.get_content_type() == "text/html"]


def _is_file(part: Message) -> bool:
    if part.get_content_maintype() != "text":
        return part.get_content_maintype() != "multipart"
    is_named = bool(part.get_filename()) and part.get_content_subtype() != "html"
    return part.get_content_disposition() == "attachment" or is_named


def _is_ornament(part: Message, content: bytes) -> bool:
    is_inside = part.get_content_disposition() != "attachment" and "Content-ID" in part
    return is_inside and part.get_content_maintype() == "image" and len(content) < _SMALLEST_PICTURE


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    """The last piece of the path, readable and short; what it may be in storage is for the storage to say."""
    name = unicodedata.normalize("NFC", decoded(part.get_filename() or ""))
    name = re.split(r"[/\\]", name)[-1].strip(". ")
    stem, dot, ending = name.rpartition(".")
    return (stem[:100] + dot + ending[:20] if dot else name[:100]) or "attachment"


def _unflowed(text: str, *, joins: bool) -> str:
    """Lines that the mail program broke, put together again (RFC 3676)."""
    lines: list[str] = []
    continues = False
    for raw in text.split("\n"):
        quote = re.match(r">*", raw)[0]  # type: ignore[index]
        line = raw[len(quote) :].removeprefix(" ")
        if continues and lines and not quote and raw != "-- ":
            lines[-1] += line
        else:
            lines.append(f"{quote} {line}".rstrip(" ") if quote else line)
        continues = not quote and line.endswith(" ") and line != "-- "
        if continues and joins:
            lines[-1] = lines[-1][:-1]
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)

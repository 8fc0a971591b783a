"""Lines above a mail, read with more patience than the library has: whatever came, a text comes out."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

_CHARSETS = re.compile(
    r"utf-?(?:8|16|32)(?:-?[lb]e)?|(?:us-)?ascii|iso-?8859-?\d{1,2}|latin-?\d{1,2}|windows-125\d|cp-?\d{3,4}"
    r"|koi8-[rut]|mac-?[a-z0-9]{2,12}|gb[k0-9]{1,6}|big5|euc-\w\w|shift[-_]jis|iso-2022-\w\w",
    re.IGNORECASE,
)
_SAYS_TOO_LITTLE = re.compile(r"(?:us-)?ascii|iso-?8859-?1|latin-?1", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")  # all but tab and line end
_SPACES = re.compile(r"[\s\x00-\x1f]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,300}"|\([^()]{0,300}\)')  # bounded, or it takes minutes
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@[\w-]+(?:\.[\w-]+)*")


def forgiving(data: bytes, charset: str) -> str:
    """The text, with marks where a byte means nothing. Charsets that lie or do not exist are guessed."""
    charset = charset.strip().strip("\"'")
    if _CHARSETS.fullmatch(charset) and not _SAYS_TOO_LITTLE.fullmatch(charset):
        try:
            return data.decode(charset, "replace")
        except LookupError:
            pass
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1252", "replace")


def clean(text: str) -> str:
    """With the line ends of Unix, and without what no database takes and no screen shows."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def raw_values(mail: Message, name: str) -> list[str]:
    """All lines of this name as they came, folded lines joined."""
    values = [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()]
    return [" ".join(value.split()) for value in values]


def decoded(value: str) -> str:
    """One line of readable text; no line break survives, so nothing can be slipped into a header of ours."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        pieces = [(value, None)]
    text = "".join(
        as_letters(piece) if isinstance(piece, str) else forgiving(piece, charset or "")
        for piece, charset in pieces
    )
    return _SPACES.sub(" ", clean(text.replace("\n", " ").replace("\r", " "))).strip()


def addresses(value: str) -> list[str]:
    """What stands in a line as an address; a name in quotes that looks like one is a name."""
    bare = _QUOTED.sub(" ", value)
    return list(dict.fromkeys(match.strip(".").lower() for match in _ADDRESS.findall(bare)))


def as_letters(text: str) -> str:
    """Letters beyond ASCII that a program wrote into a header as they are."""
    return forgiving(text.encode("utf-8", "surrogateescape"), "utf-8")

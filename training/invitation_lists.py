"""A list of people to invite, as spreadsheets save it or people paste it. No database here."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES

MOST_ROWS = 500
LONGEST_NAME, LONGEST_ADDRESS = 80, 254
HEADINGS = {
    "email": ("email", "e-mail", "e-mail address", "mail", "e-mail-adresse", "email-adresse", "adresse"),
    "name": ("name", "names"),
    "language": ("language", "sprache"),
}
LANGUAGES = {
    **{code: code for code, _name in PARTNER_LANGUAGES},
    **{name.lower(): code for code, name in PARTNER_LANGUAGES},
    "german": "de",
    "englisch": "en",
}


class NotText(ValueError):
    """The bytes are no text in UTF-8, or the text is no table."""


class NoAddresses(ValueError):
    """No column is said to hold addresses, and there is more than one."""


class TooMany(ValueError):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Listed:
    """One line. `fault` says in the reader's words what is wrong with it; empty if nothing is."""

    line: int
    email: str
    name: str = ""
    language: str = "de"
    fault: str = ""


def decoded(content: bytes) -> str:
    """Raises NotText."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotText from error
    if "\x00" in text:
        raise NotText
    return text


def read(text: str) -> list[Listed]:
    """Every line that has something in it. Raises NotText, NoAddresses, TooMany."""
    try:
        lines = list(_lines(text.lstrip("\ufeff").replace("\x00", "")))
    except csv.Error as error:
        raise NotText from error
    if not lines:
        return []
    columns = _columns(lines[0][1])
    if columns is None:
        # Addresses alone need no heading.
        if any(len(cells) > 1 for _line, cells in lines) or "@" not in lines[0][1][0]:
            raise NoAddresses
        columns = {"email": 0}
    else:
        lines = lines[1:]
    if len(lines) > MOST_ROWS:
        raise TooMany(len(lines))
    seen: dict[str, int] = {}
    return [_listed(line, cells, columns, seen) for line, cells in lines]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of the line as an editor shows it, and its cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((sign for sign in (";", "\t", ",") if sign in first), ",")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    for row in reader:
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            yield begins, cells
        begins = reader.line_num + 1


def _columns(heading: list[str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for at, cell in enumerate(heading):
        for name, words in HEADINGS.items():
            if cell.lower() in words:
                found.setdefault(name, at)
    return found if "email" in found else None


def _listed(line: int, cells: list[str], columns: dict[str, int], seen: dict[str, int]) -> Listed:
    said = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    email, name, typed = said["email"].lower(), said.get("name", ""), said.get("language", "").lower()
    language = LANGUAGES.get(typed or "de", "")
    fault = _fault(email, name, language)
    if not fault and email in seen:
        fault = _("The same address stands in line %(line)s.") % {"line": seen[email]}
    if not fault:
        seen[email] = line
    return Listed(line, email, name, language or "de", fault)


def _fault(email: str, name: str, language: str) -> str:
    if not email:
        return _("The address is missing.")
    try:
        validate_email(email)
    except ValidationError:
        return _("This is no e-mail address.")
    if len(email) > LONGEST_ADDRESS:
        return _("The address is too long.")
    if len(name) > LONGEST_NAME:
        return _("The name has more than %(most)s characters.") % {"most": LONGEST_NAME}
    if not language:
        return _("We do not know this language. Please write de or en.")
    return ""

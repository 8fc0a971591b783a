"""Words for partners abroad: what they meet without signing in is complete in eleven more languages.

Here stands which of our sources they read. Serbian in Latin letters is made from Serbian in Cyrillic ones.
"""

import io
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import polib
from babel.messages.catalog import Catalog

CHECKOUT = Path(__file__).resolve().parent.parent
LATIN, CYRILLIC = "sr_Latn", "sr"
# Folders of locale/, as Django calls them. German and English are the interface's own and complete in everything.
LANGUAGES = ("bg", "bs", "cs", "hr", "hu", "ro", "sk", "sl", CYRILLIC, LATIN, "uk")

# Modules whose every word a partner may read. A mixed one is to be split.
MODULES = (
    "accounts/languages.py",
    "core/partner_pages.py",
    "core/partner_words.py",
    "core/zone_words.py",
    "directory/partner_words.py",
    "discussions/forms/notices.py",
    "partnerships/choices.py",
    "partnerships/forms/answers.py",
    "partnerships/queries/record.py",
    "webinars/certificates.py",
    "webinars/emails/calendars.py",
    "webinars/forms/after.py",
    "webinars/forms/guests.py",
    "webinars/queries/certificate.py",
)
# Beside the mails of kinds with the audience PARTNER: what every mail and every page for partners is made of.
TEMPLATES = (
    "partner_base.html",
    "partner/*.html",
    "email/base.html",
    "email/base.txt",
    "email/record.html",
    "email/record.txt",
    "email/session.*",
    "email/session_facts.*",
    "email/session_when.txt",
    "email/several.*",
    "jinja/django/forms/field.html",
    "jinja/django/forms/help_and_errors.html",
)

_CYRILLIC = "абвгдђежзијклмнопрстћуфхцчш"
_LATIN = "abvgdđežzijklmnoprstćufhcčš"
_LETTERS = dict(zip(_CYRILLIC, _LATIN, strict=True)) | {"љ": "lj", "њ": "nj", "џ": "dž"}


@cache
def plural_header(language: str) -> str:
    """Django's own, which is not everywhere that of CLDR: catalogues of one language have to count alike."""
    path = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"
    return str(polib.pofile(str(path)).metadata["Plural-Forms"])


def plurals(language: str) -> int:
    found = re.match(r"nplurals=(\d)", plural_header(language))
    assert found is not None, language
    return int(found[1])


def kinds_of_mail() -> list[str]:
    """Names of the kinds partners get: the apps know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vipad.settings")
    os.environ.setdefault("ENVIRONMENT", "development")
    django.setup()
    from notifications.kinds import Audience, all_kinds  # noqa: PLC0415 -- needs the apps

    return [kind.name for kind in all_kinds() if kind.audience == Audience.PARTNER]


def modules() -> Iterator[Path]:
    for name in MODULES:
        yield CHECKOUT / name


def templates() -> list[Path]:
    wanted = [*TEMPLATES, *(f"email/{name}{ending}" for name in kinds_of_mail() for ending in _ENDINGS)]
    return sorted({path for pattern in wanted for path in (CHECKOUT / "templates").glob(pattern)})


_ENDINGS = (".subject.txt", ".txt", ".html")


def in_latin(catalog: Catalog) -> None:
    """Write the translations of this catalogue in Latin letters."""
    for message in catalog:
        if message.id:
            strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            written = tuple(latin(text or "") for text in strings)
            message.string = written if isinstance(message.id, (tuple, list)) else written[0]


def latin(text: str) -> str:
    """Љубав → Ljubav, ЉУБАВ → LJUBAV. What is not Cyrillic stays: placeholders, tags, foreign names."""
    out = io.StringIO()
    for position, letter in enumerate(text):
        small = _LETTERS.get(letter.lower())
        if small is None:
            out.write(letter)
        elif letter.islower():
            out.write(small)
        else:
            around = text[position + 1 : position + 2] or text[position - 1 : position]
            out.write(small.upper() if around.isupper() else small.capitalize())
    return out.getvalue()

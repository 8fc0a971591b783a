"""How the name of a place is written on a page, and in which language it is."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import get_language

# Written in Cyrillic at home: their Latin form carries the script in its language tag.
_CYRILLIC_LANGUAGES = frozenset({"bg", "sr", "uk", "mk", "ru"})


def shown_name(name: str, german_name: str) -> str:
    """The local name; on German pages with the German name in use behind it: "Pécs (Fünfkirchen)"."""
    language = get_language() or settings.LANGUAGE_CODE
    if german_name and german_name != name and language.startswith("de"):
        return f"{name} ({german_name})"
    return name


def latin_tag(languages: Sequence[str]) -> str:
    """The `lang` of a local name in Latin letters; `languages` are the country's, most used first."""
    if not languages:
        return ""
    first = languages[0].partition("-")[0]
    return f"{first}-Latn" if first in _CYRILLIC_LANGUAGES else first


def cyrillic_tag(languages: Sequence[str]) -> str:
    """The `lang` of a local name in Cyrillic letters."""
    spoken = [language.partition("-")[0] for language in languages]
    cyrillic = next((language for language in spoken if language in _CYRILLIC_LANGUAGES), "")
    if cyrillic:
        return cyrillic
    return f"{spoken[0]}-Cyrl" if spoken else ""

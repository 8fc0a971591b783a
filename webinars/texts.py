"""Content in the language of a reader who may read neither German nor English."""

from dataclasses import dataclass

from django.db.models import Model

LANGUAGES = ("de", "en")
"""Of content: a column for each."""


@dataclass(frozen=True, slots=True)
class Text:
    """`language` is empty where the text is in the reader's own."""

    words: str
    language: str = ""

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return bool(self.words)


def text_in(row: Model, name: str, language: str) -> Text:
    """The field in the reader's language; else in English, which more readers abroad know, else in German."""
    order = ("de", "en") if language == "de" else ("en", "de")
    for code in order:
        words = getattr(row, f"{name}_{code}") or ""
        if words:
            return Text(words, "" if code == language else code)
    return Text("")

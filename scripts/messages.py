"""Catalogues of visible words: `update` collects them, `compile` makes what Django reads, `check` reports.

Without gettext's binaries: Babel extracts, polib compiles. English is the source language; its catalogue
repeats the source, so that a word can be corrected there without touching code. German is made by hand.
Eleven more languages hold what partners abroad read, and only that (scripts/partner_messages.py).
"""

import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from scripts import partner_messages

CHECKOUT = Path(__file__).resolve().parent.parent
JINJA = CHECKOUT / "templates" / "jinja"
APPS = (
    "accounts",
    "core",
    "directory",
    "discussions",
    "notifications",
    "partnerships",
    "portal",
    "training",
    "vipad",
    "webinars",
)
LANGUAGES = ("de", "en")
EVERY = (*LANGUAGES, *partner_messages.LANGUAGES)
SOURCE_LANGUAGE = "en"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
_TAG = re.compile(r"</?\w+")


def file_of(language: str) -> Path:
    return CHECKOUT / "locale" / language / "LC_MESSAGES" / "django.po"


def collect(language: str = SOURCE_LANGUAGE) -> Catalog:
    """Every translatable text of the sources a reader of this language meets, without translations."""
    catalog = Catalog(charset="utf-8")
    found = _found() if language in LANGUAGES else _texts(_partner_sources())
    for context, singular, plural in sorted(
        set(found), key=lambda text: (text[1], text[0] or "", text[2] or "")
    ):
        catalog.add((singular, plural) if plural else singular, context=context)
    return catalog


def _found() -> Iterator[tuple[str | None, str, str | None]]:
    return _texts(_sources())


def _texts(sources: Iterable[bytes]) -> Iterator[tuple[str | None, str, str | None]]:
    for content in sources:
        for _line, function, texts, _comments in extract_python(io.BytesIO(content), list(KEYWORDS), (), {}):
            parts = [texts] if isinstance(texts, str) else list(texts)
            context = parts.pop(0) if "pgettext" in (function or "") else None
            singular = parts[0] if parts else None
            if not singular or (context is None and "pgettext" in (function or "")):
                continue
            yield (
                context,
                singular,
                (parts[1] if "ngettext" in (function or "") or "npgettext" in (function or "") else None),
            )


def _sources() -> Iterator[bytes]:
    for app in APPS:
        for path in sorted((CHECKOUT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.read_bytes()
    for ending in ("*.html", "*.txt"):
        for path in sorted((CHECKOUT / "templates").rglob(ending)):
            if not path.is_relative_to(JINJA):
                yield _code_of(path)
    for path in sorted(JINJA.rglob("*.*")):
        yield _code_of(path)


def _partner_sources() -> Iterator[bytes]:
    for path in partner_messages.modules():
        yield path.read_bytes()
    for path in partner_messages.templates():
        yield _code_of(path)


def _code_of(path: Path) -> bytes:
    """A template as the Python that gettext reads."""
    if path.is_relative_to(JINJA):
        return _calls_in(path)
    from django.utils.translation.template import templatize  # noqa: PLC0415 -- slow

    if not settings.configured:
        settings.configure(LOCALE_PATHS=[CHECKOUT / "locale"], USE_I18N=True)
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # What is left of the markup must not look like indentation to Python's tokenizer.
    return "\n".join(line.lstrip() for line in code.splitlines()).encode()


def _calls_in(path: Path) -> bytes:
    """The calls of gettext in a Jinja2 template, as Python again."""
    from jinja2.ext import babel_extract  # noqa: PLC0415 -- slow

    with path.open("rb") as source:
        found = babel_extract(source, list(KEYWORDS), (), {"silent": "false"})
        return "\n".join(f"{name}({_arguments(texts)})" for _line, name, texts, _said in found).encode()


def _arguments(texts: str | tuple[str | None, ...]) -> str:
    given = (texts,) if isinstance(texts, str) else texts
    return ", ".join(repr(text) for text in given if text is not None)


def updated(language: str) -> Catalog:
    """The catalogue on disk brought up to date: new texts empty, vanished ones gone, nothing guessed."""
    known = read(partner_messages.CYRILLIC if language == partner_messages.LATIN else language)
    fresh = collect(language)
    fresh.locale = language  # type: ignore[assignment]
    fresh._num_plurals = partner_messages.plurals(language)
    for message in fresh:
        if not message.id:
            continue
        old = known.get(message.id, context=message.context)
        if old is not None and old.id == message.id:
            message.string, message.flags = old.string, old.flags | (message.flags & {"python-format"})
        if language == SOURCE_LANGUAGE and not _filled(message):
            message.string = message.id
    if language == partner_messages.LATIN:
        partner_messages.in_latin(fresh)
    return fresh


def read(language: str) -> Catalog:
    path = file_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def written(language: str, catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(
        out, catalog, omit_header=True, no_location=True, sort_output=False, width=110, ignore_obsolete=True
    )
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {partner_messages.plural_header(language)}\\n"\n\n'
    )
    return header.encode() + out.getvalue().lstrip()


def problems(language: str) -> list[str]:
    """Texts missing, stale or with other placeholders than the source; empty when all is complete."""
    catalog = updated(language)
    found = [
        f"{language}: not translated: {_name(message)}"
        for message in catalog
        if message.id and not _filled(message, partner_messages.plurals(language))
    ]
    found += [f"{language}: fuzzy: {_name(message)}" for message in catalog if message.id and message.fuzzy]
    found += [
        f"{language}: other placeholders: {_name(message)}"
        for message in catalog
        if message.id
        and _filled(message, partner_messages.plurals(language))
        and not _same_placeholders(message)
    ]
    on_disk = file_of(language).read_bytes() if file_of(language).exists() else b""
    if not found and on_disk != written(language, catalog):
        found.append(f"{language}: the catalogue is stale; run `make messages`")
    return found


def _filled(message: Message, plurals: int = 2) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    wanted = plurals if isinstance(message.id, (tuple, list)) else 1
    return len(strings) == wanted and all(strings)


def _name(message: Message) -> str:
    text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    return repr(f"{message.context}|{text}" if message.context else text)


def _same_placeholders(message: Message) -> bool:
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    wanted = set(_PLACEHOLDER.findall(ids[-1]))
    if any(sorted(_TAG.findall(text)) != sorted(_TAG.findall(ids[-1])) for text in strings):
        return False
    # A singular may leave its number out, as in "one seat left".
    return all(
        set(_PLACEHOLDER.findall(text)) == wanted
        or (len(ids) > 1 and position == 0 and set(_PLACEHOLDER.findall(text)) <= wanted)
        for position, text in enumerate(strings)
    )


def update() -> None:
    for language in EVERY:
        file_of(language).parent.mkdir(parents=True, exist_ok=True)
        file_of(language).write_bytes(written(language, updated(language)))


def compile_stale() -> None:
    from core.catalogues import compile_stale as compile_them  # noqa: PLC0415 -- needs settings

    if not settings.configured:
        settings.configure(LOCALE_PATHS=[CHECKOUT / "locale"], USE_I18N=True)
    compile_them()


def main(command: str) -> int:
    if command != "compile":
        partner_messages.kinds_of_mail()  # sets Django up, before a template asks for settings
    if command == "update":
        update()
        compile_stale()
    elif command == "compile":
        compile_stale()
    found = [line for language in EVERY for line in problems(language)] if command != "compile" else []
    print("\n".join(found) if found else f"catalogues: {command} done")
    return bool(found) and command == "check"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))

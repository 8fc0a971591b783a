"""What Django reads of the catalogues: compiled files, made from the committed sources by whoever installs."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings

_PLURALS = re.compile(r"nplurals=(\d)")


def sources() -> Iterator[Path]:
    for folder in settings.LOCALE_PATHS:
        yield from sorted(Path(folder).glob("*/LC_MESSAGES/django.po"))


def stale() -> list[Path]:
    """Sources whose compiled file is missing or older."""
    return [source for source in sources() if not _is_fresh(source, source.with_suffix(".mo"))]


def compile_stale() -> list[Path]:
    """Compiles what is stale. Several processes may do it at once: each file appears whole or not at all."""
    made = stale()
    for source in made:
        target = source.with_suffix(".mo")
        half = target.with_name(f"{target.name}.{os.getpid()}")
        _with_english(source).save_as_mofile(str(half))
        half.rename(target)
    return made


def _with_english(source: Path) -> polib.POFile:
    """What a catalogue lacks is said in English. Django's own fallback would be German, the main language here."""
    catalog, english = polib.pofile(str(source)), _english_beside(source)
    if english == source or not english.exists():
        return catalog
    found = _PLURALS.search(catalog.metadata.get("Plural-Forms", ""))
    plurals = int(found[1]) if found else 2
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalog}
    for entry in polib.pofile(str(english)):
        own = known.get((entry.msgctxt, entry.msgid))
        if own is None:
            catalog.append(own := entry)
        if own is entry or not own.translated():
            _say_in_english(own, entry, plurals)
    return catalog


def _say_in_english(own: polib.POEntry, english: polib.POEntry, plurals: int) -> None:
    if own.msgid_plural:
        one, many = english.msgstr_plural[0], english.msgstr_plural[1]
        own.msgstr_plural = {form: many if form else one for form in range(plurals)}
    else:
        own.msgstr = english.msgstr


def _english_beside(source: Path) -> Path:
    return source.parents[2] / "en" / source.relative_to(source.parents[1])


def _is_fresh(source: Path, target: Path) -> bool:
    if not target.exists():
        return False
    english = _english_beside(source)
    newest = max(path.stat().st_mtime for path in (source, english) if path.exists())
    return target.stat().st_mtime >= newest

import os
from pathlib import Path

import polib
import pytest

from core.catalogues import compile_stale, stale
from core.checks import catalogues_are_compiled


@pytest.fixture
def source(tmp_path: Path, settings) -> Path:
    path = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "town"\nmsgstr "Stadt"\n'
    )
    settings.LOCALE_PATHS = [tmp_path]
    return path


def test_missing_and_stale_catalogues_are_compiled_once(source: Path) -> None:
    first, second = compile_stale(), compile_stale()
    os.utime(source, (2**31, 2**31))

    assert (first, second, stale()) == ([source], [], [source])


def test_the_deploy_check_names_what_is_not_compiled(source: Path) -> None:
    before = [error.id for error in catalogues_are_compiled()]
    compile_stale()

    assert (before, catalogues_are_compiled()) == (["core.E001"], [])


def test_what_a_catalogue_lacks_is_said_in_english(source: Path, settings) -> None:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=3; plural=0;\\n"\n\n'
    texts = {
        "en": 'msgid "town"\nmsgstr "town"\n\nmsgid "river"\nmsgstr "river"\n\n'
        'msgid "one day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "one day"\nmsgstr[1] "%(n)s days"\n',
        "hr": 'msgid "town"\nmsgstr "grad"\n\nmsgid "river"\nmsgstr ""\n',
    }
    for language, text in texts.items():
        path = source.parents[2] / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True)
        path.write_text(header + text)

    compile_stale()

    compiled = polib.mofile(str(source.parents[2] / "hr" / "LC_MESSAGES" / "django.mo"))
    said = {entry.msgid: entry.msgstr or dict(entry.msgstr_plural) for entry in compiled}
    assert said == {
        "town": "grad",
        "river": "river",
        "one day": {0: "one day", 1: "%(n)s days", 2: "%(n)s days"},
    }

import os
from pathlib import Path

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

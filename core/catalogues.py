"""What Django reads of the catalogues: compiled files, made from the committed sources by whoever installs."""

import os
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings


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
        polib.pofile(str(source)).save_as_mofile(str(half))
        half.rename(target)
    return made


def _is_fresh(source: Path, target: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime

"""The files of a course in one ZIP: packed for an editor, and unpacked as editors' computers pack them.

What comes from outside is not trusted: names, sizes and kinds are checked while reading, and only texts are read.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

MOST_BYTES = 20_000_000
"""Of the ZIP: with its pictures, but without videos."""
MOST_ENTRIES = 500
MOST_OF_ONE, MOST_OF_ALL = 300_000, 5_000_000
"""Bytes of texts, unpacked."""
_THEN = (2020, 1, 1, 0, 0, 0)  # the same course makes the same ZIP
_PACKED_ALREADY = {".mp4", ".webm", ".docx", ".xlsx", ".odt", ".pdf"}
_TEXT = re.compile(
    r"course\.toml|selfcheck\.(de|en)\.toml|m[0-9]{2}/(module\.toml|quiz\.(de|en)\.toml|checklist\.(de|en)\.md"
    r"|[1-9][0-9]?\.((de|en)\.md|media\.toml))"
)
_STRATEGY = re.compile(r"strategy\.[a-z]+\.toml")  # lies in the curriculum, and belongs to no course
_LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}
_BOM = b"\xef\xbb\xbf"


class NotUsable(Exception):
    """Why this is no ZIP of a course, in a sentence for who sent it."""


def pack(file: IO[bytes], texts: Mapping[str, str], media: Mapping[str, Path]) -> None:
    """Always the same for the same content."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), text.encode())
        for name, path in sorted(media.items()):
            kind = zipfile.ZIP_STORED if path.suffix in _PACKED_ALREADY else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(_entry(name, kind), "w") as target:
                while part := source.read(1_000_000):
                    target.write(part)


def _entry(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _THEN)
    info.compress_type, info.external_attr, info.create_system = kind, 0o644 << 16, 3
    return info


def too_large() -> str:
    return _("The file is too large. Please leave the videos out of it: only the texts are read.")


def unpack(content: bytes) -> dict[str, bytes]:
    """The texts of a course by name, without the mark of UTF-8. Raises NotUsable."""
    if len(content) > MOST_BYTES:
        raise NotUsable(too_large())
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _texts(archive, _without_top(_checked(archive.infolist())))
    except UnicodeDecodeError as error:
        raise NotUsable(_("Names of files in this ZIP cannot be read.")) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        struct.error,
    ) as error:
        raise NotUsable(_("This is no ZIP, or it is damaged.")) from error


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The files by name, without what computers add by themselves."""
    if len(entries) > MOST_ENTRIES:
        raise NotUsable(_("There are more than %(most)s files in it.") % {"most": MOST_ENTRIES})
    found: dict[str, zipfile.ZipInfo] = {}
    seen = set()
    for entry in entries:
        _check(entry)
        if entry.filename.casefold() in seen:
            raise NotUsable(_("“%(name)s” is in it twice.") % {"name": entry.filename})
        seen.add(entry.filename.casefold())
        if not entry.is_dir() and not _is_litter(entry.filename):
            found[entry.filename] = entry
    return found


def _check(entry: zipfile.ZipInfo) -> None:
    # As it stands in the file: `filename` ends at a NUL, and may have got other slashes.
    name = entry.orig_filename
    parts = name.removesuffix("/").split("/")
    is_unsafe = {"", ".", ".."} & set(parts) or re.search(r"[\\:\x00-\x1f]", name)
    mode = entry.external_attr >> 16
    if is_unsafe or (stat.S_IFMT(mode) and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))):
        raise NotUsable(_("“%(name)s” leads out of the ZIP or is no ordinary file.") % {"name": repr(name)})
    if entry.flag_bits & 0x1:
        raise NotUsable(_("The ZIP is encrypted. Please pack it without a password."))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotUsable(
            _("The ZIP is compressed in an unusual way. Please choose “Deflate” or no compression.")
        )


def _is_litter(name: str) -> bool:
    parts = name.split("/")
    return any(part in _LITTER or part.startswith(".") for part in parts)


def _without_top(entries: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Who packs a folder has it around everything."""
    tops = {name.partition("/")[0] for name in entries}
    if "course.toml" not in entries and len(tops) == 1:
        return {name.partition("/")[2]: entry for name, entry in entries.items()}
    return entries


def _texts(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> dict[str, bytes]:
    if "course.toml" not in entries:
        raise NotUsable(_("There is no course.toml in it: this is no course."))
    _refuse_strangers(entries)
    found, left = {}, MOST_OF_ALL
    for name, entry in entries.items():
        if _TEXT.fullmatch(name):
            most = min(MOST_OF_ONE, left)
            with archive.open(entry) as file:
                # Not what the entry says of its size, but what comes out of it.
                text = file.read(most + 1)
            if len(text) > most:
                raise NotUsable(_("“%(name)s” is too large when unpacked.") % {"name": name})
            left -= len(text)
            found[name] = text.removeprefix(_BOM)
    return found


def _refuse_strangers(names: Iterable[str]) -> None:
    """A text that nobody reads would be overlooked in silence."""
    for name in names:
        is_beside = "/" not in name or re.fullmatch(r"[^/]+/[^/]+", name)
        is_text = name.lower().endswith((".md", ".toml"))
        if is_beside and is_text and not _TEXT.fullmatch(name) and not _STRATEGY.fullmatch(name):
            raise NotUsable(_("“%(name)s” belongs to nothing in a course.") % {"name": name})

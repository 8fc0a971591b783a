"""What may be inside the documents people upload. Both kinds can carry programs; we take them only without.

This is no virus scanner (docs/decisions/0027-no-virus-scanner.md): it refuses what a contract or a decision of a
council never needs.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
_DOCX_MAIN = f"{DOCX}.main+xml".encode()

# Names of which one is in every PDF that carries a program or another file. /JS stands only beside the first or the
# last of them, and is short enough to stand in any photo by chance. Whatever is searched here must be searched in one
# go: a pattern that begins anew at every byte lets a small file keep a worker busy for minutes.
_PDF_NAMES = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "ImportData", "Rendition")
_SMALLEST_PIECE, _LARGEST_PIECE = 512, 64 * 1024
_MACROS = re.compile(r"(?i)(?:^|/)(?:vbaproject\.bin|vbadata\.xml|basic/|scripts/)|\.(?:exe|dll|js|vbs|jar)$")


def _spelled(name: str) -> bytes:
    """/JavaScript is also /J#61vaScript to a reader."""
    return b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in name.encode())


_PDF_ACTIVE = re.compile(
    b"/(?=[EIJLRX#])(?:(?:%s)(?![A-Za-z])|%s\\s*[\\[0-9])"
    % (b"|".join(map(_spelled, _PDF_NAMES)), _spelled("XFA"))
)


def check_pdf(content: bytes) -> None:
    """Whole, and without scripts, programs and attached files. Raises ValidationError."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise ValidationError(_broken(), code="broken")
    if _PDF_ACTIVE.search(content) or any(_PDF_ACTIVE.search(part) for part in _packed_objects(content)):
        raise ValidationError(
            _(
                "This PDF contains a script, a form program or an attached file. Please print it into a new PDF "
                "and upload that one."
            ),
            code="active",
        )


def _packed_objects(content: bytes) -> Iterator[bytes]:
    """What most writers of today pack: the objects, in streams of their own."""
    at, left = 0, MOST_UNPACKED
    while (named := content.find(b"/ObjStm", at)) >= 0:
        start = content.find(b"stream", named)
        if start < 0:
            return
        part, at = _inflated(content, start + len(b"stream"), left)
        left -= len(part)
        if left <= 0:
            raise ValidationError(_("Unpacked, this file is far too large."), code="bomb")
        yield part


def _inflated(content: bytes, start: int, most: int) -> tuple[bytes, int]:
    """What is packed from there on, as far as it can be read, and where it ends."""
    while content[start : start + 1] in {b"\r", b"\n"}:
        start += 1
    # Without the two bytes in front and the sum behind, which may be wrong for all that readers care.
    unpacker, parts = zlib.decompressobj(-zlib.MAX_WBITS), []
    at, piece = start + 2, _SMALLEST_PIECE
    # Packed in another way: readers show what there is, and so much is looked at.
    with suppress(zlib.error):
        while not unpacker.eof and at < len(content) and most > 0:
            packed = content[at : at + piece]
            parts.append(unpacker.decompress(packed, most))
            most -= len(parts[-1])
            at, piece = at + len(packed), min(2 * piece, _LARGEST_PIECE)
    return b"".join(parts), at - len(unpacker.unused_data) if unpacker.eof else start


def office_type(file: BinaryIO) -> str:
    """DOCX or ODT, or "" for every other archive. Raises ValidationError for bombs, macros and broken files."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_archive(archive)
            return _office_type(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        raise ValidationError(_broken(), code="broken") from None


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ValidationError(_("Unpacked, this file is far too large."), code="bomb")
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise ValidationError(
            _("This file contains macros. Please save it without macros, or as a PDF."), code="active"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise ValidationError(
            _("This file is locked with a password. Please save it without."), code="locked"
        )
    # What an entry says of its size may be a lie: they are unpacked once, a piece at a time.
    left = MOST_UNPACKED
    for entry in entries:
        with archive.open(entry) as packed:
            while piece := packed.read(1024 * 1024):
                left -= len(piece)
                if left < 0:
                    raise ValidationError(_("Unpacked, this file is far too large."), code="bomb")


def _office_type(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return DOCX if _DOCX_MAIN in archive.read("[Content_Types].xml") else ""
    if {"mimetype", "content.xml"} <= names:
        return ODT if archive.read("mimetype").strip() == ODT.encode() else ""
    return ""


def _broken() -> str:
    return _("This file is broken or was cut off on its way. Please open it, save it anew and try again.")

"""What may be inside the documents people upload. Both kinds can carry programs; we take them only without.

This is no virus scanner (docs/decisions/0027-no-virus-scanner.md): it refuses what a contract or a decision of a
council never needs.
"""

import re
import zipfile
import zlib
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
_DOCX_MAIN = f"{DOCX}.main+xml".encode()

_PDF_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_PDF_PACKED_OBJECTS = re.compile(rb"/ObjStm\b[^>]*>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_PDF_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData)(?![A-Za-z])")
_MACROS = re.compile(r"(?i)(?:^|/)(?:vbaproject\.bin|vbadata\.xml|basic/|scripts/)|\.(?:exe|dll|js|vbs|jar)$")


def check_pdf(content: bytes) -> None:
    """Whole, and without scripts, programs and attached files. Raises ValidationError."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise ValidationError(_broken(), code="broken")
    if any(_PDF_ACTIVE.search(_unescaped(part)) for part in _pdf_objects(content)):
        raise ValidationError(
            _(
                "This PDF contains a script, a form program or an attached file. Please print it into a new PDF "
                "and upload that one."
            ),
            code="active",
        )


def _pdf_objects(content: bytes) -> list[bytes]:
    """All but the contents of pages and pictures: the open part, and objects packed into streams."""
    parts = [_PDF_STREAM.sub(b"", content)]
    left = MOST_UNPACKED
    for packed in _PDF_PACKED_OBJECTS.finditer(content):
        try:
            part = zlib.decompressobj().decompress(packed[1].lstrip(b"\r\n"), left)
        except zlib.error:
            continue  # packed in another way; readers show such a file, so do we
        left = max(1, left - len(part))
        parts.append(part)
    return parts


def _unescaped(part: bytes) -> bytes:
    """/J#61vaScript is /JavaScript to a reader."""
    return _PDF_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


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

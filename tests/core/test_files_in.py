"""What may be uploaded: a corpus of harmless and hostile files."""

import io
import struct
import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from PIL import Image

from core import images
from core.file_contents import DOCX, MOST_ENTRIES, ODT
from core.files import PICTURES, check_upload, clean_name
from tests.factories.uploads import archive_of, docx, odt, pdf, pdf_with_packed, picture, upload

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Says of itself that it is huge; a decoder that believes it allocates gigabytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def refused(name: str, content: bytes, content_type: str = "application/octet-stream") -> str:
    """The code under which it is refused."""
    with pytest.raises(ValidationError) as refusal:
        check_upload(upload(name, content, content_type))
    return str(refusal.value.code)


@pytest.mark.parametrize(
    "name, content, content_type",
    [
        ("Vertrag.pdf", pdf(), "application/pdf"),
        ("Vertrag.PDF", pdf(), "application/pdf"),
        ("Beschluss.docx", docx(), DOCX),
        ("Beschluss.odt", odt(), ODT),
        ("photo.jpg", picture("JPEG"), "image/jpeg"),
        ("photo.jpeg", picture("JPEG"), "image/jpeg"),
        ("photo.png", picture("PNG"), "image/png"),
        ("photo.webp", picture("WEBP"), "image/webp"),
    ],
)
def test_what_a_partnership_needs_is_taken(name: str, content: bytes, content_type: str) -> None:
    checked = check_upload(upload(name, content))

    assert (checked.name, checked.content_type) == (name, content_type)


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("drawing.svg", SVG, "type"),
        ("drawing.png", SVG, "type"),
        ("page.html", HTML, "type"),
        ("page.pdf", HTML, "type"),
        ("data.xml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "type"),
        ("program.exe", b"MZ" + b"\0" * 200, "type"),
        ("contract.pdf", b"MZ" + b"\0" * 200, "type"),
        ("archive.zip", archive_of({"page.html": HTML}), "type"),
        ("archive.docx", archive_of({"page.html": HTML}), "type"),
        ("animation.gif", picture("GIF"), "type"),
        ("animation.gif", b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)", "type"),
        ("photo.jpg", b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)", "type"),
        ("photo.jpg", b"\xff\xd8\xff\xe0<script>alert(1)</script>" + b"\0" * 300, "broken"),
        ("page.jpg", HTML + picture("JPEG"), "type"),
        ("scan.tiff", picture("TIFF"), "type"),
        ("text.txt", b"plain words", "type"),
        ("table.xlsx", archive_of({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "type"),
        ("iphone.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\0" * 100, "type"),
        ("photo.pdf", picture("JPEG"), "ending"),
        ("photo.html", picture("PNG"), "ending"),
        ("photo.svg", picture("PNG"), "ending"),
        ("photo", picture("JPEG"), "ending"),
        ("letter.odt", docx(), "ending"),
        ("photo.jpg.exe", picture("JPEG"), "ending"),
        ("cut.jpg", picture("JPEG", (400, 400))[:600], "broken"),
        ("cut.png", picture("PNG", (400, 400))[:60], "broken"),
        ("cut.pdf", pdf()[:40], "broken"),
        ("cut.docx", docx()[:-40], "broken"),
        ("before.pdf", b"\xef\xbb\xbf" + pdf(), "broken"),
        ("huge.png", huge_png(), "pixels"),
        ("large.png", huge_png(9_000, 8_000), "pixels"),
        ("macros.docx", docx({"word/vbaProject.bin": b"x"}), "active"),
        ("macros.odt", odt({"Basic/Standard/Module1.xml": b"x"}), "active"),
        ("bomb.docx", docx({"word/media/a.bin": b"\0" * 110 * 1024 * 1024}), "bomb"),
        ("many.odt", odt({f"pictures/{number}": b"" for number in range(MOST_ENTRIES)}), "bomb"),
    ],
)
def test_everything_else_is_refused(name: str, content: bytes, code: str) -> None:
    assert refused(name, content) == code


@pytest.mark.parametrize(
    "extra",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/Names << /JavaScript 5 0 R >>",
        b"/OpenAction << /S /J#61vaScript /J#53 (x) >>",
        b"/AA << /O << /S /Launch /F (cmd.exe) >> >>",
        b"/Names << /EmbeddedFiles 5 0 R >>",
        b"/AcroForm << /XFA 5 0 R >>",
        b"/AcroForm << /XFA[(template) 5 0 R] >>",
        b"/A << /S /Rendition /JS (x) >>",
    ],
)
def test_a_pdf_that_carries_programs_is_refused_open_or_packed(extra: bytes) -> None:
    assert refused("contract.pdf", pdf(extra)) == "active"
    assert refused("contract.pdf", pdf_with_packed(b"<< " + extra + b" >>")) == "active"


def test_a_pdf_that_only_opens_at_its_first_page_is_taken() -> None:
    checked = check_upload(upload("letter.pdf", pdf(b"/OpenAction [3 0 R /Fit]")))

    assert checked.content_type == "application/pdf"


def test_a_program_behind_a_stream_that_is_none_is_found_too() -> None:
    hidden = b"% >> stream\n/Names << /JavaScript 5 0 R >>\nendstream"

    assert refused("contract.pdf", pdf(hidden)) == "active"


def test_packed_objects_behind_others_are_found_too() -> None:
    harmless = pdf_with_packed(b"<< /Type /Page >>").removesuffix(b"%%EOF\n")
    active = pdf_with_packed(b"<< /S /Launch >>").removeprefix(b"%PDF-1.7\n")

    assert refused("contract.pdf", harmless + active) == "active"


def test_a_wrong_sum_behind_packed_objects_hides_nothing() -> None:
    content = pdf_with_packed(b"<< /S /Launch >>")
    at = content.index(b"\nendstream")

    assert refused("contract.pdf", content[: at - 4] + b"\0\0\0\0" + content[at:]) == "active"


def test_packed_objects_that_unpack_to_far_too_much_are_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.file_contents.MOST_UNPACKED", 1_000_000)

    assert refused("bomb.pdf", pdf_with_packed(b" " * 1_000_001)) == "bomb"


@pytest.mark.parametrize(
    "again",
    [
        b"stream\n",
        b"/ObjStm ",
        b"/ObjStm stream\n",
        b"/XFA  ",
        b"/",
        b"#4a",
        b"endstream ",
        zlib.compress(b"x"),
    ],
)
def test_a_file_made_to_keep_us_busy_does_not(again: bytes) -> None:
    content = b"%PDF-1.7\n/ObjStm stream\n" + again * (5_000_000 // len(again)) + b"\n%%EOF\n"
    started = time.process_time()

    check_upload(upload("busy.pdf", content))

    assert time.process_time() - started < 3


def test_what_looks_like_a_script_inside_a_picture_of_a_pdf_does_no_harm() -> None:
    content = pdf().replace(
        b"%%EOF", b"9 0 obj\n<< /Length 9 >>\nstream\n /JS (x) \nendstream\nendobj\n%%EOF"
    )

    assert check_upload(upload("scan.pdf", content)).content_type == "application/pdf"


def test_an_entry_that_lies_about_its_size_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(docx({"word/media/a.bin": b"\0" * 5_000_000}))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"word/media/a.bin"))
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    monkeypatch.setattr("core.file_contents.MOST_UNPACKED", 1_000_000)

    assert refused("bomb.docx", bytes(content)) in {"bomb", "broken"}


def test_a_locked_office_file_is_refused() -> None:
    content = bytearray(docx())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1

    assert refused("locked.docx", bytes(content)) == "locked"


def test_the_type_the_browser_names_means_nothing() -> None:
    checked = check_upload(upload("photo.png", picture("PNG"), "text/html"))

    assert checked.content_type == "image/png"


def test_a_file_that_is_also_another_one_comes_out_as_a_picture_only() -> None:
    polyglot = picture("PNG") + HTML + archive_of({"a.html": HTML})

    checked = check_upload(upload("photo.png", polyglot))

    content = checked.content.read()
    assert b"script" not in content
    assert content != polyglot
    assert Image.open(io.BytesIO(content)).size == (60, 40)


@pytest.mark.parametrize("kind, name", [("JPEG", "photo.jpg"), ("WEBP", "photo.webp"), ("PNG", "photo.png")])
def test_words_hidden_in_a_picture_do_not_come_out(kind: str, name: str) -> None:
    extra = {"JPEG": {"comment": HTML}, "WEBP": {"xmp": HTML}, "PNG": {}}[kind]

    content = check_upload(upload(name, picture(kind, **extra) + HTML + pdf())).content.read()

    assert b"script" not in content
    assert b"%PDF" not in content


def test_a_photo_forgets_where_it_was_taken_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Maker of telephones"
    exif.get_ifd(0x8825)[2] = (48.0, 24.0, 0.0)
    content = picture("JPEG", (60, 40), exif=exif, comment=b"secret")

    checked = check_upload(upload("photo.jpg", content))

    written = checked.content.read()
    kept = Image.open(io.BytesIO(written))
    assert dict(kept.getexif()) == {}
    assert b"Maker" not in written
    assert b"secret" not in written
    assert kept.size == (40, 60)
    assert (checked.width, checked.height) == (40, 60)


def test_a_large_photo_becomes_smaller_and_has_a_thumbnail() -> None:
    checked = check_upload(upload("photo.jpg", picture("JPEG", (4000, 3000))))

    assert (checked.width, checked.height) == (2400, 1800)
    assert Image.open(io.BytesIO(checked.thumbnail)).size == (480, 360)
    assert images.thumbnail_size(2400, 1800) == (480, 360)


def test_a_small_photo_stays_as_it_is() -> None:
    assert images.thumbnail_size(60, 40) == (60, 40)


@pytest.mark.parametrize(
    "kind, mode, kept",
    [
        ("JPEG", "CMYK", "RGB"),
        ("JPEG", "L", "L"),
        ("PNG", "RGBA", "RGBA"),
        ("PNG", "LA", "RGBA"),
        ("PNG", "P", "RGB"),
        ("PNG", "1", "L"),
        ("PNG", "I;16", "L"),
        ("WEBP", "RGBA", "RGBA"),
    ],
)
def test_pictures_of_every_make_are_written_anew(kind: str, mode: str, kept: str) -> None:
    ending = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}[kind]

    checked = check_upload(upload(f"photo.{ending}", picture(kind, mode=mode)))

    assert Image.open(io.BytesIO(checked.content.read())).mode == kept


def test_a_wide_colour_profile_is_worked_in_and_dropped() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    for content in (picture("JPEG", icc_profile=profile), picture("JPEG", icc_profile=b"nonsense")):
        written = check_upload(upload("photo.jpg", content)).content.read()
        assert "icc_profile" not in Image.open(io.BytesIO(written)).info


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Őry\\Szerződés.pdf", "Szerződés.pdf"),
        ('der "gute" Vertrag.pdf', 'der "gute" Vertrag.pdf'),
        ("Zeile\r\nSet-Cookie: a=b.pdf", "Zeile Set-Cookie a=b.pdf"),
        ("Vertrag\u202efdp.exe.pdf", "Vertrag fdp.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * 156 + ".pdf"),
        ("Ugovor — Đorđe ș 2026.docx", "Ugovor — Đorđe ș 2026.docx"),
        ("O\u030bry.pdf", "Őry.pdf"),
        ("...", "file"),
        ("", "file"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_is_kept_as_people_wrote_it_and_does_no_harm(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


def test_what_is_too_large_is_refused(settings) -> None:
    settings.LARGEST_FILE_MB, settings.LARGEST_PICTURE_MB = 1, 0

    assert refused("large.pdf", pdf() + b"\0" * 1024 * 1024) == "too_large"
    assert refused("photo.jpg", picture("JPEG")) == "too_large"


def test_where_only_pictures_are_asked_for_a_contract_is_refused() -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        check_upload(upload("contract.pdf", pdf()), tuple(PICTURES))

    assert refusal.value.messages == ["Files of this kind cannot be uploaded. Possible are: JPEG, PNG, WEBP."]

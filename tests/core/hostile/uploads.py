"""Files that would act when a browser or an office program opens them from our host (reliability.md F35).

UPLOADS holds each by a name that says what it tries: how the file calls itself, what the browser says it is, a function
that gives its bytes, and what becomes of it.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tests.factories.uploads import archive_of, docx, odt, pdf, pdf_with_packed, picture

MARK = b"alert(1)"
"""What stands in every script of these files."""


class Fate(Enum):
    REFUSED = "not taken"
    REWRITTEN = "taken as a picture, without the script"
    SAVED = "taken as a document, handed out for saving only"


@dataclass(frozen=True)
class HostileUpload:
    name: str
    content_type: str
    content: Callable[[], bytes]
    fate: Fate = Fate.REFUSED


def svg() -> bytes:
    return (
        b'<?xml version="1.0"?>'
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
    )


def svg_without_declaration() -> bytes:
    return b'\n<!-- a drawing -->\n<svg xmlns="http://www.w3.org/2000/svg"><a href="javascript:alert(1)">x</a></svg>'


def svg_of_sixteen_bits() -> bytes:
    return svg().decode().encode("utf-16")


def svg_packed() -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(svg()) + packer.flush()


def html() -> bytes:
    return b"<!doctype html><html><body><script>alert(1)</script></body></html>"


def html_behind_spaces() -> bytes:
    return b"\xef\xbb\xbf" + b" \n" * 2_000 + html()


def html_as_mail() -> bytes:
    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/html\r\n\r\n" + html()
    )


def xhtml() -> bytes:
    return b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><script>alert(1)</script></head></html>'


def xml_with_style() -> bytes:
    return b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="data:text/xml,alert(1)"?><x/>'


def xml_with_entities() -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;alert(1)</x>'


def script() -> bytes:
    return b"alert(1);"


def script_that_is_a_gif() -> bytes:
    return b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)"


def script_that_begins_as_a_jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0/*" + b"\0" * 300 + b"*/=1;alert(1)"


def style() -> bytes:
    return b"body { background: url(javascript:alert(1)) }"


def flash() -> bytes:
    return b"CWS\x0a" + b"alert(1)" + b"\0" * 100


def shortcut() -> bytes:
    return b"[InternetShortcut]\r\nURL=javascript:alert(1)\r\n"


def pdf_with_script() -> bytes:
    return pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")


def pdf_with_script_spelled_otherwise() -> bytes:
    return pdf(b"/OpenAction << /S /J#61va#53cript /J#53 (app.alert(1)) >>")


def pdf_with_packed_script() -> bytes:
    return pdf_with_packed(b"<< /S /JavaScript /JS (app.alert(1)) >>")


def pdf_with_program() -> bytes:
    return pdf(b"/OpenAction << /S /Launch /F (cmd.exe) /alert(1) >>")


def pdf_with_attachment() -> bytes:
    return pdf(b"/Names << /EmbeddedFiles << /Names [(alert(1).html) 5 0 R] >> >>")


def pdf_with_form_program() -> bytes:
    return pdf(b"/AcroForm << /XFA 5 0 R >> %alert(1)\n")


def pdf_behind_html() -> bytes:
    return html() + pdf()


def pdf_with_script_as_address() -> bytes:
    return pdf(b"/OpenAction << /S /URI /URI (javascript:alert(1)) >>")


def pdf_before_html() -> bytes:
    return pdf() + html()


def png_before_html() -> bytes:
    return picture("PNG") + html()


def png_with_html_as_words() -> bytes:
    whole = picture("PNG")
    body = b"tEXtComment\0" + html()
    words = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    # Behind the signature and the header, where every reader looks first.
    return whole[:33] + words + whole[33:]


def png_before_archive() -> bytes:
    return picture("PNG") + archive_of({"alert(1).html": html()}) + b"alert(1)"


def jpeg_with_html_as_comment() -> bytes:
    return picture("JPEG", comment=html())


def jpeg_before_pdf_with_script() -> bytes:
    return picture("JPEG") + pdf_with_script()


def webp_with_html_as_words() -> bytes:
    return picture("WEBP", xmp=html())


def png_behind_html() -> bytes:
    return html() + picture("PNG")


def archive_with_html() -> bytes:
    return archive_of({"index.html": html()}) + b"alert(1)"


def docx_with_macros() -> bytes:
    return docx({"word/vbaProject.bin": b"alert(1)"})


def docx_with_html_inside() -> bytes:
    return docx({"word/afchunk.html": html()})


def odt_with_macros() -> bytes:
    return odt({"Basic/Standard/Module1.xml": b"alert(1)"})


_SVG, _HTML, _PDF = "image/svg+xml", "text/html", "application/pdf"

UPLOADS: dict[str, HostileUpload] = {
    "svg": HostileUpload("drawing.svg", _SVG, svg),
    "svg that says png": HostileUpload("drawing.png", "image/png", svg),
    "svg without declaration": HostileUpload("drawing.svg", _SVG, svg_without_declaration),
    "svg in sixteen bits": HostileUpload("drawing.svg", _SVG, svg_of_sixteen_bits),
    "svg packed": HostileUpload("drawing.svgz", _SVG, svg_packed),
    "svg with two endings": HostileUpload("drawing.svg.jpg", "image/jpeg", svg),
    "html": HostileUpload("page.html", _HTML, html),
    "html that says pdf": HostileUpload("page.pdf", _PDF, html),
    "html that says jpeg": HostileUpload("page.jpg", "image/jpeg", html),
    "html behind spaces": HostileUpload("page.png", "image/png", html_behind_spaces),
    "html with a hidden ending": HostileUpload("page\u202egnp.html", "image/png", html),
    "html with a zero in the name": HostileUpload("page.html\x00.png", "image/png", html),
    "html as a stored mail": HostileUpload("page.mht", "message/rfc822", html_as_mail),
    "xhtml": HostileUpload("page.xhtml", "application/xhtml+xml", xhtml),
    "xml with a style": HostileUpload("data.xml", "text/xml", xml_with_style),
    "xml with entities": HostileUpload("data.xml", "text/xml", xml_with_entities),
    "script": HostileUpload("x.js", "text/javascript", script),
    "script that says png": HostileUpload("x.png", "image/png", script),
    "script that is a gif": HostileUpload("x.gif", "image/gif", script_that_is_a_gif),
    "script that begins as a jpeg": HostileUpload("x.jpg", "image/jpeg", script_that_begins_as_a_jpeg),
    "style": HostileUpload("x.css", "text/css", style),
    "flash": HostileUpload("x.swf", "application/x-shockwave-flash", flash),
    "shortcut": HostileUpload("x.url", "text/plain", shortcut),
    "pdf with a script": HostileUpload("letter.pdf", _PDF, pdf_with_script),
    "pdf with a script spelled otherwise": HostileUpload("letter.pdf", _PDF, pdf_with_script_spelled_otherwise),
    "pdf with a packed script": HostileUpload("letter.pdf", _PDF, pdf_with_packed_script),
    "pdf with a program": HostileUpload("letter.pdf", _PDF, pdf_with_program),
    "pdf with an attachment": HostileUpload("letter.pdf", _PDF, pdf_with_attachment),
    "pdf with a form program": HostileUpload("letter.pdf", _PDF, pdf_with_form_program),
    "pdf behind html": HostileUpload("letter.pdf", _PDF, pdf_behind_html),
    "pdf that says html": HostileUpload("letter.html", _HTML, pdf_with_script_as_address),
    "pdf with a script as address": HostileUpload("letter.pdf", _HTML, pdf_with_script_as_address, Fate.SAVED),
    "pdf before html": HostileUpload("letter.pdf", _HTML, pdf_before_html, Fate.SAVED),
    "png before html": HostileUpload("photo.png", _HTML, png_before_html, Fate.REWRITTEN),
    "png with html as words": HostileUpload("photo.png", _HTML, png_with_html_as_words, Fate.REWRITTEN),
    "png before an archive": HostileUpload("photo.png", "application/zip", png_before_archive, Fate.REWRITTEN),
    "png before html that says html": HostileUpload("photo.html", "image/png", png_before_html),
    "png behind html": HostileUpload("photo.png", "image/png", png_behind_html),
    "jpeg with html as comment": HostileUpload("photo.jpg", _SVG, jpeg_with_html_as_comment, Fate.REWRITTEN),
    "jpeg before a pdf": HostileUpload("photo.jpg", _PDF, jpeg_before_pdf_with_script, Fate.REWRITTEN),
    "webp with html as words": HostileUpload("photo.webp", _HTML, webp_with_html_as_words, Fate.REWRITTEN),
    "archive with html": HostileUpload("pages.zip", "application/zip", archive_with_html),
    "archive that says docx": HostileUpload("pages.docx", "application/zip", archive_with_html),
    "docx with macros": HostileUpload("letter.docx", "application/msword", docx_with_macros),
    "docx with html inside": HostileUpload("letter.docx", _HTML, docx_with_html_inside, Fate.SAVED),
    "odt with macros": HostileUpload("letter.odt", "application/x", odt_with_macros),
}  # fmt: skip


def of_fate(fate: Fate) -> list[str]:
    """The names of those that meet it."""
    return [name for name, hostile in UPLOADS.items() if hostile.fate is fate]

"""Files for the invented partnerships: a contract and a drawn picture, both made here: nobody holds rights in them."""

import io
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import User
from core.files import check_upload
from partnerships.actions import add_document
from partnerships.models import Document, Partnership

SIZE = (1200, 800)
LINES = (
    "Partnerschaftsvertrag (Beispiel)",
    "Musterstadt an der Donau und Mintafalva",
    "Diesen Vertrag gibt es nicht. Er zeigt nur, wie eine Datei aussieht.",
)


def add_example_files(*, partnership: Partnership, person: User, now: datetime) -> None:
    """Once; what somebody has deleted while trying things out does not come back while the other is there."""
    if partnership.documents.exists():
        return
    add_document(
        upload=check_upload(SimpleUploadedFile("Vertrag-1992.pdf", contract())),
        kind=Document.Kind.CONTRACT,
        title="Vertrag von 1992, in beiden Sprachen",
        partnership=partnership,
        by=person,
        now=now,
    )
    add_document(
        upload=check_upload(SimpleUploadedFile("Donauufer.png", river())),
        kind=Document.Kind.PHOTO,
        title="Am Ufer bei Musterstadt (gezeichnet)",
        is_public=True,
        rights_holder="ViPaD",
        has_rights=True,
        has_consent=True,
        partnership=partnership,
        by=person,
        now=now,
    )


def contract() -> bytes:
    """A page of A4 with LINES."""
    words = "".join(f"({line}) Tj 0 -28 Td " for line in LINES)
    page = f"BT /F 16 Tf 72 740 Td {words}ET".encode("cp1252")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def river() -> bytes:
    """Sky, hills, a tower and a river."""
    width, height = SIZE
    picture = Image.new("RGB", SIZE, "#cfe3f2")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((900, 90, 1020, 210), fill="#f6e3a1")
    draw.ellipse((-300, 300, 700, 1100), fill="#8fb38a")
    draw.ellipse((400, 340, 1600, 1200), fill="#7aa377")
    draw.rectangle((330, 200, 400, 420), fill="#e9e2d3")
    draw.polygon(((318, 204), (365, 90), (412, 204)), fill="#a4563c")
    draw.polygon(((0, 610), (width, 540), (width, height), (0, height)), fill="#3d7ea6")
    for place in range(40, width, 160):
        draw.line((place, 700, place + 90, 692), fill="#79abc9", width=6)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()

"""An invented chronicle for the first invented partnership: entries, actors, and a picture drawn by code."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.models import User
from core.files import check_upload
from partnerships import actions
from partnerships.models import ChronicleEntry, Document, Partnership

Kind = ChronicleEntry.Kind

# The photo belongs to the first of them.
ENTRIES: tuple[Mapping[str, Any], ...] = (
    {
        "kind": Kind.YOUTH,
        "on": date(2025, 7, 21),
        "until": date(2025, 7, 27),
        "title": "Jugendbegegnung am See (Beispiel)",
        "place": "Mintafalva (Beispiel)",
        "participants": 34,
        "text": "Junge Leute aus beiden Städten bauen ein Floß.\n\nDiese Begegnung ist erfunden.",
        "language": "de",
        "is_public": True,
    },
    {
        "kind": Kind.SIGNING,
        "on": date(1992, 5, 16),
        "title": "Unterzeichnung des Partnerschaftsvertrags (Beispiel)",
        "place": "Musterstadt an der Donau (Beispiel)",
        "text": "Beide Gemeinderäte stimmen zu. Diese Feier ist erfunden.",
        "language": "de",
        "is_public": True,
    },
    {
        "kind": Kind.CULTURE,
        "on": date(1998, 1, 1),
        "is_year_only": True,
        "title": "Közös adventi hangverseny (példa)",
        "text": "A két város kórusa együtt énekel. Ez a hangverseny kitalált.",
        "language": "hu",
        "is_public": True,
    },
    {
        "kind": Kind.ANNIVERSARY,
        "on": date(2022, 5, 14),
        "title": "30 years of partnership (example)",
        "participants": 120,
        "text": "Notes for ourselves: order the tent earlier next time.",
        "language": "en",
        "is_public": False,
    },
)
# Place of the side, name, type, since.
ACTORS = (
    (0, "Freiwillige Feuerwehr Musterstadt (Beispiel)", "fire_brigade", 1994),
    (0, "Gymnasium an der Donau (Beispiel)", "school", 2003),
    (1, "Mintafalvi Vegyeskar (példa)", "culture", 1998),
)
CAPTION = "Zwei Boote auf einem See, dahinter Hügel. Gezeichnet, nicht fotografiert."


def make_chronicle(*, slug: str, by: User, now: datetime) -> None:
    """Once: what is there already is left alone."""
    partnership = Partnership.objects.get(slug=slug)
    if not partnership.is_demo or partnership.chronicle.exists():
        return
    written = [actions.add_entry(partnership=partnership, facts=facts, by=by, now=now) for facts in ENTRIES]
    sides = list(partnership.sides.order_by("position"))
    for place, name, type_, since in ACTORS:
        facts = {"side": sides[place], "name": name, "type": type_, "since_year": since}
        actions.add_actor(partnership=partnership, facts=facts, by=by, now=now)
    actions.add_document(
        upload=check_upload(SimpleUploadedFile("see.png", drawn())),
        kind=Document.Kind.PHOTO,
        partnership=partnership,
        entry=written[0],
        title=CAPTION,
        is_public=True,
        rights_holder="ViPaD",
        has_rights=True,
        has_consent=True,
        by=by,
        now=now,
    )


def drawn() -> bytes:
    """A lake with two boats, as a PNG."""
    picture = Image.new("RGB", (1200, 800), "#cfe8f3")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((940, 80, 1060, 200), fill="#f6c945")
    pen.polygon([(0, 420), (300, 220), (620, 420)], fill="#5d8a66")
    pen.polygon([(420, 420), (820, 260), (1200, 420)], fill="#7ba37f")
    pen.rectangle((0, 420, 1200, 800), fill="#1583a3")
    for left, top, sail in ((260, 520, "#ffffff"), (760, 600, "#f0653a")):
        pen.polygon(
            [(left, top), (left + 220, top), (left + 180, top + 60), (left + 40, top + 60)], fill="#5a3a22"
        )
        pen.polygon([(left + 110, top - 10), (left + 110, top - 190), (left + 200, top - 10)], fill=sail)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()

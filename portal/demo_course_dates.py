"""What the invented dates of courses are about."""

from typing import Any

from portal.demo_sessions import ON_SITE, ZONE
from webinars.choices import Format, Level, RoomKind

KICK_OFF: dict[str, Any] = ON_SITE | {
    "title_de": "Auftakt des Kurses vor Ort (Beispiel)",
    "title_en": "Kick-off of the course on site (example)",
    "summary_de": "Wir lernen uns kennen, stellen unsere Partnerschaften vor und richten die Technik ein.",
    "summary_en": "We get to know each other, present our partnerships and set up the technology.",
    "programme_de": "14:00 Ankommen\n14:30 Drei Partnerschaften\n16:00 Technik zum Ausprobieren\n17:00 Ende",
    "programme_en": "14:00 Arrival\n14:30 Three partnerships\n16:00 Trying out technology\n17:00 End",
    "languages": ["de", "en"],
    "minutes": 180,
    "level": Level.BEGINNERS,
    "capacity": 16,
}
EVENING: dict[str, Any] = {
    "title_de": "Kursabend: Unsere Geschichte auf einer Seite (Beispiel)",
    "title_en": "Course evening: our history on one page (example)",
    "summary_de": "Sie zeigen Ihre Seite aus dem ersten Modul, die anderen fragen nach.",
    "summary_en": "You show your page from the first module, the others ask questions.",
    "programme_de": "18:00 Begrüßung\n18:10 Vier Seiten, vier Gespräche\n19:00 Wie es weitergeht",
    "programme_en": "18:00 Welcome\n18:10 Four pages, four talks\n19:00 What comes next",
    "format": Format.ONLINE,
    "languages": ["de", "en"],
    "minutes": 75,
    "zone": ZONE,
    "room": RoomKind.LINK,
    "room_link": "https://meet.example.org/vipad-demo",
    "level": Level.BEGINNERS,
    "is_demo": True,
}

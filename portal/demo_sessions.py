"""Invented sessions of the demo world, around today: one of last week, one in an hour, and some to come."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from accounts.models import User
from core.wall_time import moment_of, moments_of, wall_of
from directory.models import Municipality, Organisation, Topic
from webinars import actions
from webinars.choices import Audience, Format, Level, RoomKind
from webinars.models import Registration, Session

ZONE = "Europe/Berlin"
COACH, COORDINATOR, CHAIR, PARTNER = (
    f"{name}@example.org" for name in ("coach", "koordinatorin", "vorsitz", "partner")
)
_ONLINE: dict[str, Any] = {
    "format": Format.ONLINE,
    "languages": ["de", "en"],
    "minutes": 60,
    "zone": ZONE,
    "room": RoomKind.LINK,
    "room_link": "https://meet.example.org/vipad-demo",
    "is_demo": True,
}
LAST_WEEK = _ONLINE | {
    "title_de": "Wie junge Leute mitmachen (Beispiel)",
    "title_en": "How young people join in (example)",
    "summary_de": "Zwei Orte erzählen, wie aus einer Begegnung im Sommer eine feste Gruppe wurde.",
    "summary_en": "Two towns tell how a summer meeting became a lasting group.",
    "programme_de": "16:00 Begrüßung\n16:10 Zwei Berichte\n16:40 Fragen",
    "programme_en": "16:00 Welcome\n16:10 Two reports\n16:40 Questions",
    "is_recorded": True,
}
IN_AN_HOUR = _ONLINE | {
    "title_de": "Sprechstunde: Technik für Videoanrufe (Beispiel)",
    "title_en": "Open hour: technology for video calls (example)",
    "summary_de": "Bringen Sie Ihre Fragen mit. Wir probieren Ton, Bild und das Teilen des Bildschirms gemeinsam aus.",
    "summary_en": "Bring your questions. We try out sound, picture and screen sharing together.",
    "minutes": 45,
}
NEXT_WEEK = _ONLINE | {
    "title_de": "Der erste Videoanruf mit unseren Partnern (Beispiel)",
    "title_en": "The first video call with our partners (example)",
    "summary_de": "Schritt für Schritt: Termin, Sprache, Dolmetschen, Ablauf. Mit einer Liste zum Mitnehmen.",
    "summary_en": "Step by step: date, language, interpreting, agenda. With a list to take away.",
    "programme_de": "16:00 Begrüßung\n16:10 Vorbereitung in sieben Schritten\n16:45 Übung zu zweit",
    "programme_en": "16:00 Welcome\n16:10 Preparation in seven steps\n16:45 Practice in pairs",
    "level": Level.BEGINNERS,
    "capacity": 30,
}
MEMBERS_ONLY = _ONLINE | {
    "title_de": "Austausch der Koordinatorinnen und Koordinatoren (Beispiel)",
    "title_en": "Coordinators exchange experience (example)",
    "summary_de": "Für alle, die auf ViPaD eine Partnerschaft betreuen.",
    "summary_en": "For everybody who looks after a partnership on ViPaD.",
    "audience": Audience.MEMBERS,
    "level": Level.EXPERIENCED,
}
FULL = _ONLINE | {
    "title_de": "Fördermittel verständlich erklärt (Beispiel)",
    "title_en": "Funding explained in plain words (example)",
    "summary_de": "Eine kleine Runde, in der jede Frage Platz hat. Wer wartet, rückt nach.",
    "summary_en": "A small group with room for every question. People on the waiting list move up.",
    "capacity": 2,
}
INVITED_ONLY = _ONLINE | {
    "title_de": "Beratung für Musterstadt und Mintafalva (Beispiel)",
    "title_en": "Advice for Musterstadt and Mintafalva (example)",
    "summary_de": "Wir sprechen über das nächste Jahr der Partnerschaft.",
    "summary_en": "We talk about the next year of the partnership.",
    "audience": Audience.INVITED,
}
ENGLISH = _ONLINE | {
    "title_de": "Ein Projekt auf Englisch vorstellen (Beispiel)",
    "title_en": "Presenting a project in English (example)",
    "summary_de": "Dieser Termin findet nur auf Englisch statt.",
    "summary_en": "This session is held in English only.",
    "languages": ["en"],
    "zone": "Europe/Kyiv",
}
ON_SITE = {
    "title_de": "Werkstatt: Unsere Partnerschaft in fünf Jahren (Beispiel)",
    "title_en": "Workshop: our partnership in five years (example)",
    "summary_de": "Ein Tag mit Papier, Stiften und Kaffee. Am Ende steht ein Plan auf einer Seite.",
    "summary_en": "A day with paper, pens and coffee. In the end there is a plan on one page.",
    "programme_de": "10:00 Ankommen\n10:30 Arbeit in Gruppen\n12:30 Mittagessen\n13:30 Der Plan\n15:00 Ende",
    "programme_en": "10:00 Arrival\n10:30 Work in groups\n12:30 Lunch\n13:30 The plan\n15:00 End",
    "format": Format.ONSITE,
    "languages": ["de"],
    "minutes": 300,
    "zone": ZONE,
    "place_de": "Haus der Nachbarschaft (Beispiel), Saal im Erdgeschoss",
    "place_en": "House of the Neighbourhood (example), hall on the ground floor",
    "address": "Musterstraße 1",
    "directions_de": "Vom Hauptbahnhof zehn Minuten zu Fuß. Parkplätze hinter dem Haus. (Erfundene Angaben.)",
    "directions_en": "Ten minutes on foot from the main station. Parking behind the house. (Invented.)",
    "accessibility_de": "Eingang ohne Stufen, Toilette für Rollstühle, Höranlage im Saal. (Erfundene Angaben.)",
    "accessibility_en": "Entrance without steps, wheelchair toilet, hearing loop in the hall. (Invented.)",
    "capacity": 24,
    "seats_per_organisation": 4,
    "is_demo": True,
}
TRANSCRIPT = (
    "Coach: Guten Tag und willkommen. Dieses Gespräch ist erfunden.\n"
    "Karin Beispiel: Bei uns begann es mit einem Konzert.\n"
    "Éva Példa: Bei uns mit einem Fahrrad."
)


def make_sessions(people: Mapping[str, User], *, town: Municipality | None, now: datetime) -> None:
    """Make what is not there yet. Called on another day, it makes anew what is over by then, except last week's.

    `people` by address; `town` is where the session on site takes place.
    """
    _last_week(people, now=now)
    soon = _make(IN_AN_HOUR, _in_an_hour(now), people, now=now)
    _register(soon, people, (COORDINATOR, PARTNER), now=now)
    call = _make(NEXT_WEEK, day_at(now, 7, 16), people, now=now)
    _register(call, people, (COORDINATOR, CHAIR), now=now)
    _make(MEMBERS_ONLY, day_at(now, 9, 18), people, now=now)
    full = _make(FULL, day_at(now, 10, 16), people, now=now)
    _register(full, people, (COORDINATOR, CHAIR, PARTNER), now=now)
    advice = _make(INVITED_ONLY, day_at(now, 12, 9), people, now=now)
    if advice:
        invited = [people[COORDINATOR], people[PARTNER]]
        actions.invite(session=advice, people=invited, by=people[COACH], now=now)
    _make(ENGLISH, day_at(now, 14, 11, zone="Europe/Kyiv"), people, now=now)
    workshop = _make(ON_SITE | {"municipality": town}, day_at(now, 21, 10), people, now=now)
    vegetarian = actions.NeedsFacts(diet="vegetarisch")
    _register(workshop, people, (COORDINATOR,), needs=vegetarian, now=now)


def _last_week(people: Mapping[str, User], *, now: datetime) -> None:
    """Everything happened when it would have: mails about it are out of date, and thanked for it is already."""
    if Session.objects.filter(is_demo=True, title_de=LAST_WEEK["title_de"]).exists():
        return
    starts_at = day_at(now, -7, 16)
    before = starts_at - timedelta(days=14)
    session = _make(LAST_WEEK | {"thanked_at": now}, starts_at, people, now=before)
    if session is None:
        return
    rows = _register(session, people, (COORDINATOR, CHAIR, PARTNER), now=before)
    after = session.ends_at + timedelta(hours=1)
    said = ((5, "Gern öfter, und gern mit mehr Zeit für Fragen."), (3, ""), (4, ""))
    for row, (mark, text) in zip(rows, said, strict=True):
        actions.note_joined(registration=row, now=starts_at)
        _feedback(row, mark, text, now=after)
    actions.publish_recording(
        session=session,
        url="https://video.example.org/vipad-demo",
        transcript=TRANSCRIPT,
        by=people[COACH],
        now=after,
    )


def _make(
    facts: Mapping[str, Any], starts_at: datetime, people: Mapping[str, User], *, now: datetime
) -> Session | None:
    """None where it is there already, and not over."""
    known = Session.objects.filter(is_demo=True, title_de=facts["title_de"])
    return None if known.upcoming(now).exists() else make_session(facts, starts_at, people, now=now)


def make_session(
    facts: Mapping[str, Any], starts_at: datetime, people: Mapping[str, User], *, now: datetime
) -> Session:
    """Published, and led by the coach."""
    wall = wall_of(starts_at, facts["zone"])
    coach = people[COACH]
    time_and_texts = {
        **facts,
        "day": wall.date(),
        "begins": wall.time(),
        "is_second_hour": starts_at in moments_of(wall, facts["zone"])[1:],
        "organisation": Organisation.objects.filter(slug="haus-beispiel-a").first(),
        "topics": list(Topic.objects.filter(code__in=("youth", "volunteering"))),
    }
    session = actions.create_session(facts=time_and_texts, hosts=[coach], by=coach, now=now)
    return actions.publish_session(session=session, by=coach, now=now)


def _register(
    session: Session | None,
    people: Mapping[str, User],
    addresses: tuple[str, ...],
    *,
    now: datetime,
    needs: actions.NeedsFacts | None = None,
) -> list[Registration]:
    if session is None:
        return []
    return [
        actions.register(session=session, by=people[address], needs=needs, now=now) for address in addresses
    ]


def _feedback(row: Registration, mark: int, text: str, *, now: datetime) -> None:
    marks = {"useful": mark, "understandable": mark, "technology": mark - 1}
    actions.give_feedback(registration=row, text=text, now=now, **marks)


def day_at(now: datetime, days: int, hour: int, *, zone: str = ZONE) -> datetime:
    """So many days from today, at an hour of day that no clock skips."""
    day = wall_of(now, zone).date() + timedelta(days=days)
    return moment_of(datetime.combine(day, time(hour)), zone)


def _in_an_hour(now: datetime) -> datetime:
    """To the next five minutes."""
    soon = now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(hours=1)
    return soon + timedelta(minutes=-soon.minute % 5)

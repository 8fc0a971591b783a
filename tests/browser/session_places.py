"""Sessions in every state, and the addresses of all their pages: for looking at them, by axe and by eye."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from tests.factories.directory import TopicFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import actions
from webinars.choices import Audience, Format, Seat, State
from webinars.links import door_path, entrance_token, feedback_path, seat_path
from webinars.models import Session

TEXTS = {
    "summary_de": "Wir proben gemeinsam einen Anruf über Grenzen hinweg.\n\nBringen Sie Ihre Fragen mit.",
    "summary_en": "We practise a call across borders together.\n\nBring your questions.",
    "programme_de": "16:00 Begrüßung\n16:10 Vorbereitung in sieben Schritten",
    "programme_en": "16:00 Welcome\n16:10 Preparation in seven steps",
}
ON_SITE = {
    "format": Format.ONSITE,
    "room": "",
    "place_de": "Haus der Nachbarschaft, Saal im Erdgeschoss",
    "place_en": "House of the Neighbourhood, hall on the ground floor",
    "address": "Musterstraße 1",
    "directions_de": "Vom Hauptbahnhof zehn Minuten zu Fuß.",
    "directions_en": "Ten minutes on foot from the main station.",
    "accessibility_de": "Eingang ohne Stufen.",
    "accessibility_en": "Entrance without steps.",
}
RECORDED = {
    "is_recorded": True,
    "recording_url": "https://video.example.org/1",
    "transcript": "Coach: Guten Tag.",
}


CUT_OFF = ["/seat/12-798ed9/", "/certificates/?code=VIP-7K3M-Q2XH-4RT9"]
"""There is nothing behind them, and a page says so."""


def sessions_led_by(host: User) -> dict[str, Session]:
    """By what they show. One title holds a word as long as German makes them."""
    now = timezone.now()
    day = timedelta(days=1)
    past = {"starts_at": _minute(now - 2 * day), "published_at": now - 5 * day}
    topic = TopicFactory()

    def made(**facts: Any) -> Session:
        session = SessionFactory(host=host, **(TEXTS | facts))
        session.topics.add(topic)
        return session

    return {
        "open": made(title_de="Städtepartnerschaftskoordinierungsgespräche in Videokonferenzen führen"),
        "full": made(title_de="Fördermittel verständlich erklärt", capacity=1),
        "members": made(title_de="Austausch unter uns", audience=Audience.MEMBERS),
        "invited": made(title_de="Beratung", audience=Audience.INVITED),
        "draft": made(title_de="Noch ein Entwurf", state=State.DRAFT, published_at=None),
        "cancelled": made(
            title_de="Fällt aus",
            state=State.CANCELLED,
            cancelled_at=now,
            cancel_reason_de="Die Leitung ist krank.",
            cancel_reason_en="The host is ill.",
        ),
        "moved": made(title_de="Ist verschoben", moved_at=now, moved_from=_minute(now + 5 * day)),
        "on_site": made(title_de="Werkstatt in Ulm", **ON_SITE),
        "running": made(
            title_de="Läuft gleich an", starts_at=_minute(now + timedelta(minutes=8)), is_recorded=True
        ),
        "over": made(title_de="Wie junge Leute mitmachen", recording_published_at=now, **RECORDED, **past),
    }


def for_visitors(sessions: dict[str, Session]) -> list[str]:
    return [
        "/sessions/",
        "/sessions/?when=past",
        "/sessions/?format=onsite&seats=open",
        "/sessions/month/",
        *(_page(sessions[name]) for name in ("open", "full", "cancelled", "moved", "on_site", "over")),
        _page(sessions["on_site"], "guest/"),
        _page(sessions["open"], "guest/?sent=1"),
        _page(sessions["cancelled"], "guest/"),
        "/sessions/check/",
        "/certificates/",
    ]


def for_guests(sessions: dict[str, Session]) -> list[str]:
    """By the links of mails."""
    states = {state: GuestFactory(session=sessions["open"], state=state) for state in Seat}
    seat = states[Seat.SEAT]
    near = GuestFactory(session=sessions["running"])
    on_site = GuestFactory(session=sessions["on_site"])
    actions.change_needs(
        registration=on_site, needs=actions.NeedsFacts("вегетаріанська їжа", "", ""), now=timezone.now()
    )
    over = GuestFactory(session=sessions["over"], attended_at=timezone.now())
    others = [GuestFactory(session=sessions[name]) for name in ("moved", "cancelled")]
    return [
        *(seat_path(row) for row in [*states.values(), near, on_site, over, *others]),
        seat_path(seat) + "?way=cancel",
        seat_path(seat) + "?way=needs",
        door_path(seat),
        door_path(near),
        feedback_path(over),
    ]


def for_members(sessions: dict[str, Session], person: User) -> list[str]:
    states = {
        "open": Seat.SEAT,
        "full": Seat.WAITING,
        "moved": Seat.OFFERED,
        "running": Seat.SEAT,
        "over": Seat.SEAT,
    }
    for name, state in states.items():
        RegistrationFactory(
            session=sessions[name],
            person=person,
            state=state,
            attended_at=timezone.now() if name == "over" else None,
        )
    return [
        "/sessions/mine/",
        "/sessions/month/",
        *(_page(sessions[name]) for name in (*states, "members", "on_site")),
        _page(sessions["open"], "needs/"),
        _page(sessions["open"], "cancel/"),
        _page(sessions["open"], "door/"),
        _page(sessions["running"], "door/"),
        _page(sessions["over"], "feedback/"),
    ]


def for_hosts(sessions: dict[str, Session]) -> list[str]:
    session, over = sessions["open"], sessions["over"]
    rows = [
        GuestFactory(session=session, state=state, name="Maximiliane Mustermann-Beispielhausen")
        for state in Seat
    ]
    seat = next(row for row in rows if row.state == Seat.SEAT)
    GuestFactory(session=over, attended_at=timezone.now())
    for mark in (3, 4, 5):
        over.feedback.create(
            useful=mark, understandable=mark, technology=mark, text="Gern öfter.", given_on=over.day
        )
    pages = (
        "",
        "list/",
        "write/",
        "add/",
        "check-in/",
        "edit/",
        "move/",
        "cancel/",
        "copy/",
        "materials/",
        "hosts/",
        f"people/{seat.pk}/cancel/",
        f"scan/{entrance_token(seat)}/",
    )
    return [
        "/sessions/new/",
        *(_page(session, f"desk/{page}") for page in pages),
        *(_page(over, f"desk/{page}") for page in ("", "recording/", "feedback/")),
        *(_page(sessions["draft"], page) for page in ("", "desk/", "desk/publish/", "desk/delete/")),
        _page(sessions["invited"], "desk/invited/"),
    ]


def _page(session: Session, rest: str = "") -> str:
    return session.get_absolute_url() + rest


def _minute(moment: Any) -> Any:
    return moment.replace(second=0, microsecond=0)

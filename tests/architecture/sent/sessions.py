"""The forms of sessions: of who comes, by the pages and by the link of a mail, and of who leads."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from tests.architecture.sent.cases import Sent, case
from tests.factories.uploads import pdf
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars.choices import RoomKind, Seat, State
from webinars.links import entrance_token, seat_token
from webinars.models import Registration, Session

SESSION = "/sessions/open/"


def led(people: dict[str, User], **facts: object) -> Session:
    """Led by the coordinator."""
    return SessionFactory(**{"slug": "open", "host": people["coordinator"], **facts})


def soon(people: dict[str, User]) -> Session:
    """Its door is open."""
    return led(people, starts_at=timezone.now() + timedelta(minutes=5), room=RoomKind.LINK)


def over(people: dict[str, User]) -> Session:
    return led(people, starts_at=timezone.now() - timedelta(hours=5))


def member(people: dict[str, User], session: Session, **facts: object) -> Registration:
    return RegistrationFactory(session=session, person=people["participant"], **facts)


def link(registration: Registration, then: str = "") -> str:
    return f"/seat/{seat_token(registration)}/{then}"


# Who comes, signed in


@case("webinars:register")
def _(people):
    led(people)
    return Sent(people["participant"], f"{SESSION}register/", {}, {"Registration": 1, "Notice": 1})


@case("webinars:register", "last seat was taken")
def _(people):
    GuestFactory(session=led(people, capacity=1))
    return Sent(people["participant"], f"{SESSION}register/", {}, {"Registration": 1, "Notice": 1})


@case("webinars:cancel")
def _(people):
    member(people, led(people))
    return Sent(people["participant"], f"{SESSION}cancel/", {}, {"Notice": 1})


@case("webinars:cancel", "the next is told")
def _(people):
    session = led(people, capacity=1)
    member(people, session)
    GuestFactory(session=session, state=Seat.WAITING)
    return Sent(people["participant"], f"{SESSION}cancel/", {}, {"Notice": 2})


@case("webinars:accept")
def _(people):
    member(people, led(people), state=Seat.OFFERED)
    return Sent(people["participant"], f"{SESSION}accept/", {}, {"Notice": 1})


@case("webinars:needs")
def _(people):
    member(people, led(people))
    return Sent(people["participant"], f"{SESSION}needs/", {"diet": "vegetarisch"}, {"Needs": 1})


@case("webinars:door")
def _(people):
    member(people, soon(people))
    return Sent(people["participant"], f"{SESSION}door/")


@case("webinars:feedback")
def _(people):
    member(people, over(people))
    data = {"useful": "5", "understandable": "4", "technology": "3", "text": ""}
    return Sent(people["participant"], f"{SESSION}feedback/", data, {"Feedback": 1})


@case("webinars:certificate")
def _(people):
    member(people, over(people), attended_at=timezone.now())
    return Sent(people["participant"], f"{SESSION}certificate.pdf", {}, {"Certificate": 1})


@case("webinars:make_feed", "new address")
def _(people):
    return Sent(people["participant"], "/sessions/mine/feed/", {"new": ""}, {"CalendarFeed": 1})


# Who comes, by the link


@case("webinars:guest")
def _(people):
    led(people)
    data = {"name": "Éva", "email": "eva@pecs.example", "language": "hu", "time_zone": "Europe/Budapest"}
    return Sent(None, f"{SESSION}guest/?lang=hu", data, {"Registration": 1, "Notice": 1})


@case("webinars:seat", "confirm")
def _(people):
    guest = GuestFactory(session=led(people), state=Seat.ASKED)
    return Sent(None, link(guest), {"confirm": ""}, {"Notice": 1})


@case("webinars:seat", "accept")
def _(people):
    guest = GuestFactory(session=led(people), state=Seat.OFFERED)
    return Sent(None, link(guest), {"accept": ""}, {"Notice": 1})


@case("webinars:seat", "cancel")
def _(people):
    guest = GuestFactory(session=led(people))
    return Sent(None, f"{link(guest)}?way=cancel", {}, {"Notice": 1})


@case("webinars:seat", "needs")
def _(people):
    guest = GuestFactory(session=led(people))
    return Sent(None, f"{link(guest)}?way=needs", {"accessibility": "Rollstuhl"}, {"Needs": 1})


@case("webinars:guest_door")
def _(people):
    return Sent(None, link(GuestFactory(session=soon(people)), "door/"))


@case("webinars:guest_feedback")
def _(people):
    guest = GuestFactory(session=over(people))
    data = {"useful": "5", "understandable": "4", "technology": "3", "text": "Дякую"}
    return Sent(None, link(guest, "feedback/"), data, {"Feedback": 1})


@case("webinars:guest_certificate")
def _(people):
    guest = GuestFactory(session=over(people), attended_at=timezone.now())
    return Sent(None, link(guest, "certificate.pdf"), {}, {"Certificate": 1})


# Who leads

FACTS = {
    "title_de": "Fördermittel",
    "summary_de": "Kleine Programme.",
    "format": "online",
    "languages": "de",
    "level": "everybody",
    "room": "link",
    "room_link": "https://room.invalid/x",
    "audience": "everybody",
    "moving_up": "offer",
    "lead-TOTAL_FORMS": "1",
    "lead-INITIAL_FORMS": "0",
    "lead-0-amount": "1",
    "lead-0-unit": "days",
}


@case("webinars:new")
def _(people):
    day = (timezone.now() + timedelta(days=30)).date()
    data = {**FACTS, "day": str(day), "begins": "16:00", "minutes": "60", "zone": "Europe/Berlin"}
    makes = {"Session": 1, "Host": 1, "ReminderPlan": 1}
    return Sent(people["admin"], "/sessions/new/", data, makes)


@case("webinars:edit")
def _(people):
    session = led(people)
    data = {**FACTS, "base_version": str(session.version)}
    return Sent(people["coordinator"], f"{SESSION}desk/edit/", data, {"ReminderPlan": 1})


@case("webinars:publish")
def _(people):
    led(people, state=State.DRAFT, published_at=None)
    return Sent(people["coordinator"], f"{SESSION}desk/publish/")


@case("webinars:move")
def _(people):
    member(people, led(people))
    day = (timezone.now() + timedelta(days=40)).date()
    data = {"day": str(day), "begins": "17:00", "minutes": "60", "step": "move"}
    return Sent(people["coordinator"], f"{SESSION}desk/move/", data, {"Notice": 1})


@case("webinars:cancel_session")
def _(people):
    member(people, led(people))
    data = {"reason_de": "Krank.", "reason_en": "Ill."}
    return Sent(people["coordinator"], f"{SESSION}desk/cancel/", data, {"Notice": 1})


@case("webinars:copy")
def _(people):
    led(people)
    day = (timezone.now() + timedelta(days=40)).date()
    data = {"day": str(day), "pattern": "once", "step": "copy"}
    return Sent(people["coordinator"], f"{SESSION}desk/copy/", data, {"Session": 1, "Host": 1})


@case("webinars:write")
def _(people):
    member(people, led(people))
    data = {
        "states": "seat",
        "attended": "",
        "subject": "Bitte mitbringen",
        "text": "Ein Foto.",
        "step": "send",
    }
    return Sent(people["coordinator"], f"{SESSION}desk/write/", data, {"HostMail": 1, "Notice": 1})


@case("webinars:add_person")
def _(people):
    led(people)
    data = {"name": "Éva", "email": "eva@pecs.example", "language": "hu", "time_zone": "Europe/Budapest"}
    makes = {"Registration": 1, "Notice": 1}
    return Sent(people["coordinator"], f"{SESSION}desk/add/", data, makes)


@case("webinars:check_in")
def _(people):
    row = member(people, led(people))
    data = {"registration": str(row.pk), "tick": ""}
    return Sent(people["coordinator"], f"{SESSION}desk/check-in/", data)


@case("webinars:scan")
def _(people):
    row = member(people, led(people))
    return Sent(people["coordinator"], f"{SESSION}desk/scan/{entrance_token(row)}/")


@case("webinars:materials")
def _(people):
    led(people)
    data = {"kind": "slides", "title_de": "Folien", "access": "registered", "upload": ("Folien.pdf", pdf())}
    return Sent(people["coordinator"], f"{SESSION}desk/materials/", data, {"Material": 1})


@case("webinars:recording")
def _(people):
    over(people)
    data = {"url": "https://video.invalid/1", "transcript": "Guten Tag."}
    return Sent(people["coordinator"], f"{SESSION}desk/recording/", data)

"""Who gets what at the addresses of sessions. The coordinator leads them all, the member has a seat where one can.

"open" is for everybody, "members" for members, "closed" for invited people (the member is one), "draft" nobody but the
host sees, "over" has taken place: the member was there.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from core.files import check_upload
from tests.factories.uploads import pdf, upload
from tests.factories.webinars import GuestFactory, HostFactory, RegistrationFactory, SessionFactory
from webinars import actions
from webinars.choices import Audience, MaterialAccess, State
from webinars.models import Feedback, Invitation, Material, Needs, Session

EVERYBODY = (200, 200, 200, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
NOBODY = (404, 404, 404, 404, 404)
HOSTS = (302, 404, 404, 200, 200)
NOT_THERE = (302, 404, 404, 404, 404)
POST_ONLY_SIGNED_IN = (302, 405, 405, 405, 405)
SENT_ON = (302, 302, 302, 302, 302)  # a GET changes nothing
POST_ONLY = (405, 405, 405, 405, 405)

FILE, PUBLIC_FILE = 830_001, 830_002
OF_THE_MEMBER = 830_003
DESK = (
    "desk", "print_list", "export", "write", "add_person", "check_in", "edit", "move", "cancel_session", "copy",
    "materials", "recording", "feedback_results", "export_feedback", "hosts",
)  # fmt: skip

TABLE: dict[tuple[str, tuple[str | int, ...]], tuple[int, ...]] = {
    ("webinars:list", ()): EVERYBODY,
    ("webinars:month", ()): EVERYBODY,
    ("webinars:check", ()): EVERYBODY,
    ("webinars:mine", ()): SIGNED_IN,
    ("webinars:make_feed", ()): POST_ONLY_SIGNED_IN,
    ("webinars:public_feed", ()): EVERYBODY,
    ("webinars:feed", ("nonsense",)): NOBODY,
    ("webinars:new", ()): (302, 404, 404, 404, 200),  # the coordinator of the cast is no coach
    ("webinars:material", (PUBLIC_FILE,)): EVERYBODY,
    ("webinars:material", (FILE,)): (404, 404, 200, 200, 200),
    ("webinars:material", (999_999,)): NOBODY,
    ("webinars:detail", ("open",)): EVERYBODY,
    ("webinars:detail", ("members",)): (404, 200, 200, 200, 200),
    ("webinars:detail", ("closed",)): (404, 404, 200, 200, 200),
    ("webinars:detail", ("draft",)): (404, 404, 404, 200, 200),
    ("webinars:detail", ("nonsense",)): NOBODY,
    ("webinars:calendar_file", ("open",)): EVERYBODY,
    ("webinars:calendar_file", ("members",)): (404, 200, 200, 200, 200),
    ("webinars:calendar_file", ("closed",)): (404, 404, 200, 200, 200),
    ("webinars:calendar_file", ("draft",)): NOBODY,
    ("webinars:register", ("open",)): SENT_ON,
    ("webinars:cancel", ("open",)): (302, 404, 200, 404, 404),
    ("webinars:cancel", ("closed",)): NOT_THERE,
    ("webinars:accept", ("open",)): SENT_ON,
    ("webinars:needs", ("open",)): (302, 404, 200, 404, 404),
    ("webinars:needs", ("closed",)): NOT_THERE,
    ("webinars:door", ("open",)): (302, 404, 200, 200, 404),
    ("webinars:door", ("closed",)): (302, 404, 404, 200, 404),
    ("webinars:door", ("nonsense",)): NOT_THERE,
    ("webinars:feedback", ("over",)): (302, 404, 200, 404, 404),
    ("webinars:feedback", ("nonsense",)): NOT_THERE,
    ("webinars:certificate", ("over",)): (302, 404, 302, 404, 404),
    ("webinars:certificate", ("nonsense",)): NOT_THERE,
    ("webinars:guest", ("open",)): EVERYBODY,
    ("webinars:guest", ("members",)): NOBODY,
    ("webinars:guest", ("closed",)): NOBODY,
    ("webinars:guest", ("draft",)): NOBODY,
    ("webinars:guest", ("nonsense",)): NOBODY,
    # What a registration's own link opens is in tests/webinars/test_guest_pages.py.
    ("webinars:seat_cut_off", ()): NOBODY,
    ("webinars:seat", ("nonsense",)): NOBODY,
    ("webinars:guest_door", ("nonsense",)): NOBODY,
    ("webinars:guest_feedback", ("nonsense",)): NOBODY,
    ("webinars:guest_certificate", ("nonsense",)): NOBODY,
    ("webinars:guest_calendar_file", ("nonsense",)): NOBODY,
    ("webinars:guest_material", ("nonsense", 1)): NOBODY,
    ("webinars:publish", ("draft",)): HOSTS,
    ("webinars:publish", ("nonsense",)): NOT_THERE,
    ("webinars:delete_draft", ("draft",)): HOSTS,
    ("webinars:delete_draft", ("open",)): (302, 404, 404, 302, 302),  # back to the desk: it is no draft
    ("webinars:delete_draft", ("nonsense",)): NOT_THERE,
    ("webinars:invited", ("closed",)): HOSTS,
    ("webinars:invited", ("open",)): NOT_THERE,
    ("webinars:invited", ("nonsense",)): NOT_THERE,
    ("webinars:cancel_person", ("open", OF_THE_MEMBER)): HOSTS,
    ("webinars:cancel_person", ("members", OF_THE_MEMBER)): NOT_THERE,
    ("webinars:cancel_person", ("open", 999_999)): NOT_THERE,
    ("webinars:scan", ("open", "nonsense")): NOT_THERE,
    ("webinars:bbb_recording", ()): POST_ONLY,
    ("portal:certificates", ()): EVERYBODY,
    ("portal:certificate", ("nonsense",)): NOBODY,
    **{(f"webinars:{name}", ("open",)): HOSTS for name in DESK},
    **{(f"webinars:{name}", ("nonsense",)): NOT_THERE for name in DESK},
}


def plant(cast: dict[str, User]) -> None:
    sessions = {
        "open": SessionFactory(slug="open"),
        "members": SessionFactory(slug="members", audience=Audience.MEMBERS),
        "closed": SessionFactory(slug="closed", audience=Audience.INVITED),
        "draft": SessionFactory(slug="draft", state=State.DRAFT, published_at=None),
        "over": SessionFactory(slug="over", starts_at=_hour(timezone.now() - timedelta(hours=5))),
    }
    for session in sessions.values():
        HostFactory(session=session, person=cast["coordinator"])
    Invitation.objects.create(
        session=sessions["closed"], person=cast["participant"], invited_at=timezone.now()
    )
    RegistrationFactory(pk=OF_THE_MEMBER, session=sessions["open"], person=cast["participant"])
    RegistrationFactory(session=sessions["over"], person=cast["participant"], attended_at=timezone.now())
    _add_files(sessions["open"], cast["coordinator"])


def _add_files(session: Session, host: User) -> None:
    for number, access in ((FILE, MaterialAccess.REGISTERED), (PUBLIC_FILE, MaterialAccess.EVERYBODY)):
        material = actions.add_material(
            session=session,
            upload=check_upload(upload("Folien.pdf", pdf())),
            kind="slides",
            title_de="Folien",
            title_en="Slides",
            access=access,
            by=host,
            now=timezone.now(),
        )
        Material.objects.filter(pk=material.pk).update(id=number)


def _hour(moment):
    return moment.replace(minute=0, second=0, microsecond=0)


# Read by nobody outside but the roles named (tests/architecture/test_nothing_leaks.py).
PRIVATE: dict[str, set[str]] = {
    "qvazroom": set(),
    "qvazdraftsession": set(),
    "qvazmemberssession": {"outsider", "member", "deputy"},
    "qvazclosedsession": {"member"},
    "qvazguestname": set(),
    "qvaz.guest@guest.example": set(),
    "qvazguestneeds": set(),
    "qvazownneeds": {"member"},
    "qvazhostmail": {"member"},  # to who has a seat
    "qvazfeedback": set(),
    "qvaztranscript": set(),
}


def plant_private(cast: dict[str, User]) -> None:
    now = timezone.now()
    Session.objects.update(room_link="https://room.invalid/qvazroom", transcript="qvaztranscript")
    for slug in ("draft", "members", "closed"):
        words = {"title_de": f"qvaz{slug}session", "title_en": f"qvaz{slug}session"}
        Session.objects.filter(slug=slug).update(**words)
    there, past = Session.objects.get(slug="open"), Session.objects.get(slug="over")
    guest = GuestFactory(session=there, name="qvazguestname", email="qvaz.guest@guest.example")
    Needs.objects.create(registration=guest, diet="qvazguestneeds")
    own = there.registrations.get(person=cast["participant"])
    Needs.objects.create(registration=own, accessibility="qvazownneeds")
    actions.write_to(
        session=there,
        subject="qvazhostmail",
        text="qvazhostmail",
        states=["seat"],
        by=cast["coordinator"],
        now=now,
    )
    Feedback.objects.create(
        session=past, useful=1, understandable=1, technology=1, text="qvazfeedback", given_on=now.date()
    )

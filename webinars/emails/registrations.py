"""What is told to who comes: each mail with both clocks, and with a calendar file where a calendar should know."""

from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.calendar import Method
from notifications.kinds import Audience, Calendar, Kind
from notifications.mails import language_of
from notifications.models import Notice
from notifications.outbox import once_of
from webinars.choices import Seat, State
from webinars.emails.calendars import invitation_file
from webinars.emails.examples import example_registration, notice_for
from webinars.facts import Clock, clock, facts_of
from webinars.links import door_path, feedback_path, seat_path
from webinars.models import Registration, ReminderPlan, Session
from webinars.texts import Text, text_in

HAD_SEAT = "seat"


class AboutRegistration:
    """Mixin of the kinds about one registration: wanted as long as it is in one of `states`."""

    audience: ClassVar[Audience] = Audience.PARTNER
    essential: ClassVar[bool] = True
    can_wait: ClassVar[bool] = True
    reads: ClassVar[tuple[str, ...]] = (
        "session__plan",
        "session__hosts__person",
        "session__organisation",
        "session__municipality",
        "person",
    )
    states: ClassVar[tuple[str, ...]] = (Seat.SEAT,)
    method: ClassVar[Method | None] = None
    # Told when the session is over: how to get in is of no use any more.
    is_gone: ClassVar[bool] = False

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        if not isinstance(row, Registration) or row.state not in self.states or not _is_reader(notice, row):
            return False
        return self.session_wants(row.session, now)

    def session_wants(self, session: Session, now: datetime) -> bool:
        """After the start nobody needs to know any more."""
        return session.state == State.PUBLISHED and now < session.starts_at

    def context(self, notice: Notice) -> dict[str, Any]:
        row = registration_in(notice)
        language = language_of(notice)
        facts = facts_of(row.session, language=language)
        return {
            "registration": row,
            "session": row.session,
            "facts": facts,
            "marked_title": marked(facts.title),
            "name": row.shown_name,
            "has_seat": row.state == Seat.SEAT,
            "is_gone": self.is_gone or row.session.state == State.CANCELLED,
            "is_waiting": row.state == Seat.WAITING,
            "offer_until": _own_clock(row.offer_expires_at) if row.state == Seat.OFFERED else None,
            "seat_path": seat_path(row, language),
            "door_path": door_path(row, language),
            "again_path": _again_path(row, language),
        }

    def path(self, notice: Notice) -> str:
        return seat_path(registration_in(notice), language_of(notice))

    def calendar(self, notice: Notice) -> Calendar | None:
        if not self.method:
            return None
        row = registration_in(notice)
        content = invitation_file(
            row, method=self.method, language=language_of(notice), email=_address(notice)
        )
        return Calendar(self.method, content)

    def example(self, *, language: str, now: datetime) -> Notice:
        row = example_registration(state=self.states[0], language=language, now=now)
        return notice_for(cast(Kind, self), row, now=now)


class GuestConfirm(AboutRegistration, Kind):
    """To a guest: was it you? A click takes the seat."""

    name = "guest_confirm"
    title = _("a guest is asked to confirm a registration")
    passes_stop = True
    states = (Seat.ASKED,)


class AlreadyRegistered(AboutRegistration, Kind):
    """Somebody entered an address that is registered: told to the address alone."""

    name = "already_registered"
    title = _("somebody registered a second time")
    states = (Seat.SEAT, Seat.WAITING, Seat.OFFERED)


class SeatConfirmed(AboutRegistration, Kind):
    name = "seat_confirmed"
    title = _("your registration for a session")
    method = "REQUEST"


class SeatGiven(AboutRegistration, Kind):
    """From the waiting list, at once."""

    name = "seat_given"
    title = _("a seat has become free for you")
    method = "REQUEST"


class SeatWaiting(AboutRegistration, Kind):
    name = "seat_waiting"
    title = _("you are on the waiting list of a session")
    states = (Seat.WAITING,)


class SeatOffered(AboutRegistration, Kind):
    """From the waiting list, for 48 hours."""

    name = "seat_offered"
    title = _("a seat is offered to you")
    states = (Seat.OFFERED,)

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        return super().still_wanted(notice, now=now) and registration_in(notice).offer_is_open(now)


class OfferOver(AboutRegistration, Kind):
    name = "offer_over"
    title = _("a seat offered to you went to the next")
    states = (Seat.CANCELLED,)


class RegistrationCancelled(AboutRegistration, Kind):
    name = "registration_cancelled"
    title = _("your registration was cancelled")
    states = (Seat.CANCELLED,)
    method = "CANCEL"

    def session_wants(self, session: Session, now: datetime) -> bool:
        return session.state != State.DRAFT

    def calendar(self, notice: Notice) -> Calendar | None:
        """Who only waited has nothing in the calendar."""
        return super().calendar(notice) if once_of(notice).endswith(HAD_SEAT) else None

    def example(self, *, language: str, now: datetime) -> Notice:
        row = example_registration(state=Seat.CANCELLED, language=language, now=now)
        return notice_for(cast(Kind, self), row, now=now, once=f"1-{HAD_SEAT}")


class SessionReminder(AboutRegistration, Kind):
    """Before the start, by the plan of the session. `once` is the lead and the start: "1d-1806415200"."""

    name = "session_reminder"
    title = _("reminder of a session")
    essential = False
    can_wait = False
    method = "REQUEST"

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        if not super().still_wanted(notice, now=now):
            return False
        # Moved since: there will be another one for the new start.
        return _start_in(notice) == registration_in(notice).session.starts_at

    def context(self, notice: Notice) -> dict[str, Any]:
        lead = lead_in(notice)
        own_words = text_in(lead, "text", language_of(notice)) if lead else None
        return {**super().context(notice), "lead": lead, "own_words": own_words}

    def path(self, notice: Notice) -> str:
        row = registration_in(notice)
        find = door_path if row.session.is_online else seat_path
        return find(row, language_of(notice))

    def example(self, *, language: str, now: datetime) -> Notice:
        row = example_registration(state=Seat.SEAT, language=language, now=now)
        once = f"1d-{int(row.session.starts_at.timestamp())}"
        return notice_for(cast(Kind, self), row, now=now, once=once)


class SessionMoved(AboutRegistration, Kind):
    """Also to who waits. `once` is the SEQUENCE."""

    name = "session_moved"
    title = _("a session was moved")
    states = (Seat.SEAT, Seat.OFFERED, Seat.WAITING)

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        if not super().still_wanted(notice, now=now):
            return False
        return once_of(notice) == str(registration_in(notice).session.sequence)

    def context(self, notice: Notice) -> dict[str, Any]:
        """The old start on the reader's clock, too."""
        context = super().context(notice)
        moved_from = registration_in(notice).session.moved_from
        is_same = context["facts"].own_clock is None
        return {**context, "own_moved_from": None if is_same else _own_clock(moved_from)}

    def calendar(self, notice: Notice) -> Calendar | None:
        row = registration_in(notice)
        if row.state != Seat.SEAT:
            return None
        content = invitation_file(row, method="REQUEST", language=language_of(notice), email=_address(notice))
        return Calendar("REQUEST", content)

    def example(self, *, language: str, now: datetime) -> Notice:
        row = example_registration(state=Seat.SEAT, language=language, now=now, is_moved=True)
        return notice_for(cast(Kind, self), row, now=now, once="1")


class SessionChanged(SessionMoved):
    """Another place, or online instead of on site: at the same time. `once` is the SEQUENCE."""

    name = "session_changed"
    title = _("the place of a session was changed")


class SessionCancelled(AboutRegistration, Kind):
    name = "session_cancelled"
    title = _("a session was cancelled")
    states = (Seat.SEAT, Seat.OFFERED, Seat.WAITING)
    method = "CANCEL"

    def session_wants(self, session: Session, now: datetime) -> bool:
        return session.state == State.CANCELLED

    def calendar(self, notice: Notice) -> Calendar | None:
        """Who only waited has nothing in the calendar."""
        return super().calendar(notice) if registration_in(notice).state == Seat.SEAT else None

    def example(self, *, language: str, now: datetime) -> Notice:
        row = example_registration(state=Seat.SEAT, language=language, now=now, is_cancelled=True)
        return notice_for(cast(Kind, self), row, now=now)


class SessionThanks(AboutRegistration, Kind):
    """The day after: recording, slides, and four questions."""

    name = "session_thanks"
    title = _("thanks after a session, with recording and slides")
    essential = False
    reads = (*AboutRegistration.reads, "session__materials")
    is_gone = True

    def session_wants(self, session: Session, now: datetime) -> bool:
        return session.state == State.PUBLISHED

    def context(self, notice: Notice) -> dict[str, Any]:
        row = registration_in(notice)
        return {
            **super().context(notice),
            "has_recording": row.session.recording_published_at is not None,
            "has_materials": bool(row.session.materials.all()),
            "was_there": row.attended_at is not None,
            "feedback_path": feedback_path(row, language_of(notice)),
        }

    def path(self, notice: Notice) -> str:
        return feedback_path(registration_in(notice), language_of(notice))

    def example(self, *, language: str, now: datetime) -> Notice:
        row = example_registration(state=Seat.SEAT, language=language, now=now, is_over=True)
        return notice_for(cast(Kind, self), row, now=now)


def marked(text: Text) -> SafeString:
    """For HTML: content in another language than the mail says which one."""
    return (
        format_html('<span lang="{}">{}</span>', text.language, text.words) if text.language else escape(text)
    )


def lead_in(notice: Notice) -> ReminderPlan | None:
    """The lead of the plan; None when it was taken out of the plan since."""
    code = once_of(notice).partition("-")[0]
    leads = registration_in(notice).session.plan.all()
    return next((lead for lead in leads if lead.code == code), None)


def registration_in(notice: Notice) -> Registration:
    """`still_wanted` has asked what a notice is about before anything else is."""
    return cast(Registration, notice.about)


def _again_path(row: Registration, language: str) -> str:
    """Guests register on a page in their language."""
    if row.person_id:
        return row.session.get_absolute_url()
    return reverse("webinars:guest", args=(row.session.slug,)) + f"?lang={language}"


def _own_clock(moment: datetime | None) -> Clock | None:
    """On the reader's clock, whose zone is the active one."""
    return clock(moment, moment, timezone.get_current_timezone_name()) if moment else None


def _start_in(notice: Notice) -> datetime:
    return datetime.fromtimestamp(int(once_of(notice).partition("-")[2]), UTC)


def _is_reader(notice: Notice, row: Registration) -> bool:
    """A guest who has an account now is told as its person; rows queued before go to the same mailbox."""
    return notice.recipient_id is None or notice.recipient_id == row.person_id


def _address(notice: Notice) -> str:
    return notice.recipient.email if notice.recipient else notice.email

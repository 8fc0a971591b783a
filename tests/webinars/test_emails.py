"""What a mail about a session says, on whose clock, and what it never holds."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP

import icalendar
import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from accounts.models import User
from core.wall_time import moment_of
from core.zone_words import zone_name
from notifications.examples import example_of
from notifications.kinds import Kind, all_kinds
from notifications.mails import message
from notifications.models import Notice
from notifications.outbox import Guest, queue
from tests.factories.accounts import UserFactory
from tests.factories.directory import MunicipalityFactory, OrganisationFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from webinars import emails
from webinars.actions import (
    cancel_registration,
    cancel_session,
    confirm_guest,
    move_session,
    queue_due_reminders,
    register,
    register_guest,
)
from webinars.choices import Format, LeadUnit, Seat
from webinars.emails.registrations import AboutRegistration, registration_in
from webinars.links import seat_path
from webinars.models import HostMail, Registration, ReminderPlan, Session
from webinars.models.sessions import OPENS_BEFORE

pytestmark = pytest.mark.django_db

KINDS = [told for told in all_kinds() if isinstance(told, AboutRegistration)]
EVERY_KIND = pytest.mark.parametrize("told", KINDS, ids=lambda told: told.name)
LANGUAGES = pytest.mark.parametrize("language", ["de", "en", "uk"])
WITH_FILE = {"seat_confirmed", "seat_given", "session_reminder", "session_moved", "session_changed"}
WITHDRAWING = {"registration_cancelled", "session_cancelled"}

FOUR_IN_BERLIN = datetime(2027, 3, 30, 14, 0, tzinfo=UTC)
ROOM = "https://room.invalid/planted-room"
BOTH_CLOCKS = "Tuesday, 30 March 2027, 16:00 in Berlin (CEST) · 17:00 for you in Kyiv (EEST)"


@contextmanager
def about_thirtieth_of_march(told: Kind, *, language: str, now: datetime) -> Iterator[Notice]:
    """The example of the kind, at 16:00 in Berlin, for a reader in Kyiv."""
    with example_of(told, language=language, now=now) as notice:
        session = registration_in(notice).session
        session.starts_at, session.ends_at = FOUR_IN_BERLIN, FOUR_IN_BERLIN + timedelta(hours=1)
        session.save()
        yield Notice.objects.get(pk=notice.pk)


def sent(mail: EmailMultiAlternatives) -> EmailMessage:
    """As a mail program reads it."""
    read = BytesParser(policy=SMTP).parsebytes(mail.message().as_bytes())
    assert isinstance(read, EmailMessage)
    return read


def everything_in(mail: EmailMultiAlternatives) -> str:
    """Headers and each part, decoded; lines of calendar files unfolded."""
    texts = [f"{name}: {value}" for name, value in mail.message().items()]
    for part in sent(mail).walk():
        if not part.is_multipart():
            texts.append(part.get_payload(decode=True).decode().replace("\r\n ", ""))
    return html.unescape("\n".join(texts))


def file_of(mail: EmailMultiAlternatives) -> bytes:
    return next(part.get_payload(decode=True) for part in sent(mail).iter_attachments())


def event_of(mail: EmailMultiAlternatives) -> icalendar.Event:
    return icalendar.Calendar.from_ical(file_of(mail)).events[0]


def markup_of(mail: EmailMultiAlternatives) -> str:
    return str(mail.alternatives[0].content)


def told_last(kind: str) -> EmailMultiAlternatives:
    return message(Notice.objects.filter(kind=kind).latest("id"))


def mail_about(
    kind: type[Kind], row: Registration, *, now: datetime, once: str = ""
) -> EmailMultiAlternatives:
    """Queued as an action would, for a member or a guest."""
    reader = row.person or Guest(row.email, row.language, row.time_zone)
    queue(kind, to=[reader], about=row, once=once, now=now)
    return message(Notice.objects.latest("id"))


@pytest.fixture
def session(coach: User) -> Session:
    return SessionFactory(starts_at=FOUR_IN_BERLIN, title_de="Wasser", title_en="Water", host=coach)


@pytest.fixture
def guest(session: Session) -> Registration:
    return GuestFactory(session=session, name="Ганна", email="hanna@example.org", language="en")


def test_all_kinds_are_looked_at() -> None:
    assert sorted(told.name for told in KINDS) == [
        "already_registered",
        "guest_confirm",
        "host_mail",
        "offer_over",
        "registration_cancelled",
        "seat_confirmed",
        "seat_given",
        "seat_offered",
        "seat_waiting",
        "session_cancelled",
        "session_changed",
        "session_moved",
        "session_reminder",
        "session_thanks",
    ]


# Clocks


@EVERY_KIND
def test_text_and_html_say_the_hour_on_both_clocks(told: Kind, now: datetime) -> None:
    with about_thirtieth_of_march(told, language="en", now=now) as notice:
        mail = message(notice)

    assert BOTH_CLOCKS in mail.body
    assert BOTH_CLOCKS in html.unescape(markup_of(mail))


@EVERY_KIND
@LANGUAGES
def test_both_hours_stand_with_the_names_of_their_zones(told: Kind, language: str, now: datetime) -> None:
    with about_thirtieth_of_march(told, language=language, now=now) as notice:
        mail = message(notice)
    with translation.override(language):
        berlin, kyiv = zone_name(FOUR_IN_BERLIN, "Europe/Berlin"), zone_name(FOUR_IN_BERLIN, "Europe/Kyiv")

    # In some languages the city stands in the brackets, too, because it cannot be inflected.
    line = rf"16:00[^\n]*\b{berlin}\) · [^\n]*17:00[^\n]*\b{kyiv}\)"
    assert re.search(line, mail.body)
    assert re.search(line, html.unescape(markup_of(mail)))


def test_in_winter_zones_have_their_winter_names(now: datetime) -> None:
    row = GuestFactory(
        session=SessionFactory(starts_at=datetime(2027, 11, 30, 15, 0, tzinfo=UTC)), language="en"
    )

    mail = mail_about(emails.SeatConfirmed, row, now=now)

    assert "Tuesday, 30 November 2027, 16:00 in Berlin (CET) · 17:00 for you in Kyiv (EET)" in mail.body


def test_another_day_of_the_reader_is_said(now: datetime) -> None:
    late = moment_of(datetime(2027, 3, 30, 23, 30), "Europe/Berlin")
    row = GuestFactory(session=SessionFactory(starts_at=late), language="en")

    mail = mail_about(emails.SeatConfirmed, row, now=now)

    days = "Tuesday, 30 March 2027, 23:30 in Berlin (CEST) · Wednesday, 31 March 2027, 00:30 for you in Kyiv (EEST)"
    assert days in mail.body


def test_a_clock_that_shows_the_same_is_not_said_twice(session: Session, now: datetime) -> None:
    row = GuestFactory(session=session, language="en", time_zone="Europe/Budapest")

    mail = mail_about(emails.SeatConfirmed, row, now=now)

    assert "Tuesday, 30 March 2027, 16:00 in Berlin (CEST)\n" in mail.body
    assert "Budapest" not in mail.body


def test_a_member_reads_the_clock_of_the_account(session: Session, partner: User, now: datetime) -> None:
    row = RegistrationFactory(session=session, person=partner)

    mail = mail_about(emails.SeatConfirmed, row, now=now)

    assert "16:00 in Berlin (CEST) · 17:00 for you in Bucharest (EEST)" in mail.body
    assert mail.to == [partner.email]


def test_a_moved_session_says_the_old_and_the_new_hour(
    session: Session, guest: Registration, now: datetime
) -> None:
    session.moved_from = FOUR_IN_BERLIN - timedelta(days=1, hours=2)
    session.save()

    mail = mail_about(emails.SessionMoved, guest, now=now, once="1")

    old = "Monday, 29 March 2027, 14:00 in Berlin (CEST) · 15:00 for you in Kyiv (EEST)"
    assert f"Moved from: {old}\nNew time: {BOTH_CLOCKS}" in mail.body


def test_an_offer_says_until_when_on_the_readers_clock(session: Session, now: datetime) -> None:
    row = GuestFactory(
        session=session, language="en", state=Seat.OFFERED, offer_expires_at=now + timedelta(hours=48)
    )

    mail = mail_about(emails.SeatOffered, row, now=now)

    assert "The offer is valid until: Sunday, 28 March 2027, 12:00 in Kyiv (EEST)" in mail.body


def test_the_sentence_about_the_door_is_true() -> None:
    # "opens 15 minutes before" is translated as a whole.
    assert timedelta(minutes=15) == OPENS_BEFORE


# Calendar files


@EVERY_KIND
def test_the_method_stands_in_the_type_of_the_part_and_in_the_file(told: Kind, now: datetime) -> None:
    with example_of(told, language="en", now=now) as notice:
        mail = message(notice)

    parts = [part for part in sent(mail).walk() if part.get_content_type() == "text/calendar"]
    expected = ["REQUEST"] if told.name in WITH_FILE else ["CANCEL"] if told.name in WITHDRAWING else []
    assert [part.get_param("method") for part in parts] == expected
    files = [part.get_payload(decode=True) for part in parts]
    files += [part.get_payload(decode=True) for part in sent(mail).iter_attachments()]
    assert [str(icalendar.Calendar.from_ical(file)["METHOD"]) for file in files] == expected * 2


def test_one_uid_from_confirmation_to_cancelling_and_a_sequence_that_grows(
    session: Session, coach: User, now: datetime
) -> None:
    ReminderPlan.objects.create(session=session, amount=7, unit=LeadUnit.DAYS)
    reader = {"name": "Ганна", "email": "hanna@example.org", "language": "uk", "time_zone": "Europe/Kyiv"}
    register_guest(session=session, now=now, **reader)
    row = session.registrations.get()

    confirm_guest(registration=row, now=now)
    confirmed = event_of(told_last("seat_confirmed"))
    queue_due_reminders(now=now + timedelta(minutes=1))
    reminded = event_of(told_last("session_reminder"))
    session.refresh_from_db()
    move_session(session=session, day=session.day, begins=time(18), minutes=60, by=coach, now=now)
    moved = event_of(told_last("session_moved"))
    session.refresh_from_db()
    cancel_session(session=session, by=coach, now=now)
    cancelled = event_of(told_last("session_cancelled"))

    events = (confirmed, reminded, moved, cancelled)
    assert {str(event["UID"]) for event in events} == {f"registration-{row.pk}@vipad.example"}
    assert [int(event["SEQUENCE"]) for event in events] == [0, 0, 1, 2]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED"] * 3 + ["CANCELLED"]


def test_the_sequence_grows_over_cancelling_and_coming_back(
    session: Session, partner: User, now: datetime
) -> None:
    row = register(session=session, by=partner, now=now)
    first = event_of(told_last("seat_confirmed"))
    cancel_registration(registration=row, now=now)
    withdrawn = event_of(told_last("registration_cancelled"))
    register(session=session, by=partner, now=now + timedelta(hours=1))
    back = event_of(told_last("seat_confirmed"))

    assert len({str(event["UID"]) for event in (first, withdrawn, back)}) == 1
    assert int(first["SEQUENCE"]) < int(withdrawn["SEQUENCE"]) <= int(back["SEQUENCE"])
    assert first["DTSTAMP"].dt < back["DTSTAMP"].dt


def test_who_only_waits_gets_no_calendar_file(session: Session, now: datetime) -> None:
    row = GuestFactory(session=session, language="en", state=Seat.WAITING)

    moved = mail_about(emails.SessionMoved, row, now=now, once="0")
    cancelled = mail_about(emails.SessionCancelled, row, now=now)

    assert [moved.attachments, cancelled.attachments] == [[], []]
    assert "attached" not in moved.body + cancelled.body


@EVERY_KIND
def test_a_mail_speaks_of_an_attached_file_only_if_there_is_one(told: Kind, now: datetime) -> None:
    with example_of(told, language="en", now=now) as notice:
        mail = message(notice)

    assert ("Open the attached file" in mail.body) == bool(mail.attachments)


# What no mail holds


@EVERY_KIND
@LANGUAGES
def test_the_address_of_the_room_is_in_no_part(told: Kind, language: str, now: datetime) -> None:
    with example_of(told, language=language, now=now) as notice:
        session = registration_in(notice).session
        session.room_link, session.room_key, session.recording_url = ROOM, "planted-key", f"{ROOM}/recording"
        session.save()
        found = everything_in(message(Notice.objects.get(pk=notice.pk)))

    assert session.title_en in found or session.title_de in found
    assert re.findall("planted|room.invalid", found) == []


@EVERY_KIND
def test_every_link_leads_to_our_pages(told: Kind, now: datetime) -> None:
    with example_of(told, language="uk", now=now) as notice:
        found = everything_in(message(notice))

    links = re.findall(r"https?://[^\s\"<>]+", found)
    assert len(links) > 3
    assert [link for link in links if not link.startswith(settings.SITE_URL)] == []


@EVERY_KIND
def test_there_is_one_visible_recipient_and_no_hidden_one(told: Kind, now: datetime) -> None:
    with example_of(told, language="en", now=now) as notice:
        mail = message(notice)
        address = registration_in(notice).email

    assert mail.recipients() == [address]
    assert sent(mail).get_all("To") == [address]
    assert [sent(mail).get_all(name) for name in ("Cc", "Bcc")] == [None, None]


@EVERY_KIND
def test_a_line_break_in_a_title_or_name_adds_no_header(told: Kind, now: datetime) -> None:
    planted = "Water\r\nBcc: victim@example.org\r\nX-Planted: yes"
    with example_of(told, language="en", now=now) as notice:
        row = registration_in(notice)
        row.name = planted[:80]
        row.save()
        Session.objects.filter(pk=row.session_id).update(title_en=planted, title_de=planted)
        row.session.mails.update(subject=planted)
        User.objects.filter(hosted_sessions__session=row.session_id).update(display_name=planted[:60])
        mail = message(Notice.objects.get(pk=notice.pk))

    read = sent(mail)
    assert "Water" in mail.subject
    assert [read["Bcc"], read["X-Planted"]] == [None, None]
    assert mail.recipients() == [row.email]
    for file in mail.attachments:
        event = icalendar.Calendar.from_ical(file.content).events[0]
        assert {"BCC", "X-PLANTED"} & set(event) == set()
        assert not isinstance(event["ATTENDEE"], list)


# Words


@EVERY_KIND
def test_signs_read_as_typed_in_text_and_are_escaped_in_html(told: Kind, now: datetime) -> None:
    title = 'Water & "bread" <b>now</b>'
    with example_of(told, language="en", now=now) as notice:
        Session.objects.filter(pk=registration_in(notice).session_id).update(title_en=title)
        mail = message(Notice.objects.get(pk=notice.pk))

    assert title in mail.body
    assert "<b>" not in markup_of(mail)
    assert title in html.unescape(markup_of(mail))


@EVERY_KIND
def test_the_text_begins_with_what_the_subject_says(told: Kind, now: datetime) -> None:
    with example_of(told, language="en", now=now) as notice:
        mail = message(notice)

    assert mail.body.splitlines()[0] == mail.subject
    assert "You get this mail because" in mail.body.partition("\n-- \n")[2]


@EVERY_KIND
def test_title_languages_host_and_organiser_stand_in_every_mail(
    told: Kind, coach: User, now: datetime
) -> None:
    organisation = OrganisationFactory(name="Donaubüro")
    with example_of(told, language="en", now=now) as notice:
        Session.objects.filter(pk=registration_in(notice).session_id).update(
            organisation=organisation, is_recorded=True
        )
        body = message(Notice.objects.get(pk=notice.pk)).body

    lines = {
        "Example: The first video call with our partners",
        "Language: English",
        "Hosts: Karin Beispiel",
        "Organised by: Donaubüro",
        "Length in minutes: 60",
    }
    assert lines - set(body.splitlines()) == set()


@EVERY_KIND
def test_a_mail_says_how_to_get_in_as_long_as_one_can(told: Kind, now: datetime) -> None:
    with example_of(told, language="en", now=now) as notice:
        Session.objects.filter(pk=registration_in(notice).session_id).update(is_recorded=True)
        lines = message(Notice.objects.get(pk=notice.pk)).body.splitlines()

    is_gone = told.name in ("session_cancelled", "session_thanks")
    assert ("Online" in lines) == is_gone
    assert ("Online: the page to enter opens 15 minutes before." in lines) != is_gone
    assert ("The session may be recorded. Everybody is asked before entering." in lines) != is_gone


def test_a_title_in_another_language_says_which_one(session: Session, now: datetime) -> None:
    row = GuestFactory(session=session, language="uk")

    markup = markup_of(mail_about(emails.SeatConfirmed, row, now=now))

    assert re.search(r'<h1[^>]*>[^<]*<span lang="en">Water</span></h1>', markup)
    assert re.search(r'<strong lang="en"[^>]*>Water</strong>', markup)


def test_an_onsite_session_says_where_and_how_to_get_there(coach: User, now: datetime) -> None:
    session = SessionFactory(
        starts_at=FOUR_IN_BERLIN,
        format=Format.ONSITE,
        place_en="Town hall, large hall",
        address="Marktplatz 1",
        municipality=MunicipalityFactory(name="Ulm"),
        directions_en="Tram 1 to the town hall.",
        host=coach,
    )
    mail = mail_about(emails.SeatConfirmed, GuestFactory(session=session, language="en"), now=now)

    for text in (mail.body, re.sub("<[^>]+>", "", markup_of(mail))):
        assert "Where: Town hall, large hall, Marktplatz 1, Ulm" in text
        assert "How to get there: Tram 1 to the town hall." in text
        assert "Online" not in text


@pytest.mark.parametrize("kind", [emails.SeatConfirmed, emails.SeatGiven, emails.SessionReminder])
def test_who_has_a_seat_is_led_to_where_it_is_given_back(
    kind: type[Kind], guest: Registration, now: datetime
) -> None:
    mail = mail_about(kind, guest, now=now, once="1d-0")

    address = settings.SITE_URL + seat_path(guest, "en")
    assert f"If you cannot come, please cancel the registration: {address}" in mail.body
    assert f'href="{html.escape(address)}"' in markup_of(mail)


def test_a_guest_is_told_that_nothing_is_reserved_yet(session: Session, now: datetime) -> None:
    row = GuestFactory(session=session, language="en", state=Seat.ASKED)

    mail = mail_about(emails.GuestConfirm, row, now=now)

    assert mail.subject == "Please confirm your registration: Water"
    assert "Nothing is reserved until you confirm it." in mail.body
    assert "The link is valid for two days. If it was not you, do nothing: nothing happens." in mail.body
    assert row.name not in mail.body  # a stranger may have typed it


def test_a_reminder_holds_the_own_words_of_its_lead(
    session: Session, guest: Registration, now: datetime
) -> None:
    ReminderPlan.objects.create(session=session, amount=1, unit=LeadUnit.DAYS, text_en="Bring a photo.")
    ReminderPlan.objects.create(session=session, amount=1, unit=LeadUnit.HOURS, text_en="Open the window.")

    mail = mail_about(emails.SessionReminder, guest, now=now, once="1d-0")

    assert "\n\nBring a photo.\n\n" in mail.body
    assert "Bring a photo." in markup_of(mail)
    assert "Open the window." not in mail.body + markup_of(mail)


def test_a_cancelled_session_says_why(session: Session, guest: Registration, now: datetime) -> None:
    session.cancel_reason_de, session.cancel_reason_en = "Krank.", "The speaker is ill."
    session.save()

    mail = mail_about(emails.SessionCancelled, guest, now=now)

    assert "Reason: The speaker is ill." in mail.body
    assert "Reason: The speaker is ill." in re.sub("<[^>]+>", "", markup_of(mail))


def test_thanks_speak_of_a_recording_only_when_there_is_one(guest: Registration, now: datetime) -> None:
    before = mail_about(emails.SessionThanks, guest, now=now)
    Session.objects.filter(pk=guest.session_id).update(
        recording_url=ROOM, transcript="Text.", recording_published_at=now
    )
    guest.session.refresh_from_db()
    after = mail_about(emails.SessionThanks, guest, now=now, once="2")

    line = f"Recording: {settings.SITE_URL}{seat_path(guest, 'en')}"
    assert [line in mail.body.splitlines() for mail in (before, after)] == [False, True]


def test_a_mail_of_a_host_has_the_own_subject_and_paragraphs_and_is_answered_to_the_host(
    session: Session, guest: Registration, coach: User, now: datetime
) -> None:
    row = session.mails.create(
        subject="Please bring a photo",
        text="Of your town.\n\nOr of the <river>.",
        states=[Seat.SEAT],
        readers=1,
        sent_by=coach,
        sent_at=now,
    )

    mail = mail_about(emails.HostMailSent, guest, now=now, once=str(row.pk))

    assert mail.subject == "Please bring a photo"
    assert mail.reply_to == [coach.email]
    assert "Coach A writes to you about this session:\n\nOf your town.\n\nOr of the <river>." in mail.body
    assert re.search(r"<p[^>]*>Of your town.</p>\s*<p[^>]*>Or of the &lt;river&gt;.</p>", markup_of(mail))
    assert coach.email not in mail.body


def test_who_cancelled_is_led_to_where_one_registers(session: Session, now: datetime) -> None:
    guest = GuestFactory(session=session, language="en", state=Seat.CANCELLED)
    member = RegistrationFactory(session=session, person=UserFactory(language="en"), state=Seat.CANCELLED)

    bodies = [mail_about(emails.RegistrationCancelled, row, now=now).body for row in (guest, member)]

    again = "Register again: "
    page = settings.SITE_URL + session.get_absolute_url()
    assert f"{again}{page}guest/?lang=en\n" in bodies[0]
    assert f"{again}{page}\n" in bodies[1]


def test_after_the_start_a_mail_of_a_host_does_not_ask_to_cancel(
    session: Session, guest: Registration, coach: User, now: datetime
) -> None:
    facts = {"session": session, "subject": "Slides", "text": "…", "states": [Seat.SEAT], "readers": 1}
    before = HostMail.objects.create(**facts, sent_by=coach, sent_at=FOUR_IN_BERLIN - timedelta(minutes=1))
    after = HostMail.objects.create(**facts, sent_by=coach, sent_at=FOUR_IN_BERLIN)

    mails = [mail_about(emails.HostMailSent, guest, now=now, once=str(row.pk)) for row in (before, after)]

    assert ["If you cannot come" in mail.body for mail in mails] == [True, False]

"""What the office writes to people: come to a course, or something about one they take part in."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_guest, invented_person, queued
from notifications.kinds import Kind
from notifications.mails import language_of
from notifications.models import Notice
from training.choices import State
from training.enrolling import is_enrolment_open
from training.models import Course, CourseInvitation, CourseMail, Enrolment
from webinars.facts import Clock, clock, is_same_clock
from webinars.texts import text_in


class CourseInvited(Kind):
    """To somebody on a list of the office, with or without account."""

    name = "course_invited"
    title = _("you are invited to a course")
    reads = ("course",)

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        """Who has enrolled meanwhile has no invitation any more."""
        row = notice.about
        if not isinstance(row, CourseInvitation) or row.course.state != State.PUBLISHED:
            return False
        return row.course.enrol_until is None or now < row.course.enrol_until

    def context(self, notice: Notice) -> dict[str, Any]:
        course = _invitation(notice).course
        language = language_of(notice)
        return {
            "course": course,
            "title": text_in(course, "title", language),
            "summary": text_in(course, "summary", language),
        }

    def path(self, notice: Notice) -> str:
        return _invitation(notice).course.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        row = _example_invitation(language, now)
        return queued(type(self), to=invented_guest(language), about=row, now=now)


class CourseReminder(CourseInvited):
    """To who was invited and has not enrolled."""

    name = "course_reminder"
    title = _("you are invited to a course and have not enrolled yet")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        row = notice.about
        return isinstance(row, CourseInvitation) and is_enrolment_open(row.course, now=now)


class CourseAnnounced(Kind):
    """News, to everybody who looks after a partnership."""

    name = "course_announced"
    title = _("there is a course you can take part in")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        """Not by who has enrolled meanwhile."""
        course = notice.about
        if not isinstance(course, Course) or course.state != State.PUBLISHED:
            return False
        if course.enrol_until is not None and course.enrol_until <= now:
            return False
        return not Enrolment.objects.filter(course=course, person=notice.recipient_id).exists()

    def context(self, notice: Notice) -> dict[str, Any]:
        course, language = cast(Course, notice.about), language_of(notice)
        return {
            "course": course,
            "title": text_in(course, "title", language),
            "summary": text_in(course, "summary", language),
            "opens": _on_both_clocks(course.enrol_from),
            "closes": _on_both_clocks(course.enrol_until),
        }

    def path(self, notice: Notice) -> str:
        return cast(Course, notice.about).get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        course = _example_course()
        course.enrol_until = now + timedelta(days=30)
        course.save()
        return queued(CourseAnnounced, to=invented_person(language), about=course, now=now)


class CourseMailSent(Kind):
    """The office's own words, to a selection of those who take part."""

    name = "course_mail"
    title = _("the office writes about a course")
    reads = ("course", "sent_by")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        """Not by who has stopped meanwhile."""
        mail = notice.about
        if not isinstance(mail, CourseMail):
            return False
        rows = Enrolment.objects.active().filter(course=mail.course_id, person=notice.recipient_id)
        return rows.exists()

    def context(self, notice: Notice) -> dict[str, Any]:
        mail, language = cast(CourseMail, notice.about), language_of(notice)
        text = text_in(mail, "text", language)
        return {
            "mail": mail,
            "course": mail.course,
            "title": text_in(mail.course, "title", language),
            "mail_subject": text_in(mail, "subject", language).words,
            "text": text,
            "written_in": get_language_info(text.language)["name_translated"] if text.language else "",
            "sender": mail.sent_by.shown_name if self.reply_to(notice) and mail.sent_by else "",
        }

    def reply_to(self, notice: Notice) -> str:
        sender = cast(CourseMail, notice.about).sent_by
        return sender.email if sender and sender.is_active else ""

    def path(self, notice: Notice) -> str:
        return cast(CourseMail, notice.about).course.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        reader = invented_person(language)
        course = _example_course()
        Enrolment.objects.create(course=course, person=reader, enrolled_at=now)
        mail = CourseMail.objects.create(
            course=course,
            subject_de="Beispiel: unser nächster Termin",
            subject_en="Example: our next session",
            text_de="Bitte bringen Sie ein Foto Ihrer Stadt mit.",
            text_en="Please bring a photo of your town.",
            readers=1,
            sent_by=invented_person(language),
            sent_at=now,
        )
        return queued(CourseMailSent, to=reader, about=mail, now=now)


def _on_both_clocks(moment: datetime | None) -> tuple[Clock, Clock | None] | None:
    """The office's, and the reader's where it shows something else; the reader's zone is the active one."""
    if moment is None:
        return None
    office, own = settings.TIME_ZONE, timezone.get_current_timezone_name()
    return clock(moment, moment, office), None if is_same_clock(moment, office, own) else clock(
        moment, moment, own
    )


def _invitation(notice: Notice) -> CourseInvitation:
    return cast(CourseInvitation, notice.about)


def _example_course() -> Course:
    return Course.objects.create(
        slug="preview-example",
        state=State.PUBLISHED,
        is_demo=True,
        title_de="Beispielkurs",
        title_en="Example course",
        summary_de="Worum es in diesem Kurs geht.",
        summary_en="What this course is about.",
    )


def _example_invitation(language: str, now: datetime) -> CourseInvitation:
    return CourseInvitation.objects.create(
        course=_example_course(), email="reader@example.invalid", language=language, invited_at=now
    )

"""What the office writes to people who take part in a course."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from notifications.outbox import queue
from training.emails import CourseMailSent
from training.models import Course, CourseMail
from training.queries.takers import enrolments, selection

log = structlog.get_logger(__name__)


class NobodyToWriteTo(Exception):
    """Nobody of the selection takes part any more."""


@transaction.atomic
def write_to(
    *, course: Course, chosen: Iterable[int], texts: Mapping[str, str], by: User, now: datetime
) -> CourseMail:
    """One mail to each of the `chosen` enrolments of this course that are in force, to nobody else.

    `texts` by column: "subject_de", "text_de", "subject_en", "text_en"; a language may be empty. Answers go to `by`.
    Raises NobodyToWriteTo.
    """
    readers = selection(list(enrolments(chosen).filter(course=course))).readers
    if not readers:
        raise NobodyToWriteTo
    mail = CourseMail.objects.create(course=course, readers=len(readers), sent_by=by, sent_at=now, **texts)
    queue(CourseMailSent, to=[row.person for row in readers], about=mail, now=now)
    log.info("course_mail_sent", course=course.pk, mail=mail.pk, readers=len(readers), by=by.pk)
    return mail

"""What courses store about a person: that they take part, for which partnership, and what they have done."""

from accounts.models import User
from accounts.personal_data import Rows, as_date, register
from training.models import Enrolment, LessonDone, QuizDone, Tick


def _export_enrolments(person: User) -> Rows:
    rows = Enrolment.objects.filter(person=person).select_related("course", "partnership")
    return [
        {
            "course": str(row.course),
            "partnership": str(row.partnership) if row.partnership else "",
            "enrolled_at": as_date(row.enrolled_at),
            "left_at": as_date(row.left_at),
        }
        for row in rows.order_by("pk")
    ]


def _erase_enrolments(person: User) -> None:
    """With all that was done: it tells nothing without the person."""
    Enrolment.objects.filter(person=person).delete()


def _export_lessons(person: User) -> Rows:
    rows = LessonDone.objects.filter(enrolment__person=person).select_related("lesson__module")
    return [{"lesson": str(row.lesson), "done_at": as_date(row.done_at)} for row in rows.order_by("pk")]


def _export_quizzes(person: User) -> Rows:
    rows = QuizDone.objects.filter(enrolment__person=person).select_related("module")
    return [{"module": str(row.module), "done_at": as_date(row.done_at)} for row in rows.order_by("pk")]


def _export_ticks(person: User) -> Rows:
    rows = Tick.objects.filter(enrolment__person=person).select_related("item")
    return [{"item": str(row.item)} for row in rows.order_by("pk")]


def _with_the_enrolment(_person: User) -> None:
    """Goes with it."""


register(Enrolment, export=_export_enrolments, erase=_erase_enrolments)
register(LessonDone, export=_export_lessons, erase=_with_the_enrolment)
register(QuizDone, export=_export_quizzes, erase=_with_the_enrolment)
register(Tick, export=_export_ticks, erase=_with_the_enrolment)

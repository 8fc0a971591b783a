"""What courses store about a person: that they take part, for which partnership, what they have done, how they see
themselves, and the certificate; and what they have written at strategies, which stay with their partnership."""

from accounts.models import User
from accounts.personal_data import Rows, as_date, register, register_rows
from training.models import (
    CoachNote,
    CourseCertificate,
    CourseInvitation,
    CourseMail,
    Enrolment,
    LessonDone,
    Measure,
    QuizDone,
    SectionComment,
    SectionDraft,
    SelfCheckAnswer,
    Strategy,
    StrategyReview,
    StrategySection,
    StrategyVersion,
    Tick,
)


def _export_enrolments(person: User) -> Rows:
    rows = Enrolment.objects.filter(person=person).select_related("course", "partnership")
    return [
        {
            "course": str(row.course),
            "partnership": str(row.partnership) if row.partnership else "",
            "enrolled_at": as_date(row.enrolled_at),
            "left_at": as_date(row.left_at),
            "active_at": as_date(row.active_at),
            "finished_at": as_date(row.finished_at),
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


def _export_selfcheck(person: User) -> Rows:
    rows = SelfCheckAnswer.objects.filter(enrolment__person=person).select_related("question")
    return [
        {"question": str(row.question), "moment": row.moment, "value": row.value}
        for row in rows.order_by("pk")
    ]


def _export_certificates(person: User) -> Rows:
    rows = CourseCertificate.objects.filter(enrolment__person=person).select_related("enrolment__course")
    return [
        {
            "course": str(row.enrolment.course),
            "code": row.code,
            "name": row.name,
            "issued_at": as_date(row.issued_at),
            "revoked_at": as_date(row.revoked_at),
            "revoked_why": row.revoked_why,
        }
        for row in rows.order_by("pk")
    ]


def _with_the_enrolment(_person: User) -> None:
    """Goes with it."""


register(Enrolment, export=_export_enrolments, erase=_erase_enrolments)
register(LessonDone, export=_export_lessons, erase=_with_the_enrolment)
register(QuizDone, export=_export_quizzes, erase=_with_the_enrolment)
register(Tick, export=_export_ticks, erase=_with_the_enrolment)
register(SelfCheckAnswer, export=_export_selfcheck, erase=_with_the_enrolment)
register(CourseCertificate, export=_export_certificates, erase=_with_the_enrolment)
register_rows(
    CourseInvitation,
    keys=("invited_by",),
    own_addresses=("email",),
    show=("course", "language", "invited_at"),
)
register_rows(CourseMail, keys=("sent_by",), show=("course", "subject", "sent_at"))
register_rows(SectionDraft, show=("section", "language", "typed", "changed_at"), own=("person",))
# The texts of a strategy are the team's; only who wrote them is forgotten.
register_rows(Strategy, show=("partnership", "begun_at"), keys=("begun_by", "coach"))
register_rows(StrategySection, show=("strategy", "code", "changed_at"), keys=("changed_by",))
register_rows(
    StrategyVersion,
    show=("strategy", "number", "sent_at", "decided_at"),
    keys=("sent_by", "decided_by"),
)
register_rows(SectionComment, show=("strategy", "code", "text", "written_at"), keys=("author",))
register_rows(CoachNote, show=("strategy", "text", "written_at"), keys=("author",))
register_rows(Measure, show=("strategy", "titles", "due_on", "state"), keys=("owner",))
register_rows(StrategyReview, show=("strategy", "kind", "answers", "done_at"), keys=("done_by",))

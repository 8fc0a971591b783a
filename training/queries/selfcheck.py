"""The self-check: when it is offered, what one has answered, and both answers side by side."""

from dataclasses import dataclass

from django.utils.translation import pgettext

from training.choices import Moment
from training.models import Course, Enrolment, SelfCheckAnswer, SelfCheckQuestion
from training.queries.reading import Outline


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page of a course says of the self-check: the one to answer now, and whether both can be compared."""

    moment: str
    is_compared: bool


def questions_of(course: Course) -> list[SelfCheckQuestion]:
    return list(SelfCheckQuestion.objects.filter(course=course))


def is_open(moment: str, enrolment: Enrolment, outline: Outline) -> bool:
    """Before: until half of the steps are done, or it would measure the course. After: once it is finished."""
    if moment == Moment.AFTER:
        return enrolment.finished_at is not None
    return outline.done * 2 <= outline.total and enrolment.finished_at is None


def offer_of(enrolment: Enrolment, outline: Outline) -> Offer:
    """One query for what is answered, and one for whether something is asked at all."""
    rows = SelfCheckAnswer.objects.filter(enrolment=enrolment).order_by()
    answered = set(rows.values_list("moment", flat=True).distinct())
    moments = [one for one in Moment.values if one not in answered and is_open(one, enrolment, outline)]
    is_asked = bool(moments) and SelfCheckQuestion.objects.filter(course=enrolment.course_id).exists()
    return Offer(moments[0] if is_asked else "", answered == set(Moment.values))


def answers_of(enrolment: Enrolment, moment: str) -> dict[int, int]:
    """From 1 to 5, by key of the question."""
    rows = SelfCheckAnswer.objects.filter(enrolment=enrolment, moment=moment)
    return dict(rows.values_list("question", "value"))


def compared_headers() -> list[str]:
    return [
        pgettext("self-check", "Question"),
        pgettext("self-check", "Before"),
        pgettext("self-check", "After"),
        pgettext("self-check", "What has changed"),
    ]


def compared(enrolment: Enrolment) -> list[list[str]]:
    """A row for each question that was answered both times: in words, not in marks."""
    before, after = answers_of(enrolment, Moment.BEFORE), answers_of(enrolment, Moment.AFTER)
    questions = SelfCheckQuestion.objects.filter(pk__in=before.keys() & after.keys())
    words = _words()
    return [
        [
            question.text,
            words[before[question.pk]],
            words[after[question.pk]],
            _change(before[question.pk], after[question.pk]),
        ]
        for question in questions
    ]


def _words() -> dict[int, str]:
    return {
        1: pgettext("self-check", "right at the beginning"),
        2: pgettext("self-check", "first steps"),
        3: pgettext("self-check", "halfway"),
        4: pgettext("self-check", "well on the way"),
        5: pgettext("self-check", "there"),
    }


def _change(before: int, after: int) -> str:
    """Who sees more looks at himself more sternly: that is no step back."""
    if after > before:
        return pgettext("self-check", "further than before")
    if after == before:
        return pgettext("self-check", "as before")
    return pgettext("self-check", "looked at more closely")

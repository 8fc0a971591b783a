"""Answers of the self-check."""

from collections.abc import Mapping

from django.db import transaction

from training.models import Enrolment, SelfCheckAnswer, SelfCheckQuestion
from training.queries.reading import outline_of
from training.queries.selfcheck import is_open


class NotNow(Exception):
    """Before is over when half of the course is done; after begins when it is finished."""


@transaction.atomic
def answer_selfcheck(*, enrolment: Enrolment, moment: str, values: Mapping[int, int]) -> None:
    """`values` are from 1 to 5, by key of the question; those of earlier are replaced. Raises NotNow."""
    if not is_open(moment, enrolment, outline_of(enrolment.course, enrolment)):
        raise NotNow
    known = SelfCheckQuestion.objects.filter(course=enrolment.course_id, pk__in=values).order_by("pk")
    rows = [
        SelfCheckAnswer(enrolment=enrolment, question=question, moment=moment, value=values[question.pk])
        for question in known
    ]
    SelfCheckAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("enrolment", "question", "moment"),
        update_fields=("value",),
    )

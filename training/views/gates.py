"""Who comes in. What one may not see does not exist; who may see a course but takes no part is led to its page."""

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from training.models import Course, Enrolment, Module
from training.permissions import can_see_everything, enrolment_of


@dataclass(frozen=True, slots=True)
class Seat:
    """The reader of a course, inside; without `enrolment` it is the office looking."""

    course: Course
    enrolment: Enrolment | None


class NotInside(Exception):
    """For this reader the way leads over the page of the course."""

    def __init__(self, course: Course) -> None:
        super().__init__(course.slug)
        self.course = course


def course_of(request: HttpRequest, slug: str) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user), slug=slug)


def seat_of(request: HttpRequest, slug: str) -> Seat:
    """Raises Http404, NotInside."""
    course = course_of(request, slug)
    enrolment = enrolment_of(request.user, course)
    if enrolment is None and not can_see_everything(request.user):
        raise NotInside(course)
    return Seat(course, enrolment)


def module_of(course: Course, number: int) -> Module:
    found = Module.objects.filter(course=course, number=number).first()
    if found is None:
        raise Http404
    return found


def person_of(request: HttpRequest) -> User:
    """Behind `login_required`."""
    return cast(User, request.user)

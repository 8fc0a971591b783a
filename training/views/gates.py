"""Who comes in. What one may not see does not exist; who may see a course but takes no part is led to its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from accounts.languages import PARTNER_LANGUAGES
from accounts.models import User
from training.models import Course, Enrolment, Module
from training.permissions import can_see_everything, enrolment_of
from training.queries import strategies
from training.queries.content import LANGUAGE_NAMES

Found = TypeVar("Found")


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


def reader_of(request: HttpRequest, slug: str) -> strategies.Reader:
    """Of a strategy: its team and the coaches. Raises Http404."""
    return there(strategies.reader_of(person_of(request), slug))


def writer_of(request: HttpRequest, slug: str) -> strategies.Reader:
    """The team. A coach reads, and is refused openly. Raises Http404, PermissionDenied."""
    reader = reader_of(request, slug)
    if not reader.writes:
        raise PermissionDenied
    return reader


def coach_of(request: HttpRequest, slug: str) -> strategies.Reader:
    """The team does not learn that coaches have more here: for it there is no such page. Raises Http404."""
    reader = reader_of(request, slug)
    if not reader.coaches:
        raise Http404
    return reader


def there(found: Found | None) -> Found:
    """Raises Http404."""
    if found is None:
        raise Http404
    return found


def language_of(request: HttpRequest, languages: Sequence[str]) -> str:
    """In which of a strategy's languages one writes: the chosen one (`?in=hu`), else the reader's own, else the first.

    A form that was sent says its own. The strategy may not be written in it any more: the action asks.
    """
    if request.method == "POST":
        posted = request.POST.get("language", "")
        return posted if posted in dict(PARTNER_LANGUAGES) else ""
    for code in (request.GET.get("in"), person_of(request).language, get_language()):
        if code in languages:
            return str(code)
    return languages[0]


def language_tabs(address: str, languages: Sequence[str], current: str) -> list[dict[str, object]]:
    """Ways to the same form in each language of a strategy, for components/tabs.html."""
    return [
        {"label": LANGUAGE_NAMES.get(one, one), "url": f"{address}?in={one}", "current": one == current}
        for one in languages
    ]


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing ticked is sent, too."""
    return request.POST if request.method == "POST" else None

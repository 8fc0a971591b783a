"""Who gets what at the addresses of courses. The member takes part in "course"; others are led to its page."""

from django.utils import timezone

from accounts.models import User
from tests.factories.training import (
    CourseFactory,
    EnrolmentFactory,
    LessonFileFactory,
    ModuleFactory,
    SelfCheckQuestionFactory,
)
from training.actions.finishing import issue_certificate

EVERYBODY = (200, 200, 200, 200, 200)
NOBODY = (404, 404, 404, 404, 404)
INSIDE = (302, 302, 200, 302, 200)
NOT_THERE = (302, 404, 404, 404, 404)
COURSE, DRAFT, NOTHING, FINISHED = "course", "draft-course", "nonsense", "finished-course"

OF_A_MODULE = ("module", "quiz", "print", "offline")

TABLE: dict[tuple[str, tuple[str | int, ...]], tuple[int, ...]] = {
    ("training:list", ()): EVERYBODY,
    ("training:picture", ("m01", "timeline")): EVERYBODY,
    ("training:picture", ("m01", "nonsense")): NOBODY,
    ("training:course", (COURSE,)): EVERYBODY,
    ("training:course", (DRAFT,)): (404, 404, 404, 404, 200),
    ("training:course", (NOTHING,)): NOBODY,
    ("training:enrol", (COURSE,)): (302, 200, 302, 200, 200),
    ("training:enrol", (DRAFT,)): (302, 404, 404, 404, 200),
    ("training:enrol", (NOTHING,)): NOT_THERE,
    ("training:leave", (COURSE,)): (302, 302, 200, 302, 302),
    ("training:leave", (DRAFT,)): (302, 404, 404, 404, 302),
    ("training:leave", (NOTHING,)): NOT_THERE,
    **{(f"training:{name}", (COURSE, 1)): INSIDE for name in OF_A_MODULE},
    **{(f"training:{name}", (DRAFT, 1)): (302, 404, 404, 404, 200) for name in OF_A_MODULE},
    **{(f"training:{name}", (NOTHING, 1)): NOT_THERE for name in OF_A_MODULE},
    ("training:lesson", (COURSE, 1, 1)): INSIDE,
    ("training:lesson", (COURSE, 1, 99)): (302, 302, 404, 302, 404),
    ("training:lesson", (DRAFT, 1, 1)): (302, 404, 404, 404, 200),
    ("training:lesson", (NOTHING, 1, 1)): NOT_THERE,
    # Of the first lesson; it has no video (with one: tests/training/test_media.py).
    ("training:lesson_file", (COURSE, 1, 1, 1, "de")): INSIDE,
    ("training:lesson_file", (COURSE, 1, 1, 1, "fr")): (302, 302, 404, 302, 404),
    ("training:lesson_file", (COURSE, 1, 1, 2, "de")): (302, 302, 404, 302, 404),
    ("training:lesson_file", (DRAFT, 1, 1, 1, "de")): (302, 404, 404, 404, 200),
    ("training:lesson_file", (NOTHING, 1, 1, 1, "de")): NOT_THERE,
    ("training:lesson_video", (COURSE, 1, 1)): (302, 302, 404, 302, 404),
    ("training:lesson_video", (DRAFT, 1, 1)): NOT_THERE,
    ("training:lesson_video", (NOTHING, 1, 1)): NOT_THERE,
    ("training:checklist", (COURSE, 1)): (302, 302, 302, 302, 302),  # leads to the module
    ("training:checklist", (NOTHING, 1)): NOT_THERE,
    ("training:certificate", (NOTHING,)): NOT_THERE,
    ("training:certificate", (COURSE,)): (302, 404, 302, 404, 404),  # leads to the course
    ("training:certificate", (FINISHED,)): (302, 404, 200, 404, 404),
    ("training:certificate_pdf", (NOTHING,)): NOT_THERE,
    ("training:certificate_pdf", (COURSE,)): NOT_THERE,
    ("training:certificate_pdf", (FINISHED,)): (302, 404, 200, 404, 404),
    ("training:self_check", (COURSE, "nonsense")): (302, 302, 404, 302, 404),
    ("training:self_check", (COURSE, "after")): (302, 302, 302, 302, 200),  # leads to the course
    ("training:self_check", (NOTHING, "before")): NOT_THERE,
    ("training:self_check", (COURSE, "before")): INSIDE,
}


def plant(cast: dict[str, User]) -> None:
    course = CourseFactory(slug=COURSE)
    module = ModuleFactory(course=course, questions=1, items=1)
    LessonFileFactory(lesson=module.lessons.get(number=1))
    SelfCheckQuestionFactory(course=course)
    draft = ModuleFactory(course=CourseFactory(slug=DRAFT, state="draft"), questions=1, items=1)
    LessonFileFactory(lesson=draft.lessons.get(number=1))
    EnrolmentFactory(course=course, person=cast["participant"], enrolled_at=timezone.now())
    finished = EnrolmentFactory(
        course=CourseFactory(slug=FINISHED), person=cast["participant"], finished_at=timezone.now()
    )
    issue_certificate(enrolment=finished, name="Teilnehmer", now=timezone.now())

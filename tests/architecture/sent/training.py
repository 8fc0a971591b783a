"""The forms of courses."""

from django.utils import timezone

from tests.architecture.sent.cases import Sent, case
from tests.factories.training import CourseFactory, EnrolmentFactory, ModuleFactory, SelfCheckQuestionFactory
from training.models import LessonDone, Module

COURSE = "/courses/kurs/"


def module(people, *, takes_part: bool = True) -> Module:
    row = ModuleFactory(course=CourseFactory(slug="kurs"), questions=1, items=2)
    if takes_part:
        EnrolmentFactory(course=row.course, person=people["participant"])
    return row


@case("training:enrol")
def _(people):
    module(people, takes_part=False)
    return Sent(people["participant"], f"{COURSE}enrol/", {}, {"Enrolment": 1, "Notice": 1})


@case("training:leave")
def _(people):
    """What was done stays."""
    module(people)
    return Sent(people["participant"], f"{COURSE}leave/")


@case("training:lesson")
def _(people):
    module(people)
    return Sent(people["participant"], f"{COURSE}1/1/", {"done": "1"}, {"LessonDone": 1})


@case("training:lesson", "not done")
def _(people):
    lesson = module(people).lessons.get(number=1)
    row = people["participant"].enrolments.get()
    LessonDone.objects.create(enrolment=row, lesson=lesson, done_at=row.enrolled_at)
    return Sent(people["participant"], f"{COURSE}1/1/", {"done": "0"}, {"LessonDone": -1})


@case("training:quiz")
def _(people):
    module(people)
    return Sent(people["participant"], f"{COURSE}1/quiz/", {}, {"QuizDone": 1})


@case("training:checklist")
def _(people):
    items = list(module(people).checklist.values_list("pk", flat=True))
    return Sent(people["participant"], f"{COURSE}1/checklist/", {"item": items}, {"Tick": 2})


@case("training:certificate")
def _(people):
    course = CourseFactory(slug="kurs")
    EnrolmentFactory(course=course, person=people["participant"], finished_at=timezone.now())
    return Sent(people["participant"], f"{COURSE}certificate/", {"name": "Győző"}, {"CourseCertificate": 1})


@case("training:self_check")
def _(people):
    course = module(people).course
    SelfCheckQuestionFactory.create_batch(2, course=course)
    answers = {"question_1": "1", "question_2": "5"}
    return Sent(people["participant"], f"{COURSE}self-check/before/", answers, {"SelfCheckAnswer": 2})

"""The office and a small course, for what is done with courses as files."""

import pytest

from accounts.models import User
from tests.factories.training import LessonFileFactory, ModuleFactory, SelfCheckQuestionFactory
from tests.training.course_files_office import Office
from training.models import Course, Lesson


@pytest.fixture
def course(db: None) -> Course:
    row = ModuleFactory(course__slug="kurs", questions=1, items=2, number=1).course
    LessonFileFactory(lesson=Lesson.objects.get(number=1))
    SelfCheckQuestionFactory(course=row)
    return row


@pytest.fixture
def office(admin: User) -> Office:
    return Office(admin)

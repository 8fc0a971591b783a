"""The office orders a course and changes a quiz: by keyboard, on a phone, in both colours."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.walking import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.training import (
    CourseDateFactory,
    CourseFactory,
    LessonFileFactory,
    ModuleFactory,
    SelfCheckQuestionFactory,
)
from training.models import ChecklistItem, Course, Lesson, Module, Question, SelfCheckQuestion


@pytest.fixture
def office(transactional_db: None) -> User:
    return UserFactory(is_staff=True, is_superuser=True, language="en")


@pytest.fixture
def course(transactional_db: None) -> Course:
    row = CourseFactory(slug="kurs")
    for number in range(2):
        ModuleFactory(course=row, questions=2, items=2)
        CourseDateFactory(course=row, after_module=number)
    SelfCheckQuestionFactory(course=row)
    lesson = Lesson.objects.filter(module__number=1).latest("number")
    LessonFileFactory(lesson=lesson, title_en="")
    Lesson.objects.filter(pk=lesson.pk).update(title_en="")
    return row


def test_a_lesson_is_moved_by_keyboard(
    page: Page,
    office: User,
    course: Course,
    live_server: Any,
    read_in: Callable[[str], None],
    faults: Callable[..., list[str]],
) -> None:
    read_in("en")
    sign_in(page, live_server.url, office)
    tree = f"/admin/training/course/{course.pk}/tree/"
    page.goto(f"{live_server.url}{tree}")
    button = page.get_by_role("button", name="Move “Lesson 1.1” down")
    button.focus()
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist .success")).to_contain_text("“Lesson 1.1” has moved.")
    lessons = list(Lesson.objects.filter(module__number=1).values_list("number", flat=True))
    assert lessons == [2, 1]
    moved = Lesson.objects.get(module__number=1, number=1)
    assert page.url.endswith(f"{tree}#lesson-{moved.pk}")
    assert faults([tree]) == []


FIELDS = {
    "course": ("title", "summary"),
    "module": ("title", "summary", "goals", "product"),
    "lesson": ("title", "text", "video_title", "transcript"),
    "question": ("text", "answers-0-text", "answers-1-why"),
    "checklistitem": ("text",),
    "selfcheckquestion": ("text", "low", "high"),
}
ROWS = (Course, Module, Lesson, Question, ChecklistItem, SelfCheckQuestion)


def test_german_and_english_stand_side_by_side(
    page: Page,
    office: User,
    course: Course,
    live_server: Any,
    read_in: Callable[[str], None],
    faults: Callable[..., list[str]],
) -> None:
    """On a phone one below the other; for everybody without a fault."""
    read_in("en")
    sign_in(page, live_server.url, office)
    addresses = {
        row._meta.model_name: f"/admin/training/{row._meta.model_name}/{row.objects.first().pk}/change/"  # type: ignore[attr-defined]
        for row in ROWS
    }
    assert addresses.keys() == FIELDS.keys()
    for name, address in addresses.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live_server.url + address)
        for field in FIELDS[name]:
            german, english = (box_of(page, f"{field}_{code}") for code in ("de", "en"))
            assert (german["x"] + german["width"] <= english["x"], german["y"]) == (True, english["y"]), field
        page.set_viewport_size({"width": 360, "height": 800})
        for field in FIELDS[name]:
            german, english = (box_of(page, f"{field}_{code}") for code in ("de", "en"))
            assert (german["y"] + german["height"] <= english["y"], german["x"]) == (True, english["x"]), (
                field
            )
            assert english["x"] + english["width"] <= 360, field
            assert english["y"] - german["y"] - german["height"] < 150, field
        assert page.locator(".ui-tabs").count() == 0
    assert faults(list(addresses.values())) == []


def box_of(page: Page, name: str) -> Any:
    box = page.locator(f"[name={name}]").bounding_box()
    assert box is not None, name
    return box


def test_an_answer_is_changed_beside_its_other_language(
    page: Page, office: User, course: Course, live_server: Any, read_in: Callable[[str], None]
) -> None:
    read_in("en")
    sign_in(page, live_server.url, office)
    question = Question.objects.filter(module__course=course).first()
    assert question is not None
    page.goto(f"{live_server.url}/admin/training/course/{course.pk}/tree/")
    page.get_by_role("link", name=question.text_en).first.click()
    page.fill("[name=answers-0-text_en]", "Another answer")
    page.locator("[name=_save]").click()

    page.wait_for_url("**/admin/training/question/")
    answer = question.answers.get(number=1)
    assert (answer.text_en, answer.text_de, answer.version) == ("Another answer", "Antwort 1.1", 2)
    assert question.answers.get(number=2).version == 1

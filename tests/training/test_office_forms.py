"""What the forms of the office say to what no page has sent, and to what cannot be."""

from typing import Any

import pytest
from django.contrib import admin as site
from django.test import Client

from tests.conftest import signed_in
from tests.factories.training import (
    CourseDateFactory,
    CourseFactory,
    ModuleFactory,
    SelfCheckQuestionFactory,
)
from tests.factories.webinars import SessionFactory
from tests.sent_forms import as_shown
from training.models import (
    ChecklistItem,
    Course,
    CourseSession,
    Lesson,
    Module,
    Question,
    SelfCheckQuestion,
)

pytestmark = pytest.mark.django_db
FORMS = [
    (Course, "add"),
    (CourseSession, "add"),
    *(
        (model, "change")
        for model in (Course, CourseSession, Module, Lesson, Question, ChecklistItem, SelfCheckQuestion)
    ),
]
NONSENSE = ("x", "", "-1", "0", "9" * 30, "1e400", "\x00", "٣", "0001-01-01", "<b>", "ä" * 30_000)


@pytest.fixture
def office(admin) -> Client:
    return signed_in(admin, "en")


@pytest.fixture
def course() -> Course:
    """With one of everything."""
    row = ModuleFactory(questions=1, items=1).course
    SelfCheckQuestionFactory(course=row)
    CourseDateFactory(course=row)
    return row


def address_of(model: Any, way: str) -> str:
    name = f"/admin/training/{model._meta.model_name}/"
    return f"{name}add/" if way == "add" else f"{name}{model.objects.first().pk}/change/"


def test_these_are_all_forms(rf, admin):
    request = rf.get("/")
    request.user = admin
    found = set()
    for model, one in site.site._registry.items():
        if model._meta.app_label == "training":
            found |= {(model, "add")} if one.has_add_permission(request) else set()
            found |= {(model, "change")} if one.has_change_permission(request) else set()

    assert found == set(FORMS)


@pytest.mark.parametrize(("model", "way"), FORMS)
def test_nonsense_in_any_field_is_answered(office, course, model, way):
    """An answer, whichever: the client raises what would be an error page."""
    address = address_of(model, way)
    data = as_shown(office, address)
    fields = [name for name in data if name != "csrfmiddlewaretoken"]
    assert fields

    for name in fields:
        for typed in NONSENSE:
            answer = office.post(address, data | {name: typed})
            assert answer.status_code in (200, 302), (name, typed[:20])
            # What was saved can be read again.
            assert office.get(address_of(model, "change")).status_code == 200, (name, typed[:20])


@pytest.mark.parametrize("field", ["course", "session"])
def test_a_row_that_no_page_has_offered_is_refused_at_its_field(office, course, field):
    data = {"course": course.pk, "session": SessionFactory().pk, "after_module": 0}

    answer = office.post(address_of(CourseSession, "add"), data | {field: "x"})

    assert list(answer.context["adminform"].form.errors) == [field]
    assert CourseSession.objects.count() == 1


def test_a_session_is_a_date_of_a_course_once(office, course):
    date = course.dates.get()
    data = {"course": course.pk, "session": date.session_id, "after_module": 1}

    answer = office.post(address_of(CourseSession, "add"), data)

    errors = answer.context["adminform"].form.errors
    assert errors == {"session": ["This session is a date of the course already."]}
    assert office.post(address_of(CourseSession, "change"), data).status_code == 302
    # Of another course it may be one, too.
    other = data | {"course": CourseFactory().pk}
    assert office.post(address_of(CourseSession, "add"), other).status_code == 302


def test_enrolment_closes_after_it_has_opened(office, course):
    """In words and at the field, not by the name of what the database asks."""
    address = address_of(Course, "change")
    window = {
        "enrol_from_0": "2027-05-02", "enrol_from_1": "10:00", "enrol_until_0": "2027-05-01", "enrol_until_1": "10:00"
    }  # fmt: skip

    answer = office.post(address, as_shown(office, address) | window)

    errors = answer.context["adminform"].form.errors
    assert errors == {"enrol_until": ["Enrolment must close after it has opened."]}


def test_a_course_has_a_seat_or_no_limit(office, course):
    address = address_of(Course, "change")
    data = as_shown(office, address)

    answer = office.post(address, data | {"seats": "0"})

    assert list(answer.context["adminform"].form.errors) == ["seats"]
    assert office.post(address, data | {"seats": "1"}).status_code == 302


def test_no_constraint_speaks_in_its_own_name():
    """Those a form could meet: rows that only actions write never show a sentence."""
    forms = {model for model, _way in FORMS}
    for model in forms:
        for constraint in model._meta.constraints:
            if type(constraint).__name__ == "CheckConstraint":
                said = str(constraint.violation_error_message)
                assert constraint.name not in said
                assert "%(name)s" not in said, constraint.name

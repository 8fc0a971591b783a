"""Courses in the office: published only with lessons, edits stay, the group by its address."""

import pytest

from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory
from tests.factories.training import CourseFactory, EnrolmentFactory, ModuleFactory
from training.loading import load_curriculum
from training.models import Course, Lesson

pytestmark = pytest.mark.django_db


def sent(course: Course, **facts):
    data = {
        "slug": course.slug,
        "state": course.state,
        **{
            f"{name}_{code}": getattr(course, f"{name}_{code}")
            for name in ("title", "summary")
            for code in ("de", "en")
        },
        "enrol_from_0": "",
        "enrol_from_1": "",
        "enrol_until_0": "",
        "enrol_until_1": "",
        "seats": "",
        "group_address": "",
        "base_version": str(course.version),
    }
    return data | facts


def address(row) -> str:
    return f"/admin/training/{row._meta.model_name}/{row.pk}/change/"


def test_a_course_without_a_lesson_is_not_published(admin):
    course = CourseFactory(state="draft")
    client = signed_in(admin, "en")

    answer = client.post(address(course), sent(course, state="published"))

    assert "A course without a lesson cannot be published." in answer.content.decode()
    course.refresh_from_db()
    assert course.state == "draft"
    ModuleFactory(course=course)
    assert client.post(address(course), sent(course, state="published")).status_code == 302
    course.refresh_from_db()
    assert (course.state, course.version) == ("published", 2)


def test_the_group_is_one_that_one_leads(admin, coach):
    """Named by its address. Who could name any group would open it for themselves."""
    course, other = CourseFactory(state="draft"), CourseFactory(state="draft")
    group, foreign = GroupFactory(coach=admin), GroupFactory(coach=coach)
    client = signed_in(admin, "en")

    for typed in ("nix", foreign.slug):
        html = client.post(address(course), sent(course, group_address=typed)).content.decode()
        assert "You lead no group at this address." in html
    assert client.post(address(course), sent(course, group_address=group.slug)).status_code == 302
    course.refresh_from_db()
    assert course.group == group
    assert f'value="{group.slug}"' in client.get(address(course)).content.decode()
    html = client.post(address(other), sent(other, group_address=group.slug)).content.decode()
    assert "another course" in html
    assert client.post(address(course), sent(course)).status_code == 302
    course.refresh_from_db()
    assert course.group is None


def test_a_group_stays_when_somebody_else_saves(admin, coach):
    course = CourseFactory(group=GroupFactory(coach=coach))
    ModuleFactory(course=course)

    answer = signed_in(admin).post(address(course), sent(course, group_address=course.group.slug, seats="7"))

    assert answer.status_code == 302
    course.refresh_from_db()
    assert (course.seats, course.group is not None) == (7, True)


def test_a_lesson_edited_here_is_kept_by_the_loader(admin):
    load_curriculum()
    lesson = Lesson.objects.first()
    data = {
        "minutes": 12,
        "title_de": "Neu",
        "title_en": "New",
        "text_de": "Kurz.",
        "text_en": "Short.",
        "base_version": "1",
    }

    assert signed_in(admin).post(address(lesson), data).status_code == 302
    assert load_curriculum().changed == 0

    lesson.refresh_from_db()
    assert (lesson.minutes, lesson.title_de, lesson.text_en) == (12, "Neu", "Short.")


def test_the_second_of_two_editors_sees_what_the_first_has_saved(admin, coach):
    lesson = ModuleFactory().lessons.first()
    client = signed_in(admin, "en")
    first = {"minutes": 10, "title_de": "Eins", "title_en": "One", "text_de": "Erster", "text_en": "First"}
    second = first | {"title_en": "Two", "text_en": "Second"}

    assert client.post(address(lesson), first | {"base_version": "1"}).status_code == 302
    html = client.post(address(lesson), second | {"base_version": "1"}).content.decode()

    assert "Somebody else has saved this meanwhile." in html
    assert "Second" in html
    lesson.refresh_from_db()
    assert (lesson.title_en, lesson.text_en, lesson.version) == ("One", "First", 2)


@pytest.mark.parametrize("model", ["course", "module", "lesson", "enrolment"])
def test_lists_open_and_can_be_searched(admin, model):
    EnrolmentFactory(course=ModuleFactory().course)
    client = signed_in(admin)

    assert client.get(f"/admin/training/{model}/").status_code == 200
    assert client.get(f"/admin/training/{model}/?q=x").status_code == 200

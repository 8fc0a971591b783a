"""A course is copied with new dates: the same hours on the clock, everything that is taught, nothing of the people."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory
from tests.factories.training import CourseFactory, EnrolmentFactory, LessonFileFactory, ModuleFactory
from tests.factories.webinars import RegistrationFactory, SessionFactory
from training.actions import cloning
from training.models import (
    Answer,
    ChecklistItem,
    Course,
    CourseInvitation,
    CourseMail,
    CourseSession,
    Enrolment,
    Lesson,
    LessonFile,
    Module,
    Question,
    SelfCheckQuestion,
)
from webinars.models import Registration, Session

pytestmark = pytest.mark.django_db
TITLES = {"title_de": "Kurs 2028", "title_en": "Course 2028"}
LESSON_TEXTS = ("number", "minutes", "title_de", "title_en", "text_de", "text_en", "loaded")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture
def course(coach) -> Course:
    """Of winter 2027: enrolment until Saturday before the clocks change, dates before the change too."""
    row = CourseFactory(
        slug="kurs-2027",
        seats=12,
        needs_dates=1,
        needs_strategy=True,
        group=GroupFactory(coach=coach),
        enrol_from=utc(2027, 3, 1, 8),
        enrol_until=utc(2027, 3, 20, 17),
        version=7,
    )
    for _at in range(2):
        ModuleFactory(course=row, questions=2, items=3)
    Lesson.objects.filter(module__course=row, number=1).update(loaded="a" * 64, minutes=25)
    LessonFileFactory(lesson=Lesson.objects.get(module__course=row, module__number=2, number=2))
    SelfCheckQuestion.objects.create(
        course=row, number=1, text_de="Wie?", text_en="How?", low_de="0", low_en="0", high_de="9", high_en="9"
    )
    for zone, after in (("Europe/Berlin", 0), ("Europe/Kyiv", 2)):
        session = SessionFactory(
            starts_at=utc(2027, 3, 23, 17),
            zone=zone,
            opens_at=utc(2027, 3, 9, 8),
            closes_at=utc(2027, 3, 22, 17),
            title_de=f"Treffen {zone}",
        )
        CourseSession.objects.create(course=row, session=session, after_module=after)
    return row


def clone(course: Course, by, now, **facts: Any) -> Course:
    asked = {"slug": "kurs-2028", "titles": TITLES, "shift": 7} | facts
    return cloning.clone_course(course=course, by=by, now=now, **asked)


def test_times_of_day_stay_over_the_change_of_clocks(course, admin, now):
    """A week later it is summer time in Berlin and in Kyiv: an hour earlier in UTC, the same on the wall."""
    made = Course.objects.get(pk=clone(course, admin, now).pk)

    assert made.enrol_from == utc(2027, 3, 8, 8)
    # Until Saturday 20 March 18:00, a week later still winter time; the day after the clocks change.
    assert made.enrol_until == utc(2027, 3, 27, 17)
    berlin, kyiv = (row.session for row in made.dates.select_related("session"))
    assert (berlin.day, berlin.begins, berlin.zone) == (date(2027, 3, 30), time(18), "Europe/Berlin")
    assert (kyiv.day, kyiv.begins, kyiv.zone) == (date(2027, 3, 30), time(19), "Europe/Kyiv")
    assert berlin.starts_at == kyiv.starts_at == utc(2027, 3, 30, 16)
    assert berlin.ends_at == utc(2027, 3, 30, 17)
    assert (berlin.opens_at, berlin.closes_at) == (utc(2027, 3, 16, 8), utc(2027, 3, 29, 16))


def test_enrolment_too_keeps_its_hour_over_the_change(course, admin, now):
    made = clone(course, admin, now, shift=8)

    assert made.enrol_until == utc(2027, 3, 28, 16)  # 18:00 on the Sunday of the change
    made = clone(course, admin, now, shift=-7, slug="davor")
    assert made.enrol_until == utc(2027, 3, 13, 17)


def test_everything_that_is_taught_is_there_in_both_languages(course, admin, now):
    made = clone(course, admin, now)

    assert (made.state, made.slug, made.group, made.version) == ("draft", "kurs-2028", None, 1)
    made = Course.objects.get(pk=made.pk)
    assert (made.title_de, made.title_en, made.summary_de) == ("Kurs 2028", "Course 2028", course.summary_de)
    assert (made.seats, made.needs_dates, made.needs_strategy) == (12, 1, True)
    old, new = (
        Lesson.objects.filter(module__course=one).order_by("module__number", "number")
        for one in (course, made)
    )
    assert list(new.values_list(*LESSON_TEXTS)) == list(old.values_list(*LESSON_TEXTS))
    assert new[0].loaded == "a" * 64
    for model, way in ((Module, "course"), (Question, "module__course"), (ChecklistItem, "module__course")):
        before = list(model.objects.filter(**{way: course}).values_list("number", flat=True))
        assert list(model.objects.filter(**{way: made}).values_list("number", flat=True)) == before
    answers = Answer.objects.filter(question__module__course=made)
    assert answers.count() == 8
    assert answers.filter(is_right=True).count() == 4
    assert [row.why_en for row in answers[:2]] == ["Because 1.1", "Because 1.2"]
    download = LessonFile.objects.get(lesson__module__course=made)
    assert (download.lesson.module.number, download.lesson.number, download.title_en) == (2, 2, "Sheet 1")
    assert made.selfcheck.get().low_de == "0"
    assert list(made.dates.values_list("after_module", flat=True)) == [0, 2]
    assert [row.session.state for row in made.dates.all()] == ["draft", "draft"]


def test_the_course_that_was_copied_stays_as_it_was(course, admin, now):
    def all_of_it() -> list[Any]:
        course.refresh_from_db()
        lessons = Lesson.objects.filter(module__course=course).values_list("pk", *LESSON_TEXTS)
        sessions = Session.objects.filter(course_dates__course=course).values_list("pk", "starts_at", "state")
        return [course.slug, course.title_de, course.version, course.group, list(lessons), list(sessions)]

    before = all_of_it()
    clone(course, admin, now)

    assert all_of_it() == before


def test_nobody_comes_along_and_nobody_is_told(course, admin, now):
    person = UserFactory()
    row = EnrolmentFactory(course=course, person=person, finished_at=now)
    RegistrationFactory(session=course.dates.first().session, person=person, attended_at=now)
    CourseInvitation.objects.create(course=course, email="a@example.org", language="de", invited_at=now)
    CourseMail.objects.create(course=course, subject_de="A", text_de="B", sent_at=now, readers=1)
    apart = {
        Course,
        Module,
        Lesson,
        LessonFile,
        Question,
        Answer,
        ChecklistItem,
        SelfCheckQuestion,
        CourseSession,
        Session,
    }
    models = [one for one in apps.get_models() if one not in apart and one._meta.managed]
    before = {model: model._base_manager.count() for model in models}

    made = clone(course, admin, now)

    after = {model: model._base_manager.count() for model in models}
    assert {model._meta.label for model in models if before[model] != after[model]} == set()
    assert not Enrolment.objects.filter(course=made).exists()
    assert not Registration.objects.filter(session__course_dates__course=made).exists()
    assert row.pk == Enrolment.objects.get().pk


def test_an_address_is_used_once(course, admin, now):
    with pytest.raises(cloning.AddressTaken):
        clone(course, admin, now, slug="kurs-2027")

    assert Course.objects.count() == 1


class TestPage:
    def sent(self, client, course: Course, **facts: str):
        html = client.get(reverse("admin:training_course_copy", args=[course.pk]))
        key = str(html.context["form"]["key"].value())
        data = {"slug": "kurs-2028", "first_day": "2027-03-30", "key": key, **TITLES}
        return data | facts

    def test_shows_what_will_be_and_writes_nothing(self, course, admin):
        client = signed_in(admin, "en")
        address = reverse("admin:training_course_copy", args=[course.pk])

        html = client.post(address, self.sent(client, course, look="1")).content.decode()

        assert "Tuesday, 23 March 2027, 18:00" in html
        assert "Tuesday, 30 March 2027, 18:00" in html
        assert "Saturday, 27 March 2027, 18:00" in html
        assert "<td>Berlin</td>" in html
        assert "Europe/" not in html
        assert Course.objects.count() == 1

    def test_sent_twice_makes_one_copy(self, course, admin):
        client = signed_in(admin, "en")
        address = reverse("admin:training_course_copy", args=[course.pk])
        data = self.sent(client, course, copy="1")

        first, second = client.post(address, data), client.post(address, data)

        made = Course.objects.get(slug="kurs-2028")
        assert first.status_code == second.status_code == 302
        assert first.url == second.url == f"/admin/training/course/{made.pk}/change/"
        assert (Course.objects.count(), Session.objects.count()) == (2, 4)
        assert made.dates.first().session.starts_at == utc(2027, 3, 30, 16)

    def test_says_what_is_wrong(self, course, admin):
        client = signed_in(admin, "en")
        address = reverse("admin:training_course_copy", args=[course.pk])

        answer = client.post(address, self.sent(client, course, copy="1", slug=course.slug))

        assert answer.status_code == 422
        assert "There is a course at this address." in answer.content.decode()

    def test_an_hour_that_clocks_leave_out_is_named(self, course, admin):
        session = course.dates.get(after_module=0).session
        # 02:30 in Berlin.
        Session.objects.filter(pk=session.pk).update(begins=time(2, 30), starts_at=utc(2027, 3, 23, 1, 30))
        client = signed_in(admin, "en")
        data = self.sent(client, course, copy="1", first_day="2027-03-28")

        answer = client.post(reverse("admin:training_course_copy", args=[course.pk]), data)

        assert "clocks leave out" in answer.content.decode()
        assert Course.objects.count() == 1

    def test_a_course_without_dates_asks_for_days(self, admin):
        row = CourseFactory(enrol_until=utc(2027, 3, 20, 17))
        client = signed_in(admin, "en")
        data = self.sent(client, row, copy="1", shift="8")

        client.post(reverse("admin:training_course_copy", args=[row.pk]), data)

        assert Course.objects.get(slug="kurs-2028").enrol_until == utc(2027, 3, 28, 16)

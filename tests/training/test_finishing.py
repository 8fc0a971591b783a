"""Finishing a course: every rule of it counts, the sweep finds exactly who is through, and tells them once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from notifications.delivery import deliver_due
from notifications.models import Notice
from partnerships.models import SideContact
from tests.conftest import signed_in
from tests.factories.partnerships import PartnershipFactory
from tests.factories.training import (
    CourseDateFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    ModuleFactory,
)
from tests.factories.webinars import RegistrationFactory
from tests.webinars.telling import together
from training import tasks
from training.actions import taking_part
from training.actions.finishing import finish_courses
from training.models import Enrolment, Lesson, Module, Strategy, StrategySection

pytestmark = pytest.mark.django_db


def do_all(row: Enrolment, now) -> None:
    for lesson in Lesson.objects.filter(module__course=row.course):
        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now)
    for module in Module.objects.filter(course=row.course, questions__isnull=False).distinct():
        taking_part.note_quiz(enrolment=row, module=module, now=now)


def is_finished(row: Enrolment) -> bool:
    row.refresh_from_db()
    return row.finished_at is not None


def attend(row: Enrolment, now, **facts) -> None:
    date = CourseDateFactory(course=row.course, **facts)
    RegistrationFactory(session=date.session, person=row.person, attended_at=now)


def approve(partnership, *codes: str, now, state: str = "approved") -> None:
    strategy, _is_new = Strategy.objects.get_or_create(
        partnership=partnership, defaults={"languages": ["de"], "begun_at": now}
    )
    for code in codes:
        StrategySection.objects.update_or_create(strategy=strategy, code=code, defaults={"state": state})


@pytest.fixture
def row(db, participant) -> Enrolment:
    """Of a course of two modules; the first has a quiz."""
    course = CourseFactory(slug="kurs")
    ModuleFactory(course=course, number=1, section="S1", questions=1)
    ModuleFactory(course=course, number=2, section="S3")
    return EnrolmentFactory(course=course, person=participant)


class TestLessonsAndQuizzes:
    def test_with_everything_done_it_is_finished(self, row, now):
        do_all(row, now)

        assert finish_courses(now=now + timedelta(hours=1)) == 1

        assert is_finished(row)
        assert row.finished_at == now + timedelta(hours=1)

    @pytest.mark.parametrize("at", range(4))
    def test_each_lesson_counts(self, row, now, at):
        do_all(row, now)
        lesson = Lesson.objects.filter(module__course=row.course)[at]
        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=False, now=now)

        assert finish_courses(now=now) == 0

    def test_the_quiz_counts(self, row, now):
        do_all(row, now)
        row.quizzes_done.all().delete()

        assert finish_courses(now=now) == 0

    def test_a_quiz_without_questions_is_none(self, row, now):
        """The second module has none: `do_all` left it out."""
        do_all(row, now)

        assert row.quizzes_done.count() == 1
        assert finish_courses(now=now) == 1

    def test_what_others_have_done_counts_for_them(self, row, partner, now):
        other = EnrolmentFactory(course=row.course, person=partner)
        do_all(other, now)

        assert finish_courses(now=now) == 1

        assert (is_finished(row), is_finished(other)) == (False, True)

    def test_another_course_does_not_count(self, row, now):
        other = EnrolmentFactory(course=ModuleFactory(questions=1).course, person=row.person)
        do_all(other, now)

        finish_courses(now=now)

        assert (is_finished(row), is_finished(other)) == (False, True)

    def test_a_course_without_a_lesson_is_never_finished(self, now):
        row = EnrolmentFactory(course=ModuleFactory(lessons=0).course)

        finish_courses(now=now)

        assert not is_finished(row)


class TestState:
    @pytest.mark.parametrize(("state", "counts"), [("draft", 0), ("published", 1), ("archived", 1)])
    def test_of_the_course(self, row, now, state, counts):
        do_all(row, now)
        row.course.state = state
        row.course.save()

        assert finish_courses(now=now) == counts

    def test_who_has_left_does_not_finish(self, row, now):
        do_all(row, now)
        taking_part.leave(enrolment=row, now=now)

        assert finish_courses(now=now) == 0

    def test_it_is_for_good(self, row, now):
        do_all(row, now)
        finish_courses(now=now)
        LessonFactory(module=row.course.modules.first(), number=3)
        row.lessons_done.all().delete()

        assert finish_courses(now=now + timedelta(days=1)) == 0

        assert is_finished(row)
        assert row.finished_at == now


class TestDates:
    @pytest.mark.parametrize(("needed", "counts"), [(0, 1), (2, 1), (3, 0)])
    def test_so_many_were_attended(self, row, now, needed, counts):
        row.course.needs_dates = needed
        row.course.save()
        do_all(row, now)
        attend(row, now)
        attend(row, now)

        assert finish_courses(now=now) == counts

    def test_none_attended(self, row, now):
        row.course.needs_dates = 1
        row.course.save()
        do_all(row, now)
        date = CourseDateFactory(course=row.course)
        RegistrationFactory(session=date.session, person=row.person)
        RegistrationFactory(session=date.session, attended_at=now)

        assert finish_courses(now=now) == 0

    @pytest.mark.parametrize("facts", [{"session__state": "cancelled"}, {"session__state": "draft"}])
    def test_what_did_not_take_place_does_not_count(self, row, now, facts):
        row.course.needs_dates = 1
        row.course.save()
        do_all(row, now)
        attend(row, now, **facts)

        assert finish_courses(now=now) == 0

    def test_dates_of_other_courses_do_not_count(self, row, now):
        row.course.needs_dates = 1
        row.course.save()
        do_all(row, now)
        date = CourseDateFactory()
        RegistrationFactory(session=date.session, person=row.person, attended_at=now)

        assert finish_courses(now=now) == 0


class TestStrategy:
    @pytest.fixture
    def row(self, row, now):
        row.course.needs_strategy = True
        row.course.save()
        row.partnership = PartnershipFactory()
        row.save()
        do_all(row, now)
        return row

    def test_the_sections_its_modules_name_are_enough(self, row, now):
        approve(row.partnership, "S1", "S3", now=now)
        approve(row.partnership, "S2", now=now, state="open")

        assert finish_courses(now=now) == 1

    @pytest.mark.parametrize("missing", ["S1", "S3"])
    @pytest.mark.parametrize("state", ["open", "sent", "returned"])
    def test_each_has_to_be_approved(self, row, now, missing, state):
        approve(row.partnership, "S1", "S3", now=now)
        approve(row.partnership, missing, now=now, state=state)

        assert finish_courses(now=now) == 0

    def test_a_strategy_is_needed(self, row, now):
        assert finish_courses(now=now) == 0

    def test_that_of_another_partnership_does_not_count(self, row, now):
        approve(PartnershipFactory(), "S1", "S3", now=now)

        assert finish_courses(now=now) == 0

    def test_a_partnership_is_needed(self, row, now):
        approve(row.partnership, "S1", "S3", now=now)
        Enrolment.objects.update(partnership=None)

        assert finish_courses(now=now) == 0

    def test_a_module_without_a_section_asks_for_none(self, row, now):
        Module.objects.filter(number=2).update(section="")
        approve(row.partnership, "S1", now=now)

        assert finish_courses(now=now) == 1

    def test_no_strategy_is_asked_for_where_none_is_needed(self, row, now):
        row.course.needs_strategy = False
        row.course.save()

        assert finish_courses(now=now) == 1


class TestTelling:
    def test_once_with_the_way_to_the_certificate(self, row, partner, now, mailoutbox):
        other = EnrolmentFactory(course=row.course, person=partner)
        Enrolment.objects.exclude(pk=other.pk).delete()
        do_all(other, now)

        finish_courses(now=now)
        deliver_due(now=now)
        finish_courses(now=now + timedelta(hours=1))
        deliver_due(now=now + timedelta(hours=1))

        (mail,) = mailoutbox
        assert mail.to == [partner.email]
        assert mail.subject == f"You have finished “{row.course.title_en}”"
        assert "/courses/kurs/certificate/" in mail.body

    def test_the_key_keeps_it_single(self, row, now):
        """Even were a row found twice."""
        do_all(row, now)
        finish_courses(now=now)
        Enrolment.objects.update(finished_at=None)

        assert finish_courses(now=now) == 1

        assert Notice.objects.filter(kind="course_finished").count() == 1

    def test_the_clock_looks_each_hour(self, row):
        do_all(row, timezone.now())

        tasks.look_at_courses()

        assert is_finished(row)
        job = settings.CELERY_BEAT_SCHEDULE["look at courses"]
        assert (job["task"], job["schedule"]) == (tasks.look_at_courses.name, timedelta(hours=1))


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_tell_once(now):
    course = ModuleFactory(questions=1).course
    for _ in range(30):
        do_all(EnrolmentFactory(course=course), now)

    found = together(*[lambda: finish_courses(now=now)] * 4)

    assert sum(found) == 30
    assert Enrolment.objects.exclude(finished_at=None).count() == 30
    assert Notice.objects.filter(kind="course_finished").count() == 30


@pytest.mark.parametrize("number", [1, 20])
def test_the_sweep_takes_the_same_few_queries(number, now, django_assert_num_queries):
    course = ModuleFactory(questions=1).course
    for _ in range(number):
        do_all(EnrolmentFactory(course=course), now)
        EnrolmentFactory(course=course)
    finish_courses(now=now)
    Enrolment.objects.update(finished_at=None)

    # Begin, who is through, noting, telling, end.
    with django_assert_num_queries(5):
        assert finish_courses(now=now) == number


class TestActive:
    def test_the_last_step_is_noted(self, row, now):
        module = row.course.modules.get(number=1)
        acts = [
            lambda at: taking_part.mark_lesson(
                enrolment=row, lesson=module.lessons.first(), done=True, now=at
            ),
            lambda at: taking_part.note_quiz(enrolment=row, module=module, now=at),
            lambda at: taking_part.tick(enrolment=row, module=module, items=[], now=at),
        ]

        for days, act in enumerate(acts):
            act(now + timedelta(days=days))
            row.refresh_from_db()
            assert row.active_at == now + timedelta(days=days)

    def test_taking_a_mark_back_is_no_step(self, row, now):
        taking_part.mark_lesson(enrolment=row, lesson=Lesson.objects.first(), done=False, now=now)

        row.refresh_from_db()
        assert row.active_at is None


class TestWords:
    def page(self, row) -> str:
        return signed_in(row.person, "en").get("/courses/kurs/").content.decode()

    def test_of_lessons_and_quizzes(self, row, now):
        html = self.page(row)

        assert "What is still missing" in html
        assert "4 lessons are not done yet." in html
        assert "1 quiz is not done yet." in html

    def test_of_dates(self, row, now):
        row.course.needs_dates = 3
        row.course.save()
        attend(row, now)
        attend(row, now, session__state="cancelled")

        assert "Please attend 2 more dates of the course." in self.page(row)

    def test_of_sections_names_those_that_are_missing(self, row, now):
        row.course.needs_strategy = True
        row.course.save()
        row.partnership = PartnershipFactory()
        row.save()
        SideContact.objects.create(side=row.partnership.sides.first(), person=row.person, since=now)
        approve(row.partnership, "S1", now=now)

        html = self.page(row)

        assert "These sections of your strategy are not approved yet: Aims." in html

    def test_who_is_not_of_the_team_does_not_learn_what_is_approved(self, row, now):
        row.course.needs_strategy = True
        row.course.save()
        row.partnership = PartnershipFactory()
        row.save()
        approve(row.partnership, "S1", now=now)

        assert "not approved yet: Where we stand, Aims." in self.page(row)

    def test_without_a_partnership(self, row):
        row.course.needs_strategy = True
        row.course.save()

        assert "you take part for no partnership" in self.page(row)

    def test_nothing_is_missing_until_the_sweep(self, row, now):
        do_all(row, now)
        html = self.page(row)
        assert "What is still missing" not in html
        assert "within an hour" in html
        assert "Get your certificate" not in html

        finish_courses(now=now)

        html = self.page(row)
        assert "You have finished this course on 26 March 2027" in html
        assert 'href="/courses/kurs/certificate/"' in html

    def test_the_desk_leads_to_the_certificate_until_it_is_there(self, row, now):
        client = signed_in(row.person, "en")
        assert "/courses/kurs/certificate/" not in client.get("/desk/").content.decode()
        do_all(row, now)
        finish_courses(now=now)
        assert "/courses/kurs/certificate/" in client.get("/desk/").content.decode()

        client.post("/courses/kurs/certificate/", {"name": "Anna"})

        assert "/courses/kurs/certificate/" not in client.get("/desk/").content.decode()

"""Enrolling, getting on, leaving: seats are never oversold, and what was done is kept."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection

from accounts.actions import erase
from accounts.models import User
from accounts.personal_data import export
from discussions.choices import Belonging, Role
from discussions.models import Membership
from notifications.delivery import deliver_due
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.training import CourseFactory, EnrolmentFactory, ModuleFactory
from training.actions import taking_part
from training.choices import State
from training.models import Course, Enrolment, Lesson, LessonDone, QuizDone, Tick

pytestmark = pytest.mark.django_db


def enrol(course: Course, person: User, now: datetime, **facts) -> Enrolment:
    return taking_part.enrol(course=course, by=person, now=now, **{"partnership": None, **facts})


class TestEnrol:
    def test_with_a_partnership(self, participant, now):
        partnership = PartnershipFactory()

        row = enrol(CourseFactory(), participant, now, partnership=partnership)

        assert (row.person, row.partnership, row.enrolled_at, row.left_at) == (
            participant,
            partnership,
            now,
            None,
        )

    def test_twice_is_once(self, participant, now):
        course = CourseFactory()

        assert enrol(course, participant, now) == enrol(course, participant, now + timedelta(days=1))
        assert Enrolment.objects.get().enrolled_at == now

    @pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
    def test_not_where_nothing_is_published(self, participant, now, state):
        with pytest.raises(taking_part.NotOpen):
            enrol(CourseFactory(state=state), participant, now)

    @pytest.mark.parametrize(
        ("begin", "end", "is_open"),
        [
            (None, None, True),
            (0, None, True),
            (1, None, False),
            (None, 1, True),
            (None, 0, False),
            (-5, 5, True),
            (-5, -1, False),
        ],
    )
    def test_in_its_time(self, participant, now, begin, end, is_open):
        course = CourseFactory(
            enrol_from=None if begin is None else now + timedelta(seconds=begin),
            enrol_until=None if end is None else now + timedelta(seconds=end),
        )

        if is_open:
            assert enrol(course, participant, now)
        else:
            with pytest.raises(taking_part.NotOpen):
                enrol(course, participant, now)

    def test_a_full_course(self, participant, partner, now):
        course = CourseFactory(seats=1)
        row = enrol(course, participant, now)

        with pytest.raises(taking_part.Full):
            enrol(course, partner, now)
        taking_part.leave(enrolment=row, now=now)

        assert enrol(course, partner, now)

    def test_who_comes_back_finds_the_old_progress(self, participant, now):
        module = ModuleFactory()
        row = enrol(module.course, participant, now)
        lesson = module.lessons.first()
        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now)
        taking_part.leave(enrolment=row, now=now)

        again = enrol(module.course, participant, now + timedelta(days=3))

        assert (again.pk, again.left_at) == (row.pk, None)
        assert LessonDone.objects.get().enrolment == again


class TestGroup:
    def test_is_joined_with_the_course(self, participant, coach, now):
        group = GroupFactory(coach=coach)
        enrol(CourseFactory(group=group), participant, now)

        row = Membership.objects.get(group=group, person=participant)
        assert (row.state, row.role) == (Belonging.ACTIVE, Role.MEMBER)

    def test_keeps_who_leads_it(self, coach, now):
        group = GroupFactory(coach=coach)
        enrol(CourseFactory(group=group), coach, now)

        assert Membership.objects.get(group=group, person=coach).role == Role.COACH

    @pytest.mark.parametrize("state", [Belonging.BANNED, Belonging.REMOVED])
    def test_stays_closed_for_who_was_sent_away_and_when_archived(
        self, participant, partner, coach, now, state
    ):
        group = GroupFactory(coach=coach)
        MembershipFactory(group=group, person=participant, state=state)
        course = CourseFactory(group=group)

        assert enrol(course, participant, now)
        group.state = "archived"
        group.save()
        assert enrol(course, partner, now)

        assert Membership.objects.get(group=group, person=participant).state == state
        assert not Membership.objects.filter(group=group, person=partner).exists()

    def test_is_left_on_its_own(self, participant, coach, now):
        group = GroupFactory(coach=coach)
        row = enrol(CourseFactory(group=group), participant, now)

        taking_part.leave(enrolment=row, now=now)

        assert Membership.objects.get(group=group, person=participant).state == Belonging.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_seats_are_never_oversold(now):
    course = CourseFactory(seats=5)
    people = UserFactory.create_batch(20)
    barrier = threading.Barrier(20)

    def press(person: User) -> bool:
        try:
            barrier.wait(20)
            enrol(course, person, now)
        except taking_part.Full:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as crowd:
        got_in = list(crowd.map(press, people))

    assert (sum(got_in), Enrolment.objects.count()) == (5, 5)


class TestMail:
    def test_tells_once_and_names_the_first_lesson(self, participant, now, mailoutbox):
        course = CourseFactory(title_de="Anfangen", title_en="Beginning")
        ModuleFactory(course=course)
        enrol(course, participant, now)
        enrol(course, participant, now)

        deliver_due(now=now)
        deliver_due(now=now + timedelta(minutes=5))

        (mail,) = mailoutbox
        assert mail.subject == "Sie nehmen an „Anfangen“ teil"
        assert "Lektion 1.1" in mail.body
        assert course.get_absolute_url() in mail.body

    def test_not_after_having_left(self, participant, now, mailoutbox):
        row = enrol(ModuleFactory().course, participant, now)
        taking_part.leave(enrolment=row, now=now)

        deliver_due(now=now)

        assert mailoutbox == []

    def test_again_for_who_comes_back(self, participant, now, mailoutbox):
        course = ModuleFactory().course
        taking_part.leave(enrolment=enrol(course, participant, now), now=now)
        deliver_due(now=now)
        enrol(course, participant, now + timedelta(days=2))

        deliver_due(now=now + timedelta(days=2))

        assert len(mailoutbox) == 1


class TestProgress:
    def test_lessons_are_marked_and_unmarked(self, now):
        row = EnrolmentFactory()
        lesson = ModuleFactory(course=row.course).lessons.first()

        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now)
        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now + timedelta(days=1))
        assert LessonDone.objects.get().done_at == now

        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=False, now=now)
        assert not LessonDone.objects.exists()

    def test_the_last_try_of_a_quiz_counts(self, now):
        row = EnrolmentFactory()
        module = ModuleFactory(course=row.course, questions=1)

        taking_part.note_quiz(enrolment=row, module=module, now=now)
        taking_part.note_quiz(enrolment=row, module=module, now=now + timedelta(days=1))

        assert QuizDone.objects.get().done_at == now + timedelta(days=1)

    def test_ticks_are_exactly_those_sent(self, now):
        row = EnrolmentFactory()
        module, other = ModuleFactory(course=row.course, items=3), ModuleFactory(course=row.course, items=1)
        first, second, third = module.checklist.values_list("pk", flat=True)
        foreign = other.checklist.get().pk
        taking_part.tick(enrolment=row, module=other, items={foreign}, now=now)

        taking_part.tick(enrolment=row, module=module, items={first, second, foreign, 999_999}, now=now)
        taking_part.tick(enrolment=row, module=module, items={second, third}, now=now)

        assert set(Tick.objects.values_list("item", flat=True)) == {second, third, foreign}


class TestPersonalData:
    def test_is_exported(self, participant, now):
        module = ModuleFactory(questions=1, items=1)
        row = enrol(module.course, participant, now, partnership=PartnershipFactory())
        taking_part.mark_lesson(enrolment=row, lesson=module.lessons.first(), done=True, now=now)
        taking_part.note_quiz(enrolment=row, module=module, now=now)
        taking_part.tick(enrolment=row, module=module, items={module.checklist.get().pk}, now=now)

        held = export(participant)

        assert len(held["training.Enrolment"]) == len(held["training.LessonDone"]) == 1
        assert len(held["training.QuizDone"]) == len(held["training.Tick"]) == 1

    def test_goes_with_the_person(self, participant, admin, now):
        module = ModuleFactory()
        row = enrol(module.course, participant, now)
        taking_part.mark_lesson(enrolment=row, lesson=module.lessons.first(), done=True, now=now)

        erase(participant, by=admin, now=now)

        assert not Enrolment.objects.exists()
        assert not LessonDone.objects.exists()
        assert Lesson.objects.count() == 2

"""The self-check: when it is open, that answers are the person's own, and averages only of enough people."""

from itertools import count

import pytest
from django.test import Client

from accounts.actions import erase
from accounts.personal_data import export
from tests.conftest import signed_in
from tests.factories.training import (
    CourseFactory,
    EnrolmentFactory,
    ModuleFactory,
    SelfCheckQuestionFactory,
)
from training.actions import taking_part
from training.actions.selfcheck import NotNow, answer_selfcheck
from training.models import Course, Enrolment, Lesson, SelfCheckAnswer
from training.queries.finishing import Effect, selfcheck_effect

pytestmark = pytest.mark.django_db

BEFORE, AFTER = "/courses/kurs/self-check/before/", "/courses/kurs/self-check/after/"


@pytest.fixture
def row(participant) -> Enrolment:
    """Of a course with four lessons and three questions."""
    course = CourseFactory(slug="kurs")
    ModuleFactory(course=course, lessons=4)
    SelfCheckQuestionFactory.create_batch(3, course=course)
    return EnrolmentFactory(course=course, person=participant)


def do(row: Enrolment, number: int, now) -> None:
    for lesson in Lesson.objects.filter(module__course=row.course)[:number]:
        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now)


def finish(row: Enrolment, now) -> None:
    do(row, 4, now)
    row.finished_at = now
    row.save()


def answers(*values: int) -> dict[str, int]:
    return {f"question_{number}": value for number, value in enumerate(values, 1)}


def stored(row: Enrolment, moment: str) -> list[int]:
    rows = SelfCheckAnswer.objects.filter(enrolment=row, moment=moment)
    return list(rows.order_by("question__number").values_list("value", flat=True))


def keep(row: Enrolment, moment: str, *values: int) -> None:
    for question, value in zip(row.course.selfcheck.all(), values, strict=True):
        SelfCheckAnswer.objects.create(enrolment=row, question=question, moment=moment, value=value)


def page(client: Client, address: str = "/courses/kurs/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestBefore:
    def test_the_course_offers_it_until_it_is_answered(self, row):
        client = signed_in(row.person, "en")
        assert f'href="{BEFORE}"' in page(client)

        answer = client.post(BEFORE, answers(1, 3, 5))

        assert (answer.status_code, answer.headers["Location"]) == (302, "/courses/kurs/")
        assert stored(row, "before") == [1, 3, 5]
        assert BEFORE not in page(client)

    @pytest.mark.parametrize(("done", "is_offered"), [(2, True), (3, False)])
    def test_and_until_half_is_done(self, row, now, done, is_offered):
        do(row, done, now)
        client = signed_in(row.person, "en")

        assert (BEFORE in page(client)) == is_offered
        assert client.get(BEFORE).status_code == (200 if is_offered else 302)
        client.post(BEFORE, answers(1, 3, 5))
        assert stored(row, "before") == ([1, 3, 5] if is_offered else [])

    def test_a_course_without_questions_offers_none(self, row):
        row.course.selfcheck.all().delete()
        client = signed_in(row.person)

        assert "self-check" not in page(client)
        assert client.get(BEFORE).status_code == 404

    def test_the_action_keeps_the_rule_too(self, row, now):
        do(row, 3, now)

        with pytest.raises(NotNow):
            answer_selfcheck(enrolment=row, moment="before", values={row.course.selfcheck.first().pk: 3})

    def test_answered_again_it_replaces_and_shows_what_was_said(self, row):
        client = signed_in(row.person, "en")
        client.post(BEFORE, answers(1, 3, 5))

        html = page(client, BEFORE)
        client.post(BEFORE, answers(2, 2, 2))

        assert html.count(" checked") == 3
        assert stored(row, "before") == [2, 2, 2]

    def test_questions_of_other_courses_are_left_alone(self, row):
        foreign = SelfCheckQuestionFactory()

        answer_selfcheck(enrolment=row, moment="before", values={foreign.pk: 3})

        assert not SelfCheckAnswer.objects.exists()


class TestForm:
    def test_each_question_is_a_group_with_the_words_of_its_ends(self, row):
        html = page(signed_in(row.person, "en"), BEFORE)

        assert html.count("<fieldset") == html.count("<legend") == 3
        assert html.count('type="radio"') == 15
        assert html.count("1 – not at all") == html.count("5 – very well") == 3
        assert "How well 2?" in html

    @pytest.mark.parametrize(
        "wrong", [{}, answers(1, 2), answers(1, 2, 6), answers(1, 2, 0), answers(1, 2, "x")]
    )
    def test_what_is_missing_or_nonsense_is_said_and_nothing_is_kept(self, row, wrong):
        answer = signed_in(row.person, "en").post(BEFORE, wrong)

        assert answer.status_code == 422
        assert 'href="#id_question_3' in answer.content.decode()  # on top, with the way to the field
        assert 'aria-invalid="true"' in answer.content.decode()
        assert not SelfCheckAnswer.objects.exists()

    def test_what_was_chosen_stays_when_something_is_missing(self, row):
        html = signed_in(row.person, "en").post(BEFORE, answers(1, 2)).content.decode()

        assert html.count(" checked") == 2
        assert "Please choose a number from 1 to 5." in html

    def test_the_office_looks_and_leaves_nothing(self, row, admin):
        client = signed_in(admin)
        assert client.get(BEFORE).status_code == client.get(AFTER).status_code == 200

        assert client.post(BEFORE, answers(1, 2, 3)).status_code == 302

        assert not SelfCheckAnswer.objects.exists()

    def test_who_takes_no_part_is_led_to_the_course(self, row, outsider):
        client = signed_in(outsider)

        for answer in (client.get(BEFORE), client.post(BEFORE, answers(1, 2, 3))):
            assert (answer.status_code, answer.headers["Location"]) == (302, "/courses/kurs/")
        assert not SelfCheckAnswer.objects.exists()

    @pytest.mark.parametrize("moment", ["between", "Before"])
    def test_another_moment_is_none(self, row, moment):
        assert signed_in(row.person).get(f"/courses/kurs/self-check/{moment}/").status_code == 404


class TestAfter:
    def test_opens_when_the_course_is_finished(self, row, now):
        client = signed_in(row.person, "en")
        assert AFTER not in page(client)
        assert client.get(AFTER).headers["Location"] == "/courses/kurs/"

        finish(row, now)

        assert f'href="{AFTER}"' in page(client)
        assert client.get(BEFORE).status_code == 302

    def test_both_stand_side_by_side_in_words(self, row, now):
        keep(row, "before", 1, 3, 4)
        finish(row, now)
        client = signed_in(row.person, "en")

        html = client.post(AFTER, answers(5, 3, 2), follow=True).content.decode()

        table = html[html.index("<table") : html.index("</table>")]
        words = ["right at the beginning", "there", "further than before", "halfway", "as before"]
        words += ["well on the way", "first steps", "looked at more closely"]
        assert [word for word in words if word not in table] == []
        assert table.count("<tr") == 4
        assert "Your self-check before and after" in page(client)

    def test_only_one_s_own_are_shown(self, row, partner, now):
        other = EnrolmentFactory(course=row.course, person=partner)
        for moment in ("before", "after"):
            keep(other, moment, 1, 1, 1)
        finish(row, now)

        html = page(signed_in(row.person, "en"), AFTER)

        assert "<table" not in html
        assert " checked" not in html

    def test_without_answers_before_there_is_nothing_to_compare(self, row, now):
        finish(row, now)
        client = signed_in(row.person, "en")

        html = client.post(AFTER, answers(5, 3, 2), follow=True).content.decode()

        assert "<table" not in html
        assert stored(row, "after") == [5, 3, 2]


class TestEffect:
    def people(self, course, number: int, *, before: bool = True, after: bool = True) -> None:
        """With different answers: 1, 2, 3 … before and always 4 after."""
        for at in range(number):
            row = EnrolmentFactory(course=course)
            if before:
                keep(row, "before", 1 + at % 3, 3)
            if after:
                keep(row, "after", 4, 5)

    @pytest.fixture
    def course(self, db):
        course = CourseFactory()
        SelfCheckQuestionFactory.create_batch(2, course=course)
        return course

    def test_averages_of_who_answered_both(self, course):
        self.people(course, 5)
        self.people(course, 4, after=False)
        self.people(course, 4, before=False)

        # 1, 2, 3, 1, 2 and five times 3 before: 24 of ten answers; five times 4 and five times 5 after.
        assert effect(course) == Effect(5, 2.4, 4.5)

    def test_four_are_too_few(self, course):
        self.people(course, 4)
        self.people(course, 3, after=False)

        assert effect(course) is None

    def test_courses_are_left_out_one_by_one(self, course):
        """Else the difference of two reports would be the answers of a few."""
        self.people(course, 5)
        small, other = CourseFactory(), CourseFactory()
        for one, number in ((small, 4), (other, 6)):
            SelfCheckQuestionFactory.create_batch(2, course=one)
            self.people(one, number)

        # The other course: 1, 2, 3, 1, 2, 3 and six times 3 before, 30 of twelve answers.
        assert effect(course, small, other) == Effect(11, round(54 / 22, 1), 4.5)

    def test_an_answer_without_its_second_does_not_count(self, course):
        self.people(course, 5)
        SelfCheckAnswer.objects.filter(question__number=2, moment="after").delete()

        assert effect(course) == Effect(5, 1.8, 4.0)


def effect(*courses) -> Effect | None:
    return selfcheck_effect(Course.objects.filter(pk__in=[course.pk for course in courses]))


class TestPersonalData:
    def test_is_exported_and_goes_with_the_person(self, row, admin, now):
        keep(row, "before", 1, 2, 3)

        held = export(row.person)["training.SelfCheckAnswer"]
        assert [(one["moment"], one["value"]) for one in held] == [
            ("before", 1),
            ("before", 2),
            ("before", 3),
        ]
        erase(row.person, by=admin, now=now)

        assert not SelfCheckAnswer.objects.exists()


def test_numbers_of_the_export_are_those_of_the_person(partner, participant):
    course = CourseFactory()
    SelfCheckQuestionFactory(course=course)
    values = count(2)
    for person in (partner, participant):
        keep(EnrolmentFactory(course=course, person=person), "before", next(values))

    assert [one["value"] for one in export(participant)["training.SelfCheckAnswer"]] == [3]

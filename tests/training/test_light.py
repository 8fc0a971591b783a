"""The coaches' traffic light: what counts as a sign of life, who waits and is not stuck, and how strategies stand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from notifications.models import Notice
from partnerships.models import Partnership
from tests.factories.accounts import UserFactory
from tests.factories.strategies import make_coach, strategy_of, write
from tests.factories.training import CourseDateFactory, CourseFactory, EnrolmentFactory, ModuleFactory
from tests.factories.webinars import RegistrationFactory, SessionFactory
from tests.webinars.telling import together
from training.actions import answers, measures, reminding, strategies, taking_part
from training.actions.signs import note_attendance
from training.choices import MeasureState, Section, SectionState, StrategyState
from training.models import Course, Enrolment, Lesson, Measure, Strategy
from training.queries import coaching
from training.queries.waiting import waiting

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)
TODAY = date(2027, 3, 26)
LONG_AGO = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
YESTERDAY = datetime(2027, 3, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def course(db: None) -> Course:
    """One module of two lessons without a quiz, for S1."""
    return ModuleFactory(course=CourseFactory(slug="kurs"), section="S1").course


@pytest.fixture
def strategy(participant: User) -> Strategy:
    made = strategy_of(participant)
    Strategy.objects.update(begun_at=LONG_AGO)
    return made


def enrolled(course: Course, person: User, partnership: Partnership | None = None, **facts: Any) -> Enrolment:
    return EnrolmentFactory(
        course=course, person=person, partnership=partnership, **{"enrolled_at": LONG_AGO, **facts}
    )


def seen(row: Enrolment, now: datetime = NOW) -> tuple[str, str]:
    """Its light and the reason, as the list has it under that light and under no other."""
    found = []
    for light in coaching.Light:
        waits = waiting(now=now)
        rows = coaching.participants(course="", light=light, now=now, demo=True, waits=waits).filter(
            pk=row.pk
        )
        found += [(light, line) for line in coaching.participant_lines(list(rows), now=now, waits=waits)]
    [(light, line)] = found
    assert line.light == light
    return light.value, line.reason


def counted(now: datetime = NOW) -> tuple[int, int, int]:
    [row] = coaching.figures(now=now, demo=True, waits=waiting(now=now))
    return row.moving, row.slow, row.stuck


def do_lessons(row: Enrolment, at: datetime = LONG_AGO) -> None:
    for lesson in Lesson.objects.filter(module__course=row.course):
        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=at)


def facts(**more: Any) -> measures.MeasureFacts:
    return measures.MeasureFacts(
        **{
            "title": "Anrufen",
            "owner": None,
            "who": "",
            "due_on": date(2027, 5, 1),
            "state": MeasureState.OPEN,
            **more,
        }
    )


class TestSignsOfLife:
    @pytest.mark.parametrize(
        ("last", "expected"),
        [
            (datetime(2027, 2, 26, 9, 0, tzinfo=UTC), ("red", "Nothing for 28 days.")),
            (datetime(2027, 2, 26, 9, 1, tzinfo=UTC), ("amber", "Nothing for 27 days.")),
            (datetime(2027, 3, 12, 9, 0, tzinfo=UTC), ("amber", "Nothing for 14 days.")),
            (datetime(2027, 3, 12, 9, 1, tzinfo=UTC), ("green", "Last sign of life 13 days ago.")),
            (datetime(2027, 3, 25, 9, 0, tzinfo=UTC), ("green", "Last sign of life 1 day ago.")),
            (datetime(2027, 3, 26, 8, 0, tzinfo=UTC), ("green", "Was at it today.")),
        ],
    )
    def test_the_days_are_those_since_the_last_one(self, course, participant, english, last, expected):
        assert seen(enrolled(course, participant, active_at=last)) == expected

    @pytest.mark.parametrize(
        ("since", "expected"),
        [
            (datetime(2027, 2, 26, 9, 0, tzinfo=UTC), ("red", "Has not begun since enrolling 28 days ago.")),
            (
                datetime(2027, 3, 12, 9, 0, tzinfo=UTC),
                ("amber", "Has not begun since enrolling 14 days ago."),
            ),
            (datetime(2027, 3, 23, 9, 0, tzinfo=UTC), ("green", "Enrolled 3 days ago.")),
            (datetime(2027, 3, 26, 8, 0, tzinfo=UTC), ("green", "Enrolled today.")),
        ],
    )
    def test_who_has_not_begun(self, course, participant, english, since, expected):
        assert seen(enrolled(course, participant, enrolled_at=since)) == expected

    def test_who_comes_back_begins_anew(self, course, participant):
        row = enrolled(course, participant, enrolled_at=YESTERDAY, active_at=LONG_AGO)

        assert seen(row)[0] == "green"

    def test_a_saved_section_counts_for_the_whole_team(self, course, strategy, participant, english):
        mate = enrolled(course, UserFactory(), strategy.partnership)
        gone = enrolled(course, UserFactory(), strategy.partnership, left_at=LONG_AGO)
        other = enrolled(course, UserFactory(), strategy_of(UserFactory()).partnership)
        row = enrolled(course, participant, strategy.partnership)

        write(strategy, "S1", participant, YESTERDAY, history="Seit 1986.")

        assert seen(row) == seen(mate) == ("green", "Last sign of life 1 day ago.")
        assert seen(other)[0] == "red"
        gone.refresh_from_db()
        assert gone.active_at is None
        assert counted() == (2, 0, 1)

    def test_a_section_saved_without_a_change_is_none(self, course, strategy, participant):
        write(strategy, "S1", participant, LONG_AGO, history="Seit 1986.")
        row = enrolled(course, participant, strategy.partnership)

        write(strategy, "S1", participant, YESTERDAY, history="Seit 1986.")

        assert seen(row)[0] == "red"

    def test_sections_that_are_sent(self, course, strategy, participant):
        write(strategy, "S1", participant, LONG_AGO, history="Seit 1986.")
        row = enrolled(course, participant, strategy.partnership)

        strategies.send_sections(strategy=strategy, codes=["S1"], by=participant, now=YESTERDAY)

        assert seen(row)[0] == "green"

    def test_a_measure_that_is_planned_and_one_that_is_changed(self, course, strategy, participant):
        row = enrolled(course, participant, strategy.partnership)

        made = measures.add_measure(
            strategy=strategy, facts=facts(), language="de", by=participant, now=YESTERDAY
        )
        assert seen(row)[0] == "green"

        Enrolment.objects.update(active_at=LONG_AGO)
        measures.change_measure(
            measure=made, facts=facts(), language="de", version=1, by=participant, now=YESTERDAY
        )
        assert seen(row)[0] == "green"

    @pytest.mark.parametrize(("by_coach", "light"), [(False, "green"), (True, "red")])
    def test_a_comment_of_the_team(self, course, strategy, participant, by_coach, light):
        row = enrolled(course, participant, strategy.partnership)

        answers.comment(
            strategy=strategy,
            section=Section.STATE,
            text="?",
            by=participant,
            by_coach=by_coach,
            now=YESTERDAY,
        )

        assert seen(row)[0] == light

    def test_an_earlier_one_does_not_take_a_later_one_back(self, course, strategy, participant):
        row = enrolled(course, participant, strategy.partnership, active_at=YESTERDAY)

        write(strategy, "S1", participant, LONG_AGO, history="Seit 1986.")

        assert seen(row)[0] == "green"


class TestAttendance:
    """Noted down three days after the date: what counts is when it was."""

    WAS_AT = datetime(2027, 3, 16, 15, 0, tzinfo=UTC)
    NOTED_AT = datetime(2027, 3, 19, 9, 0, tzinfo=UTC)

    def date(self, course: Course, at: datetime = WAS_AT, **more: Any) -> Any:
        return CourseDateFactory(course=course, session=SessionFactory(starts_at=at, **more)).session

    def test_it_counts_from_the_hourly_look_on(self, course, participant, english):
        row, other = enrolled(course, participant), enrolled(course, UserFactory())
        session = self.date(course)
        RegistrationFactory(session=session, person=participant, attended_at=self.NOTED_AT)
        RegistrationFactory(session=session, person=other.person)

        assert note_attendance(now=NOW) == 1

        assert seen(row) == ("green", "Last sign of life 9 days ago.")
        assert seen(other)[0] == "red"
        assert note_attendance(now=NOW) == 0

    def test_the_last_of_several(self, course, participant, english):
        row = enrolled(course, participant, active_at=datetime(2027, 3, 10, 9, 0, tzinfo=UTC))
        for at in (
            datetime(2027, 3, 2, 15, 0, tzinfo=UTC),
            self.WAS_AT,
            datetime(2027, 3, 9, 15, 0, tzinfo=UTC),
        ):
            RegistrationFactory(session=self.date(course, at), person=participant, attended_at=at)

        note_attendance(now=NOW)

        row.refresh_from_db()
        assert row.active_at == self.WAS_AT

    @pytest.mark.parametrize("case", ["of another course", "before enrolling", "cancelled", "later step"])
    def test_what_does_not_count(self, course, participant, case):
        before = datetime(2027, 3, 20, 9, 0, tzinfo=UTC) if case == "later step" else LONG_AGO
        row = enrolled(course, participant, active_at=before)
        if case == "before enrolling":
            Enrolment.objects.update(enrolled_at=datetime(2027, 3, 17, 9, 0, tzinfo=UTC))
        session = self.date(
            CourseFactory() if case == "of another course" else course,
            **({"state": "cancelled"} if case == "cancelled" else {}),
        )
        RegistrationFactory(session=session, person=participant, attended_at=self.NOTED_AT)

        assert note_attendance(now=NOW) == 0

        row.refresh_from_db()
        assert row.active_at == before


class TestWaiting:
    """Who has done all they can is not stuck."""

    AHEAD = datetime(2027, 4, 13, 22, 30, tzinfo=UTC)  # the 14th in Berlin

    @pytest.fixture
    def row(self, course: Course, strategy: Strategy, participant: User) -> Enrolment:
        """All lessons done long ago."""
        row = enrolled(course, participant, strategy.partnership)
        do_lessons(row)
        return row

    def needs(self, row: Enrolment, **what: Any) -> None:
        Course.objects.filter(pk=row.course_id).update(**what)

    def ahead(self, row: Enrolment, at: datetime = AHEAD, **more: Any) -> Any:
        return CourseDateFactory(course=row.course, session=SessionFactory(starts_at=at, **more)).session

    def test_for_a_date_that_is_still_to_come(self, row, english):
        self.needs(row, needs_dates=1)
        self.ahead(row, datetime(2027, 5, 4, 15, 0, tzinfo=UTC))
        self.ahead(row)

        assert seen(row) == ("green", "Waits for the date on 14 April 2027.")
        assert counted() == (1, 0, 0)

    @pytest.mark.parametrize(
        "case", ["no date", "over", "cancelled", "draft", "not needed", "enough attended"]
    )
    def test_not_for_one_that_helps_nobody(self, row, case):
        self.needs(row, needs_dates=0 if case == "not needed" else 1)
        if case == "over":
            self.ahead(row, datetime(2027, 3, 26, 8, 59, tzinfo=UTC))
        elif case in ("cancelled", "draft"):
            self.ahead(row, state=case)
        elif case != "no date":
            session = self.ahead(row)
        if case == "enough attended":
            RegistrationFactory(session=session, person=row.person, attended_at=LONG_AGO)

        assert seen(row)[0] == "red"
        assert counted() == (0, 0, 1)

    def test_not_while_a_lesson_is_open(self, row):
        self.needs(row, needs_dates=1)
        self.ahead(row)
        taking_part.mark_lesson(enrolment=row, lesson=Lesson.objects.first(), done=False, now=LONG_AGO)

        assert seen(row)[0] == "red"

    def test_not_while_a_quiz_is_open(self, row, course):
        self.needs(row, needs_dates=1)
        self.ahead(row)
        assert seen(row)[0] == "green"

        ModuleFactory(course=course, section="", lessons=0, questions=1)

        assert seen(row)[0] == "red"

    def test_for_the_coaches(self, row, strategy, english):
        self.needs(row, needs_strategy=True)
        strategy.sections.filter(code="S1").update(state=SectionState.SENT)

        assert seen(row) == ("green", "Waits for our answer.")
        assert counted() == (1, 0, 0)

    @pytest.mark.parametrize("state", [SectionState.OPEN, SectionState.RETURNED])
    def test_not_while_a_section_is_theirs(self, row, strategy, course, state):
        ModuleFactory(course=course, section="S2", lessons=0)
        self.needs(row, needs_strategy=True, needs_dates=1)
        self.ahead(row)
        strategy.sections.filter(code="S1").update(state=SectionState.SENT)
        strategy.sections.filter(code="S2").update(state=state)

        assert seen(row)[0] == "red"

    def test_one_section_approved_and_one_sent(self, row, strategy, course, english):
        ModuleFactory(course=course, section="S2", lessons=0)
        self.needs(row, needs_strategy=True)
        strategy.sections.filter(code="S1").update(state=SectionState.APPROVED)
        strategy.sections.filter(code="S2").update(state=SectionState.SENT)

        assert seen(row) == ("green", "Waits for our answer.")

    def test_not_without_a_partnership(self, row):
        self.needs(row, needs_strategy=True)
        Enrolment.objects.update(partnership=None)

        assert seen(row)[0] == "red"


class TestReminding:
    FRIDAY = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)

    @pytest.fixture
    def row(self, course: Course, participant: User) -> Enrolment:
        return enrolled(course, participant)

    def remind(self, row: Enrolment, now: datetime) -> None:
        reminding.remind(enrolment=row, by=row.person, now=now)

    def test_on_sunday_and_again_on_monday_is_once(self, row):
        self.remind(row, datetime(2027, 3, 21, 18, 0, tzinfo=UTC))

        for later in (datetime(2027, 3, 22, 8, 0, tzinfo=UTC), datetime(2027, 3, 28, 17, 59, tzinfo=UTC)):
            with pytest.raises(reminding.RemindedAlready):
                self.remind(row, later)
        assert Notice.objects.filter(kind="coach_reminder").count() == 1

    def test_after_seven_days_again_and_again(self, row):
        for at in range(3):
            self.remind(row, datetime(2027, 3, 21, 18, 0, tzinfo=UTC) + timedelta(days=7 * at))

        assert Notice.objects.filter(kind="coach_reminder").count() == 3

    def test_another_person_has_a_week_of_their_own(self, row, course):
        self.remind(row, NOW)
        self.remind(enrolled(course, UserFactory()), NOW)

        assert Notice.objects.filter(kind="coach_reminder").count() == 2

    @pytest.mark.parametrize("case", ["active", "waiting"])
    def test_nobody_who_gets_on(self, row, case):
        if case == "active":
            Enrolment.objects.update(active_at=YESTERDAY)
        else:
            do_lessons(row)
            Course.objects.update(needs_dates=1)
            CourseDateFactory(course=row.course, session=SessionFactory(starts_at=NOW + timedelta(days=9)))

        with pytest.raises(reminding.GetsOn):
            self.remind(row, NOW)
        assert not Notice.objects.filter(kind="coach_reminder").exists()

    @pytest.mark.parametrize("case", ["active", "finished", "left", "nothing new"])
    def test_the_mail_is_wanted_as_long_as_the_light_says_so(self, row, case):
        self.remind(row, NOW)
        notice = Notice.objects.get(kind="coach_reminder")
        moment = {"active": "active_at", "finished": "finished_at", "left": "left_at"}.get(case)
        if moment:
            Enrolment.objects.update(**{moment: NOW + timedelta(minutes=1)})

        wanted = reminding.CoachReminder().still_wanted(notice, now=NOW + timedelta(minutes=2))

        assert wanted is (case == "nothing new")


@pytest.mark.django_db(transaction=True)
def test_two_coaches_at_the_same_moment_send_one(coach: User, partner: User) -> None:
    row = enrolled(ModuleFactory().course, UserFactory())

    def press(by: User, now: datetime) -> Any:
        return lambda: reminding.remind(enrolment=row, by=by, now=now)

    outcomes = together(press(coach, NOW), press(partner, NOW + timedelta(seconds=1)))

    assert sorted(map(str, outcomes)) == sorted([str(reminding.RemindedAlready), "None"])
    assert Notice.objects.filter(kind="coach_reminder").count() == 1


class TestStrategies:
    def line(self, strategy: Strategy) -> tuple[str, str]:
        rows = coaching.strategies(demo=True, today=TODAY).filter(pk=strategy.pk)
        [line] = coaching.strategy_lines(list(rows), now=NOW)
        return line.light.value, line.reason

    @pytest.fixture
    def approved(self, strategy: Strategy, participant: User, coach: User) -> Strategy:
        """One of eleven sections, on the 12th of February."""
        write(strategy, "S1", participant, datetime(2027, 2, 10, 9, 0, tzinfo=UTC), history="Seit 1986.")
        version = strategies.send_sections(
            strategy=strategy, codes=["S1"], by=participant, now=datetime(2027, 2, 11, 9, 0, tzinfo=UTC)
        )
        answers.answer_version(
            version=version,
            answers={"S1": answers.Answer(is_good=True, comment="")},
            by=make_coach(coach),
            now=datetime(2027, 2, 12, 9, 0, tzinfo=UTC),
        )
        strategy.refresh_from_db()
        return strategy

    def late(self, strategy: Strategy, due_on: date = date(2027, 3, 25), state: str = "open") -> None:
        Measure.objects.create(
            strategy=strategy, titles={"de": "Anrufen"}, due_on=due_on, state=state, written_at=LONG_AGO
        )

    def test_approved_in_part_and_left_lying(self, approved, english):
        assert self.line(approved) == ("red", "10 sections are still open. Nothing for 42 days.")

    @pytest.mark.parametrize(
        ("answered", "expected"),
        [
            (
                datetime(2027, 3, 12, 9, 0, tzinfo=UTC),
                ("amber", "10 sections are still open. Nothing for 14 days."),
            ),
            (
                datetime(2027, 3, 23, 9, 0, tzinfo=UTC),
                ("green", "10 sections are still open. Last sign of life 3 days ago."),
            ),
        ],
    )
    def test_the_days_begin_with_the_coachs_answer(
        self, strategy, participant, coach, english, answered, expected
    ):
        write(strategy, "S1", participant, LONG_AGO, history="Seit 1986.")
        version = strategies.send_sections(strategy=strategy, codes=["S1"], by=participant, now=LONG_AGO)
        answers.answer_version(
            version=version,
            answers={"S1": answers.Answer(is_good=True, comment="")},
            by=make_coach(coach),
            now=answered,
        )

        assert self.line(strategy) == expected

    def test_one_section_left(self, approved, english):
        approved.sections.exclude(code="S11").update(state=SectionState.APPROVED)

        assert self.line(approved) == ("red", "1 section is still open. Nothing for 42 days.")

    def test_approved_whole_stays_green(self, approved, english):
        approved.sections.update(state=SectionState.APPROVED)

        assert self.line(approved) == ("green", "All sections are approved.")

    @pytest.mark.parametrize(
        ("state", "word"),
        [
            (StrategyState.CARRIED_OUT, "The team is carrying out its measures."),
            (StrategyState.REVIEWED, "The team has looked back at what has come of it."),
        ],
    )
    def test_carried_out_in_part_is_green_too(self, approved, english, state, word):
        Strategy.objects.update(state=state)

        assert self.line(approved) == ("green", word)

    def test_until_a_measure_is_overdue(self, approved, english):
        approved.sections.update(state=SectionState.APPROVED)
        self.late(approved)

        assert self.line(approved) == ("amber", "1 measure is overdue.")

        self.late(approved)
        assert self.line(approved) == ("amber", "2 measures are overdue.")

    @pytest.mark.parametrize(
        ("due_on", "state"),
        [(date(2027, 3, 26), "open"), (date(2027, 3, 1), "done"), (date(2027, 3, 1), "dropped")],
    )
    def test_not_by_one_that_is_due_today_or_settled(self, approved, english, due_on, state):
        Strategy.objects.update(state=StrategyState.CARRIED_OUT)
        self.late(approved, due_on, state)

        assert self.line(approved) == ("green", "The team is carrying out its measures.")

    def test_stuck_weighs_more_than_overdue(self, approved, english):
        self.late(approved)

        assert self.line(approved) == ("red", "10 sections are still open. Nothing for 42 days.")

    def test_what_waits_for_us_is_green(self, approved, english):
        Strategy.objects.update(state=StrategyState.SENT)
        self.late(approved)

        assert self.line(approved) == ("green", "Waits for our answer.")

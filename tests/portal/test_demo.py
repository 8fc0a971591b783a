from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Consent, User
from directory.models import EntryReport
from notifications.kinds import kind
from notifications.models import Notice
from partnerships.models import Partnership
from portal import demo
from portal.demo_sessions import FULL, IN_AN_HOUR, INVITED_ONLY, LAST_WEEK, MEMBERS_ONLY, ON_SITE
from portal.demo_training import LAST_YEARS, NEXT, SLUG
from portal.models import Announcement, Page
from tests.factories.directory import CountryFactory, MunicipalityFactory
from training.actions.finishing import finish_courses
from training.choices import Moment
from training.choices import State as CourseState
from training.enrolling import is_enrolment_open
from training.models import Course, CourseCertificate, CourseSession, Enrolment, LessonDone, SelfCheckAnswer
from training.queries.reading import outline_of
from webinars.actions import thank_participants
from webinars.models import Feedback, Registration, Session
from webinars.queries.desk import FEWEST_ANSWERS


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def directory(db) -> None:
    """As much of the directory as the examples need."""
    for code, name in (("DE", "Germany"), ("HU", "Hungary"), ("RO", "Romania"), ("RS", "Serbia")):
        CountryFactory(code=code, name_de=name, name_en=name)
    MunicipalityFactory(name="Ulm", slug="ulm", ags=demo.ULM)


COUNTED = (
    User,
    Consent,
    EntryReport,
    Partnership,
    Announcement,
    Page,
    Session,
    Registration,
    Feedback,
    Course,
    CourseSession,
    Enrolment,
    LessonDone,
    SelfCheckAnswer,
    CourseCertificate,
)


def counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


def example(facts: dict[str, object]) -> Session:
    return Session.objects.get(title_de=facts["title_de"])


def test_the_demo_world_is_made_once(directory, now):
    first = demo.build(now)
    made = counts()

    second = demo.build(now)

    assert first == second
    assert counts() == made
    assert made[0] == 5
    assert made[2] == 1
    assert EntryReport.objects.get().subject_name == "Ulm"


def test_every_demo_person_can_sign_in(directory, now):
    for email, password, _ in demo.build(now):
        person = authenticate(username=email, password=password)

        assert person.emailaddress_set.get().verified is True
        assert person.consents.get().version == 1


def test_all_demo_partnerships_are_marked(directory, now):
    demo.build(now)

    assert Partnership.objects.filter(is_demo=False).count() == 0
    assert Partnership.objects.filter(is_demo=True).count() > 0


def test_the_demo_chronicle_is_made_once_and_keeps_one_entry_to_the_sides(directory, now):
    demo.build(now)
    demo.build(now)

    there = Partnership.objects.get(slug="beispiel-1")
    assert list(there.chronicle.values_list("on__year", "is_public")) == [
        (1992, True),
        (1998, True),
        (2022, False),
        (2025, True),
    ]
    assert there.actors.count() == 3
    assert [(photo.entry.title, photo.is_public) for photo in there.documents.exclude(entry=None)] == [
        ("Jugendbegegnung am See (Beispiel)", True)
    ]


def test_the_demo_sessions_are_marked_led_by_the_coach_and_said_in_both_languages(directory, now):
    demo.build(now)

    sessions = list(Session.objects.all())
    assert [session.is_demo for session in sessions] == [True] * 13
    assert {host.person.email for session in sessions for host in session.hosts.all()} == {
        "coach@example.org"
    }
    texts = [(one.title_de, one.title_en, one.summary_de, one.summary_en) for one in sessions]
    assert [text for text in texts if not all(text)] == []


def test_last_week_is_over_with_attendance_feedback_and_recording(directory, now):
    demo.build(now)

    session = example(LAST_WEEK)
    assert session.shown_state(now) == "over"
    assert session.recording_published_at is not None
    assert session.registrations.filter(attended_at__isnull=False).count() == 3
    assert session.feedback.count() == FEWEST_ANSWERS  # else neither the desk nor the report shows a mark


def test_nobody_is_told_of_last_week(directory, now):
    demo.build(now)

    thank_participants(now=now)

    told = Notice.objects.filter(about_type__model="registration")
    old = [notice for notice in told if notice.about.session == example(LAST_WEEK)]
    assert len(old) == 3
    assert [kind(notice.kind).still_wanted(notice, now=now) for notice in old] == [False] * 3


def test_one_session_is_full_and_one_begins_in_an_hour(directory, now):
    demo.build(now)

    full, soon = example(FULL), example(IN_AN_HOUR)
    assert list(full.registrations.values_list("state", flat=True)) == ["seat", "seat", "waiting"]
    assert soon.starts_at == now + timedelta(hours=1)
    assert soon.door_is_open(now + timedelta(minutes=50)) is True


def test_the_demo_sessions_are_seen_by_whom_they_are_for(directory, now):
    demo.build(now)
    chair = User.objects.get(email="vorsitz@example.org")
    partner = User.objects.get(email="partner@example.org")

    seen = [
        [
            example(facts) in Session.objects.visible_to(person)
            for facts in (ON_SITE, MEMBERS_ONLY, INVITED_ONLY)
        ]
        for person in (None, chair, partner)
    ]

    assert seen == [[True, False, False], [True, True, False], [True, True, True]]
    assert example(ON_SITE).municipality.name == "Ulm"


def test_in_an_hour_may_be_the_second_of_two_equal_hours(directory):
    night = datetime(2027, 10, 31, 0, 32, tzinfo=UTC)

    demo.build(night)

    soon = example(IN_AN_HOUR)
    assert soon.starts_at == datetime(2027, 10, 31, 1, 35, tzinfo=UTC)
    assert soon.is_second_hour is True


def test_built_on_another_day_what_is_over_is_made_anew(directory, now):
    demo.build(now)

    demo.build(now + timedelta(days=1))

    assert Session.objects.filter(title_de=IN_AN_HOUR["title_de"]).count() == 2
    assert Session.objects.count() == 14


def test_the_running_course_has_a_kick_off_that_was_attended_and_an_evening_ahead(directory, now):
    demo.build(now)

    course = Course.objects.get(slug=SLUG)
    kick_off, evening = (date.session for date in course.dates.order_by("session__starts_at"))
    assert (kick_off.format, kick_off.ends_at < now, kick_off.municipality.name) == ("onsite", True, "Ulm")
    assert (evening.format, evening.starts_at > now) == ("online", True)
    chair = course.enrolments.get(person__email="vorsitz@example.org")
    there = kick_off.registrations.exclude(attended_at=None)
    assert set(there.values_list("person", flat=True)) == set(
        course.enrolments.values_list("person", flat=True)
    )
    outline = outline_of(course, chair)
    assert outline.done == 3
    assert [date.is_done for date in (*outline.dates, *outline.parts[0].dates)] == [True, False]


def test_last_years_course_is_finished_twice_with_certificates_and_one_self_check(directory, now):
    demo.build(now)

    course = Course.objects.get(slug=LAST_YEARS)
    assert (course.state, course.is_demo) == (CourseState.ARCHIVED, True)
    rows = list(course.enrolments.order_by("enrolled_at"))
    assert [row.person.email for row in rows] == ["koordinatorin@example.org", "partner@example.org"]
    assert [row.enrolled_at < row.finished_at < row.certificate.issued_at < now for row in rows] == [True] * 2
    for row in rows:
        outline = outline_of(course, row)
        assert outline.done == outline.total > 0
        assert outline.dates[0].is_done
    checks = [list(row.selfcheck.order_by("moment").values_list("moment", flat=True)) for row in rows]
    assert checks == [[Moment.AFTER] * 10 + [Moment.BEFORE] * 10, []]


def test_the_next_course_is_a_copy_to_which_nobody_can_come_yet(directory, now):
    demo.build(now)

    course = Course.objects.get(slug=NEXT)
    assert (course.state, course.is_demo) == (CourseState.PUBLISHED, True)
    assert is_enrolment_open(course, now=now) is False
    assert is_enrolment_open(course, now=now + timedelta(days=31)) is True
    dates = [date.session for date in course.dates.all()]
    assert [(one.state, one.starts_at > now + timedelta(days=60)) for one in dates] == [
        ("published", True)
    ] * 2
    assert course.enrolments.count() == sum(one.registrations.count() for one in dates) == 0
    assert outline_of(course, None).total == outline_of(Course.objects.get(slug=SLUG), None).total


def test_nobody_is_told_of_courses_that_are_over(directory, now):
    demo.build(now)

    assert finish_courses(now=now) == 0
    thank_participants(now=now)

    told = [(notice, notice.about) for notice in Notice.objects.exclude(about_id=None)]
    enrolled = [about.course.slug for _notice, about in told if isinstance(about, Enrolment)]
    assert set(enrolled) == {SLUG}
    kick_offs = [
        kind(notice.kind).still_wanted(notice, now=now)
        for notice, about in told
        if isinstance(about, Registration)
        and about.session.course_dates.exists()
        and about.session.ends_at < now
    ]
    assert kick_offs == [False] * 4


def test_when_the_evening_is_over_there_is_another_one(directory, now):
    demo.build(now)

    demo.build(now + timedelta(days=20))

    course = Course.objects.get(slug=SLUG)
    assert course.dates.count() == 3
    assert course.dates.filter(session__starts_at__gt=now + timedelta(days=20)).count() == 1
    assert Course.objects.count() == 3


def test_an_empty_directory_does_not_stop_the_people(db, now):
    for code in ("DE", "HU", "RO", "RS"):
        CountryFactory(code=code, name_de=code, name_en=code)

    assert len(demo.build(now)) == 5


def test_production_refuses(directory, now, settings):
    settings.PRODUCTION = True

    with pytest.raises(demo.NotInProduction):
        demo.build(now)
    with pytest.raises(CommandError, match="development only"):
        call_command("demo")
    assert counts() == [0] * len(COUNTED)


def test_the_command_prints_the_sign_ins(directory):
    out = StringIO()

    call_command("demo", stdout=out)

    assert out.getvalue().splitlines()[0].startswith("koordinatorin@example.org")
    assert len(out.getvalue().splitlines()) == 5

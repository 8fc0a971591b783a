"""A year that was not typed to its end is refused at its field: by each form that makes a moment of a day."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import HttpResponse

from discussions.models import Topic
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory
from tests.factories.portal import AnnouncementFactory
from tests.factories.training import CourseDateFactory, CourseFactory, ModuleFactory
from tests.factories.webinars import SessionFactory
from tests.sent_forms import as_shown
from training.models import Course
from webinars.choices import State
from webinars.models import Session

pytestmark = pytest.mark.django_db
NEVER = ("0001-01-01", "9999-12-31")
SAID = "Please enter a day between 2000 and 2100."


def moment(name: str, day: str) -> dict[str, str]:
    """In the admin a moment has two fields."""
    return {f"{name}_0": day, f"{name}_1": "23:59:00" if day > "5" else "00:00:00"}


def refused(answer: HttpResponse, *fields: str) -> bool:
    context: Any = answer.context
    form = context["adminform"].form if "adminform" in context else context["form"]
    return all(SAID in form.errors.get(name, ()) for name in fields)


@pytest.mark.parametrize("day", NEVER)
@pytest.mark.parametrize("name", ["enrol_from", "enrol_until"])
def test_enrolment(admin, client, day, name):
    course = ModuleFactory().course
    admins, address = signed_in(admin, "en"), f"/admin/training/course/{course.pk}/change/"

    answer = admins.post(address, as_shown(admins, address) | moment(name, day))

    assert refused(answer, name)
    assert client.get("/courses/").status_code == 200


@pytest.mark.parametrize("day", NEVER)
def test_the_copy_of_a_course(admin, day):
    course = ModuleFactory(course__enrol_until=datetime(2099, 6, 1, tzinfo=UTC)).course
    client, address = signed_in(admin, "en"), f"/admin/training/course/{course.pk}/copy/"
    data = as_shown(client, address) | {"slug": "neu", "copy": "", "shift": "3660"}

    # Ten years later enrolment would end in 2109.
    assert refused(client.post(address, data), "shift")
    CourseDateFactory(course=course)
    assert refused(client.post(address, data | {"first_day": day}), "first_day")
    assert Course.objects.count() == 1


@pytest.mark.parametrize("day", NEVER)
@pytest.mark.parametrize("name", ["since", "until"])
def test_the_report(admin, day, name):
    asked = {"since": "2027-01-01", "until": "2027-12-31", name: day}

    assert refused(signed_in(admin, "en").get("/admin/training/course/report/", asked), name)


@pytest.mark.parametrize("day", NEVER)
@pytest.mark.parametrize("name", ["starts_at", "ends_at"])
def test_the_banner(admin, client, day, name):
    row = AnnouncementFactory()
    office, address = signed_in(admin, "en"), f"/admin/portal/announcement/{row.pk}/change/"

    answer = office.post(address, as_shown(office, address) | moment(name, day))

    assert refused(answer, name)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("day", NEVER)
def test_a_session_in_the_office(admin, day):
    session = SessionFactory()
    office, address = signed_in(admin, "en"), f"/admin/webinars/session/{session.pk}/change/"
    shown = as_shown(office, address)

    for name in ("opens_at", "closes_at"):
        assert refused(office.post(address, shown | moment(name, day)), name)
    times = {"begins": "23:30:00" if day > "5" else "00:00:00"}
    assert refused(office.post(address, shown | times | {"day": day}), "day")


@pytest.mark.parametrize("day", NEVER)
@pytest.mark.parametrize("name", ["opens_at", "closes_at"])
def test_a_session_at_its_desk(coach, day, name):
    session = SessionFactory(host=coach, state=State.DRAFT)
    client, address = signed_in(coach, "en"), f"/sessions/{session.slug}/desk/edit/"

    answer = client.post(address, as_shown(client, address) | {name: f"{day}T00:00"})

    assert refused(answer, name)
    session.refresh_from_db()
    assert (session.opens_at, session.closes_at) == (None, None)


@pytest.mark.parametrize("day", NEVER)
def test_the_days_of_a_session(admin, coach, day):
    """A session is moved and copied within three years."""
    session = SessionFactory(host=coach)
    client = signed_in(coach, "en")
    common = {"key": str(uuid.uuid4()), "day": day, "begins": "00:00", "minutes": "60"}
    asked = common | {"pattern": "once", "days": day}

    for page, data in (("move", common), ("copy", asked), ("copy", asked | {"pattern": "days"})):
        answer = client.post(f"/sessions/{session.slug}/desk/{page}/", data)
        assert "within the next three years" in answer.content.decode(), page
    assert Session.objects.count() == 1


@pytest.mark.parametrize("day", NEVER)
@pytest.mark.parametrize("kind", ["poll", "dates"])
def test_a_vote(participant, day, kind):
    group = GroupFactory(members=[participant])
    name = "closes_at" if kind == "poll" else "date_1"
    data = {
        "key": str(uuid.uuid4()),
        "title": "When?",
        "text": "x",
        "options": "a\nb",
        "date_2": "2030-01-01T10:00",
        "language": "de",
        name: f"{day}T23:59",
    }

    answer = signed_in(participant, "en").post(f"/groups/{group.slug}/new/?kind={kind}", data)

    assert refused(answer, name)
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [{"enrol_from": datetime(1999, 1, 1, tzinfo=UTC)}, {"enrol_until": datetime(2101, 1, 1, tzinfo=UTC)}],
    ids=str,
)
def test_the_database_refuses_it_too(facts):
    with pytest.raises(IntegrityError):
        CourseFactory(**facts)

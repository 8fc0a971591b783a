"""Publishing, archiving, reminding; and who may open the pages of the office."""

import re

import pytest
from django.urls import reverse

from accounts.models import User
from directory.actions import grant_operating_role
from portal.roles import load_roles
from tests.conftest import signed_in
from tests.factories.directory import MembershipFactory, OrganisationFactory
from tests.factories.training import CourseDateFactory, CourseFactory, ModuleFactory
from training.models import Course, CourseInvitation

pytestmark = pytest.mark.django_db
LIST = "/admin/training/course/"


def act(client, name: str, *courses: Course) -> str:
    data = {"action": name, "_selected_action": [course.pk for course in courses]}
    return client.post(LIST, data, follow=True).content.decode()


def states() -> dict[str, tuple[str, int]]:
    return {course.slug: (course.state, course.version) for course in Course.objects.all()}


def test_only_what_has_lessons_is_published(admin):
    empty, full = CourseFactory(slug="empty", state="draft"), CourseFactory(slug="full", state="draft")
    ModuleFactory(course=full)
    client = signed_in(admin, "en")

    html = act(client, "publish", empty, full)

    assert "A course without a lesson cannot be published." in html
    assert "1 course changed." in html
    assert states() == {"empty": ("draft", 1), "full": ("published", 2)}
    assert "0 courses changed." in act(client, "publish", full)
    assert states()["full"] == ("published", 2)


def test_what_is_over_goes_to_the_archive(admin):
    course = ModuleFactory().course

    assert "1 course changed." in act(signed_in(admin, "en"), "archive", course)
    assert states()[course.slug] == ("archived", 2)


def test_invited_people_are_reminded_from_the_list(admin, now):
    course, closed = ModuleFactory().course, ModuleFactory(course__enrol_until=now.replace(year=2020)).course
    CourseInvitation.objects.create(course=course, email="a@example.org", language="de", invited_at=now)

    html = act(signed_in(admin, "en"), "remind", course, closed)

    assert "1 invited person is reminded" in html
    assert "nobody can enrol at the moment" in html


PAGES = ("copy", "invite", "translations", "report", "write", "tree", "files", "import")
WHO = {
    "visitor": (302, 302, 302, 302, 302, 302, 302, 302),
    "outsider": (302, 302, 302, 302, 302, 302, 302, 302),
    "coach": (302, 302, 302, 302, 302, 302, 302, 302),
    "editor": (403, 403, 200, 403, 403, 403, 403, 403),
    "moderator": (403, 403, 403, 403, 403, 403, 403, 403),
    # To write one begins in the list: without people chosen there the page leads to it.
    "course_lead": (200, 200, 200, 200, 302, 200, 200, 200),
    "administrator": (200, 200, 200, 200, 302, 200, 200, 200),
}


@pytest.mark.parametrize("who", WHO)
def test_who_may_open_what(who, admin, outsider, settings, client):
    settings.STAFF_NEED_SECOND_FACTOR = False
    load_roles()
    course = ModuleFactory().course
    addresses = {
        "copy": reverse("admin:training_course_copy", args=[course.pk]),
        "invite": reverse("admin:training_course_invite", args=[course.pk]),
        "translations": reverse("admin:training_translations"),
        "report": reverse("admin:training_report"),
        "write": reverse("admin:training_enrolment_write"),
        "tree": reverse("admin:training_course_tree", args=[course.pk]),
        "files": reverse("admin:training_course_files", args=[course.pk]),
        "import": reverse("admin:training_course_import"),
    }
    if who == "outsider":
        client = signed_in(outsider)
    elif who != "visitor":
        house = OrganisationFactory(operating="a")
        person = MembershipFactory(organisation=house).person
        grant_operating_role(person=person, organisation=house, role=who, by=admin)
        client = signed_in(User.objects.get(pk=person.pk))

    answers = {name: client.get(addresses[name]) for name in PAGES}
    if answers["files"].streaming:
        assert b"".join(answers["files"].streaming_content)[:2] == b"PK"

    assert tuple(answers[name].status_code for name in PAGES) == WHO[who]
    if who in ("visitor", "outsider", "coach"):
        assert all(answer.url != "/admin/training/enrolment/" for answer in answers.values())


@pytest.mark.parametrize("number", ["0", "nonsense", "9" * 30])
@pytest.mark.parametrize("page", ["copy/", "invite/", "tree/", "files.zip"])
def test_a_course_that_is_not_there(admin, number, page):
    assert signed_in(admin).get(f"{LIST}{number}/{page}").status_code == 404


def test_the_ways_stand_where_one_looks_for_them(admin):
    course = ModuleFactory().course
    client = signed_in(admin)

    html = client.get(f"{LIST}{course.pk}/change/").content.decode()
    assert f"{LIST}{course.pk}/copy/" in html
    assert f"{LIST}{course.pk}/invite/" in html
    assert f"{LIST}{course.pk}/files.zip" in html
    html = client.get(LIST).content.decode()
    assert f"{LIST}translations/" in html
    assert f"{LIST}report/" in html
    assert f"{LIST}import/" in html


@pytest.mark.parametrize("name", ["copy", "report"])
def test_days_are_chosen_from_the_calendar_of_the_browser(admin, name):
    """Django's own calendar needs scripts and styles that its forms bring, and our pages do not."""
    course = ModuleFactory().course
    addresses = {"copy": f"{LIST}{course.pk}/copy/", "report": f"{LIST}report/"}
    CourseDateFactory(course=course)

    html = signed_in(admin, "en").get(addresses[name]).content.decode()

    inputs = [found for found in re.findall(r"<input[^>]*>", html) if 'type="date"' in found]
    assert all(re.search(r'value="\d{4}-\d\d-\d\d"', found) for found in inputs)
    fields = re.findall(r'name="(\w+)"', "".join(inputs))
    assert fields == {"copy": ["first_day"], "report": ["since", "until"]}[name]

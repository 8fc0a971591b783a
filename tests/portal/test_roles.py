"""Who may do what in the office: the whole matrix. A page of the admin that is not listed fails the build."""

from io import StringIO

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import RequestFactory

from accounts.models import User
from directory import actions
from directory.operating import ENTER_THE_OFFICE, OperatingRole
from portal.roles import EVERYTHING, ROLES, load_roles
from tests.conftest import signed_in
from tests.factories.directory import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

# Of each page of the admin, for each role: v(iew) a(dd) c(hange) d(elete). No role has Django's groups: whoever may
# change those gives rights to everybody.
COLUMNS = ("coach", "editor", "course_lead", "moderator", "administrator")
MATRIX: dict[str, tuple[str, ...]] = {
    "accounts.user": ("", "", "", "", "vac"),
    "auth.group": ("", "", "", "", ""),
    "directory.claim": ("", "", "", "vc", "vc"),
    "directory.contactmessage": ("", "", "", "v", "vd"),
    "directory.country": ("", "v", "v", "v", "vac"),
    "directory.entryreport": ("", "vc", "", "vc", "vcd"),
    "directory.membership": ("", "", "v", "vc", "vc"),
    "directory.municipality": ("", "vc", "v", "v", "vac"),
    "directory.organisation": ("", "vc", "v", "vc", "vac"),
    "directory.organisationinvitation": ("", "", "", "v", "v"),
    "directory.region": ("", "v", "v", "v", "vac"),
    "directory.topic": ("", "vc", "v", "v", "vac"),
    # Groups without names and words of closed ones: tests/discussions/test_admin.py.
    "discussions.entry": ("", "", "", "", "v"),
    "discussions.group": ("", "", "v", "", "va"),
    # Without posts of groups: tests/discussions/test_notice.py.
    "discussions.report": ("", "", "", "vc", "vc"),
    "notifications.mailstop": ("", "", "", "v", "v"),
    "notifications.notice": ("", "", "", "v", "v"),
    "partnerships.actor": ("", "", "", "vcd", "vcd"),
    "partnerships.change": ("", "", "", "v", "v"),
    "partnerships.chronicleentry": ("", "", "", "vcd", "vcd"),
    "partnerships.correction": ("", "", "", "vc", "vc"),
    "partnerships.document": ("", "vd", "", "vd", "vd"),
    "partnerships.partnership": ("", "vc", "v", "vc", "vacd"),
    "partnerships.partnershipside": ("", "", "", "vc", "vc"),
    "partnerships.sideinvitation": ("", "", "", "vc", "vc"),
    "portal.announcement": ("", "vacd", "", "", "vacd"),
    "portal.page": ("", "vac", "", "", "vacd"),
    "training.checklistitem": ("", "vc", "vc", "", "vc"),
    "training.course": ("", "", "vac", "", "vac"),
    "training.coursecertificate": ("", "", "v", "", "v"),
    "training.coursesession": ("", "", "vacd", "", "vacd"),
    "training.courseinvitation": ("", "", "vd", "", "vd"),
    "training.coursemail": ("", "", "v", "", "v"),
    "training.enrolment": ("", "", "v", "", "v"),
    "training.lesson": ("", "vc", "vc", "", "vc"),
    "training.module": ("", "vc", "vc", "", "vc"),
    "training.question": ("", "vc", "vc", "", "vc"),
    "training.selfcheckquestion": ("", "vc", "vc", "", "vc"),
    # No page for needs: they are for who leads the session.
    "webinars.calendarfeed": ("", "", "", "", "v"),
    "webinars.certificate": ("", "", "v", "v", "v"),
    "webinars.feedback": ("", "", "v", "v", "v"),
    "webinars.hostmail": ("", "", "v", "v", "v"),
    "webinars.material": ("", "v", "vd", "v", "vd"),
    "webinars.registration": ("", "", "v", "", "v"),
    "webinars.session": ("", "vc", "vac", "v", "vacd"),
}
VERBS = ("view", "add", "change", "delete")


@pytest.fixture(autouse=True)
def _roles():
    load_roles()


def person_with(role: str, granted_by: User) -> User:
    house = OrganisationFactory(operating="a")
    person = MembershipFactory(organisation=house).person
    actions.grant_operating_role(person=person, organisation=house, role=role, by=granted_by)
    return User.objects.get(pk=person.pk)


def rights(person: User) -> dict[str, str]:
    """What the pages of the admin let this person do."""
    request = RequestFactory().get("/admin/")
    request.user = person
    return {
        model._meta.label_lower: "".join(
            verb[0] for verb in VERBS if getattr(page, f"has_{verb}_permission")(request)
        )
        for model, page in site._registry.items()
    }


def test_every_page_of_the_admin_is_in_the_table():
    assert {model._meta.label_lower for model in site._registry} == set(MATRIX)
    assert tuple(OperatingRole.values) == COLUMNS


@pytest.mark.parametrize("role", COLUMNS)
def test_a_role_may_what_the_table_says_and_no_more(role, admin):
    person = person_with(role, admin)

    column = COLUMNS.index(role)
    assert rights(person) == {label: row[column] for label, row in MATRIX.items()}


@pytest.mark.parametrize("role", COLUMNS)
def test_the_office_opens_for_roles_that_work_there(role, admin, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    person = person_with(role, admin)

    is_open = signed_in(person).get("/admin/").status_code == 200

    assert is_open == (role in ENTER_THE_OFFICE) == person.is_staff


@pytest.mark.parametrize("role", COLUMNS)
def test_no_role_gives_rights(role, admin):
    person = person_with(role, admin)

    assert not person.is_superuser
    assert not [right for right in person.get_all_permissions() if right.startswith("auth.")]


def test_without_a_role_there_is_no_right(outsider):
    assert set(rights(outsider).values()) == {""}


def test_loading_again_restores_the_rights_and_keeps_the_people(admin):
    editor = person_with("editor", admin)
    group = Group.objects.get(name="editor")
    group.permissions.add(Permission.objects.get(codename="delete_user"))

    load_roles()

    names = {f"{right.content_type.app_label}.{right.codename}" for right in group.permissions.all()}
    assert names == ROLES[OperatingRole.EDITOR]
    assert list(group.user_set.all()) == [editor]
    assert Group.objects.count() == len(OperatingRole)


def test_the_administrator_has_all_rights_on_what_is_ours():
    group = Group.objects.get(name="administrator")

    assert ROLES[OperatingRole.ADMINISTRATOR] == EVERYTHING
    assert group.permissions.filter(codename="delete_user", content_type__app_label="accounts").exists()


def test_a_right_nobody_has_is_a_mistake(monkeypatch):
    monkeypatch.setitem(ROLES, OperatingRole.COACH, frozenset({"portal.fly_page"}))

    with pytest.raises(KeyError):
        load_roles()


def test_the_command_names_the_roles():
    out = StringIO()

    call_command("load_roles", stdout=out)

    assert "coach, editor, course_lead, moderator, administrator" in out.getvalue()

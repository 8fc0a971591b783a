import pytest
from django.contrib.auth.models import AnonymousUser

from directory import permissions
from directory.queries import people_who_answer_reports
from tests.conftest import grant
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

RIGHTS = ("directory.change_municipality", "directory.delete_municipality", "directory.change_entryreport")


@pytest.mark.parametrize(
    "may", [permissions.can_edit_places, permissions.can_merge, permissions.can_answer_reports]
)
def test_only_staff_with_the_right_may(cast, may):
    editor = UserFactory(is_staff=True)
    grant(editor, *RIGHTS)
    staff_without = UserFactory(is_staff=True)
    granted_without_staff = UserFactory()
    grant(granted_without_staff, *RIGHTS)
    inactive = UserFactory(is_staff=True, is_active=False)
    grant(inactive, *RIGHTS)

    people = {**cast, "editor": editor, "a": staff_without, "b": granted_without_staff, "c": inactive}
    people["visitor"] = AnonymousUser()

    assert {name for name, person in people.items() if may(person)} == {"admin", "editor"}


def test_merging_needs_more_than_editing():
    editor = UserFactory(is_staff=True)
    grant(editor, "directory.change_municipality")

    assert (permissions.can_edit_places(editor), permissions.can_merge(editor)) == (True, False)


def test_the_query_and_the_question_agree(cast):
    editor = UserFactory(is_staff=True)
    grant(editor, *RIGHTS)
    people = [*cast.values(), editor, UserFactory(is_staff=True)]

    assert set(people_who_answer_reports()) == {
        person for person in people if permissions.can_answer_reports(person)
    }

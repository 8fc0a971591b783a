"""From the first page of the office to the pages about all courses, for who may open them."""

import pytest
from django.contrib.auth.models import Group

from portal.roles import load_roles
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
TRANSLATIONS, REPORT = "/admin/training/course/translations/", "/admin/training/course/report/"


@pytest.mark.parametrize(
    ("role", "expected"),
    [("course_lead", [TRANSLATIONS, REPORT]), ("editor", [TRANSLATIONS]), ("moderator", [])],
)
def test_the_first_page_leads_who_may_to_translations_and_report(role, expected, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    load_roles()
    person = UserFactory(is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client = signed_in(person, "en")

    html = client.get("/admin/").content.decode()

    found = [address for address in (TRANSLATIONS, REPORT) if f'href="{address}"' in html]
    assert found == expected
    assert ('id="all-courses"' in html) == bool(expected)
    assert [client.get(address).status_code for address in found] == [200] * len(found)

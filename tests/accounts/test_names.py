"""A name is shown to whom its owner allows."""

from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from accounts import actions, texts
from accounts.models import User
from accounts.names import may_see_name, name_for
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def anna() -> User:
    return UserFactory(display_name="Anna")


@pytest.mark.parametrize(
    ("level", "seen_by"),
    [
        ("public", {"visitor", "outsider", "office", "staff", "anna"}),
        ("members", {"outsider", "office", "staff", "anna"}),
        ("nobody", {"office", "anna"}),
    ],
)
def test_the_level_decides_who_sees_it(anna: User, outsider: User, level: str, seen_by: set[str]) -> None:
    office, staff = UserFactory(is_staff=True), UserFactory(is_staff=True)
    grant(office, "accounts.view_user")
    anna.name_visibility = level
    readers = {"visitor": VISITOR, "outsider": outsider, "office": office, "staff": staff, "anna": anna}

    assert {who for who, reader in readers.items() if name_for(reader, anna) == "Anna"} == seen_by
    assert {who for who, reader in readers.items() if may_see_name(reader, anna)} == seen_by


def test_others_read_that_somebody_is_there(anna: User) -> None:
    assert name_for(VISITOR, anna) == "A member"


def test_members_see_it_unless_the_person_says_otherwise(anna: User, outsider: User) -> None:
    assert (name_for(outsider, anna), name_for(VISITOR, anna)) == ("Anna", "A member")


def test_a_person_without_name_is_no_number_to_strangers(outsider: User) -> None:
    assert name_for(outsider, UserFactory(display_name="")) == "A member"


def test_an_erased_person_is_a_former_member(anna: User, admin: User, now: datetime) -> None:
    actions.erase(anna, by=admin, now=now)

    assert name_for(admin, anna) == "Former member"
    assert anna.name_visibility == "members"


def _choose(anna: User, level: str) -> None:
    page = signed_in(anna, "en").get("/accounts/profile/")
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    answer = signed_in(anna, "en").post("/accounts/profile/", {**data, "name_visibility": level})
    assert answer.status_code == 302
    anna.refresh_from_db()


def test_a_public_name_is_a_consent_with_its_day_and_can_be_withdrawn(anna: User) -> None:
    _choose(anna, "public")
    given = anna.consents.get()
    _choose(anna, "public")
    kept = anna.consents.get()
    _choose(anna, "members")

    version = texts.current_version(texts.PUBLIC_NAME)
    assert (given.text, given.version, kept) == (texts.PUBLIC_NAME, version, given)
    assert (anna.name_visibility, anna.consents.count()) == ("members", 0)

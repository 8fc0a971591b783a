"""People in the office."""

from datetime import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from pytest_django import DjangoAssertNumQueries

from accounts import actions
from accounts.models import User
from tests.accounts.conftest import is_signed_in
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory

LIST = "/admin/accounts/user/"


@pytest.fixture
def clerk(db: None) -> User:
    person = UserFactory(is_staff=True)
    grant(person, "accounts.change_user", "accounts.delete_user", "accounts.view_user", "accounts.add_user")
    return person


def details(person: User, **changes: str) -> dict[str, str]:
    """The form of a person as the office sends it."""
    return {
        "email": person.email,
        "display_name": person.display_name,
        "language": person.language,
        "time_zone": person.time_zone,
        "is_active": "on",
        "spoken_languages-TOTAL_FORMS": "0",
        "spoken_languages-INITIAL_FORMS": "0",
        **changes,
    }


def emails(page: object) -> set[str]:
    return {person.email for person in page.context["cl"].result_list}  # type: ignore[attr-defined]


@pytest.mark.parametrize("others", [1, 3])
def test_list_asks_the_database_no_more_for_more_people(
    admin: User, others: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    UserFactory.create_batch(others)
    client = signed_in(admin)
    client.get(LIST)

    with django_assert_num_queries(7):
        page = client.get(LIST)

    assert len(emails(page)) == others + 1


def test_people_are_found_by_address_and_name(admin: User, coordinator: User, partner: User) -> None:
    client = signed_in(admin)

    assert emails(client.get(LIST, {"q": "coordinator@"})) == {coordinator.email}
    assert emails(client.get(LIST, {"q": "Timișoara"})) == {partner.email}


def test_people_are_filtered_by_second_factor(admin: User, coordinator: User) -> None:
    TOTP.activate(coordinator, "JBSWY3DPEHPK3PXP")
    client = signed_in(admin)

    assert emails(client.get(LIST, {"second_factor": "yes"})) == {coordinator.email}
    assert emails(client.get(LIST, {"second_factor": "no"})) == {admin.email}
    assert len(emails(client.get(LIST, {"second_factor": "nonsense"}))) == 2


def test_page_of_a_person_shows_no_secret(admin: User, coordinator: User, now: datetime) -> None:
    TOTP.activate(coordinator, "JBSWY3DPEHPK3PXP")
    actions.accept(coordinator, text="terms", version=7, language="de", now=now)
    is_signed_in(signed_in(coordinator))

    page = signed_in(admin).get(f"{LIST}{coordinator.pk}/change/").text

    assert "terms 7 (de)" in page
    assert "coordinator@ulm.example" in page
    assert "JBSWY3DPEHPK3PXP" not in page
    assert coordinator.password not in page


@pytest.mark.parametrize("model", [EmailAddress, Authenticator, UserSession])
def test_tables_with_secrets_are_not_in_the_office(model: type) -> None:
    assert not django_admin.site.is_registered(model)


def test_person_is_added_without_password(admin: User) -> None:
    new = {"email": "New@Ulm.example", "display_name": "", "language": "en", "time_zone": "Europe/Sofia"}

    answer = signed_in(admin).post(f"{LIST}add/", new)

    assert answer.status_code == 302
    person = User.objects.get(email="new@ulm.example")
    assert (person.language, person.has_usable_password()) == ("en", False)


def test_changed_address_must_be_confirmed(admin: User, coordinator: User) -> None:
    client = signed_in(coordinator)

    signed_in(admin).post(f"{LIST}{coordinator.pk}/change/", details(coordinator, email="new@ulm.example"))

    assert coordinator.emailaddress_set.get().email == "new@ulm.example"
    assert coordinator.emailaddress_set.get().verified is False
    assert not is_signed_in(client)


def test_deactivated_person_is_signed_out_for_good(admin: User, coordinator: User) -> None:
    client = signed_in(coordinator)

    signed_in(admin).post(f"{LIST}{coordinator.pk}/change/", details(coordinator, is_active=""))
    User.objects.filter(pk=coordinator.pk).update(is_active=True)

    assert not is_signed_in(client)


def test_new_rights_begin_with_a_new_sign_in(admin: User, coordinator: User) -> None:
    client = signed_in(coordinator)

    signed_in(admin).post(f"{LIST}{coordinator.pk}/change/", details(coordinator, is_staff="on"))

    coordinator.refresh_from_db()
    assert coordinator.is_staff
    assert not is_signed_in(client)


def test_changed_name_ends_nothing(admin: User, coordinator: User) -> None:
    client = signed_in(coordinator)

    signed_in(admin).post(f"{LIST}{coordinator.pk}/change/", details(coordinator, display_name="Anna"))

    assert is_signed_in(client)


def test_clerk_cannot_grant_rights(clerk: User, coordinator: User) -> None:
    signed_in(clerk).post(
        f"{LIST}{coordinator.pk}/change/",
        details(coordinator, is_staff="on", is_superuser="on", display_name="Anna"),
    )

    coordinator.refresh_from_db()
    assert (coordinator.display_name, coordinator.is_staff, coordinator.is_superuser) == (
        "Anna",
        False,
        False,
    )


def test_clerk_cannot_change_an_administrator(clerk: User, admin: User) -> None:
    answer = signed_in(clerk).post(f"{LIST}{admin.pk}/change/", details(admin, email="evil@example.org"))

    assert answer.status_code == 403
    admin.refresh_from_db()
    assert admin.email == "admin@operator-b.example"


def test_nobody_is_deleted(admin: User, coordinator: User) -> None:
    client = signed_in(admin)

    assert client.post(f"{LIST}{coordinator.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in dict(client.get(LIST).context["action_form"].fields["action"].choices)
    assert User.objects.filter(pk=coordinator.pk).exists()


def test_erasure_is_asked_for_once(admin: User, coordinator: User) -> None:
    client = signed_in(admin)
    assert f"{LIST}{coordinator.pk}/erase/" in client.get(f"{LIST}{coordinator.pk}/change/").text

    page = client.get(f"{LIST}{coordinator.pk}/erase/")
    coordinator.refresh_from_db()
    assert page.status_code == 200
    assert coordinator.erased_at is None
    client.post(f"{LIST}{coordinator.pk}/erase/", {"confirmed": "yes"})

    coordinator.refresh_from_db()
    assert coordinator.erased_at is not None
    assert LogEntry.objects.get().object_id == str(coordinator.pk)


def test_people_are_erased_from_the_list(
    admin: User, coordinator: User, partner: User, outsider: User
) -> None:
    client = signed_in(admin)
    chosen = {"action": "erase_personal_data", "_selected_action": [coordinator.pk, partner.pk]}

    page = client.post(LIST, chosen)
    assert page.status_code == 200
    assert User.objects.filter(erased_at=None).count() == 4
    client.post(LIST, {**chosen, "confirmed": "yes"})

    assert set(User.objects.filter(erased_at=None)) == {admin, outsider}


def test_last_administrator_stays(admin: User) -> None:
    page = signed_in(admin, "en").post(f"{LIST}{admin.pk}/erase/", {"confirmed": "yes"}, follow=True)

    assert "The last administrator cannot be erased." in page.text
    assert User.objects.filter(erased_at=None).count() == 1


@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_last_administrator_keeps_each_right(admin: User, right: str) -> None:
    rights = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}

    page = signed_in(admin, "en").post(f"{LIST}{admin.pk}/change/", details(admin, **{**rights, right: ""}))

    admin.refresh_from_db()
    assert page.context["adminform"].form.errors == {
        right: ["This is the last administrator. Please give another person all rights first."]
    }
    assert (admin.is_active, admin.is_staff, admin.is_superuser) == (True, True, True)


def test_one_of_two_administrators_may_go(admin: User) -> None:
    other = UserFactory(is_staff=True, is_superuser=True)

    answer = signed_in(admin).post(f"{LIST}{other.pk}/change/", details(other, is_active=""))

    other.refresh_from_db()
    assert answer.status_code == 302
    assert (other.is_active, other.is_superuser) == (False, False)


def test_last_administrator_may_change_the_own_name(admin: User) -> None:
    new = details(admin, is_staff="on", is_superuser="on", display_name="Anna")

    signed_in(admin).post(f"{LIST}{admin.pk}/change/", new)

    admin.refresh_from_db()
    assert admin.display_name == "Anna"


def test_clerk_cannot_erase_an_administrator(clerk: User, admin: User) -> None:
    client = signed_in(clerk)

    assert client.post(f"{LIST}{admin.pk}/erase/", {"confirmed": "yes"}).status_code == 403
    client.post(LIST, {"action": "erase_personal_data", "_selected_action": [admin.pk], "confirmed": "yes"})

    assert User.objects.filter(erased_at=None).count() == 2


@pytest.mark.parametrize("number", ["999999", "abc", "1%00"])
def test_unknown_person_is_not_found(admin: User, number: str) -> None:
    assert signed_in(admin).get(f"{LIST}{number}/erase/").status_code == 404


def test_sessions_end_from_the_list(admin: User, coordinator: User, outsider: User) -> None:
    client, other = signed_in(coordinator), signed_in(outsider)

    signed_in(admin).post(LIST, {"action": "end_all_sessions", "_selected_action": [coordinator.pk]})

    assert not is_signed_in(client)
    assert is_signed_in(other)


def test_outsider_sees_nobody(outsider: User) -> None:
    assert signed_in(outsider).get(LIST).status_code == 302


def test_office_signs_out_like_everybody(admin: User) -> None:
    client = signed_in(admin)

    answer = client.post("/admin/logout/")

    assert answer["Clear-Site-Data"] == '"cache"'
    assert not is_signed_in(client)


def test_office_changes_its_password_where_everybody_does(admin: User) -> None:
    assert signed_in(admin).get("/admin/password_change/")["Location"] == "/accounts/password/change/"

"""Own details."""

import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import actions
from accounts.models import SpokenLanguage, User
from tests.conftest import signed_in


def filled(**changes: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "display_name": "Anna",
        "name_visibility": "members",
        "language": "en",
        "time_zone": "Europe/Kyiv",
        "spoken_1": "uk",
        "level_1": "native",
        "spoken_2": "",
        "level_2": "good",
        **changes,
    }


def test_details_are_saved(coordinator: User) -> None:
    answer = signed_in(coordinator).post("/accounts/profile/", filled())

    assert answer["Location"] == "/accounts/profile/"
    coordinator.refresh_from_db()
    assert (coordinator.display_name, coordinator.language, coordinator.time_zone) == (
        "Anna",
        "en",
        "Europe/Kyiv",
    )
    assert list(coordinator.spoken_languages.values_list("language", "level")) == [("uk", "native")]


def test_chosen_language_is_shown_at_once(coordinator: User) -> None:
    client = signed_in(coordinator, "de")

    page = client.post("/accounts/profile/", filled(language="en"), follow=True)

    assert client.cookies["django_language"].value == "en"
    assert '<html lang="en"' in page.text
    assert "Your details have been saved." in page.text


def test_languages_are_replaced(partner: User) -> None:
    SpokenLanguage.objects.create(person=partner, language="de", level="basic")

    signed_in(partner).post("/accounts/profile/", filled(spoken_1="ro", level_1="good"))

    assert list(partner.spoken_languages.values_list("language", "level")) == [("ro", "good")]


def test_more_rows_than_shown_are_taken(coordinator: User) -> None:
    rows = {f"spoken_{number}": code for number, code in enumerate(("de", "en", "hu", "ro", "sr"), start=1)}

    signed_in(coordinator).post("/accounts/profile/", filled(**rows))

    assert coordinator.spoken_languages.count() == 5


def test_language_named_twice_is_refused_at_its_row(coordinator: User) -> None:
    answer = signed_in(coordinator).post("/accounts/profile/", filled(spoken_2="uk"))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["spoken_2"]
    assert coordinator.spoken_languages.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("language", "xx"), ("time_zone", "Mars/Base"), ("spoken_1", "xx"), ("level_1", "perfect")],
)
def test_unknown_choice_is_refused(coordinator: User, field: str, value: str) -> None:
    answer = signed_in(coordinator).post("/accounts/profile/", filled(**{field: value}))

    assert list(answer.context["form"].errors) == [field]
    coordinator.refresh_from_db()
    assert coordinator.display_name == "Koordinatorin Ulm"


def test_refused_form_shows_the_name_in_force_in_the_head(coordinator: User) -> None:
    page = signed_in(coordinator).post("/accounts/profile/", filled(language="xx", display_name="Nobody yet"))

    assert page.context["request"].user.display_name == "Koordinatorin Ulm"


def test_hidden_fields_change_nothing_else(coordinator: User) -> None:
    signed_in(coordinator).post("/accounts/profile/", filled(is_staff="1", email="evil@example.org"))

    coordinator.refresh_from_db()
    assert (coordinator.is_staff, coordinator.email) == (False, "coordinator@ulm.example")


def test_form_sent_twice_acts_once(coordinator: User) -> None:
    client, form = signed_in(coordinator), filled()
    client.post("/accounts/profile/", form)
    User.objects.update(display_name="Changed meanwhile")

    answer = client.post("/accounts/profile/", form)

    assert answer["Location"] == "/accounts/profile/"
    coordinator.refresh_from_db()
    assert coordinator.display_name == "Changed meanwhile"


def test_page_says_what_else_is_kept(coordinator: User) -> None:
    page = signed_in(coordinator, "en").get("/accounts/profile/")

    assert coordinator.email in page.text
    assert dict(page.context["facts"])["Second factor"] == "not set up"


def test_accepted_terms_are_shown(coordinator: User, now: object) -> None:
    actions.accept(coordinator, text="terms", version=7, language="en", now=now)  # type: ignore[arg-type]

    page = signed_in(coordinator, "en").get("/accounts/profile/")

    assert dict(page.context["facts"])["Terms of use"] == "version 7, accepted on 26 March 2027"


@pytest.mark.parametrize("languages", [["de"], ["de", "hu", "ro"]])
def test_queries_do_not_grow_with_the_languages(
    coordinator: User, languages: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for code in languages:
        SpokenLanguage.objects.create(person=coordinator, language=code)
    client = signed_in(coordinator)
    client.get("/accounts/profile/")

    with django_assert_num_queries(6):
        client.get("/accounts/profile/")


def test_visitor_has_no_profile(db: None) -> None:
    assert Client().post("/accounts/profile/", filled()).status_code == 302

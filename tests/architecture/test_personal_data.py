"""Every table with a key to a person says what of it is exported and erased – also those of other packages."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

import notifications.personal_data  # noqa: F401 -- registers
from accounts import personal_data
from accounts.models import User


def with_key_to_a_person(candidates: Iterable[type[models.Model]]) -> set[str]:
    """Labels of the models with a foreign key or one-to-one to a person; many-to-many lie in their own tables."""
    return {
        model._meta.label
        for model in candidates
        if model is User
        or any(field.remote_field and field.related_model is User for field in model._meta.fields)
    }


def unregistered(
    candidates: Iterable[type[models.Model]], registered: Iterable[type[models.Model]]
) -> set[str]:
    return with_key_to_a_person(candidates) - {model._meta.label for model in registered}


def test_every_table_with_a_key_to_a_person_is_registered() -> None:
    every_model = apps.get_models(include_auto_created=True)
    registered = [holding.model for holding in personal_data.holdings()]

    assert unregistered(every_model, registered) == set()


def test_tables_of_other_packages_are_looked_at() -> None:
    found = with_key_to_a_person(apps.get_models(include_auto_created=True))

    assert found >= {
        "account.EmailAddress",
        "accounts.User",
        "accounts.User_groups",
        "admin.LogEntry",
        "mfa.Authenticator",
        "notifications.Notice",
        "usersessions.UserSession",
    }


@isolate_apps("portal")
def test_planted_table_is_found() -> None:
    class Forgotten(models.Model):
        person = models.ForeignKey(User, models.CASCADE, related_name="+")

        class Meta:
            app_label = "portal"

    class Shared(models.Model):
        people = models.ManyToManyField(User, related_name="+")

        class Meta:
            app_label = "portal"

    class Harmless(models.Model):
        class Meta:
            app_label = "portal"

    planted = [Forgotten, Shared, Shared.people.through, Harmless]

    assert unregistered(planted, registered=[]) == {"portal.Forgotten", "portal.Shared_people"}
    assert unregistered(planted, registered=[Forgotten, Shared.people.through]) == set()

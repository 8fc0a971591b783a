"""Statements made once answer like the querysets they are made of."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts.models import User
from core.prepared import Prepared
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_the_queryset_is_built_once_and_the_values_change(django_assert_num_queries):
    built = []

    def build(email, since):
        built.append(email)
        return User.objects.filter(email=email, joined_at__gt=since).values_list("pk", "display_name")

    anna, bela = UserFactory(display_name="Anna"), UserFactory(display_name="Béla")
    named = Prepared(build)
    before, after = anna.joined_at - timedelta(days=1), anna.joined_at + timedelta(days=1)

    with django_assert_num_queries(3):
        assert named.rows(email=anna.email, since=before) == [(anna.pk, "Anna")]
        assert named.rows(email=bela.email, since=before) == [(bela.pk, "Béla")]
        assert named.rows(email=bela.email, since=after) == []
    assert len(built) == 1


def test_rows_of_a_model_carry_annotations():
    anna = UserFactory(display_name="Anna")
    people = Prepared(lambda number: User.objects.filter(pk=number).annotate(said=F("display_name")))

    (found,) = people.models(number=anna.pk)

    assert (found, found.said, found.email) == (anna, "Anna", anna.email)


def test_values_that_are_like_each_other_keep_their_places():
    anna = UserFactory(display_name="x", email="x@example.org")
    found = Prepared(
        lambda name, email: User.objects.filter(display_name=name, email=email).values_list("pk")
    )

    assert found.rows(name="x", email="x@example.org") == [(anna.pk,)]
    assert found.rows(name="x@example.org", email="x") == []


def test_what_the_builder_looks_at_makes_another_statement():
    for name in ("Anna", "Béla", "Cilli"):
        UserFactory(display_name=name)

    def build(since, backwards):
        people = User.objects.filter(joined_at__gt=since).order_by(
            "-display_name" if backwards else "display_name"
        )
        return people.values_list("display_name")[:1]

    first = Prepared(build)
    since = User.objects.earliest("joined_at").joined_at - timedelta(days=1)

    assert first.rows({"backwards": False}, since=since) == [("Anna",)]
    assert first.rows({"backwards": True}, since=since) == [("Cilli",)]


def test_only_the_latest_combinations_are_kept(monkeypatch):
    monkeypatch.setattr("core.prepared._MOST_KEPT", 2)
    built = []

    def build(number, at):
        built.append(at)
        return User.objects.filter(pk=number).values_list("pk")[at : at + 1]

    pages = Prepared(build)
    for at in (0, 1, 2, 2, 0):
        pages.rows({"at": at}, number=1)

    assert built == [0, 1, 2, 0]


def test_quotes_and_signs_are_values():
    typed = "'; DROP TABLE accounts_user; -- %s %%"
    UserFactory(display_name=typed)
    named = Prepared(lambda name: User.objects.filter(display_name=name).values_list("display_name"))

    assert named.rows(name=typed) == [(typed,)]

"""Import analysis cannot see foreign keys written as strings; this can."""

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.layers import height, layers

OWN = {app for layer in layers() for app in layer}


def upward_keys(found: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in found
        if model._meta.app_label in OWN
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if height(field.related_model._meta.app_label) < height(model._meta.app_label)
    ]


def test_foreign_keys_point_downwards() -> None:
    assert upward_keys(apps.get_models(include_auto_created=True)) == []


@isolate_apps("directory", "partnerships")
def test_a_planted_upward_key_is_found() -> None:
    class Partnership(models.Model):
        class Meta:
            app_label = "partnerships"

    class Planted(models.Model):
        partnership = models.ForeignKey(Partnership, models.CASCADE)

        class Meta:
            app_label = "directory"

    assert upward_keys([Planted]) == ["directory.Planted.partnership -> partnerships.Partnership"]

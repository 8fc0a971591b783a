"""The admin's fields in which one searches for a row, safe from values that no page has sent."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.http import HttpRequest


class KnownNumbers(AutocompleteSelect):
    """Django asks the database for whatever was sent, to show it again: "x" would end in an error page."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        return super().optgroups(name, [one for one in value if self._can_be(one)], attr)

    def _can_be(self, typed: str) -> bool:
        key = self.field.remote_field.model._meta.pk
        try:
            key.run_validators(key.to_python(typed))
        except ValidationError:
            return typed == ""
        return True


class SearchedFor(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """For admins with `autocomplete_fields`."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any], request: HttpRequest, **options: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = KnownNumbers(db_field, self.admin_site, using=options.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **options)

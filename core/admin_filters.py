"""Filters for more than one admin list."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator


class TranslationMissingFilter(admin.SimpleListFilter):
    """Rows with a text that is there in another language but not in the chosen one."""

    title = _("translation missing")
    parameter_name = "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, str(get_language_info(code)["name_translated"])) for code, _name in settings.LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        language = self.value()
        if language not in dict(settings.LANGUAGES):
            return None
        return queryset.filter(lacks_text(queryset.model, language))


def lacks_text(model: type[Model], language: str) -> Q:
    """True for rows where a translated field is empty in `language` and filled in another."""
    codes = [code for code, _name in settings.LANGUAGES]
    missing = Q(pk__in=())
    options: Any = translator.get_options_for_model(model)
    for field in options.fields:
        filled_elsewhere = Q(pk__in=())
        for other in codes:
            if other != language:
                filled_elsewhere |= ~_empty(f"{field}_{other}")
        missing |= _empty(f"{field}_{language}") & filled_elsewhere
    return missing


def _empty(column: str) -> Q:
    return Q(**{f"{column}__isnull": True}) | Q(**{column: ""})

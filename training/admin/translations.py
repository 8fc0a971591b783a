"""Which texts lack a language, and which are outdated in one."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from training.actions import editing
from training.admin.office import address_to_change, by, shown
from training.queries.translations import OTHER, gaps, outdated


class OutdatedFilter(admin.SimpleListFilter):
    """Rows whose other language was changed after the chosen one."""

    title = gettext_lazy("outdated translation")
    parameter_name = "outdated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, str(get_language_info(code)["name_translated"])) for code in OTHER]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        language = self.value()
        return queryset.filter(outdated(language)) if language in OTHER else None


class Agrees(admin.ModelAdmin):
    """For lists of texts in both languages."""

    @admin.action(description=gettext_lazy("The translation is right as it is"), permissions=["change"])
    def agree(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        rows = self.agreed_with(queryset)
        for row in rows:
            editing.agree(row=row, by=by(request), now=timezone.now())
        said = ngettext(
            "%(number)s text is noted as right.", "%(number)s texts are noted as right.", len(rows)
        )
        messages.success(request, said % {"number": len(rows)})

    def agreed_with(self, queryset: QuerySet[Any]) -> list[Any]:
        return list(queryset)


def translations_page(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "gap": gap,
            "language": get_language_info(gap.language)["name_translated"],
            "address": address_to_change(request, gap.row),
        }
        for gap in gaps()
    ]
    return shown(request, "translations", title=_("Translations"), rows=rows)

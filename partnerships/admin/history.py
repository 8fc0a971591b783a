"""The history of every entry, to be read only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnerships.models import Change


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    list_display = ("at", "partnership", "what", "person", "side", "is_office")
    list_filter = ("what", "is_office")
    list_select_related = ("partnership", "person", "side__municipality", "side__region")
    search_fields = ("partnership__search_text",)
    date_hierarchy = "at"
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super()
            .get_queryset(request)
            .prefetch_related("partnership__sides__municipality", "partnership__sides__region")
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

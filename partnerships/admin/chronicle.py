"""The office's view of the chronicle: to look after it and to take out what must go. Written by the sides' pages."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from partnerships import actions
from partnerships.forms.chronicle import ActorAdminForm, EntryAdminForm
from partnerships.models import Actor, ChronicleEntry


class _Written(admin.ModelAdmin):
    """What both have in common: they are added on the page of the partnership."""

    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("partnership")
        return rows.prefetch_related("partnership__sides__municipality", "partnership__sides__region")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ChronicleEntry)
class ChronicleEntryAdmin(_Written):
    form = EntryAdminForm
    list_display = ("title", "partnership", "kind", "on", "is_public", "written_by", "written_at")
    list_filter = ("is_public", "kind", "language")
    list_select_related = ("written_by",)
    search_fields = ("title", "partnership__search_text")
    date_hierarchy = "on"
    readonly_fields = ("partnership", "written_by", "written_at")
    fields = ("partnership", *actions.OF_ENTRY, "written_by", "written_at", "base_version")

    def save_model(self, request: HttpRequest, obj: ChronicleEntry, form: Any, change: bool) -> None:
        actions.edit_entry(
            entry=obj,
            facts={name: form.cleaned_data[name] for name in form.changed_data if name in actions.OF_ENTRY},
            by=cast(User, request.user),
            # The form has looked at the row under a lock; what is there now is what its writer has seen.
            base_version=obj.version,
            now=timezone.now(),
        )

    def delete_model(self, request: HttpRequest, obj: ChronicleEntry) -> None:
        actions.delete_entry(entry=obj, by=cast(User, request.user), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ChronicleEntry]) -> None:
        for entry in queryset:
            self.delete_model(request, entry)


@admin.register(Actor)
class ActorAdmin(_Written):
    form = ActorAdminForm
    list_display = ("name", "type", "partnership", "side", "since_year", "until_year")
    list_filter = ("type",)
    list_select_related = ("side__municipality", "side__region")
    search_fields = ("name", "partnership__search_text")
    readonly_fields = ("partnership", "side", "organisation")
    fields = ("partnership", *actions.OF_ACTOR, "base_version")

    def save_model(self, request: HttpRequest, obj: Actor, form: Any, change: bool) -> None:
        actions.edit_actor(
            actor=obj,
            facts={name: form.cleaned_data[name] for name in form.changed_data if name in actions.OF_ACTOR},
            by=cast(User, request.user),
            base_version=obj.version,
            now=timezone.now(),
        )

    def delete_model(self, request: HttpRequest, obj: Actor) -> None:
        actions.delete_actor(actor=obj, by=cast(User, request.user), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Actor]) -> None:
        for actor in queryset:
            self.delete_model(request, actor)

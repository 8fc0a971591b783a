"""Who has gone into a closed group, when and why: to be read by the other administrators."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from discussions.admin.groups import ShowsNoMore
from discussions.models import Entry


@admin.register(Entry)
class EntryAdmin(ShowsNoMore):
    list_display = ("at", "person", "address", "reason")
    list_select_related = ("person", "group")
    search_fields = ("person__display_name", "person__email__iexact", "group__slug__iexact")
    search_help_text = _("Part of a name, or the whole address of a person or a group.")
    ordering = ("-at", "-pk")
    fields = ("at", "person", "address", "reason")
    readonly_fields = ("address",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("address of the group"))
    def address(self, entry: Entry) -> str:
        return entry.group.slug

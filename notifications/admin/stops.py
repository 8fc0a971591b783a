"""Addresses to which no mails go any more."""

from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from notifications import actions
from notifications.addresses import address_digest
from notifications.models import MailStop


@admin.register(MailStop)
class MailStopAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("reader", "reason", "said", "stopped_at")
    list_filter = ("reason", "stopped_at")
    list_select_related = ("person",)
    search_fields = ("person__display_name", "address__exact")
    search_help_text = _(
        "Part of a name, or a whole address. Addresses without account are not kept as text."
    )
    actions = ("lift",)
    fields = readonly_fields = ("reader", "reason", "said", "stopped_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MailStop | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MailStop | None = None) -> bool:
        return False

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_mailstop")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[MailStop], search_term: str
    ) -> tuple[QuerySet[MailStop], bool]:
        """An address is looked for by its digest."""
        is_address = "@" in search_term
        return super().get_search_results(
            request, queryset, address_digest(search_term) if is_address else search_term
        )

    @admin.display(description=_("reader"))
    def reader(self, stop: MailStop) -> str:
        return stop.person.shown_name if stop.person else str(_("an address without account"))

    @admin.action(description=_("Send mails again"), permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: QuerySet[MailStop]) -> None:
        lifted = 0
        for stop in queryset:
            actions.lift_stop(stop, by=cast(User, request.user))
            lifted += 1
        text = ngettext(
            "%(number)s address gets mails again.", "%(number)s addresses get mails again.", lifted
        )
        self.message_user(request, text % {"number": lifted}, messages.SUCCESS)

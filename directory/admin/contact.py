"""Messages passed on: the office sees that they were, and may delete one. Never the sender's address."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.models import ContactMessage


@admin.register(ContactMessage)
class ContactMessageAdmin(admin.ModelAdmin):
    list_display = ("subject_name", "sender_name", "excerpt", "language", "sent_at")
    list_filter = ("sent_at", "language")
    search_fields = ("subject_name", "sender_name", "text")
    date_hierarchy = "sent_at"
    fields = readonly_fields = ("subject_name", "sender_name", "text", "language", "sent_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ContactMessage | None = None) -> bool:
        """Nobody edits what somebody wrote."""
        return False

    @admin.display(description=_("message"))
    def excerpt(self, message: ContactMessage) -> str:
        return message.text if len(message.text) < 80 else f"{message.text[:79]}…"

"""Files of partnerships: the office looks, and takes away what must not be there. Adding and changing is the sides'."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships import actions
from partnerships.models import Document


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    list_display = ("shown_title", "kind", "partnership", "is_public", "uploaded_by", "uploaded_at")
    list_filter = ("kind", "is_public", "content_type")
    list_select_related = ("uploaded_by",)
    search_fields = ("title", "original_name", "partnership__search_text")
    date_hierarchy = "uploaded_at"
    list_per_page = 50
    fields = (
        "shown_title", "link", "kind", "partnership", "entry", "is_public", "rights_holder", "has_rights",
        "has_consent", "size", "uploaded_by", "uploaded_at",
    )  # fmt: skip
    readonly_fields = ("shown_title", "link")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Not what somebody has only begun to enter."""
        rows = super().get_queryset(request).filter(draft=None)
        return rows.prefetch_related("partnership__sides__municipality", "partnership__sides__region")

    @admin.display(description=_("what it shows"), ordering="title")
    def shown_title(self, document: Document) -> str:
        return str(document)

    @admin.display(description=_("file"))
    def link(self, document: Document) -> str:
        address = reverse("partnerships:file", args=[document.pk])
        return format_html('<a href="{}">{}</a>', address, document.original_name)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        actions.delete_document(document=obj, by=cast(User, request.user), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for document in queryset.select_related("partnership"):
            self.delete_model(request, document)

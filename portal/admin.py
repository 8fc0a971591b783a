"""Pages and the banner, edited by the office."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TabbedTranslationAdmin

from accounts.models import User
from core.admin_filters import TranslationMissingFilter
from portal import actions
from portal.forms import AnnouncementForm, PageForm
from portal.models import Announcement, Page, PageVersion
from portal.pages import is_kept
from portal.placeholders import placeholders
from portal.queries import LANGUAGES, texts_of


class PageVersionInline(admin.TabularInline):
    model = PageVersion
    fields = readonly_fields = ("number", "saved_at", "saved_by", "shown")
    extra = 0
    can_delete = False

    @admin.display(description=_("text"))
    def shown(self, version: PageVersion) -> str:
        url = reverse("portal:page_version", args=(version.page.slug, version.number))
        return (
            format_html('<a href="{}">{}</a>', url, _("Read"))
            if version.page.kind == Page.Kind.LEGAL
            else "–"
        )

    def has_add_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False


@admin.register(Page)
class PageAdmin(TabbedTranslationAdmin):
    form = PageForm
    fields = ("title", "body", "slug", "kind", "version", "preview", "gaps")
    readonly_fields = ("version", "preview", "gaps")
    list_display = ("title", "slug", "kind", "version", "changed_at", "number_of_gaps")
    list_filter = ("kind", TranslationMissingFilter)
    search_fields = ("slug", *(f"{field}_{code}" for field in ("title", "body") for code in LANGUAGES))
    inlines = (PageVersionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> Any:
        fixed = ("slug", "kind") if obj and is_kept(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        # The action of the list asks this for each page, too.
        return super().has_delete_permission(request, obj) and not (obj and is_kept(obj))

    @admin.display(description=_("preview"))
    def preview(self, page: Page) -> str:
        if not page.pk:
            return "–"
        url = reverse("portal:page", args=(page.slug,))
        return format_html_join(
            " · ", '<a href="{}?lang={}">{}</a>', ((url, code, code) for code in LANGUAGES)
        )

    @admin.display(description=_("still to fill in"))
    def gaps(self, page: Page) -> str:
        return ", ".join(_gaps(page)) or "–"

    @admin.display(description=_("gaps"))
    def number_of_gaps(self, page: Page) -> int:
        return len(_gaps(page))

    def save_model(self, request: HttpRequest, obj: Page, form: PageForm, change: bool) -> None:
        actions.save_page(obj, by=cast(User, request.user), now=timezone.now())


def _gaps(page: Page) -> list[str]:
    return [gap for text in texts_of(page).values() for gap in placeholders(text["body"])] if page.pk else []


@admin.register(Announcement)
class AnnouncementAdmin(TabbedTranslationAdmin):
    form = AnnouncementForm
    fields = ("text", "level", "starts_at", "ends_at")
    list_display = ("text", "level", "starts_at", "ends_at", "is_shown")
    list_filter = ("level", TranslationMissingFilter)
    search_fields = tuple(f"text_{code}" for code in LANGUAGES)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"starts_at": timezone.now(), **super().get_changeform_initial_data(request)}

    @admin.display(description=_("shown now"), boolean=True)
    def is_shown(self, announcement: Announcement) -> bool:
        return _is_shown(announcement, timezone.now())

    def save_model(
        self, request: HttpRequest, obj: Announcement, form: AnnouncementForm, change: bool
    ) -> None:
        actions.save_announcement(obj)

    def delete_model(self, request: HttpRequest, obj: Announcement) -> None:
        actions.delete_announcement(obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for announcement in queryset:
            actions.delete_announcement(announcement)


def _is_shown(announcement: Announcement, now: datetime) -> bool:
    return announcement.starts_at <= now and (announcement.ends_at is None or now < announcement.ends_at)

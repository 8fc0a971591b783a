"""The mail log: what was told to whom, and what could not be delivered."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from notifications import actions
from notifications.admin import preview
from notifications.kinds import all_kinds, known_kind
from notifications.mails import message
from notifications.models import Notice


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(told.name, told.title) for told in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice] | None:
        return queryset.filter(kind=self.value()) if self.value() else None


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "reader", "state", "queued_at", "tries", "last_error")
    list_filter = ("state", KindFilter, "queued_at")
    search_fields = ("recipient__display_name", "recipient__email__iexact", "email__iexact")
    search_help_text = _("Part of a name, or a whole address.")
    list_select_related = ("recipient",)
    date_hierarchy = "queued_at"
    show_full_result_count = False
    actions = ("send_again",)
    change_list_template = "admin/notifications/notice_list.html"
    fields = readonly_fields = (
        "title",
        "reader",
        "state",
        "queued_at",
        "bell_at",
        "due_at",
        "sent_at",
        "tries",
        "last_error",
        "preview",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        """Without what was emptied after its time: only the key is left of it."""
        return super().get_queryset(request).exclude(kind="")

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("preview/", preview.preview_list, "notice_preview"),
            ("preview/<slug:name>/<slug:language>/", preview.preview_mail, "notice_preview_mail"),
            ("preview/<slug:name>/<slug:language>/html/", preview.preview_html, "notice_preview_html"),
        ]
        own = [path(at, self._for_the_office(page), name=name) for at, page, name in pages]
        return [*own, *super().get_urls()]

    def _for_the_office(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(page)
        def guarded(request: HttpRequest, **arguments: str) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return page(request, **arguments)

        return self.admin_site.admin_view(guarded)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        """Nobody edits what was said."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_notice")

    @admin.display(description=_("what"))
    def title(self, notice: Notice) -> str:
        titles = {told.name: told.title for told in all_kinds()}
        return str(titles.get(notice.kind, notice.kind))

    @admin.display(description=_("reader"))
    def reader(self, notice: Notice) -> str:
        return notice.recipient.shown_name if notice.recipient else notice.email or "–"

    @admin.display(description=_("the mail, as it reads today"))
    def preview(self, notice: Notice) -> str:
        told = known_kind(notice.kind)
        if told is not None and told.is_private:
            return str(_("Told among the members of a group. The office does not read it."))
        try:
            mail = message(notice)
        except Exception as error:  # the thing it is about may be gone; the log must open nevertheless
            return _("It can no longer be shown (%(error)s).") % {"error": type(error).__name__}
        text = mark_safe(linebreaks(mail.body, autoescape=True))  # noqa: S308 -- escaped by linebreaks
        return format_html("<p><strong>{}</strong></p>{}", mail.subject, text)

    @admin.action(description=_("Send again what has failed"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        queued, left = 0, 0
        for notice in queryset:
            try:
                person = cast(User, request.user)
                actions.send_again(notice=notice, by=person, now=timezone.now())
                queued += 1
            except (actions.NotFailed, actions.NoReader):
                left += 1
        if queued:
            text = ngettext(
                "%(number)s notice is queued again.", "%(number)s notices are queued again.", queued
            )
            self.message_user(request, text % {"number": queued}, messages.SUCCESS)
        if left:
            text = ngettext(
                "%(number)s was left alone: it has not failed, or its reader is gone.",
                "%(number)s were left alone: they have not failed, or their readers are gone.",
                left,
            )
            self.message_user(request, text % {"number": left}, messages.WARNING)

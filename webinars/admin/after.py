"""What comes with and after a session, to be read: mails of hosts, feedback, files; and feeds, which can be ended."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core.admin_filters import TranslationMissingFilter
from webinars import actions
from webinars.admin.registrations import ReadOnly
from webinars.choices import Seat
from webinars.models import CalendarFeed, Feedback, HostMail, Material
from webinars.queries.desk import FEWEST_ANSWERS


@admin.register(HostMail)
class HostMailAdmin(ReadOnly):
    """What was written and to how many; not by whom and to whom."""

    list_display = ("subject", "session", "to_whom", "readers", "sent_at")
    list_filter = ("sent_at",)
    list_select_related = ("session",)
    search_fields = ("subject", "text", "session__title_de", "session__title_en")
    date_hierarchy = "sent_at"
    fields = ("session", "subject", "text", "to_whom", "readers", "sent_at")
    readonly_fields = ("to_whom",)

    @admin.display(description=_("to whom"))
    def to_whom(self, mail: HostMail) -> str:
        words = dict(Seat.choices)
        return ", ".join(str(words.get(state, state)) for state in mail.states)


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    list_display = ("session", "useful", "understandable", "technology", "text", "given_on")
    list_filter = ("useful", "understandable", "technology", "given_on")
    list_select_related = ("session",)
    search_fields = ("text", "session__title_de", "session__title_en")
    date_hierarchy = "given_on"
    fields = ("session", "useful", "understandable", "technology", "text", "given_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        """As on the desk: of a session with fewer answers one could guess whose they are."""
        enough = (
            Feedback.objects.values("session").annotate(number=Count("id")).filter(number__gte=FEWEST_ANSWERS)
        )
        return super().get_queryset(request).filter(session__in=enough.values("session"))


@admin.register(Material)
class MaterialAdmin(ReadOnly):
    """Added on the session's desk; taken away here as well."""

    list_display = ("title", "session", "kind", "access", "original_name", "uploaded_at")
    list_filter = ("kind", "access", TranslationMissingFilter)
    list_select_related = ("session",)
    search_fields = ("title_de", "title_en", "original_name", "session__title_de", "session__title_en")
    date_hierarchy = "uploaded_at"
    fields = (
        "session", "kind", "title_de", "title_en", "access", "original_name", "size", "uploaded_by", "uploaded_at",
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Material | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_model(self, request: HttpRequest, obj: Material) -> None:
        actions.delete_material(material=obj, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Material]) -> None:
        for material in queryset:
            self.delete_model(request, material)


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnly):
    """Who has one; never its address, which would open it."""

    list_display = ("person", "made_at")
    list_filter = ("made_at",)
    list_select_related = ("person",)
    search_fields = ("person__display_name", "person__email__iexact")
    fields = ("person", "made_at")
    actions = ("end",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("webinars.change_calendarfeed"))

    @admin.action(description=_("End: these addresses stop working"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[CalendarFeed]) -> None:
        feeds: list[Any] = list(queryset.select_related("person"))
        for feed in feeds:
            self.log_change(request, feed, "ended")
            actions.end_feed(person=feed.person)
        said = ngettext("%(number)s feed ended.", "%(number)s feeds ended.", len(feeds))
        self.message_user(request, said % {"number": len(feeds)}, messages.SUCCESS)

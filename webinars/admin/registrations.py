"""Who comes: the office reads, and takes somebody off the list. Needs are for hosts, so no page here shows them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from webinars import actions
from webinars.models import Certificate, Registration


class ReadOnly(admin.ModelAdmin):
    """Rows that only actions write."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Registration)
class RegistrationAdmin(ReadOnly):
    list_display = (
        "shown_name",
        "session",
        "state",
        "number",
        "organisation",
        "registered_at",
        "attended_at",
    )
    list_filter = ("state", "session__format", "attended_how", "registered_at")
    list_select_related = ("person", "session", "organisation")
    search_fields = (
        "name",
        "email__iexact",
        "person__display_name",
        "person__email__iexact",
        "session__title_de",
        "session__title_en",
        "session__slug",
    )
    search_help_text = _("Part of a name, a whole address, or words of the session's title.")
    ordering = ("-session__starts_at", "number")
    fields = (
        "session",
        "shown_name",
        "address",
        "organisation",
        "state",
        "number",
        "registered_at",
        "seated_at",
        "offer_expires_at",
        "cancelled_at",
        "attended_at",
        "attended_how",
    )
    readonly_fields = ("shown_name", "address")
    actions = ("cancel",)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("webinars.change_registration"))

    @admin.display(description=_("name"))
    def shown_name(self, registration: Registration) -> str:
        return registration.shown_name or "–"

    @admin.display(description=_("e-mail address"))
    def address(self, registration: Registration) -> str:
        person = registration.person
        return (person.email if person else registration.email) or "–"

    @admin.action(
        description=_("Cancel these registrations: people are told, seats are passed on"),
        permissions=["cancel"],
    )
    def cancel(self, request: HttpRequest, queryset: QuerySet[Registration]) -> None:
        """Each row alone: one that has begun does not keep the others from being cancelled."""
        by, now = cast(User, request.user), timezone.now()
        done, late = 0, 0
        for registration in queryset.exclude(state=Registration.Seat.CANCELLED).order_by("session", "number"):
            try:
                actions.cancel_registration(registration=registration, by=by, now=now)
            except actions.TooLate:
                late += 1
                continue
            self.log_change(request, registration, "cancelled")
            done += 1
        said = ngettext("%(number)s registration cancelled.", "%(number)s registrations cancelled.", done)
        self.message_user(request, said % {"number": done}, messages.SUCCESS if done else messages.WARNING)
        if late:
            said = ngettext(
                "%(number)s registration stays: its session has begun.",
                "%(number)s registrations stay: their sessions have begun.",
                late,
            )
            self.message_user(request, said % {"number": late}, messages.WARNING)


@admin.register(Certificate)
class CertificateAdmin(ReadOnly):
    list_display = ("code", "name", "session", "issued_at")
    list_filter = ("issued_at",)
    list_select_related = ("registration__session",)
    search_fields = (
        "code__iexact",
        "name",
        "registration__session__title_de",
        "registration__session__title_en",
    )
    date_hierarchy = "issued_at"
    fields = ("code", "name", "session", "issued_at")
    readonly_fields = ("session",)

    @admin.display(description=_("session"))
    def session(self, certificate: Certificate) -> str:
        return str(certificate.registration.session)

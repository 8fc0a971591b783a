"""The office's view of organisations, of who belongs to them, and of who may enter the office."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from modeltranslation.admin import TabbedTranslationAdmin

from accounts.models import User
from core.admin_filters import TranslationMissingFilter
from directory import actions, permissions
from directory.admin.places import FoldedSearch, NotDeletable
from directory.forms import OfficeMembershipForm, OfficeOrganisationForm
from directory.models import Membership, Organisation, OrganisationInvitation


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waits", _("waits to be published")),
            ("published", _("published")),
            ("ended", _("given up by its people")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        conditions = {
            "waits": Q(published_at=None, ended_at=None),
            "published": ~Q(published_at=None),
            "ended": ~Q(ended_at=None),
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else None


class PeopleFilter(admin.SimpleListFilter):
    """Organisations that hang on one person, or on nobody."""

    title = gettext_lazy("people")
    parameter_name = "people"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nobody", _("nobody")), ("alone", _("only one person"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        number = {"nobody": 0, "alone": 1}.get(self.value() or "")
        return queryset.filter(number_of_people=number) if number is not None else None


class MembershipInline(admin.TabularInline):
    """To read; what is changed goes through the membership's own page or the pages of the organisation."""

    model = Membership
    fields = readonly_fields = ("person", "role", "state", "since", "until")
    extra = 0
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("person")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(NotDeletable, FoldedSearch, TabbedTranslationAdmin):
    form = OfficeOrganisationForm
    list_display = ("name", "type", "seat", "is_published", "number_of_people", "created_at")
    list_filter = (
        StateFilter,
        PeopleFilter,
        "type",
        "seat__country",
        "operating",
        ("is_demo", admin.BooleanFieldListFilter),
        TranslationMissingFilter,
    )
    search_fields = ("search_text",)
    search_help_text = gettext_lazy("Any name of it or of its seat, with or without accents.")
    list_select_related = ("seat",)
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    autocomplete_fields = ("seat",)
    inlines = (MembershipInline,)
    actions = ("publish", "withdraw")
    readonly_fields = ("slug", "published_at", "ended_at", "is_demo")
    fieldsets = (
        (None, {"fields": ("name", "type", "seat", "legal_form", "is_non_profit", "slug", "base_version")}),
        (gettext_lazy("What it says about itself"), {"fields": ("description", "website", "languages")}),
        (
            gettext_lazy("How it is reached"),
            {"fields": (("phone", "phone_visibility"), ("postal_address", "postal_address_visibility"))},
        ),
        (gettext_lazy("State"), {"fields": ("published_at", "ended_at", "operating", "is_demo")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        active = Q(memberships__state=Membership.State.ACTIVE, memberships__person__is_active=True)
        return super().get_queryset(request).annotate(number_of_people=Count("memberships", filter=active))

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        """Whose people may get roles in the office is for who may grant those."""
        fields = tuple(super().get_readonly_fields(request, obj))
        may_grant = permissions.can_grant_operating_roles(request.user)
        return fields if may_grant else (*fields, "operating")

    @admin.display(description=gettext_lazy("public"), boolean=True, ordering="published_at")
    def is_published(self, organisation: Organisation) -> bool:
        return organisation.published_at is not None

    @admin.display(description=gettext_lazy("people"), ordering="number_of_people")
    def number_of_people(self, organisation: Organisation) -> int:
        return organisation.number_of_people  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        actions.save_organisation(organisation=obj, by=_by(request))
        if not change:
            # What the office enters needs nobody else's look.
            actions.publish_organisation(organisation=obj, by=_by(request), now=timezone.now())

    @admin.action(description=gettext_lazy("Publish, and tell its coordinators"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        done = [
            row
            for row in queryset
            if actions.publish_organisation(organisation=row, by=_by(request), now=timezone.now())
        ]
        for row in done:
            self.log_change(request, row, _("Published"))
        text = ngettext(
            "%(number)s organisation is public now.", "%(number)s organisations are public now.", len(done)
        )
        self.message_user(request, text % {"number": len(done)}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Take back from the public"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        done = [row for row in queryset if actions.withdraw_organisation(organisation=row, by=_by(request))]
        for row in done:
            self.log_change(request, row, _("Taken back from the public"))
        text = ngettext(
            "%(number)s organisation is no longer public.",
            "%(number)s organisations are no longer public.",
            len(done),
        )
        self.message_user(request, text % {"number": len(done)}, messages.SUCCESS)


@admin.register(Membership)
class MembershipAdmin(NotDeletable, admin.ModelAdmin):
    """Who belongs where. A new membership begins with an invitation or a request, not here."""

    form = OfficeMembershipForm
    list_display = ("person", "organisation", "role", "state", "since", "until")
    list_filter = ("state", "role", "organisation__operating", "since")
    search_fields = (
        "person__display_name",
        "person__email__iexact",
        "organisation__search_text",
        "organisation__name",
    )
    search_help_text = gettext_lazy("Name of the person or the organisation, or a whole address.")
    list_select_related = ("person", "organisation")
    date_hierarchy = "asked_at"
    actions = ("end",)
    told = ("person", "organisation", "state", "note", "asked_at", "since", "until", "decided_by")

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        return (*self.told, "role", *(("operating_roles",) if self._may_grant(request, obj) else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        fields = self.told if self._is_active(obj) else (*self.told, "role")
        # Read only, a declared field is no part of the form, whatever a browser sends.
        return fields if self._may_grant(request, obj) else (*fields, "operating_roles")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self._is_active(obj))

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        now = timezone.now()
        actions.change_role(membership=obj, by=_by(request), role=form.cleaned_data["role"], now=now)
        if "operating_roles" in form.changed_data:
            actions.set_operating_roles(
                person=obj.person,
                organisation=obj.organisation,
                roles=form.cleaned_data["operating_roles"],
                by=_by(request),
            )

    @admin.action(description=gettext_lazy("End memberships"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        number = 0
        for membership in queryset.filter(state=Membership.State.ACTIVE).select_related("organisation"):
            try:
                actions.end_membership(membership=membership, by=_by(request), now=timezone.now())
            except actions.LastCoordinator:
                text = _(
                    "%(membership)s is the last coordinator. Please make somebody else coordinator first."
                )
                self.message_user(request, text % {"membership": membership}, messages.ERROR)
            else:
                self.log_change(request, membership, _("Ended"))
                number += 1
        text = ngettext("%(number)s membership has ended.", "%(number)s memberships have ended.", number)
        self.message_user(request, text % {"number": number}, messages.SUCCESS)

    def _is_active(self, obj: Membership | None) -> bool:
        return obj is not None and obj.state == Membership.State.ACTIVE

    def _may_grant(self, request: HttpRequest, obj: Membership | None) -> bool:
        return (
            obj is not None
            and self._is_active(obj)
            and bool(obj.organisation.operating)
            and permissions.can_grant_operating_roles(request.user)
        )


@admin.register(OrganisationInvitation)
class OrganisationInvitationAdmin(NotDeletable, admin.ModelAdmin):
    """To read, and to withdraw. The link is shown to nobody: whoever has it may join."""

    list_display = ("organisation", "email", "role", "language", "invited_at", "expires_at", "answer")
    list_filter = ("role", "language", "invited_at")
    search_fields = ("organisation__name", "organisation__search_text", "email__iexact")
    list_select_related = ("organisation",)
    date_hierarchy = "invited_at"
    actions = ("withdraw",)
    fields = readonly_fields = (
        "organisation",
        "email",
        "role",
        "language",
        "invited_by",
        "invited_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OrganisationInvitation | None = None) -> bool:
        return False

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("directory.change_organisationinvitation")

    @admin.display(description=gettext_lazy("what became of it"))
    def answer(self, invitation: OrganisationInvitation) -> str:
        if invitation.accepted_at:
            return _("accepted")
        if invitation.revoked_at:
            return _("withdrawn")
        return _("open") if timezone.now() < invitation.expires_at else _("expired")

    @admin.action(description=gettext_lazy("Withdraw invitations"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[OrganisationInvitation]) -> None:
        number = 0
        for invitation in queryset.filter(accepted_at=None, revoked_at=None).select_related("organisation"):
            actions.withdraw_invitation(invitation=invitation, by=_by(request), now=timezone.now())
            self.log_change(request, invitation, _("Withdrawn"))
            number += 1
        text = ngettext(
            "%(number)s invitation is withdrawn.", "%(number)s invitations are withdrawn.", number
        )
        self.message_user(request, text % {"number": number}, messages.SUCCESS)


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)

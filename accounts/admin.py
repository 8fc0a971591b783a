"""People, as the office sees them. Nobody is deleted: personal data is erased, what others see keeps its place."""

from typing import Any, cast

# These register themselves; they show secrets and would change things past our actions.
import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 -- see above
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import actions, permissions
from accounts.models import SpokenLanguage, User
from accounts.queries import address_of

for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")
NEEDED = ("is_active", "is_staff", "is_superuser")
"""What an administrator cannot do without."""


class SecondFactorFilter(admin.SimpleListFilter):
    title = gettext_lazy("second factor")
    parameter_name = "second_factor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("set up")), ("no", _("not set up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(Q(has_second_factor=self.value() == "yes"))
        return queryset


def titled(words: str | Promise) -> type[admin.BooleanFieldListFilter]:
    """A filter of a yes-or-no field under a heading of its own."""

    class Titled(admin.BooleanFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = str(words)

    return Titled


class SpokenLanguageInline(admin.TabularInline):
    model = SpokenLanguage
    extra = 0


class PersonForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lost = [name for name in NEEDED if not cleaned.get(name, getattr(self.instance, name))]
        if self.instance.pk and lost:
            try:
                actions.refuse_last_administrator(self.instance)
            except actions.LastAdministrator:
                self.add_error(
                    lost[0], _("This is the last administrator. Please give another person all rights first.")
                )
        return cleaned


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    form = PersonForm
    list_display = (
        "email",
        "display_name",
        "language",
        "is_staff",
        "is_active",
        "second_factor",
        "joined_at",
    )
    list_filter = ("is_active", "is_staff", SecondFactorFilter, "language", "joined_at")
    search_fields = ("email", "display_name")
    search_help_text = gettext_lazy("E-mail address or name")
    ordering = ("-joined_at",)
    date_hierarchy = "joined_at"
    filter_horizontal = ("groups", "user_permissions")
    # Who sees the name is the person's own choice.
    readonly_fields = (
        "name_visibility",
        "joined_at",
        "last_login",
        "erased_at",
        "addresses",
        "factors",
        "consents",
        "sessions",
    )
    inlines = (SpokenLanguageInline,)
    actions = ("erase_personal_data", "end_all_sessions")
    fieldsets = (
        (
            None,
            {"fields": ("email", "display_name", "name_visibility", "language", "time_zone", "is_active")},
        ),
        (
            gettext_lazy("Signing in"),
            {"fields": ("addresses", "factors", "sessions", "last_login", "joined_at", "erased_at")},
        ),
        (gettext_lazy("Accepted texts"), {"fields": ("consents",)}),
        (gettext_lazy("Rights in the office"), {"fields": RIGHTS}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "display_name", "language", "time_zone"),
                "description": gettext_lazy(
                    "No password is needed: the person signs in with a code sent to this address, "
                    "and may then set a password."
                ),
            },
        ),
    )

    # What is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        return super().get_queryset(request).annotate(has_second_factor=Exists(factors))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if permissions.can_grant_rights(_by(request)):
            return self.readonly_fields
        return (*self.readonly_fields, *RIGHTS)

    @admin.display(description=gettext_lazy("second factor"), boolean=True, ordering="has_second_factor")
    def second_factor(self, person: User) -> bool:
        return person.has_second_factor  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("open"), boolean=True, ordering="is_active")
    def open(self, person: User) -> bool:
        return person.is_active

    @admin.display(description=gettext_lazy("office"), boolean=True, ordering="is_staff")
    def office(self, person: User) -> bool:
        return person.is_staff

    @admin.display(description=gettext_lazy("addresses"))
    def addresses(self, person: User) -> str:
        rows = EmailAddress.objects.filter(user=person)
        states = {True: _("confirmed"), False: _("not confirmed")}
        return _lines([f"{row.email} – {states[row.verified]}" for row in rows])

    @admin.display(description=gettext_lazy("second factor"))
    def factors(self, person: User) -> str:
        rows = Authenticator.objects.filter(user=person).order_by("created_at")
        return _lines(
            [f"{row.get_type_display()} – {timezone.localtime(row.created_at):%d.%m.%Y}" for row in rows]
        )

    @admin.display(description=gettext_lazy("accepted"))
    def consents(self, person: User) -> str:
        return _lines(
            [
                f"{row.text} {row.version} ({row.language}) – {timezone.localtime(row.accepted_at):%d.%m.%Y %H:%M}"
                for row in person.consents.all()
            ]
        )

    @admin.display(description=gettext_lazy("signed in"))
    def sessions(self, person: User) -> str:
        rows = UserSession.objects.filter(user=person)
        return _lines([" – ".join(filter(None, (address_of(row), row.user_agent))) for row in rows])

    # Who may do what

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or permissions.can_change(_by(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.delete_user")

    # What happens

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if not change:
            actions.add_person(obj, by=_by(request), now=timezone.now())
            return
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            actions.change_address(obj, email=obj.email, by=_by(request))
        if {"is_active", *RIGHTS} & set(form.changed_data):
            # New rights begin with a new sign-in, which is shorter for staff.
            actions.end_sessions(obj, by=_by(request))

    @admin.action(description=gettext_lazy("End all sessions"), permissions=["change"])
    def end_all_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        people = [person for person in queryset if permissions.can_change(_by(request), person)]
        for person in people:
            actions.end_sessions(person, by=_by(request))
        text = ngettext(
            "The sessions of %(number)s person have ended.",
            "The sessions of %(number)s people have ended.",
            len(people),
        )
        self.message_user(request, text % {"number": len(people)}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Erase personal data"), permissions=["erase"])
    def erase_personal_data(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        people = [person for person in queryset if permissions.can_erase(_by(request), person)]
        if not people:
            self.message_user(request, _("You may not erase these people."), messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            return self._ask(request, people)
        self._erase(request, people)
        return None

    def get_urls(self) -> list[URLPattern]:
        erase = path(
            "<path:object_id>/erase/", self.admin_site.admin_view(self.erase_view), name="accounts_user_erase"
        )
        return [erase, *super().get_urls()]

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        number = int(object_id) if object_id.isdigit() else None
        person = get_object_or_404(User, pk=number)
        if not permissions.can_erase(_by(request), person):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask(request, [person])
        self._erase(request, [person])
        return redirect("admin:accounts_user_changelist")

    def _ask(self, request: HttpRequest, people: list[User]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase personal data"),
            "opts": self.model._meta,
            "people": people,
            "from_list": "action" in request.POST,
        }
        return render(request, "admin/accounts/user/erase_confirmation.html", context)

    def _erase(self, request: HttpRequest, people: list[User]) -> None:
        for person in people:
            try:
                actions.erase(person, by=_by(request), now=timezone.now())
            except actions.LastAdministrator:
                text = _(
                    "The last administrator cannot be erased. Please give another person all rights first."
                )
                self.message_user(request, text, messages.ERROR)
            else:
                self.log_change(request, person, _("Personal data erased"))
                self.message_user(request, _("The personal data has been erased."), messages.SUCCESS)


def _by(request: HttpRequest) -> User:
    """The admin lets nobody in who is not signed in."""
    return cast(User, request.user)


def _lines(texts: list[str]) -> str:
    return format_html_join("\n", "{}<br>", ((text,) for text in texts)) or "–"

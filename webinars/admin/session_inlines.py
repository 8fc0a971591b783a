"""What hangs on a session in the office: hosts, reminders, invited people."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from modeltranslation.admin import TranslationTabularInline

from accounts.models import User
from webinars.actions.reminders import LOOK_AHEAD
from webinars.choices import LeadUnit
from webinars.models import Host, Invitation, ReminderPlan
from webinars.permissions import LEADS


def may_arrange(request: HttpRequest) -> bool:
    """Everything but the texts: time, room, seats, hosts."""
    return bool(request.user.has_perms(("webinars.add_session", "webinars.change_session")))


class HostsFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if self.deleted_forms and not self.people():
            raise ValidationError(_("Somebody must lead the session."))

    def people(self) -> list[User]:
        rows = [form.instance for form in kept(self) if form.instance.person_id]
        return [row.person for row in sorted(rows, key=lambda row: row.position)]


class HostInline(admin.TabularInline):
    model = Host
    formset = HostsFormSet
    fields = ("position", "person")
    extra = 1

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A short list: who leads sessions or has led one. Choosing among all would be a right to see all people."""
        leads = Q(groups__name__in=LEADS) | Q(hosted_sessions__isnull=False) | Q(pk=request.user.pk)
        kwargs["queryset"] = User.objects.filter(leads, is_active=True).distinct().order_by("display_name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReminderForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        days = cleaned.get("amount") if cleaned.get("unit") == LeadUnit.DAYS else None
        if days and days > LOOK_AHEAD.days:
            self.add_error("amount", _("At most %(number)s days before.") % {"number": LOOK_AHEAD.days})
        return cleaned


class ReminderInline(TranslationTabularInline):
    model = ReminderPlan
    form = ReminderForm
    fields = ("amount", "unit", "text")
    extra = 0

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if may_arrange(request) else ("amount", "unit")


class InvitationInline(admin.TabularInline):
    """To read; people are invited by their address."""

    model = Invitation
    fields = readonly_fields = ("person", "invited_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        return super().get_queryset(request).select_related("person")


def kept(formset: Any) -> list[Any]:
    gone = formset.deleted_forms
    return [form for form in formset.forms if form not in gone and (form.has_changed() or form.instance.pk)]

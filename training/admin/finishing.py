"""The dates of courses, and the certificates that were issued."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.models import User
from core.admin_choices import SearchedFor
from training.actions import editing
from training.actions import finishing as actions
from training.models import CourseCertificate, CourseSession


class CourseSessionForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        rows = CourseSession.objects.filter(course=said.get("course"), session=said.get("session"))
        if not self.errors and rows.exclude(pk=self.instance.pk).exists():
            self.add_error("session", _("This session is a date of the course already."))
        return said


@admin.register(CourseSession)
class CourseSessionAdmin(SearchedFor, admin.ModelAdmin):
    """Which sessions are dates of which course. The sessions themselves are made where all are."""

    form = CourseSessionForm
    list_per_page = 50
    show_full_result_count = False
    list_display = ("session", "course", "after_module")
    list_filter = ("course",)
    list_select_related = ("session", "course")
    search_fields = ("session__title_de", "session__title_en", "session__slug")
    autocomplete_fields = ("course", "session")

    def save_model(self, request: HttpRequest, obj: CourseSession, form: Any, change: bool) -> None:
        editing.save_date(date=obj)

    def delete_model(self, request: HttpRequest, obj: CourseSession) -> None:
        editing.remove_date(date=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CourseSession]) -> None:
        for date in queryset:
            editing.remove_date(date=date)


class RevokeForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "The person reads it. The public check page says only that the certificate was revoked."
        ),
        max_length=300,
        widget=forms.TextInput(attrs={"size": 80}),
    )


class RevokedFilter(admin.SimpleListFilter):
    title = gettext_lazy("validity")
    parameter_name = "revoked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", pgettext("certificate", "valid")), ("yes", pgettext("certificate", "revoked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        if self.value() not in ("no", "yes"):
            return None
        return queryset.filter(revoked_at__isnull=self.value() == "no")


@admin.register(CourseCertificate)
class CourseCertificateAdmin(admin.ModelAdmin):
    """Read, and revoked; only actions write."""

    list_per_page = 50
    show_full_result_count = False
    list_display = ("code", "name", "course", "issued_at", "revoked_at")
    list_filter = ("enrolment__course", "issued_at", RevokedFilter)
    list_select_related = ("enrolment__course",)
    search_fields = ("code__iexact", "name")
    date_hierarchy = "issued_at"
    fields = ("code", "name", "course", "issued_at", "revoked_at", "revoked_why")
    readonly_fields = ("course",)
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(cast(User, request.user).has_perm("training.change_coursecertificate"))

    @admin.display(description=gettext_lazy("course"))
    def course(self, certificate: CourseCertificate) -> str:
        return str(certificate.enrolment.course)

    @admin.action(description=gettext_lazy("Revoke …"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[CourseCertificate]) -> HttpResponse | None:
        """Asks for the reason, once for the selection: a revoked certificate stays revoked."""
        form = RevokeForm(request.POST if "asked" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form)
        by, now, done = cast(User, request.user), timezone.now(), 0
        for certificate in queryset:
            if actions.revoke_certificate(
                certificate=certificate, why=form.cleaned_data["why"], by=by, now=now
            ):
                self.log_change(request, certificate, "revoked")
                done += 1
        said = ngettext("%(number)s certificate revoked.", "%(number)s certificates revoked.", done)
        self.message_user(request, said % {"number": done}, messages.SUCCESS if done else messages.WARNING)
        return None

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[CourseCertificate], form: RevokeForm
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revoke certificates"),
            "form": form,
            "rows": queryset,
            "opts": self.opts,
            "action_name": request.POST.get("action", ""),
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/training/revoke.html", context)

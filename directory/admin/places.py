"""The office's view of the directory. What has consequences goes through actions."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import CharField, F, QuerySet
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TabbedTranslationAdmin

from accounts.models import User
from core.admin_filters import TranslationMissingFilter
from core.folding import fold
from directory import actions, permissions
from directory.forms import AnswerForm, MergeForm, MunicipalityForm, RegionForm
from directory.merging import MergeConflict
from directory.models import Country, EntryReport, Municipality, MunicipalityName, Region, Topic
from directory.reports import address_of

CODES = ("ags", "lau", "nuts", "geonames_id", "wikidata_id")


class NotDeletable:
    """Places and topics are referred to from elsewhere: places are merged, nothing is deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FoldedSearch:
    """Searches the folded names, as the public list does."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in fold(search_term).split():
            queryset = queryset.filter(search_text__contains=word)
        if search_term.strip() and not fold(search_term):
            queryset = queryset.none()
        return queryset, False


class PositionFilter(admin.SimpleListFilter):
    title = _("position")
    parameter_name = "position"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("known", _("known")), ("missing", _("missing"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return {"known": queryset.mapped, "missing": queryset.unmapped}.get(
            self.value() or "", lambda: None
        )()


class MergedFilter(admin.SimpleListFilter):
    title = _("merged")
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("not merged")), ("yes", _("merged into another"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("yes", "no"):
            return None
        return queryset.filter(merged_into__isnull=self.value() == "no")


class RegionFilter(admin.SimpleListFilter):
    """The regions of the chosen country; without a country there would be hundreds."""

    title = _("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        country = request.GET.get("country__code__exact", "")
        rows = Region.objects.filter(country=country).order_by("search_text")
        return [(str(number), name) for number, name in rows.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        return (
            queryset.filter(region=int(value))
            if value.isascii() and value.isdecimal() and len(value) < 18
            else None
        )


class MunicipalityNameInline(admin.TabularInline):
    model = MunicipalityName
    fields = ("text", "language", "kind")
    extra = 1
    formfield_overrides = {CharField: {"widget": TextInput(attrs={"size": "24"})}}


def merge_view(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Any], merge: Any
) -> HttpResponse | None:
    """Asks which of the selected rows stays, then merges the others into it, all or none."""
    rows = list(queryset.order_by("pk")[:11])
    if not 2 <= len(rows) <= 10:
        model_admin.message_user(request, _("Please select two to ten entries."), messages.WARNING)
        return None
    choices = [(str(row.pk), model_admin.describe(row)) for row in rows]
    form = MergeForm(
        request.POST if "kept" in request.POST or "merge" in request.POST else None, choices=choices
    )
    if form.is_valid():
        kept = next(row for row in rows if str(row.pk) == form.cleaned_data["kept"])
        try:
            merge(kept, [row for row in rows if row is not kept])
        except MergeConflict as conflict:
            form.add_error(None, str(conflict))
        else:
            model_admin.message_user(
                request, _("Merged into “%(name)s”.") % {"name": kept.name}, messages.SUCCESS
            )
            return redirect(f"admin:{kept._meta.app_label}_{kept._meta.model_name}_change", kept.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Merge"),
        "opts": model_admin.model._meta,
        "rows": rows,
        "form": form,
        "action_name": request.POST.get("action", ""),
        "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/directory/merge.html", context)


@admin.register(Municipality)
class MunicipalityAdmin(NotDeletable, FoldedSearch, TabbedTranslationAdmin):
    form = MunicipalityForm
    list_display = ("name", "country", "region", "kind", "population", "on_map")
    list_filter = (
        "country",
        RegionFilter,
        "kind",
        "source",
        PositionFilter,
        MergedFilter,
        ("is_demo", admin.BooleanFieldListFilter),
        TranslationMissingFilter,
    )
    search_fields = ("search_text",)
    search_help_text = _("Any name, in any script, with or without accents.")
    list_select_related = ("country", "region")
    show_full_result_count = False
    ordering = ("sort_key", "id")
    autocomplete_fields = ("region",)
    inlines = (MunicipalityNameInline,)
    actions = ("merge_selected",)
    readonly_fields = ("slug", "source", "merged_into", "partnership_count", "is_demo")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "german_name",
                    "local_script_name",
                    "local_script_by_rule",
                    "slug",
                    "merged_into",
                    "base_version",
                )
            },
        ),
        (
            _("Where and what"),
            {
                "fields": (
                    "country",
                    "region",
                    "kind",
                    "local_kind",
                    "website",
                    "official_domains",
                    "description",
                )
            },
        ),
        (
            _("Facts"),
            {"fields": (("population", "population_year"), ("latitude", "longitude"), "time_zone")},
        ),
        (_("Codes"), {"fields": CODES}),
        (_("Record"), {"fields": ("source", "partnership_count", "is_demo")}),
    )

    @admin.display(description=_("on the map"), boolean=True)
    def on_map(self, municipality: Municipality) -> bool:
        return municipality.latitude is not None

    def get_readonly_fields(self, request: HttpRequest, obj: Municipality | None = None) -> tuple[str, ...]:
        """Codes of a row that came out of a source belong to that source."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return (*fields, *CODES) if obj and obj.source else fields

    def save_model(self, request: HttpRequest, obj: Municipality, form: Any, change: bool) -> None:
        actions.save_municipality(municipality=obj, by=cast(User, request.user))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            # Once more with the names that were just written.
            actions.save_municipality(municipality=form.instance, by=cast(User, request.user))

    def describe(self, municipality: Municipality) -> str:
        parts = (
            municipality.name,
            municipality.region,
            municipality.country,
            municipality.ags,
            municipality.slug,
        )
        return " · ".join(str(part) for part in parts if part)

    @admin.action(description=_("Merge selected municipalities …"), permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Municipality]) -> HttpResponse | None:
        def merge(kept: Municipality, others: list[Municipality]) -> None:
            actions.merge_all(kept=kept, others=others, by=cast(User, request.user), now=timezone.now())
            for gone in others:
                self.log_change(request, gone, f"merged into {kept.slug}")
            self.log_change(request, kept, "merged: " + ", ".join(gone.slug for gone in others))

        return merge_view(self, request, queryset, merge)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return permissions.can_merge(request.user)


@admin.register(Region)
class RegionAdmin(NotDeletable, FoldedSearch, admin.ModelAdmin):
    form = RegionForm
    list_display = ("name", "german_name", "country", "kind", "parent", "code", "nuts")
    list_filter = ("country", "kind", "in_danube_region")
    search_fields = ("search_text",)
    list_select_related = ("country", "parent")
    autocomplete_fields = ("parent",)
    fields = (
        "name",
        "german_name",
        "country",
        "parent",
        "kind",
        "in_danube_region",
        "code",
        "nuts",
        "official_code",
    )
    actions = ("merge_selected",)

    def get_readonly_fields(self, request: HttpRequest, obj: Region | None = None) -> tuple[str, ...]:
        return ("code", "nuts", "official_code") if obj else ()

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        actions.save_region(region=obj)

    def describe(self, region: Region) -> str:
        return " · ".join(
            str(part) for part in (region.name, region.parent, region.country, region.code) if part
        )

    @admin.action(description=_("Merge selected regions …"), permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Region]) -> HttpResponse | None:
        def merge(kept: Region, others: list[Region]) -> None:
            actions.merge_all(kept=kept, others=others, by=cast(User, request.user), now=timezone.now())
            self.log_change(request, kept, "merged: " + ", ".join(gone.code for gone in others))

        return merge_view(self, request, queryset, merge)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return permissions.can_merge(request.user)


@admin.register(Country)
class CountryAdmin(NotDeletable, TabbedTranslationAdmin):
    list_display = ("name", "code", "membership", "in_danube_region", "time_zone", "position")
    list_filter = ("membership", "in_danube_region", TranslationMissingFilter)
    search_fields = ("code", "name_de", "name_en", "local_names")
    ordering = (F("position").asc(), "code")

    def get_readonly_fields(self, request: HttpRequest, obj: Country | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Country, form: Any, change: bool) -> None:
        actions.save_labels(row=obj)


@admin.register(Topic)
class TopicAdmin(NotDeletable, TabbedTranslationAdmin):
    list_display = ("name", "code", "position")
    list_filter = (TranslationMissingFilter,)
    search_fields = ("code", "name_de", "name_en")

    def get_readonly_fields(self, request: HttpRequest, obj: Topic | None = None) -> tuple[str, ...]:
        """Partnerships and addresses of lists know a topic by its code."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        actions.save_labels(row=obj)


@admin.register(EntryReport)
class EntryReportAdmin(admin.ModelAdmin):
    """Reports are decided once. What was decided stays as it is."""

    form = AnswerForm
    list_display = ("subject_name", "excerpt", "state", "reported_at", "decided_by")
    list_filter = ("state", "reported_at")
    search_fields = ("subject_name", "text", "answer")
    list_select_related = ("decided_by",)
    date_hierarchy = "reported_at"
    told = ("entry", "text", "language", "wants_answer", "reported_at")
    decided = ("state", "answer", "decided_by", "decided_at")

    def get_fields(self, request: HttpRequest, obj: EntryReport | None = None) -> tuple[str, ...]:
        return self.told + (("state", "answer") if self._is_open(obj) else self.decided)

    def get_readonly_fields(self, request: HttpRequest, obj: EntryReport | None = None) -> tuple[str, ...]:
        return self.told if self._is_open(obj) else self.told + self.decided

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: EntryReport, form: Any, change: bool) -> None:
        actions.answer_report(
            report=obj,
            by=cast(User, request.user),
            state=form.cleaned_data.get("state", ""),
            answer=form.cleaned_data.get("answer", ""),
            now=timezone.now(),
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except actions.AlreadyAnswered:
            # Out here, so that neither the history nor a message says that something was changed.
            self.message_user(request, _("Somebody else has answered this report meanwhile."), messages.ERROR)
            return redirect(request.get_full_path())

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self._is_open(kwargs.get("obj")):
            context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("entry"))
    def entry(self, report: EntryReport) -> str:
        if report.subject is None:
            return report.subject_name
        admin_name = f"admin:{report.subject_type.app_label}_{report.subject_type.model}_change"
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            address_of(report.subject),
            report.subject_name,
            reverse(admin_name, args=[report.subject_id]),
            _("edit"),
        )

    @admin.display(description=_("what is wrong"))
    def excerpt(self, report: EntryReport) -> str:
        return report.text if len(report.text) < 80 else f"{report.text[:79]}…"

    @admin.display(description=_("wants an answer"), boolean=True)
    def wants_answer(self, report: EntryReport) -> bool:
        return bool(report.email)

    def _is_open(self, report: EntryReport | None) -> bool:
        return report is None or report.state == EntryReport.State.OPEN

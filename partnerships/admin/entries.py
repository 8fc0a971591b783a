"""The office's view of the register. Everything it changes goes through actions."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modeltranslation.admin import TabbedTranslationAdmin

from accounts.models import User
from core.admin_filters import TranslationMissingFilter
from directory.admin import FoldedSearch
from directory.models import Country
from partnerships import actions
from partnerships.forms import PartnershipForm, SidesFormSet, same_pair_sentence
from partnerships.models import Change, Correction, Partnership, PartnershipSide, SideInvitation

SOURCE_FIELDS = ("source_url", "source_title", "source_publisher", "evidence", "verified_on")


class PublishedFilter(admin.SimpleListFilter):
    title = _("published")
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("published")), ("no", _("not published"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("yes", "no"):
            return None
        return queryset.filter(published_at__isnull=self.value() == "no")


class CountryFilter(admin.SimpleListFilter):
    title = _("country of the partner")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(country.code, country.name) for country in Country.objects.all()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(countries__contains=[self.value()]) if self.value() else None


class SideInline(admin.TabularInline):
    model = PartnershipSide
    formset = SidesFormSet
    fields = ("position", "municipality", "region")
    autocomplete_fields = ("municipality", "region")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 2


@admin.register(Partnership)
class PartnershipAdmin(FoldedSearch, TabbedTranslationAdmin):
    form = PartnershipForm
    inlines = (SideInline,)
    list_display = ("title", "kind", "status", "signed_year", "is_published", "verified_on")
    list_filter = (
        "kind",
        "status",
        "shape",
        CountryFilter,
        PublishedFilter,
        "is_seed",
        "is_demo",
        TranslationMissingFilter,
    )
    search_fields = ("search_text",)
    list_per_page = 50
    actions = ("publish", "unpublish", "end")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (None, {"fields": ("kind", "shape", "status", "topics", "aims", "languages", "base_version")}),
        (
            _("Years"),
            {
                "fields": (
                    "first_contact_year",
                    "signed_year",
                    "signed_on",
                    "renewed_year",
                    "ended_year",
                    "end_reason",
                )
            },
        ),
        (_("Source"), {"fields": SOURCE_FIELDS}),
        (
            _("In the register"),
            {"fields": ("slug", "published_at", "is_seed", "is_demo", "sides_key", "search_text")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        derived = ("slug", "published_at", "is_seed", "is_demo", "sides_key", "search_text")
        # What stands in the seed file was checked against its source; a new source is a new check.
        return derived + (SOURCE_FIELDS if obj and obj.is_seed else ())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partnership]:
        return super().get_queryset(request).prefetch_related("sides__municipality", "sides__region")

    @admin.display(description=_("partnership"), ordering="sort_key")
    def title(self, partnership: Partnership) -> str:
        return str(partnership)

    @admin.display(description=_("published"), boolean=True, ordering="published_at")
    def is_published(self, partnership: Partnership) -> bool:
        return partnership.published_at is not None

    # Saving: the form and its sides are one thing and are written by one action.

    def save_model(self, request: HttpRequest, obj: Partnership, form: Any, change: bool) -> None:
        """Waits for the sides, see save_related."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        (sides,) = formsets
        sides.save(commit=False)  # only says what changed, for the history
        by, now = cast(User, request.user), timezone.now()
        topics = form.cleaned_data["topics"]
        if not change:
            partnership = actions.save_partnership(
                partnership=form.instance, sides=sides.parties, topics=topics
            )
            actions.note_change(
                partnership=partnership, what=Change.What.REGISTERED, now=now, by=by, is_office=True
            )
            return
        columns = {field.name for field in Partnership._meta.concrete_fields}
        changed = [name for name in form.changed_data if name in columns]
        actions.edit_partnership(
            partnership=form.instance,
            changes={name: getattr(form.instance, name) for name in changed},
            topics=topics,
            sides=sides.parties,
            by=by,
            # The form has looked at the row under a lock; what is there now is what its writer has seen.
            base_version=form.instance.version,
            is_office=True,
            now=now,
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
        except actions.SamePairExists as problem:
            # Somebody else was faster by the time between check and save.
            self.message_user(request, same_pair_sentence(problem), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """History, answers and sides go with their entry, though nobody can delete one of them alone."""
        gone, counts, missing_rights, protected = super().get_deleted_objects(objs, request)
        parts = {
            str(model._meta.verbose_name) for model in (Change, Correction, PartnershipSide, SideInvitation)
        }
        return gone, counts, {name for name in missing_rights if str(name) not in parts}, protected

    def delete_model(self, request: HttpRequest, obj: Partnership) -> None:
        actions.delete(partnership=obj, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        for partnership in queryset:
            actions.delete(partnership=partnership, by=cast(User, request.user))

    @admin.action(description=_("Publish"), permissions=("change",))
    def publish(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        now = timezone.now()
        for partnership in queryset:
            actions.publish(partnership=partnership, now=now, by=cast(User, request.user), is_office=True)
        self._say_done(request, queryset)

    @admin.action(description=_("Take off the public pages"), permissions=("change",))
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        now = timezone.now()
        for partnership in queryset:
            actions.unpublish(partnership=partnership, now=now, by=cast(User, request.user), is_office=True)
        self._say_done(request, queryset)

    @admin.action(description=_("Mark as ended"), permissions=("change",))
    def end(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        now = timezone.now()
        for partnership in queryset:
            actions.end(partnership=partnership, now=now, by=cast(User, request.user))
        self._say_done(request, queryset)

    def _say_done(self, request: HttpRequest, queryset: QuerySet[Partnership]) -> None:
        number = queryset.count()
        self.message_user(
            request,
            ngettext("%(number)s partnership changed.", "%(number)s partnerships changed.", number)
            % {"number": number},
            messages.SUCCESS,
        )

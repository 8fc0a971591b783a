"""Courses, their modules and lessons, in both languages side by side; who takes part, to be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TabbedTranslationAdmin

from core.admin_filters import TranslationMissingFilter
from core.conflicts import VersionedForm
from discussions.models import Group
from discussions.permissions import can_lead
from training.actions import editing
from training.choices import State
from training.models import Course, Enrolment, Lesson, Module


class CourseForm(VersionedForm):
    group_address = forms.SlugField(
        label=_("closed group"),
        required=False,
        help_text=_(
            "What stands behind /groups/ in its address. Who enrols from now on becomes a member of the group."
        ),
    )

    reader: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "group_address" in self.fields:
            self.fields["group_address"].initial = self.instance.group.slug if self.instance.group else ""

    def clean_group_address(self) -> Group | None:
        address = self.cleaned_data["group_address"]
        if not address:
            return None
        if self.instance.group and self.instance.group.slug == address:
            return self.instance.group
        group = Group.objects.filter(slug=address).first()
        # Whoever could name any group here would open it for themselves (docs/decisions/0031).
        if group is None or not can_lead(self.reader, group):
            raise forms.ValidationError(_("You lead no group at this address."))
        if Course.objects.filter(group=group).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This group belongs to another course."))
        return group

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        has_lessons = Lesson.objects.filter(module__course=self.instance.pk).exists()
        if said.get("state") == State.PUBLISHED and not has_lessons:
            self.add_error("state", _("A course without a lesson cannot be published."))
        return said


class NeverDeleted(TabbedTranslationAdmin):
    """What people have done in it would go, too."""

    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Course)
class CourseAdmin(NeverDeleted):
    form = CourseForm
    list_display = ("title", "state", "enrol_from", "enrol_until", "seats")
    list_filter = ("state", TranslationMissingFilter)
    search_fields = ("title_de", "title_en", "slug")
    fields = (
        "slug",
        "state",
        "title",
        "summary",
        "enrol_from",
        "enrol_until",
        "seats",
        "group_address",
        "base_version",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The files of the curriculum find their course by its address."""
        return ("slug",) if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change=change, **kwargs)
        return type(made.__name__, (made,), {"reader": request.user})

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        obj.group = form.cleaned_data["group_address"]
        editing.save_course(course=obj)


class TextAdmin(NeverDeleted):
    """Rows come from the files of the curriculum; their texts may be changed here."""

    form = VersionedForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        editing.save_texts(row=obj)


@admin.register(Module)
class ModuleAdmin(TextAdmin):
    list_display = ("number", "title", "course", "section")
    list_display_links = ("title",)
    list_filter = ("course", TranslationMissingFilter)
    list_select_related = ("course",)
    search_fields = ("title_de", "title_en")
    fields = ("course", "number", "title", "summary", "goals", "product", "base_version")
    readonly_fields = ("course", "number")


@admin.register(Lesson)
class LessonAdmin(TextAdmin):
    list_display = ("number", "title", "module", "minutes")
    list_display_links = ("title",)
    list_filter = ("module", TranslationMissingFilter)
    list_select_related = ("module",)
    search_fields = ("title_de", "title_en", "text_de", "text_en")
    fields = ("module", "number", "minutes", "title", "text", "base_version")
    readonly_fields = ("module", "number")


@admin.register(Enrolment)
class EnrolmentAdmin(admin.ModelAdmin):
    """Who takes part; how far somebody is stands on no page of the office yet."""

    list_per_page = 50
    show_full_result_count = False
    list_display = ("person", "course", "partnership", "enrolled_at", "left_at")
    list_filter = ("course", "enrolled_at")
    list_select_related = ("person", "course", "partnership")
    search_fields = ("person__display_name", "person__email")
    fields = ("person", "course", "partnership", "enrolled_at", "left_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

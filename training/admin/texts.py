"""What is read in a course, in both languages side by side: modules, lessons, quizzes, checklists, the self-check."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from core.admin_filters import TranslationMissingFilter
from core.admin_history import BeforeAndAfter
from core.conflicts import VersionedForm
from training.actions import editing
from training.admin.translations import Agrees, OutdatedFilter
from training.forms.lessons import AnswersFormSet, LessonForm
from training.models import Answer, ChecklistItem, Lesson, Module, Question, SelfCheckQuestion
from training.queries.translations import outdated_answers


class NeverDeleted(BeforeAndAfter, TranslationAdmin):
    """What people have done in it would go, too."""

    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TextAdmin(Agrees, NeverDeleted):
    """Rows come from the files of the curriculum; their texts may be changed here."""

    form = VersionedForm
    actions = ("agree",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        editing.save_texts(row=obj, now=timezone.now())


@admin.register(Module)
class ModuleAdmin(TextAdmin):
    list_display = ("position", "title", "course", "section")
    list_display_links = ("title",)
    list_filter = ("course", TranslationMissingFilter, OutdatedFilter)
    list_select_related = ("course",)
    search_fields = ("title_de", "title_en")
    # The number is what its address, its pictures and the dates of the course know it by.
    fields = (
        "course",
        "position",
        "number",
        ("title_de", "title_en"),
        ("summary_de", "summary_en"),
        ("goals_de", "goals_en"),
        ("product_de", "product_en"),
        "base_version",
    )
    readonly_fields = ("course", "position", "number")


@admin.register(Lesson)
class LessonAdmin(TextAdmin):
    form = LessonForm
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_display = ("position", "title", "module", "minutes")
    list_display_links = ("title",)
    list_filter = ("module", TranslationMissingFilter, OutdatedFilter)
    list_select_related = ("module",)
    search_fields = ("title_de", "title_en", "text_de", "text_en")
    fields = (
        "module",
        "position",
        "number",
        "minutes",
        ("title_de", "title_en"),
        ("text_de", "text_en"),
        "video_url",
        "video_file",
        ("video_title_de", "video_title_en"),
        ("transcript_de", "transcript_en"),
        "base_version",
    )
    readonly_fields = ("module", "position", "number", "video_file")


class AnswerInline(TranslationStackedInline):
    """All answers the files have; none more, none less: what people are asked hangs on them."""

    model = Answer
    form = VersionedForm
    formset = AnswersFormSet
    fields = ("number", "is_right", ("text_de", "text_en"), ("why_de", "why_en"), "base_version")
    readonly_fields = ("number",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(TextAdmin):
    inlines = (AnswerInline,)
    list_display = ("number", "text", "module")
    list_display_links = ("text",)
    list_filter = ("module", TranslationMissingFilter, OutdatedFilter)
    list_select_related = ("module",)
    search_fields = ("text_de", "text_en")
    fields = ("module", "number", ("text_de", "text_en"), "base_version")
    readonly_fields = ("module", "number")

    def agreed_with(self, queryset: QuerySet[Question]) -> list[Any]:
        """And the outdated ones of their answers, which have no list of their own."""
        return [*queryset, *outdated_answers(queryset)]

    def save_model(self, request: HttpRequest, obj: Question, form: Any, change: bool) -> None:
        """A question stays as it is where only its answers were changed."""
        if form.has_changed():
            super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for answer in formset.save(commit=False):
            editing.save_texts(row=answer, now=timezone.now())


@admin.register(ChecklistItem)
class ChecklistItemAdmin(TextAdmin):
    list_display = ("number", "text", "module")
    list_display_links = ("text",)
    list_filter = ("module", TranslationMissingFilter, OutdatedFilter)
    list_select_related = ("module",)
    search_fields = ("text_de", "text_en")
    fields = ("module", "number", ("text_de", "text_en"), "base_version")
    readonly_fields = ("module", "number")


@admin.register(SelfCheckQuestion)
class SelfCheckQuestionAdmin(TextAdmin):
    list_display = ("number", "text", "course")
    list_display_links = ("text",)
    list_filter = ("course", TranslationMissingFilter, OutdatedFilter)
    list_select_related = ("course",)
    search_fields = ("text_de", "text_en")
    fields = (
        "course",
        "number",
        ("text_de", "text_en"),
        ("low_de", "low_en"),
        ("high_de", "high_en"),
        "base_version",
    )
    readonly_fields = ("course", "number")

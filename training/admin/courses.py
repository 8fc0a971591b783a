"""Courses, in both languages side by side; who takes part, to be read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin_filters import TranslationMissingFilter
from core.conflicts import VersionedForm
from discussions.models import Group
from discussions.permissions import can_lead
from training.actions import editing, inviting
from training.actions.taking_part import NotOpen
from training.admin.announcing import Announces
from training.admin.certifying import IssuesCertificates
from training.admin.cloning import clone_page
from training.admin.course_files import FILE_PAGES
from training.admin.inviting import invite_page
from training.admin.office import by, for_the_office
from training.admin.report import report_page
from training.admin.structure import tree_page
from training.admin.texts import NeverDeleted
from training.admin.translations import Agrees, OutdatedFilter, translations_page
from training.admin.writing import RIGHT, AttendanceFilter, FinishedFilter, WritesToPeople, write_page
from training.choices import State
from training.models import Course, Enrolment, Lesson


class CourseForm(VersionedForm):
    group_address = forms.SlugField(
        label=capfirst(_("closed group")),
        required=False,
        help_text=_(
            "What stands behind /groups/ in its address. Who enrols from now on becomes a member of the group."
        ),
    )

    needs_dates = forms.IntegerField(
        label=capfirst(_("dates to attend")),
        required=False,
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("How many of the course's dates one has to attend."),
    )

    reader: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "group_address" in self.fields:
            self.fields["group_address"].initial = self.instance.group.slug if self.instance.group else ""
        for name in {"enrol_from", "enrol_until"} & self.fields.keys():
            field = self.fields[name]
            # Django's two inputs have words beside them, which screen readers do not read with them.
            for one, part in zip(field.widget.widgets, (gettext("Date:"), gettext("Time:")), strict=True):
                one.attrs["aria-label"] = f"{field.label}, {part.rstrip(':')}"

    def clean_needs_dates(self) -> int:
        return self.cleaned_data["needs_dates"] or 0

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
        opens, closes = said.get("enrol_from"), said.get("enrol_until")
        if opens and closes and closes <= opens:
            self.add_error("enrol_until", _("Enrolment must close after it has opened."))
        return said


class OnTheWay(admin.ModelAdmin):
    """From the draft to the archive, and the pages about courses."""

    def get_urls(self) -> list[URLPattern]:
        return [
            *FILE_PAGES,
            path("report/", for_the_office(report_page, "training.change_course"), name="training_report"),
            path(
                "translations/",
                for_the_office(translations_page, "training.change_lesson"),
                name="training_translations",
            ),
            path(
                "<path:object_id>/tree/",
                for_the_office(tree_page, "training.change_course"),
                name="training_course_tree",
            ),
            path(
                "<path:object_id>/copy/",
                for_the_office(clone_page, "training.add_course"),
                name="training_course_copy",
            ),
            path(
                "<path:object_id>/invite/",
                for_the_office(invite_page, "training.add_courseinvitation"),
                name="training_course_invite",
            ),
            *super().get_urls(),
        ]

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        done = 0
        for course in queryset:
            try:
                if editing.publish(course=course, by=by(request), now=timezone.now()):
                    self.log_change(request, course, "published")
                    done += 1
            except editing.NothingInIt:
                said = gettext("“%(title)s” stays as it is. A course without a lesson cannot be published.")
                self.message_user(request, said % {"title": course}, messages.ERROR)
        self._say_done(request, done)

    @admin.action(description=_("Move to the archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        done = 0
        for course in queryset:
            if editing.archive(course=course, by=by(request), now=timezone.now()):
                self.log_change(request, course, "archived")
                done += 1
        self._say_done(request, done)

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("training.add_courseinvitation"))

    @admin.action(description=_("Remind invited people who have not enrolled, once"), permissions=["invite"])
    def remind(self, request: HttpRequest, queryset: QuerySet[Course]) -> None:
        for course in queryset:
            words: dict[str, Any] = {"title": course}
            try:
                words["number"] = inviting.remind_invited(course=course, by=by(request), now=timezone.now())
            except NotOpen:
                said = gettext("“%(title)s”: nobody can enrol at the moment, so nobody is reminded.")
                self.message_user(request, said % words, messages.ERROR)
                continue
            said = ngettext(
                "“%(title)s”: %(number)s invited person is reminded, unless that was done before.",
                "“%(title)s”: %(number)s invited people are reminded, unless that was done before.",
                words["number"],
            )
            self.message_user(request, said % words, messages.SUCCESS)

    def _say_done(self, request: HttpRequest, number: int) -> None:
        said = ngettext("%(number)s course changed.", "%(number)s courses changed.", number)
        level = messages.SUCCESS if number else messages.WARNING
        self.message_user(request, said % {"number": number}, level)


@admin.register(Course)
class CourseAdmin(OnTheWay, Announces, Agrees, NeverDeleted):
    form = CourseForm
    actions = ("publish", "announce", "archive", "remind", "agree")
    list_display = ("title", "state", "enrol_from", "enrol_until", "seats")
    list_filter = ("state", TranslationMissingFilter, OutdatedFilter)
    search_fields = ("title_de", "title_en", "slug")
    fields = (
        "slug",
        "state",
        ("title_de", "title_en"),
        ("summary_de", "summary_en"),
        "enrol_from",
        "enrol_until",
        "seats",
        "group_address",
        "needs_dates",
        "needs_strategy",
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
        editing.save_course(course=obj, now=timezone.now())


@admin.register(Enrolment)
class EnrolmentAdmin(IssuesCertificates, WritesToPeople):
    """Who takes part, when they did the last step, and when they finished; what each has done is theirs."""

    list_per_page = 50
    show_full_result_count = False
    actions = ("write", "issue")
    list_display = ("person", "course", "partnership", "enrolled_at", "active_at", "finished_at", "left_at")
    list_filter = ("course", FinishedFilter, AttendanceFilter, "enrolled_at")
    list_select_related = ("person", "course", "partnership")
    search_fields = ("person__display_name", "person__email")
    fields = ("person", "course", "partnership", "enrolled_at", "active_at", "finished_at", "left_at")

    def get_urls(self) -> list[URLPattern]:
        write = path("write/", for_the_office(write_page, RIGHT), name="training_enrolment_write")
        return [write, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

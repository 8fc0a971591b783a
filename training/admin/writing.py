"""The office writes to people it has chosen from the list of those who take part."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from core.form_keys import key_for, once
from training.actions import writing
from training.admin.office import by, shown
from training.forms.office import CourseMailForm
from training.models import CourseMail, Enrolment
from training.queries.takers import Selection, attended_some, enrolments, selection
from webinars.texts import LANGUAGES, text_in

RIGHT = "training.add_coursemail"
LIST = "admin:training_enrolment_changelist"


class FinishedFilter(admin.SimpleListFilter):
    title = gettext_lazy("finished")
    parameter_name = "finished"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> QuerySet[Enrolment] | None:
        if self.value() not in ("yes", "no"):
            return None
        return queryset.filter(finished_at__isnull=self.value() == "no")


class AttendanceFilter(admin.SimpleListFilter):
    title = gettext_lazy("attendance at the dates")
    parameter_name = "attendance"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", _("at none of them")), ("some", _("at one at least"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> QuerySet[Enrolment] | None:
        if self.value() not in ("none", "some"):
            return None
        return queryset.filter(attended_some() if self.value() == "some" else ~attended_some())


class WritesToPeople(admin.ModelAdmin):
    """For the list of enrolments."""

    actions: Any = ("write",)

    def has_write_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(RIGHT))

    @admin.action(description=gettext_lazy("Write to these people …"), permissions=["write"])
    def write(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> HttpResponse | None:
        rows = list(queryset.select_related("course", "person"))
        if len({row.course_id for row in rows}) != 1:
            messages.warning(request, _("Please choose people of one course."))
            return None
        return _ask(request, rows, CourseMailForm())


def write_page(request: HttpRequest) -> HttpResponse:
    """What the action of the list asks for: the words, then a look at them, then "send"."""
    rows = list(enrolments(_numbers(request.POST.get("chosen", "")))) if request.method == "POST" else []
    if len({row.course_id for row in rows}) != 1:
        messages.warning(request, _("Please choose people of one course."))
        return redirect(LIST)
    form = CourseMailForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _ask(request, rows, form)
    if "send" not in request.POST:
        return _look(request, rows, form)
    key = key_for(form.cleaned_data["key"], *sorted(row.pk for row in rows), *form.texts.values())
    try:
        return redirect(once(key, lambda: _send(request, rows, form)))
    except writing.NobodyToWriteTo:
        form.add_error(None, _("None of them takes part any more."))
        return _ask(request, rows, form)


def _ask(request: HttpRequest, rows: Sequence[Enrolment], form: CourseMailForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return shown(
        request, "write", title=_("Write to people of a course"), status=status, **_whom(rows), form=form
    )


def _look(request: HttpRequest, rows: Sequence[Enrolment], form: CourseMailForm) -> HttpResponse:
    whom = _whom(rows)
    mail = CourseMail(course=rows[0].course, **form.texts)
    found: Selection = whom["selection"]
    previews = []
    for code in LANGUAGES:
        text = text_in(mail, "text", code)
        previews.append(
            {
                "language": get_language_info(code)["name_translated"],
                "readers": found.by_language.get(code, 0),
                "subject": text_in(mail, "subject", code).words,
                "text": text,
                "lang": text.language or code,
                "written_in": get_language_info(text.language)["name_translated"] if text.language else "",
            }
        )
    context = {**whom, "form": form, "previews": previews, "sender": by(request)}
    return shown(request, "write_look", title=_("Write to people of a course"), **context)


def _whom(rows: Sequence[Enrolment]) -> dict[str, Any]:
    chosen = ",".join(str(row.pk) for row in rows)
    return {"course": rows[0].course, "selection": selection(rows), "chosen": chosen}


def _send(request: HttpRequest, rows: Sequence[Enrolment], form: CourseMailForm) -> str:
    chosen = [row.pk for row in rows]
    mail = writing.write_to(
        course=rows[0].course, chosen=chosen, texts=form.texts, by=by(request), now=timezone.now()
    )
    said = ngettext(
        "The mail goes to %(number)s person.", "The mail goes to %(number)s people.", mail.readers
    )
    messages.success(request, said % {"number": mail.readers})
    return reverse("admin:training_coursemail_change", args=[mail.pk])


def _numbers(typed: str) -> list[int]:
    return [int(one) for one in typed.split(",") if one.isascii() and one.isdecimal() and len(one) < 18]


@admin.register(CourseMail)
class CourseMailAdmin(admin.ModelAdmin):
    """What was written, to how many and when."""

    list_per_page = 50
    show_full_result_count = False
    list_display = ("subject", "course", "readers", "sent_at")
    list_filter = ("course", "sent_at")
    list_select_related = ("course",)
    search_fields = ("subject_de", "subject_en", "text_de", "text_en")
    fields = ("course", "subject_de", "text_de", "subject_en", "text_en", "readers", "sent_by", "sent_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

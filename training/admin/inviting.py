"""A list of people is invited: first what would happen to each line, then the mails."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.form_keys import once
from training.actions import inviting
from training.actions.taking_part import NotOpen
from training.admin.office import by, course_at, shown
from training.choices import State
from training.forms.office import InviteForm
from training.models import Course, CourseInvitation
from training.queries.inviting import Fate, looked_at


def invite_page(request: HttpRequest, object_id: str) -> HttpResponse:
    """Only the second POST, with "invite", writes anything; it looks at the list again under the lock."""
    course = course_at(object_id)
    form = InviteForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, course, form)
    if "invite" in request.POST:
        try:
            return redirect(once(form.cleaned_data["key"], lambda: _invite(request, course, form)))
        except inviting.NotPublished:
            form.add_error(None, _("The mail leads to the page of the course. Please publish it first."))
        except NotOpen:
            form.add_error(None, _("Enrolment is over: nobody could accept the invitation."))
        return _ask(request, course, form)
    rows = looked_at(course, form.cleaned_data["rows"])
    context: dict[str, Any] = {
        "course": course,
        "rows": [(one.row, _words(one.fate), one.fate) for one in rows],
        "number": sum(one.fate == Fate.NEW for one in rows),
        "faulty": sum(one.fate == Fate.FAULTY for one in rows),
        "form": InviteForm(initial={"text": form.cleaned_data["typed"], "key": form.cleaned_data["key"]}),
        "is_published": course.state == State.PUBLISHED,
    }
    return shown(request, "invite_look", title=_("Invite people"), **context)


def _ask(request: HttpRequest, course: Course, form: InviteForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return shown(request, "invite", title=_("Invite people"), status=status, course=course, form=form)


def _invite(request: HttpRequest, course: Course, form: InviteForm) -> str:
    people = form.cleaned_data["rows"]
    made = inviting.invite(course=course, people=people, by=by(request), now=timezone.now())
    said = ngettext("%(number)s person is invited.", "%(number)s people are invited.", len(made))
    messages.success(request, said % {"number": len(made)})
    return reverse("admin:training_course_change", args=[course.pk])


def _words(fate: Fate) -> str:
    return {
        Fate.NEW: _("will be invited"),
        Fate.TAKES_PART: _("takes part already"),
        Fate.INVITED: _("is invited already"),
        Fate.FAULTY: _("cannot be invited"),
    }[fate]


@admin.register(CourseInvitation)
class CourseInvitationAdmin(admin.ModelAdmin):
    """Who has not enrolled yet. Deleting forgets the address, when somebody asks for it."""

    list_per_page = 50
    show_full_result_count = False
    list_display = ("email", "name", "language", "course", "invited_at")
    list_filter = ("course", "invited_at")
    list_select_related = ("course",)
    search_fields = ("email", "name")
    fields = ("course", "email", "name", "language", "invited_by", "invited_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: CourseInvitation) -> None:
        inviting.withdraw(invitation=obj, by=by(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CourseInvitation]) -> None:
        for invitation in queryset:
            self.delete_model(request, invitation)

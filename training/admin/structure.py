"""A course as a tree: everything in its place, and buttons that move modules and lessons."""

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.form_keys import key_for, once
from training.actions import ordering
from training.admin.office import by, course_at, shown
from training.choices import Way
from training.forms.office import MoveForm
from training.models import Course, Lesson, Module
from training.queries.tree import part_of, tree_of

FORMS = ("module", "lesson", "question", "checklistitem", "selfcheckquestion", "coursesession")
"""What has a form of its own in the office."""


def tree_page(request: HttpRequest, object_id: str) -> HttpResponse:
    """POST moves a row by one place and leads back to it."""
    course = course_at(object_id)
    if request.method != "POST":
        return _show(request, course)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _show(request, course, status=422)
    said = form.cleaned_data
    row = part_of(course, said["kind"], said["row"])
    if row is None:
        raise Http404
    key = key_for(said["key"], said["kind"], row.pk, said["to"])
    return redirect(once(key, lambda: _move(request, course, row, Way(said["to"]))))


def _show(request: HttpRequest, course: Course, *, status: int = 200) -> HttpResponse:
    context = {
        "course": course,
        "tree": tree_of(course),
        "readable": [name for name in FORMS if request.user.has_perm(f"training.view_{name}")],
        # One for all buttons: with the row and the direction it makes a key for each (above).
        "key": MoveForm()["key"].value(),
    }
    return shown(request, "tree", title=_("Structure of the course"), status=status, **context)


def _move(request: HttpRequest, course: Course, row: Module | Lesson, to: Way) -> str:
    if ordering.move(row=row, to=to, by=by(request)):
        LogEntry.objects.log_actions(by(request).pk, [row], CHANGE, f"moved {to.value}", single_object=True)
        messages.success(request, _("“%(title)s” has moved.") % {"title": row.title})
    else:
        # From a page that was older than what somebody else had moved.
        messages.info(request, _("“%(title)s” stays where it is.") % {"title": row.title})
    tree = reverse("admin:training_course_tree", args=[course.pk])
    return f"{tree}#{row._meta.model_name}-{row.pk}"

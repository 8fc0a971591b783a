"""A course is taken out as files, and brought in again: first a look that writes nothing, then all of it."""

import json
from tempfile import SpooledTemporaryFile
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.admin_history import around, sentence
from core.form_keys import key_for, once
from training.actions import importing
from training.admin.office import address_to_change, by, course_at, for_the_office, shown
from training.choices import State
from training.course_zips import pack
from training.curriculum_writing import ABOUT, README, written
from training.forms.course_files import CourseFilesForm
from training.queries.course_files import Change, content_of, held, looked_at, media_of

IN_MEMORY = 20_000_000


@require_safe
def export_page(request: HttpRequest, object_id: str) -> FileResponse:
    course = course_at(object_id)
    now = timezone.now()
    content = content_of(held(course.slug))
    texts = {README: ABOUT, **written(content, exported=now)}
    # With its videos it may be too large for the memory.
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    pack(file, texts, media_of(content))
    file.seek(0)
    day = timezone.localdate(now, timezone.get_default_timezone())
    return FileResponse(
        file, as_attachment=True, filename=f"{course.slug}-{day}.zip", content_type="application/zip"
    )


def import_page(request: HttpRequest) -> HttpResponse:
    """Only the second POST, with "write", writes anything; it looks again under the lock."""
    form = CourseFilesForm(request.POST or None, request.FILES or None)
    title = _("Import a course from files")
    if request.method != "POST" or not form.is_valid():
        return shown(request, "import", title=title, status=422 if form.errors else 200, form=form)
    is_other = False
    if "write" in request.POST:
        said = form.cleaned_data
        try:
            # Other files, or the same at another state of the course, are another act.
            key = key_for(said["key"], said["shown"], form.carried)
            return redirect(once(key, lambda: _bring_in(request, form)))
        except importing.OtherThanShown:
            is_other = True
    look = looked_at(form.course)
    values = {"texts": form.carried, "shown": look.digest, "key": form.cleaned_data["key"]}
    context: dict[str, Any] = {
        "form": CourseFilesForm(initial=values),
        "look": look,
        "rows": [_row(request, change) for change in look.changes],
        "new": sum(change.is_new for change in look.changes),
        "changed": sum(not change.is_new for change in look.changes),
        "newer": sum(change.is_newer for change in look.changes),
        "left": [(row._meta.verbose_name, row, address_to_change(request, row)) for row in look.left],
        "exported": form.course.exported,
        "is_new": look.course.pk is None,
        "is_published": look.course.pk is not None and look.course.state == State.PUBLISHED,
        "is_other": is_other,
    }
    return shown(request, "import_look", title=title, status=409 if is_other else 200, **context)


def _bring_in(request: HttpRequest, form: CourseFilesForm) -> str:
    look = importing.bring_in(
        files=form.course, shown=form.cleaned_data["shown"], by=by(request), now=timezone.now()
    )
    LogEntry.objects.bulk_create(_entry(request, change) for change in look.changes)
    number = len(look.changes)
    said = ngettext("%(number)s text is brought in.", "%(number)s texts are brought in.", number)
    messages.success(request, said % {"number": number})
    return reverse("admin:training_course_change", args=[look.course.pk])


def _entry(request: HttpRequest, change: Change) -> LogEntry:
    """As the admin's own forms leave one."""
    fields = [sentence(label, before, after) for label, before, after in _differences(change)]
    message = {"added": {}} if change.is_new else {"changed": {"fields": fields}}
    return LogEntry(
        user=by(request),
        content_type=ContentType.objects.get_for_model(type(change.row), for_concrete_model=False),
        object_id=str(change.row.pk),
        object_repr=str(change.row)[:200],
        action_flag=ADDITION if change.is_new else CHANGE,
        change_message=json.dumps([message]),
    )


def _row(request: HttpRequest, change: Change) -> dict[str, Any]:
    differences = [(label, *around(before, after)) for label, before, after in _differences(change)]
    return {"change": change, "address": address_to_change(request, change.row), "differences": differences}


def _differences(change: Change) -> list[tuple[str, str, str]]:
    """Label, what stands there, what would stand there; none of a new row."""
    label = change.row._meta.get_field
    return [
        (str(label(name).verbose_name), _words(before), _words(change.after[name]))
        for name, before in change.before.items()
    ]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


FILE_PAGES = [
    path(
        "import/",
        for_the_office(import_page, "training.add_course", "training.change_course"),
        name="training_course_import",
    ),
    path(
        "<path:object_id>/files.zip",
        for_the_office(export_page, "training.change_course"),
        name="training_course_files",
    ),
]

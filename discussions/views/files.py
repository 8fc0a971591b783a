"""The only way by which a file of a group leaves the server."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.files import serve, thumbnail_of
from discussions.models import Attachment
from discussions.queries.thread import files_for
from discussions.views.gates import person_of


@login_required
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    row = _seen(request, number)
    return serve(row.file, content_type=row.content_type, as_name=row.original_name)


@login_required
@require_safe
def thumbnail(request: HttpRequest, number: int) -> HttpResponseBase:
    row = _seen(request, number)
    if row.width is None:
        raise Http404
    return serve(thumbnail_of(row.file), content_type=row.content_type, as_name=row.original_name)


def _seen(request: HttpRequest, number: int) -> Attachment:
    row: Attachment = get_object_or_404(files_for(person_of(request)), pk=number)
    return row

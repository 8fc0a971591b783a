"""A copy of the group for one of its members."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from discussions.export import group_archive
from discussions.permissions import active_membership
from discussions.views.gates import person_of, seen


@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> FileResponse:
    """Also of an archived group, and of one that will be deleted: that is when it is wanted most."""
    group, person, now = seen(request, slug), person_of(request), timezone.now()
    if active_membership(person, group) is None:
        raise PermissionDenied
    name = f"{slugify(group.name)[:60] or 'group'}-{now:%Y-%m-%d}.zip"
    answer = FileResponse(
        group_archive(group=group, person=person, now=now),
        as_attachment=True,
        filename=name,
        content_type="application/zip",
    )
    answer["Cache-Control"] = "private, no-store"
    return answer

"""Who comes in: what one may not see does not exist, what one may see but not change is refused."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from partnerships.models import Partnership
from partnerships.permissions import can_edit, can_see_inside


def editable(request: HttpRequest, slug: str) -> Partnership:
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), slug=slug)
    if not can_edit(request.user, partnership):
        raise PermissionDenied
    return partnership


def inside(request: HttpRequest, slug: str) -> Partnership:
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), slug=slug)
    if not can_see_inside(request.user, partnership):
        raise PermissionDenied
    return partnership


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing ticked is sent, too."""
    return request.POST if request.method == "POST" else None

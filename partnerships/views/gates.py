"""Who comes in: what one may not see does not exist, what one may see but not change is refused."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404

from partnerships.models import Partnership
from partnerships.permissions import can_edit, can_see_inside


def editable(request: HttpRequest, slug: str) -> Partnership:
    partnership = seen(request, slug)
    if not can_edit(request.user, partnership):
        raise PermissionDenied
    return partnership


def inside(request: HttpRequest, slug: str) -> Partnership:
    """Whoever is not of the sides or the office does not learn that there is more."""
    partnership = seen(request, slug)
    if not can_see_inside(request.user, partnership):
        raise Http404
    return partnership


def seen(request: HttpRequest, slug: str) -> Partnership:
    """With what its name is made of."""
    seen = Partnership.objects.visible_to(request.user)
    return get_object_or_404(seen.prefetch_related("sides__municipality", "sides__region"), slug=slug)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing ticked is sent, too."""
    return request.POST if request.method == "POST" else None

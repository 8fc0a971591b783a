"""Opening the closed group of a partnership."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import once
from core.sent_again import same_answer_again
from discussions.choices import Belonging
from discussions.models import Membership
from partnerships import actions, queries
from partnerships.forms import ConfirmForm
from partnerships.models import Partnership
from partnerships.permissions import can_open_group
from partnerships.queries.record import record_of
from partnerships.views.gates import seen, sent


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def open_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once. Where there is one already, its members come to it, and nobody else learns of it."""
    partnership = seen(request, slug)
    person = cast(User, request.user)
    known = queries.membership_in_group(partnership, person)
    if known is not None:
        return redirect(_address_of(known))
    if not can_open_group(person, partnership):
        raise PermissionDenied
    if partnership.group_id is not None:
        raise Http404
    form = ConfirmForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _open(partnership, person))
        except actions.GroupIsThere as problem:
            raise Http404 from problem
        messages.success(
            request, _("The group is open. The others who look after the partnership are invited.")
        )
        return redirect(address)
    context = {"partnership": partnership, "record": record_of(partnership), "form": form}
    return render(request, "partnerships/open_group.html", context)


def _open(partnership: Partnership, person: User) -> str:
    group = actions.open_group(partnership=partnership, by=person, now=timezone.now())
    # Another one of the side may have opened it at the same moment: then this person is invited.
    known = queries.membership_in_group(partnership, person)
    return _address_of(known) if known else group.get_absolute_url()


def _address_of(membership: Membership) -> str:
    if membership.state == Belonging.INVITED:
        return reverse("discussions:join", args=[membership.group.slug])
    return membership.group.get_absolute_url()

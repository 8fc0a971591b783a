"""What a municipality says about itself: written by who speaks for it."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.conflicts import Difference, EditConflict
from core.form_keys import once
from directory import actions, permissions
from directory.forms import ProfileForm
from directory.models import Municipality
from directory.names import shown_name


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    person = cast(User, request.user)
    town = get_object_or_404(Municipality.objects.listed(demo=settings.SHOW_DEMO), slug=slug)
    if not permissions.can_edit_profile(person, town):
        raise PermissionDenied
    wants_row = "more" in request.POST
    form = ProfileForm(request.POST or None, subject=town, wants_row=wants_row)
    conflict: list[Difference] | None = None
    if request.method == "POST" and not wants_row and form.is_valid():
        try:
            return _saved(request, once(form.cleaned_data["key"], lambda: _save(town, person, form)))
        except EditConflict:
            conflict = form.differences_to(
                Municipality.objects.listed(demo=settings.SHOW_DEMO).get(pk=town.pk)
            )
    name = shown_name(town.name, town.german_name)
    context = {
        "form": form,
        "wants_row": wants_row,
        "conflict": conflict,
        "name": name,
        "back_url": town.get_absolute_url(),
        "breadcrumb": [(name, town.get_absolute_url()), (_("Edit profile"), "")],
    }
    return render(request, "directory/profile_form.html", context, status=200 if conflict is None else 409)


def _save(town: Municipality, person: User, form: ProfileForm) -> str:
    actions.save_profile(subject=town, by=person, **form.profile)
    return town.get_absolute_url()


def _saved(request: HttpRequest, address: str) -> HttpResponse:
    messages.success(request, _("The profile is saved."))
    return redirect(address)

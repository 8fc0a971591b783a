"""A place the directory lacks, entered on the way to a partnership."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import once, spent
from partnerships import actions, queries
from partnerships.forms import PlaceForm
from partnerships.models import PartnershipDraft
from partnerships.queries import CHECK, THEIRS
from partnerships.views.gates import sent


@login_required
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, number: int) -> HttpResponse:
    person = cast(User, request.user)
    draft = get_object_or_404(PartnershipDraft.objects.visible_to(person), pk=number)
    if draft.registered_as_id:
        return redirect("partnerships:draft", draft.pk, CHECK)
    entry = queries.entry_of(draft)
    back_url = reverse("partnerships:draft", args=(draft.pk, THEIRS))
    if known := request.POST.get("known", ""):
        # One of those that are called so already.
        _choose(draft, known)
        return redirect(back_url)
    form = PlaceForm(sent(request))
    is_valid = request.method == "POST" and form.is_valid()
    if request.method == "POST" and (address := spent(form.cleaned_data.get("key"))):
        return redirect(address)
    if is_valid:
        if entry.is_demo:
            form.add_error(None, _("Invented examples and real municipalities do not go together."))
        else:
            return redirect(once(form.cleaned_data["key"], lambda: _add(draft, form, person, back_url)))
    context = {"draft": draft, "form": form, "back_url": back_url}
    return render(request, "partnerships/wizard_place.html", context)


def _add(draft: PartnershipDraft, form: PlaceForm, person: User, address: str) -> str:
    said = form.cleaned_data
    added = actions.add_place(
        name=said["name"], country=said["country"], region=said["region"], by=person, now=timezone.now()
    )
    _choose(draft, queries.code_of(added))
    return address


def _choose(draft: PartnershipDraft, code: str) -> None:
    """One more side of the draft; a code that is none, or stands there already, changes nothing."""
    entry = queries.entry_of(draft)
    party = queries.party_of(code)
    if party is None or queries.code_of(party) in map(queries.code_of, entry.parties):
        return
    values = {**draft.data.get(THEIRS, {}), "sides": [*entry.others, code]}
    actions.save_step(draft=draft, step=THEIRS, values=values, now=timezone.now())

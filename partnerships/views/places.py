"""A place the directory lacks, entered on the way to a partnership."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import key_for, once, spent
from core.limits import within_limit
from partnerships import actions, queries
from partnerships.forms import PlaceForm
from partnerships.models import PartnershipDraft
from partnerships.queries import CHECK, THEIRS
from partnerships.views.gates import sent

MOST_PLACES = 10
"""Missing places one person adds in an hour."""


class TooManyPlaces(Exception):
    """More than MOST_PLACES."""


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
    is_valid, status = request.method == "POST" and form.is_valid(), 200
    # What was entered a moment ago is known now, which would make the same form invalid.
    if request.method == "POST" and (address := spent(_key(form))):
        return redirect(address)
    if is_valid and entry.is_demo:
        form.add_error(None, _("Invented examples and real municipalities do not go together."))
    elif is_valid:
        try:
            return redirect(once(cast(UUID, _key(form)), lambda: _add(draft, form, person, back_url)))
        except TooManyPlaces:
            form.add_error(None, _("You have added many places. Please try again in an hour."))
            status = 429
    context = {"draft": draft, "form": form, "back_url": back_url}
    return render(request, "partnerships/wizard_place.html", context, status=status)


def _key(form: PlaceForm) -> UUID | None:
    """After "back", another place in the same form is another place."""
    # As typed: what was wrong with a value has taken it out of the cleaned ones.
    key, typed = form.cleaned_data.get("key"), form.data
    return key_for(key, typed.get("name"), typed.get("country")) if key else None


def _add(draft: PartnershipDraft, form: PlaceForm, person: User, address: str) -> str:
    if not within_limit("place", str(person.pk), most=MOST_PLACES, each=timedelta(hours=1)):
        raise TooManyPlaces
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

"""Whoever reads an official mailbox proves the address that was named, without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.form_keys import once
from core.links import read_token
from directory import actions, queries
from directory.emails import ADDRESS_LINK
from directory.forms import KeyForm


@require_http_methods(["GET", "POST"])
def claim_address(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail scanners open links. The button proves; pressed again it says the same."""
    read = read_token(ADDRESS_LINK, token)
    claim = queries.claim_of_link(*read, now=timezone.now()) if read else None
    if read is None or claim is None:
        return render(request, "directory/claim_address_void.html", status=404)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(once(form.cleaned_data["key"], lambda: _prove(*read, token)))
        except actions.LinkIsVoid:
            return render(request, "directory/claim_address_void.html", status=404)
    town = claim.municipality
    context = {"form": form, "name": town.name, "is_proven": claim.email_proven_at is not None}
    return render(request, "directory/claim_address.html", context)


def _prove(number: int, nonce: str, token: str) -> str:
    actions.prove_claim_address(number=number, nonce=nonce, now=timezone.now())
    return reverse("directory:claim_address", args=[token])

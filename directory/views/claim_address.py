"""Whoever reads an official mailbox proves the address that was named: signed out, in the language of the country."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.form_keys import once
from core.links import read_token
from core.partner_pages import Problem, kept_language, partner_page, partner_problem, register_address
from directory import actions, queries
from directory.emails import ADDRESS_LINK
from directory.forms import KeyForm

register_address("/claim-address/")


@require_http_methods(["GET", "HEAD", "POST"])
def claim_address(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing: mail scanners open links. The button proves; pressed again it says the same."""
    read = read_token(ADDRESS_LINK, token)
    claim = queries.claim_of_link(*read) if read else None
    if read is None or claim is None:
        return partner_problem(request, Problem.WRONG)
    language = queries.language_of(claim.municipality, otherwise=claim.person.language)
    if not queries.is_link_good(claim, claim.nonce, now=timezone.now()):
        return partner_problem(request, Problem.EXPIRED, language=language)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        back = reverse("directory:claim_address", args=[token]) + kept_language(request)
        return redirect(once(form.cleaned_data["key"], lambda: _prove(*read, back)))
    context = {"form": form, "name": claim.municipality.name, "is_proven": claim.email_proven_at is not None}
    return partner_page(request, "partner/claim_address.html", context, language=language)


def _prove(number: int, nonce: str, back: str) -> str:
    """Where it became void between opening and pressing, the page says so."""
    with suppress(actions.LinkIsVoid):
        actions.prove_claim_address(number=number, nonce=nonce, now=timezone.now())
    return back

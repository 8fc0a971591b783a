"""Pages of those who want to speak for a municipality, and of those who do."""

from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import led_to, once
from core.limits import within_limit
from directory import actions, permissions, queries
from directory.forms import ClaimForm, HolderAnswerForm, KeyForm
from directory.models import Claim, Municipality
from directory.names import shown_name


class _TooMany(Exception):
    """Each claim may send a mail to an address somebody typed."""


@require_http_methods(["GET", "POST"])
@login_required
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """ "I speak for this town". Who has asked already sees what became of it."""
    person = cast(User, request.user)
    town = get_object_or_404(Municipality.objects.listed(demo=settings.SHOW_DEMO), slug=slug)
    made = Claim.objects.visible_to(person).current().filter(person=person, municipality=town).first()
    if made is not None:
        return redirect(_address(made))
    is_known, status = queries.has_official_address(person, town), 200
    form = ClaimForm(request.POST or None, has_official_address=is_known)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(once(form.cleaned_data["key"], lambda: _claim(town, person, form.cleaned_data)))
        except actions.AlreadyClaimed:
            return redirect("directory:claim", slug)
        except _TooMany:
            form.add_error(None, _("You have asked very often today. Please try again tomorrow."))
            status = 429
    name = shown_name(town.name, town.german_name)
    context = {
        "form": form,
        "municipality": town,
        "name": name,
        "is_known_domain": is_known,
        "has_holder": bool(queries.speakers(town, person)),
        "breadcrumb": [(name, town.get_absolute_url()), (_("I speak for %(name)s") % {"name": name}, "")],
    }
    return render(request, "directory/claim_form.html", context, status=status)


def _claim(town: Municipality, person: User, data: dict[str, Any]) -> str:
    if not within_limit("claim", str(person.pk), most=10, each=timedelta(days=1)):
        raise _TooMany
    made = actions.make_claim(
        municipality=town,
        by=person,
        role=data["role"],
        official_email=data["official_email"],
        reason=data["reason"],
        now=timezone.now(),
    )
    return _address(made)


@require_http_methods(["GET", "POST"])
@login_required
def claim_detail(request: HttpRequest, number: int) -> HttpResponse:
    """What became of a claim, for who made it; the question to who speaks for the municipality already."""
    person = cast(User, request.user)
    shown = _visible(person, number)
    may_answer = shown.state == Claim.State.OPEN and permissions.can_answer_claim(person, shown)
    form = HolderAnswerForm(request.POST or None)
    if request.method == "POST" and may_answer and form.is_valid():
        return redirect(once(form.cleaned_data["key"], lambda: _answer(shown, person, form.cleaned_data)))
    town = shown.municipality
    name = shown_name(town.name, town.german_name)
    context = {
        "claim": shown,
        "municipality": town,
        "name": name,
        "is_mine": permissions.can_end_claim(person, shown),
        "may_answer": may_answer and not shown.holder_answer,
        "form": form,
        "breadcrumb": [(name, town.get_absolute_url()), (_("Who speaks for %(name)s") % {"name": name}, "")],
    }
    return render(request, "directory/claim_detail.html", context)


def _answer(shown: Claim, person: User, data: dict[str, Any]) -> str:
    agrees = data["answer"] == Claim.HolderAnswer.AGREES
    # Where it is too late the page says what there is now.
    with suppress(actions.AlreadyAnswered, actions.ClaimIsOver, actions.MayNotAnswer):
        actions.answer_second_claim(claim=shown, by=person, agrees=agrees, now=timezone.now())
    return _address(shown)


@require_http_methods(["GET", "POST"])
@login_required
def claim_end(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw, or give up: asked once more, then done."""
    person = cast(User, request.user)
    shown = _visible(person, number)
    is_current = shown.state in (Claim.State.OPEN, Claim.State.ACCEPTED)
    if not permissions.can_end_claim(person, shown) or not is_current:
        return redirect(led_to(request) or _address(shown))
    name = shown_name(shown.municipality.name, shown.municipality.german_name)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        was_accepted = shown.state == Claim.State.ACCEPTED
        address = once(form.cleaned_data["key"], lambda: _end(shown, person))
        text = _("You no longer speak for %(name)s.") if was_accepted else _("Your request is withdrawn.")
        messages.success(request, text % {"name": name} if was_accepted else text)
        return redirect(address)
    others = [one for one in queries.speakers(shown.municipality, person) if not one.is_reader]
    context = {
        "claim": shown,
        "name": name,
        "is_last": shown.state == Claim.State.ACCEPTED and not others,
        "form": form,
        "back_url": _address(shown),
        "breadcrumb": [(name, shown.municipality.get_absolute_url()), (_("Give it up"), "")],
    }
    return render(request, "directory/claim_end.html", context)


def _end(shown: Claim, person: User) -> str:
    # Over is over, whoever was first.
    with suppress(actions.ClaimIsOver):
        actions.end_claim(claim=shown, by=person, now=timezone.now())
    return shown.municipality.get_absolute_url()


def _visible(person: User, number: int) -> Claim:
    claims = Claim.objects.visible_to(person).select_related("municipality", "person", "holder_answered_by")
    return get_object_or_404(claims, pk=number)


def _address(shown: Claim) -> str:
    return reverse("directory:claim_detail", args=[shown.pk])

"""Who looks after the sides: for the sides themselves and the office."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from core.form_keys import once
from core.limits import within_limit
from core.sent_again import same_answer_again
from partnerships import actions
from partnerships.forms import ConfirmForm, ContactForm
from partnerships.models import Partnership, PartnershipSide, SideContact
from partnerships.permissions import can_answer_for, can_edit, can_see_inside
from partnerships.queries.people_of_sides import contacts_page, suggested_language
from partnerships.queries.record import record_of, town_of

MOST_MAILS = 30


def _entry_or_404(request: HttpRequest, slug: str) -> Partnership:
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), slug=slug)
    if not can_see_inside(request.user, partnership):
        raise Http404
    return partnership


@login_required
@require_safe
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = _entry_or_404(request, slug)
    context = {
        "partnership": partnership,
        "record": record_of(partnership),
        "sides": contacts_page(partnership, cast(User, request.user)),
        "may_edit": can_edit(request.user, partnership),
    }
    return render(request, "partnerships/contacts.html", context)


@login_required
def ask_contact(request: HttpRequest, slug: str, side: int) -> HttpResponse:
    """Ask somebody by mail: one of the own side to look after it too, one of another side to confirm the entry."""
    partnership = _entry_or_404(request, slug)
    if not can_edit(request.user, partnership):
        raise PermissionDenied
    row = get_object_or_404(PartnershipSide.objects.filter(partnership=partnership), pk=side)
    person = cast(User, request.user)
    own = can_answer_for(person, row)
    leaving = _leaving(request, row, person)
    start = {"language": suggested_language(row)}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=start)
    status = 200
    if form.is_bound and form.is_valid():
        if within_limit("ask_contact", str(person.pk), most=MOST_MAILS, each=timedelta(days=1)):
            url = once(form.cleaned_data["key"], lambda: _ask(row, person, form, own=own, leaving=leaving))
            name = form.cleaned_data["email"]
            messages.success(request, _("The mail to %(address)s is on its way.") % {"address": name})
            return redirect(url)
        form.add_error(None, _("You have sent many mails today. Please go on tomorrow."))
        status = 429
    context = {
        "partnership": partnership,
        "record": record_of(partnership),
        "side": row,
        "town": town_of(row),
        "is_own": own,
        "is_handover": leaving is not None,
        "form": form,
    }
    return render(
        request,
        "partnerships/ask_contact.html",
        context,
        status=422 if form.errors and status == 200 else status,
    )


def _leaving(request: HttpRequest, side: PartnershipSide, person: User) -> SideContact | None:
    """`?leave=1`: the person hands over and goes once the successor has agreed."""
    if not request.GET.get("leave"):
        return None
    return side.contacts.current().filter(person=person).first()


def _ask(
    side: PartnershipSide, person: User, form: ContactForm, *, own: bool, leaving: SideContact | None
) -> str:
    data, now = form.cleaned_data, timezone.now()
    asked = {"email": data["email"], "name": data["name"], "language": data["language"]}
    if own:
        actions.offer_take_over(side=side, by=person, leaving=leaving, now=now, **asked)
    else:
        actions.invite_side(side=side, by=person, now=now, **asked)
    return reverse("partnerships:contacts", args=[side.partnership.slug])


@login_required
@same_answer_again
def end_contact(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Asks once, and says what it means when nobody is left."""
    partnership = _entry_or_404(request, slug)
    rows = SideContact.objects.visible_to(request.user).current().filter(side__partnership=partnership)
    row = get_object_or_404(rows.select_related("side"), pk=number)
    person = cast(User, request.user)
    is_office = person.is_staff and can_edit(person, partnership)
    if row.person_id != person.pk and not can_answer_for(person, row.side) and not is_office:
        raise PermissionDenied
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        url = once(form.cleaned_data["key"], lambda: _end(row, person))
        messages.success(request, _("%(name)s is no longer contact person.") % {"name": row})
        return redirect(url)
    context = {
        "partnership": partnership,
        "record": record_of(partnership),
        "contact": row,
        "town": town_of(row.side),
        "is_me": row.person_id == person.pk,
        "is_last": row.side.contacts.current().count() == 1,
        "form": form,
    }
    return render(request, "partnerships/end_contact.html", context)


def _end(row: SideContact, person: User) -> str:
    actions.end_contact(contact=row, by=person, now=timezone.now())
    partnership = row.side.partnership
    if can_see_inside(person, partnership):
        return reverse("partnerships:contacts", args=[partnership.slug])
    return partnership.get_absolute_url() if partnership.published_at else reverse("portal:desk")

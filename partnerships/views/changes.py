"""Changing an entry, and what was changed so far."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, once, spent
from core.pagination import page_of
from partnerships import actions, queries
from partnerships.forms import EditForm, StatusForm, same_pair_sentence
from partnerships.forms.changes import values_of
from partnerships.models import Change, Partnership
from partnerships.permissions import acts_as_office
from partnerships.views.gates import editable, inside, sent


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = editable(request, slug)
    form = EditForm(sent(request), partnership=partnership, today=timezone.localdate())
    conflict, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            # Changed by its writer after a conflict, the same form is another act.
            key = key_for(form.cleaned_data["key"], form.cleaned_data["base_version"], form.changes())
            address = once(key, lambda: _edit(form, partnership, cast(User, request.user)))
        except EditConflict:
            current = Partnership.objects.visible_to(request.user).get(pk=partnership.pk)
            conflict = conflict_with(form, now=values_of(current), version=current.version)
            status = 409
        except actions.SamePairExists as problem:
            form.add_error("kind", same_pair_sentence(problem))
        else:
            messages.success(request, _("“%(partnership)s” is saved.") % {"partnership": partnership})
            return redirect(address)
    context = {"partnership": partnership, "form": form, "conflict": conflict}
    return render(request, "partnerships/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, slug: str) -> HttpResponse:
    """`?to=dormant` chooses beforehand what a mail or the desk suggests."""
    partnership = editable(request, slug)
    person = cast(User, request.user)
    form = StatusForm(
        sent(request),
        initial={"status": request.GET.get("to", "")},
        partnership=partnership,
        is_office=acts_as_office(person, partnership),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            key = key_for(form.cleaned_data["key"], form.cleaned_data["status"], form.year)
            address = once(key, lambda: _set_status(form, partnership, person))
        except (actions.NoSuchWay, actions.YearAndReasonNeeded):
            # Somebody else has changed it meanwhile: the ways from there are others.
            messages.warning(request, _("Somebody else has changed this meanwhile. Please look again."))
            return redirect(request.path)
        messages.success(request, _("The status is changed."))
        return redirect(address)
    if request.method == "POST" and (address := _led_to(request, form)):
        # Sent twice: the status it asks for is there already, so it can no longer be chosen.
        return redirect(address)
    return render(request, "partnerships/status.html", {"partnership": partnership, "form": form})


def _led_to(request: HttpRequest, form: StatusForm) -> str:
    """From what was typed: the fields of the first answer may be gone from the form."""
    status = request.POST.get("status", "")
    year = request.POST.get(
        "ended_year" if status == Partnership.Status.ENDED else "renewed_year", ""
    ).strip()
    key = form.cleaned_data.get("key")
    return spent(key_for(key, status, year or None)) if key else ""


@login_required
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = inside(request, slug)
    changes = queries.changes_of(Change.objects.visible_to(request.user).filter(partnership=partnership))
    page = page_of(changes, request.GET.get("page"), total=changes.count())
    context = {
        "partnership": partnership,
        "page": page,
        "rows": queries.history_rows(list(page.object_list), queries.labels()),
    }
    return render(request, "partnerships/history.html", context)


def _edit(form: EditForm, partnership: Partnership, person: User) -> str:
    saved = actions.edit_partnership(
        partnership=partnership,
        changes=form.changes(),
        topics=form.cleaned_data["topics"],
        by=person,
        base_version=form.cleaned_data["base_version"],
        now=timezone.now(),
    )
    return saved.get_absolute_url()


def _set_status(form: StatusForm, partnership: Partnership, person: User) -> str:
    saved = actions.set_status(
        partnership=partnership,
        status=form.cleaned_data["status"],
        reason=form.cleaned_data.get("end_reason", ""),
        year=form.year,
        by=person,
        now=timezone.now(),
    )
    return saved.get_absolute_url()

"""The chronicle: what happened between the partners, with photos, and who takes part."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core import files
from core.conflicts import Difference, EditConflict, conflict_with
from core.csv import csv_lines
from core.form_keys import key_for, once
from core.sent_again import same_answer_again
from partnerships import actions
from partnerships.forms import ConfirmForm, EntryForm, PhotoForm
from partnerships.forms.chronicle import values_of_entry
from partnerships.models import Actor, ChronicleEntry, Document, Partnership
from partnerships.permissions import can_edit
from partnerships.queries import chronicle as queries
from partnerships.views.gates import editable, inside, seen, sent


@require_safe
def chronicle(request: HttpRequest, slug: str) -> HttpResponse:
    """`?print=1`: large, for paper, what everybody may read; `?print=all` has the rest too."""
    partnership = seen(request, slug)
    on_paper = request.GET.get("print", "")
    # Paper is handed on: notes of the sides stand on it only when somebody asks for them.
    is_for_all = on_paper and on_paper != "all" and partnership.published_at is not None
    context = {
        "partnership": partnership,
        "chronicle": queries.chronicle_of(partnership, None if is_for_all else request.user),
        "may_edit": request.user.is_authenticated and can_edit(request.user, partnership),
        "for_print": bool(on_paper),
        "is_for_all": is_for_all,
    }
    return render(request, "partnerships/chronicle.html", context)


@login_required
@require_safe
def export_chronicle(request: HttpRequest, slug: str) -> HttpResponse:
    """For the sides and the office."""
    partnership = inside(request, slug)
    rows = queries.export_rows(partnership, request.user, site=settings.SITE_URL)
    table = "".join(csv_lines(queries.export_headings(), rows))
    headers = {"Content-Disposition": f'attachment; filename="{partnership.slug}.csv"'}
    return HttpResponse(table, content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def add_entry(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = editable(request, slug)
    form = EntryForm(sent(request), today=timezone.localdate())
    if form.is_bound and form.is_valid():
        try:
            key = key_for(form.cleaned_data["key"], form.facts())
            address = once(key, lambda: _add(form, partnership, cast(User, request.user)))
        except actions.TooManyEntries:
            form.add_error(None, _("The chronicle is full. Please delete an entry first."))
        else:
            messages.success(request, _("“%(title)s” is in the chronicle.") % form.cleaned_data)
            return redirect(address)
    return form_page(request, partnership, form, heading=_("New entry"), back_url=page_of(partnership))


@login_required
@require_http_methods(["GET", "POST"])
def edit_entry(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    partnership = editable(request, slug)
    entry = _entry(request, partnership, number)
    form = EntryForm(sent(request), today=timezone.localdate(), entry=entry)
    conflict = None
    if form.is_bound and form.is_valid():
        try:
            # Changed by its writer after a conflict, the same form is another act.
            key = key_for(form.cleaned_data["key"], form.cleaned_data["base_version"], form.facts())
            address = once(key, lambda: _edit(form, entry, cast(User, request.user)))
        except EditConflict:
            current = _entry(request, partnership, number)
            conflict = conflict_with(form, now=values_of_entry(current), version=current.version)
        except ChronicleEntry.DoesNotExist:
            messages.warning(request, _("Somebody else has deleted this meanwhile."))
            return redirect(page_of(partnership))
        else:
            messages.success(request, _("“%(title)s” is saved.") % form.cleaned_data)
            return redirect(address)
    back_url = page_of(partnership, entry)
    return form_page(
        request,
        partnership,
        form,
        heading=_("Change an entry"),
        back_url=back_url,
        row=entry,
        conflict=conflict,
    )


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def delete_entry(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Asks once."""
    partnership = editable(request, slug)
    form = ConfirmForm(sent(request))
    entry = _entry(request, partnership, number)
    if form.is_bound and form.is_valid():
        address = once(form.cleaned_data["key"], lambda: _delete(entry, cast(User, request.user)))
        messages.success(request, _("“%(title)s” is deleted.") % {"title": entry.title})
        return redirect(address)
    context = {
        "partnership": partnership,
        "form": form,
        "row": entry,
        "photos": Document.objects.visible_to(request.user).filter(entry=entry).count(),
        "submit_label": _("Delete entry"),
    }
    return render(request, "partnerships/chronicle_delete.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_photo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    partnership = editable(request, slug)
    entry = _entry(request, partnership, number)
    form = PhotoForm(sent(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            # Another photo in the same form, after "back", is another act.
            upload = form.cleaned_data["upload"]
            key = key_for(form.cleaned_data["key"], upload.name, upload.size, form.said())
            address = once(key, lambda: _add_photo(form, entry, cast(User, request.user)))
        except actions.TooManyFiles:
            form.add_error(None, _("There are too many files. Please delete one first."))
        except files.CannotBeKept:
            form.add_error(None, _("The photo could not be kept. Please try again later."))
        else:
            messages.success(request, _("The photo is added."))
            return redirect(address)
    back_url = page_of(partnership, entry)
    return form_page(request, partnership, form, heading=_("Add a photo"), back_url=back_url, row=entry)


def page_of(partnership: Partnership, entry: ChronicleEntry | None = None) -> str:
    page = reverse("partnerships:chronicle", args=[partnership.slug])
    return f"{page}#entry-{entry.pk}" if entry else page


def _entry(request: HttpRequest, partnership: Partnership, number: int) -> ChronicleEntry:
    entries = ChronicleEntry.objects.visible_to(request.user).filter(partnership=partnership)
    return get_object_or_404(entries, pk=number)


def form_page(
    request: HttpRequest,
    partnership: Partnership,
    form: Form,
    *,
    heading: str,
    back_url: str,
    row: ChronicleEntry | Actor | None = None,
    conflict: list[Difference] | None = None,
) -> HttpResponse:
    """Of an entry, a photo or an actor. `row`: what is changed, or the entry the photo belongs to."""
    context = {
        "partnership": partnership,
        "form": form,
        "heading": heading,
        "row": row,
        "conflict": conflict,
        "back_url": back_url,
    }
    status = 200 if conflict is None else 409
    return render(request, "partnerships/chronicle_form.html", context, status=status)


def _add(form: EntryForm, partnership: Partnership, person: User) -> str:
    entry = actions.add_entry(partnership=partnership, facts=form.facts(), by=person, now=timezone.now())
    return page_of(partnership, entry)


def _edit(form: EntryForm, entry: ChronicleEntry, person: User) -> str:
    version = form.cleaned_data["base_version"]
    actions.edit_entry(entry=entry, facts=form.facts(), by=person, base_version=version, now=timezone.now())
    return page_of(entry.partnership, entry)


def _delete(entry: ChronicleEntry, person: User) -> str:
    actions.delete_entry(entry=entry, by=person, now=timezone.now())
    return page_of(entry.partnership)


def _add_photo(form: PhotoForm, entry: ChronicleEntry, person: User) -> str:
    actions.add_document(
        upload=form.cleaned_data["upload"],
        kind=Document.Kind.PHOTO,
        partnership=entry.partnership,
        entry=entry,
        by=person,
        now=timezone.now(),
        **form.said(),
    )
    return page_of(entry.partnership, entry)

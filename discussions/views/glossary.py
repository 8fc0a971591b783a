"""The shared glossary: read by everybody with an account, kept by members of groups."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.conflicts import EditConflict, conflict_with
from core.filters import clean_query
from core.form_keys import key_for, once
from discussions.actions import glossary as actions
from discussions.actions.groups import NotAllowed
from discussions.forms.glossary import TermForm, values_of_term
from discussions.models import Term
from discussions.permissions import can_edit_glossary
from discussions.queries.glossary import terms_page
from discussions.views.gates import person_of, sent


@login_required
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    typed = clean_query(request.GET.get("q", ""))
    context = {
        "typed": typed,
        "page": terms_page(typed, request.GET.get("page"), request.user),
        "page_query": f"?{urlencode({'q': typed})}&" if typed else "?",
        "may_edit": can_edit_glossary(request.user),
        "breadcrumb": _way((_("Glossary"), "")),
    }
    return render(request, "discussions/glossary.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    _check(request)
    form = TermForm(sent(request))
    if form.is_bound and form.is_valid():
        key = key_for(form.cleaned_data["key"], form.words(), form.cleaned_data["note"])
        try:
            address = once(key, lambda: _add(request, form))
        except NotAllowed:
            raise PermissionDenied from None
        messages.success(request, _("The term is in the glossary."))
        return redirect(address)
    return _page(request, form, _("Add a term"))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    _check(request)
    term = get_object_or_404(Term, pk=number)
    form = TermForm(sent(request), term=term)
    if form.is_bound and form.is_valid():
        said = (form.cleaned_data["base_version"], form.words(), form.cleaned_data["note"])
        key = key_for(form.cleaned_data["key"], number, *said)
        try:
            address = once(key, lambda: _edit(request, term, form))
        except NotAllowed:
            raise PermissionDenied from None
        except EditConflict:
            term.refresh_from_db()
            conflict = conflict_with(form, now=values_of_term(term), version=term.version)
            return _page(request, form, _("Change a term"), conflict=conflict, status=409)
        messages.success(request, _("The term is changed."))
        return redirect(address)
    return _page(request, form, _("Change a term"))


def _check(request: HttpRequest) -> None:
    if not can_edit_glossary(request.user):
        raise PermissionDenied


def _page(
    request: HttpRequest, form: TermForm, word: str, *, conflict: object = None, status: int = 200
) -> HttpResponse:
    back = reverse("discussions:glossary")
    context = {
        "form": form,
        "word": word,
        "conflict": conflict,
        "back_url": back,
        "breadcrumb": _way((_("Glossary"), back), (word, "")),
    }
    is_wrong = status == 200 and form.is_bound
    return render(request, "discussions/term.html", context, status=422 if is_wrong else status)


def _add(request: HttpRequest, form: TermForm) -> str:
    note = form.cleaned_data["note"]
    term = actions.add_term(words=form.words(), note=note, by=person_of(request), now=timezone.now())
    return _place_of(term)


def _edit(request: HttpRequest, term: Term, form: TermForm) -> str:
    row = actions.edit_term(
        term=term,
        words=form.words(),
        note=form.cleaned_data["note"],
        by=person_of(request),
        base_version=form.cleaned_data["base_version"],
        now=timezone.now(),
    )
    return _place_of(row)


def _place_of(term: Term) -> str:
    """Searched for: the list may have many pages."""
    return f"{reverse('discussions:glossary')}?{urlencode({'q': str(term)})}#term-{term.pk}"


def _way(*items: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Groups"), reverse("discussions:list")), *items]

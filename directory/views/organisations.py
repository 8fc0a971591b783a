"""Pages about organisations: list, one of them, and the forms of those who look after it."""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from core.conflicts import Difference, EditConflict, conflict_with
from core.form_keys import once
from core.limits import within_limit
from core.pagination import page_of
from core.panels import panels_for
from directory import actions, permissions, queries
from directory.forms import EditOrganisationForm, NewOrganisationForm, ProfileForm, facts_of
from directory.models import Organisation


class TooMany(Exception):
    """More than anybody does by hand."""


@require_GET
def organisation_list(request: HttpRequest) -> HttpResponse:
    filters = queries.OrganisationFilters(request.GET)
    found = queries.search_organisations(filters, demo=settings.SHOW_DEMO)
    page = page_of(found.rows, request.GET.get("page"), total=found.total)
    context = {
        "typed": filters.q,
        "is_filtered": bool(filters.values),
        "kept_filters": sorted(filters.values.items()),
        "found": found,
        "total": queries.grouped_number(found.total),
        "page": page,
        "page_query": filters.url() + ("&" if filters.query_string else ""),
        "rows": queries.organisation_rows(page.object_list),
        "chips": [{"label": chip.label, "remove_url": chip.url} for chip in filters.chips(found.labels)],
    }
    return render(request, "directory/organisation_list.html", context)


@require_GET
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = visible_organisation(request, slug)
    membership = queries.membership_of(request.user, organisation)
    context = {
        "organisation": organisation,
        "facts": queries.organisation_facts(organisation, request.user),
        "profile": queries.profile(organisation),
        "people": queries.people_shown(organisation, request.user),
        "membership": membership,
        "can_edit": permissions.can_edit_organisation(request.user, organisation),
        "can_see_people": permissions.can_see_people(request.user, organisation),
        "panels": [render_to_string(*panel) for panel in panels_for("organisation", organisation, request)],
        "breadcrumb": breadcrumb(organisation),
    }
    return render(request, "directory/organisation_detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_create(request: HttpRequest) -> HttpResponse:
    form = NewOrganisationForm(request.POST or None)
    same: list[Organisation] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _create(request, form))
        except actions.SameName as warning:
            same = warning.found
        except TooMany:
            form.add_error(None, _("These were many organisations in a short time. Please go on tomorrow."))
            status = 429
        else:
            messages.success(request, _("“%(name)s” is created.") % {"name": form.cleaned_data["name"]})
            return redirect(address)
    context = {
        "form": form,
        "same": same,
        "breadcrumb": [*_list_crumb(), (_("Create an organisation"), "")],
    }
    return render(request, "directory/organisation_form.html", context, status=status)


def _create(request: HttpRequest, form: NewOrganisationForm) -> str:
    check_limit("organisation", request, most=10)
    organisation = actions.create_organisation(
        by=person_of(request),
        facts=form.facts,
        even_if_same=form.cleaned_data["even_if_same"],
        now=timezone.now(),
    )
    return organisation.get_absolute_url()


@login_required
@require_http_methods(["GET", "POST"])
def organisation_edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = visible_organisation(request, slug)
    if not permissions.can_edit_organisation(request.user, organisation):
        raise PermissionDenied
    form = EditOrganisationForm(request.POST or None, organisation=organisation)
    conflict: list[Difference] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _edit(request, organisation, form))
        except EditConflict:
            organisation = visible_organisation(request, slug)
            conflict = conflict_with(
                form,
                now=facts_of(organisation),
                version=organisation.version,
                shown=EditOrganisationForm(organisation=organisation).initial,
            )
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect(address)
    context = {
        "form": form,
        "organisation": organisation,
        "conflict": conflict,
        "breadcrumb": breadcrumb(organisation, _("Edit")),
    }
    status = 200 if conflict is None else 409
    return render(request, "directory/organisation_form.html", context, status=status)


def _edit(request: HttpRequest, organisation: Organisation, form: EditOrganisationForm) -> str:
    saved = actions.edit_organisation(
        organisation=organisation,
        by=person_of(request),
        facts=form.facts,
        base_version=form.cleaned_data["base_version"],
    )
    return saved.get_absolute_url()


@login_required
@require_http_methods(["GET", "POST"])
def organisation_profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Its words in further languages."""
    organisation = visible_organisation(request, slug)
    if not permissions.can_edit_organisation(request.user, organisation):
        raise PermissionDenied
    wants_row = "more" in request.POST
    form = ProfileForm(request.POST or None, subject=organisation, wants_row=wants_row)
    conflict: list[Difference] | None = None
    if request.method == "POST" and not wants_row and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _save_profile(request, organisation, form))
        except EditConflict:
            conflict = form.differences_to(visible_organisation(request, slug))
        else:
            messages.success(request, _("The profile is saved."))
            return redirect(address)
    context = {
        "form": form,
        "wants_row": wants_row,
        "conflict": conflict,
        "name": organisation.name,
        "back_url": organisation.get_absolute_url(),
        "breadcrumb": breadcrumb(organisation, _("Edit profile")),
    }
    return render(request, "directory/profile_form.html", context, status=200 if conflict is None else 409)


def _save_profile(request: HttpRequest, organisation: Organisation, form: ProfileForm) -> str:
    actions.save_profile(subject=organisation, by=person_of(request), **form.profile)
    return organisation.get_absolute_url()


@login_required
@require_GET
def my_organisations(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    context = {
        "organisations": queries.my_organisations(person),
        "requests": queries.my_requests(person),
        "invitations": [
            (invitation, queries.invitation_url(invitation))
            for invitation in queries.my_invitations(person, now=timezone.now())
        ],
        "breadcrumb": [(_("My organisations"), "")],
    }
    return render(request, "directory/organisation_mine.html", context)


# For the pages about its people, too


def visible_organisation(request: HttpRequest, slug: str) -> Organisation:
    """The gate of every page about one organisation."""
    rows = Organisation.objects.visible_to(request.user).select_related("seat")
    return get_object_or_404(rows if settings.SHOW_DEMO else rows.filter(is_demo=False), slug=slug)


def breadcrumb(organisation: Organisation, *last: str) -> list[tuple[str, str]]:
    here = (organisation.name, organisation.get_absolute_url())
    return [*_list_crumb(), here, *((words, "") for words in last)]


def _list_crumb() -> list[tuple[str, Any]]:
    return [(_("Organisations"), reverse("directory:organisation_list"))]


def person_of(request: HttpRequest) -> User:
    """After login_required."""
    return cast(User, request.user)


def check_limit(what: str, request: HttpRequest, *, most: int) -> None:
    """Asked where something is really done: the same form sent again is not counted again. Raises TooMany."""
    if not within_limit(what, str(request.user.pk), most=most, each=timedelta(days=1)):
        raise TooMany

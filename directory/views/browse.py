"""Pages of the directory."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.csv import csv_lines
from core.filters import clean_query
from core.form_keys import once
from core.limits import within_limit
from core.pagination import page_of
from core.panels import panels_for
from directory import actions, queries
from directory.forms import ReportForm
from directory.names import cyrillic_tag, latin_tag, shown_name
from directory.permissions import can_edit_places
from directory.reports import address_of, reportable


class _TooMany(Exception):
    """So many reports nobody writes by hand."""


@require_GET
def municipality_list(request: HttpRequest) -> HttpResponse:
    filters = queries.filters_of(request.GET)
    found = queries.search_municipalities(filters, demo=settings.SHOW_DEMO)
    page = page_of(found.rows, request.GET.get("page"), total=found.total)
    export_url = f"{reverse('directory:export')}?{filters.query_string}".rstrip("?")
    context = {
        "typed": filters.q,
        "is_filtered": bool(filters.values),
        "shows_only_off_map": filters["map"] == queries.NO,
        "kept_filters": sorted(filters.values.items()),
        "found": found,
        "total": queries.grouped_number(found.total),
        "off_map": queries.grouped_number(found.off_map) if found.off_map else "",
        "off_map_url": filters.url(map=queries.NO),
        "page": page,
        "page_query": filters.url() + ("&" if filters.query_string else ""),
        "rows": queries.shown_rows(queries.rows_of_page(found, page), filters.countries),
        "chips": [{"label": chip.label, "remove_url": chip.url} for chip in filters.chips(found.labels)],
        "export_url": export_url,
    }
    return render(request, "directory/municipality_list.html", context)


@require_GET
def municipality_export(request: HttpRequest) -> StreamingHttpResponse:
    """Exactly the rows of the list with these filters; real municipalities only."""
    found = queries.search_municipalities(queries.filters_of(request.GET), demo=False)
    lines = csv_lines(queries.export_headings(), queries.export_rows(found, site_url=settings.SITE_URL))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vipad-municipalities.csv"'
    return response


@require_GET
def municipality_suggest(request: HttpRequest) -> JsonResponse:
    typed = clean_query(request.GET.get("q", ""))
    return JsonResponse(queries.suggestions(typed, demo=settings.SHOW_DEMO), safe=False)


@require_GET
def municipality_detail(request: HttpRequest, slug: str) -> HttpResponse:
    municipality = queries.municipality_by_slug(slug, demo=settings.SHOW_DEMO)
    if municipality is None:
        raise Http404
    if municipality.merged_into:
        return redirect(municipality.merged_into, permanent=True)
    country = municipality.country
    speakers = queries.speakers(municipality, request.user)
    is_speaker = any(speaker.is_reader for speaker in speakers)
    context = {
        "municipality": municipality,
        "name": shown_name(municipality.name, municipality.german_name),
        "lang": latin_tag(country.languages),
        "local_lang": cyrillic_tag(country.languages),
        "facts": queries.facts(municipality),
        "name_groups": queries.further_names(municipality),
        "profile": queries.profile(municipality),
        "speakers": speakers,
        "is_speaker": is_speaker,
        "may_edit": is_speaker or can_edit_places(request.user),
        "list_url": f"{reverse('directory:list')}?country={country.pk}",
        "panels": [render_to_string(*panel) for panel in panels_for("municipality", municipality, request)],
        "breadcrumb": [(_("Municipalities"), reverse("directory:list")), (municipality.name, "")],
    }
    return render(request, "directory/municipality_detail.html", context)


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Where the data come from, whom to thank, and how complete they are."""
    counts = queries.counts_by_country()
    rows = [
        [count.name, queries.grouped_number(count.total), queries.grouped_number(count.off_map)]
        for count in counts
    ]
    total = queries.grouped_number(sum(count.total for count in counts))
    off_map = queries.grouped_number(sum(count.off_map for count in counts))
    context = {
        "headers": [_("Country"), _("Municipalities and places"), _("Without a position")],
        "numeric": [1, 2],
        "rows": rows,
        "total": total,
        "off_map": off_map,
        "breadcrumb": [(_("Data sources"), "")],
    }
    return render(request, "directory/sources.html", context)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Anybody may say that an entry is wrong."""
    known = reportable(kind)
    subject = known.get(slug) if known else None
    if known is None or subject is None:
        raise Http404
    name, status = known.name(subject), 200
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.is_from_a_program:
            return redirect(address_of(subject))
        try:
            address = once(
                form.cleaned_data["key"], lambda: _report(request, subject, name, form.cleaned_data)
            )
        except _TooMany:
            form.add_error(
                None, _("There were many reports from your connection. Please try again in an hour.")
            )
            status = 429
        else:
            messages.success(request, _("Thank you. The office will look at “%(name)s”.") % {"name": name})
            return redirect(address)
    breadcrumb = [(name, address_of(subject)), (_("Report an error"), "")]
    context = {"form": form, "name": name, "back_url": address_of(subject), "breadcrumb": breadcrumb}
    return render(request, "directory/report.html", context, status=status)


def _may_report(request: HttpRequest) -> bool:
    who = get_adapter().get_client_ip(request)
    return within_limit("report", who, most=5, each=timedelta(hours=1)) and within_limit(
        "report", who, most=30, each=timedelta(days=1)
    )


def _report(request: HttpRequest, subject: Model, name: str, data: dict[str, Any]) -> str:
    # Asked here, so that the same form sent again is not counted again.
    if not _may_report(request):
        raise _TooMany
    actions.report_entry(
        subject=subject,
        subject_name=name,
        text=data["text"],
        email=data["email"],
        language=get_language() or settings.LANGUAGE_CODE,
        now=timezone.now(),
    )
    return address_of(subject)

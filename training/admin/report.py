"""The report for the funder: on the page, as a table or a workbook for spreadsheets, as a paper."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.csv import csv_lines
from core.pdf import render
from core.workbook import MEDIA_TYPE, Sheet, workbook
from training.admin.office import shown
from training.forms.office import PeriodForm
from training.queries import report as figures


def report_page(request: HttpRequest) -> HttpResponse:
    """Without a period it shows this year so far. `?format=` csv, xlsx and pdf give files."""
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    asked = request.GET if "since" in request.GET else _this_year(today)
    form = PeriodForm(asked, courses=figures.courses(demo=settings.SHOW_DEMO))
    if not form.is_valid():
        return shown(request, "report", title=_("Report for the funder"), status=422, form=form)
    said = form.cleaned_data
    found = figures.report(
        figures.Period(said["since"], said["until"]),
        course=said["course"],
        demo=settings.SHOW_DEMO,
        now=timezone.now(),
    )
    match request.GET.get("format"):
        case "csv":
            return _csv(found)
        case "xlsx":
            return _xlsx(found)
        case "pdf":
            return _pdf(found)
    context: dict[str, Any] = {
        "form": form,
        "report": found,
        "tables": figures.tables(found),
        "query": _query(said),
    }
    return shown(request, "report", title=_("Report for the funder"), **context)


def _this_year(today: date) -> dict[str, Any]:
    return {"since": today.replace(month=1, day=1).isoformat(), "until": today.isoformat()}


def _query(said: dict[str, Any]) -> str:
    course = said["course"]
    return f"since={said['since']}&until={said['until']}" + (f"&course={course.pk}" if course else "")


def _csv(found: figures.Report) -> HttpResponse:
    headings = [
        _("part"),
        _("figure"),
        pgettext("count", "number"),
        pgettext("period", "from"),
        pgettext("period", "until"),
        _("course"),
    ]
    text = "".join(csv_lines(headings, _csv_rows(found)))
    return _file(text.encode(), "text/csv; charset=utf-8", f"{_name(found)}.csv")


def _csv_rows(found: figures.Report) -> Iterator[list[Any]]:
    course = _course(found)
    for table in figures.tables(found):
        for words, number in table.rows:
            yield [table.title, words, number, found.period.since, found.period.until, course]


def _xlsx(found: figures.Report) -> HttpResponse:
    """A sheet for each table, and a first one that says what they are about."""
    period = found.period
    about = Sheet(
        _("Report for the funder"),
        [pgettext("period", "from"), pgettext("period", "until"), _("course")],
        [[period.since, period.until, _course(found)]],
    )
    sheets = [Sheet(one.title, one.headings, one.rows, one.note) for one in figures.tables(found)]
    return _file(workbook([about, *sheets]), MEDIA_TYPE, f"{_name(found)}.xlsx")


def _pdf(found: figures.Report) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    title = _("Report for the funder")
    data = {
        "site": "ViPaD",
        "heading": title,
        "period": _("%(since)s to %(until)s")
        % {"since": date_format(found.period.since), "until": date_format(found.period.until)},
        "course": _course(found),
        "tables": [
            {
                "title": table.title,
                "headings": list(table.headings),
                "rows": [[words, str(localize(number))] for words, number in table.rows],
                "note": table.note,
            }
            for table in figures.tables(found)
        ],
    }
    return _file(
        render("report.typ", data, language=language, title=title), "application/pdf", f"{_name(found)}.pdf"
    )


def _course(found: figures.Report) -> str:
    return str(found.course) if found.course else _("all courses")


def _name(found: figures.Report) -> str:
    return f"vipad-{found.period.since}-{found.period.until}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )

"""Reporting something without an account (Digital Services Act, Article 16)."""

from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.form_keys import key_for, once
from core.limits import within_limit
from core.partner_pages import kept_language, partner_language, partner_page, register_address, speaking
from discussions.actions.notices import take_notice
from discussions.forms.notices import TOO_MANY, NoticeForm
from discussions.references import as_written
from discussions.views.gates import sent

register_address("/notice/")
MOST_AN_HOUR = 5
MOST_A_DAY = 30


class TooMany(Exception):
    """So many reports nobody writes by hand."""


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """Says the same whatever was named: whether there is such a group or post is looked up nowhere."""
    with speaking(request):
        form, status = NoticeForm(sent(request)), 200
        if form.is_bound and form.is_valid():
            data = form.cleaned_data
            # Who mistyped goes back, corrects it and sends the form again.
            key = key_for(data["key"], data["address"], data["text"], data["email"])
            try:
                return redirect(once(key, lambda: _take(request, form)))
            except TooMany:
                form.add_error(None, TOO_MANY)
                status = 429
        elif form.errors:
            status = 422
        return partner_page(request, "partner/notice.html", {"form": form}, status=status)


def _take(request: HttpRequest, form: NoticeForm) -> str:
    data, page = form.cleaned_data, reverse("discussions:notice_sent") + kept_language(request)
    if form.is_from_a_program:
        return page
    if not _may_report(request):
        raise TooMany
    report = take_notice(
        address=data["address"],
        text=data["text"],
        email=data["email"],
        language=partner_language(request),
        now=timezone.now(),
    )
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'number': report.reference})}"


def _may_report(request: HttpRequest) -> bool:
    # Asked here, so that the same form sent again is not counted again.
    who = get_adapter().get_client_ip(request)
    return within_limit("notice", who, most=MOST_AN_HOUR, each=timedelta(hours=1)) and within_limit(
        "notice", who, most=MOST_A_DAY, each=timedelta(days=1)
    )


@require_safe
def notice_sent(request: HttpRequest) -> HttpResponse:
    """The reference stands in the address and is not looked up: the page tells nothing about others."""
    context = {"reference": as_written(request.GET.get("number", ""))}
    return partner_page(request, "partner/notice_done.html", context)

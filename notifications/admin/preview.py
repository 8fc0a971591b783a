"""Every mail we can send, in every language of its readers, made from invented notices."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from notifications.examples import example_of, languages_of
from notifications.kinds import Kind, all_kinds
from notifications.mails import message

# A mail's own HTML: it may style itself and nothing else.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@dataclass(frozen=True)
class Row:
    told: Kind
    languages: list[tuple[str, str]]


def preview_list(request: HttpRequest) -> HttpResponse:
    rows = [Row(told, languages_of(told)) for told in all_kinds()]
    context = {**admin.site.each_context(request), "rows": rows}
    return render(request, "admin/notifications/preview_list.html", context)


def preview_mail(request: HttpRequest, name: str, language: str) -> HttpResponse:
    told = _kind_or_404(name, language)
    try:
        mail = _example_mail(told, language)
    except Exception as error:  # one kind that cannot be shown must say so, not break the office's page
        mail, fault = None, type(error).__name__
    else:
        fault = ""
    context = {
        **admin.site.each_context(request),
        "told": told,
        "language": language,
        "languages": languages_of(told),
        "mail": mail,
        "fault": fault,
    }
    return render(request, "admin/notifications/preview_mail.html", context)


def preview_html(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """The HTML part alone, in a sandbox: what a mail says must not act in our name."""
    mail = _example_mail(_kind_or_404(name, language), language)
    html = str(mail.alternatives[0][0])
    return HttpResponse(html, headers={"Content-Security-Policy": MAIL_POLICY})


def _kind_or_404(name: str, language: str) -> Kind:
    for told in all_kinds():
        if told.name == name and language in dict(languages_of(told)):
            return told
    raise Http404


def _example_mail(told: Kind, language: str) -> EmailMultiAlternatives:
    with example_of(told, language=language, now=timezone.now()) as notice:
        return message(notice)

"""The end of our mails, by the link in each of them: signed out, and in one press (RFC 8058).

A GET only asks: mail scanners open every link of every mail.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from core.partner_pages import Problem, partner_page, partner_problem, register_address
from notifications import actions, queries
from notifications.links import MailLink, mail_link, read_mail_link

register_address("/notices/unsubscribe/")
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A mail program's own button sends exactly ONE_CLICK, without cookies; everything else goes through our form."""
    link = read_mail_link("unsubscribe", token)
    if link is None:
        return partner_problem(request, Problem.WRONG)
    name, value = ONE_CLICK
    if request.method == "POST" and request.POST.get(name) == value:
        actions.end_mails(link, now=timezone.now())
        return HttpResponse("OK\n", content_type="text/plain; charset=utf-8")
    return _by_our_form(request, link, token)


@csrf_protect
def _by_our_form(request: HttpRequest, link: MailLink, token: str) -> HttpResponse:
    if request.method == "POST":
        if "again" in request.POST and link.person is None:
            actions.resume_mails(link)
        else:
            actions.end_mails(link, now=timezone.now())
        return redirect(request.get_full_path())
    is_off = queries.are_mails_ended(link)
    if link.person is None:
        return partner_page(request, "partner/unsubscribe.html", {"is_off": is_off})
    context = {
        "is_off": is_off,
        "told": queries.name_of_choice(link.person, kind_name=link.kind, scope=link.scope),
        "settings_link": mail_link(
            "settings",
            person=link.person,
            email=link.person.email,
            language="",
            kind=link.kind,
            scope=link.scope,
        ),
    }
    return render(request, "notifications/unsubscribe.html", context)

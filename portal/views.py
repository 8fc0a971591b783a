"""Pages about everything, and the answers to what went wrong."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import close_welcome
from accounts.models import User
from core.filters import clean_query
from core.form_keys import once, spent
from core.limits import within_limit
from core.partner_pages import is_for_partners, partner_problem, problem_of_status
from directory.models import Municipality
from portal import mailbox as kept_mails
from portal.addresses import way_back
from portal.certificates import certificate_with
from portal.desk import next_steps
from portal.forms import USUAL_NEXT, LaterForm, Next, NextForm, SentForm, WhereForm, Who, WhoForm
from portal.health import health
from portal.models import Page
from portal.queries import page_text, texts_of, version_of_page, versions_of
from portal.search import search as search_everything
from portal.start import start_context
from portal.styleguide import examples
from portal.welcome import destination, name_of
from webinars.queries.next_dates import next_dates

SECURITY_TXT_HOLDS = timedelta(days=180)
# A mail's own HTML: it may style itself and nothing else.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    dates = next_dates(language=get_language() or settings.LANGUAGE_CODE, now=timezone.now())
    return render(request, "portal/start.html", {**start_context(), "dates": dates})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = clean_query(request.GET.get("q", ""))
    found = search_everything(query, request.user)
    return render(request, "portal/search.html", {"query": query, "found": found})


@require_safe
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    return render(
        request, "portal/desk.html", {"steps": next_steps(cast(User, request.user), now=timezone.now())}
    )


@require_safe
@login_required
def form_sent(request: HttpRequest) -> HttpResponse:
    """Asked by drafts.js: has the form with this `key` done what it was sent for? Keys are forgotten after two days."""
    form = SentForm(request.GET)
    is_sent = form.is_valid() and bool(spent(form.cleaned_data["key"]))
    return JsonResponse({"sent": is_sent}, headers={"Cache-Control": "private, no-store"})


@require_safe
def certificates(request: HttpRequest, code: str = "") -> HttpResponse:
    """What stands on a certificate, for who has its code. Whoever tries many codes is slowed down."""
    typed = (code or request.GET.get("code", "")).strip()[:40]
    shown = certificate_with(typed) if typed else None
    too_many, status = False, 200
    if typed and shown is None:
        who = get_adapter().get_client_ip(request)
        too_many = not within_limit("certificate", who, most=60, each=timedelta(hours=1))
        status = 429 if too_many else 404
    context = {"typed": typed, "shown": None if too_many else shown, "too_many": too_many}
    return render(request, "portal/certificate.html", context, status=status)


# The first questions


@require_http_methods(["GET", "POST"])
@login_required
def welcome(request: HttpRequest) -> HttpResponse:
    """One question a page. What was answered stands in the address, so that "back" works and nothing is kept."""
    who = WhoForm(request.GET if "who" in request.GET else None)
    if not who.is_valid():
        return _question(request, 1, WhoForm(), {})
    answers = {"who": who.cleaned_data["who"]}
    where = WhereForm(request.GET if "place" in request.GET else None)
    if not where.is_valid():
        return _question(request, 2, where, answers)
    town = where.cleaned_data["place"]
    if town:
        answers |= {"place": name_of(town), "place_number": str(town.pk)}
    return _what_next(request, town, answers)


def _what_next(request: HttpRequest, town: Municipality | None, answers: dict[str, str]) -> HttpResponse:
    form = NextForm(request.POST or None, initial={"next": USUAL_NEXT[Who(answers["who"])]})
    if request.method == "POST" and form.is_valid():
        choice, person = form.cleaned_data["next"], cast(User, request.user)
        if choice == Next.CLAIM and town is None:
            form.add_error("next", _("For this we need to know the municipality. Please go one step back."))
        else:
            return redirect(once(form.cleaned_data["key"], lambda: _go_on(person, choice, town)))
    return _question(request, 3, form, answers, town=town)


def _go_on(person: User, choice: str, town: Municipality | None) -> str:
    if choice == Next.LOOK:
        close_welcome(person, now=timezone.now())
    return destination(choice, town)


def _question(
    request: HttpRequest, number: int, form: Form, answers: dict[str, str], town: Municipality | None = None
) -> HttpResponse:
    back = {"who": answers["who"]} if number == 3 else {}
    context = {
        "number": number,
        "form": form,
        "answers": answers,
        "town_name": name_of(town),
        "back_url": f"{reverse('portal:welcome')}?{urlencode(back)}" if number > 1 else "",
        "later": LaterForm(),
    }
    return render(request, "portal/welcome.html", context)


@require_POST
@login_required
def close_the_welcome(request: HttpRequest) -> HttpResponse:
    """Not now, and no reminder on the desk."""
    form = LaterForm(request.POST)
    if not form.is_valid():
        return redirect("portal:welcome")
    person = cast(User, request.user)

    def close() -> str:
        close_welcome(person, now=timezone.now())
        return reverse("portal:desk")

    return redirect(once(form.cleaned_data["key"], close))


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """For this browser. What a person chose in their profile stays: mails go on in that language."""
    target = way_back(request.POST.get("next", ""), host=request.get_host(), secure=request.is_secure())
    response = redirect(target or reverse("portal:start"))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
        )
    return response


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Page, slug=slug)
    language = translation.get_language()
    text = page_text(texts_of(shown), language)
    return render(
        request, "portal/page.html", {"page": shown, "text": text, "is_fallback": text.language != language}
    )


@require_safe
def page_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a legal page said in one version: what people agreed to must stay readable."""
    shown = get_object_or_404(Page, slug=slug, kind=Page.Kind.LEGAL)
    version = version_of_page(shown, number)
    if version is None:
        raise Http404
    language = translation.get_language()
    text = page_text(version.texts, language)
    context = {"page": shown, "version": version, "versions": versions_of(shown), "text": text}
    return render(request, "portal/page_version.html", {**context, "is_fallback": text.language != language})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For machines. Details only for those who know the token."""
    state = health(now=timezone.now())
    answer: dict[str, Any] = {"status": "ok" if state.ok else "failing"}
    wanted = f"Bearer {settings.HEALTH_TOKEN}"
    if settings.HEALTH_TOKEN and constant_time_compare(request.headers.get("Authorization", ""), wanted):
        answer |= state.details
    return JsonResponse(answer, status=200 if state.ok else 503, headers={"Cache-Control": "no-store"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    hidden = [reverse("admin:index"), reverse("portal:desk"), "/accounts/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell about a weakness."""
    expires = (timezone.now() + SECURITY_TXT_HOLDS).strftime("%Y-%m-%dT00:00:00Z")
    policy = settings.SITE_URL + reverse("portal:page", args=("security",))
    lines = [
        f"Contact: {policy}",
        f"Expires: {expires}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.SITE_URL}{reverse('portal:security_txt')}",
        f"Policy: {policy}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/favicon.svg"))


# Development only


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    _only_in_development()
    return render(request, "portal/styleguide.html", examples())


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/mailbox.html", {"mails": kept_mails.mails(_mailbox_or_404())})


@require_safe
def mailbox_mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "portal/mailbox_mail.html", {"mail": _mail_or_404(name)})


@require_safe
def mailbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, in a sandbox: what a mail says must not act in our name."""
    return HttpResponse(_mail_or_404(name).html, headers={"Content-Security-Policy": MAIL_POLICY})


def _mail_or_404(name: str) -> kept_mails.Mail:
    mail = kept_mails.mail(_mailbox_or_404(), name)
    if mail is None:
        raise Http404
    return mail


def _only_in_development() -> None:
    if settings.PRODUCTION:
        raise Http404


def _mailbox_or_404() -> Path:
    _only_in_development()
    if settings.MAILBOX_DIR is None:
        raise Http404
    return settings.MAILBOX_DIR


# What went wrong


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500)


def _error(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """Rendered without context processors: an error page needs neither database nor session."""
    if is_for_partners(request):
        return partner_problem(request, problem_of_status(status))
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    with translation.override(language):
        html = render_to_string(template or f"{status}.html")
    return HttpResponse(html, status=status, headers={"Content-Language": language})

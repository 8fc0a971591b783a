"""After a session: four questions, the certificate, and the files. For members, and by the link of a registration."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.files import serve
from core.form_keys import led_to, once
from core.partner_pages import kept_language, partner_page
from webinars import actions
from webinars.certificates import certificate_pdf
from webinars.facts import facts_of
from webinars.forms.after import FeedbackForm
from webinars.links import seat_path
from webinars.models import Certificate, Material, Registration
from webinars.permissions import feedback_is_open
from webinars.queries.certificate import certificate_facts
from webinars.queries.one import certificate_of, materials_of_seat
from webinars.views.gates import own, refused, seen, sent
from webinars.views.seats import as_reader, seat_or_answer

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


# Feedback


@login_required
@GET_OR_POST
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    session = seen(request, slug)
    registration = own(request, session)
    if request.method == "POST" and (done := led_to(request)):
        return redirect(done)
    form = FeedbackForm(sent(request))
    try:
        _check_open(registration)
        if request.method == "POST" and form.is_valid():
            url = once(
                form.cleaned_data["key"], lambda: _give(registration, form, session.get_absolute_url())
            )
            messages.success(request, _("Thank you for your answers."))
            return redirect(url)
    except (actions.FeedbackGiven, actions.FeedbackClosed) as why:
        return _no_feedback(request, registration, why)
    status = 422 if form.errors else 200
    return render(request, "webinars/feedback.html", {"session": session, "form": form}, status=status)


def _no_feedback(request: HttpRequest, registration: Registration, why: Exception) -> HttpResponse:
    is_given = isinstance(why, actions.FeedbackGiven)
    return refused(
        request,
        registration.session,
        title=_("Thank you, you have answered already") if is_given else _("The questions are not open"),
        text=_("One answer for each person is enough.")
        if is_given
        else _("You can answer from the end of the session for 14 days."),
    )


@GET_OR_POST
def guest_feedback(request: HttpRequest, token: str) -> HttpResponse:
    registration, answer = seat_or_answer(request, token)
    if registration is None:
        return answer
    with as_reader(request, registration) as language:
        return _guest_feedback(request, registration, language)


def _guest_feedback(request: HttpRequest, registration: Registration, language: str) -> HttpResponse:
    form = FeedbackForm(sent(request))
    status = 422 if form.errors else 200
    if request.method == "POST":
        if done := led_to(request):
            return redirect(done)
        if form.is_valid():
            here = request.path + kept_language(request)
            try:
                return redirect(once(form.cleaned_data["key"], lambda: _give(registration, form, here)))
            except (actions.FeedbackGiven, actions.FeedbackClosed):
                status = 409
                registration.refresh_from_db()
    context = {
        "facts": facts_of(registration.session),
        "form": form,
        "is_given": registration.feedback_at is not None,
        "is_open": feedback_is_open(registration, now=timezone.now()),
        "seat_path": seat_path(registration) + kept_language(request),
    }
    return partner_page(request, "partner/seat_feedback.html", context, language=language, status=status)


def _check_open(registration: Registration) -> None:
    if registration.feedback_at:
        raise actions.FeedbackGiven
    if not feedback_is_open(registration, now=timezone.now()):
        raise actions.FeedbackClosed


def _give(registration: Registration, form: FeedbackForm, url: str) -> str:
    actions.give_feedback(registration=registration, now=timezone.now(), **form.answers)
    return url


# Certificate


@login_required
@GET_OR_POST
def certificate(request: HttpRequest, slug: str) -> HttpResponse:
    """A button issues it; the address alone gives out only what was issued before."""
    session = seen(request, slug)
    registration = own(request, session)
    try:
        row = _certificate(request, registration)
    except actions.NotAttended:
        return refused(
            request,
            session,
            title=_("There is no certificate for you"),
            text=_("It is for people who attended, after the session."),
        )
    return _pdf(row, registration) if row else redirect(session)


@GET_OR_POST
def guest_certificate(request: HttpRequest, token: str) -> HttpResponse:
    registration, answer = seat_or_answer(request, token)
    if registration is None:
        return answer
    with as_reader(request, registration):
        try:
            row = _certificate(request, registration)
        except actions.NotAttended:
            row = None
        if row is None:
            return redirect(seat_path(registration) + kept_language(request))
        return _pdf(row, registration)


def _certificate(request: HttpRequest, registration: Registration) -> Certificate | None:
    if request.method == "POST":
        return actions.issue_certificate(registration=registration, now=timezone.now())
    return certificate_of(registration)


def _pdf(row: Certificate, registration: Registration) -> HttpResponse:
    facts = certificate_facts(row, registration)
    content = certificate_pdf(facts, language=get_language() or settings.LANGUAGE_CODE)
    headers: Mapping[str, Any] = {
        "Content-Disposition": f'attachment; filename="{row.code}.pdf"',
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


# Files


@require_safe
def material(request: HttpRequest, number: int) -> HttpResponseBase:
    row = get_object_or_404(Material.objects.visible_to(request.user), pk=number)
    return _given_out(row)


@require_safe
def guest_material(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    registration, answer = seat_or_answer(request, token)
    if registration is None:
        return answer
    row = materials_of_seat(registration).filter(pk=number).first()
    if row is None:
        raise Http404
    return _given_out(row)


def _given_out(row: Material) -> HttpResponseBase:
    return serve(row.file, content_type=row.content_type, as_name=row.original_name)

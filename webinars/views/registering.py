"""Members take a seat, give it back, accept one, and say what they need."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.form_keys import key_for, led_to, once
from core.sent_again import same_answer_again
from webinars import actions
from webinars.choices import Seat
from webinars.forms.guests import NeedsForm
from webinars.forms.registering import KeyForm, RegisterForm
from webinars.models import Registration, Session
from webinars.queries.one import needs_of, organisations_of
from webinars.queries.states import own_in_words
from webinars.views.finding import detail_answer
from webinars.views.gates import own, person_of, refused, seen, sent

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@GET_OR_POST
def register(request: HttpRequest, slug: str) -> HttpResponse:
    session = seen(request, slug)
    if request.method != "POST":
        # Who signed in on the way comes here; the button is on the session's page.
        return redirect(session)
    form = RegisterForm(request.POST, organisations=organisations_of(person_of(request)))
    if not form.is_valid():
        return detail_answer(request, session, form, status=422)
    try:
        return redirect(once(form.cleaned_data["key"], lambda: _register(request, session, form)))
    except actions.AlreadyRegistered as known:
        return refused(
            request,
            session,
            title=_("You are registered already"),
            text=own_in_words(known.registration.state) + ".",
        )
    except actions.NoSeatsForOrganisation:
        form.add_error(
            "organisation",
            _(
                "Your organisation has all the seats that one organisation may have. You may come for yourself."
            ),
        )
        return detail_answer(request, session, form, status=409)
    except actions.NotOpen:
        return _not_open(request, session)


def _register(request: HttpRequest, session: Session, form: RegisterForm) -> str:
    row = actions.register(
        session=session,
        by=person_of(request),
        organisation=form.cleaned_data.get("organisation"),
        needs=form.needs,
        now=timezone.now(),
    )
    if row.state == Seat.SEAT:
        messages.success(request, _("You have a seat. We have sent you a mail with a calendar file."))
    else:
        messages.success(
            request, _("You are on the waiting list. We write to you as soon as a seat is free.")
        )
    return session.get_absolute_url()


def _not_open(request: HttpRequest, session: Session) -> HttpResponse:
    now = timezone.now()
    if session.state == Session.State.CANCELLED:
        text = _("The session was cancelled.")
    elif session.state == Session.State.DRAFT:
        text = _("The session is not published yet.")
    elif now >= session.starts_at:
        text = _("The session has begun or is over.")
    elif session.opens_at and now < session.opens_at:
        text = _("Registration has not begun yet.")
    else:
        text = _("Registration is closed.")
    return refused(request, session, title=_("You cannot register for this session"), text=text)


@login_required
@GET_OR_POST
@same_answer_again
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once: a seat given back goes to the next."""
    session = seen(request, slug)
    registration = own(request, session)
    form = KeyForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(once(form.cleaned_data["key"], lambda: _cancel(request, registration)))
        except actions.TooLate:
            return refused(
                request,
                session,
                title=_("It is too late to cancel"),
                text=_("The session has begun. You need not do anything."),
            )
    return render(
        request, "webinars/cancel.html", {"session": session, "registration": registration, "form": form}
    )


def _cancel(request: HttpRequest, registration: Registration) -> str:
    session = registration.session
    actions.cancel_registration(registration=registration, now=timezone.now())
    messages.success(request, _("Your registration is cancelled. Thank you for telling us."))
    # Who is invited by the registration alone does not see the session any more.
    is_seen = Session.objects.visible_to(request.user).filter(pk=session.pk).exists()
    return session.get_absolute_url() if is_seen else reverse("webinars:mine")


@login_required
@GET_OR_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    session = seen(request, slug)
    if request.method != "POST":
        return redirect(session)
    if done := led_to(request):
        return redirect(done)
    registration = own(request, session)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect(session)
    try:
        return redirect(once(form.cleaned_data["key"], lambda: _accept(request, registration)))
    except actions.OfferOver:
        return refused(
            request,
            session,
            title=_("The seat is no longer free"),
            text=_("It was offered for a limited time and went to the next person."),
        )


def _accept(request: HttpRequest, registration: Registration) -> str:
    actions.accept_offer(registration=registration, now=timezone.now())
    messages.success(request, _("You have a seat. We have sent you a mail with a calendar file."))
    return registration.session.get_absolute_url()


@login_required
@GET_OR_POST
def needs(request: HttpRequest, slug: str) -> HttpResponse:
    session = seen(request, slug)
    registration = own(request, session)
    form = NeedsForm(sent(request), needs=needs_of(registration))
    if request.method == "POST" and form.is_valid():
        key = key_for(form.cleaned_data["key"], form.facts)
        return redirect(once(key, lambda: _change_needs(request, registration, form)))
    status = 422 if form.errors else 200
    return render(request, "webinars/needs.html", {"session": session, "form": form}, status=status)


def _change_needs(request: HttpRequest, registration: Registration, form: NeedsForm) -> str:
    actions.change_needs(registration=registration, needs=form.facts, now=timezone.now())
    messages.success(request, _("The hosts see now what you need."))
    return registration.session.get_absolute_url()

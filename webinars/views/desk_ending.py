"""What a host ends, asked once: a draft nobody needs, and the registration of somebody who cannot come."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import led_to, once
from webinars import actions
from webinars.choices import ALIVE, State
from webinars.forms.desk import ConfirmForm
from webinars.models import Registration, Session
from webinars.queries import desk as queries
from webinars.views.desk import editable, head_of, sent


@login_required
@require_http_methods(["GET", "POST"])
def delete_draft(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        session = editable(request, slug)
    except (Http404, PermissionDenied):
        # Sent twice: the draft is gone already.
        if request.method == "POST" and (address := led_to(request)):
            return redirect(address)
        raise
    if session.state != State.DRAFT:
        return _no_draft(request, session)
    form = ConfirmForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _delete(session, cast(User, request.user)))
        except actions.NotPlanned:
            return _no_draft(request, session)
        except Session.DoesNotExist:
            # Another host has deleted it at the same moment.
            raise Http404 from None
        messages.success(request, _("The draft is deleted."))
        return redirect(address)
    context = {
        **head_of(session),
        "form": form,
        "word": _("Delete the draft"),
        "question": _("The draft will be gone, with everything in it. This cannot be taken back."),
        "label": _("Delete the draft"),
        "back": _desk(session),
        "keep": _("Back to the desk"),
    }
    return render(request, "webinars/desk_ask.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def cancel_person(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    session = editable(request, slug)
    row = get_object_or_404(queries.registrations_of(session, request.user), pk=number)
    if row.state not in ALIVE:
        # Sent twice, or the person was quicker: nothing is left to cancel.
        return redirect(_desk(session))
    if session.state != State.PUBLISHED or session.starts_at <= timezone.now():
        return _too_late(request, session)
    form = ConfirmForm(sent(request))
    words = {"name": row.shown_name}
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _cancel(session, row, cast(User, request.user)))
        except actions.TooLate:
            return _too_late(request, session)
        messages.success(request, _("The registration of %(name)s is cancelled.") % words)
        return redirect(address)
    context = {
        **head_of(session),
        "form": form,
        "word": _("Cancel the registration"),
        "question": _(
            "%(name)s will be told by mail. A seat that becomes free goes to the first on the waiting list."
        )
        % words,
        "label": _("Cancel the registration"),
        "back": _desk(session),
        "keep": _("Back to the desk"),
    }
    return render(request, "webinars/desk_ask.html", context)


def _delete(session: Session, person: User) -> str:
    actions.delete_draft(session=session, by=person)
    return reverse("webinars:mine")


def _cancel(session: Session, row: Registration, person: User) -> str:
    actions.cancel_registration(registration=row, by=person, now=timezone.now())
    return _desk(session)


def _desk(session: Session) -> str:
    return reverse("webinars:desk", args=[session.slug])


def _no_draft(request: HttpRequest, session: Session) -> HttpResponse:
    messages.warning(request, _("Only a draft can be deleted. A published session can be cancelled."))
    return redirect("webinars:desk", session.slug)


def _too_late(request: HttpRequest, session: Session) -> HttpResponse:
    said = _("A registration can be cancelled only before the start of a session that takes place.")
    messages.warning(request, said)
    return redirect("webinars:desk", session.slug)

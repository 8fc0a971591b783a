"""Hosts and their people: mails to them, somebody who telephoned, attendance on a phone."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import key_for, once
from core.limits import within_limit
from webinars import actions
from webinars.choices import AttendedHow, Seat
from webinars.emails.preview import host_mail_preview
from webinars.forms.desk import AddPersonForm, WriteForm
from webinars.links import ENTRANCE, registration_behind
from webinars.models import Registration, Session
from webinars.queries import desk as queries
from webinars.views.desk import editable, head_of, sent

MOST_MAILS = 30
"""To all of a selection, by one host in a day."""
MOST_ADDED = 300
"""By one host in a day: a town hall full of people, telephoned in."""


class TooMany(Exception):
    """More than a host may do in a day."""


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """First a look at the mail and its readers, then the button that sends it."""
    session = editable(request, slug)
    person = cast(User, request.user)
    form = WriteForm(sent(request))
    context: dict[str, Any] = {}
    status = 200
    step = request.POST.get("step", "look")
    if request.method == "POST" and form.is_valid() and step != "change":
        readers = actions.readers_of(session, states=form.cleaned_data["states"], attended=form.attended_only)
        if step == "send":
            try:
                address = _send(form, session, person)
            except actions.NobodyToWriteTo:
                form.add_error("states", _nobody())
            except TooMany:
                form.add_error(None, _too_many())
                status = 429
            else:
                messages.success(request, _("The mail is on its way."))
                return redirect(address)
        else:
            names = sorted(row.shown_name for row in readers)
            if names:
                context = _look(form, session, person, names)
            else:
                form.add_error("states", _nobody())
    context |= head_of(session) | {"form": form, "mails": _mails(session)}
    name = "webinars/desk_write_look.html" if "preview_text" in context else "webinars/desk_write.html"
    return render(request, name, context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest, slug: str) -> HttpResponse:
    session = editable(request, slug)
    form = AddPersonForm(sent(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        key = key_for(form.cleaned_data["key"], *said.values())
        try:
            address = once(key, lambda: _add(session, said, cast(User, request.user)))
        except actions.AlreadyRegistered:
            form.add_error("email", _("This address is registered already."))
        except TooMany:
            form.add_error(None, _too_many())
            status = 429
        except actions.NotOpen:
            form.add_error(None, _("Nobody can be added now: the session is not published, or it is over."))
            status = 409
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": said["name"]})
            return redirect(address)
    return render(request, "webinars/desk_add.html", {**head_of(session), "form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, slug: str) -> HttpResponse:
    """One button for each person; after it the page stands where it stood."""
    session = editable(request, slug)
    text = request.POST.get("q", "") if request.method == "POST" else request.GET.get("q", "")
    text = text.strip()[:80]
    if request.method == "POST":
        row = _seated(request, session, request.POST.get("registration", ""))
        if "untick" in request.POST:
            actions.undo_check_in(registration=row, by=cast(User, request.user), now=timezone.now())
        else:
            actions.check_in(
                registration=row, how=AttendedHow.LIST, by=cast(User, request.user), now=timezone.now()
            )
        query = f"?{urlencode({'q': text})}" if text else ""
        return redirect(f"{_check_in_path(session)}{query}#r{row.pk}")
    seated = queries.registrations_of(session, request.user, state=Seat.SEAT)
    rows = queries.desk_rows(seated, session, request.user, with_needs=False)
    context = {
        **head_of(session),
        "rows": queries.by_name(rows, text),
        "text": text,
        "seats": len(rows),
        "attended": sum(1 for row in rows if row.attended_at),
    }
    return render(request, "webinars/desk_check_in.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Where the code on a participant's phone leads a host. Looking changes nothing."""
    session = editable(request, slug)
    found = registration_behind(code, ENTRANCE)
    if found is None:
        raise Http404
    if found.session_id != session.pk:
        # Neither name nor session: the host of this one may not be the host of that one.
        return render(request, "webinars/desk_scan_other.html", head_of(session), status=404)
    rows = queries.registrations_of(session, request.user)
    row = get_object_or_404(rows, pk=found.pk)
    if request.method == "POST":
        if row.state != Seat.SEAT:
            messages.warning(request, _("Only who has a seat can be ticked."))
            return redirect(request.path)
        actions.check_in(
            registration=row, how=AttendedHow.CODE, by=cast(User, request.user), now=timezone.now()
        )
        messages.success(request, _("%(name)s is ticked.") % {"name": row.shown_name})
        return redirect(request.path)
    shown = queries.desk_rows([row], session, request.user, with_needs=False)[0]
    return render(request, "webinars/desk_scan.html", {**head_of(session), "row": shown})


def _send(form: WriteForm, session: Session, person: User) -> str:
    data = form.cleaned_data
    key = key_for(data["key"], data["subject"], data["text"], data["states"], data["attended"])

    def act() -> str:
        _count("host_mail", person, most=MOST_MAILS)
        actions.write_to(
            session=session,
            subject=data["subject"],
            text=data["text"],
            states=data["states"],
            attended=form.attended_only,
            by=person,
            now=timezone.now(),
        )
        return reverse("webinars:write", args=[session.slug])

    return once(key, act)


def _look(form: WriteForm, session: Session, person: User, names: list[str]) -> dict[str, Any]:
    data = form.cleaned_data
    subject, text = host_mail_preview(
        session, subject=data["subject"], text=data["text"], by=person, now=timezone.now()
    )
    return {"names": names, "preview_subject": subject, "preview_text": text}


def _mails(session: Session) -> list[tuple[Any, str]]:
    return [(mail, queries.words_of_states(mail.states)) for mail in queries.mails_of(session)]


def _nobody() -> str:
    return _("There is nobody to whom this applies.")


def _count(what: str, person: User, *, most: int) -> None:
    """Asked inside the act, so that the same form sent again is not counted again. Raises TooMany."""
    if not within_limit(what, str(person.pk), most=most, each=timedelta(days=1)):
        raise TooMany


def _too_many() -> str:
    return _("There were too many tries in a short time. Nothing is lost.")


def _add(session: Session, said: dict[str, Any], person: User) -> str:
    _count("add_person", person, most=MOST_ADDED)
    actions.add_by_host(session=session, by=person, now=timezone.now(), **said)
    return reverse("webinars:desk", args=[session.slug])


def _seated(request: HttpRequest, session: Session, number: str) -> Registration:
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        raise Http404
    rows = queries.registrations_of(session, request.user, state=Seat.SEAT)
    return get_object_or_404(rows, pk=int(number))


def _check_in_path(session: Session) -> str:
    return reverse("webinars:check_in", args=[session.slug])

"""Who leads a session: named by the address of an account; never nobody."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import key_for, led_to, once
from webinars import actions
from webinars.forms.desk import ConfirmForm
from webinars.forms.desk_people import AddHostForm
from webinars.models import Host, Session
from webinars.permissions import can_see_people
from webinars.tries import may_try, note_wrong
from webinars.views.desk import editable, head_of, sent


@login_required
@require_http_methods(["GET", "POST"])
def hosts(request: HttpRequest, slug: str) -> HttpResponse:
    """`?remove=5` asks before the host with this number leads no longer."""
    try:
        session = editable(request, slug)
    except (Http404, PermissionDenied):
        # Who has removed himself, and sends it twice, does not find this page any more.
        if request.method == "POST" and (address := led_to(request)):
            return redirect(address)
        raise
    prefetch_related_objects([session], "hosts__person")
    rows = list(session.hosts.all())
    if number := request.GET.get("remove"):
        return _remove(request, session, next((row for row in rows if str(row.pk) == number), None))
    form = AddHostForm(sent(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _add(form, session, cast(User, request.user))
        if status == 302:
            messages.success(request, _("The person leads the session now, too."))
            return redirect("webinars:hosts", session.slug)
    context = {**head_of(session), "rows": rows, "form": form}
    return render(request, "webinars/desk_hosts.html", context, status=status)


def too_many_wrong() -> str:
    return _("Too many addresses without an account were tried. Please try again in an hour.")


def _add(form: AddHostForm, session: Session, person: User) -> int:
    """302 when the host is added; else the form says why not, and this is the status of the answer."""
    email = form.cleaned_data["email"]
    if not may_try(person):
        form.add_error(None, too_many_wrong())
        return 429

    def act() -> str:
        actions.add_host(session=session, email=email, by=person, now=timezone.now())
        return reverse("webinars:hosts", args=[session.slug])

    try:
        once(key_for(form.cleaned_data["key"], email), act)
    except actions.NoSuchPerson:
        note_wrong(person)
        form.add_error("email", _("There is no account with this address."))
        return 200
    except actions.AlreadyHost:
        form.add_error("email", _("This person leads the session already."))
        return 200
    return 302


def _remove(request: HttpRequest, session: Session, host: Host | None) -> HttpResponse:
    page = reverse("webinars:hosts", args=[session.slug])
    if host is None:
        return redirect(led_to(request) or page)
    form = ConfirmForm(sent(request))
    words = {"name": host.person.shown_name}
    if request.method == "POST" and form.is_valid():
        try:
            address = once(
                form.cleaned_data["key"], lambda: _take_off(session, host, cast(User, request.user))
            )
        except actions.LastHost:
            messages.warning(request, _("Somebody must lead the session. Please add another host first."))
            return redirect(page)
        messages.success(request, _("%(name)s no longer leads the session.") % words)
        return redirect(address)
    context = {
        **head_of(session),
        "form": form,
        "word": _("Remove a host"),
        "question": _("%(name)s will no longer lead the session, nor see who is registered.") % words,
        "label": _("Remove the host"),
        "back": page,
        "keep": _("Back to the hosts"),
    }
    return render(request, "webinars/desk_ask.html", context)


def _take_off(session: Session, host: Host, person: User) -> str:
    actions.remove_host(session=session, host=host, by=person)
    if can_see_people(person, session):
        return reverse("webinars:hosts", args=[session.slug])
    return reverse("webinars:mine")

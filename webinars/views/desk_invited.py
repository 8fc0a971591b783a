"""Who is invited to a session for invited people."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.form_keys import key_for, once
from webinars import actions
from webinars.choices import Audience, State
from webinars.forms.desk import ConfirmForm
from webinars.forms.desk_people import InviteForm
from webinars.models import Invitation, Session
from webinars.queries.invited import invited_rows
from webinars.tries import may_try, note_wrong
from webinars.views.desk import editable, head_of, sent
from webinars.views.desk_hosts import too_many_wrong


@login_required
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest, slug: str) -> HttpResponse:
    """`?withdraw=5` asks before the invitation with this number is gone."""
    session = editable(request, slug)
    person = cast(User, request.user)
    if session.audience != Audience.INVITED:
        raise Http404
    if number := request.GET.get("withdraw"):
        return _withdraw(request, session, number)
    form = InviteForm(sent(request))
    status = 200
    if request.method == "POST" and not may_try(person):
        # Looked at, it would say who has an account.
        form = InviteForm(initial={"addresses": request.POST.get("addresses", "")})
        messages.warning(request, too_many_wrong())
        status = 429
    elif request.method == "POST" and form.is_valid():
        people = form.cleaned_data["addresses"]
        key = key_for(form.cleaned_data["key"], *sorted(one.pk for one in people))
        address = once(key, lambda: _invite(session, people, person))
        messages.success(request, _said(session, len(people)))
        return redirect(address)
    elif form.has_unknown:
        note_wrong(person)
    context = {
        **head_of(session),
        "rows": invited_rows(session, person),
        "form": form,
        "is_draft": session.state == State.DRAFT,
    }
    return render(request, "webinars/desk_invited.html", context, status=status)


def _invite(session: Session, people: list[User], person: User) -> str:
    actions.invite(session=session, people=people, by=person, now=timezone.now())
    return reverse("webinars:invited", args=[session.slug])


def _said(session: Session, number: int) -> str:
    if session.state == State.DRAFT:
        said = ngettext(
            "%(number)s person is invited, and will be told when the session is published.",
            "%(number)s people are invited, and will be told when the session is published.",
            number,
        )
    elif session.state == State.PUBLISHED and timezone.now() < session.starts_at:
        said = ngettext(
            "%(number)s person is invited, and is told by mail.",
            "%(number)s people are invited, and are told by mail.",
            number,
        )
    else:
        said = ngettext("%(number)s person is invited.", "%(number)s people are invited.", number)
    return said % {"number": number}


def _withdraw(request: HttpRequest, session: Session, number: str) -> HttpResponse:
    page = reverse("webinars:invited", args=[session.slug])
    row = _invitation(session, number)
    if row is None:
        # Sent twice, or another host was quicker.
        return redirect(page)
    form = ConfirmForm(sent(request))
    words = {"name": row.person.shown_name}
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            actions.withdraw_invitation(
                session=session, invitation=row, by=cast(User, request.user), now=timezone.now()
            )
            return page

        try:
            address = once(form.cleaned_data["key"], act)
        except actions.AlreadyRegistered:
            said = _("%(name)s is registered. Please cancel the registration first.")
            messages.warning(request, said % words)
            return redirect(page)
        messages.success(request, _("The invitation of %(name)s is withdrawn.") % words)
        return redirect(address)
    context = {
        **head_of(session),
        "form": form,
        "word": _("Withdraw an invitation"),
        "question": _("%(name)s will no longer see the session. No mail tells it.") % words,
        "label": _("Withdraw the invitation"),
        "back": page,
        "keep": _("Back to the invited people"),
    }
    return render(request, "webinars/desk_ask.html", context)


def _invitation(session: Session, number: str) -> Invitation | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    return session.invitations.select_related("person").filter(pk=int(number)).first()

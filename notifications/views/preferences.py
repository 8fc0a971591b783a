"""How often mails come. Also from the foot of a mail, without signing in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from core.form_keys import once
from notifications import actions, queries
from notifications.forms import PreferencesForm
from notifications.links import read_mail_link
from notifications.scopes import Families, scopes_of


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    return _preferences(request, person, scopes=scopes_of(person), here=reverse("notifications:preferences"))


def preferences_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Exactly that reader's choice. Of groups it names only the one the mail came from: a mail may be passed on."""
    link = read_mail_link("settings", token)
    if link is None or link.person is None:
        return render(request, "notifications/link_unknown.html", status=404)
    person = link.person
    scopes = [
        (title, named)
        for title, known in scopes_of(person)
        if (named := [(scope, name) for scope, name in known if scope == link.scope])
    ]
    here = reverse("notifications:preferences_by_mail", args=(token,))
    return _preferences(request, person, scopes=scopes, here=here, by_mail=True)


def _preferences(
    request: HttpRequest,
    person: User,
    *,
    scopes: Families,
    here: str,
    by_mail: bool = False,
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = PreferencesForm(posted, person=person, scopes=scopes)
    if not form.is_valid():
        context = {
            "form": form,
            "person": person,
            "bounced": queries.has_bounced(person),
            "essential": queries.essential_titles(person),
            "opened": by_mail,
        }
        template = "preferences_by_mail" if by_mail else "preferences"
        return render(request, f"notifications/{template}.html", context)

    def act() -> str:
        actions.choose_paces(person, form.paces, now=timezone.now())
        return here

    response = redirect(once(form.cleaned_data["key"], act))
    messages.success(request, _("Your choice has been saved."))
    return response


@login_required
@require_POST
def mailbox_works_again(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    actions.mailbox_works_again(person, by=person)
    messages.success(request, _("Thank you. From now on we send you mails again."))
    return redirect("notifications:preferences")

"""Pages about one's own account, beside those of allauth."""

from typing import Literal, cast

from allauth.account.internal.flows.logout import logout
from allauth.account.views import logout as allauth_logout
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, queries
from accounts.forms import ProfileForm
from accounts.models import User
from core.form_keys import once


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if not form.is_valid():
        if form.is_bound:
            person.refresh_from_db()  # a refused form has written its values on the person
        context = {"form": form, "facts": queries.account_facts(person)}
        return render(request, "accounts/profile.html", context)

    def act() -> str:
        actions.update_profile(person, **form.details, by=person, now=timezone.now())
        return reverse("accounts:profile")

    response = redirect(once(form.cleaned_data["key"], act))
    with translation.override(form.details["language"]):
        messages.success(request, _("Your details have been saved."))
    _remember_language(response, form.details["language"])
    return response


@login_required
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    session = UserSession.objects.filter(user=request.user, pk=number).first()
    if session is None:
        raise Http404
    is_this_one = session.is_current()
    actions.end_session(session, by=cast(User, request.user))
    if is_this_one:
        logout(request)
        return redirect("portal:start")
    messages.success(request, _("The session has ended."))
    return redirect("usersessions_list")


def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's sign-out; afterwards the browser keeps none of the pages it has seen."""
    response = allauth_logout(request)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _remember_language(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=cast(Literal["Lax"], settings.LANGUAGE_COOKIE_SAMESITE),
    )

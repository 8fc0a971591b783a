"""Inviting people to an organisation, and what the link in the mail opens."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.form_keys import once
from core.partner_pages import Problem, partner_page, partner_problem, register_address
from directory import actions, permissions, queries
from directory.forms import InvitationForm, KeyForm
from directory.models import Membership, Organisation, OrganisationInvitation
from directory.queries import InvitationState
from directory.views.memberships import organisation_from_inside
from directory.views.organisations import TooMany, breadcrumb, check_limit, person_of

register_address("/organisations/invitation/")
PROBLEMS = {
    InvitationState.USED: Problem.USED,
    InvitationState.WITHDRAWN: Problem.WITHDRAWN,
    InvitationState.EXPIRED: Problem.EXPIRED,
    InvitationState.RENEWED: Problem.WRONG,
}


@login_required
@require_http_methods(["GET", "POST"])
def organisation_invite(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = organisation_from_inside(request, slug)
    if not permissions.can_answer_requests(request.user, organisation):
        raise PermissionDenied
    form = InvitationForm(
        request.POST or None,
        roles=_roles_to_give(request, organisation),
        initial={"language": get_language() or settings.LANGUAGE_CODE},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            address = once(
                form.cleaned_data["key"], lambda: _invite(request, organisation, form.cleaned_data)
            )
        except TooMany:
            form.add_error(None, _("These were many invitations in a short time. Please go on tomorrow."))
            status = 429
        else:
            text = _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]}
            messages.success(request, text)
            return redirect(address)
    context = {
        "organisation": organisation,
        "form": form,
        "breadcrumb": breadcrumb(organisation, _("Invite somebody")),
    }
    return render(request, "directory/organisation_invite.html", context, status=status)


def _roles_to_give(request: HttpRequest, organisation: Organisation) -> list[tuple[str, str]]:
    """A deputy does not make others its superiors."""
    everything = permissions.can_change_roles(request.user, organisation)
    return [
        (role, str(label))
        for role, label in reversed(Membership.Role.choices)
        if everything or role != Membership.Role.COORDINATOR
    ]


def _invite(request: HttpRequest, organisation: Organisation, data: dict[str, Any]) -> str:
    check_limit("organisation_invitation", request, most=30)
    actions.invite(
        organisation=organisation,
        by=person_of(request),
        email=data["email"],
        role=data["role"],
        language=data["language"],
        now=timezone.now(),
    )
    return reverse("directory:organisation_people", args=[organisation.slug])


@login_required
@require_POST
def organisation_invitation_withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    organisation = organisation_from_inside(request, slug)
    if not permissions.can_answer_requests(request.user, organisation):
        raise PermissionDenied
    rows = OrganisationInvitation.objects.visible_to(request.user).filter(organisation=organisation)
    invitation = get_object_or_404(rows.select_related("organisation"), pk=number)
    back = reverse("directory:organisation_people", args=[slug])
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect(back)

    def act() -> str:
        actions.withdraw_invitation(invitation=invitation, by=person_of(request), now=timezone.now())
        return back

    try:
        once(form.cleaned_data["key"], act)
    except actions.InvitationIsOver:
        messages.info(request, _("This invitation was accepted meanwhile."))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link may join, with whatever account. Opening it changes nothing: mail scanners do that, too."""
    found = queries.invitation_of(token)
    if found is None:
        return partner_problem(request, Problem.WRONG)
    invitation, nonce = found
    state = queries.invitation_state(invitation, nonce, now=timezone.now())
    organisation = invitation.organisation
    if state != InvitationState.OPEN:
        if state == InvitationState.USED and permissions.belongs_to(request.user, organisation):
            return redirect(organisation)
        return partner_problem(request, PROBLEMS[state], language=invitation.language)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.path})}")
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _accept(request, invitation, nonce))
        except actions.InvitationIsOver:
            # Sent twice from two tabs: the first one has done it.
            return redirect(request.path)
        messages.success(request, _("Welcome! You belong to “%(name)s” now.") % {"name": organisation.name})
        return redirect(address)
    context = {
        "invitation": invitation,
        "organisation": organisation,
        "by": invitation.invited_by,
        "form": form,
        "next": urlencode({"next": request.path}),
    }
    return partner_page(
        request, "partner/organisation_invitation.html", context, language=invitation.language
    )


def _accept(request: HttpRequest, invitation: OrganisationInvitation, nonce: str) -> str:
    membership = actions.accept_invitation(
        invitation=invitation, nonce=nonce, by=person_of(request), now=timezone.now()
    )
    return membership.organisation.get_absolute_url()

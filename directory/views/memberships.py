"""Pages about the people of an organisation: join, answer, change, leave."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.form_keys import once
from core.sent_again import same_answer_again
from directory import actions, permissions, queries
from directory.forms import JoinForm, KeyForm, LeaveForm, RoleForm
from directory.models import Membership, Organisation, OrganisationInvitation
from directory.views.organisations import TooMany, breadcrumb, check_limit, person_of, visible_organisation


@login_required
@require_GET
def organisation_people(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = organisation_from_inside(request, slug)
    people = queries.people_of(organisation)
    can_answer = permissions.can_answer_requests(request.user, organisation)
    invitations = OrganisationInvitation.objects.visible_to(request.user).open(timezone.now())
    context = {
        "organisation": organisation,
        "active": people.active,
        "requested": people.requested if can_answer else [],
        "invitations": invitations.filter(organisation=organisation) if can_answer else [],
        "can_answer": can_answer,
        "can_change_roles": permissions.can_change_roles(request.user, organisation),
        "is_alone": len(people.active) < 2,
        "new_key": uuid4,
        "breadcrumb": breadcrumb(organisation, _("People and invitations")),
    }
    return render(request, "directory/organisation_people.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def organisation_join(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = visible_organisation(request, slug)
    membership = queries.membership_of(request.user, organisation)
    form, status = JoinForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _join(request, organisation, form))
        except actions.AlreadyMember:
            return redirect(organisation)
        except TooMany:
            form.add_error(None, _("These were many requests in a short time. Please go on tomorrow."))
            status = 429
        else:
            text = _("Your request is on its way to “%(name)s”. You get a mail once it is answered.")
            messages.success(request, text % {"name": organisation.name})
            return redirect(address)
    context = {
        "organisation": organisation,
        "membership": membership,
        "form": form,
        "new_key": uuid4,
        "breadcrumb": breadcrumb(organisation, _("Join")),
    }
    return render(request, "directory/organisation_join.html", context, status=status)


def _join(request: HttpRequest, organisation: Organisation, form: JoinForm) -> str:
    check_limit("organisation_join", request, most=20)
    actions.ask_to_join(
        organisation=organisation,
        by=person_of(request),
        note=form.cleaned_data["note"],
        now=timezone.now(),
    )
    return organisation.get_absolute_url()


@login_required
@require_POST
@same_answer_again
def organisation_request(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Accepted, declined, or withdrawn by the person who asked."""
    organisation = visible_organisation(request, slug)
    membership = _membership_or_404(request, organisation, number)
    is_own = membership.person_id == request.user.pk
    answer = request.POST.get("answer", "")
    if answer in {"accept", "decline"}:
        if not permissions.can_answer_requests(request.user, organisation):
            raise PermissionDenied
        back = reverse("directory:organisation_people", args=[slug])
    elif answer == "withdraw" and is_own:
        back = organisation.get_absolute_url()
    else:
        raise Http404
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect(back)
    try:
        once(form.cleaned_data["key"], lambda: _answer(request, membership, answer) or back)
    except actions.RequestIsOver:
        messages.info(request, _("This request was answered or withdrawn meanwhile."))
    else:
        messages.success(request, _answered(answer) % {"name": membership.person.shown_name})
    return redirect(back)


def _answered(answer: str) -> str:
    if answer == "withdraw":
        return _("Your request is withdrawn.")
    if answer == "accept":
        return _("%(name)s belongs to it now and gets a mail.")
    return _("The request of %(name)s is declined. A mail says so.")


def _answer(request: HttpRequest, membership: Membership, answer: str) -> str:
    person, now = person_of(request), timezone.now()
    if answer == "withdraw":
        actions.withdraw_request(membership=membership, by=person, now=now)
    else:
        actions.answer_request(membership=membership, by=person, accepts=answer == "accept", now=now)
    return ""


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def organisation_member(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Another role for one of its people, or the end of the membership."""
    organisation = organisation_from_inside(request, slug)
    if not permissions.can_change_roles(request.user, organisation):
        raise PermissionDenied
    membership = _membership_or_404(request, organisation, number, state=Membership.State.ACTIVE)
    ends = "end" in request.POST
    form = (KeyForm if ends else RoleForm)(request.POST or None, initial={"role": membership.role})
    back = reverse("directory:organisation_people", args=[slug])
    if request.method == "POST" and form.is_valid():
        try:
            once(form.cleaned_data["key"], lambda: _change(request, membership, form.cleaned_data) or back)
        except actions.LastCoordinator:
            form.add_error(
                None, _("Nobody else is coordinator. Please make somebody else coordinator first.")
            )
        except actions.NotAMember:
            messages.info(request, _("This person has left meanwhile."))
            return redirect(back)
        else:
            messages.success(request, _("Saved. The person gets a mail."))
            return redirect(back)
    context = {
        "organisation": organisation,
        "membership": membership,
        "form": form if isinstance(form, RoleForm) else RoleForm(initial={"role": membership.role}),
        "errors": form if form.errors else None,
        "new_key": uuid4,
        "breadcrumb": breadcrumb(organisation, membership.person.shown_name),
    }
    return render(request, "directory/organisation_member.html", context)


def _change(request: HttpRequest, membership: Membership, data: dict[str, Any]) -> str:
    person, now = person_of(request), timezone.now()
    if "role" in data:
        actions.change_role(membership=membership, by=person, role=data["role"], now=now)
    else:
        actions.end_membership(membership=membership, by=person, now=now)
    return ""


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def organisation_leave(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = visible_organisation(request, slug)
    membership = queries.membership_of(request.user, organisation)
    if membership is None or membership.state != Membership.State.ACTIVE:
        raise Http404
    people = list(queries.successors(membership))
    is_last = queries.is_last_coordinator(membership)
    form = LeaveForm(request.POST or None, people=people, is_last=is_last)
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _leave(request, membership, people, form))
        except (actions.LastCoordinator, actions.NotAMember):
            # Somebody else left a moment ago: the page asks anew.
            messages.info(
                request, _("The people of the organisation have changed meanwhile. Please look again.")
            )
            return redirect("directory:organisation_leave", slug)
        text = _("You no longer belong to “%(name)s”.") % {"name": organisation.name}
        messages.success(request, text)
        return redirect(address)
    context = {
        "organisation": organisation,
        "is_last": is_last,
        "is_alone": not people,
        "form": form,
        "breadcrumb": breadcrumb(organisation, _("Leave")),
    }
    return render(request, "directory/organisation_leave.html", context)


def _leave(request: HttpRequest, membership: Membership, people: list[Membership], form: LeaveForm) -> str:
    person, now = person_of(request), timezone.now()
    if form.gives_up:
        actions.close_organisation(organisation=membership.organisation, by=person, now=now)
    else:
        chosen = form.cleaned_data.get("successor", "")
        successor = next((row for row in people if str(row.pk) == chosen), None)
        actions.end_membership(membership=membership, by=person, now=now, successor=successor)
    return reverse("directory:my_organisations")


def organisation_from_inside(request: HttpRequest, slug: str) -> Organisation:
    """For pages of its people: nobody else learns that they are there."""
    organisation = visible_organisation(request, slug)
    if not permissions.can_see_people(request.user, organisation):
        raise Http404
    return organisation


def _membership_or_404(
    request: HttpRequest, organisation: Organisation, number: int, **which: Any
) -> Membership:
    rows = Membership.objects.visible_to(request.user).filter(organisation=organisation, **which)
    return get_object_or_404(rows.select_related("person", "organisation"), pk=number)

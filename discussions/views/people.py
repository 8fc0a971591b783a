"""Who belongs to a group: the list for its members, inviting and answering for those who lead it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.form_keys import key_for, once
from core.limits import within_limit
from core.sent_again import same_answer_again
from discussions.actions import people as actions
from discussions.actions.groups import NotAllowed
from discussions.choices import Belonging
from discussions.forms.groups import KeyForm
from discussions.forms.people import EndForm, InviteForm, RoleForm
from discussions.models import Group, Invitation, Membership
from discussions.queries.groups import head_of
from discussions.queries.people import Look, look_at, members_of, open_invitations, others_of
from discussions.views.gates import led, person_of, seen, sent

MOST_A_DAY = 20
"""Times one person may invite; each time many."""


class TooMany(Exception):
    """Invited too often in a short time."""


@login_required
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Names and roles, for the members; those who lead the group also see who waits, is invited or banned."""
    group = seen(request, slug)
    head = head_of(group, request.user, "people")
    if not head["belongs"]:
        # An open group is read by everybody; who belongs to it is told to its members.
        raise PermissionDenied
    context = {
        **head,
        "page": members_of(group, request.GET.get("page")),
        "others": others_of(group) if head["leads"] else None,
        "invitations": list(open_invitations(group)) if head["leads"] else [],
        "now": timezone.now(),
        "new_key": uuid4,
    }
    return render(request, "discussions/people.html", context)


# Inviting


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """First all lines are checked and shown; only the second button invites, and then everybody."""
    group = led(request, slug)
    form = InviteForm(sent(request), request.FILES or None, initial={"language": get_language() or "de"})
    look, status = None, 200
    if form.is_bound and form.is_valid():
        emails = form.cleaned_data["emails"]
        if request.POST.get("step") == "send":
            return _send(request, group, emails, form)
        look = look_at(group, emails, now=timezone.now())
        if request.POST.get("step") == "change" or not look.new:
            form = _as_typed(form, emails)
            look = look if request.POST.get("step") != "change" else None
    elif form.errors:
        status = 422
    context = {**head_of(group, request.user, "people"), "form": form, **_shown(look, form)}
    return render(request, "discussions/invite.html", context, status=status)


def _shown(look: Look | None, form: InviteForm) -> dict[str, object]:
    """What was looked at, and whether there is anybody to invite."""
    if look is None:
        return {"look": None}
    return {"look": look, "is_ready": bool(look.new), "emails": "\n".join(form.cleaned_data["emails"])}


def _as_typed(form: InviteForm, emails: list[str]) -> InviteForm:
    """With the addresses of the file among those that were typed: a browser does not send a file again."""
    first = {"addresses": "\n".join(emails), "language": form.cleaned_data["language"]}
    again = InviteForm(initial=first)
    again.cleaned_data = form.cleaned_data
    return again


def _send(request: HttpRequest, group: Group, emails: list[str], form: InviteForm) -> HttpResponse:
    page = reverse("discussions:people", args=[group.slug])

    def act() -> str:
        if not within_limit(
            "group_invite", str(person_of(request).pk), most=MOST_A_DAY, each=timedelta(days=1)
        ):
            raise TooMany
        language = form.cleaned_data["language"]
        actions.invite(
            group=group, emails=emails, language=language, by=person_of(request), now=timezone.now()
        )
        return page

    try:
        address = once(key_for(form.cleaned_data["key"], *sorted(emails)), act)
    except TooMany:
        form.add_error(None, _("These were many invitations in a short time. Please go on tomorrow."))
        context = {**head_of(group, request.user, "people"), "form": form, "look": None}
        return render(request, "discussions/invite.html", context, status=429)
    said = ngettext("%(number)s address is invited.", "%(number)s addresses are invited.", len(emails))
    messages.success(request, said % {"number": len(emails)})
    return redirect(address)


@login_required
@require_POST
def invitation(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Withdraws an invitation by mail."""
    group = led(request, slug)
    row = get_object_or_404(Invitation.objects.filter(group=group), pk=number)

    def act() -> None:
        actions.withdraw_invitation(invitation=row, by=person_of(request), now=timezone.now())

    if row.accepted_at:
        messages.info(request, _("This invitation was accepted meanwhile."))
        return redirect("discussions:people", slug)
    return _done(request, group, act, _("The invitation is withdrawn. Its link no longer works."))


# One person


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def member(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Another role or the end, for who belongs to the group; the buttons of the list are sent here, too."""
    group = led(request, slug)
    rows = Membership.objects.visible_to(request.user).filter(group=group).select_related("person", "group")
    row = get_object_or_404(rows, pk=number)
    do = request.POST.get("do", "")
    if do in _BUTTONS:
        return _BUTTONS[do](request, row)
    if row.state != Belonging.ACTIVE:
        # Sent twice, or another leader was quicker.
        return redirect("discussions:people", slug)
    role_form = RoleForm(request.POST if do == "role" else None, initial={"role": row.role})
    end_form = EndForm(request.POST if do == "end" else None, auto_id="end_%s")
    is_self = row.person_id == person_of(request).pk
    if role_form.is_bound and role_form.is_valid():
        return _change_role(request, row, role_form)
    if end_form.is_bound and end_form.is_valid() and not is_self:
        return _end(request, row, end_form)
    context = {
        **head_of(group, request.user, "people"),
        "row": row,
        "role_form": role_form,
        "end_form": end_form,
        "is_self": is_self,
    }
    status = 422 if role_form.errors or end_form.errors else 200
    return render(request, "discussions/member.html", context, status=status)


def _change_role(request: HttpRequest, row: Membership, form: RoleForm) -> HttpResponse:
    role = form.cleaned_data["role"]

    def act() -> None:
        actions.change_role(membership=row, role=role, by=person_of(request), now=timezone.now())

    said = _("The role of %(name)s is changed.") % {"name": row.person.shown_name}
    return _done(request, row.group, act, said)


def _end(request: HttpRequest, row: Membership, form: EndForm) -> HttpResponse:
    reason, ban = form.cleaned_data["reason"], form.cleaned_data["ban"]

    def act() -> None:
        actions.remove(membership=row, by=person_of(request), reason=reason, ban=ban, now=timezone.now())

    said = _("%(name)s no longer belongs to the group.") % {"name": row.person.shown_name}
    return _done(request, row.group, act, said)


def _accept(request: HttpRequest, row: Membership) -> HttpResponse:
    return _answer(request, row, accept=True, said=_("%(name)s belongs to the group now."))


def _decline(request: HttpRequest, row: Membership) -> HttpResponse:
    return _answer(request, row, accept=False, said=_("The request of %(name)s is declined."))


def _answer(request: HttpRequest, row: Membership, *, accept: bool, said: str) -> HttpResponse:
    def act() -> None:
        actions.answer_request(membership=row, accept=accept, by=person_of(request), now=timezone.now())

    return _done(request, row.group, act, said % {"name": row.person.shown_name})


def _withdraw(request: HttpRequest, row: Membership) -> HttpResponse:
    def act() -> None:
        actions.withdraw_asked(membership=row, by=person_of(request), now=timezone.now())

    said = _("The invitation of %(name)s is withdrawn.") % {"name": row.person.shown_name}
    return _done(request, row.group, act, said)


def _lift(request: HttpRequest, row: Membership) -> HttpResponse:
    def act() -> None:
        actions.lift_ban(membership=row, by=person_of(request), now=timezone.now())

    said = _("The ban of %(name)s is lifted. You may invite this person again.")
    return _done(request, row.group, act, said % {"name": row.person.shown_name})


_BUTTONS: dict[str, Callable[[HttpRequest, Membership], HttpResponse]] = {
    "accept": _accept,
    "decline": _decline,
    "withdraw": _withdraw,
    "lift": _lift,
}


def _done(request: HttpRequest, group: Group, act: Callable[[], None], said: str) -> HttpResponse:
    """Does it once and goes back to the list, whatever became of it."""
    page = reverse("discussions:people", args=[group.slug])
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect(page)

    def once_done() -> str:
        act()
        return page

    try:
        once(form.cleaned_data["key"], once_done)
    except actions.LastLeader:
        messages.error(
            request, _("Somebody must lead the group. Please make another member moderator or coach first.")
        )
    except NotAllowed:
        messages.info(request, _("This person no longer belongs to the group."))
    else:
        messages.success(request, said)
    return redirect(page)

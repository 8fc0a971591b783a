"""Groups as such: the list, a new one, settings, archive, deletion."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, once
from core.sent_again import same_answer_again
from discussions.actions import groups as actions
from discussions.choices import Belonging, Role
from discussions.forms.groups import GroupForm, KeyForm, values_of
from discussions.models import Group
from discussions.permissions import can_create_group
from discussions.queries.groups import head_of, open_groups, own_groups
from discussions.views.gates import led, person_of, sent


@login_required
@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """One's groups with what is new, invitations, and the open groups."""
    person = person_of(request)
    rows = list(own_groups(person))
    context = {
        "invited": [row for row in rows if row.state == Belonging.INVITED],
        "own": [row for row in rows if row.state == Belonging.ACTIVE],
        "others": list(open_groups(person)),
        "may_create": can_create_group(person),
        "coaches": any(row.role == Role.COACH and row.state == Belonging.ACTIVE for row in rows),
    }
    return render(request, "discussions/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    if not can_create_group(person):
        raise PermissionDenied
    form = GroupForm(sent(request))
    if form.is_bound and form.is_valid():

        def act() -> str:
            group = actions.create_group(**form.facts(), by=person, now=timezone.now())
            return reverse("discussions:invite", args=[group.slug])

        address = once(key_for(form.cleaned_data["key"], form.facts()), act)
        messages.success(request, _("The group “%(name)s” is there. Now invite people.") % form.cleaned_data)
        return redirect(address)
    status = 422 if form.errors else 200
    return render(request, "discussions/new.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    group = led(request, slug)
    form = GroupForm(sent(request), group=group)
    conflict, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            # Changed by its writer after a conflict, the same form is another act.
            key = key_for(form.cleaned_data["key"], form.cleaned_data["base_version"], form.facts())
            address = once(key, lambda: _edit(request, group, form))
        except EditConflict:
            group = led(request, slug)
            conflict = conflict_with(
                form, now=values_of(group), version=group.version, shown=_shown_of(group)
            )
            status = 409
        else:
            messages.success(request, _("The settings are saved."))
            return redirect(address)
    elif form.errors:
        status = 422
    context = {**head_of(group, request.user, "settings"), "form": form, "conflict": conflict}
    return render(request, "discussions/settings.html", context, status=status)


def _edit(request: HttpRequest, group: Group, form: GroupForm) -> str:
    actions.edit_group(
        group=group,
        facts=form.facts(),
        by=person_of(request),
        base_version=form.cleaned_data["base_version"],
        now=timezone.now(),
    )
    return reverse("discussions:settings", args=[group.slug])


def _shown_of(group: Group) -> dict[str, object]:
    """As the fields are filled: the word of the choice, and a box that is ticked or not."""
    return {
        **values_of(group),
        "sends_text": "yes" if group.sends_text else "no",
        "takes_requests": "on" if group.takes_requests else "",
        "machine_translation": "on" if group.machine_translation else "",
    }


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once; for an archived group it opens it again."""
    group = led(request, slug)
    if request.POST.get("do") == "open":
        return _done(
            request, group, actions.open_group_again, _("The group is open again: members may write.")
        )
    if request.method == "POST":
        return _done(
            request, group, actions.archive_group, _("The group is archived: it is only read from now on.")
        )
    context = {**head_of(group, request.user, "settings"), "form": KeyForm()}
    return render(request, "discussions/archive.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Announces it, two weeks before; until then the same page takes it back."""
    group = led(request, slug)
    if request.POST.get("do") == "keep":
        return _done(request, group, actions.take_deletion_back, _("The group stays."))
    if request.method == "POST":
        said = _("The deletion is announced. Every member is told.")
        return _done(request, group, actions.announce_deletion, said)
    days = actions.DELETION_AFTER.days
    context = {**head_of(group, request.user, "settings"), "form": KeyForm(), "days": days}
    return render(request, "discussions/delete.html", context)


def _done(request: HttpRequest, group: Group, action: Callable[..., object], said: str) -> HttpResponse:
    """One button was pressed. Without a usable key its page is shown again."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect(request.path)

    def act() -> str:
        action(group=group, by=person_of(request), now=timezone.now())
        return reverse("discussions:settings", args=[group.slug])

    address = once(form.cleaned_data["key"], act)
    messages.success(request, said)
    return redirect(address)

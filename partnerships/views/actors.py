"""Who takes part in a partnership: clubs, schools, fire brigades."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, once
from core.sent_again import same_answer_again
from partnerships import actions
from partnerships.forms import ActorForm, ConfirmForm
from partnerships.forms.chronicle import values_of_actor
from partnerships.models import Actor, Partnership
from partnerships.views.chronicle import form_page, page_of
from partnerships.views.gates import editable, sent


@login_required
@require_http_methods(["GET", "POST"])
def add_actor(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = editable(request, slug)
    form = ActorForm(sent(request), partnership=partnership, today=timezone.localdate())
    if form.is_bound and form.is_valid():
        try:
            key = key_for(form.cleaned_data["key"], form.facts())
            address = once(key, lambda: _add(form, partnership, cast(User, request.user)))
        except actions.TooManyActors:
            form.add_error(None, _("There are too many actors. Please delete one first."))
        except actions.ActorIsThere:
            _say_there(form)
        else:
            messages.success(request, _("“%(name)s” is added.") % form.cleaned_data)
            return redirect(address)
    return form_page(request, partnership, form, heading=_("Who takes part?"), back_url=_list(partnership))


@login_required
@require_http_methods(["GET", "POST"])
def edit_actor(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    partnership = editable(request, slug)
    actor = _actor(request, partnership, number)
    form = ActorForm(sent(request), partnership=partnership, today=timezone.localdate(), actor=actor)
    conflict = None
    if form.is_bound and form.is_valid():
        try:
            # Changed by its writer after a conflict, the same form is another act.
            key = key_for(form.cleaned_data["key"], form.cleaned_data["base_version"], form.facts())
            address = once(key, lambda: _edit(form, actor, cast(User, request.user)))
        except EditConflict:
            current = _actor(request, partnership, number)
            conflict = conflict_with(form, now=values_of_actor(current), version=current.version)
        except Actor.DoesNotExist:
            messages.warning(request, _("Somebody else has deleted this meanwhile."))
            return redirect(page_of(partnership))
        except actions.ActorIsThere:
            _say_there(form)
        else:
            messages.success(request, _("“%(name)s” is saved.") % form.cleaned_data)
            return redirect(address)
    heading, back_url = _("Change an actor"), _list(partnership)
    return form_page(
        request, partnership, form, heading=heading, back_url=back_url, row=actor, conflict=conflict
    )


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def delete_actor(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Asks once."""
    partnership = editable(request, slug)
    form = ConfirmForm(sent(request))
    actor = _actor(request, partnership, number)
    if form.is_bound and form.is_valid():
        address = once(form.cleaned_data["key"], lambda: _delete(actor, cast(User, request.user)))
        messages.success(request, _("“%(title)s” is deleted.") % {"title": actor.name})
        return redirect(address)
    context = {"partnership": partnership, "form": form, "row": actor, "submit_label": _("Delete actor")}
    return render(request, "partnerships/chronicle_delete.html", context)


def _actor(request: HttpRequest, partnership: Partnership, number: int) -> Actor:
    actors = Actor.objects.visible_to(request.user).filter(partnership=partnership)
    return get_object_or_404(actors, pk=number)


def _list(partnership: Partnership) -> str:
    return f"{page_of(partnership)}#actors"


def _say_there(form: ActorForm) -> None:
    form.add_error("name", _("This side has an actor of this name already."))


def _add(form: ActorForm, partnership: Partnership, person: User) -> str:
    actions.add_actor(partnership=partnership, facts=form.facts(), by=person, now=timezone.now())
    return _list(partnership)


def _edit(form: ActorForm, actor: Actor, person: User) -> str:
    version = form.cleaned_data["base_version"]
    actions.edit_actor(actor=actor, facts=form.facts(), by=person, base_version=version, now=timezone.now())
    return _list(actor.partnership)


def _delete(actor: Actor, person: User) -> str:
    actions.delete_actor(actor=actor, by=person, now=timezone.now())
    return _list(actor.partnership)

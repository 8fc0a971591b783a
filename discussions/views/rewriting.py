"""A post that stands already is changed or deleted by its author."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, once
from core.sent_again import same_answer_again
from core.text_kept import keeps_text
from discussions.actions import talk
from discussions.actions.groups import NotAllowed
from discussions.forms.writing import ConfirmForm, EditForm, values_of_post
from discussions.models import Post
from discussions.permissions import can_delete_post, can_edit_post
from discussions.queries.names import with_mentions
from discussions.views.gates import person_of, post_of, sent
from discussions.views.places import address_of, way_to_post
from discussions.views.refusals import say_why


@keeps_text
@require_http_methods(["GET", "POST"])
def edit_post(request: HttpRequest, number: int) -> HttpResponse:
    post = post_of(request, number)
    if request.method != "POST" and not can_edit_post(request.user, post):
        raise PermissionDenied
    form = EditForm(sent(request), post=post)
    conflict, status = None, 200 if not form.is_bound or form.is_valid() else 422
    if form.is_bound and form.is_valid():
        try:
            # Changed by its writer after a conflict, the same form is another act.
            said = (form.cleaned_data["base_version"], form.cleaned_data["text"])
            address = once(
                key_for(form.cleaned_data["key"], post.pk, *said), lambda: _edit(request, post, form)
            )
        except EditConflict:
            current = post_of(request, number)
            conflict = conflict_with(form, now=values_of_post(current), version=current.version)
            status = 409
        except (NotAllowed, talk.NothingSaid) as refusal:
            status = say_why(form, post.topic.group, refusal)
        else:
            messages.success(request, _("Your post is changed."))
            return redirect(address)
    context = {
        "post": post,
        "topic": post.topic,
        "group": post.topic.group,
        "form": form,
        "conflict": conflict,
        "back_url": address_of(post),
        "breadcrumb": way_to_post(post, _("Change a post")),
    }
    return render(request, "discussions/edit_post.html", context, status=status)


def _edit(request: HttpRequest, post: Post, form: EditForm) -> str:
    said = form.cleaned_data
    talk.edit_post(
        post=post,
        text=with_mentions(said["text"], post.topic.group),
        by=person_of(request),
        base_version=said["base_version"],
        now=timezone.now(),
    )
    return address_of(post)


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def delete_post(request: HttpRequest, number: int) -> HttpResponse:
    """Asks once."""
    post = post_of(request, number)
    form = ConfirmForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _delete(request, post))
        except NotAllowed:
            raise PermissionDenied from None
        messages.success(request, _("Your post is deleted."))
        return redirect(address)
    if not can_delete_post(request.user, post):
        raise PermissionDenied
    context = {
        "post": post,
        "topic": post.topic,
        "form": form,
        "back_url": address_of(post),
        "breadcrumb": way_to_post(post, _("Delete a post")),
    }
    return render(request, "discussions/delete_post.html", context)


def _delete(request: HttpRequest, post: Post) -> str:
    talk.delete_post(post=post, by=person_of(request), now=timezone.now())
    return address_of(post)

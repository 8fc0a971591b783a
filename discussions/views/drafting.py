"""What is being written: kept for its writer until it is sent, and shown as it will stand there."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import normalize_newlines
from django.views.decorators.http import require_POST

from core.form_keys import led_to
from core.markdown import render_post
from discussions.actions import talk
from discussions.actions.drafts import attach_files, take_files_out
from discussions.actions.groups import NotAllowed
from discussions.forms.writing import LONGEST, KeptFiles
from discussions.models import Draft, Group, Topic
from discussions.permissions import can_post
from discussions.queries.names import with_mentions
from discussions.queries.readers import name_in
from discussions.queries.thread import draft_in
from discussions.views.gates import person_of, seen, topic_of


@require_POST
def draft(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Asked by composer.js every few seconds; without a topic it is that of a new one.

    205 when the form with this key has been sent already.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    topic = topic_of(request, slug, number) if number is not None else None
    group = topic.group if topic else seen(request, slug)
    if not can_post(request.user, group):
        raise PermissionDenied
    title, text = (_typed(request, name) for name in ("title", "text"))
    if len(text) > LONGEST:
        return HttpResponse(status=422)
    # Overtaken by the sent form: then it is a draft no more, and the browser may forget its copy.
    if led_to(request):
        return HttpResponse(status=205)
    _save(request, group, topic, title=title[:140], text=text)
    return HttpResponse(status=204)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as it will stand there, for composer.js; without it the form is sent for its preview."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    group = seen(request, request.POST.get("group", ""))
    text = request.POST.get("text", "")[:LONGEST]
    return HttpResponse(rendered(with_mentions(text, group), group))


def rendered(text: str, group: Group) -> str:
    return render_post(text, mention=lambda number: name_in(group, number))


def draft_of(request: HttpRequest, group: Group, topic: Topic | None) -> Draft | None:
    if topic is not None:
        return draft_in(topic, person_of(request))
    return Draft.objects.filter(person=person_of(request), group=group, topic=None).first()


def _typed(request: HttpRequest, name: str) -> str:
    return str(normalize_newlines(request.POST.get(name, "").replace("\x00", "")))


@transaction.atomic
def keep(request: HttpRequest, form: KeptFiles, group: Group, topic: Topic | None) -> Draft | None:
    """Text and files outlive a preview and a refusal. Nothing said, nothing is kept."""
    if not can_post(request.user, group):
        raise NotAllowed
    said, now = form.cleaned_data, timezone.now()
    row = _save(request, group, topic, title=said.get("title", ""), text=said["text"], files=said["files"])
    if row is not None:
        take_files_out(draft=row, attachments=said["without"])
        attach_files(draft=row, uploads=said["files"], now=now)
    return row


def keep_refused(request: HttpRequest, form: KeptFiles, group: Group, topic: Topic | None) -> None:
    """What could not be sent now can be sent later. Who may not write any more keeps it in the form only."""
    if can_post(request.user, group):
        said = form.cleaned_data
        _save(request, group, topic, title=said.get("title", ""), text=said["text"])


def _save(
    request: HttpRequest, group: Group, topic: Topic | None, *, title: str, text: str, files: Any = ()
) -> Draft | None:
    row = draft_of(request, group, topic)
    if not (title.strip() or text.strip() or files or (row and row.attachments.exists())):
        if row is not None:
            talk.forget_draft(draft=row)
        return None
    person, now = person_of(request), timezone.now()
    return talk.save_draft(group=group, topic=topic, title=title, text=text, by=person, now=now)


def forget_left_over(draft: Draft | None, sent: str) -> None:
    """Of a form sent twice at once: the second one kept what the first had sent. Another text is the next answer."""
    row = Draft.objects.filter(pk=draft.pk).first() if draft and draft.pk else None
    if row is not None and row.text == sent:
        talk.forget_draft(draft=row)

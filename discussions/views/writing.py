"""Writing: an answer, or a new topic. What was typed is shown again whatever goes wrong."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.form_keys import key_for, once, spent
from core.text_kept import keeps_text
from discussions.actions import talk
from discussions.choices import TopicKind
from discussions.forms.writing import AnswerForm, TopicForm
from discussions.models import Draft, Group, Topic
from discussions.permissions import can_coach, can_post
from discussions.queries.names import coaches_of, with_mentions
from discussions.queries.thread import draft_in
from discussions.views.drafting import draft_of, forget_left_over, keep, keep_refused, rendered
from discussions.views.gates import person_of, seen, topic_of
from discussions.views.places import address_of, way_to
from discussions.views.refusals import REFUSALS, say_why

# --- an answer


@keeps_text
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The form stands on the topic's page; here are its preview and its refusals."""
    if request.method == "POST" and (address := _said_plainly(request, slug, number)):
        return redirect(address)
    topic = topic_of(request, slug, number)
    if request.method != "POST":
        return redirect(f"{topic.get_absolute_url()}#composer")
    draft = draft_of(request, topic.group, topic)
    form = AnswerForm(request.POST, request.FILES, draft=draft)
    if not form.is_valid():
        return _answer_page(request, topic, form, status=422)
    text = with_mentions(form.cleaned_data["text"], topic.group)
    key = key_for(form.cleaned_data["key"], topic.pk, text, form.sent_files())
    try:
        if form.adds_to_draft():
            if address := spent(key):
                return redirect(address)
            draft = keep(request, form, topic.group, topic)
        if "preview" in request.POST:
            return _answer_page(request, topic, form, shown=rendered(text, topic.group))
        said = form.cleaned_data
        address = once(
            key,
            lambda: _say(request, topic, text, said["language"], draft, slug=slug),
            also=said["key"],
        )
    except REFUSALS as refusal:
        keep_refused(request, form, topic.group, topic)
        status = say_why(form, topic.group, refusal)
        return _answer_page(request, topic, form, status=status)
    if draft is not None:
        forget_left_over(draft, form.cleaned_data["text"])
    return redirect(address)


def _said_plainly(request: HttpRequest, slug: str, number: int) -> str:
    """Where the answer stands. Nearly all are a text and nothing else: their topic is read once, under its lock.

    Empty, and nothing has happened, where it is more than that, or was refused: the long way knows what to say.
    """
    if request.FILES or {"preview", "without"} & request.POST.keys():
        return ""
    try:
        key, text, language = (
            AnswerForm.base_fields[name].clean(request.POST.get(name)) for name in ("key", "text", "language")
        )
    except ValidationError:
        return ""
    if "@" in text:
        return ""
    topic = Topic(pk=number)
    said: list[str] = []

    def say() -> str:
        said.append(_say(request, topic, text, language, slug=slug))
        return said[0]

    try:
        address = once(key_for(key, number, text, ""), say, also=key)
    except (Topic.DoesNotExist, *REFUSALS):
        return ""
    if not said:
        forget_left_over(draft_in(topic, person_of(request)), text)
    return address


def _say(
    request: HttpRequest, topic: Topic, text: str, language: str, draft: Draft | None = None, *, slug: str
) -> str:
    said = talk.post(
        topic=topic,
        text=text,
        by=person_of(request),
        now=timezone.now(),
        draft=draft,
        takes_draft=draft is None,
        language=language,
    )
    if said.topic.group.slug != slug:
        raise Topic.DoesNotExist
    return address_of(said)


def _answer_page(
    request: HttpRequest, topic: Topic, form: AnswerForm, *, shown: str = "", status: int = 200
) -> HttpResponse:
    form.offer_kept(draft_of(request, topic.group, topic))
    context = {"topic": topic, "shown": shown, "form": form}
    context["breadcrumb"] = way_to(topic.group, (topic.title, topic.get_absolute_url()), (_("Answer"), ""))
    return render(request, "discussions/preview.html", context, status=status)


# --- a new topic


@keeps_text
@require_http_methods(["GET", "POST"])
def new_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """`?kind=poll`, or `?line=1`: a private line to the coaches of the group."""
    group, now = seen(request, slug), timezone.now()
    is_line = request.GET.get("line") == "1"
    if is_line:
        _check_line(request, group)
    kind = _kind_of(request, is_line=is_line)
    # What is written to the coaches must never be found in the form for the whole group: it has no draft.
    draft = None if is_line else draft_of(request, group, None)
    if request.method != "POST":
        if not can_post(request.user, group):
            raise PermissionDenied
        begun = {"title": draft.title, "text": draft.text} if draft else {}
        form = TopicForm(kind=kind, now=now, is_line=is_line, draft=draft, initial=begun)
        return _topic_page(request, group, form, is_line=is_line)
    form = TopicForm(request.POST, request.FILES, kind=kind, now=now, is_line=is_line, draft=draft)
    if not form.is_valid():
        return _topic_page(request, group, form, is_line=is_line, status=422)
    text = with_mentions(form.cleaned_data["text"], group)
    said = (form.cleaned_data["title"], text, form.answers(), form.dates(), form.sent_files())
    key = key_for(form.cleaned_data["key"], group.pk, kind, is_line, *said)
    if address := spent(key):
        return redirect(address)
    try:
        draft = None if is_line else keep(request, form, group, None)
        if "preview" in request.POST:
            shown = rendered(text, group)
            return _topic_page(request, group, form, is_line=is_line, shown=shown)
        address = once(
            key,
            lambda: _start(request, group, form, text, draft, is_line=is_line),
            also=form.cleaned_data["key"],
        )
    except REFUSALS as refusal:
        status = say_why(form, group, refusal)
        return _topic_page(request, group, form, is_line=is_line, status=status)
    forget_left_over(draft, form.cleaned_data["text"])
    return redirect(address)


def _start(
    request: HttpRequest, group: Group, form: TopicForm, text: str, draft: Draft | None, *, is_line: bool
) -> str:
    topic = talk.start_topic(
        group=group,
        kind=form.kind,
        title=form.cleaned_data["title"],
        text=text,
        by=person_of(request),
        now=timezone.now(),
        options=form.answers(),
        dates=form.dates(),
        closes_at=form.cleaned_data.get("closes_at"),
        draft=draft,
        is_line=is_line,
        language=form.cleaned_data["language"],
    )
    return topic.get_absolute_url()


def _topic_page(
    request: HttpRequest,
    group: Group,
    form: TopicForm,
    *,
    is_line: bool,
    shown: str = "",
    status: int = 200,
) -> HttpResponse:
    form.offer_kept(draft_of(request, group, None))
    context = {
        "group": group,
        "form": form,
        "is_line": is_line,
        "shown": shown,
        "kinds": [(kind.value, kind.label, kind == form.kind) for kind in TopicKind],
        "kind": form.kind,
        "coaches": coaches_of(group) if is_line else [],
        "breadcrumb": way_to(group, (_("New topic"), "")),
    }
    return render(request, "discussions/new_topic.html", context, status=status)


def _check_line(request: HttpRequest, group: Group) -> None:
    """Only where somebody else reads it."""
    if can_coach(request.user, group) or not coaches_of(group):
        raise Http404


def _kind_of(request: HttpRequest, *, is_line: bool) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in TopicKind.values and not is_line else TopicKind.QUESTION.value

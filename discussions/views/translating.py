"""What a post says in another language: asked for, written, made by a machine, taken away."""

from datetime import timedelta

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, once, spent
from core.limits import within_limit
from core.sent_again import same_answer_again
from core.text_kept import keeps_text
from discussions import machine
from discussions.actions import languages as actions
from discussions.actions.groups import NotAllowed
from discussions.actions.talk import NothingSaid
from discussions.forms.languages import LanguageForm, TranslationForm, values_of_translation
from discussions.forms.writing import ConfirmForm
from discussions.models import Post
from discussions.permissions import can_ask_for_translation, can_remove_translation, can_translate
from discussions.queries.glossary import terms_in
from discussions.queries.languages import NAMES, choices_for, name_of_language, spoken_by
from discussions.queries.names import with_mentions
from discussions.queries.texts import html_of
from discussions.queries.topics import name_of
from discussions.views.gates import person_of, post_of, sent
from discussions.views.places import address_of, way_to_post
from discussions.views.refusals import say_why

log = structlog.get_logger(__name__)

MACHINE_AN_HOUR = 30
"""Presses of the button by one person."""


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, number: int) -> HttpResponse:
    """Which language: to write in oneself, to ask others for, or to leave to a machine where the group allows it."""
    post = _open_post(request, number)
    all_languages, choices = choices_for(post, all_of_them=True), choices_for(post)
    if not can_ask_for_translation(request.user, post, all_languages[0][0]):
        raise PermissionDenied
    ask = LanguageForm(sent(request), choices=choices, prefix="ask")
    by_machine = None
    if machine.is_set_up() and post.topic.group.machine_translation:
        known = [(code, name) for code, name in choices if code not in machine.UNKNOWN]
        by_machine = LanguageForm(sent(request), choices=known, prefix="machine")
    if ask.is_bound and ask.is_valid():
        return redirect(_ask(request, post, ask.cleaned_data["language"]))
    if by_machine and by_machine.is_bound and by_machine.is_valid():
        return redirect(_let_machine(request, post, by_machine))
    spoken = spoken_by(person_of(request))
    context = {
        **_facts(post, _("Translate a post")),
        "own": [(code, name) for code, name in all_languages if code in spoken],
        "ask_form": ask,
        "machine_form": by_machine,
    }
    is_wrong = ask.errors or (by_machine and by_machine.errors)
    return render(request, "discussions/translate_choose.html", context, status=422 if is_wrong else 200)


@keeps_text
@require_http_methods(["GET", "POST"])
def translate(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """The original beside the field for the translation, and the terms of the glossary that stand in it."""
    post = _open_post(request, number)
    _check_language(post, language)
    if request.method != "POST" and not can_translate(request.user, post, language):
        raise PermissionDenied
    row = post.translations.filter(language=language).first()
    name = name_of_language(language)
    form = TranslationForm(sent(request), post=post, row=row, name=name)
    conflict, status = None, 200 if not form.is_bound or form.is_valid() else 422
    if form.is_bound and form.is_valid():
        try:
            said = (language, form.cleaned_data["base_version"], form.cleaned_data["text"])
            key = key_for(form.cleaned_data["key"], post.pk, *said)
            address = once(key, lambda: _write(request, post, language, form))
        except EditConflict:
            row = post.translations.filter(language=language).first()
            version = row.version if row else 0
            conflict = conflict_with(form, now=values_of_translation(row), version=version)
            status = 409
        except (NotAllowed, NothingSaid) as refusal:
            status = say_why(form, post.topic.group, refusal)
        else:
            messages.success(request, _("The translation stands beside the post. Thank you!"))
            return redirect(address)
    context = {
        **_facts(post, _("Translate a post")),
        "language": language,
        "language_name": name,
        "row": row,
        "form": form,
        "conflict": conflict,
        "terms": terms_in(post.text, source=post.language, target=language),
    }
    return render(request, "discussions/translate.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
@same_answer_again
def remove(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """Asks once."""
    post = _open_post(request, number)
    _check_language(post, language)
    row = post.translations.filter(language=language).exclude(text="").first()
    if row is None:
        raise Http404
    row.post = post
    form = ConfirmForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _remove(request, post, language))
        except NotAllowed:
            raise PermissionDenied from None
        messages.success(request, _("The translation is removed."))
        return redirect(address)
    if not can_remove_translation(request.user, row):
        raise PermissionDenied
    context = {
        **_facts(post, _("Remove a translation")),
        "language": language,
        "language_name": name_of_language(language),
        "html": html_of(row, post.topic),
        "form": form,
    }
    return render(request, "discussions/remove_translation.html", context)


def _open_post(request: HttpRequest, number: int) -> Post:
    """Of a deleted or hidden one nothing is told."""
    post = post_of(request, number)
    if post.deleted_at is not None or post.hidden_at is not None:
        raise Http404
    return post


def _check_language(post: Post, language: str) -> None:
    """There is no translation into what nobody speaks here, nor into the post's own language."""
    if language not in NAMES or language == post.language:
        raise Http404


def _facts(post: Post, word: str) -> dict[str, object]:
    return {
        "post": post,
        "topic": post.topic,
        "author": name_of(post.author),
        "original": html_of(post, post.topic),
        "original_name": name_of_language(post.language),
        "back_url": address_of(post),
        "breadcrumb": way_to_post(post, word),
    }


def _ask(request: HttpRequest, post: Post, language: str) -> str:
    """Asking is the same however often it is sent."""
    try:
        actions.ask_for_translation(post=post, language=language, by=person_of(request), now=timezone.now())
    except NotAllowed:
        raise PermissionDenied from None
    words = _("Your wish is noted. Members of the group who speak this language get a mail: %(language)s.")
    messages.success(request, words % {"language": name_of_language(language)})
    return address_of(post)


def _write(request: HttpRequest, post: Post, language: str, form: TranslationForm) -> str:
    said = form.cleaned_data
    actions.write_translation(
        post=post,
        language=language,
        text=with_mentions(said["text"], post.topic.group),
        by=person_of(request),
        base_version=said["base_version"],
        of_version=said["of_version"],
        now=timezone.now(),
    )
    return address_of(post)


def _let_machine(request: HttpRequest, post: Post, form: LanguageForm) -> str:
    """The service is asked outside of any transaction: nothing waits for it but this page."""
    key, language = form.cleaned_data["key"], form.cleaned_data["language"]
    if address := spent(key):
        return address
    person = person_of(request)
    if not within_limit("machine-translation", str(person.pk), most=MACHINE_AN_HOUR, each=timedelta(hours=1)):
        messages.warning(request, _("You have asked the machine many times. Please try again in an hour."))
        return address_of(post)
    try:
        text = machine.translated(post.text, source=post.language, target=language)
    except machine.MachineFailed as failure:
        log.warning("machine_translation_failed", reason=str(failure))
        messages.warning(
            request,
            _("The machine has given no translation. Nothing was changed. Please try again later."),
        )
        return address_of(post)
    try:
        address = once(key, lambda: _keep(request, post, language, text))
    except NotAllowed:
        raise PermissionDenied from None
    messages.success(request, _("The machine’s translation stands beside the post. Nobody has checked it."))
    return address


def _keep(request: HttpRequest, post: Post, language: str, text: str) -> str:
    actions.keep_machine_text(
        post=post,
        language=language,
        text=text,
        by=person_of(request),
        of_version=post.version,
        now=timezone.now(),
    )
    return address_of(post)


def _remove(request: HttpRequest, post: Post, language: str) -> str:
    actions.remove_translation(post=post, language=language, by=person_of(request))
    return address_of(post)

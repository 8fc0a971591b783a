"""A section of a strategy: written by the team in one language at a time, read by the coaches in all."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from core.conflicts import EditConflict, conflict_with, in_words, told_as
from core.form_keys import key_for, led_to, once
from core.text_kept import keeps_text
from training.actions import answers, strategies
from training.actions.strategy_state import LanguageTakenOut
from training.choices import Section, SectionState
from training.forms.strategies import CommentForm, SectionForm
from training.models import SectionComment, SectionDraft, StrategySection
from training.queries import strategies as reading
from training.queries.content import LANGUAGE_NAMES, blocks_of
from training.queries.revising import due_of, due_words
from training.queries.strategies import Reader
from training.section_texts import lead_of
from training.section_values import in_language, is_empty
from training.sections import fields_of
from training.views.gates import language_of, language_tabs, person_of, reader_of, sent, writer_of
from training.views.strategies import GET_OR_POST, way_to

MOST_TYPED = 200_000
"""Characters of a draft: more than all fields of the longest section may hold."""


@keeps_text
@GET_OR_POST
def section(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """POST saves for the team. `?in=hu` chooses the language one writes in."""
    reader = reader_of(request, slug)
    row = reading.section_of(reader.strategy, code)
    if not reader.writes or row.state == SectionState.SENT:
        if request.method == "POST":
            return _refused(request, reader, row)
        return _read(request, reader, row)
    language = language_of(request, reader.strategy.languages)
    if request.method == "POST":
        return _save(request, reader, row, language)
    draft = reading.draft_of(row, language, person_of(request))
    typed = draft.typed if draft else None
    form = SectionForm(row=row, language=language, typed=typed, base=draft.base if draft else "")
    return _write(request, reader, row, form, draft=draft)


def _save(request: HttpRequest, reader: Reader, row: StrategySection, language: str) -> HttpResponse:
    """What cannot be saved as it is stays as a draft: its writer may go away from the page that says why."""
    form = SectionForm(request.POST, row=row, language=language)
    if not form.is_valid():
        is_kept = _keep(request, row, language)
        return _write(request, reader, row, form, is_kept=is_kept, status=422)
    key, base = form.cleaned_data["key"], form.base
    try:
        address = once(
            key_for(key, base, sorted(form.values.items(), key=str)),
            lambda: _kept(request, reader, row, form),
            also=key,
        )
    except strategies.IsSent:
        return _refused(request, reader, row)
    except LanguageTakenOut:
        is_kept = _keep(request, row, language)
        return _write(request, reader, row, form, is_kept=is_kept, is_gone=True, status=409)
    except EditConflict:
        is_kept = _keep(request, row, language)
        current = reading.section_of(reader.strategy, row.code)
        now = in_language(form.section, current.values, language)
        conflict = conflict_with(form, now=now, version=current.version)
        return _write(request, reader, current, form, conflict=conflict, is_kept=is_kept, status=409)
    messages.success(request, _("Saved. The team and the coaches read it here."))
    return redirect(address)


def _kept(request: HttpRequest, reader: Reader, row: StrategySection, form: SectionForm) -> str:
    strategies.save_section(
        section=row,
        language=form.language,
        typed=form.values,
        base=form.base,
        by=person_of(request),
        now=timezone.now(),
    )
    return f"{reading.section_url(reader.strategy, row.code)}?in={form.language}"


def _refused(request: HttpRequest, reader: Reader, row: StrategySection) -> HttpResponse:
    """It lies with the coaches, so nothing is written; what was typed stays as a draft of its writer."""
    if not reader.writes:
        raise PermissionDenied
    _keep(request, row, language_of(request, reader.strategy.languages))
    messages.warning(
        request,
        _("The section was sent to the coaches meanwhile. Your text is kept as your draft until it is back."),
    )
    return redirect(reading.section_url(reader.strategy, row.code))


def _write(
    request: HttpRequest,
    reader: Reader,
    row: StrategySection,
    form: SectionForm,
    *,
    draft: SectionDraft | None = None,
    conflict: Any = None,
    is_kept: bool = False,
    is_gone: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`is_kept`: what was sent is a draft on the server, so the browser may forget its copy.

    `is_gone`: the strategy is not written in the language of the form any more.
    """
    languages = reader.strategy.languages
    address = reading.section_url(reader.strategy, row.code)
    context = {
        **_around(request, reader, row),
        "form": form,
        "parts": list(reading.parts_of(form, row, languages)),
        "language": form.language,
        "language_name": LANGUAGE_NAMES.get(form.language, form.language),
        "tabs": language_tabs(address, languages, form.language),
        "draft": draft,
        "draft_url": reverse("training:section_draft", args=(reader.strategy.partnership.slug, _of_url(row))),
        "conflict": conflict,
        "is_kept": is_kept,
        "is_gone": is_gone,
        "writing": reading.who_is_writing(row, person_of(request), now=timezone.now()),
    }
    return render(request, "training/strategy/section.html", context, status=status)


def _read(request: HttpRequest, reader: Reader, row: StrategySection) -> HttpResponse:
    code = Section(row.code)
    context = {
        **_around(request, reader, row),
        "blocks": blocks_of(code, row.values, reader.strategy.languages),
        "is_sent": row.state == SectionState.SENT,
        "drafts": list(_kept_drafts(row, person_of(request))) if reader.writes else [],
    }
    return render(request, "training/strategy/section_read.html", context)


def _kept_drafts(row: StrategySection, person: User) -> Iterator[dict[str, Any]]:
    """What somebody has typed and not saved, while the section can only be read: of each language what is new in it."""
    for draft in reading.drafts_of(row, person):
        form = SectionForm(row=row, language=draft.language)
        lines = [
            (told_as(field), in_words(field, draft.typed[name]))
            for name, field in form.fields.items()
            if draft.typed.get(name) and field.has_changed(form.initial.get(name), draft.typed[name])
        ]
        if lines:
            yield {"changed_at": draft.changed_at, "language": draft.language, "lines": lines}


def _around(request: HttpRequest, reader: Reader, row: StrategySection) -> dict[str, Any]:
    """What stands around a section, written or read."""
    code = Section(row.code)
    number, codes = int(code[1:]), Section.values
    comments = reading.comments_of(reader.strategy, row.code)
    return {
        "reader": reader,
        "strategy": reader.strategy,
        "section": row,
        "number": number,
        "title": str(code.label),
        "is_empty": is_empty(row.values),
        "lead": lead_of(code),
        "due": due_words(due_of(row), today=timezone.localdate()),
        "comments": comments,
        "answers": _last_answer(row, comments),
        "comment_form": CommentForm(),
        "comment_url": reverse("training:comment", args=(reader.strategy.partnership.slug, _of_url(row))),
        "before": reading.section_url(reader.strategy, codes[number - 2]) if number > 1 else "",
        "after": reading.section_url(reader.strategy, codes[number]) if number < len(codes) else "",
        "breadcrumb": way_to(reader, (f"{number}. {code.label}", "")),
    }


def _last_answer(row: StrategySection, comments: list[SectionComment]) -> list[SectionComment]:
    """What is to be revised stands above the form, too."""
    given = [said for said in comments if said.version is not None]
    return given[-1:] if row.state == SectionState.RETURNED else []


def _of_url(row: StrategySection) -> str:
    return row.code.lower()


# Drafts


@require_POST
def draft(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Asked by drafts.js every few seconds; with `discard`, by a button that throws the draft away.

    205 when the form with this key was saved already.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    reader = writer_of(request, slug)
    row = reading.section_of(reader.strategy, code)
    language = language_of(request, reader.strategy.languages)
    if "discard" in request.POST:
        strategies.forget_draft(section=row, language=language, by=person_of(request))
        return redirect(f"{reading.section_url(reader.strategy, row.code)}?in={language}")
    if led_to(request):
        return HttpResponse(status=205)
    if not _keep(request, row, language):
        return HttpResponse(status=422)
    return HttpResponse(status=204)


def _keep(request: HttpRequest, row: StrategySection, language: str) -> bool:
    """False for more than a form can hold, and without a language. What stands there already is no draft.

    In a language that was taken out it waits with the texts, and comes back with them.
    """
    if not language:
        return False
    fields = fields_of(Section(row.code))
    typed = {field.name: request.POST.get(field.name, "").replace("\x00", "") for field in fields}
    if sum(map(len, typed.values())) > MOST_TYPED:
        return False
    person = person_of(request)
    if _is_there(row, typed, language):
        strategies.forget_draft(section=row, language=language, by=person)
    else:
        base = request.POST.get("base_version", "")[:MOST_TYPED].replace("\x00", "")
        strategies.keep_draft(
            section=row, language=language, typed=typed, base=base, by=person, now=timezone.now()
        )
    return True


def _is_there(row: StrategySection, typed: dict[str, str], language: str) -> bool:
    form = SectionForm({**typed, "base_version": "0"}, row=row, language=language)
    form.fields["key"].required = False
    return form.is_valid() and form.values == in_language(form.section, row.values, language)


# Comments


@keeps_text
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A GET comes from the sign-in page, where somebody was sent with the text."""
    reader = reader_of(request, slug)
    row = reading.section_of(reader.strategy, code)
    address = f"{reading.section_url(reader.strategy, row.code)}#comments"
    form = CommentForm(sent(request))
    if not form.is_bound:
        return redirect(address)
    if not form.is_valid():
        context = {**_around(request, reader, row), "comment_form": form}
        return render(request, "training/strategy/comment.html", context, status=422)
    drawn, text = form.cleaned_data["key"], form.cleaned_data["text"]
    said = once(key_for(drawn, text), lambda: _said(request, reader, row, text, address), also=drawn)
    return redirect(said)


def _said(request: HttpRequest, reader: Reader, row: StrategySection, text: str, address: str) -> str:
    answers.comment(
        strategy=reader.strategy,
        section=Section(row.code),
        text=text,
        by=person_of(request),
        by_coach=reader.may_answer,
        now=timezone.now(),
    )
    return address

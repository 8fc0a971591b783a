"""Measures of a strategy, and looking back at it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, once
from core.text_kept import keeps_text
from training.actions import measures as actions
from training.actions.strategy_state import LanguageTakenOut
from training.choices import MeasureState
from training.forms.measures import QUESTIONS, ChangeMeasureForm, MeasureForm, ReviewForm
from training.models import Measure, StrategyReview
from training.queries import strategies as reading
from training.queries.content import LANGUAGE_NAMES, Text
from training.queries.measures import measures_of, owners_of
from training.queries.strategies import Reader
from training.queries.team import team_of
from training.views.gates import language_of, language_tabs, person_of, reader_of, sent, there, writer_of
from training.views.strategies import GET_OR_POST, way_to


@login_required
@require_safe
def measures(request: HttpRequest, slug: str) -> HttpResponse:
    reader = reader_of(request, slug)
    context = {
        "reader": reader,
        "strategy": reader.strategy,
        "rows": measures_of(reader.strategy, person_of(request), today=timezone.localdate()),
        "breadcrumb": way_to(reader, (_("Measures"), "")),
    }
    return render(request, "training/strategy/measures.html", context)


@dataclass(frozen=True, slots=True)
class _Page:
    """A form for a measure. `others`: its titles in the other languages. `number`: its own, none for a new one."""

    reader: Reader
    form: MeasureForm
    language: str
    title: str
    others: list[Text] = field(default_factory=list)
    number: int | None = None


@keeps_text
@GET_OR_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    reader = writer_of(request, slug)
    language = language_of(request, reader.strategy.languages)
    form = MeasureForm(sent(request), owners=owners_of(reader.strategy), initial={"language": language})
    page = _Page(reader, form, language, _("New measure"))
    if form.is_bound and form.is_valid():
        try:
            address = once(_key_of(form), lambda: _added(request, page), also=form.cleaned_data["key"])
        except LanguageTakenOut:
            return _form(request, page, is_gone=True, status=409)
        messages.success(request, _("The measure is written down."))
        return redirect(address)
    return _form(request, page)


def _key_of(form: MeasureForm) -> UUID:
    """Changed after "back", the same form is another act."""
    said = form.cleaned_data
    return key_for(said["key"], *(said[name] for name in sorted(said) if name != "key"))


def _added(request: HttpRequest, page: _Page) -> str:
    row = actions.add_measure(
        strategy=page.reader.strategy,
        facts=_facts(page),
        language=page.language,
        by=person_of(request),
        now=timezone.now(),
    )
    row.strategy = page.reader.strategy
    return row.get_absolute_url()


@keeps_text
@GET_OR_POST
def change(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The title in the reader's language. Without one there it stays as the other side has put it."""
    reader = writer_of(request, slug)
    row = there(reading.measure_of(reader.strategy, number))
    language = language_of(request, reader.strategy.languages)
    others = [Text(code, text) for code, text in row.titles.items() if code != language]
    initial = {**_values(row, language), "base_version": row.version, "language": language}
    owners = owners_of(reader.strategy)
    form = ChangeMeasureForm(sent(request), owners=owners, has_title=bool(others), initial=initial)
    page = _Page(reader, form, language, _("Change the measure"), others, row.pk)
    if form.is_bound and form.is_valid():
        try:
            address = once(_key_of(form), lambda: _changed(request, page, row), also=form.cleaned_data["key"])
        except LanguageTakenOut:
            return _form(request, page, is_gone=True, status=409)
        except EditConflict:
            current = there(reading.measure_of(reader.strategy, number))
            conflict = conflict_with(form, now=_values(current, language), version=current.version)
            return _form(request, page, conflict=conflict, status=409)
        messages.success(request, _("The measure is saved."))
        return redirect(address)
    return _form(request, page)


def _changed(request: HttpRequest, page: _Page, row: Measure) -> str:
    saved = actions.change_measure(
        measure=row,
        facts=_facts(page),
        language=page.language,
        version=page.form.cleaned_data["base_version"],
        by=person_of(request),
        now=timezone.now(),
    )
    saved.strategy = page.reader.strategy
    return saved.get_absolute_url()


def _values(row: Measure, language: str) -> dict[str, Any]:
    return {
        "title": row.titles.get(language, ""),
        "owner": str(row.owner_id or ""),
        "who": row.who,
        "due_on": row.due_on,
        "state": row.state,
    }


def _facts(page: _Page) -> actions.MeasureFacts:
    said = page.form.cleaned_data
    team = {str(person.pk): person for person in team_of(page.reader.strategy)}
    return actions.MeasureFacts(
        title=said["title"],
        owner=team.get(said["owner"]),
        who=said["who"],
        due_on=said["due_on"],
        state=MeasureState(said["state"]),
    )


def _form(
    request: HttpRequest, page: _Page, *, conflict: Any = None, is_gone: bool = False, status: int = 200
) -> HttpResponse:
    """`is_gone`: the strategy is not written in the language of the form any more."""
    context = {
        "reader": page.reader,
        "strategy": page.reader.strategy,
        "form": page.form,
        "title": page.title,
        "number": page.number,
        "others": page.others,
        "language_name": LANGUAGE_NAMES.get(page.language, page.language),
        "tabs": language_tabs(request.path, page.reader.strategy.languages, page.language),
        "conflict": conflict,
        "is_gone": is_gone,
        "breadcrumb": way_to(page.reader, (page.title, "")),
    }
    status = 422 if page.form.errors else status
    return render(request, "training/strategy/measure_form.html", context, status=status)


@keeps_text
@GET_OR_POST
def review(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Three questions; everybody of the team may add to the answers, each in one language."""
    reader = reader_of(request, slug)
    row = there(reading.review_of(reader.strategy, number))
    if not reader.writes:
        if request.method == "POST":
            raise PermissionDenied
        return _review(request, reader, row)
    language = language_of(request, reader.strategy.languages)
    answers = row.answers.get(language, {})
    form = ReviewForm(sent(request), answers=answers, version=row.version, language=language)
    if form.is_bound and form.is_valid():
        drawn = form.cleaned_data["key"]
        key = key_for(drawn, form.base, language, form.answers)
        try:
            address = once(key, lambda: _looked_back(request, row, form, language), also=drawn)
        except LanguageTakenOut:
            return _review(request, reader, row, form, language=language, is_gone=True, status=409)
        except EditConflict:
            row = there(reading.review_of(reader.strategy, number))
            now = {name: row.answers.get(language, {}).get(name, "") for name, _label in QUESTIONS}
            conflict = conflict_with(form, now=now, version=row.version)
            return _review(request, reader, row, form, language=language, conflict=conflict, status=409)
        messages.success(request, _("Thank you. What you have written helps with the next step."))
        return redirect(address)
    return _review(request, reader, row, form, language=language, status=422 if form.errors else 200)


def _looked_back(request: HttpRequest, row: StrategyReview, form: ReviewForm, language: str) -> str:
    actions.answer_review(
        review=row,
        answers=form.answers,
        language=language,
        base=form.base,
        by=person_of(request),
        now=timezone.now(),
    )
    return row.strategy.get_absolute_url()


def _review(
    request: HttpRequest,
    reader: Reader,
    row: StrategyReview,
    form: ReviewForm | None = None,
    *,
    language: str = "",
    conflict: Any = None,
    is_gone: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What stands there in other languages than that of the form."""
    labels = dict(QUESTIONS)
    others = [
        (
            LANGUAGE_NAMES.get(code, code),
            code,
            [(labels[name], said[name]) for name in labels if name in said],
        )
        for code, said in row.answers.items()
        if code != language
    ]
    context = {
        "reader": reader,
        "strategy": reader.strategy,
        "review": row,
        "form": form,
        "others": others,
        "tabs": language_tabs(request.path, reader.strategy.languages, language),
        "conflict": conflict,
        "is_gone": is_gone,
        "language_name": LANGUAGE_NAMES.get(language, language),
        "rows": measures_of(reader.strategy, person_of(request), today=timezone.localdate()),
        "breadcrumb": way_to(reader, (row.get_kind_display(), "")),
    }
    return render(request, "training/strategy/review.html", context, status=status)

"""Measures of a strategy, and looking back at it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, once
from core.text_kept import keeps_text
from training.actions import measures as actions
from training.choices import MeasureState
from training.forms.measures import QUESTIONS, ChangeMeasureForm, MeasureForm, ReviewForm
from training.models import Measure
from training.queries import strategies as reading
from training.queries.content import LANGUAGE_NAMES
from training.queries.measures import measures_of, owners_of, title_in
from training.queries.strategies import Reader
from training.queries.team import team_of
from training.views.gates import person_of, reader_of, sent, there, writer_of
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


@login_required
@GET_OR_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    reader = writer_of(request, slug)
    form = MeasureForm(sent(request), owners=owners_of(reader.strategy))
    if form.is_bound and form.is_valid():
        address = once(_key_of(form), lambda: _added(request, reader, form))
        messages.success(request, _("The measure is written down."))
        return redirect(address)
    return _form(request, reader, form, _("New measure"))


def _key_of(form: MeasureForm) -> UUID:
    """Changed after "back", the same form is another act."""
    said = form.cleaned_data
    return key_for(said["key"], *(said[name] for name in sorted(said) if name != "key"))


def _added(request: HttpRequest, reader: Reader, form: MeasureForm) -> str:
    row = actions.add_measure(
        strategy=reader.strategy,
        facts=_facts(reader, form),
        language=_language_of(request, reader),
        by=person_of(request),
        now=timezone.now(),
    )
    row.strategy = reader.strategy
    return row.get_absolute_url()


@login_required
@GET_OR_POST
def change(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The title in the reader's language; without one there, it begins with the other one's."""
    reader = writer_of(request, slug)
    row = there(reading.measure_of(reader.strategy, number))
    language = _language_of(request, reader)
    initial = {**_values(row, reader, language), "base_version": row.version}
    form = ChangeMeasureForm(sent(request), owners=owners_of(reader.strategy), initial=initial)
    conflict, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            address = once(_key_of(form), lambda: _changed(request, reader, row, form))
        except EditConflict:
            row = there(reading.measure_of(reader.strategy, number))
            now = _values(row, reader, language)
            conflict = conflict_with(form, now=now, version=row.version)
            status = 409
        else:
            messages.success(request, _("The measure is saved."))
            return redirect(address)
    return _form(request, reader, form, _("Change the measure"), conflict=conflict, status=status)


def _changed(request: HttpRequest, reader: Reader, row: Measure, form: ChangeMeasureForm) -> str:
    saved = actions.change_measure(
        measure=row,
        facts=_facts(reader, form),
        language=_language_of(request, reader),
        version=form.cleaned_data["base_version"],
        by=person_of(request),
        now=timezone.now(),
    )
    saved.strategy = reader.strategy
    return saved.get_absolute_url()


def _values(row: Measure, reader: Reader, language: str) -> dict[str, Any]:
    return {
        "title": title_in(row.titles, reader.strategy.languages, language).text,
        "owner": str(row.owner_id or ""),
        "who": row.who,
        "due_on": row.due_on,
        "state": row.state,
    }


def _facts(reader: Reader, form: MeasureForm) -> actions.MeasureFacts:
    said = form.cleaned_data
    team = {str(person.pk): person for person in team_of(reader.strategy)}
    return actions.MeasureFacts(
        title=said["title"],
        owner=team.get(said["owner"]),
        who=said["who"],
        due_on=said["due_on"],
        state=MeasureState(said["state"]),
    )


def _form(
    request: HttpRequest,
    reader: Reader,
    form: MeasureForm,
    title: str,
    *,
    conflict: Any = None,
    status: int = 200,
) -> HttpResponse:
    language = _language_of(request, reader)
    context = {
        "reader": reader,
        "strategy": reader.strategy,
        "form": form,
        "title": title,
        "language_name": LANGUAGE_NAMES.get(language, language),
        "conflict": conflict,
        "breadcrumb": way_to(reader, (title, "")),
    }
    status = 422 if form.errors else status
    return render(request, "training/strategy/measure_form.html", context, status=status)


@keeps_text
@GET_OR_POST
def review(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Three questions; everybody of the team may add to the answers, each in one language."""
    reader = reader_of(request, slug)
    row = there(reading.review_of(reader.strategy, number))
    language = _language_of(request, reader)
    form = ReviewForm(sent(request), initial=row.answers.get(language, {})) if reader.writes else None
    if form is not None and form.is_bound and form.is_valid():
        said = form.cleaned_data
        once(
            key_for(said["key"], form.answers),
            lambda: actions.answer_review(
                review=row, answers=form.answers, language=language, by=person_of(request), now=timezone.now()
            ).get_absolute_url(),
        )
        messages.success(request, _("Thank you. What you have written helps with the next step."))
        return redirect(reader.strategy)
    labels = dict(QUESTIONS)
    others = [
        (
            LANGUAGE_NAMES.get(code, code),
            code,
            [(labels[name], said[name]) for name in labels if name in said],
        )
        for code, said in row.answers.items()
        if form is None or code != language
    ]
    context = {
        "reader": reader,
        "strategy": reader.strategy,
        "review": row,
        "form": form,
        "others": others,
        "rows": measures_of(reader.strategy, person_of(request), today=timezone.localdate()),
        "breadcrumb": way_to(reader, (row.get_kind_display(), "")),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "training/strategy/review.html", context, status=status)


def _language_of(request: HttpRequest, reader: Reader) -> str:
    languages = reader.strategy.languages
    for code in (person_of(request).language, get_language()):
        if code in languages:
            return str(code)
    return str(languages[0])

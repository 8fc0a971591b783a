"""A strategy: the page about all of it, beginning it, its languages, sending sections, the public summary."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.languages import PARTNER_LANGUAGES
from core.conflicts import EditConflict, conflict_with
from core.form_keys import key_for, led_to, once
from core.sent_again import same_answer_again
from core.text_kept import keeps_text
from training.actions import answers, strategies
from training.choices import SectionState
from training.forms import strategies as forms
from training.queries import strategies as reading
from training.queries.content import Text
from training.queries.measures import measures_of
from training.queries.strategies import Reader
from training.views.gates import coach_of, person_of, reader_of, sent, there, writer_of

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
NAMES = dict(PARTNER_LANGUAGES)


@login_required
@GET_OR_POST
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """Its page; for who could begin it, the page to do so."""
    person = person_of(request)
    reader = reading.reader_of(person, slug)
    if reader is None:
        return _begin(request, slug)
    if request.method == "POST":  # begun meanwhile by somebody else, or sent twice
        return redirect(request.path)
    return _strategy(request, reader)


def _strategy(
    request: HttpRequest, reader: Reader, note_form: forms.NoteForm | None = None, *, status: int = 200
) -> HttpResponse:
    """`note_form`: one that could not be kept as it came."""
    person, row = person_of(request), reader.strategy
    today = timezone.localdate()
    rows = reading.section_rows(row, person, today=today)
    measures = measures_of(row, person, today=today)
    context = {
        "reader": reader,
        "strategy": row,
        "rows": rows,
        "approved": sum(one.section.state == SectionState.APPROVED for one in rows),
        "can_send": reader.writes and bool(reading.to_send(rows)),
        "versions": reading.versions_of(row),
        "measures": measures,
        "reviews": reading.reviews_of(row),
        "notes": reading.notes_of(row, person) if reader.coaches else [],
        "note_form": note_form or forms.NoteForm(),
        "languages": [NAMES.get(code, code) for code in row.languages],
        "breadcrumb": way_to(reader),
    }
    return render(request, "training/strategy/strategy.html", context, status=status)


def _begin(request: HttpRequest, slug: str) -> HttpResponse:
    person = person_of(request)
    partnership = there(reading.partnership_to_begin(person, slug))
    suggested = [code for code in partnership.languages if code in NAMES] or ["de"]
    form = forms.LanguagesForm(sent(request), initial={"languages": suggested[: forms.MOST_LANGUAGES]})
    if form.is_bound and form.is_valid():
        languages = form.cleaned_data["languages"]
        row = strategies.begin_strategy(
            partnership=partnership, languages=languages, by=person, now=timezone.now()
        )
        messages.success(request, _("The strategy is begun. Start with any section you like."))
        return redirect(row)
    context = {
        "form": form,
        "name": reading.name_of(partnership),
        "partnership": partnership,
        "breadcrumb": [
            *_way_to_partnership(partnership.slug, reading.name_of(partnership)),
            (_("Strategy"), ""),
        ],
    }
    return render(request, "training/strategy/begin.html", context, status=422 if form.errors else 200)


@login_required
@GET_OR_POST
def languages(request: HttpRequest, slug: str) -> HttpResponse:
    reader = writer_of(request, slug)
    row = reader.strategy
    form = forms.ChangeLanguagesForm(
        sent(request), initial={"languages": row.languages, "base_version": row.version}
    )
    conflict, status = None, 200
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            address = once(
                key_for(said["key"], said["base_version"], *said["languages"]),
                lambda: strategies.set_languages(
                    strategy=row, languages=said["languages"], version=said["base_version"]
                ).get_absolute_url(),
            )
        except EditConflict:
            row.refresh_from_db()
            conflict = conflict_with(form, now={"languages": row.languages}, version=row.version)
            status = 409
        else:
            messages.success(request, _("The languages are saved."))
            return redirect(address)
    context = {
        "reader": reader,
        "strategy": row,
        "form": form,
        "conflict": conflict,
        "breadcrumb": way_to(reader, (_("Languages of the strategy"), "")),
    }
    status = 422 if form.errors else status
    return render(request, "training/strategy/languages.html", context, status=status)


@login_required
@GET_OR_POST
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what the coaches shall read; what is ready is chosen already."""
    if request.method == "POST" and (done := led_to(request)):
        return redirect(done)
    reader = writer_of(request, slug)
    rows = reading.section_rows(reader.strategy, person_of(request), today=timezone.localdate())
    ready = reading.to_send(rows)
    form = forms.SendForm(sent(request), ready=ready, initial={"sections": [code for code, _name in ready]})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            address = once(said["key"], lambda: _send(reader, said["sections"], request))
        except strategies.NothingToSend:
            form.add_error("sections", _("Somebody else has sent these sections meanwhile."))
        else:
            messages.success(
                request, _("The sections are with the coaches. You get a mail when they answer.")
            )
            return redirect(address)
    # Sent twice at once: what the first one sent can be chosen no more.
    if form.errors and (done := led_to(request)):
        return redirect(done)
    context = {
        "reader": reader,
        "strategy": reader.strategy,
        "form": form,
        "has_ready": bool(ready),
        "breadcrumb": way_to(reader, (_("Send to the coaches"), "")),
    }
    return render(request, "training/strategy/send.html", context, status=422 if form.errors else 200)


def _send(reader: Reader, codes: list[str], request: HttpRequest) -> str:
    strategies.send_sections(strategy=reader.strategy, codes=codes, by=person_of(request), now=timezone.now())
    return reader.strategy.get_absolute_url()


@login_required
@GET_OR_POST
def take_back(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A GET comes from the sign-in page, here and below: it leads back to the button."""
    reader = writer_of(request, slug)
    version = there(reading.version_of(reader.strategy, number))
    if request.method != "POST":
        return redirect(reader.strategy)
    try:
        strategies.take_back(version=version, by=person_of(request))
    except strategies.NotWaiting:
        messages.info(request, _("This version does not wait any more."))
    else:
        messages.success(request, _("The sections are yours again. Send them when they are ready."))
    return redirect(reader.strategy)


@keeps_text
@GET_OR_POST
def summary(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody reads on the page of the partnership, by the team's own choice."""
    reader = writer_of(request, slug)
    row = reader.strategy
    initial = {f"text_{code}": row.summary.get(code, "") for code in row.languages}
    form = forms.SummaryForm(
        sent(request), languages=row.languages, initial={**initial, "base_version": row.version}
    )
    conflict, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            address = once(
                key_for(form.cleaned_data["key"], form.cleaned_data["base_version"], form.texts),
                lambda: _publish(reader, form, request),
                also=form.cleaned_data["key"],
            )
        except EditConflict:
            row.refresh_from_db()
            now = {f"text_{code}": row.summary.get(code, "") for code in row.languages}
            conflict = conflict_with(form, now=now, version=row.version)
            status = 409
        except strategies.NotApproved:
            form.add_error(None, _("A coach has to approve a version first."))
        else:
            messages.success(request, _("The summary stands on the page of the partnership."))
            return redirect(address)
    context = {
        "reader": reader,
        "strategy": row,
        "form": form,
        "conflict": conflict,
        "gone": _typed_in_others(request, row.languages),
        "breadcrumb": way_to(reader, (_("Public summary"), "")),
    }
    status = 422 if form.errors else status
    return render(request, "training/strategy/summary.html", context, status=status)


def _typed_in_others(request: HttpRequest, languages: list[str]) -> list[Text]:
    """In languages that were taken out since the form was shown: it has no field for them any more."""
    typed = [
        Text(code, request.POST.get(f"text_{code}", "").strip()) for code in NAMES if code not in languages
    ]
    return [one for one in typed if one.text]


def _publish(reader: Reader, form: forms.SummaryForm, request: HttpRequest) -> str:
    strategies.publish_summary(
        strategy=reader.strategy,
        summary=form.texts,
        version=form.cleaned_data["base_version"],
        by=person_of(request),
        now=timezone.now(),
    )
    return reader.strategy.get_absolute_url()


@login_required
@GET_OR_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    reader = writer_of(request, slug)
    if request.method != "POST":
        return redirect(reader.strategy)
    strategies.withdraw_summary(strategy=reader.strategy, by=person_of(request))
    messages.success(request, _("The summary is not public any more. The text is kept."))
    return redirect(reader.strategy)


@login_required
@GET_OR_POST
def take_on(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has the strategy of others open as a coach may be asked first from now on."""
    reader = reader_of(request, slug)
    if request.method != "POST":
        return redirect(reader.strategy)
    if not reader.may_answer:
        raise PermissionDenied
    answers.take_on(strategy=reader.strategy, by=person_of(request))
    messages.success(request, _("You are asked first about this strategy from now on."))
    return redirect(reader.strategy)


@keeps_text
@GET_OR_POST
@same_answer_again
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """Of coaches for coaches."""
    reader = coach_of(request, slug)
    if request.method != "POST":
        return redirect(reader.strategy)
    form = forms.NoteForm(request.POST)
    if not form.is_valid():
        return _strategy(request, reader, form, status=422)
    drawn, text = form.cleaned_data["key"], form.cleaned_data["text"]
    return redirect(once(key_for(drawn, text), lambda: _keep_note(reader, text, request), also=drawn))


def _keep_note(reader: Reader, text: str, request: HttpRequest) -> str:
    answers.keep_note(strategy=reader.strategy, text=text, by=person_of(request), now=timezone.now())
    return f"{reader.strategy.get_absolute_url()}#notes"


@login_required
@GET_OR_POST
def delete_note(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    reader = coach_of(request, slug)
    row = there(reading.note_of(reader.strategy, person_of(request), number))
    if request.method == "POST":
        answers.delete_note(note=row)
    return redirect(f"{reader.strategy.get_absolute_url()}#notes")


def way_to(reader: Reader, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The breadcrumb: the partnership, its strategy, and what is below."""
    slug = reader.strategy.partnership.slug
    here = "" if not more else reader.strategy.get_absolute_url()
    return [*_way_to_partnership(slug, reader.name), (_("Strategy"), here), *more]


def _way_to_partnership(slug: str, name: str) -> list[tuple[str, str]]:
    return [
        (_("Partnerships"), reverse("partnerships:list")),
        (name, reverse("partnerships:detail", args=(slug,))),
    ]

"""Versions of a strategy: read, compared, printed, and answered by a coach."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.form_keys import led_to, once
from core.text_kept import keeps_text
from training.actions import answers, strategies
from training.choices import Section, VersionState
from training.forms.strategies import AnswerForm
from training.models import StrategyVersion
from training.queries import strategies as reading
from training.queries.content import Text, blocks_of, differences, measure_differences, measure_words
from training.queries.strategies import Reader
from training.strategy_pdf import strategy_pdf
from training.views.gates import person_of, reader_of, sent, there
from training.views.strategies import GET_OR_POST, way_to

NOW = "now"


@keeps_text
@GET_OR_POST
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """POST is a coach's answer to what was sent."""
    reader = reader_of(request, slug)
    row = there(reading.version_of(reader.strategy, number))
    if request.method == "POST" and not reader.may_answer:
        raise PermissionDenied
    form = None
    if row.state == VersionState.WAITING and reader.may_answer:
        form = AnswerForm(sent(request), sections=_named(row.sent), today=timezone.localdate())
        if form.is_bound and form.is_valid():
            try:
                address = once(form.cleaned_data["key"], lambda: _answer(request, reader, row, form))
            except strategies.NotWaiting:
                return _too_late(request, reader, there(reading.version_of(reader.strategy, number)))
            messages.success(request, _("Your answer is on its way to the team."))
            return redirect(address)
    elif request.method == "POST":
        # Asked after the state was read: of forms sent at once, the others may see it answered.
        if done := led_to(request):
            return redirect(done)
        return _too_late(request, reader, row)
    return _page(request, reader, row, form, status=422 if form is not None and form.errors else 200)


def _too_late(request: HttpRequest, reader: Reader, row: StrategyVersion) -> HttpResponse:
    """What the coach has written, as it came, to be copied."""
    words = {AnswerForm.GOOD: _("Good, approved"), AnswerForm.BACK: _("Please revise")}
    typed = [
        (
            name,
            words.get(request.POST.get(f"decision_{code}", ""), ""),
            request.POST.get(f"comment_{code}", ""),
        )
        for code, name in _named(row.sent)
    ]
    if day := request.POST.get("due_on", ""):
        typed.append((str(AnswerForm.DUE_LABEL), "", day))
    return _page(request, reader, row, typed=typed, status=409)


def _page(
    request: HttpRequest,
    reader: Reader,
    row: StrategyVersion,
    form: AnswerForm | None = None,
    *,
    typed: list[tuple[str, str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`typed`: of an answer that came too late, by section its name, the decision and the comment."""
    context = {
        "reader": reader,
        "strategy": reader.strategy,
        "version": row,
        "sections": _sections(row, form),
        "measures": _measures(row.content),
        "form": form,
        "typed": typed,
        "previous": row.number - 1,
        "breadcrumb": way_to(reader, (_("Version %(number)s") % {"number": row.number}, "")),
    }
    return render(request, "training/strategy/version.html", context, status=status)


def _named(codes: list[str]) -> list[tuple[str, str]]:
    return [(code, str(Section(code).label)) for code in codes]


def _answer(request: HttpRequest, reader: Reader, row: StrategyVersion, form: AnswerForm) -> str:
    said = form.cleaned_data
    given = {
        code: answers.Answer(said[f"decision_{code}"] == form.GOOD, said[f"comment_{code}"])
        for code in row.sent
    }
    answers.answer_version(
        version=row, answers=given, due_on=said["due_on"], by=person_of(request), now=timezone.now()
    )
    return reader.strategy.get_absolute_url()


def _sections(row: StrategyVersion, form: AnswerForm | None) -> list[dict[str, Any]]:
    """Those that were sent first of all; then what else stood in it."""
    fields = {code: (decision, comment) for code, decision, comment in form.rows()} if form else {}
    comments: dict[str, list[Any]] = {}
    for said in row.comments.select_related("author"):
        comments.setdefault(said.code, []).append(said)
    shown = []
    for code in sorted(Section, key=lambda one: one not in row.sent):
        stored = row.content["sections"].get(code, {})
        if not stored and code not in row.sent:
            continue
        decision, comment = fields.get(code, (None, None))
        shown.append(
            {
                "number": int(code[1:]),
                "code": code,
                "title": code.label,
                "blocks": blocks_of(code, stored, row.content["languages"]),
                "is_sent": code in row.sent,
                "is_approved": code in row.approved,
                "decision": decision,
                "comment": comment,
                "comments": comments.get(code, []),
            }
        )
    return shown


def _measures(content: dict[str, Any]) -> list[list[Text]]:
    owners = reading.owner_names(content)
    return [measure_words(row, owners) for row in content["measures"]]


@login_required
@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """`?from=1&to=2`; "now" is what stands there now.

    Without them the last version with what is there now, or, where nothing has been written since, the last two.
    """
    reader = reader_of(request, slug)
    versions = reading.versions_of(reader.strategy)
    names = [
        (str(row.number), _("Version %(number)s") % {"number": row.number}) for row in reversed(versions)
    ]
    names.append((NOW, _("what stands there now")))
    chosen = [_chosen(request, "from", names, default=-2), _chosen(request, "to", names, default=-1)]
    old, new = (_content(reader, one) for one in chosen)
    if len(versions) > 1 and not request.GET and _say_the_same(old, new):
        chosen = [names[-3][0], names[-2][0]]
        old, new = _content(reader, chosen[0]), old
    languages = list(dict.fromkeys([*new["languages"], *old["languages"]]))
    changed, same = [], 0
    for code in Section:
        before, after = (content["sections"].get(code, {}) for content in (old, new))
        found = differences(code, before, after, languages)
        same += not found and bool(after)
        if found:
            changed.append((int(code[1:]), code.label, found))
    context = {
        "reader": reader,
        "strategy": reader.strategy,
        "names": names,
        "old": chosen[0],
        "new": chosen[1],
        "old_name": dict(names)[chosen[0]],
        "new_name": dict(names)[chosen[1]],
        "changed": changed,
        "same": same,
        "measures": measure_differences(old["measures"], new["measures"], reading.owner_names(old, new)),
        "breadcrumb": way_to(reader, (_("Compare versions"), "")),
    }
    return render(request, "training/strategy/compare.html", context)


def _chosen(request: HttpRequest, name: str, names: list[tuple[str, str]], *, default: int) -> str:
    asked, known = request.GET.get(name, ""), [code for code, _name in names]
    if asked in known:
        return asked
    return known[max(default, -len(known))]


def _say_the_same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return all(old[part] == new[part] for part in ("languages", "sections", "measures"))


def _content(reader: Reader, chosen: str) -> dict[str, Any]:
    if chosen == NOW:
        return reading.content_now(reader.strategy)
    content: dict[str, Any] = there(reading.version_of(reader.strategy, int(chosen))).content
    return content


@login_required
@require_safe
def paper(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The version as a PDF: of an approved one the approved sections, of any other all that is in it."""
    reader = reader_of(request, slug)
    row = there(reading.version_of(reader.strategy, number))
    content = strategy_pdf(reader.name, row, language=get_language() or "de")
    name = f"{reader.strategy.partnership.slug}-{number}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)

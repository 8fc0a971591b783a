"""A partnership is entered step by step. What was filled in is kept; the last page makes an entry of it."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from core.filters import clean_query
from core.form_keys import key_for, once, spent
from core.limits import within_limit
from partnerships import actions, queries
from partnerships.forms import (
    ContactsForm,
    KindForm,
    OtherSideForm,
    OwnSideForm,
    RegisterForm,
    StartForm,
    WorkForm,
    same_pair_sentence,
)
from partnerships.models import Partnership, PartnershipDraft
from partnerships.permissions import publishes_at_once
from partnerships.queries import CHECK, CONTACTS, DONE, KIND, OURS, STEPS, THEIRS, WORK, DraftEntry, Party
from partnerships.views.gates import sent

# What stands above the fields of each step.
QUESTIONS = {
    OURS: (
        gettext_lazy("Which side do you belong to?"),
        gettext_lazy("Your town, your municipality, your district or county."),
    ),
    THEIRS: (
        gettext_lazy("Who is your partner?"),
        gettext_lazy("The town, municipality, district or county on the other side."),
    ),
    KIND: (
        gettext_lazy("What kind of connection is it?"),
        gettext_lazy("Fill in what you know. You can add the rest later."),
    ),
    WORK: (
        gettext_lazy("What do you do together?"),
        gettext_lazy("Others find you by this. You may leave everything here empty."),
    ),
    CONTACTS: (
        gettext_lazy("Who looks after it?"),
        gettext_lazy("We ask the other side, in its own language, whether the entry is right."),
    ),
    CHECK: (
        gettext_lazy("Is everything right?"),
        gettext_lazy("Look at it once more. You can change every part, now and later."),
    ),
}
MOST_REGISTRATIONS = 30
"""By one person in a day; every one may send mails to people who did not ask for them."""


class TooMany(Exception):
    """More than MOST_REGISTRATIONS."""


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The first step. Nothing is kept before it is sent."""
    person, now = cast(User, request.user), timezone.now()
    form = StartForm(sent(request), own=queries.own_parties(person), present=None)
    if request.method == "POST" and form.is_valid():
        code = queries.code_of(cast(Party, form.party))

        def start() -> str:
            draft = actions.start_draft(step=OURS, values={"side": code}, by=person, now=now)
            return _address(draft, THEIRS)

        return redirect(once(key_for(form.cleaned_data["key"], code), start))
    drafts = list(PartnershipDraft.objects.visible_to(person).open()[:5])
    begun = [
        {"title": title, "draft": draft, "url": _address(draft, CHECK)}
        for draft, title in zip(drafts, queries.titles_of(drafts), strict=True)
    ]
    context = _frame(None, OURS) | {"form": form, "drafts": begun}
    return render(request, "partnerships/wizard_side.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, number: int, step: str) -> HttpResponse:
    person = cast(User, request.user)
    begun = get_object_or_404(
        PartnershipDraft.objects.visible_to(person).select_related("registered_as"), pk=number
    )
    if begun.registered_as and step == DONE:
        return _done(request, begun.registered_as)
    if begun.registered_as:
        messages.info(request, _("This partnership is entered already. Here it is."))
        return redirect(begun.registered_as)
    if step not in (*STEPS, CHECK):
        raise Http404
    skipped = _skipped(queries.entry_of(begun), person, step)
    if skipped and not (step == CHECK and request.method == "POST"):
        return redirect(_address(begun, skipped))
    try:
        if step == CHECK:
            return _check(request, begun)
        return _other_side(request, begun) if step == THEIRS else _step(request, begun, step)
    except actions.DraftIsClosed:
        return redirect(request.path)


@login_required
@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponse:
    """Sent twice it leads to the same page: a draft that is gone is what was wanted."""
    person = cast(User, request.user)
    begun = PartnershipDraft.objects.visible_to(person).filter(pk=number).first()
    if begun is not None:
        actions.discard_draft(draft=begun, by=person)
    messages.success(request, _("The draft is gone."))
    return redirect("partnerships:new")


@require_safe
def sides(request: HttpRequest) -> JsonResponse:
    """Suggestions for the fields in which a side is chosen."""
    hits = queries.suggested(clean_query(request.GET.get("q", "")))
    rows = [{"label": hit.name, "detail": hit.place, "value": hit.code} for hit in hits]
    return JsonResponse(rows, safe=False)


def _step(request: HttpRequest, draft: PartnershipDraft, step: str) -> HttpResponse:
    entry = queries.entry_of(draft)
    form = _form_of(request, step, entry)
    if request.method == "POST" and form.is_valid():
        values = {"side": queries.code_of(form.party)} if step == OURS else form.values()
        actions.save_step(draft=draft, step=step, values=values, now=timezone.now())
        return redirect(_after(request, draft, step))
    name = {OURS: "side", CONTACTS: "contacts"}.get(step, step)
    context = _frame(draft, step, entry) | {"form": form}
    if step == KIND:
        context["same"] = list(queries.between(entry.parties).visible_to(request.user))
    return render(request, f"partnerships/wizard_{name}.html", context)


def _form_of(request: HttpRequest, step: str, entry: DraftEntry) -> Any:
    person, data = cast(User, request.user), sent(request)
    said = entry.data.get(step)
    if step == OURS:
        return OwnSideForm(data, own=queries.own_parties(person), present=entry.ours)
    if step == KIND:
        return KindForm(
            data,
            initial=KindForm.initial_of(said or {}),
            entry=entry,
            taken=_taken(person, entry),
            today=timezone.localdate(),
        )
    if step == WORK:
        return WorkForm(data, initial=said)
    return ContactsForm(data, initial=said, entry=entry, own_email=person.email)


def _taken(person: User, entry: DraftEntry) -> dict[str, str]:
    """Kinds that exist between these sides, each with a sentence. Of what the reader may not see, no more than that."""
    rows = queries.between(entry.parties)
    seen = {row.kind: row for row in rows.visible_to(person)}
    hidden = _("An entry of this kind is with us already and not public yet. Please ask the office about it.")
    return {
        row.kind: same_pair_sentence(actions.SamePairExists(row)) if row.kind in seen else hidden
        for row in rows
    }


def _other_side(request: HttpRequest, draft: PartnershipDraft) -> HttpResponse:
    entry = queries.entry_of(draft)
    if "remove" in request.POST:
        _keep_others(draft, [code for code in entry.others if code != request.POST["remove"]])
        return redirect(request.get_full_path())
    same = queries.unmentioned(entry, cast(User, request.user))
    form = OtherSideForm(sent(request))
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and _is_kept(form, entry) and (address := spent(form.act)):
        return redirect(address)
    if is_valid and _fits(form, entry):
        another = queries.sides_key(entry.parties) if form.cleaned_data["is_another"] and same else ""
        if address := _keep_other(request, draft, form, entry, another):
            return redirect(address)
        form.add_error(
            "is_another", _("Please tick this, or remove a side, or go to the entry that is there.")
        )
    chosen = [{"code": code, "hit": queries.hit_of(party)} for code, party in entry.others.items()]
    context = _frame(draft, THEIRS, entry) | {"form": form, "chosen": chosen, "same": same}
    return render(request, "partnerships/wizard_others.html", context)


def _is_kept(form: OtherSideForm, entry: DraftEntry) -> bool:
    return form.party is None or queries.code_of(form.party) in entry.others


@transaction.atomic
def _keep_other(
    request: HttpRequest, draft: PartnershipDraft, form: OtherSideForm, entry: DraftEntry, another: str
) -> str:
    """The page after it; empty when something else must be said first."""
    codes = [*entry.others, *([queries.code_of(form.party)] if form.party else [])]
    saved = _keep_others(draft, codes, another=another)
    if "add" in request.POST:
        address = request.get_full_path()
    elif not queries.unmentioned(queries.entry_of(saved), cast(User, request.user)):
        address = _after(request, draft, THEIRS)
    else:
        address = request.get_full_path() if form.party else ""
    return once(form.act, lambda: address) if address and form.act else address


def _fits(form: OtherSideForm, entry: DraftEntry) -> bool:
    """Whether what was chosen can be one more side; if not, the form says why."""
    party = form.party
    if party is None:
        if not entry.others:
            form.add_error("typed", _("Please say who your partner is."))
    elif queries.code_of(party) in map(queries.code_of, entry.parties):
        form.add_error("typed", _("The same place stands on two sides."))
    elif queries.is_mixed([*entry.parties, party]):
        form.add_error("typed", _("Invented examples and real municipalities do not go together."))
    elif len(entry.parties) >= actions.MOST_SIDES:
        form.add_error(
            "typed", _("A partnership has at most %(number)s sides here.") % {"number": actions.MOST_SIDES}
        )
    return form.is_valid()


def _keep_others(draft: PartnershipDraft, codes: list[str], *, another: str = "") -> PartnershipDraft:
    kept = another or draft.data.get(THEIRS, {}).get("another_than", "")
    values = {"sides": codes, "another_than": kept}
    return actions.save_step(draft=draft, step=THEIRS, values=values, now=timezone.now())


def _check(request: HttpRequest, draft: PartnershipDraft) -> HttpResponse:
    person = cast(User, request.user)
    form, status, existing = RegisterForm(sent(request)), 200, None
    if request.method == "POST" and form.is_valid():
        try:
            address = once(form.cleaned_data["key"], lambda: _register(draft, person))
        except actions.SamePairExists as problem:
            status, existing = 409, problem.existing
        except TooMany:
            status = 429
            form.add_error(None, _("You have entered many partnerships today. Please go on tomorrow."))
        except (actions.DraftIncomplete, actions.DraftIsClosed):
            status = 409
        else:
            return redirect(address)
    entry = queries.entry_of(draft)
    missing = queries.open_steps(entry, person)
    if status == 409 and existing is None and KIND in missing:
        # Somebody was faster, and the draft knew it before the database had to.
        existing = queries.taken_by(entry)
    context = _frame(draft, CHECK, entry) | {
        "form": form,
        "sections": queries.sections_of(entry, queries.labels(), missing),
        "missing": missing,
        "files": list(draft.documents.all()),
        "existing": _if_visible(existing, person),
        "is_taken": existing is not None,
        "goes_public": publishes_at_once(person, entry.parties),
        "asks": [
            queries.hit_of(party).name for code, party in entry.others.items() if entry.contact_of(code)
        ],
    }
    return render(request, "partnerships/wizard_check.html", context, status=status)


def _if_visible(partnership: Partnership | None, person: User) -> Partnership | None:
    seen = Partnership.objects.visible_to(person)
    return seen.filter(pk=partnership.pk).first() if partnership else None


def _register(draft: PartnershipDraft, person: User) -> str:
    within = within_limit("partnership", str(person.pk), most=MOST_REGISTRATIONS, each=timedelta(days=1))
    if not within:
        raise TooMany
    actions.register_partnership(draft=draft, by=person, now=timezone.now())
    return _address(draft, DONE)


def _done(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """What became of it, and what can be added now."""
    context = {"partnership": partnership, "asked": queries.sides_asked(partnership)}
    return render(request, "partnerships/wizard_done.html", context)


def _skipped(entry: DraftEntry, person: User, step: str) -> str:
    """A step before this one that still wants something; empty when there is none."""
    before = STEPS if step == CHECK else STEPS[: STEPS.index(step)]
    missing = queries.open_steps(entry, person)
    unseen = [name for name in before if name in missing or name not in entry.data]
    return unseen[0] if unseen else ""


def _frame(draft: PartnershipDraft | None, step: str, entry: DraftEntry | None = None) -> dict[str, Any]:
    """What stands around the fields of every step."""
    steps = (*STEPS, CHECK)
    number = steps.index(step)
    question, hint = QUESTIONS[step]
    return {
        "draft": draft,
        "name": entry.title if entry else "",
        "number": number + 1,
        "total": len(steps),
        "step_title": queries.TITLES[step],
        "question": question,
        "hint": hint,
        "back_url": _address(draft, steps[number - 1]) if draft and number else "",
    }


def _address(draft: PartnershipDraft, step: str) -> str:
    return reverse("partnerships:draft", args=(draft.pk, step))


def _after(request: HttpRequest, draft: PartnershipDraft, step: str) -> str:
    """The next step; back to the summary for who came from there to change one thing."""
    if request.GET.get("then") == CHECK:
        return _address(draft, CHECK)
    steps = (*STEPS, CHECK)
    return _address(draft, steps[steps.index(step) + 1])

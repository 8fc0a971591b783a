"""A side answers: by the signed link of a mail without an account, or signed in."""

from datetime import timedelta
from typing import cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from core.form_keys import led_to, once
from core.limits import within_limit
from core.links import read_token
from core.partner_pages import (
    Problem,
    kept_language,
    partner_page,
    partner_problem,
    register_address,
    speaking,
)
from partnerships import actions
from partnerships.forms import NOTHING_TO_CORRECT, ConfirmForm, CorrectionForm, DisputeForm
from partnerships.models import Correction, Partnership, PartnershipSide, SideInvitation
from partnerships.permissions import can_answer_for
from partnerships.queries.record import changes_in_words, record_of, town_of

register_address("/answer/")
WAYS = {"correct": CorrectionForm, "dispute": DisputeForm}


def answer(request: HttpRequest, token: str = "") -> HttpResponse:
    """The page behind the link. Reading it changes nothing: mail programs and scanners read it too."""
    question = _question_of(token)
    if question is None:
        return _unknown(request)
    now = timezone.now()
    if question.answered_at:
        return _thanks(request, question)
    if question.revoked_at:
        return partner_problem(request, Problem.WITHDRAWN, language=question.language)
    if question.expires_at < now:
        return partner_problem(request, Problem.EXPIRED, language=question.language)
    if question.purpose == SideInvitation.Purpose.TAKE_OVER:
        return _take_over(request, question)
    with speaking(request, question.language):
        return _ask(request, question)


def _question_of(token: str) -> SideInvitation | None:
    for purpose in SideInvitation.Purpose.values:
        found = read_token(purpose, token)
        if found:
            rows = SideInvitation.objects.select_related("side__partnership", "contact", "sent_by")
            question = rows.filter(pk=found[0], purpose=purpose).first()
            return question if question and question.nonce == found[1] else None
    return None


def _unknown(request: HttpRequest) -> HttpResponse:
    """Whoever tries many links is slowed down."""
    who = get_adapter().get_client_ip(request)
    if not within_limit("wrong_link", who, most=60, each=timedelta(hours=1)):
        return partner_problem(request, Problem.TOO_MANY)
    return partner_problem(request, Problem.WRONG)


def _ask(request: HttpRequest, question: SideInvitation) -> HttpResponse:
    way = request.GET.get("way", "")
    form = _form(request, way, question.side.partnership)
    if form.is_bound and form.is_valid():
        try:
            return redirect(once(form.cleaned_data["key"], lambda: _act(request, question, way, form)))
        except actions.NotOpen:
            return redirect(request.path + kept_language(request))
        except actions.NothingToCorrect:
            form.add_error(None, NOTHING_TO_CORRECT)
    template = f"partner/{way}.html" if way in WAYS else "partner/answer.html"
    context = {
        "form": form,
        "record": record_of(question.side.partnership),
        "town": town_of(question.side),
        "is_yearly": question.purpose == SideInvitation.Purpose.YEARLY,
        "others": [
            town_of(side) for side in question.side.partnership.sides.all() if side.pk != question.side_id
        ],
        "valid_until": question.expires_at,
    }
    status = 200 if not form.errors else 422
    return partner_page(request, template, context, language=question.language, status=status)


def _form(
    request: HttpRequest, way: str, partnership: Partnership
) -> ConfirmForm | CorrectionForm | DisputeForm:
    data = request.POST if request.method == "POST" else None
    if way == "correct":
        return CorrectionForm(data, partnership=partnership)
    return DisputeForm(data) if way == "dispute" else ConfirmForm(data)


def _act(
    request: HttpRequest, question: SideInvitation, way: str, form: ConfirmForm | CorrectionForm | DisputeForm
) -> str:
    now, side = timezone.now(), question.side
    if isinstance(form, CorrectionForm):
        actions.propose_correction(
            side=side,
            values=form.values,
            note=form.cleaned_data["note"],
            language=get_language() or question.language,
            invitation=question,
            now=now,
        )
    elif isinstance(form, DisputeForm):
        actions.dispute_side(side=side, text=form.cleaned_data["text"], invitation=question, now=now)
    else:
        actions.confirm_side(side=side, invitation=question, now=now)
    return request.path + kept_language(request)


def _thanks(request: HttpRequest, question: SideInvitation) -> HttpResponse:
    """What was answered, and that one may look after the entry with an account."""
    side, person = question.side, request.user
    if request.method == "POST":
        form = ConfirmForm(request.POST)
        if "adopt" in request.POST and person.is_authenticated and form.is_valid():
            return redirect(once(form.cleaned_data["key"], lambda: _adopt(question, person)))
        # The form was sent a second time, or another tab was quicker: this is its success page.
        return redirect(led_to(request) or request.path + kept_language(request))
    context = {
        "question": question,
        "town": town_of(side),
        "record": record_of(side.partnership),
        "entry_url": side.partnership.get_absolute_url() if side.partnership.published_at else "",
        "is_signed_in": person.is_authenticated,
        "is_contact": can_answer_for(person, side),
        "sign_up_url": reverse("account_signup") + "?" + urlencode({"next": request.path}),
        "sign_in_url": reverse("account_login") + "?" + urlencode({"next": request.path}),
        "form": ConfirmForm(),
    }
    return partner_page(request, "partner/thanks.html", context, language=question.language)


def _adopt(question: SideInvitation, person: User) -> str:
    actions.adopt_contact(invitation=question, by=person, now=timezone.now())
    return question.side.partnership.get_absolute_url()


def _take_over(request: HttpRequest, question: SideInvitation) -> HttpResponse:
    person = request.user
    if request.method == "POST" and person.is_authenticated:
        form = ConfirmForm(request.POST)
        if form.is_valid():
            try:
                return redirect(once(form.cleaned_data["key"], lambda: _agree(question, person)))
            except actions.NotOpen:
                return redirect(request.path + kept_language(request))
    context = {
        "town": town_of(question.side),
        "record": record_of(question.side.partnership),
        "is_signed_in": person.is_authenticated,
        "sign_up_url": reverse("account_signup") + "?" + urlencode({"next": request.path}),
        "sign_in_url": reverse("account_login") + "?" + urlencode({"next": request.path}),
        "valid_until": question.expires_at,
        "form": ConfirmForm(),
    }
    return partner_page(request, "partner/take_over.html", context, language=question.language)


def _agree(question: SideInvitation, person: User) -> str:
    actions.take_over(invitation=question, by=person, now=timezone.now())
    return question.side.partnership.get_absolute_url()


# Signed in


@login_required
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The sides this person answers for: each with one button, and the ways to correct or dispute."""
    partnership = get_object_or_404(Partnership.objects.visible_to(request.user), slug=slug)
    person = cast(User, request.user)
    sides = list(actions.sides_answered_by(person, partnership))
    if not sides:
        raise PermissionDenied if partnership.published_at else Http404
    side = _chosen(sides, request.GET.get("side", ""))
    way = request.GET.get("way", "")
    form = _form(request, way, partnership)
    if form.is_bound and form.is_valid():
        try:
            url = once(form.cleaned_data["key"], lambda: _answer_signed_in(side, person, form))
            messages.success(request, _("Thank you. Your answer is kept."))
            return redirect(url)
        except actions.NothingToCorrect:
            form.add_error(None, NOTHING_TO_CORRECT)
    context = {
        "partnership": partnership,
        "record": record_of(partnership),
        "side": side,
        "sides": sides,
        "town": town_of(side),
        "way": way if way in WAYS else "",
        "form": form,
    }
    return render(request, "partnerships/confirm.html", context, status=200 if not form.errors else 422)


def _chosen(sides: list[PartnershipSide], number: str) -> PartnershipSide:
    return next((side for side in sides if str(side.pk) == number), sides[0])


def _answer_signed_in(
    side: PartnershipSide, person: User, form: ConfirmForm | CorrectionForm | DisputeForm
) -> str:
    now = timezone.now()
    if isinstance(form, CorrectionForm):
        actions.propose_correction(
            side=side,
            values=form.values,
            note=form.cleaned_data["note"],
            language=get_language() or "de",
            by=person,
            now=now,
        )
    elif isinstance(form, DisputeForm):
        actions.dispute_side(side=side, text=form.cleaned_data["text"], by=person, now=now)
    else:
        actions.confirm_side(side=side, by=person, now=now)
    return side.partnership.get_absolute_url()


@login_required
def correction(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What another side proposes, before and after, with two buttons."""
    rows = Correction.objects.visible_to(request.user).select_related("side", "partnership")
    row = get_object_or_404(rows, partnership__slug=slug, pk=number)
    person = cast(User, request.user)
    may_decide = _may_decide(person, row)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not may_decide:
            raise PermissionDenied
        return _decide(request, row, person, form)
    context = {
        "correction": row,
        "record": record_of(row.partnership),
        "town": town_of(row.side),
        "changes": changes_in_words(row.changes),
        "may_decide": may_decide,
        "form": form,
    }
    return render(request, "partnerships/correction.html", context)


def _may_decide(person: User, row: Correction) -> bool:
    """The other sides and the office; a side does not accept its own proposal."""
    if person.is_staff and person.has_perm("partnerships.change_partnership"):
        return True
    return any(side.pk != row.side_id for side in actions.sides_answered_by(person, row.partnership))


def _decide(request: HttpRequest, row: Correction, person: User, form: ConfirmForm) -> HttpResponse:
    accept = request.POST.get("decision") == "accept"

    def act() -> str:
        actions.decide_correction(correction=row, accept=accept, by=person, now=timezone.now())
        return row.partnership.get_absolute_url()

    try:
        url = once(form.cleaned_data["key"], act)
    except actions.AlreadyDecided:
        messages.info(request, _("Somebody else has decided about this meanwhile."))
        return redirect(row.partnership)
    except actions.SamePairExists as problem:
        text = _("There is already a partnership of this kind between them: %(partnership)s.")
        messages.error(request, text % {"partnership": problem.existing})
        return redirect(request.path)
    messages.success(
        request, _("The correction was taken over.") if accept else _("The entry stays as it is.")
    )
    return redirect(url)

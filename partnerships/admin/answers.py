"""What the sides answered and did not: corrections, questions by mail, silent and disputed sides. Nothing is typed
here; each button calls the action that the pages of the sides call."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.models import User
from partnerships import actions
from partnerships.forms import same_pair_sentence
from partnerships.models import Correction, Partnership, PartnershipSide, SideInvitation
from partnerships.queries.record import changes_in_words

_ALL_REMINDERS = 2
_OF_SIDE = ("side__municipality", "side__region", "side__partnership")


class ReadAndPress(admin.ModelAdmin):
    """Rows to read, with buttons for a selection."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def press(
        self,
        request: HttpRequest,
        rows: Iterable[Any],
        act: Callable[[Any], object],
        refusal: type[Exception],
    ) -> None:
        """Each row alone: one that cannot be done does not keep the others from being done."""
        done, left = 0, 0
        for row in rows:
            try:
                act(row)
                done += 1
            except refusal:
                left += 1
        if done:
            said = ngettext("Done for %(number)s row.", "Done for %(number)s rows.", done)
            self.message_user(request, said % {"number": done}, messages.SUCCESS)
        if left:
            said = ngettext(
                "%(number)s row was left as it is: it is settled already, or nobody can be asked.",
                "%(number)s rows were left as they are: they are settled already, or nobody can be asked.",
                left,
            )
            self.message_user(request, said % {"number": left}, messages.WARNING)


@admin.register(Correction)
class CorrectionAdmin(ReadAndPress):
    list_display = ("entry", "side", "proposal", "state", "proposed_at")
    list_filter = ("state", "proposed_at")
    search_fields = ("partnership__search_text",)
    ordering = ("-state", "-proposed_at")  # open ones first
    fields = readonly_fields = (
        "entry",
        "side",
        "proposal",
        "note",
        "language",
        "proposed_by",
        "proposed_at",
        "state",
        "decided_by",
        "decided_at",
    )
    actions = ("accept", "decline")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        rows = super().get_queryset(request).select_related(*_OF_SIDE)
        return rows.prefetch_related("partnership__sides__municipality", "partnership__sides__region")

    @admin.display(description=_("partnership"))
    def entry(self, correction: Correction) -> SafeString:
        return _link(correction.partnership)

    @admin.display(description=_("what is proposed"))
    def proposal(self, correction: Correction) -> str | SafeString:
        changes = changes_in_words(correction.changes)
        lines = format_html_join("", "<li>{}: <del>{}</del> → <strong>{}</strong></li>", changes)
        return format_html("<ul>{}</ul>", lines) if changes else correction.note[:200]

    @admin.action(description=_("Take over into the entry"), permissions=["change"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        self._decide(request, queryset, accept=True)

    @admin.action(description=_("Leave the entry as it is"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[Correction]) -> None:
        self._decide(request, queryset, accept=False)

    def _decide(self, request: HttpRequest, rows: QuerySet[Correction], *, accept: bool) -> None:
        by, now = cast(User, request.user), timezone.now()

        def decide(correction: Correction) -> None:
            try:
                actions.decide_correction(correction=correction, accept=accept, by=by, now=now)
            except actions.SamePairExists as problem:
                self.message_user(request, same_pair_sentence(problem), messages.ERROR)
                raise actions.AlreadyDecided from problem

        self.press(request, rows, decide, actions.AlreadyDecided)


class AnswerFilter(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", _("waiting for an answer")),
            ("expired", _("expired without an answer")),
            ("yes", _("answered")),
            ("withdrawn", pgettext_lazy("question", "withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        silent = queryset.filter(answered_at=None, revoked_at=None)
        found = {
            "open": silent.filter(expires_at__gte=now),
            "expired": silent.filter(expires_at__lt=now),
            "yes": queryset.exclude(answered_at=None),
            "withdrawn": queryset.exclude(revoked_at=None),
        }
        return found.get(self.value() or "", queryset)


@admin.register(SideInvitation)
class QuestionAdmin(ReadAndPress):
    list_display = ("entry", "side", "purpose", "stands", "email", "language", "sent_at", "expires_at")
    list_filter = (AnswerFilter, "purpose", "language", "sent_at")
    search_fields = ("side__partnership__search_text", "email__iexact")
    fields = readonly_fields = (
        "entry",
        "side",
        "purpose",
        "name",
        "email",
        "language",
        "sent_by",
        "sent_at",
        "expires_at",
        "stands",
        "answered_at",
        "revoked_at",
    )
    actions = ("ask_again", "withdraw")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SideInvitation]:
        rows = super().get_queryset(request).select_related(*_OF_SIDE)
        sides = "side__partnership__sides"
        return rows.prefetch_related(f"{sides}__municipality", f"{sides}__region")

    @admin.display(description=_("partnership"))
    def entry(self, question: SideInvitation) -> SafeString:
        return _link(question.side.partnership)

    @admin.display(description=_("answer"))
    def stands(self, question: SideInvitation) -> Any:
        if question.answered_at:
            return question.get_answer_display()
        if question.revoked_at:
            return pgettext_lazy("question", "withdrawn")
        is_over = question.expires_at < timezone.now()
        return _("expired without an answer") if is_over else _("waiting for an answer")

    @admin.action(description=_("Send the invitation again"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[SideInvitation]) -> None:
        by, now = cast(User, request.user), timezone.now()
        self.press(
            request,
            queryset,
            lambda row: actions.invite_again(invitation=row, by=by, now=now),
            actions.NotOpen,
        )

    @admin.action(description=_("Withdraw: the link stops working"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[SideInvitation]) -> None:
        by, now = cast(User, request.user), timezone.now()
        self.press(
            request,
            queryset,
            lambda row: actions.revoke_invitation(invitation=row, by=by, now=now),
            actions.NotOpen,
        )


class StandFilter(admin.SimpleListFilter):
    title = _("what the office can do")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("silent", _("silent after two reminders")),
            ("disputed", _("disputed")),
            ("nobody", _("nobody to ask")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        found = {
            "silent": queryset.filter(reminders__gte=_ALL_REMINDERS, asked_at__isnull=False)
            .exclude(partnership__published_at=None)
            .exclude(partnership__status=Partnership.Status.ENDED),
            "disputed": queryset.exclude(disputed_at=None),
            "nobody": queryset.exclude(contacts__ended_at=None, contacts__isnull=False).exclude(
                municipality__claims__state="accepted"
            ),
        }
        return found.get(self.value() or "", queryset)


@admin.register(PartnershipSide)
class SideAdmin(ReadAndPress):
    """Who has not answered, and who disputes an entry."""

    list_display = ("town", "entry", "confirmed_at", "asked_at", "reminders", "disputed_at")
    list_filter = (StandFilter, "confirmed_at", "asked_at")
    search_fields = ("partnership__search_text", "municipality__search_text")
    fields = readonly_fields = (
        "town",
        "entry",
        "people",
        "confirmed_at",
        "asked_at",
        "reminders",
        "disputed_at",
        "dispute",
    )
    actions = ("ask_again", "settle")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PartnershipSide]:
        rows = super().get_queryset(request).select_related("municipality", "region", "partnership")
        return rows.prefetch_related(
            "partnership__sides__municipality", "partnership__sides__region", "contacts__person"
        )

    @admin.display(description=_("side"))
    def town(self, side: PartnershipSide) -> str:
        return side.party.name

    @admin.display(description=_("partnership"))
    def entry(self, side: PartnershipSide) -> SafeString:
        return _link(side.partnership)

    @admin.display(description=_("contact persons"))
    def people(self, side: PartnershipSide) -> str:
        current = [contact for contact in side.contacts.all() if contact.ended_at is None]
        return ", ".join(str(contact.person or contact.name or contact.email) for contact in current) or "–"

    @admin.action(description=_("Ask again whether the entry is still right"), permissions=["change"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[PartnershipSide]) -> None:
        by, now = cast(User, request.user), timezone.now()
        self.press(
            request,
            queryset,
            lambda side: actions.ask_side_again(side=side, by=by, now=now),
            actions.NobodyToAsk,
        )

    @admin.action(description=_("The dispute is settled"), permissions=["change"])
    def settle(self, request: HttpRequest, queryset: QuerySet[PartnershipSide]) -> None:
        by, now = cast(User, request.user), timezone.now()
        self.press(
            request,
            queryset.exclude(disputed_at=None),
            lambda side: actions.settle_dispute(side=side, by=by, is_office=True, now=now),
            actions.NotOpen,
        )


def _link(partnership: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', partnership.get_absolute_url(), partnership)

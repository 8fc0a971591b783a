"""The office decides who speaks for a municipality. Form and list actions call the same actions."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from directory import actions
from directory.forms import DecisionForm
from directory.models import Claim, ClaimQuerySet


class HolderFilter(admin.SimpleListFilter):
    """Whether somebody else speaks for the municipality already."""

    title = _("somebody speaks for it already")
    parameter_name = "holder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("yes")), ("no", _("no"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("yes", "no"):
            return None
        return queryset.filter(_has_holder=self.value() == "yes")


@admin.register(Claim)
class ClaimAdmin(admin.ModelAdmin):
    """Open ones are decided once; accepted ones may be ended. Nothing else changes, nothing is deleted."""

    form = DecisionForm
    list_display = (
        "municipality",
        "person",
        "state",
        "evidence",
        "holder",
        "made_at",
    )
    list_filter = ("state", "is_official_domain", HolderFilter, "holder_answer", "made_at")
    search_fields = (
        "municipality__search_text",
        "person__display_name",
        "person__email__iexact",
        "official_email__iexact",
    )
    search_help_text = _("Name of a municipality, part of a person's name, or a whole address.")
    list_select_related = ("municipality", "person")
    date_hierarchy = "made_at"
    show_full_result_count = False
    actions = ("accept_selected", "decline_selected", "end_selected")
    told = (
        "town",
        "person",
        "person_address",
        "role",
        "official_email",
        "is_official_domain",
        "email_proven_at",
        "reason",
        "made_at",
        "who_speaks",
        "holder_answer",
        "holder_answered_by",
        "holder_answered_at",
    )
    decided = ("state", "answer", "decided_by", "decided_at", "ended_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        others = Claim.objects.accepted().filter(municipality=OuterRef("municipality"))
        return super().get_queryset(request).annotate(_has_holder=Exists(others.exclude(pk=OuterRef("pk"))))

    def get_fields(self, request: HttpRequest, obj: Claim | None = None) -> tuple[str, ...]:
        return self.told + (("state", "answer") if self._is_open(obj) else self.decided)

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> tuple[str, ...]:
        return self.told if self._is_open(obj) else self.told + self.decided

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Claim, form: Any, change: bool) -> None:
        actions.decide_claim(
            claim=obj,
            by=cast(User, request.user),
            state=form.cleaned_data.get("state", ""),
            answer=form.cleaned_data.get("answer", ""),
            now=timezone.now(),
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except actions.ClaimIsOver:
            # Out here, so that neither the history nor a message says that something was changed.
            self.message_user(request, _("This was decided or withdrawn meanwhile."), messages.ERROR)
            return redirect(request.get_full_path())

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not self._is_open(kwargs.get("obj")):
            context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Accept: these people speak for their municipality"), permissions=["change"])
    def accept_selected(self, request: HttpRequest, queryset: ClaimQuerySet) -> None:
        self._decide(request, queryset, Claim.State.ACCEPTED)

    @admin.action(description=_("Decline, without further words"), permissions=["change"])
    def decline_selected(self, request: HttpRequest, queryset: ClaimQuerySet) -> None:
        self._decide(request, queryset, Claim.State.DECLINED)

    @admin.action(
        description=_("End: these people no longer speak for their municipality"), permissions=["change"]
    )
    def end_selected(self, request: HttpRequest, queryset: ClaimQuerySet) -> None:
        def end(claim: Claim) -> None:
            actions.end_claim(claim=claim, by=cast(User, request.user), now=timezone.now())

        self._each(request, queryset.accepted(), end, "ended")

    def _decide(self, request: HttpRequest, queryset: ClaimQuerySet, state: str) -> None:
        def decide(claim: Claim) -> None:
            by = cast(User, request.user)
            actions.decide_claim(claim=claim, by=by, state=state, answer="", now=timezone.now())

        self._each(request, queryset.open(), decide, state)

    def _each(self, request: HttpRequest, claims: ClaimQuerySet, act: Any, what: str) -> None:
        done = 0
        for claim in claims:
            try:
                act(claim)
            except actions.ClaimIsOver:
                continue
            self.log_change(request, claim, what)
            done += 1
        text = ngettext(
            "%(number)s is settled, and the person is told.",
            "%(number)s are settled, and the people are told.",
            done,
        )
        self.message_user(
            request,
            text % {"number": done} if done else _("There was nothing to settle among these."),
            messages.SUCCESS if done else messages.WARNING,
        )

    @admin.display(description=_("evidence"), ordering="is_official_domain")
    def evidence(self, claim: Claim) -> str:
        if claim.is_official_domain:
            return str(_("official domain"))
        if claim.official_email:
            return str(_("address proven") if claim.email_proven_at else _("address not proven yet"))
        return str(_("words only"))

    @admin.display(description=_("who speaks for it"))
    def holder(self, claim: Claim) -> str:
        if not claim._has_holder:  # type: ignore[attr-defined]
            return "–"
        return str(claim.get_holder_answer_display())

    @admin.display(description=_("municipality"))
    def town(self, claim: Claim) -> str:
        town = claim.municipality
        domains = ", ".join(town.official_domains) or "–"
        return format_html(
            '<a href="{}">{}</a> · {} · {}', town.get_absolute_url(), town, town.website or "–", domains
        )

    @admin.display(description=_("address of the account"))
    def person_address(self, claim: Claim) -> str:
        return claim.person.email

    @admin.display(description=_("who speaks for it so far"))
    def who_speaks(self, claim: Claim) -> str:
        others = Claim.objects.accepted().filter(municipality=claim.municipality).exclude(pk=claim.pk)
        names = [f"{one.person} ({one.get_role_display()})" for one in others.select_related("person")]
        return ", ".join(names) or str(_("nobody"))

    def _is_open(self, claim: Claim | None) -> bool:
        return claim is None or claim.state == Claim.State.OPEN

"""Notices of people without an account, and what nobody in a group can decide. The office reads no posts here."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussions.actions.groups import NotAllowed
from discussions.actions.moderation import AlreadyDecided, decide_appeal, hide_post, keep_post
from discussions.actions.notices import answer_notice
from discussions.forms.moderating import MOST_REASON
from discussions.models import Report
from discussions.queries.moderation import for_the_office

NOTICE = [("acted", _("We have acted on it")), ("no", _("There is no reason to act"))]
REPORT = [("hide", _("Hide the post")), ("keep", _("The post stays"))]
APPEAL = [("show", _("Show the post again")), ("uphold", _("The post stays hidden"))]


class OfficeForm(forms.ModelForm):
    """One decision and its reason, whatever the row is about."""

    choice = forms.ChoiceField(label=_("decision"), choices=[*NOTICE, *REPORT, *APPEAL])
    reason = forms.CharField(
        label=_("reason"),
        help_text=_(
            "Sent by mail to whom it concerns. Do not write whether a closed group, or a post in it, exists."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    class Meta:
        model = Report
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report = self.instance
        offered = NOTICE if report.is_notice else APPEAL if report.appeal_waits else REPORT
        if "choice" in self.fields:
            cast(forms.ChoiceField, self.fields["choice"]).choices = [("", "---------"), *offered]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("choice") == "hide" and len(cleaned.get("reason", "")) > MOST_REASON:
            self.add_error(
                "reason", gettext("Please write at most %(most)s characters.") % {"most": MOST_REASON}
            )
        return cleaned


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """Decided once. Of a post in a group only what was written about it is shown, never the post or the group."""

    form = OfficeForm
    list_display = ("reference", "what", "state", "reported_at", "decided_by")
    list_filter = ("state", "is_notice", "reported_at")
    search_fields = ("reference", "address")
    list_select_related = ("decided_by",)
    date_hierarchy = "reported_at"
    told = ("reference", "what", "address", "text", "language", "wants_answer", "reported_at")
    appealed = ("decision", "appeal", "appealed_at")
    decided = ("state", "decision", "decided_by", "decided_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        ordering = self.get_ordering(request)
        rows = for_the_office()
        return rows.order_by(*ordering) if ordering else rows

    def get_fields(self, request: HttpRequest, obj: Report | None = None) -> tuple[str, ...]:
        if not self._waits(obj):
            return self.told + self.decided
        known = self.told + (self.appealed if obj is not None and obj.appeal_waits else ())
        return (*known, "choice", "reason") if self.has_change_permission(request, obj) else known

    def get_readonly_fields(self, request: HttpRequest, obj: Report | None = None) -> tuple[str, ...]:
        return tuple(name for name in self.get_fields(request, obj) if name not in ("choice", "reason"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        choice, reason = form.cleaned_data["choice"], form.cleaned_data["reason"]
        by, now = cast(User, request.user), timezone.now()
        if obj.is_notice:
            answer_notice(report=obj, acted=choice == "acted", reason=reason, by=by, now=now)
        elif obj.appeal_waits:
            decide_appeal(report=obj, uphold=choice == "uphold", reason=reason, by=by, now=now)
        elif choice == "hide" and obj.post is not None:
            hide_post(post=obj.post, reason=reason, by=by, now=now, report=obj)
        else:
            keep_post(report=obj, reason=reason, by=by, now=now)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # Out here, so that neither the history nor a message says that something was changed.
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except AlreadyDecided:
            self.message_user(request, _("Somebody else has decided this meanwhile."), messages.ERROR)
        except NotAllowed:
            self.message_user(request, _("You cannot decide this one: somebody else has to."), messages.ERROR)
        return redirect(reverse("admin:discussions_report_changelist"))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"show_save_and_continue": False, "show_save": self._waits(kwargs.get("obj"))}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("what it is"))
    def what(self, report: Report) -> str:
        if report.is_notice:
            return gettext("Notice without an account")
        if report.appeal_waits:
            return gettext("Appeal of the author of a hidden post")
        return gettext("Report of a post by a member")

    @admin.display(description=_("wants an answer"), boolean=True)
    def wants_answer(self, report: Report) -> bool:
        return bool(report.email or report.reporter_id)

    def _waits(self, report: Report | None) -> bool:
        return report is not None and (report.is_open or report.appeal_waits)

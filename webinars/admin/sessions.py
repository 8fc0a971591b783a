"""Sessions in the office, German and English side by side. Everything it changes goes through actions."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Count, Model, Q, QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.translator import translator

from accounts.models import User
from core.admin_filters import TranslationMissingFilter
from core.form_keys import once
from webinars import actions
from webinars.admin.session_form import NOT_OF_THE_ROW, STATE, TEXTS, WALL_TIME, SessionForm
from webinars.admin.session_inlines import HostInline, InvitationInline, ReminderInline, kept, may_arrange
from webinars.choices import TAKEN, ShownState, State
from webinars.facts import clock
from webinars.forms.desk import CancelSessionForm
from webinars.forms.sessions import words_of_fields
from webinars.forms.times import CopyForm, MoveForm
from webinars.models import Host, Invitation, ReminderPlan, Session
from webinars.texts import LANGUAGES


class ShownStateFilter(admin.SimpleListFilter):
    """The state as pages show it: what is stored, and the clock."""

    title = gettext_lazy("state")
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ShownState.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        published = Q(state=State.PUBLISHED)
        to_come = published & Q(starts_at__gt=now)
        conditions = {
            "draft": Q(state=State.DRAFT),
            "planned": to_come & Q(moved_at=None),
            "moved": to_come & Q(moved_at__isnull=False),
            "running": published & Q(starts_at__lte=now, ends_at__gt=now),
            "over": published & Q(ends_at__lte=now),
            "cancelled": Q(state=State.CANCELLED),
        }
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else None


@admin.register(Session)
class SessionAdmin(TranslationAdmin):
    form = SessionForm
    inlines = (HostInline, ReminderInline, InvitationInline)
    list_display = ("title", "when", "format", "shown_state", "seats", "lacks")
    list_filter = (
        ShownStateFilter,
        "format",
        "audience",
        "level",
        "room",
        ("topics", admin.RelatedOnlyFieldListFilter),
        ("is_demo", admin.BooleanFieldListFilter),
        TranslationMissingFilter,
    )
    search_fields = (
        "title_de",
        "title_en",
        "slug",
        "place_de",
        "place_en",
        "municipality__search_text",
        "organisation__name",
        "hosts__person__display_name",
    )
    search_help_text = gettext_lazy(
        "Words of the title or the place, a municipality, an organisation or a host."
    )
    date_hierarchy = "day"
    ordering = ("-starts_at",)
    list_per_page = 50
    actions = ("publish", "move", "cancel_and_tell", "copy")
    autocomplete_fields = ("municipality", "organisation")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title_de", "title_en"), ("summary_de", "summary_en"), ("programme_de", "programme_en"),
                    "topics", "languages", "level", "base_version",
                )
            },
        ),
        (gettext_lazy("When"), {"fields": (*WALL_TIME, "countries")}),
        (
            gettext_lazy("Where"),
            {
                "fields": (
                    "format", ("place_de", "place_en"), "address", "municipality", ("directions_de", "directions_en"),
                    ("accessibility_de", "accessibility_en"), "room", "room_link",
                    "is_recorded",
                )
            },
        ),
        (
            gettext_lazy("Who may come"),
            {
                "fields": (
                    "audience", "invited_addresses", "capacity", "allow_over", "seats_per_organisation", "moving_up",
                    "opens_at", "closes_at", "organisation",
                )
            },
        ),
        (pgettext_lazy("session", "State"), {"fields": STATE}),
    )  # fmt: skip

    # What is shown.

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        taken = Count("registrations", filter=Q(registrations__state__in=TAKEN), distinct=True)
        return super().get_queryset(request).annotate(taken=taken)

    @admin.display(description=gettext_lazy("day and time"), ordering="starts_at")
    def when(self, session: Session) -> str:
        return _when(session)

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, session: Session) -> str:
        return str(session.shown_state(timezone.now()).label)

    @admin.display(description=gettext_lazy("seats taken"), ordering="taken")
    def seats(self, session: Session) -> str:
        taken: int = session.taken  # type: ignore[attr-defined]
        return f"{taken}" if session.capacity is None else f"{taken} / {session.capacity}"

    @admin.display(description=gettext_lazy("translation missing"))
    def lacks(self, session: Session) -> str:
        codes = [code for code in LANGUAGES if _lacks_text(session, code)]
        return ", ".join(str(get_language_info(code)["name_translated"]) for code in codes) or "–"

    def get_fieldsets(self, request: HttpRequest, obj: Session | None = None) -> Any:
        """The room's address is for who may change where a session takes place."""
        left_out = set() if may_arrange(request) else {"room_link", *NOT_OF_THE_ROW}
        if not self.has_change_permission(request, obj) and not (
            obj is None and self.has_add_permission(request)
        ):
            left_out.add("base_version")
        if obj is None:
            left_out |= {"allow_over", *STATE}
        shown = [
            (name, {**options, "fields": [one for one in options["fields"] if one not in left_out]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        return [(name, options) for name, options in shown if options["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Session | None = None) -> tuple[str, ...]:
        if not may_arrange(request):
            shown = flatten_fieldsets(self.get_fieldsets(request, obj))
            return tuple(name for name in shown if name not in TEXTS and name != "base_version")
        is_fixed = obj is not None and (
            obj.state == State.CANCELLED or (obj.state == State.PUBLISHED and obj.starts_at <= timezone.now())
        )
        # What has begun cannot be moved any more.
        return (*STATE, *WALL_TIME) if is_fixed else STATE

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.now = timezone.now()
        if not may_arrange(request):
            # Named in no fieldset, fields of the form's own would still be believed.
            for name in NOT_OF_THE_ROW:
                form.base_fields.pop(name, None)
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        """What was published is cancelled: people have it in their calendars."""
        is_draft = obj is None or obj.state == State.DRAFT
        return is_draft and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Hosts, reminders and invitations go with a draft, though nobody may delete one of them alone."""
        gone, counts, missing_rights, protected = super().get_deleted_objects(objs, request)
        parts = {str(model._meta.verbose_name) for model in (Host, Invitation, ReminderPlan)}
        return gone, counts, {name for name in missing_rights if str(name) not in parts}, protected

    # What is saved.

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:
        by, facts = cast(User, request.user), form.facts()
        if not change:
            obj.pk = actions.create_session(facts=facts, by=by, now=form.now).pk
            obj.refresh_from_db()
        elif facts:
            actions.edit_session(
                session=obj,
                facts=facts,
                by=by,
                # The form has looked at the row under a lock; what is there now is what its writer has seen.
                base_version=obj.version,
                allow_over=form.cleaned_data.get("allow_over", False),
                now=form.now,
            )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        session, by = form.instance, cast(User, request.user)
        for formset in formsets:
            formset.save(commit=False)  # only says what changed, for the history
            if not formset.has_changed():
                continue
            if formset.model is Host and formset.people():
                actions.set_hosts(session=session, hosts=formset.people(), by=by)
            elif formset.model is ReminderPlan:
                actions.set_plan(session=session, plan=_plan(formset), by=by)
        people = form.cleaned_data.get("invited_addresses")
        if people:
            actions.invite(session=session, people=people, by=by, now=form.now)

    def delete_model(self, request: HttpRequest, obj: Session) -> None:
        actions.delete_draft(session=obj, by=cast(User, request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            self.delete_model(request, session)

    # What is done with a selection.

    def has_arrange_permission(self, request: HttpRequest) -> bool:
        return may_arrange(request)

    @admin.action(description=gettext_lazy("Publish"), permissions=["arrange"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        done = 0
        for session in queryset.filter(state=State.DRAFT):
            try:
                actions.publish_session(session=session, by=cast(User, request.user), now=timezone.now())
            except actions.NotReady as problem:
                said = _("“%(title)s” is not complete yet. Please add: %(fields)s.")
                fields = ", ".join(words for _name, words in words_of_fields(problem.missing))
                self.message_user(request, said % {"title": session, "fields": fields}, messages.ERROR)
                continue
            self.log_change(request, session, "published")
            done += 1
        self._say_done(request, done)

    @admin.action(description=gettext_lazy("Cancel and tell everybody …"), permissions=["arrange"])
    def cancel_and_tell(self, request: HttpRequest, queryset: QuerySet[Session]) -> HttpResponse | None:
        form = CancelSessionForm(_asked(request))
        if not form.is_valid():
            return self._ask(
                request,
                list(queryset),
                form,
                title=_("Cancel sessions"),
                explanation=_("Everybody with a seat or on the waiting list is told, with this reason."),
                button=_("Cancel and tell everybody"),
            )
        done, reasons = 0, {name: form.cleaned_data[name] for name in ("reason_de", "reason_en")}
        for session in queryset.exclude(state=State.CANCELLED):
            by, now = cast(User, request.user), timezone.now()
            try:
                actions.cancel_session(session=session, by=by, now=now, **reasons)
            except actions.NotPlanned:
                said = _("“%(title)s” was left as it is: it is a draft, or it is over.")
                self.message_user(request, said % {"title": session}, messages.WARNING)
                continue
            self.log_change(request, session, "cancelled")
            done += 1
        self._say_done(request, done)
        return None

    @admin.action(description=gettext_lazy("Copy to another day …"), permissions=["arrange"])
    def copy(self, request: HttpRequest, queryset: QuerySet[Session]) -> HttpResponse | None:
        session = self._only_one(request, queryset)
        if session is None:
            return None
        now = timezone.now()
        form = CopyForm(_asked(request), session=session, now=now)
        if not form.is_valid():
            return self._ask(
                request,
                [session],
                form,
                title=_("Copy a session"),
                explanation=_(
                    "Copies are drafts with the same texts, hosts and reminders. Nobody is registered."
                ),
                button=_("Copy"),
            )

        def copy() -> str:
            days, by = form.cleaned_data["dates"], cast(User, request.user)
            copies = actions.copy_series(session=session, days=days, by=by, now=now)
            for made in copies:
                self.log_addition(request, made, "copied")
            self._say_done(request, len(copies))
            return reverse("admin:webinars_session_change", args=[copies[0].pk])

        return redirect(once(form.cleaned_data["key"], copy))

    @admin.action(description=gettext_lazy("Move to another time …"), permissions=["arrange"])
    def move(self, request: HttpRequest, queryset: QuerySet[Session]) -> HttpResponse | None:
        session = self._only_one(request, queryset)
        if session is None:
            return None
        form = MoveForm(_asked(request), session=session, now=timezone.now())
        if form.is_valid() and self._move(request, session, form):
            return None
        return self._ask(
            request,
            [session],
            form,
            title=_("Move a session"),
            explanation=_("Everybody with a seat or on the waiting list is told of the new time, once."),
            button=_("Move and tell everybody"),
        )

    def _move(self, request: HttpRequest, session: Session, form: MoveForm) -> bool:
        time = {name: form.cleaned_data[name] for name in ("day", "begins", "minutes", "is_second_hour")}
        try:
            actions.move_session(session=session, by=cast(User, request.user), now=form.now, **time)
        except actions.NotPlanned:
            form.add_error(None, _("Only a published session that has not begun can be moved."))
            return False
        self.log_change(request, session, "moved")
        self._say_done(request, 1)
        return True

    def _only_one(self, request: HttpRequest, queryset: QuerySet[Session]) -> Session | None:
        rows = list(queryset[:2])
        if len(rows) != 1:
            self.message_user(request, _("Please select one session."), messages.WARNING)
            return None
        return rows[0]

    def _ask(
        self,
        request: HttpRequest,
        sessions: list[Session],
        form: forms.Form,
        *,
        title: str,
        explanation: str,
        button: str,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "explanation": explanation,
            "button": button,
            "form": form,
            "rows": [{"pk": one.pk, "title": one.title, "when": _when(one)} for one in sessions],
            "opts": self.opts,
            "action_name": request.POST.get("action", ""),
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/webinars/ask.html", context)

    def _say_done(self, request: HttpRequest, number: int) -> None:
        said = ngettext("%(number)s session changed.", "%(number)s sessions changed.", number)
        self.message_user(
            request, said % {"number": number}, messages.SUCCESS if number else messages.WARNING
        )


def _asked(request: HttpRequest) -> Any:
    """The answers, once the page in between has been sent."""
    return request.POST if "asked" in request.POST else None


def _plan(formset: Any) -> list[dict[str, Any]]:
    names = ("amount", "unit", *(f"text_{code}" for code in LANGUAGES))
    return [{name: getattr(form.instance, name) for name in names} for form in kept(formset)]


def _when(session: Session) -> str:
    shown = clock(session.starts_at, session.ends_at, session.zone)
    return f"{shown.weekday}, {shown.day}, {shown.begins}–{shown.ends} ({shown.city})"


def _lacks_text(row: Model, language: str) -> bool:
    """The same question as `core.admin_filters.lacks_text`."""
    options: Any = translator.get_options_for_model(type(row))
    texts = [{code: getattr(row, f"{name}_{code}") for code in LANGUAGES} for name in options.fields]
    return any(not text[language] and any(text.values()) for text in texts)

"""Which groups there are. What is said in them, who belongs to them and what closed ones are called is not for the
office, not even for superusers (docs/decisions/0031)."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.languages import SPOKEN_LANGUAGES
from accounts.models import User
from directory.operating import OperatingRole
from discussions.actions import groups as actions
from discussions.choices import Access, Role
from discussions.models import Group, Membership, Topic


class ShowsNoMore(admin.ModelAdmin):
    """A list that answers no question about what it does not show: not by a filter typed into its address either."""

    list_per_page = 50
    show_full_result_count = False
    filters_of_the_list: frozenset[str] = frozenset()

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup.removesuffix("__exact").removesuffix("__isnull") in self.filters_of_the_list

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NewGroupForm(forms.ModelForm):
    """A room is made for a coach, who then invites people."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=SPOKEN_LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    leader = forms.ModelChoiceField(
        label=gettext_lazy("Coach who leads it"),
        help_text=gettext_lazy("Of a closed group you see no more than its address afterwards."),
        queryset=User.objects.none(),
    )

    class Meta:
        model = Group
        fields = ("name", "purpose", "languages", "access")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coaches = User.objects.filter(groups__name=OperatingRole.COACH, is_active=True)
        cast(forms.ModelChoiceField, self.fields["leader"]).queryset = coaches.order_by("display_name", "pk")


@admin.register(Group)
class GroupAdmin(ShowsNoMore):
    list_display = (
        "slug", "shown_name", "short_access", "state", "shown_languages", "members", "topics_number", "last_day",
        "coaches", "delete_at",
    )  # fmt: skip
    list_filter = ("access", "state", "is_demo")
    filters_of_the_list = frozenset(list_filter)
    search_fields = ("slug",)
    search_help_text = gettext_lazy("An address, or words of the name of an open group.")
    # Not by name: the place in the list would tell something of it.
    ordering = ("-created_at", "-pk")
    sortable_by = ("slug", "state", "delete_at")
    fields = (
        "slug", "shown_name", "shown_purpose", "access", "state", "shown_languages", "members", "topics_number",
        "last_day", "coaches", "created_at", "archived_at", "delete_at",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("archive", "open_again", "announce_deletion", "take_deletion_back")

    # What is shown.

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        members = Membership.objects.active().filter(group=OuterRef("pk")).order_by()
        topics = Topic.objects.filter(group=OuterRef("pk")).order_by()
        names = members.filter(role=Role.COACH).values("group")
        numbers = {
            "counted_members": members.values("group").annotate(found=Count("pk")),
            "counted_topics": topics.values("group").annotate(found=Count("pk")),
        }
        return (
            super()
            .get_queryset(request)
            .annotate(
                **{
                    name: Coalesce(Subquery(rows.values("found"), output_field=IntegerField()), 0)
                    for name, rows in numbers.items()
                },
                last_post=Subquery(
                    topics.values("group").annotate(found=Max("last_post_at")).values("found")
                ),
                coach_names=Subquery(
                    names.annotate(
                        found=ArrayAgg("person__display_name", order_by=["person__display_name"])
                    ).values("found")
                ),
                is_mine=Exists(members.filter(person=request.user.pk)),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Group], search_term: str
    ) -> tuple[QuerySet[Group], bool]:
        words = search_term.strip()
        named = Q(access=Access.OPEN, name__icontains=words)
        return queryset.filter(Q(slug__icontains=words) | named) if words else queryset, False

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "go_in") if cast(User, request.user).is_superuser else self.list_display

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, group: Group) -> str:
        return group.name if group.access == Access.OPEN else _("closed group")

    @admin.display(description=gettext_lazy("what it is for"))
    def shown_purpose(self, group: Group) -> str:
        return (group.purpose if group.access == Access.OPEN else "") or "–"

    @admin.display(description=gettext_lazy("who gets in"))
    def short_access(self, group: Group) -> str:
        return _("open") if group.access == Access.OPEN else _("closed")

    @admin.display(description=gettext_lazy("languages"))
    def shown_languages(self, group: Group) -> str:
        words = dict(SPOKEN_LANGUAGES)
        return ", ".join(str(words.get(code, code)) for code in group.languages) or "–"

    @admin.display(description=gettext_lazy("members"))
    def members(self, group: Any) -> int:
        return int(group.counted_members)

    @admin.display(description=gettext_lazy("topics"))
    def topics_number(self, group: Any) -> int:
        return int(group.counted_topics)

    @admin.display(description=gettext_lazy("last post on"))
    def last_day(self, group: Any) -> str:
        return (
            date_format(timezone.localtime(group.last_post), "SHORT_DATE_FORMAT") if group.last_post else "–"
        )

    @admin.display(description=gettext_lazy("coaches"))
    def coaches(self, group: Any) -> str:
        return ", ".join(name for name in group.coach_names or [] if name) or "–"

    @admin.display(description=gettext_lazy("go in"))
    def go_in(self, group: Any) -> str:
        """Its page asks for a reason, writes it down and tells every member."""
        if group.is_mine or group.access == Access.OPEN:
            return format_html(
                '<a href="{}">{}</a>', reverse("discussions:group", args=[group.slug]), _("Open")
            )
        return format_html(
            '<a href="{}">{}</a>', reverse("discussions:enter", args=[group.slug]), _("Go in …")
        )

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What happens in a group is in its own log."""
        raise Http404

    # What is made.

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(
            request, obj, change=change, **(kwargs if obj else {**kwargs, "form": NewGroupForm})
        )

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return self.fields if obj else ("name", "purpose", "languages", "access", "leader")

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return self.fields if obj else ()

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in NewGroupForm.Meta.fields}
        by, leader = cast(User, request.user), form.cleaned_data["leader"]
        made = actions.create_group(rules="", **facts, by=by, leader=leader, now=timezone.now())
        obj.pk = made.pk
        obj.refresh_from_db()

    # What is done with a selection.

    def has_arrange_permission(self, request: HttpRequest) -> bool:
        return bool(cast(User, request.user).has_perm("discussions.change_group"))

    @admin.action(
        description=gettext_lazy("Archive: members read, nobody writes any more"), permissions=["arrange"]
    )
    def archive(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        self._each(request, queryset.filter(state=Group.State.ACTIVE), actions.archive_group, "archived")

    @admin.action(description=gettext_lazy("Open archived groups again"), permissions=["arrange"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        rows = queryset.filter(state=Group.State.ARCHIVED)
        self._each(request, rows, actions.open_group_again, "opened again")

    @admin.action(description=gettext_lazy("Announce that they will be deleted …"), permissions=["arrange"])
    def announce_deletion(self, request: HttpRequest, queryset: QuerySet[Group]) -> HttpResponse | None:
        """Asks once: two weeks later nothing is left."""
        if "asked" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Delete groups"),
                "days": actions.DELETION_AFTER.days,
                "rows": queryset,
                "opts": self.opts,
                "action_name": request.POST.get("action", ""),
                "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/discussions/announce_deletion.html", context)
        rows = queryset.filter(delete_at=None)
        self._each(request, rows, actions.announce_deletion, "deletion announced")
        return None

    @admin.action(description=gettext_lazy("Keep after all: not deleted"), permissions=["arrange"])
    def take_deletion_back(self, request: HttpRequest, queryset: QuerySet[Group]) -> None:
        rows = queryset.exclude(delete_at=None)
        self._each(request, rows, actions.take_deletion_back, "deletion taken back")

    def _each(
        self, request: HttpRequest, groups: QuerySet[Group], act: Callable[..., object], what: str
    ) -> None:
        done = 0
        for group in groups:
            act(group=group, by=cast(User, request.user), now=timezone.now())
            self.log_change(request, group, what)
            done += 1
        said = ngettext("%(number)s group changed.", "%(number)s groups changed.", done)
        self.message_user(request, said % {"number": done}, messages.SUCCESS if done else messages.WARNING)

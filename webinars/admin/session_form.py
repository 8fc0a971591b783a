"""What the office is asked about a session."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.languages import SPOKEN_LANGUAGES
from accounts.models import User
from core.conflicts import VersionedForm
from core.typed_days import of_our_time
from core.wall_time import NoSuchTime, is_twice, moment_of
from directory.models import Country, Topic
from webinars import rooms
from webinars.choices import State
from webinars.forms.desk import https_only
from webinars.forms.times import no_such_time
from webinars.models import Session
from webinars.texts import LANGUAGES

FACTS = frozenset(field.name for field in (*Session._meta.concrete_fields, *Session._meta.many_to_many))
TEXTS = frozenset(
    f"{name}_{code}"
    for name in ("title", "summary", "programme", "place", "directions", "accessibility")
    for code in LANGUAGES
)
"""What those may change who may change sessions but not make them."""
WALL_TIME = ("day", "begins", "minutes", "zone", "is_second_hour")
STATE = (
    "slug", "state", "published_at", "moved_at", "moved_from", "cancelled_at", "cancel_reason_de", "cancel_reason_en",
    "recording_url", "transcript", "is_demo",
)  # fmt: skip
NOT_OF_THE_ROW = frozenset({"allow_over", "invited_addresses"})


class SessionForm(VersionedForm):
    now: ClassVar[datetime]
    """When the page was asked for; the admin makes a class for each request."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of the session"),
        choices=SPOKEN_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Topics"),
        queryset=Topic.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Invited countries"),
        choices=lambda: [(country.code, country.name) for country in Country.objects.all()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_second_hour = forms.TypedChoiceField(
        label=gettext_lazy("Which of two equal hours"),
        help_text=gettext_lazy("Only for the hour that comes twice when clocks are put back."),
        choices=[("", "–"), ("False", gettext_lazy("the first")), ("True", gettext_lazy("the second"))],
        coerce=lambda value: str(value) == "True",
        empty_value=None,
        required=False,
    )
    allow_over = forms.BooleanField(
        label=gettext_lazy("Fewer seats than people who have one"),
        help_text=gettext_lazy("Nobody loses a seat. Seats that are given back are not given to others."),
        required=False,
    )
    invited_addresses = forms.CharField(
        label=gettext_lazy("Invite members"),
        help_text=gettext_lazy("Addresses of their accounts, one a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    class Meta:
        model = Session
        fields = ()  # the admin names them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        for name in {"day", "opens_at", "closes_at"} & self.fields.keys():
            self.fields[name].validators.append(of_our_time)
        if row.pk:
            has_two = is_twice(datetime.combine(row.day, row.begins), row.zone)
            self.initial["is_second_hour"] = row.is_second_hour if has_two else ""
        if "room" in self.fields:
            known = [("", _("no room")), *rooms.choices_set_up()]
            if row.room not in dict(known):
                known.append((row.room, row.get_room_display()))
            self.fields["room"].choices = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_time(cleaned)
        self._check_seats(cleaned)
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Registration must close after it has opened."))
        return cleaned

    def clean_is_second_hour(self) -> bool:
        self.second: bool | None = self.cleaned_data["is_second_hour"]
        return bool(self.second)

    def clean_room_link(self) -> str:
        return https_only(self.cleaned_data["room_link"])

    def clean_invited_addresses(self) -> list[User]:
        people = []
        for address in self.cleaned_data["invited_addresses"].split():
            person = User.objects.filter(email__iexact=address, is_active=True).first()
            if person is None:
                raise ValidationError(_("%(address)s has no account here.") % {"address": address})
            people.append(person)
        return people

    def facts(self) -> dict[str, Any]:
        """What was changed; of a new session all."""
        names = self.changed_data if self.instance.pk else self.fields
        return {name: self.cleaned_data[name] for name in names if name in FACTS}

    def _check_time(self, cleaned: dict[str, Any]) -> None:
        if any(cleaned.get(name) is None for name in ("day", "begins", "zone")):
            return
        wall, zone = datetime.combine(cleaned["day"], cleaned["begins"]), cleaned["zone"]
        try:
            starts_at = moment_of(wall, zone, second=cleaned["is_second_hour"])
        except NoSuchTime as gap:
            self.add_error("begins", no_such_time(gap))
            return
        if is_twice(wall, zone) and self.second is None:
            said = _("This hour comes twice on this day. Please choose which one is meant.")
            self.add_error("is_second_hour", said)
        is_new_time = set(WALL_TIME) & set(self.changed_data)
        if is_new_time and self.instance.state == State.PUBLISHED and starts_at <= self.now:
            self.add_error("day", _("This is in the past. Please choose a later time."))

    def _check_seats(self, cleaned: dict[str, Any]) -> None:
        seats = cleaned.get("capacity")
        if (
            not self.instance.pk
            or seats is None
            or "capacity" not in self.changed_data
            or cleaned.get("allow_over")
        ):
            return
        taken = self.instance.registrations.taken().count()
        if seats < taken:
            said = ngettext(
                "%(number)s person has a seat already. Tick the box below if you mean it.",
                "%(number)s people have a seat already. Tick the box below if you mean it.",
                taken,
            )
            self.add_error("capacity", said % {"number": taken})

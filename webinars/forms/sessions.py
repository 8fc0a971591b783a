"""What is asked about a session, in German and English side by side, and about its day and hour."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.languages import SPOKEN_LANGUAGES, ZONES
from core.conflicts import VersionField, based_on
from core.form_keys import FormKeyField
from core.wall_time import NoSuchTime, moment_of, wall_of
from directory.forms.town import TownField
from directory.models import Country, Organisation, Topic
from webinars import choices
from webinars.forms.desk import https_only
from webinars.forms.times import WallMoment, WallTimeForm, no_such_time
from webinars.models import Session
from webinars.public_holidays import COUNTRIES
from webinars.rooms import choices_set_up

TEXTS = (
    ("title", gettext_lazy("Title"), 140, 0),
    ("summary", gettext_lazy("Description"), 4000, 6),
    ("programme", gettext_lazy("Programme"), 4000, 6),
    ("place", gettext_lazy("Place"), 160, 0),
    ("directions", gettext_lazy("How to get there"), 1500, 4),
    ("accessibility", gettext_lazy("Accessibility"), 1500, 4),
)
HELP = {
    "programme": gettext_lazy("One line for each part, with its time."),
    "place": gettext_lazy("For example: Town hall, large hall."),
    "accessibility": gettext_lazy("Steps, lift, toilets, hearing loop, captions, sign language."),
}
COLUMNS = (
    *(f"{name}_{code}" for name, *_rest in TEXTS for code in ("de", "en")),
    "format", "languages", "level", "topics", "countries", "organisation", "address", "municipality", "room",
    "room_link", "is_recorded", "capacity", "seats_per_organisation", "moving_up", "audience",
)  # fmt: skip
WALL = ("day", "begins", "minutes", "zone", "is_second_hour")
WINDOW = ("opens_at", "closes_at")


class SessionForm(WallTimeForm):
    """All of a session. Of a published one day and hour are asked on a page of their own, because people are told."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), widget=forms.RadioSelect, initial=choices.Format.ONLINE
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of the session"),
        choices=SPOKEN_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    level = forms.ChoiceField(
        label=gettext_lazy("For whom"), widget=forms.RadioSelect, initial=choices.Level.EVERYBODY
    )
    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Topics"),
        queryset=Topic.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Invited countries"),
        help_text=gettext_lazy("We tell you when the day is a public holiday there."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organised by"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=pgettext_lazy("organisation", "nobody named"),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("On whose clock?"),
        help_text=gettext_lazy("Everybody else reads the time on his or her own clock as well."),
        choices=ZONES,
        initial="Europe/Berlin",
    )
    address = forms.CharField(label=gettext_lazy("Address of the place"), max_length=200, required=False)
    municipality = TownField(label=gettext_lazy("Municipality"), required=False)
    room = forms.ChoiceField(label=gettext_lazy("Room"), widget=forms.RadioSelect, required=False)
    room_link = forms.URLField(
        label=gettext_lazy("Address of the room"),
        help_text=gettext_lazy(
            "Only for a link to any tool. It is shown to nobody but who enters, from 15 minutes before the start."
        ),
        max_length=500,
        assume_scheme="https",
        required=False,
    )
    is_recorded = forms.BooleanField(
        label=gettext_lazy("The session may be recorded"),
        help_text=gettext_lazy("Everybody is told so before entering."),
        required=False,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may register?"),
        widget=forms.RadioSelect,
        initial=choices.Audience.EVERYBODY,
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Seats"),
        help_text=gettext_lazy("Empty: as many as come."),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    allow_over = forms.BooleanField(
        label=gettext_lazy("Keep the seats that are taken, although there are more"), required=False
    )
    seats_per_organisation = forms.IntegerField(
        label=gettext_lazy("Seats for one organisation"),
        help_text=gettext_lazy("Empty: no limit."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    moving_up = forms.ChoiceField(
        label=gettext_lazy("When a seat becomes free"),
        widget=forms.RadioSelect,
        initial=choices.MovingUp.OFFER,
    )
    opens_at = WallMoment(
        label=gettext_lazy("Registration from"), help_text=gettext_lazy("Empty: from the publication on.")
    )
    closes_at = WallMoment(
        label=gettext_lazy("Registration until"), help_text=gettext_lazy("Empty: until it begins.")
    )
    base_version = VersionField()
    key = FormKeyField()

    def __init__(
        self, *args: Any, session: Session | None, organisations: Iterable[Organisation], **kwargs: Any
    ) -> None:
        self.session = session
        self.is_published = session is not None and session.state != choices.State.DRAFT
        values = values_of(session) if session else {}
        if session:
            values["base_version"] = based_on(session.version, values)
        super().__init__(*args, initial={"day": None, **values}, **kwargs)
        self._add_texts()
        self._set_choices(organisations)
        self.asks_over = "allow_over" in self.data
        if session is None:
            self.fields["base_version"].required = False
        if self.is_published:
            for name in ("day", "begins", "minutes", "zone", "which"):
                del self.fields[name]

    @property
    def zone_code(self) -> str:
        if self.is_published and self.session:
            return self.session.zone
        return str(self.cleaned_data.get("zone", ""))

    @property
    def text_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"{name}_de"], self[f"{name}_en"]) for name, *_rest in TEXTS[:3]]

    @property
    def place_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"{name}_de"], self[f"{name}_en"]) for name, *_rest in TEXTS[3:]]

    def clean_room_link(self) -> str:
        return https_only(self.cleaned_data["room_link"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "topics" in cleaned:
            cleaned["topics"] = list(cleaned["topics"])
        self._check_window(cleaned)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the actions want to know; the window as moments."""
        names = [*COLUMNS, *(() if self.is_published else WALL)]
        facts = {name: self.cleaned_data[name] for name in names}
        for name in WINDOW:
            wall = self.cleaned_data[name]
            facts[name] = moment_of(wall, self.zone_code) if wall else None
        return facts

    def _add_texts(self) -> None:
        for name, label, longest, rows in TEXTS:
            for code, language in (("de", _("German")), ("en", _("English"))):
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=_("%(label)s, in %(language)s") % {"label": label, "language": language},
                    help_text=HELP.get(name, ""),
                    max_length=longest,
                    required=name == "title" and code == "de",
                    widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
                )

    def _set_choices(self, organisations: Iterable[Organisation]) -> None:
        offered: dict[str, Any] = {
            "format": choices.Format.choices,
            "level": choices.Level.choices,
            "audience": choices.Audience.choices,
            "moving_up": choices.MovingUp.choices,
            "countries": Country.objects.filter(pk__in=COUNTRIES).values_list("pk", "name"),
            "room": self._rooms(),
        }
        for name, words in offered.items():
            self.fields[name].choices = [(code, capfirst(str(word))) for code, word in words]  # type: ignore[attr-defined]
        numbers = [organisation.pk for organisation in organisations]
        if self.session and self.session.organisation_id:
            numbers.append(self.session.organisation_id)
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=numbers)  # type: ignore[attr-defined]

    def _rooms(self) -> list[tuple[str, Any]]:
        """Only those that work on this server, and the one the session has had before."""
        rooms: list[tuple[str, Any]] = [("", choices.RoomKind.NONE.label), *choices_set_up()]
        had = self.session.room if self.session else ""
        if had and had not in dict(rooms):
            words = {"room": choices.RoomKind(had).label}
            rooms.append((had, _("%(room)s (not set up on this server)") % words))
        return rooms

    def _check_window(self, cleaned: dict[str, Any]) -> None:
        zone = self.zone_code
        for name in WINDOW:
            if cleaned.get(name) and zone:
                try:
                    moment_of(cleaned[name], zone)
                except NoSuchTime as gap:
                    self.add_error(name, no_such_time(gap))
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Registration must close after it has opened."))


def values_of(session: Session) -> dict[str, Any]:
    """The session as `SessionForm.cleaned_data` would hold it."""
    values = {name: getattr(session, name) for name in (*COLUMNS, *WALL) if name != "topics"}
    for name, value in values.items():
        # modeltranslation keeps what was never written as NULL.
        values[name] = "" if value is None and name.endswith(("_de", "_en")) else value
    for name in WINDOW:
        moment = getattr(session, name)
        values[name] = wall_of(moment, session.zone) if moment else None
    return values | {
        "topics": list(session.topics.all()),
        "which": "second" if session.is_second_hour else "first",
    }


def words_of_fields(names: Iterable[str]) -> list[tuple[str, str]]:
    """What is missing for the publication: the field's name in the form, and in words."""
    words = {
        "title_de": _("a title in German"),
        "summary_de": _("a description in German"),
        "languages": _("the languages of the session"),
        "room": _("a room for who comes online"),
        "room_link": _("the address of the room"),
        "place_de": _("the place, in German"),
        "day": _("a day and hour that are not past"),
    }
    return [(name, words.get(name, name)) for name in names]

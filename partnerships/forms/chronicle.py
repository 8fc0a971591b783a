"""What is asked about an entry of the chronicle, and about who takes part."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.languages import PARTNER_LANGUAGES
from core.conflicts import VersionedForm, VersionField, based_on
from core.form_keys import FormKeyField
from directory.models import Organisation
from directory.names import shown_name
from partnerships.forms.facts import DayField, YearField
from partnerships.models import Actor, ChronicleEntry, Partnership, PartnershipSide

MOST_CHARACTERS = 6000
READERS = (
    ("yes", gettext_lazy("Everybody")),
    ("no", gettext_lazy("Only the people of all sides and the office")),
)


class EntryForm(forms.Form):
    """A new entry, or with `entry` the changing of one. `today` is the reader's."""

    kind = forms.ChoiceField(label=gettext_lazy("What was it?"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("In a few words, for example: “Youth meeting at the lake”."),
        max_length=160,
    )
    on = DayField(
        label=gettext_lazy("Day"),
        help_text=gettext_lazy(
            "The first day, if it lasted longer. You do not know the day? Then the year is enough."
        ),
    )
    year = YearField(
        label=gettext_lazy("Only the year"), help_text=gettext_lazy("If you do not know the day.")
    )
    until = DayField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("If it lasted longer than one day.")
    )
    place = forms.CharField(label=gettext_lazy("Where"), max_length=120, required=False)
    participants = forms.IntegerField(
        label=gettext_lazy("How many people took part?"),
        help_text=gettext_lazy("About how many, as a number."),
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 6, "class": "input--year"}),
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy("Please name people only if they agree."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=MOST_CHARACTERS,
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language do you write?"), choices=PARTNER_LANGUAGES
    )
    is_public = forms.ChoiceField(
        label=gettext_lazy("Who may read this entry?"), choices=READERS, widget=forms.RadioSelect
    )
    base_version = VersionField()
    key = FormKeyField()

    def __init__(self, data: Any = None, *, today: date, entry: ChronicleEntry | None = None) -> None:
        initial = values_of_entry(entry) if entry else {"language": get_language()}
        base = based_on(entry.version, initial) if entry else 0
        super().__init__(data, initial=initial | {"base_version": base})
        self.today = today
        kinds: Any = [(kind, capfirst(str(kind.label))) for kind in ChronicleEntry.Kind]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, year, until = (cleaned.get(name) for name in ("on", "year", "until"))
        for name in ("on", "until"):
            if cleaned.get(name) and cleaned[name] > self.today:
                self.add_error(name, _("This day has not come yet. The chronicle tells what has happened."))
        if year and year > self.today.year:
            self.add_error("year", _("This year has not come yet. The chronicle tells what has happened."))
        if not {"on", "year"} & set(self.errors):
            self._check_when(day, year)
        if until and "until" not in self.errors and "on" not in self.errors:
            self._check_until(day, until)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """Values of the entry's own columns."""
        said = self.cleaned_data
        names = ("kind", "title", "until", "place", "participants", "text", "language")
        return {name: said[name] for name in names} | {
            "on": said["on"] or date(said["year"], 1, 1),
            "is_year_only": said["on"] is None,
            "is_public": said["is_public"] == "yes",
        }

    def _check_when(self, day: date | None, year: int | None) -> None:
        if not day and not year:
            self.add_error("on", _("Please enter the day, or only the year."))
        elif day and year and day.year != year:
            self.add_error("year", _("The day lies in another year. Please enter one of the two."))

    def _check_until(self, day: date | None, until: date) -> None:
        if day is None:
            self.add_error("on", _("Please enter the first day, too."))
        elif until < day:
            self.add_error("until", _("The last day cannot be before the first."))


def values_of_entry(entry: ChronicleEntry) -> dict[str, Any]:
    """The entry as `EntryForm.cleaned_data` would hold it."""
    names = ("kind", "title", "until", "place", "participants", "text", "language")
    return {name: getattr(entry, name) for name in names} | {
        "on": None if entry.is_year_only else entry.on,
        "year": entry.on.year if entry.is_year_only else None,
        "is_public": "yes" if entry.is_public else "no",
    }


class ActorForm(forms.Form):
    """A new actor, or with `actor` the changing of one."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("A club, a school, a fire brigade. No private persons, please."),
        max_length=160,
    )
    type = forms.ChoiceField(label=gettext_lazy("What is it?"))
    side = forms.ModelChoiceField(
        label=gettext_lazy("To which side does it belong?"),
        queryset=PartnershipSide.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Its page here"),
        help_text=gettext_lazy("If it has one: then its name leads there."),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("none"),
        required=False,
    )
    since_year = YearField(
        label=gettext_lazy("Takes part since"), help_text=gettext_lazy("Year, if you know it.")
    )
    until_year = YearField(
        label=gettext_lazy("Took part until"), help_text=gettext_lazy("Year, if it takes part no longer.")
    )
    base_version = VersionField()
    key = FormKeyField()

    def __init__(
        self, data: Any = None, *, partnership: Partnership, today: date, actor: Actor | None = None
    ) -> None:
        initial: dict[str, Any] = values_of_actor(actor) if actor else {}
        base = based_on(actor.version, initial) if actor else 0
        super().__init__(data, initial=initial | {"base_version": base})
        types: Any = [("", ""), *((one, capfirst(str(one.label))) for one in Organisation.Type)]
        self.fields["type"].choices = types  # type: ignore[attr-defined]
        sides: Any = self.fields["side"]
        sides.queryset = partnership.sides.select_related("municipality", "region")
        sides.label_from_instance = _town
        self._offer_pages(partnership, actor)
        for name in ("since_year", "until_year"):
            self.fields[name].last = today.year  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since_year"), cleaned.get("until_year")
        if since and until and until < since:
            self.add_error("until_year", _("It cannot end before it began."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        names = ("side", "name", "type", "organisation", "since_year", "until_year")
        return {name: self.cleaned_data.get(name) for name in names}

    def _offer_pages(self, partnership: Partnership, actor: Actor | None) -> None:
        """Public organisations of the towns; without any there is nothing to ask."""
        towns = partnership.sides.exclude(municipality=None).values("municipality")
        mine = Q(pk=actor.organisation_id) if actor and actor.organisation_id else Q()
        found = Organisation.objects.filter(Q(published_at__isnull=False, seat__in=towns) | mine)
        if found.exists():
            self.fields["organisation"].queryset = found  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]


def values_of_actor(actor: Actor) -> dict[str, Any]:
    """The actor as `ActorForm.cleaned_data` would hold it."""
    names = ("side", "name", "type", "organisation", "since_year", "until_year")
    return {name: getattr(actor, name) for name in names}


def _town(side: PartnershipSide) -> str:
    return shown_name(side.party.name, side.party.german_name)


class EntryAdminForm(VersionedForm):
    class Meta:
        model = ChronicleEntry
        fields = ()  # the admin names them


class ActorAdminForm(VersionedForm):
    class Meta:
        model = Actor
        fields = ()

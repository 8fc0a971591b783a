"""What is asked about a partnership, by the form in steps and by the form that changes it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import SPOKEN_LANGUAGES
from directory.models import Topic
from partnerships.models import Partnership
from partnerships.names import kind_explanations, kind_name
from partnerships.queries import BIG_SHAPES

FIRST_YEAR = 1800
MOST_CHARACTERS = 4000
"""Of the aims."""


class YearField(forms.IntegerField):
    """Four digits; the form sets `last`, the latest year that makes sense."""

    last: int = 9999

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "class": "input--year"})
        super().__init__(widget=widget, required=False, **kwargs)
        self.error_messages["invalid"] = gettext_lazy("Please write the year with four digits.")

    def clean(self, value: Any) -> int | None:
        year: int | None = super().clean(value)
        if year is not None and not FIRST_YEAR <= year <= self.last:
            raise forms.ValidationError(
                _("Please enter a year between %(first)s and %(last)s.")
                % {"first": FIRST_YEAR, "last": self.last}
            )
        return year


class DayField(forms.DateField):
    """A day, in the browser's own calendar where it has one."""

    last: date = date.max

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False, **kwargs
        )

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not date(FIRST_YEAR, 1, 1) <= day <= self.last:
            raise forms.ValidationError(
                _("Please enter a day between %(first)s and %(last)s.")
                % {"first": FIRST_YEAR, "last": self.last.year}
            )
        return day


class YearsForm(forms.Form):
    """When it began, was signed and renewed. `today` is the reader's."""

    first_contact_year = YearField(
        label=gettext_lazy("Year of the first contact"), help_text=gettext_lazy("As far as you know it.")
    )
    signed_year = YearField(label=gettext_lazy("Year of the signing"))
    signed_on = DayField(label=gettext_lazy("Day of the signing"), help_text=gettext_lazy("If you know it."))
    renewed_year = YearField(
        label=gettext_lazy("Year of the last renewal"), help_text=gettext_lazy("If it was renewed.")
    )
    council_decided_on = DayField(
        label=gettext_lazy("Day of the council's decision"), help_text=gettext_lazy("If you know it.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            if isinstance(field, YearField):
                field.last = today.year + 1
            elif isinstance(field, DayField):
                field.last = date(today.year + 1, 12, 31)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, year = cleaned.get("signed_on"), cleaned.get("signed_year")
        if day and year and day.year != year:
            self.add_error("signed_on", _("This day lies in another year than the one of the signing."))
        elif day and "signed_year" in cleaned:
            cleaned["signed_year"] = year = day.year
        self._later("signed_year", "first_contact_year", _("The signing cannot be before the first contact."))
        self._later("renewed_year", "signed_year", _("It cannot be renewed before it was signed."))
        return cleaned

    def _later(self, name: str, than: str, sentence: str) -> None:
        late, early = self.cleaned_data.get(name), self.cleaned_data.get(than)
        if late and early and late < early:
            self.add_error(name, sentence)


class DoingForm(forms.Form):
    """What the partners do together."""

    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Topics"),
        help_text=gettext_lazy("Tick everything you do together."),
        queryset=Topic.objects.all(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages used"),
        help_text=gettext_lazy("In which languages do you speak and write to each other?"),
        choices=SPOKEN_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    aims_de = forms.CharField(
        label=gettext_lazy("Aims, in German"),
        help_text=gettext_lazy("Two or three sentences are enough. One of the two languages will do."),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "de"}),
        max_length=MOST_CHARACTERS,
        required=False,
    )
    aims_en = forms.CharField(
        label=gettext_lazy("Aims, in English"),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        max_length=MOST_CHARACTERS,
        required=False,
    )


def check_end(form: forms.Form, *, signed: int | None) -> None:
    """An end has a year, not before the signing, and a reason."""
    year = form.cleaned_data.get("ended_year")
    if not form.cleaned_data.get("end_reason"):
        form.add_error("end_reason", _("Please say in one sentence why it ended."))
    if year is None and "ended_year" not in form.errors:
        form.add_error("ended_year", _("Please say in which year it ended."))
    elif year and signed and year < signed:
        form.add_error("ended_year", _("It cannot end before it was signed."))


def kind_choices(*, explained: bool) -> list[tuple[str, str]]:
    """What a person may choose: they know it, so "not documented" is none of them."""
    return [(kind, _kind_label(kind, explained=explained)) for kind in Partnership.Kind.values if kind]


def _kind_label(kind: str, *, explained: bool) -> str:
    name = capfirst(kind_name(kind))
    if not explained:
        return name
    return format_html('{} <span class="option-hint">{}</span>', name, kind_explanations()[kind])


def status_choices(codes: Iterable[str] = Partnership.Status.values) -> list[tuple[str, str]]:
    known = [code for code in codes if code != Partnership.Status.UNKNOWN]
    return [(code, capfirst(str(Partnership.Status(code).label))) for code in known]


def shape_choices() -> list[tuple[str, str]]:
    return [(shape, capfirst(str(Partnership.Shape(shape).label))) for shape in BIG_SHAPES]

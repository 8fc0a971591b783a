"""What is asked about a strategy: its languages, a section, what is sent, the public summary."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import PARTNER_LANGUAGES
from core.conflicts import BaseVersion, VersionField, based_on
from core.form_keys import FormKeyField
from training.choices import Section
from training.models import StrategySection
from training.section_texts import label_of, option_label, words_of
from training.section_values import in_language
from training.sections import LARGEST_NUMBER, LONGEST_LINE, LONGEST_TEXT, Field, Kind, fields_of

MOST_LANGUAGES = 4
LONGEST_SUMMARY = 2000
A_YEAR = timedelta(days=366)
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
BETWEEN = gettext_lazy("Please enter a day between 1900 and 2100.")


class DayField(forms.DateField):
    def __init__(self, *, earliest: date = EARLIEST, between: Any = BETWEEN, **kwargs: Any) -> None:
        """`between` says what is wrong with a day before `earliest` or after 2099."""
        self.earliest, self.between = earliest, between
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not self.earliest <= day < LATEST:
            raise forms.ValidationError(self.between)
        return day


class LanguagesForm(forms.Form):
    key = FormKeyField()
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("In which languages do you write the strategy?"),
        help_text=gettext_lazy("Each side can write in its own. Choose those both sides need."),
        choices=PARTNER_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_languages(self) -> list[str]:
        chosen = self.cleaned_data["languages"]
        if len(chosen) > MOST_LANGUAGES:
            raise forms.ValidationError(
                _("Please choose at most %(number)s languages.") % {"number": MOST_LANGUAGES}
            )
        return [code for code, _name in PARTNER_LANGUAGES if code in chosen]


class ChangeLanguagesForm(LanguagesForm):
    base_version = VersionField()


class SectionForm(forms.Form):
    """All fields of one section in one language. None is required: a half sentence is worth keeping, too."""

    key = FormKeyField()
    base_version = VersionField()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        row: StrategySection,
        language: str,
        typed: Mapping[str, str] | None = None,
        base: str = "",
    ) -> None:
        """`typed` and `base` are those of a draft."""
        self.section, self.language = Section(row.code), language
        values = in_language(self.section, row.values, language)
        initial = {**values, "base_version": based_on(row.version, values)}
        if typed is not None:
            initial = {**initial, **typed, "base_version": base}
        super().__init__(data, initial=initial)
        for field in fields_of(self.section):
            asked: Any = _asked(self.section, field, language)
            asked.told_as = label_of(self.section, field)
            self.fields[field.name] = asked
        self.label_suffix = ""

    @property
    def values(self) -> dict[str, Any]:
        """As `in_language` gives them."""
        return {
            field.name: self.cleaned_data[field.name]
            for field in fields_of(self.section)
            if field.name in self.cleaned_data
        }

    @property
    def base(self) -> BaseVersion:
        found: BaseVersion = self.cleaned_data["base_version"]
        return found


class _TextField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return str(normalize_newlines(super().to_python(value) or "")).strip()


def _asked(section: Section, field: Field, language: str) -> forms.Field:
    label, help_text = label_of(section, field), ""
    words = words_of(section, *field.words)
    if field.place is None:
        help_text = words.get("help", "")
    else:
        label = words["label"]
    common: dict[str, Any] = {"label": label, "help_text": help_text, "required": False}
    speaks = {"lang": language} if not field.is_shared else {}
    if field.kind == Kind.TEXT:
        rows = 5 if field.place is None else 3
        return _TextField(
            max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows, **speaks}), **common
        )
    if field.kind in (Kind.LINE, Kind.NAME):
        return _TextField(max_length=LONGEST_LINE, widget=forms.TextInput(attrs=speaks), **common)
    if field.kind == Kind.DATE:
        return DayField(**common)
    if field.kind == Kind.NUMBER:
        attrs = {"inputmode": "numeric", "class": "input--year"}
        return forms.IntegerField(
            min_value=0, max_value=LARGEST_NUMBER, widget=forms.TextInput(attrs=attrs), **common
        )
    choices = [("", "–"), *((code, option_label(section, field, code)) for code in field.options)]
    return forms.ChoiceField(choices=choices, **common)


class SendForm(forms.Form):
    key = FormKeyField()
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Which sections shall the coaches read?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, ready: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["sections"]
        field.choices = list(ready)


class ConfirmForm(forms.Form):
    key = FormKeyField()


class SummaryForm(forms.Form):
    """A text for each language of the strategy; one at least."""

    key = FormKeyField()
    base_version = VersionField()

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(PARTNER_LANGUAGES)
        self.languages = list(languages)
        for code in self.languages:
            self.fields[f"text_{code}"] = _TextField(
                label=names.get(code, code),
                max_length=LONGEST_SUMMARY,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5, "lang": code}),
            )

    @property
    def texts(self) -> dict[str, str]:
        return {code: self.cleaned_data.get(f"text_{code}", "") for code in self.languages}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.languages and not self.errors and not any(self.texts.values()):
            self.add_error(f"text_{self.languages[0]}", _("Please write a text in at least one language."))
        return said


class CommentForm(forms.Form):
    key = FormKeyField()
    text = _TextField(
        label=gettext_lazy("Your comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class NoteForm(forms.Form):
    key = FormKeyField()
    text = _TextField(
        label=gettext_lazy("New note"),
        help_text=gettext_lazy("Only coaches read it; the team does not learn that there is one."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """Of a coach, to one version: each section is good or comes back with a reason."""

    key = FormKeyField()
    GOOD, BACK = "good", "back"
    DUE_LABEL = gettext_lazy("By when would you like to see the returned sections again?")

    def __init__(self, *args: Any, sections: Iterable[tuple[str, str]], today: date, **kwargs: Any) -> None:
        """`today` on the coach's calendar."""
        super().__init__(*args, **kwargs)
        self.sections, self.today = list(sections), today
        choices = [(self.GOOD, _("Good, approved")), (self.BACK, _("Please revise"))]
        for code, name in self.sections:
            self.fields[f"decision_{code}"] = forms.ChoiceField(
                label=_("Your answer to “%(section)s”") % {"section": name},
                choices=choices,
                widget=forms.RadioSelect,
            )
            self.fields[f"comment_{code}"] = _TextField(
                label=_("Comment on “%(section)s”") % {"section": name},
                help_text=_(
                    "Needed if the section is to be revised: what is missing, and how it gets better."
                ),
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

        # Last, as it stands on the page. Where all is good there is nothing to wait for.
        self.fields["due_on"] = DayField(
            label=self.DUE_LABEL,
            help_text=_("You need not name a day. The team reads it in the mail and beside the sections."),
            required=False,
        )

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and not self.today <= day <= self.today + A_YEAR:
            raise forms.ValidationError(_("Please enter a day from today on, at most a year ahead."))
        return day

    def rows(self) -> list[tuple[str, Any, Any]]:
        return [(code, self[f"decision_{code}"], self[f"comment_{code}"]) for code, _name in self.sections]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for code, _name in self.sections:
            if said.get(f"decision_{code}") == self.BACK and not said.get(f"comment_{code}"):
                self.add_error(f"comment_{code}", _("Please say what is to be revised."))
        return said

"""What is asked about a measure, and when looking back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.conflicts import BaseVersion, VersionField, based_on
from core.form_keys import FormKeyField
from training.choices import MeasureState
from training.forms.strategies import DayField

QUESTIONS = (
    ("good", gettext_lazy("What has worked well?")),
    ("hard", gettext_lazy("What was harder than you thought?")),
    ("next", gettext_lazy("What do you change, and what comes next?")),
)
EARLIEST = date(2000, 1, 1)
BETWEEN = gettext_lazy("Please enter a day between 2000 and 2100.")


class MeasureForm(forms.Form):
    """`language` is that of the title. Which ones there are is asked when it is written."""

    key = FormKeyField()
    language = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=gettext_lazy("What will be done?"),
        help_text=gettext_lazy(
            "One thing somebody can tick off, for example: invite three clubs to the first call."
        ),
        max_length=200,
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Who takes care of it?"),
        help_text=gettext_lazy("This person is reminded. Without one the whole team is."),
        required=False,
    )
    who = forms.CharField(
        label=gettext_lazy("Or somebody without an account here"),
        help_text=gettext_lazy("The function is enough, for example: the youth leader of the music club."),
        max_length=80,
        required=False,
    )
    due_on = DayField(label=gettext_lazy("By when?"), earliest=EARLIEST, between=BETWEEN)
    state = forms.ChoiceField(
        label=gettext_lazy("How far is it?"), choices=MeasureState.choices, initial=MeasureState.OPEN
    )

    def __init__(
        self, *args: Any, owners: Iterable[tuple[int, str]], has_title: bool = False, **kwargs: Any
    ) -> None:
        """`has_title`: in another language already."""
        super().__init__(*args, **kwargs)
        if has_title:
            self.fields["title"].required = False
            self.fields["title"].help_text = _("You may leave it empty: the words of the other side stand.")
        field: Any = self.fields["owner"]
        self.owners = [(str(number), name) for number, name in owners]
        field.choices = [("", pgettext_lazy("owner of a measure", "nobody yet")), *self.owners]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("owner") and said.get("who"):
            self.add_error("who", _("Please name one: somebody with an account, or somebody else."))
        return said


class ChangeMeasureForm(MeasureForm):
    base_version = VersionField()


class ReviewForm(forms.Form):
    """In one language."""

    key = FormKeyField()
    base_version = VersionField()
    language = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        answers: Mapping[str, str],
        version: int,
        language: str,
    ) -> None:
        """`answers` are those that stand there now."""
        base = based_on(version, {name: answers.get(name, "") for name, _label in QUESTIONS})
        super().__init__(data, initial={**answers, "base_version": base, "language": language})
        for name, label in QUESTIONS:
            self.fields[name] = forms.CharField(
                label=label, max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
            )

    @property
    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name, _label in QUESTIONS}

    @property
    def base(self) -> BaseVersion:
        found: BaseVersion = self.cleaned_data["base_version"]
        return found

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not any(said.get(name) for name, _label in QUESTIONS):
            self.add_error("good", _("Please answer at least one question."))
        return said

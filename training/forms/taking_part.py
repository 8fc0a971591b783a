"""Enrolling, the quiz, the checklist."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships.models import Partnership
from training.models import Answer, Question


class EnrolForm(forms.Form):
    """With a choice only for who looks after partnerships."""

    partnership = forms.ModelChoiceField(
        label=_("For which partnership?"),
        help_text=_("Several people of one partnership are a team."),
        queryset=Partnership.objects.none(),
        empty_label=_("for none, or not yet"),
        required=False,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Partnership.objects.spoken_for_by(person).order_by("pk")
        self.fields["partnership"].queryset = mine  # type: ignore[attr-defined]
        if not mine:
            del self.fields["partnership"]


class QuizForm(forms.Form):
    """One or several ticks for each question; nothing ticked is an answer, too."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            answers: list[Answer] = list(question.answers.all())
            several = sum(answer.is_right for answer in answers) > 1
            self.fields[f"question_{question.number}"] = forms.TypedMultipleChoiceField(
                label=f"{question.number}. {question.text}",
                help_text=_("Several answers can be right.") if several else "",
                choices=[(answer.pk, answer.text) for answer in answers],
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def chosen(self) -> set[int]:
        """Numbers of the answers that were ticked."""
        return {number for numbers in self.cleaned_data.values() for number in numbers}

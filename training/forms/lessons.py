"""What the office changes in a lesson and in a quiz."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.conflicts import VersionedForm
from training.curriculum_reading import LANGUAGES


class LessonForm(VersionedForm):
    """A video has its words in every language, wherever it lies; a lesson has one video."""

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        url = said.get("video_url", "")
        if url and self.instance.video_file:
            self.add_error(
                "video_url",
                _("This lesson has a video of its own; it is taken out in the files of the curriculum."),
            )
        if url or self.instance.video_file:
            for language in LANGUAGES:
                self._ask_for(said, f"video_title_{language}", _("A video needs a title in every language."))
                self._ask_for(
                    said, f"transcript_{language}", _("A video needs its transcript in every language.")
                )
        return said

    def _ask_for(self, said: dict[str, Any], name: str, reason: str) -> None:
        if name not in self.errors and not (said.get(name) or "").strip():
            self.add_error(name, reason)


class AnswersFormSet(forms.BaseInlineFormSet):
    """The answers of a question: at least one is right."""

    def clean(self) -> None:
        super().clean()
        answers = [form.cleaned_data for form in self.forms if not form.errors]
        if len(answers) == len(self.forms) and answers and not any(one.get("is_right") for one in answers):
            raise ValidationError(_("At least one answer has to be right."))

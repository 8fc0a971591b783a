"""What the office is asked before it copies a course, invites people, writes to them or looks at the figures."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.form_keys import FormKeyField
from core.typed_days import of_our_time
from core.wall_time import NoSuchTime, moment_of
from training import invitation_lists
from training.actions.cloning import shifted
from training.choices import Way
from training.models import Course
from training.queries.courses import Dated

YEAR = 364
"""In days: the same day of the week."""
LONGEST_SHIFT = 3660
LONGEST_LIST = 200_000


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CloneForm(forms.Form):
    slug = forms.SlugField(
        label=gettext_lazy("address"),
        max_length=80,
        help_text=gettext_lazy("What stands behind /courses/. It cannot be changed afterwards."),
    )
    title_de = forms.CharField(label=gettext_lazy("title [de]"), max_length=140)
    title_en = forms.CharField(label=gettext_lazy("title [en]"), max_length=140, required=False)
    first_day = forms.DateField(
        label=gettext_lazy("day of the first date"),
        help_text=gettext_lazy("All other dates move by as many days and keep their time of day."),
        widget=day_input(),
        validators=[of_our_time],
    )
    shift = forms.IntegerField(
        label=gettext_lazy("days to move"),
        help_text=gettext_lazy("The beginning and the end of enrolment move by as many days."),
        min_value=-LONGEST_SHIFT,
        max_value=LONGEST_SHIFT,
    )
    key = FormKeyField()

    def __init__(self, *args: Any, course: Course, dates: Sequence[Dated], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course, self.dates = course, dates
        for name in ("title_de", "title_en"):
            self.initial[name] = getattr(course, name)
        # The first date says by how many days; a course without dates asks for the number.
        del self.fields["shift" if dates else "first_day"]
        if dates:
            self.initial["first_day"] = dates[0].day + timedelta(days=YEAR)
        else:
            self.initial["shift"] = YEAR

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Course.objects.filter(slug=slug).exists():
            raise ValidationError(_("There is a course at this address."))
        return slug

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if abs((day - self.dates[0].day).days) > LONGEST_SHIFT:
            raise ValidationError(_("This day is too far away."))
        return day

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            days = self.days
            for one in self.dates:
                try:
                    moment_of(one.after(days), one.zone)
                except NoSuchTime:
                    reason = _("“%(title)s” would be in the hour that clocks leave out on that day.")
                    self.add_error("first_day", reason % {"title": one.title})
            self._check_enrolment(days)
        return said

    def _check_enrolment(self, days: int) -> None:
        for moment in (self.course.enrol_from, self.course.enrol_until):
            after = shifted(moment, days)
            try:
                if after is not None:
                    of_our_time(after)
            except ValidationError as error:
                self.add_error("first_day" if self.dates else "shift", error)
                return

    @property
    def days(self) -> int:
        """How far everything moves. Of a valid form, or of one that is shown for the first time."""
        said: Mapping[str, Any] = self.cleaned_data if self.is_bound else self.initial
        return (said["first_day"] - self.dates[0].day).days if self.dates else said["shift"]


class InviteForm(forms.Form):
    """A file or pasted lines; either way a table with a heading in its first line."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy("With the columns email, name and language, saved as “CSV UTF-8”."),
    )
    text = forms.CharField(
        label=gettext_lazy("or pasted lines"),
        max_length=LONGEST_LIST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "cols": 80}),
        help_text=gettext_lazy("The same table, copied from a spreadsheet."),
    )
    key = FormKeyField()

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if not file:
            return ""
        if file.size > LONGEST_LIST:
            raise ValidationError(_("The file is too large: at most 500 people at once."))
        try:
            return invitation_lists.decoded(file.read())
        except invitation_lists.NotText as error:
            raise ValidationError(
                _("The file is no CSV in UTF-8. In your spreadsheet, please choose “CSV UTF-8” when saving.")
            ) from error

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        typed = said.get("file") or said.get("text") or ""
        if not typed.strip():
            raise ValidationError(_("Please choose a file, or paste the lines."))
        try:
            said["rows"] = invitation_lists.read(typed)
        except invitation_lists.NotText as error:
            raise ValidationError(_("These lines cannot be read as a table.")) from error
        except invitation_lists.NoAddresses as error:
            raise ValidationError(
                _("No column is called “email”. The first line has to name the columns.")
            ) from error
        except invitation_lists.TooMany as error:
            text = _("These are %(number)s people. Please invite at most %(most)s at once.")
            raise ValidationError(
                text % {"number": error.number, "most": invitation_lists.MOST_ROWS}
            ) from error
        if not said["rows"]:
            raise ValidationError(_("There is nobody in it."))
        said["typed"] = typed
        return said


class CourseMailForm(forms.Form):
    """In one language or both; a language that is begun is written to its end."""

    subject_de = forms.CharField(label=gettext_lazy("subject in German"), max_length=140, required=False)
    text_de = forms.CharField(
        label=gettext_lazy("text in German"), max_length=6000, required=False, widget=forms.Textarea
    )
    subject_en = forms.CharField(label=gettext_lazy("subject in English"), max_length=140, required=False)
    text_en = forms.CharField(
        label=gettext_lazy("text in English"), max_length=6000, required=False, widget=forms.Textarea
    )
    key = FormKeyField()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        for code in ("de", "en"):
            for name, other in (("subject", "text"), ("text", "subject")):
                if said[f"{other}_{code}"] and not said[f"{name}_{code}"]:
                    self.add_error(f"{name}_{code}", _("Please write this as well."))
        if not said["text_de"] and not said["text_en"] and not self.errors:
            raise ValidationError(_("Please write in German or in English."))
        return said

    @property
    def texts(self) -> dict[str, str]:
        """By column."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class PeriodForm(forms.Form):
    """Both days belong to the period, on the clock of the office."""

    since = forms.DateField(
        label=pgettext_lazy("period", "from"), widget=day_input(), validators=[of_our_time]
    )
    until = forms.DateField(
        label=pgettext_lazy("period", "until"), widget=day_input(), validators=[of_our_time]
    )
    course = forms.ModelChoiceField(
        label=gettext_lazy("course"),
        queryset=Course.objects.none(),
        required=False,
        empty_label=gettext_lazy("all courses"),
    )

    def __init__(self, *args: Any, courses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and said["until"] < said["since"]:
            self.add_error("until", _("The end lies before the beginning."))
        return said


class MoveForm(forms.Form):
    """The buttons of a row in the tree of a course."""

    kind = forms.ChoiceField(choices=[("module", "module"), ("lesson", "lesson")])
    row = forms.IntegerField(min_value=1, max_value=10**17)
    to = forms.ChoiceField(choices=Way.choices)
    key = FormKeyField()

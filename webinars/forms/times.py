"""Day and hour as people type them: hours that do not exist, hours that come twice, and series of days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.form_keys import FormKeyField
from core.typed_days import of_our_time
from core.wall_time import NoSuchTime, is_twice, moment_of, moments_of
from core.zone_words import city_of, zone_name
from webinars.models import Session

FURTHEST = timedelta(days=3 * 366)
MOST_COPIES = 30
LONGEST = 4 * 24 * 60
"""Minutes: a meeting over a long weekend."""


def no_such_time(gap: NoSuchTime) -> str:
    return _(
        "On this day clocks in %(city)s go from %(before)s to %(after)s, so %(wall)s does not exist. Please choose "
        "%(after)s or another time."
    ) % {
        "city": city_of(gap.zone),
        "before": _hour(gap.before),
        "after": _hour(gap.after),
        "wall": _hour(gap.wall),
    }


class WallMoment(forms.DateTimeField):
    """Day and hour on the session's clock, which need not be the reader's: without a zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, required=False, validators=[of_our_time], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):
            moment = super().to_python(value)
        return moment.replace(tzinfo=None) if moment else None


class WallTimeForm(forms.Form):
    """Asks for `which` only where the hour comes twice. `zone_code` says on whose clock."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(
        label=gettext_lazy("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Length in minutes"), min_value=5, max_value=LONGEST, initial=60
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Which of the two?"), widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_which = False
        self.fields["which"].choices = [("first", ""), ("second", "")]  # type: ignore[attr-defined]
        if not self.is_bound and (wall := _wall_in(self.initial)):
            self._see_whether_twice(wall, self.initial.get("zone", "") or self.zone_code)

    @property
    def zone_code(self) -> str:
        raise NotImplementedError

    @property
    def starts_at(self) -> datetime:
        """Of a valid form."""
        wall = datetime.combine(self.cleaned_data["day"], self.cleaned_data["begins"])
        return moment_of(wall, self.zone_code, second=bool(self.cleaned_data["is_second_hour"]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["is_second_hour"] = False
        wall, zone = _wall_in(cleaned), self.zone_code
        if wall and zone:
            self._check(cleaned, wall, zone)
        return cleaned

    def _check(self, cleaned: dict[str, Any], wall: datetime, zone: str) -> None:
        if abs(wall.date() - timezone.localdate()) > FURTHEST:
            self.add_error("day", _("Please choose a day within the next three years."))
            return
        try:
            moment_of(wall, zone)
        except NoSuchTime as gap:
            self.add_error("begins", no_such_time(gap))
            return
        self._see_whether_twice(wall, zone)
        if self.asks_which and cleaned.get("which") not in ("first", "second"):
            words = {"city": city_of(zone), "wall": _hour(wall)}
            self.add_error(
                "which",
                _("On this day clocks in %(city)s show %(wall)s twice. Please say which one is meant.")
                % words,
            )
        cleaned["is_second_hour"] = self.asks_which and cleaned.get("which") == "second"

    def _see_whether_twice(self, wall: datetime, zone: str) -> None:
        if not zone or not is_twice(wall, zone):
            return
        self.asks_which = True
        first, second = moments_of(wall, zone)
        words = (_("the first one (%(zone)s)"), _("the second one, an hour later (%(zone)s)"))
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            (code, word % {"zone": zone_name(moment, zone)})
            for code, word, moment in zip(("first", "second"), words, (first, second), strict=True)
        ]


class MoveForm(WallTimeForm):
    """Another day or hour, on the same clock."""

    key = FormKeyField()

    def __init__(self, data: Any = None, *, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        initial = {
            "day": session.day,
            "begins": session.begins,
            "minutes": session.minutes,
            "which": "second" if session.is_second_hour else "first",
        }
        super().__init__(data, initial=initial)

    @property
    def zone_code(self) -> str:
        return self.session.zone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if self.starts_at <= self.now:
            self.add_error("day", _("This is in the past. Please choose a later time."))
        elif self.starts_at == self.session.starts_at and cleaned["minutes"] == self.session.minutes:
            self.add_error("day", _("This is when the session takes place already."))
        return cleaned


class CopyForm(forms.Form):
    """One day, every so many weeks, or a list of days; always at the hour of the session that is copied."""

    pattern = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[
            ("once", gettext_lazy("On one day")),
            ("weeks", gettext_lazy("Every so many weeks")),
            ("days", gettext_lazy("On a list of days")),
        ],
        widget=forms.RadioSelect,
        initial="once",
    )
    day = forms.DateField(
        label=gettext_lazy("Day, or first day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("Every how many weeks?"), min_value=1, max_value=26, required=False
    )
    number = forms.IntegerField(
        label=gettext_lazy("How many sessions?"), min_value=2, max_value=MOST_COPIES, required=False
    )
    days = forms.CharField(
        label=gettext_lazy("List of days"),
        help_text=gettext_lazy("One day in a line, for example 2027-04-20."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    key = FormKeyField()

    def __init__(self, data: Any = None, *, session: Session, now: datetime) -> None:
        super().__init__(data)
        self.session, self.now = session, now

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        pattern = cleaned.get("pattern")
        if pattern == "days":
            cleaned["dates"], field = self._typed(cleaned.get("days", "")), "days"
        else:
            cleaned["dates"], field = self._counted(pattern, cleaned), "day"
        for day in cleaned["dates"]:
            if field not in self.errors and (problem := self._problem(day)):
                self.add_error(field, problem)
        return cleaned

    def _typed(self, text: str) -> list[date]:
        days = set()
        for line in text.split("\n"):
            if line.strip():
                try:
                    days.add(forms.DateField().clean(line.strip().rstrip(",;")))
                except forms.ValidationError:
                    self.add_error("days", _("“%(line)s” is no day.") % {"line": line.strip()[:40]})
        if not days and "days" not in self.errors:
            self.add_error("days", _("Please write at least one day."))
        if len(days) > MOST_COPIES:
            self.add_error("days", _("At most %(number)s days.") % {"number": MOST_COPIES})
        return sorted(days)

    def _counted(self, pattern: str | None, cleaned: dict[str, Any]) -> list[date]:
        if not cleaned.get("day"):
            if "day" not in self.errors:
                self.add_error("day", _("Please choose a day."))
            return []
        if pattern != "weeks" or cleaned["day"] > self.now.date() + FURTHEST:
            # A day too far away is refused before anything is added to it.
            return [cleaned["day"]]
        for name in ("weeks", "number"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Please write a number."))
        if not (cleaned.get("weeks") and cleaned.get("number")):
            return []
        return [
            cleaned["day"] + timedelta(weeks=cleaned["weeks"] * step) for step in range(cleaned["number"])
        ]

    def _problem(self, day: date) -> str:
        if not date(2000, 1, 1) < day < self.now.date() + FURTHEST:
            return _("Please choose a day within the next three years.")
        try:
            start = moment_of(datetime.combine(day, self.session.begins), self.session.zone)
        except NoSuchTime as gap:
            return f"{date_format(day, 'DATE_FORMAT')}: {no_such_time(gap)}"
        if start <= self.now:
            return _("%(day)s is past.") % {"day": date_format(day, "DATE_FORMAT")}
        return ""


def clock_notes(day: date, session: Session, *, before: date) -> list[str]:
    """What happens to the clocks on the way from one date of a series to the next."""
    wall = datetime.combine(day, session.begins)
    notes = []
    if is_twice(wall, session.zone):
        notes.append(_("Clocks show this hour twice; the first one is taken."))
    if _offset(wall, session.zone) != _offset(datetime.combine(before, session.begins), session.zone):
        words = {"wall": _hour(wall), "city": city_of(session.zone)}
        notes.append(_("Clocks have changed by then. It stays %(wall)s in %(city)s.") % words)
    return notes


def _offset(wall: datetime, zone: str) -> timedelta | None:
    return wall.replace(tzinfo=ZoneInfo(zone)).utcoffset()


def _wall_in(values: Mapping[str, Any]) -> datetime | None:
    day, begins = values.get("day"), values.get("begins")
    return datetime.combine(day, begins) if isinstance(day, date) and isinstance(begins, time) else None


def _hour(wall: datetime) -> str:
    return time_format(wall.time(), "TIME_FORMAT")

"""Two people edit the same thing: whoever saves second sees both texts, and nothing typed is lost.

A form carries the version of the row it was made from, `base_version = VersionField()`. The action asks
`check_version` under its lock and raises EditConflict; the view then answers 409 with the same form, what was typed
still in it, and above it

    conflict = conflict_with(form, now={…}, version=row.version)
    {% include "components/conflict.html" with items=conflict page_url=… only %}

`conflict_with` also makes the form one of the present version: saving again is a choice, not an accident.

Where the form's initial version is `based_on(row.version, values)`, it knows what its writer has really changed. After
a conflict it shows the newer text in all other fields, and only what both have changed is asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class Versioned(Protocol):
    version: int


class EditConflict(Exception):
    """Somebody has saved the row since the form was shown."""


class BaseVersion(int):
    """The version a form was made from; `marks` stand for the values of its fields then."""

    marks: Mapping[str, str]


class VersionField(forms.IntegerField):
    """The hidden field with the version the form was made from: as initial value a number, or `based_on(…)`."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(min_value=0)

    def to_python(self, value: Any) -> BaseVersion | None:
        number, *marks = str("" if value is None else value).split(" ")
        version = super().to_python(number)
        if version is None:
            return None
        base = BaseVersion(version)
        base.marks = dict(mark.split("=", 1) for mark in marks if "=" in mark)
        return base


def based_on(version: int, values: Mapping[str, Any]) -> str:
    """What a form keeps of the row it was made from. `values` as its `cleaned_data` would hold them."""
    return " ".join([str(version), *(f"{name}={mark_of(value)}" for name, value in values.items())])


def mark_of(value: Any) -> str:
    """Short, and the same for values that mean the same."""
    return sha256(repr(_compared(value)).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Difference:
    """One field in which both disagree, in words."""

    label: str
    now: str
    typed: str


def check_version(row: Versioned, version: int) -> None:
    """`row` is locked and fresh. Raises EditConflict."""
    if row.version != version:
        raise EditConflict


def changed_fields(before: Mapping[str, Any], typed: Mapping[str, Any], base: BaseVersion) -> dict[str, Any]:
    """Of what was typed, the fields this person has changed since `base`: what others have changed is not theirs.

    `before` is what stands in the locked row, as `typed` would give it. Raises EditConflict where both have changed the
    same field to something else.
    """
    mine = {name: value for name, value in typed.items() if base.marks.get(name) != mark_of(value)}
    if any(
        mark_of(before[name]) not in (base.marks.get(name), mark_of(value)) for name, value in mine.items()
    ):
        raise EditConflict
    return mine


def conflict_with(
    form: forms.BaseForm,
    *,
    now: Mapping[str, Any],
    version: int,
    shown: Mapping[str, Any] | None = None,
    base: BaseVersion | None = None,
) -> list[Difference]:
    """What a valid form says other than the row does now; the form is made from the row's present version.

    `now` gives the values of the row as the form's `cleaned_data` would hold them. Names it lacks are left out.
    `shown` gives those that an unbound form is filled with otherwise. `base` where `cleaned_data` has it no more.
    """
    base = base if base is not None else form.cleaned_data.get("base_version")
    untouched = untouched_fields(form, now, base)
    typed = {name: value for name, value in form.cleaned_data.items() if name not in untouched}
    found = differences(form.fields, now=now, typed=typed)
    renew(form, version, values=now if base is not None and getattr(base, "marks", None) else None)
    for name in untouched:
        value = (shown or {}).get(name, now[name])
        show_instead(form, name, form.fields[name].prepare_value(value))
    return found


def untouched_fields(form: forms.BaseForm, now: Mapping[str, Any], base: BaseVersion | None) -> set[str]:
    """Fields that say what the form was made with. Of those in several parts we do not ask."""
    marks = getattr(base, "marks", {})
    return {
        name
        for name, field in form.fields.items()
        if name in now
        and name in form.cleaned_data
        and not isinstance(field.widget, forms.MultiWidget)
        and marks.get(name) == mark_of(form.cleaned_data[name])
    }


def show_instead(form: forms.BaseForm, name: str, value: Any) -> None:
    """Into the copied data of a bound form that is only to be shown again."""
    data: Any = form.data
    key = form.add_prefix(name)
    if isinstance(value, (list, tuple, set)) and hasattr(data, "setlist"):
        data.setlist(key, list(value))
    else:
        data[key] = "" if value is None else value


def differences(
    fields: Mapping[str, forms.Field], *, now: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[Difference]:
    """Field by field, for values that come from more than one form too."""
    return [
        Difference(told_as(field) or name, in_words(field, now[name]), in_words(field, typed[name]))
        for name, field in fields.items()
        if name in now and name in typed and _compared(now[name]) != _compared(typed[name])
    ]


def told_as(field: forms.Field) -> str:
    """Its label where it stands alone; a form whose labels need their surroundings says more in `field.told_as`."""
    return str(getattr(field, "told_as", "") or field.label or "")


def renew(
    form: forms.BaseForm, version: int, name: str = "base_version", values: Mapping[str, Any] | None = None
) -> None:
    """The bound form, shown again, is one of this version, and of these values where it knows its first ones."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a dict or a QueryDict
    data[form.add_prefix(name)] = str(version) if values is None else based_on(version, values)
    form.data = data


def in_words(field: forms.Field, value: Any) -> str:
    """A value as the page would show it."""
    if value is None or value == "" or value == []:
        return pgettext("field", "empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_label(field, one) for one in value)
    if hasattr(value, "all"):
        return ", ".join(str(one) for one in value.all())
    return _label(field, value)


def _label(field: forms.Field, value: Any) -> str:
    if isinstance(value, Model):
        return str(value)
    choices = getattr(field, "choices", ())
    labels = (str(label) for code, label in _flat(choices) if str(code) == str(value))
    return next(labels, normalize_newlines(str(value)))


def _flat(choices: Any) -> list[tuple[Any, str | Promise]]:
    """Choices without their groups."""
    flat: list[tuple[Any, str | Promise]] = []
    for code, label in choices:
        flat += label if isinstance(label, (list, tuple)) else [(code, label)]
    return flat


def _compared(value: Any) -> Any:
    """Browsers send other line ends than we keep, empty is empty, and the order of ticks means nothing."""
    if isinstance(value, str):
        return normalize_newlines(value).strip() or None
    if hasattr(value, "all"):
        value = list(value.all())
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(map(str, value)) or None
    if isinstance(value, Model):
        return value.pk
    return value.normalize() if isinstance(value, Decimal) else value


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """For the admin: refuses to overwrite what was saved meanwhile, shows both, and may then be saved again.

    Name "base_version" in the admin's fieldsets, else the page does not carry it.
    """

    base_version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_version"].required = bool(self.instance.pk)
        self.initial["base_version"] = self.instance.version
        if self.instance.pk and not self.is_bound:
            self.initial["base_version"] = based_on(self.instance.version, self._values_of(self.instance))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        version = cleaned.pop("base_version", None)
        if not self.instance.pk or version is None:
            return cleaned
        # The admin saves within this transaction: who comes now waits for it.
        rows = type(self.instance)._default_manager.select_for_update()
        current = rows.get(pk=self.instance.pk)
        self.instance.version = current.version
        if current.version == version:
            return cleaned
        found = conflict_with(self, now=self._values_of(current), version=current.version, base=version)
        raise ValidationError([_saved_meanwhile(), *(_sentence(difference) for difference in found)])

    def _values_of(self, row: Model) -> dict[str, Any]:
        return {name: _value_of(row, name) for name in self.fields if hasattr(row, name)}


def _value_of(row: Model, name: str) -> Any:
    value = getattr(row, name)
    return list(value.all()) if hasattr(value, "all") else value


def _saved_meanwhile() -> str:
    return _(
        "Somebody else has saved this meanwhile. What you typed is still here; save again to put it in place of "
        "what is there now."
    )


def _sentence(difference: Difference) -> str:
    return _("%(field)s: there now “%(now)s”, typed by you “%(typed)s”.") % {
        "field": difference.label,
        "now": difference.now,
        "typed": difference.typed,
    }

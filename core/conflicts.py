"""Two people edit the same thing: whoever saves second sees both texts, and nothing typed is lost.

A form carries the version of the row it was made from, `base_version = VersionField()`. The action asks
`check_version` under its lock and raises EditConflict; the view then answers 409 with the same form, what was typed
still in it, and above it

    conflict = conflict_with(form, now={…}, version=row.version)
    {% include "components/conflict.html" with items=conflict page_url=… only %}

`conflict_with` also makes the form one of the present version: saving again is a choice, not an accident.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


class VersionField(forms.IntegerField):
    """The hidden field with the version the form was made from. Give it as initial value."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(min_value=0)


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


def conflict_with(form: forms.BaseForm, *, now: Mapping[str, Any], version: int) -> list[Difference]:
    """What a valid form says other than the row does now; the form is made from the row's present version.

    `now` gives the values of the row as the form's `cleaned_data` would hold them. Names it lacks are left out.
    """
    found = differences(form.fields, now=now, typed=form.cleaned_data)
    renew(form, version)
    return found


def differences(
    fields: Mapping[str, forms.Field], *, now: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[Difference]:
    """Field by field, for values that come from more than one form too."""
    return [
        Difference(str(field.label or name), in_words(field, now[name]), in_words(field, typed[name]))
        for name, field in fields.items()
        if name in now and name in typed and _compared(now[name]) != _compared(typed[name])
    ]


def renew(form: forms.BaseForm, version: int, name: str = "base_version") -> None:
    """The bound form, shown again, is one of this version."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a dict or a QueryDict
    data[form.add_prefix(name)] = str(version)
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
    return value


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """For the admin: refuses to overwrite what was saved meanwhile, shows both, and may then be saved again.

    Name "base_version" in the admin's fieldsets, else the page does not carry it.
    """

    base_version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base_version"].required = bool(self.instance.pk)
        self.initial["base_version"] = self.instance.version

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
        now = {name: _value_of(current, name) for name in self.fields if hasattr(current, name)}
        found = conflict_with(self, now=now, version=current.version)
        raise ValidationError([_saved_meanwhile(), *(_sentence(difference) for difference in found)])


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

"""A field that asks for a municipality by name: with suggestions where scripts run, with a choice where they do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.filters import clean_query
from core.folding import fold
from core.search import whole_name_condition
from directory.models import Municipality
from directory.names import shown_name
from directory.queries import suggestions

MOST_CANDIDATES = 20


@dataclass(frozen=True)
class TypedTown:
    """What was sent: the name typed, the number a suggestion brought, the number chosen from several."""

    text: str
    number: str
    choice: str


class TownWidget(forms.Widget):
    """A text field and a hidden one, and below them a choice where the name fits several municipalities."""

    template_name = "directory/widgets/town.html"
    candidates: list[dict[str, Any]] = []
    town: Municipality | None = None
    """Found by what was sent: shown again under its own name."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedTown:
        parts = (str(data.get(f"{name}{part}", "")) for part in ("", "_number", "_choice"))
        return TypedTown(*parts)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        typed = value if isinstance(value, TypedTown) and not self.town else _as_typed(self.town or value)
        context["widget"] |= {
            "typed": typed,
            "candidates": self.candidates,
            "suggest_url": reverse("directory:suggest"),
        }
        return context


def _as_typed(town: Any) -> TypedTown:
    if not isinstance(town, Municipality):
        return TypedTown("", "", "")
    return TypedTown(shown_name(town.name, town.german_name), str(town.pk), "")


class TownField(forms.Field):
    """Gives a Municipality, or None where it may be left empty and was."""

    widget = TownWidget

    def clean(self, value: Any) -> Municipality | None:
        text = clean_query(value.text) if isinstance(value, TypedTown) else ""
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        self.widget.town = _found(value, text)
        if self.widget.town is None:
            # Also a single one that is only spelled similarly is for the person to choose.
            self.widget.candidates = _candidates(text)
            raise ValidationError(
                _("There are several. Please choose one below.")
                if self.widget.candidates
                else _("We know no municipality of this name. Please check the spelling."),
                code="town",
            )
        return self.widget.town

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _as_typed(initial) != data


def _found(sent: TypedTown, text: str) -> Municipality | None:
    """By choice, by suggestion, or because only one is called so. A number left over from another name is ignored."""
    listed = Municipality.objects.listed(demo=settings.SHOW_DEMO)
    if _is_number(sent.choice) and int(sent.choice) in {one["value"] for one in _candidates(text)}:
        return listed.filter(pk=int(sent.choice)).first()
    if _is_number(sent.number):
        town = listed.filter(pk=int(sent.number)).first()
        if town is not None and _is_called(town, text):
            return town
    called_so = list(listed.filter(whole_name_condition(fold(text)))[:2]) if fold(text) else []
    return called_so[0] if len(called_so) == 1 else None


def _candidates(text: str) -> list[dict[str, Any]]:
    return suggestions(text, demo=settings.SHOW_DEMO, limit=MOST_CANDIDATES)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


def _is_called(town: Municipality, text: str) -> bool:
    names = (town.name, town.german_name, town.local_script_name, f"{town.name} ({town.german_name})")
    return fold(text) in {fold(name) for name in names if name}

"""What we ask about mails."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.form_keys import FormKeyField
from notifications import queries
from notifications.choices import EVERYTHING, Chosen, chosen_by
from notifications.kinds import Kind
from notifications.models import Pace
from notifications.scopes import Families

PRESETS = (
    (Pace.NOW, _("At once: one mail for each notice")),
    (Pace.DAILY, _("Once a day, at 7 in the morning")),
    (Pace.WEEKLY, _("Once a week, on Monday at 7 in the morning")),
    (Pace.BELL, _("No mails. I look at my notices here")),
)
AS_ABOVE = ("", _("as chosen above"))


class PreferencesForm(forms.Form):
    """One answer for everything, then one for each kind and each scope that shall differ from it.

    `scopes` gives (title, [(scope, name)]) of those that may be chosen about.
    """

    key = FormKeyField()
    everything = forms.ChoiceField(
        label=_("When do you want mails?"), choices=PRESETS, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, person: User, scopes: Families) -> None:
        super().__init__(*args)
        self._keys = {"everything": EVERYTHING}
        chosen = chosen_by(person)
        self.fields["everything"].initial = chosen.get(EVERYTHING, Pace.NOW)
        self._groups: list[tuple[str | Promise, list[str]]] = []
        for app, kinds in queries.groups_of_kinds(person):
            self._groups.append((app, [self._add_kind(told, chosen) for told in kinds]))
        for title, named in scopes:
            self._groups.append((title, [self._add_scope(scope, name, chosen) for scope, name in named]))

    def _add_kind(self, told: Kind, chosen: Chosen) -> str:
        offered = [
            (pace, label)
            for pace, label in Pace.choices
            if told.can_wait or pace not in (Pace.DAILY, Pace.WEEKLY)
        ]
        return self._add(
            f"kind_{told.name}", (told.name, ""), str(capfirst(str(told.title))), offered, chosen
        )

    def _add_scope(self, scope: str, name: str, chosen: Chosen) -> str:
        return self._add(f"scope_{scope.replace(':', '_')}", ("", scope), name, Pace.choices, chosen)

    def _add(
        self,
        field: str,
        key: tuple[str, str],
        label: str,
        offered: Sequence[tuple[str, str | Promise]],
        chosen: Chosen,
    ) -> str:
        self._keys[field] = key
        self.fields[field] = forms.ChoiceField(
            label=label, choices=[AS_ABOVE, *offered], required=False, initial=chosen.get(key, "")
        )
        return field

    @property
    def groups(self) -> list[tuple[str | Promise, list[BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in self._groups]

    @property
    def has_details(self) -> bool:
        """Whether something differs from the one answer for everything, or was typed wrong."""
        return any(self.initial_of(name) or self[name].errors for _, names in self._groups for name in names)

    def initial_of(self, name: str) -> str:
        return str(self.fields[name].initial or "")

    @property
    def paces(self) -> dict[tuple[str, str], str]:
        """What `actions.choose_paces` wants to know. Only of a valid form."""
        return {key: self.cleaned_data[name] for name, key in self._keys.items()}

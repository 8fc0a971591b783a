"""Choosing a town, district or county: from suggestions, by typing, or among those that are called so."""

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.filters import clean_query
from core.folding import fold
from core.form_keys import FormKeyField, key_for
from partnerships.queries import Hit, Party, hit_of, meant_by, party_of


class SuggestInput(forms.TextInput):
    """A text field with suggestions (static/js/combobox.js); `target` is the id of the field that takes the code."""

    def __init__(self, target: str) -> None:
        words = {
            "url": reverse_lazy("partnerships:sides"),
            "label": gettext_lazy("Suggestions"),
            "none": gettext_lazy("No suggestions"),
            "one": gettext_lazy("1 suggestion. Choose with the arrow keys."),
            "many": gettext_lazy("suggestions. Choose with the arrow keys."),
            "target": target,
        }
        super().__init__(
            attrs={"autocomplete": "off"} | {f"data-suggest-{name}": word for name, word in words.items()}
        )


class PartyForm(forms.Form):
    """Afterwards `party` is what was chosen, or None where nothing was typed."""

    typed = forms.CharField(
        label=gettext_lazy("Town, district or county"),
        required=False,
        max_length=160,
        widget=SuggestInput("id_chosen"),
    )
    chosen = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    # Offered when several are called so; `asked` is the text they were offered for.
    option = forms.ChoiceField(
        label=gettext_lazy("Which one do you mean?"), required=False, widget=forms.RadioSelect
    )
    asked = forms.CharField(required=False, max_length=160, widget=forms.HiddenInput)

    party: Party | None = None
    offered: list[Hit]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = []
        # What was offered is remembered by nobody: a code is looked up, whoever sends it.
        option = self.fields["option"]
        assert isinstance(option, forms.ChoiceField)  # noqa: S101
        option.valid_value = lambda value: True  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = clean_query(cleaned.get("typed", ""))
        if typed:
            self.party = self._chosen(typed, cleaned) or self._meant(typed)
        return cleaned

    def _chosen(self, typed: str, cleaned: dict[str, Any]) -> Party | None:
        """Taken from the list under the field, or among those that were offered for this text."""
        option = cleaned.get("option", "")
        if option and fold(cleaned.get("asked", "")) == fold(typed):
            return party_of(option)
        return party_of(cleaned.get("chosen", ""))

    def _meant(self, typed: str) -> Party | None:
        meant = meant_by(typed)
        if meant.is_certain:
            return party_of(meant.hits[0].code)
        self.offered = meant.hits
        if not meant.hits:
            self.add_error(
                "typed", _("We know no place of this name. Please look at the spelling once more.")
            )
            return None
        self.fields["option"].choices = [(hit.code, hit.label) for hit in meant.hits]  # type: ignore[attr-defined]
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a dict or a QueryDict
        data[self.add_prefix("asked")] = typed
        self.data = data
        self.add_error("option", _("Please choose the place you mean."))
        return None


class OwnSideForm(PartyForm):
    """Which side somebody belongs to; the places they are at home are offered first."""

    mine = forms.ChoiceField(label=gettext_lazy("Your side"), required=False, widget=forms.RadioSelect)

    field_order = ("mine", "typed", "chosen", "option", "asked")

    def __init__(self, *args: Any, own: list[Party], present: Party | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hits = [hit_of(party) for party in own]
        if present is not None and hit_of(present).code not in {hit.code for hit in hits}:
            hits.insert(0, hit_of(present))
        self.fields["mine"].choices = [(hit.code, hit.label) for hit in hits]  # type: ignore[attr-defined]
        if hits:
            self.fields["mine"].initial = hit_of(present).code if present else hits[0].code
            self.fields["typed"].label = _("Another town, district or county")
            self.fields["typed"].help_text = _("Only if it is not one of those above.")
        else:
            del self.fields["mine"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.party is None and not self.errors and cleaned.get("mine"):
            self.party = party_of(cleaned["mine"])
        if self.party is None and not self.errors:
            self.add_error("typed", _("Please say which town, district or county you belong to."))
        return cleaned


class OtherSideForm(PartyForm):
    """One more side; `is_another` says that a second entry between the same sides is meant."""

    is_another = forms.BooleanField(
        label=gettext_lazy("What I enter is another partnership beside it."), required=False
    )
    key = FormKeyField()

    SAID = ("typed", "chosen", "option", "is_another", "add")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Its steps keep the same thing however often they are sent; the key only leads to the same page.
        self.fields["key"].required = False

    @property
    def act(self) -> UUID | None:
        """Key of what was sent: after "back" another place in the same form is another act."""
        key = self.cleaned_data.get("key")
        return key_for(key, *(self.data.get(name, "") for name in self.SAID)) if key else None


class StartForm(OwnSideForm):
    """The first step: nothing is kept before, so a double press would begin two drafts."""

    key = FormKeyField()

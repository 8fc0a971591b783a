"""What the office is asked about a partnership."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import SPOKEN_LANGUAGES
from core.conflicts import VersionedForm
from directory.models import Municipality, Topic
from partnerships.actions import (
    MOST_SIDES,
    Party,
    SamePairExists,
    SidesMustDiffer,
    TooFewSides,
    TooManySides,
    check_sides,
    find_same,
)
from partnerships.models import Partnership


class PartnershipForm(VersionedForm):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages used"),
        choices=SPOKEN_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Topics"),
        queryset=Topic.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Partnership
        fields = ()  # the admin names them


class SidesFormSet(forms.BaseInlineFormSet):
    """The sides, checked together; afterwards `parties` are the municipalities and counties in their order."""

    parties: list[Party]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk is None:
            # A new side comes last unless somebody says otherwise.
            form.fields["position"].initial = self.initial_form_count()

    def clean(self) -> None:
        super().clean()
        self.parties = []
        if any(self.errors):
            return
        filled = [
            form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.cleaned_data
        ]
        self.parties = [_party(side) for side in sorted(filled, key=lambda side: side.get("position") or 0)]
        problem = problem_with(self.parties, self.instance)
        if problem:
            raise forms.ValidationError(problem)


def _party(side: dict[str, Any]) -> Party:
    party: Party = side.get("municipality") or side["region"]
    return party


def problem_with(parties: list[Party], partnership: Partnership) -> str:
    """Why the partnership cannot have these sides, in a sentence; empty when it can."""
    try:
        check_sides(parties)
    except TooFewSides:
        return _("A partnership has at least two sides.")
    except TooManySides:
        return _("A partnership has at most %(number)s sides here.") % {"number": MOST_SIDES}
    except SidesMustDiffer:
        return _("The same place stands on two sides.")
    if partnership.is_demo != any(isinstance(party, Municipality) and party.is_demo for party in parties):
        return _("Invented examples and real municipalities do not go together.")
    same = find_same(sides=parties, kind=partnership.kind, other_than=partnership.pk)
    return same_pair_sentence(SamePairExists(same)) if same else ""


def same_pair_sentence(problem: SamePairExists) -> str:
    return _("There is already a partnership of this kind between them: %(partnership)s.") % {
        "partnership": problem.existing
    }

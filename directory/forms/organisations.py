"""What we ask about an organisation, and who wants to belong to it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import MinLengthValidator, URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import PARTNER_LANGUAGES, SPOKEN_LANGUAGES
from core.conflicts import VersionedForm, VersionField, based_on
from core.form_keys import FormKeyField
from core.visibility import Visibility
from directory.actions import FACTS, operating_roles_of
from directory.forms.town import TownField
from directory.models import Membership, Organisation
from directory.operating import OperatingRole
from directory.queries import is_last_coordinator

MOST_CHARACTERS = 4000
FEWEST_OF_A_SENTENCE = 10
_NON_PROFIT = {"yes": True, "no": False, "": None}
_WEB = URLValidator(schemes=["http", "https"])


class OrganisationForm(forms.Form):
    """For its coordinators. The office has a form of its own in the admin."""

    name = forms.CharField(
        label=_("Name of the organisation"), help_text=_("As it calls itself."), max_length=160
    )
    type = forms.ChoiceField(
        label=_("What kind of organisation is it?"),
        choices=[("", _("Please choose")), *Organisation.Type.choices],
    )
    legal_form = forms.CharField(
        label=_("Legal form"),
        help_text=_("For example e. V.; empty if there is none."),
        max_length=80,
        required=False,
    )
    is_non_profit = forms.TypedChoiceField(
        label=_("Is it non-profit?"),
        choices=[("yes", _("yes")), ("no", _("no")), ("", _("I do not know"))],
        coerce=_NON_PROFIT.__getitem__,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    seat = TownField(
        label=_("Where is its seat?"),
        help_text=_(
            "Town or municipality, in any language. Leave it empty if it lies outside the Danube region."
        ),
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages can one write to you?"),
        choices=SPOKEN_LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
    )
    description_de = forms.CharField(
        label=_("About the organisation, in German"),
        help_text=_("What do you do, and what do you look for in a partnership? A few sentences are enough."),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "de"}),
    )
    description_en = forms.CharField(
        label=_("About the organisation, in English"),
        help_text=_("For readers abroad. One language is enough to begin with."),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "en"}),
    )
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https", validators=[_WEB]
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    phone_visibility = forms.ChoiceField(
        label=_("Who may see the telephone number?"),
        choices=Visibility.choices,
        initial=Visibility.NOBODY,
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    postal_address_visibility = forms.ChoiceField(
        label=_("Who may see the postal address?"),
        choices=Visibility.choices,
        initial=Visibility.NOBODY,
    )
    key = FormKeyField()

    @property
    def facts(self) -> dict[str, Any]:
        """What the actions want to know. Only of a valid form."""
        return {name: self.cleaned_data[name] for name in FACTS}


class NewOrganisationForm(OrganisationForm):
    """`even_if_same` is shown once there is one of the same name in the same place."""

    even_if_same = forms.BooleanField(label=_("It is another one. Create it."), required=False)


class EditOrganisationForm(OrganisationForm):
    base_version = VersionField()

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        said = {value: word for word, value in _NON_PROFIT.items()}
        initial = facts_of(organisation)
        initial["is_non_profit"] = said[organisation.is_non_profit]
        base = based_on(organisation.version, facts_of(organisation))
        super().__init__(data, initial={**initial, "base_version": base})


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """As `cleaned_data` would hold them."""
    return {name: getattr(organisation, name) for name in FACTS}


class OfficeOrganisationForm(VersionedForm):
    """The admin's. No Meta: modeltranslation would copy its fields to the admin, which then has both."""

    website = forms.URLField(
        label=_("website"), required=False, max_length=200, assume_scheme="https", validators=[_WEB]
    )
    languages = forms.MultipleChoiceField(
        label=_("languages"),
        choices=SPOKEN_LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class OfficeMembershipForm(forms.ModelForm):
    """The admin's: role in the organisation and, where the organisation runs ViPaD, roles in the office."""

    operating_roles = forms.MultipleChoiceField(
        label=_("roles in the office"),
        help_text=_(
            "Of people of the organisations that run ViPaD. A change signs the person out everywhere."
        ),
        choices=OperatingRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "operating_roles" in self.fields:
            self.initial["operating_roles"] = operating_roles_of(self.instance.person)

    def clean_role(self) -> str:
        role: str = self.cleaned_data["role"]
        if role != Membership.Role.COORDINATOR and is_last_coordinator(self.instance):
            raise forms.ValidationError(
                _("Nobody else is coordinator. Please make somebody else coordinator first.")
            )
        return role

    class Meta:
        model = Membership
        fields = ("role",)


class JoinForm(forms.Form):
    note = forms.CharField(
        label=_("A sentence about you"),
        help_text=_("Who you are, and why you want to belong to it. Those who coordinate it read this."),
        max_length=500,
        validators=[MinLengthValidator(FEWEST_OF_A_SENTENCE)],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = FormKeyField()


class InvitationForm(forms.Form):
    """`roles` are those the inviting person may give."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send the invitation there and forget the address once it is answered."),
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        help_text=_(
            "Coordinators and deputies act for the organisation: they change the entry, invite others and answer."
        ),
        widget=forms.RadioSelect,
        initial=Membership.Role.MEMBER,
    )
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=PARTNER_LANGUAGES)
    key = FormKeyField()

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, widget=forms.RadioSelect)
    key = FormKeyField()


class LeaveForm(forms.Form):
    """Who leaves as the last coordinator names somebody to follow, or gives the organisation up."""

    GIVE_UP = "give-up"

    successor = forms.ChoiceField(label=_("Who follows you as coordinator?"), widget=forms.RadioSelect)
    key = FormKeyField()

    def __init__(self, *args: Any, people: Sequence[Membership], is_last: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_last:
            del self.fields["successor"]
            return
        names = [(str(row.pk), f"{row.person.shown_name} ({row.get_role_display()})") for row in people]
        end = (
            self.GIVE_UP,
            pgettext_lazy("organisation", "Nobody: the organisation ends its membership in ViPaD"),
        )
        self.fields["successor"].choices = [*names, end]  # type: ignore[attr-defined]

    @property
    def gives_up(self) -> bool:
        return self.cleaned_data.get("successor") == self.GIVE_UP


class KeyForm(forms.Form):
    """A button that does a thing once."""

    key = FormKeyField()

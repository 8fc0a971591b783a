"""What is asked about a group."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.languages import SPOKEN_LANGUAGES
from core.conflicts import VersionField, based_on
from core.form_keys import FormKeyField
from discussions import machine
from discussions.choices import Access
from discussions.models import Group

FACTS = (
    "name",
    "purpose",
    "rules",
    "languages",
    "access",
    "takes_requests",
    "sends_text",
    "machine_translation",
)
_ACCESS = (
    (Access.CLOSED, _("Closed: only people who are invited. Nobody else learns that the group exists.")),
    (Access.OPEN, _("Open: everybody with an account reads it and may join. Members write.")),
)
_YES_NO = {"yes": True, "no": False}
_MAILS = (
    ("yes", _("The text of the post")),
    ("no", _("Only a link: the text is read here, after signing in")),
)


class GroupForm(forms.Form):
    """A new group, or with `group` the changing of one."""

    name = forms.CharField(
        label=_("Name of the group"), help_text=_("For example: “Youth meetings 2027”."), max_length=100
    )
    purpose = forms.CharField(
        label=_("What is it for?"),
        help_text=_("In one or two sentences."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    rules = forms.CharField(
        label=_("House rules"),
        help_text=_("What all members agree to. They read it before they join."),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    languages = forms.MultipleChoiceField(
        label=_("In which languages do you write?"),
        choices=SPOKEN_LANGUAGES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-columns"}),
    )
    access = forms.ChoiceField(label=_("Who gets in?"), choices=_ACCESS, widget=forms.RadioSelect)
    takes_requests = forms.BooleanField(
        label=_("Who wants to join an open group asks first"),
        help_text=_(
            "A moderator or coach then accepts or declines. Without this tick people join at once. Closed groups take "
            "no requests: nobody knows of them."
        ),
        required=False,
    )
    sends_text = forms.TypedChoiceField(
        label=_("What do mails about new posts contain?"),
        choices=_MAILS,
        coerce=_YES_NO.__getitem__,
        widget=forms.RadioSelect,
    )
    machine_translation = forms.BooleanField(
        label=_("Members may have posts translated by a machine"),
        help_text=_(
            "Take care: texts leave the platform. At the press of a button the text of a post is sent to a translation "
            "service outside. Ask the members first."
        ),
        required=False,
    )
    base_version = VersionField()
    key = FormKeyField()

    def __init__(self, data: Any = None, *, group: Group | None = None) -> None:
        first = {"languages": [get_language()], "access": Access.CLOSED, "sends_text": True}
        values = values_of(group) if group else first
        base = based_on(group.version, values) if group else 0
        shown = values | {"sends_text": "yes" if values["sends_text"] else "no", "base_version": base}
        super().__init__(data, initial=shown)
        if not machine.is_set_up():
            del self.fields["machine_translation"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("access") == Access.CLOSED:
            cleaned["takes_requests"] = False
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}


def values_of(group: Group) -> dict[str, Any]:
    """The group as `GroupForm.cleaned_data` would hold it."""
    return {name: getattr(group, name) for name in FACTS}


class KeyForm(forms.Form):
    """A button that does a thing once."""

    key = FormKeyField()


class EnterForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you have to go in?"),
        help_text=_("Every member of the group reads this sentence."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = FormKeyField()

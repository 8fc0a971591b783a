"""What the office may write into pages and announcements, and what newcomers are asked."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.form_keys import FormKeyField
from core.typed_days import of_our_time
from directory.forms import TownField
from portal.models import Announcement, Page
from portal.queries import LANGUAGES

IN_EVERY_LANGUAGE = _("A legal page needs its text in every language.")


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = ("title", "body", "slug", "kind")
        widgets = {"body": forms.Textarea(attrs={"rows": 30, "class": "vLargeTextField"})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # A page that keeps its kind does not send it.
        if cleaned.get("kind", self.instance.kind) == Page.Kind.LEGAL:
            for name in (f"{field}_{code}" for field in ("title", "body") for code in LANGUAGES):
                if name in self.fields and not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, IN_EVERY_LANGUAGE)
        return cleaned


class AnnouncementForm(forms.ModelForm):
    class Meta:
        model = Announcement
        fields = ("text", "level", "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            if name in self.fields:
                self.fields[name].validators.append(of_our_time)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The end lies before the beginning."))
        return cleaned


class Who(models.TextChoices):
    TOWN_HALL = "town_hall", _("I work for a town hall or a district office")
    ASSOCIATION = "association", _("I belong to an association or a club")
    SCHOOL = "school", _("I belong to a school")
    INTERESTED = "interested", _("I am interested, for myself")


class Next(models.TextChoices):
    CLAIM = "claim", _("Speak for my municipality: write its profile, answer messages")
    ORGANISATION = "organisation", _("Join my association or school in ViPaD, or enter it")
    PARTNERSHIP = "partnership", _("Register a partnership")
    LOOK = "look", _("Look around first")


# What most people of this kind came for.
USUAL_NEXT = {
    Who.TOWN_HALL: Next.CLAIM,
    Who.ASSOCIATION: Next.ORGANISATION,
    Who.SCHOOL: Next.ORGANISATION,
    Who.INTERESTED: Next.LOOK,
}


class WhoForm(forms.Form):
    who = forms.ChoiceField(
        label=_("Which fits best?"), choices=Who, initial=Who.TOWN_HALL, widget=forms.RadioSelect
    )


class WhereForm(forms.Form):
    place = TownField(
        label=_("Municipality"),
        help_text=_("Type the first letters. Leave it empty if no municipality fits."),
        required=False,
    )


class NextForm(forms.Form):
    next = forms.ChoiceField(label=_("What would you like to do?"), choices=Next, widget=forms.RadioSelect)
    key = FormKeyField()


class LaterForm(forms.Form):
    key = FormKeyField()


class SentForm(forms.Form):
    """Which form is asked about."""

    key = FormKeyField()

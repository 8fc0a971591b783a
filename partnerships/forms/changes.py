"""What is asked of those who change an entry."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.conflicts import VersionField, based_on
from core.form_keys import FormKeyField
from partnerships.actions import ways_from
from partnerships.forms.facts import (
    DoingForm,
    YearField,
    YearsForm,
    check_end,
    kind_choices,
    shape_choices,
    status_choices,
)
from partnerships.models import Partnership
from partnerships.queries import BIG_SHAPES

Status = Partnership.Status
COLUMNS = (
    "kind", "first_contact_year", "signed_year", "signed_on", "renewed_year", "council_decided_on", "languages",
    "aims_de", "aims_en",
)  # fmt: skip


class EditForm(YearsForm, DoingForm):
    """Everything the sides may change but who belongs to it and how it stands, which have pages of their own."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect, required=False)
    shape = forms.ChoiceField(
        label=gettext_lazy("How do the sides belong together?"), widget=forms.RadioSelect
    )
    base_version = VersionField()
    key = FormKeyField()

    field_order = (
        "kind", "shape", "first_contact_year", "signed_year", "signed_on", "renewed_year", "council_decided_on",
        "topics", "languages", "aims_de", "aims_en",
    )  # fmt: skip

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        values = values_of(partnership)
        base = {"base_version": based_on(partnership.version, values)}
        super().__init__(*args, initial=values | base, **kwargs)
        self.partnership = partnership
        kinds: Any = kind_choices(explained=True)
        if not partnership.kind:
            kinds = [("", capfirst(pgettext("kind of partnership", "not documented"))), *kinds]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["kind"].required = bool(partnership.kind)
        self.fields["shape"].choices = shape_choices()  # type: ignore[attr-defined]
        if partnership.shape not in BIG_SHAPES:
            del self.fields["shape"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "topics" in cleaned:
            cleaned["topics"] = list(cleaned["topics"])
        ended, signed = self.partnership.ended_year, cleaned.get("signed_year")
        if ended and signed and signed > ended:
            self.add_error("signed_year", _("It cannot end before it was signed."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Values of the partnership's own columns."""
        names = [*COLUMNS, *(["shape"] if "shape" in self.fields else [])]
        return {name: self.cleaned_data[name] for name in names}


def values_of(partnership: Partnership) -> dict[str, Any]:
    """The entry as `EditForm.cleaned_data` would hold it."""
    columns = {name: getattr(partnership, name) for name in (*COLUMNS, "shape")}
    return columns | {"topics": list(partnership.topics.all())}


class StatusForm(forms.Form):
    """How it stands from now on. The year is that of the end or of the renewal."""

    status = forms.ChoiceField(label=gettext_lazy("How does it stand today?"), widget=forms.RadioSelect)
    ended_year = YearField(
        label=gettext_lazy("Year of the end"), help_text=gettext_lazy("Only if it has ended.")
    )
    end_reason = forms.CharField(
        label=gettext_lazy("Why did it end?"),
        help_text=gettext_lazy("Only if it has ended. One sentence is enough."),
        max_length=300,
        required=False,
    )
    renewed_year = YearField(label=gettext_lazy("Year of the renewal"))
    key = FormKeyField()

    def __init__(
        self, *args: Any, partnership: Partnership, is_office: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        ways = ways_from(partnership.status, is_office=is_office)
        self.fields["status"].choices = status_choices(ways)  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, YearField):
                field.last = today.year + 1
        if partnership.status != Status.ENDED:
            del self.fields["renewed_year"]
        if Status.ENDED not in ways:
            del self.fields["ended_year"], self.fields["end_reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("status") == Status.ENDED:
            check_end(self, signed=self.partnership.signed_year)
        is_renewed = cleaned.get("status") == Status.ACTIVE and "renewed_year" in self.fields
        if is_renewed and cleaned.get("renewed_year") is None and "renewed_year" not in self.errors:
            self.add_error("renewed_year", _("Please say in which year it was renewed."))
        return cleaned

    @property
    def year(self) -> int | None:
        is_end = self.cleaned_data["status"] == Status.ENDED
        year: int | None = self.cleaned_data.get("ended_year" if is_end else "renewed_year")
        return year

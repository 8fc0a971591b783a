"""What is asked of hosts: mails to their people, somebody who telephoned, why it is cancelled, files, a recording."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.languages import PARTNER_LANGUAGES, ZONES
from core.files import UploadField, ask_again
from core.form_keys import FormKeyField
from webinars.choices import MaterialAccess, MaterialKind, Seat
from webinars.models import Session

WRITTEN_TO = (Seat.SEAT, Seat.OFFERED, Seat.WAITING, Seat.CANCELLED)


class ConfirmForm(forms.Form):
    """A button that does a thing once."""

    key = FormKeyField()


class WriteForm(forms.Form):
    states = forms.MultipleChoiceField(
        label=gettext_lazy("To whom?"),
        widget=forms.CheckboxSelectMultiple,
        initial=[Seat.SEAT.value],
        error_messages={"required": gettext_lazy("Please tick at least one.")},
    )
    attended = forms.ChoiceField(
        label=gettext_lazy("Of these"),
        widget=forms.RadioSelect,
        required=False,
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=140)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "Everybody gets a mail of his or her own. Answers come to you; your address is in the mail."
        ),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["states"].choices = [(state.value, capfirst(str(state.label))) for state in WRITTEN_TO]  # type: ignore[attr-defined]
        self.fields["attended"].choices = [  # type: ignore[attr-defined]
            ("", capfirst(pgettext("to whom", "everybody"))),
            ("yes", capfirst(_("only who attended"))),
            ("no", capfirst(_("only who did not attend"))),
        ]

    @property
    def attended_only(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["attended"])


class AddPersonForm(forms.Form):
    """Somebody who has called."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The confirmation and the reminders go there. Read it back letter by letter."),
        max_length=254,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mails"), choices=PARTNER_LANGUAGES, initial="de"
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Country, for the times in the mails"), choices=ZONES, initial="Europe/Berlin"
    )
    key = FormKeyField()


class CancelSessionForm(forms.Form):
    reason_de = forms.CharField(
        label=gettext_lazy("Reason, in German"),
        help_text=gettext_lazy("One or two sentences. It stands in the mail and on the session's page."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason_en = forms.CharField(
        label=gettext_lazy("Reason, in English"),
        help_text=gettext_lazy("For everybody who does not read German."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = FormKeyField()


class MaterialForm(forms.Form):
    upload = UploadField(label=gettext_lazy("File"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of file is it?"),
        widget=forms.RadioSelect,
        initial=MaterialKind.SLIDES.value,
    )
    title_de = forms.CharField(label=gettext_lazy("Title, in German"), max_length=140)
    title_en = forms.CharField(label=gettext_lazy("Title, in English"), max_length=140, required=False)
    access = forms.ChoiceField(
        label=gettext_lazy("Who may open it?"),
        widget=forms.RadioSelect,
        initial=MaterialAccess.REGISTERED.value,
    )
    key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("kind", MaterialKind), ("access", MaterialAccess)):
            # In the reader's language, which is not known when this file is read.
            self.fields[name].choices = [(one.value, capfirst(str(one.label))) for one in words]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload = cleaned.get("upload")
        if cleaned.get("kind") == MaterialKind.PHOTO and upload and not upload.is_picture:
            self.add_error("kind", _("This file is no picture. Please choose another kind."))
        ask_again(self, "upload")
        return cleaned


class RecordingForm(forms.Form):
    url = forms.URLField(
        label=gettext_lazy("Address of the recording"), max_length=500, assume_scheme="https"
    )
    transcript = forms.CharField(
        label=gettext_lazy("Transcript"),
        help_text=gettext_lazy(
            "What is said, as text: for people who do not hear it, and for everybody who does not follow speech "
            "in a foreign language. Without it a recording is not published."
        ),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    key = FormKeyField()

    def __init__(self, data: Any = None, *, session: Session) -> None:
        initial = {"url": session.recording_url, "transcript": session.transcript}
        super().__init__(data, initial=initial)

    def clean_url(self) -> str:
        return https_only(self.cleaned_data["url"])


def https_only(address: str) -> str:
    """Raises ValidationError for an address others could listen to."""
    if address and not address.startswith("https://"):
        raise forms.ValidationError(_("Please give an address that begins with https://."), code="https")
    return address

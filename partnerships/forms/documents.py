"""What we ask about a file."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files import PICTURES, UploadField, ask_again
from core.form_keys import FormKeyField
from partnerships.models import Document


class RightsForm(forms.Form):
    """Who may see a file, and whose it is. Photos are shown to everybody only when their rights are settled."""

    title = forms.CharField(
        label=gettext_lazy("What does it show?"),
        help_text=gettext_lazy(
            "One sentence, for example: “The choir of Mintafalva in the town hall, 2019”."
        ),
        max_length=160,
        required=False,
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Everybody may see this file"),
        help_text=gettext_lazy("Without a tick only the people of all sides and the office see it."),
        required=False,
    )
    rights_holder = forms.CharField(
        label=gettext_lazy("Who took the photo, or who holds the rights?"),
        help_text=gettext_lazy("The name stands below the photo."),
        max_length=120,
        required=False,
    )
    has_rights = forms.BooleanField(label=gettext_lazy("We may show this photo here"), required=False)
    has_consent = forms.BooleanField(
        label=gettext_lazy("The people in the photo have agreed, for children their parents too"),
        required=False,
    )
    key = FormKeyField()

    field_order: tuple[str, ...] = ("title", "rights_holder", "has_rights", "has_consent", "is_public")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_public") and self.is_photo(cleaned):
            self._check_rights(cleaned)
        return cleaned

    def is_photo(self, cleaned: dict[str, Any]) -> bool:
        return "has_rights" in self.fields

    def said(self) -> dict[str, Any]:
        """What the actions want to know."""
        names = ("title", "is_public", "rights_holder", "has_rights", "has_consent")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}

    def _check_rights(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("rights_holder") and "rights_holder" not in self.errors:
            self.add_error("rights_holder", _("Please name who took the photo or holds the rights."))
        if not cleaned.get("has_rights"):
            self.add_error("has_rights", _("Everybody may see a photo only if we may show it."))
        if not cleaned.get("has_consent"):
            self.add_error(
                "has_consent", _("Everybody may see a photo only if the people in it have agreed.")
            )


class EditDocumentForm(RightsForm):
    """What is said of a file that is there. Rights are asked for photos only."""

    def __init__(self, data: Any = None, *, document: Document) -> None:
        names = ("title", "is_public", "rights_holder", "has_rights", "has_consent")
        super().__init__(data, initial={name: getattr(document, name) for name in names})
        if document.kind != Document.Kind.PHOTO:
            for name in ("rights_holder", "has_rights", "has_consent"):
                del self.fields[name]


class DocumentForm(RightsForm):
    """A new file of a partnership."""

    upload = UploadField(label=gettext_lazy("File"))
    kind = forms.ChoiceField(label=gettext_lazy("What kind of file is it?"), widget=forms.RadioSelect)

    field_order = ("upload", "kind", "title", "rights_holder", "has_rights", "has_consent", "is_public")

    def __init__(self, *args: Any, of_draft: bool = False, **kwargs: Any) -> None:
        """`of_draft`: before there is an entry only the papers are asked for, and nothing is public."""
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = _("For example: contract of 1992 in both languages.")
        kinds = [Document.Kind.CONTRACT, Document.Kind.DECISION] if of_draft else list(Document.Kind)
        self.fields["kind"].choices = [(kind.value, capfirst(str(kind.label))) for kind in kinds]  # type: ignore[attr-defined]
        if of_draft:
            for name in ("is_public", "rights_holder", "has_rights", "has_consent"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        upload = cleaned.get("upload")
        if self.is_photo(cleaned) and upload and not upload.is_picture:
            self.add_error("kind", _("This file is no picture. Please choose another kind."))
        ask_again(self, "upload")
        return cleaned

    def is_photo(self, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("kind") == Document.Kind.PHOTO)


class PhotoForm(RightsForm):
    """A new photo of an entry of the chronicle."""

    upload = UploadField(label=gettext_lazy("Photo"), allowed=tuple(PICTURES))

    field_order = ("upload", "title", "rights_holder", "has_rights", "has_consent", "is_public")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who cannot see the photo hears this.
        self.fields["title"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ask_again(self, "upload")
        return cleaned

"""A course as a ZIP of files: chosen for the look, and carried on from there."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.form_keys import KEPT, FormKeyField
from training import course_zips
from training.curriculum_files import FOLDER, CourseFile, Faulty, read

SALT = "training.course_files"
MOST_CARRIED, MOST_FAULTS = 1_500_000, 50
"""Characters of the hidden field; lines of faults that are shown at once."""


class CourseFilesForm(forms.Form):
    """`course` is there once the form is valid; `carried` are its texts, packed and signed, for the second POST.

    Signed, because unpacking something small could make something very large of it.
    """

    file = forms.FileField(
        label=gettext_lazy("ZIP file"),
        required=False,
        help_text=gettext_lazy(
            "A course that was exported here, or a folder in the same form. At most 20 MB."
        ),
    )
    texts = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    key = FormKeyField()

    course: CourseFile
    carried: str

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        try:
            texts = self._texts()
            self.course = _read(texts)
        except course_zips.NotUsable as error:
            self.add_error("file", str(error))
            return said
        except Faulty as error:
            self.add_error("file", _told(error.faults))
            return said
        words = {name: text.decode() for name, text in texts.items()}
        self.carried = said["texts"] or signing.dumps(words, salt=SALT, compress=True)
        if len(self.carried) > MOST_CARRIED:
            self.add_error("file", _("There is too much text in it to be taken over at once."))
        return said

    def _texts(self) -> dict[str, bytes]:
        file = self.cleaned_data["file"]
        if file:
            self.cleaned_data["texts"] = ""
            if file.size > course_zips.MOST_BYTES:
                raise course_zips.NotUsable(course_zips.too_large())
            return course_zips.unpack(file.read())
        if not self.cleaned_data["texts"]:
            raise course_zips.NotUsable(_("Please choose a file."))
        try:
            words = signing.loads(self.cleaned_data["texts"], salt=SALT, max_age=KEPT)
        except signing.BadSignature as error:
            self.cleaned_data["texts"] = ""
            raise course_zips.NotUsable(_("Please choose the file again.")) from error
        return {name: text.encode() for name, text in words.items()}


def _read(texts: dict[str, bytes]) -> CourseFile:
    """Of names that course_zips knows. Raises Faulty."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in texts.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(text)
        return read(folder, draft_beside=FOLDER)


def _told(faults: list[str]) -> list[ValidationError]:
    more = len(faults) - MOST_FAULTS
    told = [ValidationError(fault) for fault in faults[:MOST_FAULTS]]
    if more > 0:
        told.append(ValidationError(_("And %(number)s more.") % {"number": more}))
    return told

"""Whom a group invites, what who wants to join says, and what becomes of a member."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import PARTNER_LANGUAGES
from core.form_keys import FormKeyField
from discussions.choices import Role

MOST_LINES = 200
MOST_BYTES = 200_000
_LONGEST_SHOWN = 80


class InviteForm(forms.Form):
    """All lines or none: who typed them corrects the wrong ones and sends them all again."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("One in each line, at most 200 at once."),
        max_length=MOST_LINES * 260,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        strip=False,  # lines are counted as they are seen
    )
    upload = forms.FileField(
        label=gettext_lazy("Or a list from a spreadsheet"),
        help_text=gettext_lazy(
            "A CSV file: one person in each line, the address in any column. A line of headings on top does no harm. "
            "Only the addresses are taken; the file is not kept."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the invitation"),
        help_text=gettext_lazy("For people without an account. Others read it in their own language."),
        choices=PARTNER_LANGUAGES,
    )
    key = FormKeyField()

    def clean_upload(self) -> list[tuple[str, str]]:
        """Pairs of the line's name and the address, which may be none."""
        upload: UploadedFile | None = self.cleaned_data["upload"]
        if upload is None:
            return []
        if (upload.size or 0) > MOST_BYTES:
            raise ValidationError(_("This file is too large. Please take a CSV file with addresses only."))
        return list(_lines_of(_decoded(upload.read())))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"addresses", "upload"} & set(self.errors):
            return cleaned
        typed = [
            (_("Line %(number)s") % {"number": number}, line.strip())
            for number, line in enumerate(cleaned["addresses"].splitlines(), 1)
            if line.strip()
        ]
        self._check(typed, cleaned["upload"])
        if not self.errors:
            lines = [*typed, *cleaned["upload"]]
            cleaned["emails"] = list(dict.fromkeys(address.lower() for _line, address in lines))
        return cleaned

    def _check(self, typed: list[tuple[str, str]], uploaded: list[tuple[str, str]]) -> None:
        number = len(typed) + len(uploaded)
        if not number:
            self.add_error("addresses", _("Please give at least one address."))
        elif number > MOST_LINES:
            said = _("These are %(number)s addresses. Please give at most %(most)s at once.")
            self.add_error(
                "upload" if uploaded else "addresses", said % {"number": number, "most": MOST_LINES}
            )
        else:
            for name, lines in (("addresses", typed), ("upload", uploaded)):
                wrong = [problem for line, address in lines if (problem := _why_not(line, address))]
                if wrong:
                    self.add_error(name, wrong)


def _why_not(line: str, address: str) -> ValidationError | None:
    if not address:
        return ValidationError(_("%(line)s: there is no e-mail address in it.") % {"line": line})
    try:
        validate_email(address)
        if len(address) <= 254:
            return None
    except ValidationError:
        pass
    said = _("%(line)s: “%(address)s” is no e-mail address.")
    return ValidationError(said % {"line": line, "address": address[:_LONGEST_SHOWN]})


def _decoded(content: bytes) -> str:
    """What spreadsheets write: UTF-8, or the encoding of their Windows. An address needs no more than ASCII."""
    if b"\x00" in content:
        raise ValidationError(_("This is no CSV file. Please save the table as CSV and choose that file."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines_of(text: str) -> Iterator[tuple[str, str]]:
    """The first cell of each row that looks like an address. A first row without one holds the headings."""
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for at, row in enumerate(rows):
            cells = [cell.strip() for cell in row if cell.strip()]
            address = next((cell for cell in cells if "@" in cell), "")
            if address or (cells and at):
                yield _("Line %(number)s of the file") % {"number": rows.line_num}, address
    except csv.Error as problem:
        said = _("This is no CSV file. Please save the table as CSV and choose that file.")
        raise ValidationError(said) from problem


class AskForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("A word about you"),
        help_text=gettext_lazy("Those who lead the group read it: who you are, and why you want to join."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = FormKeyField()


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=(
            (Role.MEMBER, gettext_lazy("Member: reads and writes")),
            (Role.MODERATOR, gettext_lazy("Moderator: also looks after people, settings and posts")),
            (Role.COACH, gettext_lazy("Coach: a moderator who also reads the private lines of participants")),
        ),
        widget=forms.RadioSelect,
    )
    key = FormKeyField()


class EndForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Those who lead the group read it."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ban = forms.BooleanField(
        label=gettext_lazy("Ban as well"),
        help_text=gettext_lazy("The person cannot come back until you lift the ban."),
        required=False,
    )
    key = FormKeyField()

"""What is asked of who writes: an answer, a new topic, the changing of a post."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.languages import SPOKEN_LANGUAGES
from core.conflicts import VersionField, based_on
from core.files import CheckedFile, UploadField
from core.form_keys import FormKeyField
from core.typed_days import of_our_time
from discussions.actions.drafts import MOST_FILES
from discussions.choices import TopicKind
from discussions.models import Attachment, Draft, Post

LONGEST = 20_000
MOST_OPTIONS = 20
DATE_ROWS = 8


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class UploadsField(UploadField):
    """Several files; `cleaned_data` holds a list of CheckedFile. What is wrong is said with the name of the file."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        uploads = [one for one in data or [] if isinstance(one, UploadedFile)]
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(too_many_files())
        found, problems = [], []
        for upload in uploads:
            try:
                found.append(super().clean(upload))
            except forms.ValidationError as problem:
                problems += [f"{upload.name}: {words}" for words in problem.messages]
        if problems:
            raise forms.ValidationError(problems)
        return found


def too_many_files() -> str:
    return ngettext(
        "A post can have %(number)s file.", "A post can have at most %(number)s files.", MOST_FILES
    ) % {"number": MOST_FILES}


class PostField(forms.CharField):
    """Spaces at the beginning mean something in Markdown; line ends are ours, not the browser's."""

    def to_python(self, value: Any) -> str:
        return str(normalize_newlines(super().to_python(value) or ""))


def text_field(label: Any, *, rows: int = 8, **more: Any) -> PostField:
    return PostField(
        label=label,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows, "data-composer-text": ""}),
        **more,
    )


def language_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("In which language do you write?"),
        choices=[("", gettext_lazy("not said")), *SPOKEN_LANGUAGES],
        required=False,
    )


class KeptFiles(forms.Form):
    """The files a draft has already, each with a tick to take it out again."""

    files = UploadsField(label=gettext_lazy("Files"), required=False)  # type: ignore[assignment]
    without = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Take these files out again"),
        queryset=Attachment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, draft: Draft | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, files, initial=initial)
        self.offer_kept(draft)

    def offer_kept(self, draft: Draft | None) -> None:
        if "without" not in self.fields:
            return
        kept = Attachment.objects.filter(draft=draft) if draft else Attachment.objects.none()
        self.fields["without"].queryset = kept  # type: ignore[attr-defined]
        self.fields["without"].label_from_instance = str  # type: ignore[attr-defined]

    def adds_to_draft(self) -> bool:
        """Files that come or go, and a preview, need the draft; a text alone is posted without one."""
        said = self.cleaned_data
        return "preview" in self.data or bool(said.get("files")) or bool(said.get("without"))

    def sent_files(self) -> str:
        """What the files add to the meaning of the sent form."""
        return " ".join(f"{one.name}:{one.size}" for one in self.cleaned_data.get("files", ()))


class AnswerForm(KeptFiles):
    """Under a topic. `initial` has the draft, or what is quoted."""

    text = text_field(
        gettext_lazy("Your post"),
        help_text=gettext_lazy("Write “@” and a member’s name to mention that person."),
        required=False,
    )
    language = language_field()
    key = FormKeyField()
    field_order = ("text", "files", "without", "language", "key")


class TopicForm(KeptFiles):
    """A new topic. Its kind is chosen before, by a link: each kind asks something else."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=140)
    text = text_field(gettext_lazy("Text"), rows=10, required=False)
    options = forms.CharField(
        label=gettext_lazy("Answers to choose from"),
        help_text=gettext_lazy("One answer in a line."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Votes until"),
        help_text=gettext_lazy("On your clock. Leave it empty if there is no end."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[of_our_time],
        required=False,
    )
    language = language_field()
    key = FormKeyField()

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        kind: str,
        now: datetime,
        is_line: bool = False,
        draft: Draft | None = None,
        initial: Any = None,
    ) -> None:
        super().__init__(data, files, draft=draft, initial=initial)
        self.kind, self.now = kind, now
        if is_line:
            # Its files would lie in the draft of the group's next topic. They can be added to the line itself.
            del self.fields["files"], self.fields["without"]
        if kind == TopicKind.DATES:
            for number in range(1, DATE_ROWS + 1):
                self.fields[f"date_{number}"] = _date_field(number)
        if kind != TopicKind.POLL:
            del self.fields["options"]
        if kind not in (TopicKind.POLL, TopicKind.DATES):
            del self.fields["closes_at"]
        dates = [f"date_{number}" for number in range(1, DATE_ROWS + 1)]
        self.order_fields(["title", "text", "options", *dates, "closes_at", "files", "without", "language"])

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_options(self) -> list[str]:
        options = list(dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["options"].splitlines()))))
        if len(options) < 2:
            raise forms.ValidationError(_("Please write at least two answers, each in a line."))
        if len(options) > MOST_OPTIONS:
            raise forms.ValidationError(_("At most %(number)s answers.") % {"number": MOST_OPTIONS})
        if any(len(option) > 140 for option in options):
            raise forms.ValidationError(_("An answer can have at most 140 characters."))
        return options

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        closes_at = cleaned.get("closes_at")
        if closes_at and closes_at <= self.now:
            self.add_error("closes_at", _("This is in the past. Please choose a later time."))
        if self.kind == TopicKind.DATES:
            self._check_dates()
        return cleaned

    def answers(self) -> Sequence[str]:
        """To choose from; of a valid form."""
        return self.cleaned_data.get("options") or ()

    def dates(self) -> list[datetime]:
        """To choose from, each once, in the order of time; of a valid form."""
        found = (self.cleaned_data.get(f"date_{number}") for number in range(1, DATE_ROWS + 1))
        return sorted({moment for moment in found if moment})

    def _check_dates(self) -> None:
        for number in range(1, DATE_ROWS + 1):
            moment = self.cleaned_data.get(f"date_{number}")
            if moment and moment <= self.now:
                self.add_error(f"date_{number}", _("This is in the past. Please choose a later time."))
        if len(self.dates()) < 2 and not any(name.startswith("date_") for name in self.errors):
            self.add_error("date_1", _("Please enter at least two dates."))


class EditForm(forms.Form):
    """What a post says is changed; its files stay."""

    text = text_field(gettext_lazy("Text"), rows=12, required=False)
    base_version = VersionField()
    key = FormKeyField()

    def __init__(self, data: Any = None, *, post: Post) -> None:
        initial = values_of_post(post)
        super().__init__(data, initial=initial | {"base_version": based_on(post.version, initial)})


def values_of_post(post: Post) -> dict[str, Any]:
    """The post as `EditForm.cleaned_data` would hold it."""
    return {"text": post.text}


class ConfirmForm(forms.Form):
    """A button that does a thing once."""

    key = FormKeyField()


def _date_field(number: int) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=_("Date %(number)s") % {"number": number},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=[of_our_time],
        required=False,
    )

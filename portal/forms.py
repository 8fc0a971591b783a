"""What the office may write into pages and announcements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("The end lies before the beginning."))
        return cleaned

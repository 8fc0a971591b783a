"""What is asked of who reports, who decides, and who appeals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.form_keys import FormKeyField
from discussions.models import Post

MOST_REASON = 400
"""Shown beside the mark of a hidden post."""


class ReportForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong with this post?"),
        help_text=_(
            "For example: it insults somebody, it is advertising, it shows a person who did not agree."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    key = FormKeyField()


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you hide this post?"),
        help_text=_(
            "Name the rule. Everybody who reads the topic sees the reason; the author gets it by mail."
        ),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = FormKeyField()


class DecideForm(forms.Form):
    """Of a report. What is gone already cannot be hidden."""

    decision = forms.ChoiceField(
        label=_("What becomes of the post?"),
        choices=[("keep", _("The post stays")), ("hide", _("Hide the post"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Who reported it reads this, and so does the author if you hide the post."),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = FormKeyField()

    def __init__(self, data: Any = None, *, post: Post) -> None:
        super().__init__(data)
        if post.deleted_at or post.hidden_at:
            field = self.fields["decision"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
            field.choices = [("keep", _("Close the report: the post is gone already"))]
            field.initial = "keep"


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why should your post be shown again?"),
        help_text=_("You can write once. Somebody who has not hidden the post reads it and decides."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    key = FormKeyField()


class DecideAppealForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("What becomes of the post?"),
        choices=[("show", _("Show the post again")), ("uphold", _("The post stays hidden"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The author reads this."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    key = FormKeyField()

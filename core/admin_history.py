"""The admin's history says what stood there before and what stands there now, not only which field was changed."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.conflicts import in_words

AROUND, MOST = 30, 200
"""Characters shown around a difference, and at most of each side."""


class BeforeAndAfter(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """In the language of who changes it. Of rows below it (formsets) too; new and deleted ones are told as Django
        does."""
        message: Any = super().construct_change_message(request, form, formsets, add)
        below = _changed_below(formsets or ())
        for part in message if not add else ():
            said = part.get("changed", {})
            if "fields" in said:
                changed = next(below) if "name" in said else form
                said["fields"] = [
                    _sentence(changed, name) for name in changed.changed_data if _counts(changed, name)
                ]
        return message


def _changed_below(formsets: Iterable[Any]) -> Iterator[Any]:
    """The forms of changed rows, in the order in which Django tells of them."""
    for formset in formsets:
        for row, _names in formset.changed_objects:
            yield next(form for form in formset.forms if form.instance is row)


def _counts(form: Any, name: str) -> bool:
    return name != "base_version" and name in form.cleaned_data


def _sentence(form: Any, name: str) -> str:
    field = form.fields[name]
    before, after = in_words(field, form.initial.get(name)), in_words(field, form.cleaned_data[name])
    return sentence(field.label, before, after)


def sentence(label: Any, before: str, after: str) -> str:
    before, after = around(before, after)
    return _("%(field)s: “%(before)s” → “%(after)s”") % {
        "field": label,
        "before": before,
        "after": after,
    }


def around(before: str, after: str) -> tuple[str, str]:
    """Both without what they share at the beginning and at the end, but for a few characters."""
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return _part(before, start, len(before) - end), _part(after, start, len(after) - end)


def _part(text: str, start: int, end: int) -> str:
    first, last = max(start - AROUND, 0), min(end + AROUND, len(text))
    shown = text[first:last]
    if len(shown) > MOST:
        shown, last = shown[:MOST], first + MOST
    return f"{'…' if first else ''}{shown}{'…' if last < len(text) else ''}"

"""What is on every page or comes by the dozen (the site's frame, posts of a topic) is a Jinja2 template, in
templates/jinja: five times as fast. Everything else is a Django template (docs/decisions/0032).

`{% jinja "app/name.jinja" posts=posts %}` puts it into a page. What would cost more than the row itself is made once
for all rows: `address` and `clock` give functions. Texts with values: `_("by %(name)s")|format(name=…)`.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.template import TemplateDoesNotExist, engines
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.translation import get_language, get_language_info, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

_STAND_IN = 987_654_321


def environment(**options: Any) -> Environment:
    """For settings.TEMPLATES; escaping is on, as everywhere."""
    options |= {"extensions": ["jinja2.ext.i18n"], "undefined": StrictUndefined}
    made = Environment(**options, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 -- autoescape is in options
    made.install_gettext_callables(  # type: ignore[attr-defined]  # comes with the extension
        gettext, ngettext, newstyle=False, pgettext=pgettext, npgettext=npgettext
    )
    made.globals |= {
        "address": address,
        "clock": clock,
        "django": render_to_string,
        "language": get_language,
        "languages": _languages,
        "static": _static,
        "url": _url,
    }
    made.filters["filesize"] = filesizeformat
    return made


class FormRenderer(TemplatesSetting):
    """Forms are written with templates/jinja/django/forms; widgets that are not there (of the admin) with Django's."""

    def get_template(self, template_name: str) -> Any:
        if _is_ours(template_name):
            return engines["jinja"].get_template(template_name)
        return super().get_template(template_name)


@cache
def _is_ours(template_name: str) -> bool:
    try:
        engines["jinja"].get_template(template_name)
    except TemplateDoesNotExist:
        return False
    return True


def address(name: str, *before: object) -> Callable[[int], str]:
    """A function from the last number of an address to the address: `history(post.pk)`."""
    begin, end = reverse(name, args=[*before, _STAND_IN]).split(str(_STAND_IN))
    return lambda number: f"{begin}{number}{end}"


def clock(kind: str) -> Callable[[datetime], str]:
    """A function from a moment to its words in the reader's zone, as `|date:"DATETIME_FORMAT"` writes them."""
    pieces = dateformat.re_formatchars.split(get_format(kind))

    def words(moment: datetime) -> str:
        writer = dateformat.DateFormat(timezone.localtime(moment))
        # As DateFormat.format does it: every second piece is a letter that stands for a part of the moment.
        return "".join(
            str(getattr(writer, piece)()) if at % 2 else dateformat.re_escaped.sub(r"\1", piece)
            for at, piece in enumerate(pieces)
        )

    return words


def _url(name: str, *args: object) -> str:
    return _address_of(name, args, get_script_prefix())


@lru_cache(maxsize=500)
def _address_of(name: str, args: tuple[object, ...], _prefix: str) -> str:
    """An address is always the same."""
    return reverse(name, args=args)


@lru_cache(maxsize=200)
def _static(path: str) -> str:
    """Files keep their names while a process runs."""
    return static(path)


@lru_cache(maxsize=1)
def _languages() -> list[tuple[str, str]]:
    """Code and own name."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]

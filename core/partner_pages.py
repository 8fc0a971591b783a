"""Pages for partners abroad, who come by a signed link and have no account: in 13 languages, kept by nobody.

`partner_page` answers in the reader's language; `partner_problem` says friendly what is wrong with a link. An app tells
where its pages lie with `register_address`, so that what goes wrong below is said in the same way.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

HEADERS = {
    "Cache-Control": "private, no-store",
    # The address is the key. The page itself says "same-origin" once it is read: without an Origin of its own
    # a form would be refused.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
# Readers of these have no catalogue of their own here, but read another one.
_READ_AS = {"cnr": "sr-latn", "sr-me": "sr-latn", "sh": "sr-latn", "mo": "ro"}

_addresses: set[tuple[str, str]] = set()


@dataclass(frozen=True)
class _Words:
    status: int
    title: str | Promise
    happened: str | Promise
    advice: str | Promise


class Problem(Enum):
    """What can be wrong. None of them tells whether an address, a person or an entry exists."""

    WRONG = _Words(
        404,
        _("This link does not work"),
        _("Perhaps it was cut off in the mail, or a newer mail has replaced it."),
        _("Open the newest mail again and press the button there, or copy the whole address."),
    )
    EXPIRED = _Words(
        410,
        _("This link is no longer valid"),
        _("Such a link works for a limited time. Nothing was changed."),
        _("Ask the person who wrote to you for a new link."),
    )
    WITHDRAWN = _Words(
        410,
        _("This invitation was withdrawn"),
        _("The sender has taken it back. Nothing was changed."),
        _("You need not do anything."),
    )
    USED = _Words(
        410,
        _("This link was used before"),
        _("It works once. What you answered is kept."),
        _("You need not do anything."),
    )
    FORM = _Words(
        403,
        _("Please send the form again"),
        _("A form is valid for a limited time. It was not sent, and nothing was changed."),
        _("Open the link in the mail again. If this happens every time, please allow cookies for this site."),
    )
    TOO_MANY = _Words(
        429,
        _("Please wait a moment"),
        _("There were too many tries in a short time. Nothing is lost."),
        _("Please try again in five minutes."),
    )
    BROKEN = _Words(
        500,
        _("Something went wrong on our side"),
        _("This is our mistake, not yours. Nothing is lost."),
        _("Please try again in five minutes."),
    )


_BY_STATUS = {403: Problem.FORM, 429: Problem.TOO_MANY, 400: Problem.BROKEN, 500: Problem.BROKEN}


def register_address(prefix: str, *, ending: str = "") -> None:
    """Pages for partners lie below this address, say "/answer/"; with `ending` only those that end so."""
    _addresses.add((prefix, ending))


def is_for_partners(request: HttpRequest) -> bool:
    path = request.path
    return any(path.startswith(prefix) and path.endswith(ending) for prefix, ending in _addresses)


def partner_language(request: HttpRequest, language: str = "") -> str:
    """What the reader chose on the page, else `language` of the link's row, else the browser's, else German."""
    known = dict(settings.PARTNER_LANGUAGES)
    for code in (request.GET.get("lang", ""), language):
        if code in known:
            return code
    for wanted, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        parts = wanted.split("-")
        for length in range(len(parts), 0, -1):
            code = "-".join(parts[:length])
            code = _READ_AS.get(code, code)
            if code in known:
                return code
    return settings.LANGUAGE_CODE


@contextmanager
def speaking(request: HttpRequest, language: str = "") -> Iterator[None]:
    """Forms are checked in the reader's language as well: their complaints are words."""
    with translation.override(partner_language(request, language)):
        yield


def kept_language(request: HttpRequest) -> str:
    """`?lang=hu` where the reader chose one: for the address a form leads to."""
    chosen = request.GET.get("lang", "")
    return "?" + urlencode({"lang": chosen}) if chosen in dict(settings.PARTNER_LANGUAGES) else ""


def partner_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    language: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page on `partner_base.html`. `language` is that of the link's row, if there is one."""
    code = partner_language(request, language)
    with translation.override(code):
        html = render_to_string(template, {**(context or {}), "frame": _frame(request, code)}, request)
    return _answer(html, code, status)


def partner_problem(request: HttpRequest, problem: Problem, *, language: str = "") -> HttpResponse:
    """What happened and what to do. Needs neither database nor session."""
    code = partner_language(request, language)
    with translation.override(code):
        context = {"problem": problem.value, "frame": _frame(request, code)}
        html = render_to_string("partner/problem.html", context)
    return _answer(html, code, problem.value.status)


def problem_of_status(status: int) -> Problem:
    """For the handlers of errors below a partner's address."""
    return _BY_STATUS.get(status, Problem.WRONG)


def _answer(html: str, code: str, status: int) -> HttpResponse:
    return HttpResponse(html, status=status, headers={**HEADERS, "Content-Language": code})


def _frame(request: HttpRequest, code: str) -> dict[str, Any]:
    """What `partner_base.html` shows around the page."""
    others = {name: value for name, value in request.GET.items() if name != "lang"}
    return {
        "language": tag(code),
        "query": kept_language(request),
        "languages": [
            (tag(one), name, "?" + urlencode({**others, "lang": one}), one == code)
            for one, name in settings.PARTNER_LANGUAGES
        ],
    }


def tag(code: str) -> str:
    """As the standard writes it: sr-Latn."""
    language, _, script = code.partition("-")
    return f"{language}-{script.title()}" if script else language

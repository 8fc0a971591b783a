"""`manage.py check --deploy`: what must be true before ViPaD is shown to the public."""

from collections.abc import Iterator
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import Error as DatabaseError

from portal.models import Page
from portal.placeholders import placeholders
from portal.queries import LEGAL_PAGES, texts_of

LOCAL_HOSTS = {"", "localhost", "localhost.localdomain", "127.0.0.1"}


@register(Tags.security, deploy=True)
def settings_are_public(**kwargs: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    if not settings.SITE_URL.startswith("https://"):
        errors.append(
            Error(
                f"SITE_URL is {settings.SITE_URL}; links in mails must begin with https://.", id="portal.E001"
            )
        )
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] in LOCAL_HOSTS:
        errors.append(Error("DEFAULT_FROM_EMAIL is no address that can be answered.", id="portal.E002"))
    if not settings.STAFF_NEED_SECOND_FACTOR:
        errors.append(
            Error("STAFF_NEED_SECOND_FACTOR is off: the office would open with a password.", id="portal.E003")
        )
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        errors.append(
            Warning(
                "TRUSTED_PROXY_COUNT is 0: behind a proxy everybody shares one address, and HTTPS is not seen.",
                id="portal.W001",
            )
        )
    return errors


@register(Tags.security, deploy=True)
def legal_pages_are_complete(**kwargs: Any) -> list[Error]:
    try:
        pages = {page.slug: page for page in Page.objects.filter(slug__in=LEGAL_PAGES)}
        pages |= {page.slug: page for page in Page.objects.filter(kind=Page.Kind.LEGAL)}
    except DatabaseError:
        return [Error("The legal pages cannot be checked: the database does not answer.", id="portal.E004")]
    return [*_missing(pages), *(error for slug in sorted(pages) for error in _incomplete(pages[slug]))]


def _missing(pages: dict[str, Page]) -> Iterator[Error]:
    for slug in LEGAL_PAGES:
        if slug not in pages:
            yield Error(f"The page {slug} is missing; `manage.py load_pages` makes it.", id="portal.E005")


def _incomplete(page: Page) -> Iterator[Error]:
    for language, text in texts_of(page).items():
        if not text["title"].strip() or not text["body"].strip():
            yield Error(f"The page {page.slug} has no text in the language {language}.", id="portal.E006")
        unfilled = placeholders(f"{text['title']} {text['body']}")
        if unfilled:
            yield Error(
                f"The page {page.slug} ({language}) still has {len(unfilled)} gap(s) for the operator: "
                f"{', '.join(unfilled)}.",
                hint=f"Fill them in at {settings.SITE_URL}/admin/portal/page/.",
                id="portal.E007",
            )

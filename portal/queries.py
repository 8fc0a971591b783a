"""What the portal's pages read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.utils.html import format_html

from accounts.texts import TERMS
from core.markdown import to_html
from core.remembered import Remembered
from notifications.models import Notice, SweepRun
from portal.models import Announcement, Page, PageVersion
from portal.placeholders import highlighted

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
LEGAL_PAGES = ("imprint", "privacy", "accessibility", TERMS)
"""Pages the law or we ourselves ask for; `check --deploy` looks for them."""

banner = Remembered("announcements")


@dataclass(frozen=True)
class PageText:
    """A page in one language, ready to be shown."""

    title: str
    html: str
    language: str


def page_text(texts: dict[str, dict[str, str]], language: str) -> PageText:
    """`texts` is {language: {title, body}}. What is missing in `language` is shown in another one, and says so."""
    order = [language, *(code for code in LANGUAGES if code != language)]
    chosen = next((code for code in order if texts.get(code, {}).get("body")), language)
    text = texts.get(chosen, {})
    return PageText(text.get("title", ""), highlighted(to_html(text.get("body", ""))), chosen)


def texts_of(page: Page) -> dict[str, dict[str, str]]:
    """The page's words in every language, as versions keep them."""
    return {
        code: {field: getattr(page, f"{field}_{code}") or "" for field in ("title", "body")}
        for code in LANGUAGES
    }


def versions_of(page: Page) -> list[tuple[int, datetime]]:
    return list(page.versions.values_list("number", "saved_at"))


def terms_version() -> int:
    """The version of the terms in force; 0 while there are none."""
    terms = Page.objects.filter(slug=TERMS).only("version").first()
    return terms.version if terms else 0


def version_of_page(page: Page, number: int) -> PageVersion | None:
    return page.versions.filter(number=number).first()


@dataclass(frozen=True)
class ShownAnnouncement:
    level: str
    html: str


def announcements(language: str, *, now: datetime) -> list[ShownAnnouncement]:
    """What stands above every page now. Rows are kept, their beginning and end hold to the second."""
    rows = banner.remember("rows", lambda: _announcement_rows(now))
    return [
        ShownAnnouncement(row["level"], _in_language(row["texts"], language))
        for row in rows
        if row["starts_at"] <= now and (row["ends_at"] is None or now < row["ends_at"])
    ]


def _announcement_rows(now: datetime) -> list[dict[str, Any]]:
    """Also of those that are still to come: there are few."""
    found: Iterable[Announcement] = Announcement.objects.exclude(ends_at__lte=now)
    return [
        {
            "level": row.level,
            "texts": {code: getattr(row, f"text_{code}") or "" for code in LANGUAGES},
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
        }
        for row in found
    ]


def _in_language(texts: dict[str, str], language: str) -> str:
    if texts[language]:
        return format_html("<p>{}</p>", texts[language])
    other = next((code for code in LANGUAGES if texts[code]), language)
    return format_html('<p lang="{}">{}</p>', other, texts[other])


def oldest_unsent_notice(*, now: datetime) -> datetime | None:
    """When the longest waiting notice became due; None when nothing is due."""
    due: datetime | None = Notice.objects.due(now).aggregate(due=Min("due_at"))["due"]
    return due


def last_sweep() -> datetime | None:
    return SweepRun.objects.filter(name="deliver").values_list("ran_at", flat=True).first()

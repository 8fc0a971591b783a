"""The pages that come with the software: Markdown files in `seeds/`, `<slug>.<language>.md`, first line the title."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from portal.actions import save_page
from portal.models import Page
from portal.queries import LANGUAGES

SEEDS = Path(__file__).resolve().parent / "seeds"

KINDS = {
    "imprint": Page.Kind.LEGAL,
    "privacy": Page.Kind.LEGAL,
    "accessibility": Page.Kind.LEGAL,
    "terms": Page.Kind.LEGAL,
    "security": Page.Kind.LEGAL,
    "help": Page.Kind.HELP,
    "about": Page.Kind.HELP,
    "easy-language": Page.Kind.HELP,
}


def is_kept(page: Page) -> bool:
    """Whether other pages, checks or the law count on it: it is not deleted and keeps its address and kind."""
    return page.kind == Page.Kind.LEGAL or page.slug in KINDS


def first_page(slug: str) -> Page:
    """The page as we deliver it, not saved."""
    page = Page(slug=slug, kind=KINDS[slug])
    for language in LANGUAGES:
        title, _, body = (SEEDS / f"{slug}.{language}.md").read_text("utf-8").partition("\n")
        setattr(page, f"title_{language}", title.removeprefix("#").strip())
        setattr(page, f"body_{language}", body.strip() + "\n")
    return page


@transaction.atomic
def load_pages(*, now: datetime) -> list[str]:
    """Create the pages that are not there; gives their slugs. Edited ones stay as they are."""
    present = {page.slug for page in Page.objects.only("slug")}
    missing = [slug for slug in KINDS if slug not in present]
    for slug in missing:
        save_page(first_page(slug), by=None, now=now)
    return missing

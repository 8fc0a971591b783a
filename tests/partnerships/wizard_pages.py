"""What the tests of the form in steps do with it."""

import re

from django.test import Client

from partnerships.models import PartnershipDraft

NEW = "/partnerships/new/"


def key_of(page: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]


def at(draft: PartnershipDraft, step: str) -> str:
    return f"{NEW}{draft.pk}/{step}/"


def send(browser: Client, path: str, **data: object) -> object:
    """As a browser does: the page is read first, its key sent with what was filled in."""
    page = browser.get(path).content.decode()
    key = {"key": key_of(page)} if 'name="key"' in page else {}
    return browser.post(path, {**key, **data})


def kept(draft: PartnershipDraft, step: str) -> dict[str, object]:
    draft.refresh_from_db()
    return draft.data.get(step, {})  # type: ignore[no-any-return]

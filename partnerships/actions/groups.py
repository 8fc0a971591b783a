"""The closed group of a partnership: a room for the people of its sides."""

from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.languages import SPOKEN_LANGUAGES
from accounts.models import User
from discussions.actions.groups import create_group
from discussions.actions.people import invite_people
from discussions.choices import Access
from discussions.models import Group
from partnerships.models import Partnership
from partnerships.queries.groups import membership_in_group
from partnerships.queries.readers import people_of

log = structlog.get_logger(__name__)


class GroupIsThere(Exception):
    """Opened already, and this person is neither in it nor invited: its members decide who is."""


@transaction.atomic
def open_group(*, partnership: Partnership, by: User, now: datetime) -> Group:
    """`by` leads it, everybody with an account who looks after a side is invited. Pressed again it is the same group.

    Raises GroupIsThere.
    """
    row = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    if row.group_id is not None:
        known = membership_in_group(row, by)
        if known is None:
            raise GroupIsThere
        return known.group
    group = create_group(
        name=_shortened(str(row), 100),
        purpose=_("For the people who look after this partnership on both sides."),
        rules="",
        languages=_languages(row),
        access=Access.CLOSED,
        by=by,
        now=now,
        is_demo=row.is_demo,
    )
    people = {person.pk: person for side in row.sides.all() for person in people_of(side)}
    people.pop(by.pk, None)
    invite_people(group=group, people=people.values(), by=by, now=now)
    # Not through `save`: when the entry was changed last is everybody's to see.
    Partnership.objects.filter(pk=row.pk).update(group=group)
    partnership.group = group
    log.info("group_of_partnership_opened", partnership=row.pk, by=by.pk)
    return group


def _languages(partnership: Partnership) -> list[str]:
    """Those the sides use; where nothing is documented, the one it is opened in."""
    spoken = [code for code, _name in SPOKEN_LANGUAGES]
    used = [code for code in partnership.languages if code in spoken]
    return used or [get_language() if get_language() in spoken else "de"]


def _shortened(name: str, length: int) -> str:
    return name if len(name) <= length else f"{name[: length - 1].rstrip()}…"

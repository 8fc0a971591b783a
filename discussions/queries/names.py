"""Names in a group: who is meant by "@Name", and who reads a private line."""

import re
from collections import Counter
from typing import Any

from django.db.models import OuterRef, Subquery

from directory.models import Membership as OrganisationMembership
from directory.models import Organisation
from discussions.choices import Role
from discussions.models import Group, Membership


def with_mentions(text: str, group: Group) -> str:
    """`@Name` that is the shown name of exactly one member becomes the mark core.markdown knows; all else stays."""
    if "@" not in text:
        return text
    rows = Membership.objects.active().filter(group=group).select_related("person")
    people = [(row.person.shown_name, row.person_id) for row in rows]
    times = Counter(name.casefold() for name, _number in people)
    known = {
        name.casefold(): (name, number)
        for name, number in people
        if times[name.casefold()] == 1 and not set("[]\n") & set(name)
    }
    if not known:
        return text
    # The longest name first: "@Anna Maria" is not "@Anna".
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.sub(
        rf"(?<![\w@.+-])@({names})(?![\w@])",
        lambda found: _mark(*known[found[1].casefold()]),
        text,
        flags=re.IGNORECASE,
    )


def _mark(name: str, number: int) -> str:
    return f"@[{name}](person:{number})"


def coaches_of(group: Group) -> list[str]:
    """Their shown names, each with the operating organisation: they read private lines. One query."""
    rows = Membership.objects.active().filter(group=group, role=Role.COACH, person__is_active=True)
    named: Any = rows.select_related("person").annotate(organisation=_organisation_of("person"))
    return sorted(with_organisation(row.person.shown_name, row.organisation) for row in named)


def with_organisation(name: str, organisation: str | None) -> str:
    return f"{name} ({organisation})" if organisation else name


def _organisation_of(person: str) -> Any:
    """The name of the operating organisation a person belongs to."""
    rows = OrganisationMembership.objects.active().filter(person=OuterRef(person))
    operating = rows.exclude(organisation__operating=Organisation.Operating.NO)
    return Subquery(operating.order_by("organisation__operating").values("organisation__name")[:1])


ORGANISATION_OF_TAKER = _organisation_of("taken_by")
"""Of the coach who has taken a topic."""

"""Groups on somebody's desk: invitations, who asks to join, questions to the coaches, what is new.

Names of closed groups stand here only for who belongs to them or is invited: nothing else is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from discussions.choices import Belonging, Role
from discussions.models import Membership
from discussions.queries.coaching import number_for
from discussions.queries.groups import own_groups
from portal.steps import Step

MOST = 5
"""Of all kinds together; what somebody waits for comes first."""


@dataclass(frozen=True)
class GroupSteps:
    urgent: list[Step]
    """Invitations."""
    waiting: list[Step]
    """Somebody waits for the person: to be let in, or for an answer."""
    news: list[Step]


def group_steps(person: User) -> GroupSteps:
    """One query, and one more for coaches."""
    rows = list(own_groups(person))
    active = [row for row in rows if row.state == Belonging.ACTIVE and not row.group.is_archived]
    urgent = [_invited(row) for row in rows if row.state == Belonging.INVITED][:MOST]
    waiting = [*_asked(active), *_questions(person, active)][: MOST - len(urgent)]
    news = [_new(row) for row in active if _unread(row)][: MOST - len(urgent) - len(waiting)]
    return GroupSteps(urgent, waiting, news)


def _invited(row: Membership) -> Step:
    return Step(
        _("You are invited to the group “%(name)s”") % {"name": row.group.name},
        _("Look what it is for, and join or decline."),
        reverse("discussions:join", args=[row.group.slug]),
        _("Look at the invitation"),
    )


def _asked(rows: list[Membership]) -> Iterator[Step]:
    for row in rows:
        number: int = row.waiting  # type: ignore[attr-defined]  # of own_groups
        if number:
            title = ngettext(
                "%(number)s person asks to join the group “%(name)s”",
                "%(number)s people ask to join the group “%(name)s”",
                number,
            )
            yield Step(
                title % {"number": number, "name": row.group.name},
                _("Please accept or decline. They get your answer by mail."),
                reverse("discussions:people", args=[row.group.slug]),
                _("Answer"),
            )


def _questions(person: User, rows: list[Membership]) -> Iterator[Step]:
    number = number_for(person) if any(row.role == Role.COACH for row in rows) else 0
    if number:
        title = ngettext("%(number)s question waits for you", "%(number)s questions wait for you", number)
        yield Step(
            title % {"number": number},
            _("From the groups you coach. Those another coach has taken are not counted."),
            reverse("discussions:coaching"),
            _("Look at the questions"),
        )


def _new(row: Membership) -> Step:
    title = ngettext(
        "%(number)s topic with something new in “%(name)s”",
        "%(number)s topics with something new in “%(name)s”",
        _unread(row),
    )
    return Step(
        title % {"number": _unread(row), "name": row.group.name},
        _("Somebody has written in your group."),
        row.group.get_absolute_url(),
        _("Read"),
    )


def _unread(row: Membership) -> int:
    number: int = row.unread  # type: ignore[attr-defined]  # of own_groups
    return number

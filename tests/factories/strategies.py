"""Strategies with their team, their eleven sections, and a coach."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Group as Role

from accounts.models import User
from core.conflicts import BaseVersion, mark_of
from directory.operating import OperatingRole
from partnerships.models import Partnership, SideContact
from tests.factories.partnerships import PartnershipFactory
from training.actions.strategies import begin_strategy, save_section
from training.choices import Section
from training.models import Strategy, StrategySection
from training.section_values import in_language

BEGUN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def make_coach(person: User) -> User:
    role, _is_new = Role.objects.get_or_create(name=OperatingRole.COACH)
    person.groups.add(role)
    return person


def look_after(partnership: Partnership, *people: User) -> None:
    """The first one looks after the first side, all others after the second one."""
    sides = list(partnership.sides.order_by("position"))
    for at, person in enumerate(people):
        SideContact.objects.create(side=sides[min(at, 1)], person=person, since=BEGUN)


def strategy_of(*people: User, languages: Iterable[str] = ("de", "hu"), **more: Any) -> Strategy:
    """Of a new partnership these people look after; `more` is for the partnership."""
    partnership = PartnershipFactory(**more)
    look_after(partnership, *people)
    by = people[0]
    return begin_strategy(partnership=partnership, languages=languages, by=by, now=BEGUN)


def base_of(row: StrategySection, language: str) -> BaseVersion:
    """What a form made now would carry."""
    base = BaseVersion(row.version)
    values = in_language(Section(row.code), row.values, language)
    base.marks = {name: mark_of(value) for name, value in values.items()}
    return base


def write(
    strategy: Strategy, code: str, by: User, now: datetime = BEGUN, language: str = "de", **fields: Any
) -> StrategySection:
    """As somebody who opens the form and saves it at once."""
    row = strategy.sections.get(code=code)
    base = base_of(row, language)
    return save_section(section=row, language=language, typed=fields, base=base, by=by, now=now)

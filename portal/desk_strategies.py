"""Strategies on somebody's desk: what a coach has returned, what is due, and what waits for who coaches."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from portal.steps import Step
from training.choices import SectionState
from training.coaching import is_coach
from training.models import Measure, Strategy
from training.queries.coaching import waiting_versions
from training.queries.measures import title_in
from training.queries.revising import due_words
from training.queries.strategies import name_of

SOON = timedelta(days=14)
MOST = 5


def strategy_steps(person: User) -> Iterator[Step]:
    """Four queries, with the sides of own strategies; one more for coaches."""
    yield from _for_coaches(person)
    own = Strategy.objects.of_team(person).select_related("partnership")
    rows: Any = own.prefetch_related(
        "partnership__sides__municipality", "partnership__sides__region"
    ).annotate(
        returned=Count("sections", filter=Q(sections__state=SectionState.RETURNED), distinct=True),
        due_on=Min("sections__due_on", filter=Q(sections__state=SectionState.RETURNED)),
        asked=Count("reviews", filter=Q(reviews__done_at=None), distinct=True),
    )
    for row in list(rows)[:MOST]:
        if row.returned:
            yield _returned(row, row.returned, row.due_on)
        elif row.asked:
            yield _review(row)
    yield from _measures(person)


def _for_coaches(person: User) -> Iterator[Step]:
    if not is_coach(person):
        return
    number = waiting_versions(demo=settings.SHOW_DEMO).count()
    if number:
        title = ngettext(
            "%(number)s strategy waits for a coach", "%(number)s strategies wait for a coach", number
        ) % {"number": number}
        text = _("Teams have sent sections and wait for an answer.")
    else:
        title, text = (
            _("Your desk as a coach"),
            _("Nothing waits. See who gets on, and who could use a word."),
        )
    yield Step(title, text, reverse("training:coaching"), _("Open the coaches’ desk"))


def _returned(row: Strategy, number: int, due_on: date | None) -> Step:
    """`due_on` is the earliest day a coach has named."""
    text = ngettext(
        "A coach has answered: please revise %(number)s section.",
        "A coach has answered: please revise %(number)s sections.",
        number,
    ) % {"number": number}
    return Step(
        _("Strategy of %(name)s") % {"name": name_of(row.partnership)},
        f"{text} {due_words(due_on, today=timezone.localdate())}".strip(),
        row.get_absolute_url(),
        _("Read the answer"),
    )


def _review(row: Strategy) -> Step:
    return Step(
        _("Strategy of %(name)s") % {"name": name_of(row.partnership)},
        _("It is time to look back: what works, what was hard, what comes next?"),
        row.get_absolute_url(),
        _("Look back"),
    )


def _measures(person: User) -> Iterator[Step]:
    """One's own that are due soon or overdue."""
    rows = Measure.objects.running().filter(
        owner=person, due_on__lte=timezone.localdate() + SOON, strategy__in=Strategy.objects.of_team(person)
    )
    for row in rows.select_related("strategy__partnership")[:MOST]:
        title = title_in(row.titles, row.strategy.languages)
        yield Step(
            title.text,
            _("Your measure is due on %(day)s.") % {"day": date_format(row.due_on, "DATE_FORMAT")},
            row.get_absolute_url(),
            _("Open the measures"),
            title.language if title.is_other else "",
        )

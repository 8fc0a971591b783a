"""A strategy as its team and the coaches see it: the same few queries however much stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import User
from partnerships.models import Partnership
from partnerships.names import title_of
from training.choices import Section, SectionState, VersionState
from training.coaching import is_coach
from training.models import (
    CoachNote,
    Measure,
    SectionComment,
    SectionDraft,
    Strategy,
    StrategyReview,
    StrategySection,
    StrategyVersion,
)
from training.queries.content import Text
from training.queries.revising import due_of, due_words
from training.section_texts import words_of
from training.section_values import filled_places, is_empty, is_ready
from training.sections import LAYOUT, Ask, Places

Row = TypeVar("Row", StrategyVersion, StrategyReview, Measure)
WRITING = timedelta(minutes=30)
"""So long after the last draft somebody counts as being at it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody before a strategy. Who coaches does not answer to the own partnership."""

    strategy: Strategy
    name: str
    writes: bool
    coaches: bool

    @property
    def may_answer(self) -> bool:
        return self.coaches and not self.writes


@dataclass(frozen=True, slots=True)
class SectionRow:
    section: StrategySection
    number: int
    name: str
    url: str
    comments: int
    is_empty: bool
    is_ready: bool
    has_draft: bool
    due: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what helps to answer it. `others`: what stands there in the other languages."""

    field: Any
    example: str
    others: list[Text]


@dataclass(frozen=True, slots=True)
class Place:
    legend: str
    questions: list[Asked]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One question, or a group of places with its guidance."""

    question: Asked | None
    help: str
    example: str
    places: list[Place]


def name_of(partnership: Partnership) -> str:
    """With the German names: "Fellbach – Pécs (Fünfkirchen)"."""
    return title_of((side.party.name, side.party.german_name) for side in partnership.sides.all())


def reader_of(person: User, slug: str) -> Reader | None:
    """None for everybody who is neither of the team nor a coach, and where there is no strategy."""
    seen = Strategy.objects.visible_to(person).select_related("partnership", "coach")
    rows = seen.prefetch_related("partnership__sides__municipality", "partnership__sides__region")
    strategy = rows.filter(partnership__slug=slug).first()
    if strategy is None:
        return None
    writes = Strategy.objects.of_team(person).filter(pk=strategy.pk).exists()
    return Reader(strategy, name_of(strategy.partnership), writes, is_coach(person))


def partnership_to_begin(person: User, slug: str) -> Partnership | None:
    """One of the person's own. That it has no strategy was asked before; somebody may have begun it since."""
    own = Partnership.objects.spoken_for_by(person).filter(slug=slug)
    return own.prefetch_related("sides__municipality", "sides__region").first()


def section_rows(strategy: Strategy, person: User, *, today: date) -> list[SectionRow]:
    """Three queries. `today` for what is overdue."""
    sections = {row.code: row for row in strategy.sections.select_related("changed_by")}
    counted = strategy.comments.order_by().values("code").annotate(number=Count("id"))
    comments = {row["code"]: row["number"] for row in counted}
    mine = SectionDraft.objects.filter(
        person=person, section__strategy=strategy, language__in=strategy.languages
    )
    drafts = set(mine.values_list("section", flat=True))
    return [
        SectionRow(
            section=sections[code],
            number=int(code[1:]),
            name=str(code.label),
            url=section_url(strategy, code),
            comments=comments.get(code, 0),
            is_empty=is_empty(sections[code].values),
            is_ready=is_ready(code, sections[code].values),
            has_draft=sections[code].pk in drafts,
            due=due_words(due_of(sections[code]), today=today),
        )
        for code in Section
    ]


def section_url(strategy: Strategy, code: str) -> str:
    return reverse("training:section", args=(strategy.partnership.slug, code.lower()))


def to_send(rows: list[SectionRow]) -> list[tuple[str, str]]:
    """What may be sent now: written in, and neither with the coaches nor approved."""
    open_states = (SectionState.OPEN, SectionState.RETURNED)
    return [
        (row.section.code, f"{row.number}. {row.name}")
        for row in rows
        if row.is_ready and row.section.state in open_states
    ]


def section_of(strategy: Strategy, code: str) -> StrategySection:
    """All eleven are there from the beginning."""
    return strategy.sections.select_related("changed_by").get(code=code.upper())


def draft_of(section: StrategySection, language: str, person: User) -> SectionDraft | None:
    return SectionDraft.objects.filter(section=section, language=language, person=person).first()


def drafts_of(section: StrategySection, person: User) -> QuerySet[SectionDraft]:
    """In every language."""
    return SectionDraft.objects.filter(section=section, person=person).order_by("language")


def who_is_writing(section: StrategySection, person: User, *, now: datetime) -> list[tuple[str, datetime]]:
    """Others who have typed here just now, and when last."""
    rows = SectionDraft.objects.filter(section=section, changed_at__gte=now - WRITING).exclude(person=person)
    return [(row.person.shown_name, row.changed_at) for row in rows.select_related("person")]


def parts_of(form: Any, row: StrategySection, languages: list[str]) -> Iterator[Part]:
    """The form of a section with guidance, examples and the texts of the other languages beside each field."""
    section = form.section
    others = [code for code in languages if code != form.language]
    filled = filled_places(section, row.values)
    for part in LAYOUT[section]:
        words = words_of(section, part.name)
        if isinstance(part, Ask):
            asked = _asked(form, part.name, str(words.get("example", "")), row, others)
            yield Part(asked, "", "", [])
        else:
            yield Part(None, words["help"], words["example"], _places(form, part, words, row, others, filled))


def _places(
    form: Any, part: Places, words: Any, row: StrategySection, others: list[str], filled: dict[str, int]
) -> list[Place]:
    last = filled.get(part.name, 0)
    made = []
    for place in range(1, part.number + 1):
        names = [f"{part.name}_{place}_{ask.name}" for ask in part.asks]
        questions = [_asked(form, name, "", row, others) for name in names]
        typed = any(form[name].value() or form[name].errors for name in names)
        legend = str(words["legend"]).replace("{number}", str(place))
        made.append(Place(legend, questions, is_open=place <= max(last, 1) or typed))
    return made


def _asked(form: Any, name: str, example: str, row: StrategySection, others: list[str]) -> Asked:
    stored = row.values.get(name)
    texts = stored if isinstance(stored, dict) else {}
    return Asked(form[name], example, [Text(code, texts[code]) for code in others if texts.get(code)])


def comments_of(strategy: Strategy, code: str) -> list[SectionComment]:
    return list(strategy.comments.filter(code=code).select_related("author", "version"))


def versions_of(strategy: Strategy) -> list[StrategyVersion]:
    """The newest first, without their content."""
    rows = strategy.versions.select_related("sent_by", "decided_by").defer("content")
    return list(rows.order_by("-number"))


def version_of(strategy: Strategy, number: int) -> StrategyVersion | None:
    found = strategy.versions.select_related("sent_by", "decided_by").filter(number=number).first()
    return _with(strategy, found)


def _with(strategy: Strategy, row: Row | None) -> Row | None:
    """The row knows its strategy, with what its address is made of."""
    if row is not None:
        row.strategy = strategy
    return row


def last_approved(strategy: Strategy) -> StrategyVersion | None:
    return strategy.versions.filter(state=VersionState.APPROVED).last()


def content_now(strategy: Strategy) -> dict[str, Any]:
    """As `StrategyVersion.content`, of what stands there now."""
    sections = list(strategy.sections.all())
    return {
        "languages": strategy.languages,
        "sections": {row.code: row.values for row in sections},
        "approved": [row.code for row in sections if row.state == SectionState.APPROVED],
        "measures": [measure_content(row) for row in strategy.measures.all()],
    }


def measure_content(row: Measure) -> dict[str, Any]:
    """People by their number: who is forgotten later has no name here."""
    return {
        "id": row.pk,
        "titles": row.titles,
        "owner": row.owner_id,
        "who": row.who,
        "due_on": row.due_on.isoformat(),
    }


def owner_names(*contents: dict[str, Any]) -> dict[int, str]:
    """Of those who are still here."""
    numbers = {row["owner"] for content in contents for row in content["measures"] if row["owner"]}
    return {person.pk: person.shown_name for person in User.objects.filter(pk__in=numbers, is_active=True)}


def notes_of(strategy: Strategy, person: User) -> list[CoachNote]:
    return list(CoachNote.objects.visible_to(person).filter(strategy=strategy).select_related("author"))


def note_of(strategy: Strategy, person: User, number: int) -> CoachNote | None:
    return CoachNote.objects.visible_to(person).filter(strategy=strategy, pk=number).first()


def reviews_of(strategy: Strategy) -> list[StrategyReview]:
    return list(strategy.reviews.select_related("strategy__partnership"))


def review_of(strategy: Strategy, number: int) -> StrategyReview | None:
    return _with(strategy, strategy.reviews.filter(pk=number).first())


def measure_of(strategy: Strategy, number: int) -> Measure | None:
    return _with(strategy, strategy.measures.filter(pk=number).first())

"""What a draft says, and what it still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from directory.models import Topic
from directory.names import shown_name
from partnerships.models import Partnership, PartnershipDraft, PartnershipQuerySet
from partnerships.queries.parties import Party, code_of, parties_of, sides_key

# The steps of the form, as they stand in its address.
OURS, THEIRS, KIND, WORK, CONTACTS = "our-side", "other-side", "kind", "work", "contacts"
STEPS = (OURS, THEIRS, KIND, WORK, CONTACTS)
CHECK = "check"
DONE = "done"

DATES = ("signed_on", "council_decided_on")
_FEW = {2: Partnership.Shape.BILATERAL, 3: Partnership.Shape.TRIANGULAR}


@dataclass(frozen=True, slots=True)
class OtherContact:
    """Who is to be asked on another side."""

    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A draft against the directory as it is now: a town may have been merged since it was chosen."""

    ours: Party | None
    others: dict[str, Party]
    """By the code they were chosen under."""
    data: dict[str, dict[str, Any]]

    @property
    def parties(self) -> list[Party]:
        return [*([self.ours] if self.ours else ()), *self.others.values()]

    @property
    def title(self) -> str:
        return _title(self.parties)

    @property
    def shape(self) -> str:
        """Of two and three sides it is clear; of more it was asked. Empty when it is still to be asked."""
        asked = self.data.get(KIND, {}).get("shape", "")
        return _FEW.get(len(self.parties)) or (asked if asked in BIG_SHAPES else "")

    @property
    def is_demo(self) -> bool:
        return any(_is_demo(party) for party in self.parties)

    @property
    def facts(self) -> dict[str, Any]:
        """Values of the partnership's own columns."""
        facts = {**self.data.get(KIND, {}), "shape": self.shape}
        facts |= {name: date.fromisoformat(facts[name]) for name in DATES if facts.get(name)}
        return facts | {name: value for name, value in self.data.get(WORK, {}).items() if name != "topics"}

    @property
    def topics(self) -> list[Topic]:
        return list(Topic.objects.filter(code__in=self.data.get(WORK, {}).get("topics", [])))

    @property
    def role(self) -> str:
        return str(self.data.get(CONTACTS, {}).get("role", ""))

    def contact_of(self, code: str) -> OtherContact | None:
        """Who was named for another side, by the code it was chosen under."""
        named = self.data.get(CONTACTS, {}).get("others", {}).get(code)
        return OtherContact(**named) if named else None


BIG_SHAPES = (Partnership.Shape.RING, Partnership.Shape.NETWORK)


def entry_of(draft: PartnershipDraft) -> DraftEntry:
    ours, *others = _codes(draft)
    known = parties_of([ours, *others])
    return DraftEntry(known.get(ours), {code: known[code] for code in others if code in known}, draft.data)


def titles_of(drafts: Sequence[PartnershipDraft]) -> list[str]:
    """What drafts are called, with two queries for all of them."""
    codes = {code for draft in drafts for code in _codes(draft)}
    known = parties_of(codes)
    return [_title([known[code] for code in _codes(draft) if code in known]) for draft in drafts]


def is_mixed(parties: Sequence[Party]) -> bool:
    """Invented examples and real places do not go together."""
    return len({_is_demo(party) for party in parties}) > 1


def between(parties: Sequence[Party]) -> PartnershipQuerySet:
    """Every entry with exactly these sides, of whatever kind."""
    return Partnership.objects.filter(sides_key=sides_key(parties)).order_by("pk")


def open_steps(entry: DraftEntry, writer: User) -> list[str]:
    """The steps that still want something before the draft can be registered, in their order."""
    wanted = {
        OURS: entry.ours is None,
        THEIRS: not entry.others or _is_wrong(entry.parties) or bool(unmentioned(entry, writer)),
        KIND: KIND not in entry.data or not entry.shape or _is_taken(entry),
        CONTACTS: not entry.role,
    }
    return [step for step in STEPS if wanted.get(step)]


def sides_asked(partnership: Partnership) -> list[str]:
    """The sides whose people have been asked by mail, for who entered it."""
    sides = partnership.sides.filter(contacts__person=None, contacts__ended_at=None, contacts__isnull=False)
    return [side.name for side in sides.select_related("municipality", "region").distinct()]


def _codes(draft: PartnershipDraft) -> list[str]:
    return [draft.data.get(OURS, {}).get("side", ""), *draft.data.get(THEIRS, {}).get("sides", [])]


def _title(parties: Sequence[Party]) -> str:
    names = [shown_name(party.name, party.german_name) for party in parties]
    return " – ".join(names if len(names) > 1 else [*names, "…"])


def _is_wrong(parties: Sequence[Party]) -> bool:
    return is_mixed(parties) or len({code_of(party) for party in parties}) < len(parties)


def unmentioned(entry: DraftEntry, writer: User) -> list[Partnership]:
    """What the writer can see between the same sides, unless they have said that this one is another."""
    if entry.data.get(THEIRS, {}).get("another_than", "") == sides_key(entry.parties):
        return []
    return list(
        between(entry.parties).visible_to(writer).prefetch_related("sides__municipality", "sides__region")
    )


def _is_taken(entry: DraftEntry) -> bool:
    return between(entry.parties).filter(kind=entry.data[KIND]["kind"]).exists()


def _is_demo(party: Party) -> bool:
    return bool(getattr(party, "is_demo", False))

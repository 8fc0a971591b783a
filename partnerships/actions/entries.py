"""What happens to partnerships: who writes one, writes it here, so that its derived columns are always right."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.text import slugify

from accounts.models import User
from core.folding import fold, sort_key
from directory.actions import set_partnership_counts
from directory.models import Municipality, Topic
from partnerships import register_cache
from partnerships.actions.documents import forget_documents
from partnerships.models import Document, Partnership, PartnershipSide
from partnerships.queries.parties import Party, code_of, sides_key

log = structlog.get_logger(__name__)

MOST_SIDES = 40
"""What the column of the key holds."""


class TooFewSides(Exception):
    """A partnership has two sides or more."""


class TooManySides(Exception):
    """More than MOST_SIDES."""


class SidesMustDiffer(Exception):
    """The same municipality or county stands on two sides."""


class SamePairExists(Exception):
    """The same sides have a partnership of this kind already: `existing`."""

    def __init__(self, existing: Partnership) -> None:
        super().__init__(existing.slug)
        self.existing = existing


@transaction.atomic
def register(
    *,
    sides: Sequence[Party],
    facts: dict[str, Any],
    topics: Iterable[Topic] = (),
    slug: str = "",
    is_demo: bool = False,
    publish_at: datetime | None,
) -> Partnership:
    """A new partnership; `facts` are values of its own columns. Raises what `save_partnership` raises."""
    partnership = Partnership(slug=slug, is_demo=is_demo, published_at=publish_at, **facts)
    return save_partnership(partnership=partnership, sides=sides, topics=topics)


@transaction.atomic
def save_partnership(
    *, partnership: Partnership, sides: Sequence[Party], topics: Iterable[Topic] | None = None
) -> Partnership:
    """Write the partnership with exactly these sides, in this order; `topics` None leaves them as they are.

    Raises TooFewSides, TooManySides, SidesMustDiffer, SamePairExists; then nothing is written.
    """
    check_sides(sides)
    before = _lock(partnership)
    _derive(partnership, sides)
    if not partnership.slug:
        partnership.slug = free_slug(sides)
    try:
        with transaction.atomic():
            _write(partnership)
            _write_sides(partnership, sides)
    except IntegrityError:
        existing = find_same(sides=sides, kind=partnership.kind, other_than=partnership.pk)
        if existing is None:
            raise
        raise SamePairExists(existing) from None
    if topics is not None:
        partnership.topics.set(topics)
    _keep_topic_codes(partnership)
    _count(before | _municipalities(partnership))
    register_cache.forget()
    return partnership


@transaction.atomic
def delete(*, partnership: Partnership, by: User | None = None) -> None:
    municipalities, pk = _lock(partnership), partnership.pk
    forget_documents(Document.objects.filter(partnership=partnership))
    partnership.delete()
    _count(municipalities)
    register_cache.forget()
    log.info("partnership_deleted", partnership=pk, by=by.pk if by else None)


@transaction.atomic
def refresh_search(partnership: Partnership) -> None:
    """Derive again what comes from the sides: after one of them was renamed, moved or merged."""
    _derive(partnership, [side.party for side in _sides(partnership)])
    partnership.save(update_fields=(*DERIVED, "changed_at"))
    _keep_topic_codes(partnership)
    _count(_municipalities(partnership))
    register_cache.forget()


@transaction.atomic
def refresh_partnerships_of(*, place: Party) -> None:
    """`refresh_search` for all partnerships of a municipality or a region."""
    here = {"sides__municipality": place} if isinstance(place, Municipality) else {"sides__region": place}
    for partnership in Partnership.objects.filter(**here).order_by("pk"):
        refresh_search(partnership)


def check_sides(sides: Sequence[Party]) -> None:
    """Raises TooFewSides, TooManySides or SidesMustDiffer."""
    if len(sides) < 2:
        raise TooFewSides
    if len(sides) > MOST_SIDES:
        raise TooManySides
    if len({code_of(party) for party in sides}) < len(sides):
        raise SidesMustDiffer


def find_same(*, sides: Sequence[Party], kind: str, other_than: int | None = None) -> Partnership | None:
    """The partnership of these sides and this kind, in whatever order it was entered."""
    same = Partnership.objects.filter(sides_key=sides_key(sides), kind=kind)
    return (same if other_than is None else same.exclude(pk=other_than)).first()


def free_slug(sides: Sequence[Party]) -> str:
    """fellbach-pecs, or fellbach-pecs-2 if that is taken."""
    # A second request for the same address meets the unique column and is told so by the database.
    stem = slugify("-".join(fold(_short(party.name)) for party in sides))[:100].strip("-") or "partnership"
    alike: Any = Partnership.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    taken = set(alike)
    number = 1
    slug = stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


# Written by actions of their own: who saves the facts may hold an older row.
STATE = frozenset(
    {"published_at", "confirmation", "confirmed_on", "registered_by", "group", "is_demo", "is_seed"}
)
DERIVED = ("sides_key", "countries", "search_text", "sort_key")


def _write(partnership: Partnership) -> None:
    if partnership.pk is None:
        partnership.save()
        return
    version: Any = Partnership.objects.filter(pk=partnership.pk).values_list("version", flat=True)
    partnership.version = version.get() + 1
    columns = [field.name for field in Partnership._meta.concrete_fields if not field.primary_key]
    partnership.save(update_fields=[name for name in columns if name not in STATE])


def _derive(partnership: Partnership, sides: Sequence[Party]) -> None:
    partnership.sides_key = sides_key(sides)
    partnership.countries = countries_of(sides)
    partnership.search_text = search_text_of(sides)
    partnership.sort_key = sort_key_of(sides)


def search_text_of(sides: Iterable[Party]) -> str:
    """All names of all sides."""
    return "|" + "|".join(party.search_text.strip("|") for party in sides) + "|"


def sort_key_of(sides: Iterable[Party]) -> str:
    return " ".join(sort_key(party.name) for party in sides)[:300]


def countries_of(sides: Iterable[Party]) -> list[str]:
    """The partners' countries: those of the sides outside Baden-Württemberg, Germany if there are none."""
    return sorted({party.country_id for party in sides if not in_baden_wuerttemberg(party)}) or ["DE"]


def in_baden_wuerttemberg(party: Party) -> bool:
    if isinstance(party, Municipality):
        return party.country_id == "DE" and (party.ags.startswith("08") or party.is_demo)
    return party.code == "DE-BW" or party.code.startswith("DE-08")


def _short(name: str) -> str:
    """Without what stands behind the name proper: "Singen (Hohentwiel)", "Esslingen am Neckar" stays."""
    return name.partition("(")[0]


def _lock(partnership: Partnership) -> set[int]:
    """Nobody else writes this partnership now; its municipalities so far."""
    if partnership.pk is None:
        return set()
    Partnership.objects.select_for_update().filter(pk=partnership.pk).first()
    return _municipalities(partnership)


def _sides(partnership: Partnership) -> list[PartnershipSide]:
    return list(
        PartnershipSide.objects.filter(partnership=partnership)
        .select_related("municipality", "region")
        .order_by("position", "pk")
    )


def _municipalities(partnership: Partnership) -> set[int]:
    sides = PartnershipSide.objects.filter(partnership=partnership).exclude(municipality=None)
    return {number for number in sides.values_list("municipality_id", flat=True) if number is not None}


def _write_sides(partnership: Partnership, sides: Sequence[Party]) -> None:
    """Sides that stay keep their row, because later things hang on it."""
    kept = {code_of(side.party): side for side in _sides(partnership)}
    for position, party in enumerate(sides):
        side = kept.pop(code_of(party), None)
        if side is None:
            name = "municipality" if isinstance(party, Municipality) else "region"
            PartnershipSide.objects.create(partnership=partnership, position=position, **{name: party})
        elif side.position != position:
            side.position = position
            side.save(update_fields=("position",))
    PartnershipSide.objects.filter(pk__in=[side.pk for side in kept.values()]).delete()


def _keep_topic_codes(partnership: Partnership) -> None:
    in_order: Any = partnership.topics.values_list("code", flat=True)
    codes = list(in_order)
    if codes != partnership.topic_codes:
        partnership.topic_codes = codes
        partnership.save(update_fields=("topic_codes",))


def write_state(partnership: Partnership, *columns: str) -> None:
    """Columns the counts of the directory and every list hang on."""
    partnership.save(update_fields=(*columns, "changed_at"))
    _count(_municipalities(partnership))
    register_cache.forget()


def _count(municipalities: Collection[int]) -> None:
    """What the directory shows beside a town: its published partnerships."""
    counted = dict(
        PartnershipSide.objects.filter(
            municipality__in=municipalities, partnership__in=Partnership.objects.published()
        )
        .order_by()
        .values_list("municipality_id")
        .annotate(number=Count("pk"))
    )
    set_partnership_counts({number: counted.get(number, 0) for number in municipalities})

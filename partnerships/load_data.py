"""Made-up partnerships between real municipalities, to measure with. Only ever in a database of its own."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

from django.db import connection, transaction

from directory.models import Municipality, Topic
from partnerships import register_cache
from partnerships.actions import countries_of, search_text_of, sides_key, sort_key_of
from partnerships.models import Partnership, PartnershipSide

SEED = 2027
_KINDS = (
    ("partnership",) * 12 + ("friendship",) * 4 + ("contact",) * 2 + ("project_partnership", "solidarity", "")
)
_STATUSES = ("active",) * 7 + ("unknown",) * 4 + ("dormant", "ended", "preparation")


@transaction.atomic
def make_load_data(*, number: int, now: datetime) -> int:
    """`number` partnerships of Baden-Württemberg with the Danube countries, the same on every machine."""
    random = Random(SEED)  # noqa: S311 -- not a secret
    codes: Any = Topic.objects.values_list("code", "pk")
    topics: dict[str, int] = dict(codes)
    partnerships: list[Partnership] = []
    sides: list[PartnershipSide] = []
    for home, abroad in _pairs(number, random):
        pair = [home, abroad]
        year = random.randint(1955, 2024) if random.random() < 0.8 else None
        partnership = Partnership(
            slug=f"load-{len(partnerships) + 1}",
            kind=random.choice(_KINDS),
            status=random.choice(_STATUSES),
            signed_year=year,
            topic_codes=random.sample(list(topics), min(len(topics), random.randint(0, 4))),
            sides_key=sides_key(pair),
            countries=countries_of(pair),
            search_text=search_text_of(pair),
            sort_key=sort_key_of(pair),
            published_at=now,
        )
        partnerships.append(partnership)
        sides += [
            PartnershipSide(partnership=partnership, position=at, municipality=town)
            for at, town in enumerate(pair)
        ]
    Partnership.objects.bulk_create(partnerships, batch_size=500)
    PartnershipSide.objects.bulk_create(sides, batch_size=1000)
    link = Partnership.topics.through
    links = [
        link(partnership_id=partnership.pk, topic_id=topics[code])
        for partnership in partnerships
        for code in partnership.topic_codes
    ]
    link.objects.bulk_create(links, batch_size=1000)
    _tidy_tables()
    register_cache.forget()
    return len(partnerships)


def _tidy_tables() -> None:
    """What PostgreSQL does by itself a minute after so many new rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('partnership_search')")
        for model in (Partnership, PartnershipSide, Partnership.topics.through):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _pairs(number: int, random: Random) -> Iterator[tuple[Municipality, Municipality]]:
    """Different pairs; larger towns have more partners."""
    towns = Municipality.objects.current().mapped().order_by("ags", "geonames_id", "slug")
    homes = list(towns.filter(ags__startswith="08"))
    abroad = list(towns.exclude(country="DE").exclude(population=None))
    weights = [max(1, town.population or 0) ** 0.5 for town in homes]
    far_weights = [max(1, town.population or 0) ** 0.5 for town in abroad]
    seen: set[tuple[int, int]] = set()
    while len(seen) < min(number, len(homes) * len(abroad)):
        home = random.choices(homes, weights)[0]
        partner = random.choices(abroad, far_weights)[0]
        if (home.pk, partner.pk) not in seen:
            seen.add((home.pk, partner.pk))
            yield home, partner

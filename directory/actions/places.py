"""Places saved, merged and counted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Case, F, ForeignObjectRel, IntegerField, Model, Q, Value, When
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from core.folding import fold, search_text, sort_key
from directory import list_cache
from directory.actions.claims import ask_about_open_claims, unite_claims
from directory.merging import MergeConflict, Place, ask_before_merge, derived_from, note_merge, tell_change
from directory.models import Country, Municipality, MunicipalityName, Region, Topic

log = structlog.get_logger(__name__)

# Facts of the row that goes which the row that stays takes over where it has none.
_CODES = ("ags", "lau", "nuts", "geonames_id", "wikidata_id")
_FACTS = (
    ("german_name",),
    ("local_script_name", "local_script_by_rule"),
    ("population", "population_year"),
    ("latitude", "longitude"),
    ("time_zone",),
    ("website",),
    *((f"description_{code}",) for code, _name in settings.LANGUAGES),
)


@transaction.atomic
def save_municipality(*, municipality: Municipality, by: User | None = None) -> Municipality:
    """Save a municipality, new or changed, with what follows from its names."""
    before = Municipality.objects.select_for_update().filter(pk=municipality.pk).first()
    if not municipality.slug:
        municipality.slug = free_slug(municipality)
    _write(municipality)
    if before and derived_from(before) != derived_from(municipality):
        tell_change(municipality)
    log.info("municipality_saved", municipality=municipality.pk, by=by.pk if by else None)
    return municipality


def _write(municipality: Municipality) -> None:
    further: list[Any] = []
    if municipality.pk:
        further = list(municipality.names.order_by("pk").values_list("text", flat=True))
    municipality.search_text = municipality_search_text(municipality, further)
    municipality.sort_key = sort_key(municipality.name)
    if municipality.pk:
        municipality.version += 1
    municipality.save()
    list_cache.forget()


@transaction.atomic
def save_region(*, region: Region) -> Region:
    before = Region.objects.select_for_update().filter(pk=region.pk).first()
    region.search_text = search_text(name for name in (region.name, region.german_name) if name)
    region.save()
    list_cache.forget()
    if before and derived_from(before) != derived_from(region):
        tell_change(region)
    return region


@transaction.atomic
def save_labels(*, row: Country | Topic) -> None:
    """Save a country or a topic: their names stand in every list."""
    row.save()
    list_cache.forget()


def municipality_search_text(municipality: Municipality, further_names: Iterable[str]) -> str:
    """The main name first: that is how a search tells it from further ones."""
    names = (municipality.name, municipality.german_name, municipality.local_script_name, *further_names)
    return search_text(name for name in names if name)


def free_slug(municipality: Municipality) -> str:
    """pecs; where that is taken, with the country and then a number behind it: pecs-hu, pecs-hu-2."""
    # Two requests that find the same free address meet at the unique column.
    stem = slugify(fold(municipality.name))[:80].strip("-") or "place"
    with_country = f"{stem}-{municipality.country_id.lower()}"
    rows: Any = Municipality.objects.filter(slug__startswith=stem)
    taken = set(rows.values_list("slug", flat=True))
    candidates = (stem, with_country, *(f"{with_country}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def set_partnership_counts(counts: Mapping[int, int]) -> None:
    """How many published partnerships each municipality has, by its number; the others stay as they are.

    Called by the register, which knows them.
    """
    if not counts:
        return
    number = Case(
        *(When(pk=municipality, then=Value(count)) for municipality, count in counts.items()),
        output_field=IntegerField(),
    )
    rows = Municipality.objects.filter(pk__in=counts.keys())
    # Rows whose number is right already are not written again.
    if rows.annotate(now=number).exclude(partnership_count=F("now")).update(partnership_count=number):
        list_cache.forget()


# Merging


@transaction.atomic
def merge_municipalities(*, kept: Municipality, gone: Municipality, by: User, now: datetime) -> Municipality:
    """Two rows are one place, or one municipality went into another: every reference to `gone` leads to `kept`.

    `gone` stays as an address that redirects. Raises MergeConflict; then nothing has changed.
    """
    rows = {row.pk: row for row in _locked(Municipality, kept, gone)}
    kept, gone = rows[kept.pk], rows[gone.pk]
    _check_merge(kept, gone)
    ask_before_merge(kept, gone)
    note_merge(kept, gone, by=by, now=now)
    _unite_names(kept, gone)
    _unite_texts(kept, gone)
    unite_claims(kept=kept, gone=gone, now=now)
    _move_references(kept, gone, except_for=(MunicipalityName,))
    ask_about_open_claims(town=kept, now=now)
    gone.merged_into = kept
    _hand_over_facts(kept, gone)
    gone.partnership_count = 0
    gone.save()
    _write(kept)
    tell_change(kept)
    log.info("municipalities_merged", kept=kept.pk, gone=gone.pk, by=by.pk, at=now.isoformat())
    return Municipality.objects.get(pk=kept.pk)


@transaction.atomic
def merge_regions(*, kept: Region, gone: Region, by: User, now: datetime) -> Region:
    """As with municipalities; a region has no page of its own, so `gone` is deleted. Raises MergeConflict."""
    rows = {row.pk: row for row in _locked(Region, kept, gone)}
    kept, gone = rows[kept.pk], rows[gone.pk]
    if kept.country_id != gone.country_id:
        raise MergeConflict(_("These two lie in different countries."))
    if gone.pk in _regions_above(kept):
        raise MergeConflict(_("%(kept)s is a part of %(gone)s.") % {"kept": kept.name, "gone": gone.name})
    ask_before_merge(kept, gone)
    note_merge(kept, gone, by=by, now=now)
    _move_references(kept, gone)
    log.info("regions_merged", kept=kept.pk, gone=gone.pk, by=by.pk, at=now.isoformat())
    gone.delete()
    list_cache.forget()
    tell_change(kept)
    return kept


@transaction.atomic
def merge_all(*, kept: Place, others: Iterable[Place], by: User, now: datetime) -> None:
    """Merge several rows into one, all or none. Raises MergeConflict."""
    for gone in others:
        if isinstance(kept, Municipality) and isinstance(gone, Municipality):
            merge_municipalities(kept=kept, gone=gone, by=by, now=now)
        elif isinstance(kept, Region) and isinstance(gone, Region):
            merge_regions(kept=kept, gone=gone, by=by, now=now)
        else:
            raise TypeError("a municipality and a region are never one")


def _locked(model: type[Any], kept: Place, gone: Place) -> list[Any]:
    if kept.pk == gone.pk:
        raise MergeConflict(_("Please choose two different entries."))
    rows = list(model.objects.select_for_update().filter(pk__in=(kept.pk, gone.pk)).order_by("pk"))
    if len(rows) < 2:
        raise MergeConflict(_("One of them is no longer there."))
    return rows


def _check_merge(kept: Municipality, gone: Municipality) -> None:
    if kept.merged_into_id or gone.merged_into_id:
        raise MergeConflict(_("One of them has been merged already."))
    if kept.country_id != gone.country_id:
        raise MergeConflict(_("These two lie in different countries."))
    if kept.is_demo != gone.is_demo:
        raise MergeConflict(_("An invented example cannot be merged with a real municipality."))


def _regions_above(region: Region) -> set[int]:
    above: set[int] = set()
    parent = region.parent
    while parent is not None and parent.pk not in above:
        above.add(parent.pk)
        parent = parent.parent
    return above


def _unite_names(kept: Municipality, gone: Municipality) -> None:
    """All names of the one that goes lead to the one that stays; its own name is one more of them."""
    titles = {kept.name, kept.german_name, kept.local_script_name}
    # A town that went into another has an old name; two entries of one town have two spellings.
    is_same_name = fold(gone.name) == fold(kept.name)
    kind = MunicipalityName.Kind.ALTERNATE if is_same_name else MunicipalityName.Kind.HISTORIC
    own = [
        MunicipalityName(text=text, language=language, kind=kind)
        for text, language in ((gone.name, ""), (gone.german_name, "de"), (gone.local_script_name, ""))
        if text and text not in titles
    ]
    known = {(name.text, name.language) for name in kept.names.all()}
    for name in (*gone.names.order_by("pk"), *own):
        if (name.text, name.language) not in known:
            known.add((name.text, name.language))
            name.municipality = kept
            name.save()
    gone.names.all().delete()


def _unite_texts(kept: Municipality, gone: Municipality) -> None:
    """A profile in a language the one that stays has none in moves with the other references."""
    gone.profile_texts.filter(language__in=kept.profile_texts.values("language")).delete()


def _hand_over_facts(kept: Municipality, gone: Municipality) -> None:
    """Codes are unique, so they leave the one before they reach the other."""
    for fields in (*((code,) for code in _CODES), *_FACTS):
        if getattr(kept, fields[0]) in (None, "") and getattr(gone, fields[0]) not in (None, ""):
            for field in fields:
                setattr(kept, field, getattr(gone, field))
                if field in _CODES:
                    setattr(gone, field, None if field == "geonames_id" else "")
    kept.official_domains = sorted({*kept.official_domains, *gone.official_domains})


def _move_references(kept: Place, gone: Place, *, except_for: tuple[type[Model], ...] = ()) -> None:
    """Every key of every app that leads to `gone` leads to `kept`: foreign keys, also those without a way back and
    those of many-to-many tables, and generic keys.
    """
    for relation in type(kept)._meta.get_fields(include_hidden=True):
        leads_here = isinstance(relation, ForeignObjectRel) and not relation.many_to_many
        if leads_here and relation.related_model not in except_for:
            name = relation.field.name  # type: ignore[union-attr]
            _move(relation.related_model, Q(**{name: gone}), {name: kept})
    place_type = ContentType.objects.get_for_model(kept)
    for model in apps.get_models():
        for generic in [
            field for field in model._meta.private_fields if isinstance(field, GenericForeignKey)
        ]:
            where = Q(**{generic.ct_field: place_type, generic.fk_field: gone.pk})
            _move(model, where, {generic.fk_field: kept.pk})


def _move(model: Any, where: Q, to: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            model._base_manager.filter(where).update(**to)
    except IntegrityError:
        raise MergeConflict(
            _("Both have an entry under “%(what)s” that may exist only once. Please join those first.")
            % {"what": model._meta.verbose_name_plural}
        ) from None

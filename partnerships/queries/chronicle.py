"""The chronicle of a partnership in words, ready to print: what happened, decade by decade, and who takes part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, ngettext, pgettext
from django.utils.translation import gettext as _

from core.images import thumbnail_size
from directory.names import shown_name
from partnerships.models import Actor, ChronicleEntry, Document, Partnership, PartnershipSide

IN_BRIEF = 3
"""Entries on the page of the partnership."""
MOST_NAMES = 8
"""Actors on the page of the partnership."""


@dataclass(frozen=True, slots=True)
class Photo:
    number: int
    alt: str
    caption: str
    holder: str
    is_public: bool
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    when: str
    began: str  # for machines: "1992", "1992-05-24"
    kind: str
    title: str
    facts: str
    text: str
    language: str
    language_name: str  # empty when it is the reader's own
    is_public: bool
    photos: list[Photo]


@dataclass(frozen=True, slots=True)
class Period:
    heading: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class ActorRow:
    number: int
    name: str
    url: str
    facts: str


@dataclass(frozen=True, slots=True)
class SideOfActors:
    town: str
    actors: list[ActorRow]


@dataclass(frozen=True, slots=True)
class Chronicle:
    periods: list[Period]
    sides: list[SideOfActors]
    number: int
    has_hidden: bool  # entries or photos that only the sides see


@dataclass(frozen=True, slots=True)
class Brief:
    """What the page of the partnership shows of it: what everybody may read."""

    entries: list[Entry]
    number: int
    actors: list[str]
    more_actors: int


def chronicle_of(partnership: Partnership, person: object) -> Chronicle:
    """What this reader may see, in three queries."""
    entries = list(ChronicleEntry.objects.visible_to(person).filter(partnership=partnership))
    photos = _photos(partnership, person) if entries else {}
    actors = Actor.objects.visible_to(person).filter(partnership=partnership)
    rows = [_entry(entry, photos.get(entry.pk, ())) for entry in entries]
    decades = groupby(zip(entries, rows, strict=True), key=lambda pair: pair[0].on.year // 10 * 10)
    return Chronicle(
        periods=[Period(_decade(first), [row for _entry, row in pairs]) for first, pairs in decades],
        sides=_sides(partnership, actors.select_related("organisation")),
        number=len(rows),
        has_hidden=any(not row.is_public or any(not photo.is_public for photo in row.photos) for row in rows),
    )


def brief_of(partnership: Partnership) -> Brief:
    """Three queries at most; without a chronicle two."""
    entries = ChronicleEntry.objects.public().filter(partnership=partnership)
    latest = list(entries.order_by("-on", "-pk")[:IN_BRIEF])
    public = Actor.objects.visible_to(None).filter(partnership=partnership, until_year=None)
    names = list(public.values_list("name", flat=True))
    return Brief(
        entries=[_entry(entry, ()) for entry in latest],
        number=entries.count() if len(latest) == IN_BRIEF else len(latest),
        actors=names[:MOST_NAMES],
        more_actors=len(names[MOST_NAMES:]),
    )


def when(entry: ChronicleEntry) -> str:
    """ "1992", "24 May 1992", "24 May 1992 to 26 May 1992"."""
    if entry.is_year_only:
        return str(entry.on.year)
    began = date_format(entry.on, "DATE_FORMAT")
    if entry.until is None or entry.until == entry.on:
        return began
    return _("%(first)s to %(last)s") % {"first": began, "last": date_format(entry.until, "DATE_FORMAT")}


def export_headings() -> list[str]:
    return [
        pgettext("first day", "From"), pgettext("last day", "To"), _("What it was"), _("Title"), _("Where"),
        _("Participants"), _("What happened"), _("Language of the text"), _("Who may read it"),
        _("Address in ViPaD"),
    ]  # fmt: skip


def export_rows(partnership: Partnership, person: object, *, site: str) -> Iterable[tuple[object, ...]]:
    """What this reader may see, as cells under export_headings; `site` stands before the addresses."""
    page = site + reverse("partnerships:chronicle", args=[partnership.slug])
    for entry in ChronicleEntry.objects.visible_to(person).filter(partnership=partnership):
        yield (
            _iso(entry),
            entry.until.isoformat() if entry.until else None,
            entry.get_kind_display(),
            entry.title,
            entry.place,
            entry.participants,
            entry.text,
            entry.language,
            pgettext("who may see it", "everybody") if entry.is_public else _("only the sides"),
            f"{page}#entry-{entry.pk}",
        )


def _entry(entry: ChronicleEntry, photos: Iterable[Document]) -> Entry:
    facts = [entry.place]
    if entry.participants:
        words = ngettext("%(number)s participant", "%(number)s participants", entry.participants)
        facts.append(
            words % {"number": number_format(entry.participants, use_l10n=True, force_grouping=True)}
        )
    is_own = entry.language == get_language()
    return Entry(
        number=entry.pk,
        when=when(entry),
        began=_iso(entry),
        kind=capfirst(str(entry.get_kind_display())),
        title=entry.title,
        facts=" · ".join(fact for fact in facts if fact),
        text=entry.text,
        language=entry.language,
        language_name="" if is_own else str(get_language_info(entry.language)["name_translated"]),
        is_public=entry.is_public,
        photos=[_photo(photo, entry) for photo in photos],
    )


def _iso(entry: ChronicleEntry) -> str:
    return str(entry.on.year) if entry.is_year_only else entry.on.isoformat()


def _photo(photo: Document, entry: ChronicleEntry) -> Photo:
    width, height = thumbnail_size(photo.width or 0, photo.height or 0)
    return Photo(
        number=photo.pk,
        alt=photo.title or _("Photo: %(title)s") % {"title": entry.title},
        caption=photo.title,
        holder=photo.rights_holder,
        is_public=photo.is_public,
        width=width,
        height=height,
    )


def _photos(partnership: Partnership, person: object) -> dict[int, list[Document]]:
    found = Document.objects.visible_to(person).filter(
        partnership=partnership, entry__isnull=False, kind=Document.Kind.PHOTO
    )
    photos: dict[int, list[Document]] = {}
    for photo in found.order_by("uploaded_at", "pk"):
        photos.setdefault(photo.entry_id or 0, []).append(photo)
    return photos


def _decade(first: int) -> str:
    last = min(first + 9, date.max.year)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _sides(partnership: Partnership, actors: Any) -> list[SideOfActors]:
    """Sides with actors, in the order of the partnership, whose sides are there already."""
    rows: dict[int, list[ActorRow]] = {}
    for actor in actors.order_by("name", "pk"):
        rows.setdefault(actor.side_id, []).append(_actor(actor))
    return [SideOfActors(_town(side), rows[side.pk]) for side in partnership.sides.all() if side.pk in rows]


def _actor(actor: Actor) -> ActorRow:
    page = actor.organisation
    return ActorRow(
        number=actor.pk,
        name=actor.name,
        url=page.get_absolute_url() if page and page.published_at else "",
        facts=", ".join(word for word in (capfirst(str(actor.get_type_display())), _years(actor)) if word),
    )


def _years(actor: Actor) -> str:
    since, until = actor.since_year, actor.until_year
    if since and until:
        return _("%(first)s to %(last)s") % {"first": since, "last": until}
    if since:
        return _("since %(year)s") % {"year": since}
    return _("until %(year)s") % {"year": until} if until else ""


def _town(side: PartnershipSide) -> str:
    return shown_name(side.party.name, side.party.german_name)

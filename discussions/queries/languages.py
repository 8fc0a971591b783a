"""What posts say in other languages, and which of it a reader sees first.

All of it comes with the query of the posts: a topic's page asks nothing more.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import JSONObject
from django.utils.safestring import SafeString

from accounts.languages import SPOKEN_LANGUAGES
from accounts.models import SpokenLanguage, User
from core.folding import sort_key
from core.markdown import RENDERER
from discussions.models import Post, Topic, Translation
from discussions.queries.rooms import Standing
from discussions.queries.texts import html_of
from discussions.queries.topics import name_from

NAMES = dict(SPOKEN_LANGUAGES)
# Of an older renderer's HTML the text is needed as well.
TEXT_IF_NEEDED = Case(When(renderer=RENDERER, then=Value("")), default=F("text"), output_field=TextField())


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A post as it was translated. `translator` is empty for a machine's text."""

    language: str
    name: str
    html: SafeString
    translator: str
    is_machine: bool
    is_out_of_date: bool
    may_change: bool
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A language somebody has asked for, and nobody has written yet."""

    language: str
    name: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class Languages:
    """`first` is what the reader sees instead of the original, which stays one click away."""

    first: InLanguage | None = None
    others: list[InLanguage] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    original: str = ""


def with_languages(posts: QuerySet[Post], person: Any) -> QuerySet[Post]:
    """Adds `said` (the translations) and what the reader speaks, which the database looks up once."""
    rows = Translation.objects.filter(post=OuterRef("pk")).order_by("language")
    said = rows.values(
        row=JSONObject(
            language="language",
            text=TEXT_IF_NEEDED,
            html="html",
            renderer="renderer",
            is_written=Case(When(text="", then=Value(False)), default=Value(True)),
            is_machine="is_machine",
            of_version="of_version",
            is_asked=Case(When(asked_at=None, then=Value(False)), default=Value(True)),
            translator="translator_id",
            translator_name="translator__display_name",
            translator_erased="translator__erased_at",
        )
    )
    spoken = SpokenLanguage.objects.filter(person=person.pk).order_by("pk")
    well = spoken.exclude(level=SpokenLanguage.Level.BASIC)
    return posts.annotate(
        said=ArraySubquery(said),
        reader_speaks=ArraySubquery(spoken.values("language")),
        reader_speaks_well=ArraySubquery(well.values("language")),
    )


def languages_of(post: Any, topic: Topic, person: Any, standing: Standing) -> Languages:
    """Of a row that came through `with_languages`, as PostgreSQL gives it, and can be read."""
    if not post.said:
        return Languages(original=name_of_language(post.language))
    said = [json.loads(row) for row in post.said]
    written = [_in_language(row, post, topic, person, standing) for row in said if row["is_written"]]
    first = _first(post, person, {text.language: text for text in written})
    return Languages(
        first=first,
        others=[text for text in written if text is not first],
        wanted=[
            Wanted(row["language"], name_of_language(row["language"]), row["language"] in post.reader_speaks)
            for row in said
            if standing.may_post and row["is_asked"] and (row["is_machine"] or not row["is_written"])
        ],
        original=name_of_language(post.language),
    )


def name_of_language(code: str) -> str:
    return str(NAMES.get(code, ""))


def _first(post: Any, person: Any, texts: dict[str, InLanguage]) -> InLanguage | None:
    """None where the original is what the reader reads best.

    Of an original whose language nobody has said we know only that it is not the translation's; whoever reads our
    pages in that language gets the translation. What one speaks besides counts where the original is foreign.
    """
    own = person.language.partition("-")[0]
    if post.language and (post.language == own or post.language in post.reader_speaks_well):
        return None
    if own in texts or not post.language or post.language in post.reader_speaks:
        return texts.get(own)
    ways = [*post.reader_speaks_well, *post.reader_speaks]
    return next((texts[code] for code in ways if code in texts), None)


def _in_language(row: dict[str, Any], post: Any, topic: Topic, person: Any, standing: Standing) -> InLanguage:
    number = row["translator"]
    text = Translation(text=row["text"], html=row["html"], renderer=row["renderer"])
    return InLanguage(
        language=row["language"],
        name=name_of_language(row["language"]),
        html=html_of(text, topic),
        translator=""
        if row["is_machine"]
        else name_from(number, row["translator_name"], row["translator_erased"]),
        is_machine=row["is_machine"],
        is_out_of_date=row["of_version"] < post.version,
        may_change=standing.may_post and row["language"] in post.reader_speaks,
        may_remove=standing.may_post and (standing.leads or number == person.pk),
    )


def choices_for(post: Post, *, all_of_them: bool = False) -> list[tuple[str, str]]:
    """Languages to ask for, by name: not the post's own, nor those in which a person has written it."""
    written = Translation.objects.filter(post=post, is_machine=False).exclude(text="")
    left_out = {post.language} | (set() if all_of_them else set(written.values_list("language", flat=True)))
    found = [(code, str(name)) for code, name in SPOKEN_LANGUAGES if code not in left_out]
    return sorted(found, key=lambda choice: sort_key(choice[1]))


def spoken_by(person: User) -> set[str]:
    return set(person.spoken_languages.values_list("language", flat=True))

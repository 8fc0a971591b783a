"""One row of a list of sessions as HTML.

Written here and not in a template: a page shows 200 of them. What a row says of a session is remembered by it, by
language and zone; how it stands with the seats is said anew each time.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import escape
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.languages import SPOKEN_LANGUAGES
from core.zone_words import city_of, zone_name
from webinars.choices import Format, Level, State
from webinars.facts import is_same_clock
from webinars.queries.reading import Listed, Read
from webinars.queries.states import own_in_words, seats_in_words

TOPICS_IN_A_ROW = 3
_LANGUAGES = dict(SPOKEN_LANGUAGES)
_FORMATS = dict(Format.choices)
_LEVELS = dict(Level.choices)


def row_html(read: Read, topics: Mapping[str, str], language: str, zone: str, *, now: datetime) -> str:
    """Safe HTML. `topics` gives the names, `language` is the active one, `zone` the reader's."""
    session = read.session
    names = tuple([topics.get(code, code) for code in session.topics])
    is_moved = session.moved_at is not None and session.state != State.CANCELLED
    words = seats_in_words(read.seats, now, language)
    return _facts(session, names, language, zone) + _side(read.own, is_moved, words, read.is_open, language)


@lru_cache(maxsize=2048)
def _facts(session: Listed, topics: tuple[str, ...], language: str, zone: str) -> str:
    """The part of a row that is the same for all readers of a language and a zone."""
    title, is_foreign = title_in(session.title_de or "", session.title_en or "", language)
    other = ("en" if language == "de" else "de") if is_foreign else ""
    said = f' lang="{other}"' if other else ""
    link = f'<a href="{base()}{session.slug}/"{said}>{escape(title)}</a>'
    # The link fills the row; the language is said behind it for all who cannot read the title.
    label = f' <span class="muted small">({escape(_LANGUAGES[other])})</span>' if other else ""
    meta = [
        f"<strong>{escape(_('Example'))}</strong>" if session.is_demo else "",
        _span(capfirst(str(_FORMATS[session.format])) + (f": {session.town}" if session.town else "")),
        _span(", ".join(str(_LANGUAGES.get(code, code)) for code in session.languages)),
        _span(str(_LEVELS[session.level])),
        _span(_some(topics)) if topics else "",
    ]
    return (
        f'<li class="row"><p class="row__date">{_when(session, language, zone)}</p>'
        f'<p class="row__title">{link}{label}</p><p class="row__meta">{"".join(meta)}</p>'
    )


def title_in(german: str, english: str, language: str) -> tuple[str, bool]:
    """The title, and whether it is in the other language."""
    own, other = (german, english) if language == "de" else (english, german)
    return (own, False) if own else (other, True)


@lru_cache(maxsize=1)
def base() -> str:
    """One lookup of the address for all rows."""
    return reverse("webinars:list")


@lru_cache(maxsize=2048)
def _side(own: str, is_moved: bool, seats: str, is_open: bool, _language: str) -> str:
    """How it stands; `own` is a state. Most rows of a page say the same. The language is part of what is remembered."""
    marks = [f'<span class="state state--active">{escape(own_in_words(own))}</span>'] if own else []
    if is_moved:
        marks.append(f'<span class="state">{escape(pgettext("session", "moved"))}</span>')
    kind = " state--open" if is_open else ""
    return f'<p class="row__side">{"".join(marks)}<span class="state{kind}">{escape(seats)}</span></p></li>'


def _when(row: Listed, language: str, zone: str) -> str:
    """On the reader's clock; then the organiser's, where it shows another time."""
    own = _clock(row.starts_at, row.ends_at, zone, language)
    start = f'<time datetime="{row.starts_at.isoformat()}">{own}</time>'
    if is_same_clock(row.starts_at, row.zone, zone):
        return start
    there, here = (row.starts_at.astimezone(ZoneInfo(name)).date() for name in (row.zone, zone))
    organisers = _times(row.starts_at, row.ends_at, row.zone, language)
    day = f"{_day(there, language)}, " if there != here else ""
    return f'{start} <span class="muted">({escape(day + organisers)})</span>'


def _clock(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    day = _day(starts_at.astimezone(ZoneInfo(zone)).date(), language)
    return escape(f"{day}, {_times(starts_at, ends_at, zone, language)}")


def _times(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    begins, ends = (moment.astimezone(ZoneInfo(zone)).time() for moment in (starts_at, ends_at))
    return _("%(begins)s–%(ends)s %(city)s (%(zone)s)") % {
        "begins": _time(begins, language),
        "ends": _time(ends, language),
        "city": city_of(zone),
        "zone": zone_name(starts_at, zone),
    }


@lru_cache(maxsize=2048)
def _day(day: date, _language: str) -> str:
    return f"{date_format(day, 'D')}, {date_format(day, 'DATE_FORMAT')}"


@lru_cache(maxsize=2048)
def _time(moment: time, _language: str) -> str:
    return time_format(moment, "TIME_FORMAT")


def _some(topics: tuple[str, ...]) -> str:
    more = len(topics) - TOPICS_IN_A_ROW
    return ", ".join(topics[:TOPICS_IN_A_ROW]) + (f" +{more}" if more > 0 else "")


def _span(words: str) -> str:
    return f"<span>{escape(words)}</span>"

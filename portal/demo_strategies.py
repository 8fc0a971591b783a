"""Strategies of the demo world, one in each state. Their texts are the examples of the form itself."""

from datetime import date, datetime, timedelta

from accounts.models import User
from core.conflicts import BaseVersion, mark_of
from partnerships.demo import look_after_town
from partnerships.models import Partnership
from training.actions import answers, measures, strategies
from training.actions.answers import Answer
from training.actions.measures import MeasureFacts
from training.choices import MeasureState, Section
from training.models import Strategy
from training.section_texts import texts
from training.section_values import in_language
from training.sections import LAYOUT, Ask, Kind

CHAIR, COORDINATOR, PARTNER, COACH = (
    f"{name}@example.org" for name in ("vorsitz", "koordinatorin", "partner", "coach")
)
BEISPIELHAUSEN, MINTAFALVA = 1, 2
# What stands in the first places of the groups, field by field.
PLACES: dict[Section, dict[str, str | int | date]] = {
    Section.PEOPLE: {
        "group_1_who": "Jugendliche von 14 bis 18 Jahren",
        "group_1_where": "both",
        "group_1_wants": "Gleichaltrige kennenlernen und selbst etwas gestalten",
        "group_1_reached": "Über die Klassen- und Vereinsgruppen, die sie schon nutzen",
    },
    Section.AIMS: {
        "aim_1_what": "20 Jugendliche von beiden Seiten treffen sich in zwei Videorunden",
        "aim_1_measured": "Wir zählen, wer in beiden Runden dabei war",
        "aim_1_by": date(2027, 11, 30),
        "aim_2_what": "Jeden Monat eine kurze Nachricht aus beiden Städten",
        "aim_2_measured": "Zwölf Nachrichten im Jahr",
        "aim_2_by": date(2028, 1, 31),
    },
    Section.CHANNELS: {
        "channel_1_tool": "Videokonferenz",
        "channel_1_used_for": "Monatliche Runde der Teams, Treffen der Jugendlichen",
        "channel_1_keeper": "Partnerschaftsverein, Schriftführung",
    },
    Section.ROLES: {
        "role_1_task": "Zur monatlichen Runde einladen",
        "role_1_where": "both",
        "role_1_person": "Stelle für Internationales",
        "role_1_deputy": "Vorsitz des Partnerschaftsvereins",
    },
    Section.CALENDAR: {
        "date_1_what": "Erste Videorunde der Jugendlichen",
        "date_1_on": date(2027, 6, 17),
        "date_1_format": "online",
        "date_1_host": "Gymnasium und Musikverein",
    },
    Section.RESOURCES: {"hours": 8, "money": 900},
    Section.FUNDING: {"grant_1_what": "Jugendfahrt im Sommer", "grant_1_state": "idea"},
    Section.MEASURES: {
        "figure_1_what": "Jugendliche in den Videorunden",
        "figure_1_now": "0",
        "figure_1_aim": "20",
    },
}
HUNGARIAN = {"history": "A két város kórusai 1989 óta ismerik egymást. 1994-ben írták alá az okiratot."}
SUMMARY = {
    "de": "Jugendliche aus beiden Städten treffen sich zweimal im Jahr im Video und einmal im Sommer. Jeden Monat "
    "berichten beide Seiten kurz, was bei ihnen los ist. Wer mitmachen will, schreibt uns.",
    "hu": "A két város fiataljai évente kétszer videón, nyáron pedig személyesen találkoznak.",
}
MEASURES = (
    ("Drei Vereine zur ersten Videorunde einladen", -20, MeasureState.DONE),
    ("Probelauf mit Ton und Bild, beide Seiten", 5, MeasureState.BEGUN),
    ("Bericht für den Gemeinderat", 40, MeasureState.OPEN),
)


def make_strategies(people: dict[str, User], *, now: datetime) -> None:
    """Those that are not there yet: each begun, sent, answered and carried out some way."""
    look_after_town(number=BEISPIELHAUSEN, person=people[CHAIR], now=now)
    look_after_town(number=MINTAFALVA, person=people[PARTNER], now=now)
    first, some, most = tuple(Section)[:2], tuple(Section)[:4], tuple(Section)
    steps = (
        ("beispiel-1", COORDINATOR, most, _carry_out),
        ("beispiel-2", CHAIR, first, None),
        ("beispiel-3", COORDINATOR, some, _send),
        ("beispiel-4", COORDINATOR, some, _return),
        ("beispiel-5", CHAIR, most, _approve),
        ("beispiel-6", CHAIR, most, _review),
    )
    for slug, writer, codes, go_on in steps:
        partnership = Partnership.objects.filter(slug=slug, strategy=None).first()
        if partnership is None:
            continue
        begun = now - timedelta(days=150)
        languages = ["de", "hu"] if slug in ("beispiel-1", "beispiel-5") else ["de", "en"]
        row = strategies.begin_strategy(
            partnership=partnership, languages=languages, by=people[writer], now=begun
        )
        for code in codes:
            _write(row, code, people[writer], now=begun + timedelta(days=int(code[1:])))
        if go_on is not None:
            go_on(row, codes, people, people[writer], now)


def _write(strategy: Strategy, code: Section, by: User, *, now: datetime) -> None:
    words = texts("de")[code]
    said: dict[str, object] = {
        part.name: words[part.name]["example"]
        for part in LAYOUT[code]
        if isinstance(part, Ask) and part.kind == Kind.TEXT
    }
    row = strategy.sections.get(code=code)
    for language, typed in (("de", {**said, **PLACES.get(code, {})}), ("hu", HUNGARIAN)):
        if language not in strategy.languages or (language == "hu" and code != Section.STATE):
            continue
        base = BaseVersion(row.version)
        values = in_language(code, row.values, language)
        base.marks = {name: mark_of(value) for name, value in values.items()}
        row = strategies.save_section(section=row, language=language, typed=typed, base=base, by=by, now=now)


def _send(
    strategy: Strategy, codes: tuple[Section, ...], people: dict[str, User], by: User, now: datetime
) -> None:
    strategies.send_sections(strategy=strategy, codes=codes, by=by, now=now - timedelta(days=4))


def _return(
    strategy: Strategy, codes: tuple[Section, ...], people: dict[str, User], by: User, now: datetime
) -> None:
    sent_at = now - timedelta(days=9)
    version = strategies.send_sections(strategy=strategy, codes=codes, by=by, now=sent_at)
    given = {code: Answer(is_good=True, comment="") for code in version.sent}
    given[Section.AIMS] = Answer(
        is_good=False,
        comment="Das erste Ziel ist gut gewählt. Bitte schreiben Sie noch dazu, wer zählt und wer davon erfährt.",
    )
    answers.answer_version(version=version, answers=given, by=people[COACH], now=now - timedelta(days=6))


def _approve(
    strategy: Strategy, codes: tuple[Section, ...], people: dict[str, User], by: User, now: datetime
) -> None:
    version = strategies.send_sections(strategy=strategy, codes=codes, by=by, now=now - timedelta(days=36))
    good = {code: Answer(is_good=True, comment="") for code in version.sent}
    answers.answer_version(version=version, answers=good, by=people[COACH], now=now - timedelta(days=31))


def _carry_out(
    strategy: Strategy, codes: tuple[Section, ...], people: dict[str, User], by: User, now: datetime
) -> None:
    _approve(strategy, codes, people, by, now)
    for title, days, state in MEASURES:
        facts = MeasureFacts(title, by, "", (now + timedelta(days=days)).date(), state)
        measures.add_measure(strategy=strategy, facts=facts, language="de", by=by, now=now)
    strategies.publish_summary(
        strategy=strategy, summary=SUMMARY, version=strategy.version, by=by, now=now - timedelta(days=30)
    )


def _review(
    strategy: Strategy, codes: tuple[Section, ...], people: dict[str, User], by: User, now: datetime
) -> None:
    version = strategies.send_sections(strategy=strategy, codes=codes, by=by, now=now - timedelta(days=130))
    good = {code: Answer(is_good=True, comment="") for code in version.sent}
    answers.answer_version(version=version, answers=good, by=people[COACH], now=now - timedelta(days=120))
    measures.ask_for_review(strategy=strategy, now=now - timedelta(days=20))
    review = strategy.reviews.get()
    said = {
        "good": "Die Runden finden statt, und die Jugendlichen kommen wieder.",
        "next": "Mehr auf Englisch.",
    }
    base = BaseVersion(review.version)
    base.marks = dict.fromkeys(said, mark_of(""))
    measures.answer_review(
        review=review, answers=said, language="de", base=base, by=by, now=now - timedelta(days=18)
    )

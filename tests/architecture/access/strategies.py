"""Who gets what at the addresses of strategies: the member looks after a side. Not even the superuser reads a draft."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from tests.factories.partnerships import PartnershipFactory
from tests.factories.strategies import BEGUN, look_after, strategy_of, write
from training.actions import strategies
from training.choices import ReviewKind
from training.models import CoachNote, Measure, SectionComment, SectionDraft, Strategy, StrategyReview

TEAM = (302, 404, 200, 404, 404)
NOBODY = (302, 404, 404, 404, 404)
LEADS_BACK = (302, 404, 302, 404, 404)
TEAM_POST_ONLY = (302, 405, 405, 405, 405)
COACHES_ONLY = (302, 404, 404, 404, 404)
WITH, WITHOUT, NOTHING = "with-strategy", "without-strategy", "no-partnership"
NUMBER = 830_001
"""Of the measure, the review and the note."""

PAGES = ("languages", "send", "summary", "compare", "measures", "add_measure")

TABLE: dict[tuple[str, tuple[str | int, ...]], tuple[int, ...]] = {
    ("training:strategy", (WITH,)): TEAM,
    ("training:strategy", (WITHOUT,)): TEAM,
    ("training:strategy", (NOTHING,)): NOBODY,
    **{(f"training:{name}", (WITH,)): TEAM for name in PAGES},
    **{(f"training:{name}", (WITHOUT,)): NOBODY for name in PAGES},
    **{(f"training:{name}", (NOTHING,)): NOBODY for name in PAGES},
    ("training:section", (WITH, "s1")): TEAM,
    ("training:section", (WITH, "s2")): TEAM,
    ("training:section", (WITHOUT, "s1")): NOBODY,
    ("training:section", (NOTHING, "s1")): NOBODY,
    ("training:comment", (WITH, "s1")): LEADS_BACK,
    ("training:comment", (NOTHING, "s1")): NOBODY,
    ("training:section_draft", (WITH, "s1")): (405, 405, 405, 405, 405),
    ("training:strategy_version", (WITH, 1)): TEAM,
    ("training:strategy_version", (WITH, 99)): NOBODY,
    ("training:strategy_version", (NOTHING, 1)): NOBODY,
    ("training:strategy_pdf", (WITH, 1)): TEAM,
    ("training:strategy_pdf", (WITH, 99)): NOBODY,
    ("training:strategy_pdf", (NOTHING, 1)): NOBODY,
    ("training:change_measure", (WITH, NUMBER)): TEAM,
    ("training:change_measure", (WITH, 99)): NOBODY,
    ("training:change_measure", (NOTHING, NUMBER)): NOBODY,
    ("training:review", (WITH, NUMBER)): TEAM,
    ("training:review", (WITH, 99)): NOBODY,
    ("training:review", (NOTHING, NUMBER)): NOBODY,
    ("training:take_back", (WITH, 1)): LEADS_BACK,
    ("training:take_back", (WITH, 99)): NOBODY,
    ("training:take_on", (WITH,)): LEADS_BACK,
    ("training:withdraw_summary", (WITH,)): LEADS_BACK,
    ("training:note", (WITH,)): COACHES_ONLY,
    ("training:delete_note", (WITH, NUMBER)): COACHES_ONLY,
    # The coach of the cast is not asked here: see tests/training/test_coaching.py.
    ("training:coaching", ()): COACHES_ONLY,
    ("training:coaching_participants", ()): COACHES_ONLY,
    ("training:coaching_strategies", ()): COACHES_ONLY,
    ("training:coaching_figures", ()): COACHES_ONLY,
    ("training:remind", (NUMBER,)): TEAM_POST_ONLY,
}


def plant(cast: dict[str, User]) -> None:
    member, now = cast["participant"], timezone.now()
    strategy = strategy_of(member, slug=WITH)
    look_after(PartnershipFactory(slug=WITHOUT), member)
    write(strategy, "S1", member, history="Seit 1986.")
    strategies.send_sections(strategy=strategy, codes=["S1"], by=member, now=BEGUN)
    Measure.objects.create(
        pk=NUMBER, strategy=strategy, titles={"de": "Treffen"}, due_on=date(2027, 5, 1), written_at=now
    )
    StrategyReview.objects.create(
        pk=NUMBER, strategy=strategy, kind=ReviewKind.HUNDRED_DAYS, due_on=date(2027, 5, 1)
    )
    CoachNote.objects.create(
        pk=NUMBER, strategy=strategy, text="Unter uns", author=cast["coach"], written_at=now
    )


# Values planted for tests/architecture/test_nothing_leaks.py, and who reads each somewhere.
PRIVATE: dict[str, set[str]] = {
    "qvazsection": {"member"},
    "qvazsent": {"member"},
    "qvazmeasure": {"member"},
    "qvazcomment": {"member"},
    "qvazlookback": {"member"},
    "qvazsummary": {"member"},
    # A coach's, another one's draft, and all of another partnership's strategy.
    "qvaznote": set(),
    "qvazothersdraft": set(),
    "qvazforeignsection": set(),
    "qvazforeignsummary": set(),
    "qvazforeignmeasure": set(),
}


def plant_private(cast: dict[str, User]) -> None:
    """After `plant`. The foreign strategy belongs to a published partnership, and nobody of the readers to it."""
    now, member = timezone.now(), cast["participant"]
    strategy = Strategy.objects.get(partnership__slug=WITH)
    write(strategy, "S2", member, group_1_who="qvazsection")
    write(strategy, "S4", member, channel_1_tool="qvazsent")
    strategies.send_sections(strategy=strategy, codes=["S4"], by=member, now=now)
    Measure.objects.filter(strategy=strategy).update(titles={"de": "qvazmeasure"})
    SectionComment.objects.create(
        strategy=strategy, code="S2", text="qvazcomment", author=member, written_at=now
    )
    StrategyReview.objects.filter(strategy=strategy).update(answers={"de": {"good": "qvazlookback"}})
    CoachNote.objects.filter(strategy=strategy).update(text="qvaznote")
    SectionDraft.objects.create(
        person=cast["coach"],
        section=strategy.sections.get(code="S2"),
        language="de",
        typed={"group_1_who": "qvazothersdraft"},
        changed_at=now,
    )
    Strategy.objects.filter(pk=strategy.pk).update(approved_at=now, summary={"de": "qvazsummary"})
    foreign = strategy_of(cast["coach"], slug="foreign-strategy")
    write(foreign, "S2", cast["coach"], group_1_who="qvazforeignsection")
    Measure.objects.create(
        strategy=foreign, titles={"de": "qvazforeignmeasure"}, due_on=date(2027, 5, 1), written_at=now
    )
    Strategy.objects.filter(pk=foreign.pk).update(approved_at=now, summary={"de": "qvazforeignsummary"})

"""The forms of strategies and of the coaches' desk."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from core.conflicts import based_on
from tests.architecture.sent.cases import Sent, case
from tests.factories.partnerships import PartnershipFactory
from tests.factories.strategies import look_after, make_coach, strategy_of, write
from tests.factories.training import CourseFactory, EnrolmentFactory, ModuleFactory
from training.actions import strategies
from training.choices import ReviewKind, Section
from training.models import CoachNote, Measure, Strategy, StrategyReview
from training.section_values import in_language

AT = "/partnerships/team/strategy/"
NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


def written(people) -> Strategy:
    row = strategy_of(people["participant"], slug="team")
    write(row, "S1", people["participant"], history="Seit 1986.")
    return row


def version(people):
    make_coach(people["coach"])
    return strategies.send_sections(strategy=written(people), codes=["S1"], by=people["participant"], now=NOW)


@case("training:strategy")
def _(people):
    look_after(PartnershipFactory(slug="team"), people["participant"])
    return Sent(people["participant"], AT, {"languages": ["de"]}, {"Strategy": 1, "StrategySection": 11})


@case("training:languages")
def _(people):
    row = written(people)
    data = {"languages": ["de", "ro"], "base_version": str(row.version)}
    return Sent(people["participant"], f"{AT}languages/", data)


@case("training:send")
def _(people):
    make_coach(people["coach"])
    written(people)
    data = {"sections": ["S1"]}
    return Sent(people["participant"], f"{AT}send/", data, {"StrategyVersion": 1, "Notice": 1})


@case("training:summary")
def _(people):
    row = written(people)
    Strategy.objects.update(approved_at=NOW)
    data = {"text_de": "Wir treffen uns.", "text_hu": "", "base_version": str(row.version)}
    return Sent(people["participant"], f"{AT}summary/", data)


@case("training:withdraw_summary")
def _(people):
    written(people)
    Strategy.objects.update(approved_at=NOW, published_at=NOW, summary={"de": "Wir"})
    return Sent(people["participant"], f"{AT}summary/withdraw/")


@case("training:take_on")
def _(people):
    written(people)
    return Sent(make_coach(people["coach"]), f"{AT}take-on/")


@case("training:note")
def _(people):
    written(people)
    return Sent(make_coach(people["coach"]), f"{AT}notes/", {"text": "Ruft selten an."}, {"CoachNote": 1})


@case("training:delete_note")
def _(people):
    note = CoachNote.objects.create(strategy=written(people), text="Alt", written_at=NOW)
    coach = make_coach(people["coach"])
    return Sent(coach, f"{AT}notes/{note.pk}/delete/", {}, {"CoachNote": -1}, frozenset({404}))


@case("training:strategy_version")
def _(people):
    """A coach's answer."""
    version(people)
    data = {"decision_S1": "back", "comment_S1": "Und seit wann ruht es?"}
    return Sent(people["coach"], f"{AT}versions/1/", data, {"SectionComment": 1, "Notice": 1})


@case("training:take_back")
def _(people):
    version(people)
    return Sent(people["participant"], f"{AT}versions/1/take-back/")


@case("training:add_measure")
def _(people):
    written(people)
    data = {"title": "Einladen", "due_on": "2027-05-01", "state": "open", "language": "de"}
    return Sent(people["participant"], f"{AT}measures/new/", data, {"Measure": 1})


@case("training:change_measure")
def _(people):
    row = Measure.objects.create(
        strategy=written(people), titles={"de": "Einladen"}, due_on=date(2027, 5, 1), written_at=NOW
    )
    data = {
        "title": "Drei einladen",
        "due_on": "2027-05-02",
        "state": "done",
        "language": "de",
        "base_version": str(row.version),
    }
    return Sent(people["participant"], f"{AT}measures/{row.pk}/", data)


@case("training:review")
def _(people):
    row = StrategyReview.objects.create(
        strategy=written(people), kind=ReviewKind.HUNDRED_DAYS, due_on=date(2027, 5, 1)
    )
    base = based_on(row.version, {"good": "", "hard": "", "next": ""})
    data = {"good": "Die Runden.", "language": "de", "base_version": base}
    return Sent(people["participant"], f"{AT}reviews/{row.pk}/", data)


@case("training:section")
def _(people):
    row = written(people).sections.get(code="S1")
    base = based_on(row.version, in_language(Section.STATE, row.values, "de"))
    data = {"language": "de", "history": "Seit 1987.", "base_version": base}
    return Sent(people["participant"], f"{AT}s1/", data)


@case("training:section_draft")
def _(people):
    written(people)
    data = {"language": "de", "history": "Seit 19", "base_version": "1"}
    return Sent(people["participant"], f"{AT}s1/draft/", data, {"SectionDraft": 1})


@case("training:comment")
def _(people):
    written(people)
    make_coach(people["coach"])
    data = {"text": "Stimmt das Jahr?"}
    return Sent(people["participant"], f"{AT}s1/comments/", data, {"SectionComment": 1, "Notice": 1})


@case("training:remind")
def _(people):
    module = ModuleFactory(course=CourseFactory(slug="kurs"))
    long_ago = timezone.now() - timedelta(days=40)
    row = EnrolmentFactory(course=module.course, person=people["participant"], enrolled_at=long_ago)
    coach = make_coach(people["coach"])
    return Sent(coach, f"/coaching/participants/{row.pk}/remind/", {}, {"Notice": 1})

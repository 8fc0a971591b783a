"""The report for the funder: every figure compared with a hand count of a small world."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from core.workbook import MEDIA_TYPE
from partnerships.models import SideContact
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, CountryFactory, MunicipalityFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.training import CourseFactory, EnrolmentFactory, SelfCheckQuestionFactory
from tests.factories.webinars import GuestFactory, RegistrationFactory, SessionFactory
from tests.pdf_reading import opened, text_of
from training.choices import Section
from training.models import (
    Course,
    CourseCertificate,
    CourseSession,
    Enrolment,
    Measure,
    SelfCheckAnswer,
    Strategy,
    StrategySection,
    StrategyVersion,
)
from training.queries.finishing import Effect
from training.queries.report import FromCountry, Marks, Period, Report, report
from webinars.models import Feedback, Session

pytestmark = pytest.mark.django_db
MARCH = Period(date(2027, 3, 1), date(2027, 3, 31))
PAGE = "/admin/training/course/report/"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# The first and the last moment of March in Berlin, and those beside them.
FIRST, BEFORE = utc(2027, 2, 28, 23), utc(2027, 2, 28, 22, 59)
LAST, AFTER = utc(2027, 3, 31, 21, 59), utc(2027, 3, 31, 22)
LATER = utc(2027, 6, 1)


def person(zone: str = "Europe/Berlin"):
    return UserFactory(time_zone=zone)


def held(course: Course | None, ends: datetime, marks: list[tuple[int, int, int]], **facts) -> Session:
    session = SessionFactory(starts_at=ends - timedelta(hours=1), minutes=60, **facts)
    if course:
        CourseSession.objects.create(course=course, session=session)
    for useful, understandable, technology in marks:
        Feedback.objects.create(
            session=session,
            useful=useful,
            understandable=understandable,
            technology=technology,
            given_on=ends.date(),
        )
    return session


def strategy(partnership, begun: datetime, **facts) -> Strategy:
    return Strategy.objects.create(partnership=partnership, languages=["de"], begun_at=begun, **facts)


def sent(row: Strategy, *moments: datetime) -> None:
    for number, moment in enumerate(moments, 1):
        StrategyVersion.objects.create(strategy=row, number=number, content={}, sent=["S1"], sent_at=moment)


def approved(row: Strategy, *codes: Section) -> None:
    """By the answer to the last version, in the last moment of March."""
    for code in codes:
        StrategySection.objects.create(strategy=row, code=code, state="approved")
    last = row.versions.last()
    last.state, last.decided_at = "approved", LAST
    last.save()


def selfchecked(course: Course, *values: int) -> None:
    """Of people who enrolled long ago: the self-check has no period."""
    question = SelfCheckQuestionFactory(course=course)
    for value in values:
        row = EnrolmentFactory(course=course, enrolled_at=BEFORE)
        for moment, said in (("before", value), ("after", 5)):
            SelfCheckAnswer.objects.create(enrolment=row, question=question, moment=moment, value=said)


def measure(row: Strategy, state: str, on: date | None) -> None:
    Measure.objects.create(
        strategy=row,
        titles={"de": "x"},
        due_on=date(2027, 3, 1),
        state=state,
        settled_on=on,
        written_at=FIRST,
    )


def certificate(row: Enrolment, issued: datetime, **facts) -> None:
    code = f"VIP-{row.pk:04}-AAAA-AAAA"
    CourseCertificate.objects.create(enrolment=row, code=code, name="X", issued_at=issued, **facts)


@pytest.fixture
def course() -> Course:
    """The first of two courses of this world; what happens in it in March is counted below."""
    for code, zone in (("DE", "Europe/Berlin"), ("HU", "Europe/Budapest"), ("RO", "Europe/Bucharest")):
        CountryFactory(code=code, time_zone=zone)
    first, second = CourseFactory(slug="eins", title_de="Eins"), CourseFactory(slug="zwei", title_de="Zwei")
    invented = CourseFactory(slug="demo", is_demo=True)
    ulm, pecs = MunicipalityFactory(country_id="DE"), MunicipalityFactory(country_id="HU")
    county = RegionFactory(country_id="RO", code="RO-X")
    one, two = PartnershipFactory(towns=[ulm, pecs]), PartnershipFactory(towns=[ulm, county])
    three = PartnershipFactory()

    def contact(of, position: int, who, **facts) -> None:
        side = of.sides.get(position=position)
        SideContact.objects.create(side=side, person=who, since=FIRST, **facts)

    # Speaks for Pécs, though the account is on Berlin time.
    anna = person()
    contact(one, 1, anna)
    # Speaks for the county.
    radu = person()
    contact(two, 1, radu)
    # Speaks for Ulm by a claim, in both partnerships.
    uli = person("Europe/Budapest")
    ClaimFactory(municipality=ulm, person=uli, accepted=True)
    # Has ended to speak for Pécs: counted by the time zone.
    former = person("Europe/Bucharest")
    contact(one, 1, former, ended_at=FIRST)
    # Takes part for no partnership.
    alone = person("Europe/Budapest")
    lost = person("Europe/Kyiv")  # there is no such country here

    enrolled = {
        who.pk: EnrolmentFactory(course=first, person=who, partnership=of, enrolled_at=at)
        for who, of, at in (
            (anna, one, FIRST),
            (radu, two, LAST),
            (uli, one, FIRST),
            (former, one, FIRST),
            (alone, None, FIRST),
            (lost, None, LAST),
        )
    }
    EnrolmentFactory(course=first, partnership=three, enrolled_at=BEFORE, finished_at=FIRST)
    EnrolmentFactory(course=first, partnership=three, enrolled_at=AFTER, finished_at=AFTER)
    EnrolmentFactory(course=second, person=alone, partnership=two, enrolled_at=FIRST, left_at=LAST)
    EnrolmentFactory(course=invented, partnership=three, enrolled_at=FIRST, finished_at=FIRST)
    Enrolment.objects.filter(pk=enrolled[anna.pk].pk).update(finished_at=LAST)
    certificate(enrolled[anna.pk], LAST)
    certificate(enrolled[radu.pk], AFTER)
    certificate(enrolled[uli.pk], FIRST, revoked_at=LAST)

    s_one = strategy(one, FIRST, approved_at=LAST, published_at=AFTER)
    sent(s_one, BEFORE, FIRST, LAST)
    s_two = strategy(two, BEFORE, approved_at=FIRST, published_at=LAST)
    sent(s_two, LAST)
    approved(s_one, *Section)
    # Of the second not all sections are approved.
    approved(s_two, Section.STATE)
    s_three = strategy(three, AFTER)
    sent(s_three, AFTER)
    for row, state, on in (
        (s_one, "done", date(2027, 3, 1)),
        (s_one, "done", date(2027, 3, 31)),
        (s_one, "dropped", date(2027, 3, 5)),
        (s_two, "done", date(2027, 2, 28)),
        (s_two, "open", None),
        (s_three, "done", date(2027, 3, 31)),
    ):
        measure(row, state, on)

    selfchecked(first, 1, 2, 3, 4, 5)
    selfchecked(second, 1, 1, 1, 1)
    selfchecked(invented, 1, 1, 1, 1, 1)

    held_one = held(first, LAST, [(5, 4, 3), (4, 4, 3), (3, 4, 4)])
    for seen, state in (
        (True, "seat"),
        (True, "seat"),
        (False, "seat"),
        (False, "cancelled"),
        (False, "waiting"),
    ):
        RegistrationFactory(session=held_one, state=state, attended_at=LAST if seen else None)
    GuestFactory(session=held_one, attended_at=LAST)
    few = held(first, FIRST, [(1, 1, 1), (1, 1, 1)])
    RegistrationFactory(session=few)
    held(first, BEFORE, [(1, 1, 1)] * 3)
    held(first, FIRST, [], state="cancelled")
    held(None, LAST, [(1, 1, 1)] * 3)
    held(None, LAST, [(1, 1, 1)] * 3, is_demo=True)
    return first


def counted(**facts) -> Report:
    asked = {"course": None, "demo": False, "now": LATER} | facts
    with translation.override("en"):
        return report(asked.pop("period", MARCH), **asked)


def test_of_one_course(course):
    assert counted(course=course) == Report(
        period=MARCH,
        course=course,
        people=6,
        countries=[
            FromCountry("Hungary", 2),  # Anna by Pécs, the lonely one by the clock
            FromCountry("Romania", 2),  # Radu by his county, the former one by the clock
            FromCountry("Germany", 1),  # Uli by the claim
            FromCountry("", 1),
        ],
        enrolments=6,
        finished=2,
        certificates=1,
        partnerships=2,
        strategies_begun=1,
        strategies_sent=2,
        strategies_approved=2,
        strategies_approved_whole=1,
        strategies_published=1,
        measures_done=3,
        partnerships_with_a_measure_done=2,
        sessions=2,
        seats=5,
        attended=3,
        marks=Marks(3, 4.0, 4.0, 3.3),
        # 1, 2, 3, 4 and 5 before, 5 each after.
        effect=Effect(5, 3.0, 5.0),
    )


def test_of_everything(course):
    found = counted()

    # The lonely one takes part in the second course too, for a partnership of Ulm and the county.
    assert (found.people, found.enrolments, found.finished, found.certificates) == (6, 7, 2, 1)
    assert sum(row.people for row in found.countries) == 6
    assert (found.partnerships, found.strategies_begun, found.strategies_sent) == (2, 1, 2)
    assert (found.sessions, found.seats, found.attended) == (3, 5, 3)
    assert found.marks == Marks(6, 2.5, 2.5, 2.2)
    # Four of the second course are too few to be added.
    assert found.effect == Effect(5, 3.0, 5.0)


def test_examples_count_only_where_they_are_shown(course):
    found = counted(demo=True)

    assert (found.enrolments, found.finished, found.partnerships, found.sessions) == (8, 3, 3, 4)
    assert found.effect == Effect(10, 2.0, 5.0)


def test_strategies_of_a_course_are_those_of_its_partnerships(course):
    second = Course.objects.get(slug="zwei")

    found = counted(course=second)

    assert (found.people, found.strategies_begun, found.strategies_sent, found.measures_done) == (1, 0, 1, 0)
    assert (found.sessions, found.attended, found.marks) == (0, 0, Marks(0))
    assert found.effect is None


def test_all_sections_approved_count_by_the_day_of_the_last_answer(course):
    april = Period(date(2027, 4, 1), date(2027, 4, 30))
    row = Strategy.objects.get(published_at=AFTER)
    StrategyVersion.objects.create(
        strategy=row, number=4, content={}, sent=["S2"], sent_at=AFTER, decided_at=AFTER, state="approved"
    )

    assert counted(course=course).strategies_approved_whole == 0
    assert counted(period=april, course=course).strategies_approved_whole == 1


def test_what_is_to_come_is_not_held(course):
    assert counted(now=LAST - timedelta(minutes=1)).sessions == 1


def test_a_session_with_few_answers_gives_no_mark_even_among_others(course):
    """Else the difference between two reports would be the answer of one person."""
    only_few = Period(date(2027, 3, 1), date(2027, 3, 1))

    assert counted(period=only_few, course=course).sessions == 1
    assert counted(period=only_few, course=course).marks == Marks(0)


def test_the_same_queries_for_more_people(course):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            counted()
        return len(found)

    before = queries()
    EnrolmentFactory.create_batch(5, course=course, enrolled_at=FIRST, partnership=PartnershipFactory())

    assert queries() == before


class TestPage:
    asked = "since=2027-03-01&until=2027-03-31"

    @pytest.fixture(autouse=True)
    def _in_june_without_examples(self, settings, monkeypatch):
        settings.SHOW_DEMO = False
        monkeypatch.setattr(timezone, "now", lambda: LATER)

    def test_shows_the_tables(self, course, admin):
        html = signed_in(admin, "en").get(f"{PAGE}?{self.asked}&course={course.pk}").content.decode()

        assert "1 March 2027 to 31 March 2027" in html
        for words, number in (
            ("enrolments", 6),
            ("Romania", 2),
            ("not known", 1),
            ("strategies with an approved version", 2),
            ("strategies with all sections approved", 1),
            ("measures done", 3),
            ("people who answered both times", 5),
            ("average before, from 1 to 5", "3.0"),
            ("average after, from 1 to 5", "5.0"),
        ):
            assert f'<th scope="row">{words}</th><td class="number">{number}</td>' in html
        assert html.count(">Feedback</caption>") == 1

    def test_begins_with_this_year(self, admin):
        answer = signed_in(admin, "en").get(PAGE)

        assert answer.status_code == 200
        assert answer.context["report"].period == Period(date(2027, 1, 1), date(2027, 6, 1))

    @pytest.mark.parametrize(
        "query",
        [
            "since=x&until=y",
            "since=2027-03-31&until=2027-03-01",
            "since=2027-03-01",
            "since=&until=&course=0",
        ],
    )
    def test_a_wrong_period_is_said(self, admin, query):
        answer = signed_in(admin, "en").get(f"{PAGE}?{query}")

        assert answer.status_code == 422
        assert "Please correct the errors below." in answer.content.decode()

    def test_instead_of_an_empty_table_stands_a_sentence(self, course, admin):
        client = signed_in(admin, "en")

        full, empty = (
            client.get(f"{PAGE}?since={year}-03-01&until={year}-03-31").content.decode()
            for year in (2027, 2001)
        )

        assert "<h3>People by country</h3>\n<p>There is nothing to count in this period.</p>" in empty
        assert ">People by country</caption>" in full
        assert ">People by country</caption>" not in empty

    def test_as_a_table(self, course, admin):
        answer = signed_in(admin, "en").get(f"{PAGE}?{self.asked}&course={course.pk}&format=csv")

        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="vipad-2027-03-01-2027-03-31.csv"' in answer["Content-Disposition"]
        rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
        assert rows[0] == ["part", "figure", "number", "from", "until", "course"]
        assert [
            "Taking part",
            "people who enrolled",
            "6",
            "2027-03-01",
            "2027-03-31",
            course.title_en,
        ] in rows
        assert ["Sessions", "people who attended", "3", "2027-03-01", "2027-03-31", course.title_en] in rows
        assert len(rows) == 1 + 5 + 4 + 7 + 3 + 3 + 4

    def test_as_a_workbook_with_the_figures_of_the_page(self, course, admin):
        answer = signed_in(admin, "en").get(f"{PAGE}?{self.asked}&course={course.pk}&format=xlsx")

        assert answer["Content-Type"] == MEDIA_TYPE
        assert 'filename="vipad-2027-03-01-2027-03-31.xlsx"' in answer["Content-Disposition"]
        book = load_workbook(BytesIO(answer.content))
        assert book.sheetnames == [
            "Report for the funder",
            "Taking part",
            "People by country",
            "Strategies and first projects",
            "Sessions",
            "Self-check",
            "Feedback",
        ]
        about, taking_part, *_more, feedback = book
        assert [cell.value for cell in about[2]] == [
            datetime(2027, 3, 1),
            datetime(2027, 3, 31),
            course.title_en,
        ]
        german = signed_in(admin, "de").get(f"{PAGE}?{self.asked}&format=xlsx")
        first = load_workbook(BytesIO(german.content)).worksheets[0]
        assert [cell.value for cell in first[1]] == ["vom", "bis zum", "Kurs"]
        rows = [[cell.value for cell in row] for row in taking_part.rows]
        assert rows[:3] == [["figure", "number"], ["people who enrolled", 6], ["enrolments", 6]]
        assert "Revoked certificates do not count." in rows[-1][0]
        assert [cell.value for cell in feedback["B"]][1:5] == [4.0, 4.0, 3.3, 3]

    @pytest.mark.parametrize("language", ["de", "en"])
    def test_as_a_paper_everybody_can_read(self, course, admin, language):
        answer = signed_in(admin, language).get(f"{PAGE}?{self.asked}&course={course.pk}&format=pdf")

        assert answer["Content-Type"] == "application/pdf"
        with opened(answer.content) as document:
            assert document.open_metadata()["pdfuaid:part"] == "1"
            assert document.Root.Lang == language
            kinds = list(structure(document.Root.StructTreeRoot))
        assert kinds.count("/Table") == 6
        assert kinds.count("/TH") == 12
        assert kinds.count("/TD") == 2 * (5 + 4 + 7 + 3 + 3 + 4)
        assert (kinds.count("/H1"), kinds.count("/H2")) == (1, 6)
        words = text_of(answer.content)
        assert course.title_de in words if language == "de" else course.title_en in words
        assert ("3,3" if language == "de" else "3.3") in words


def structure(node) -> list[str]:
    """The kinds of all elements, as a screen reader walks through them."""
    found = [str(node.S)] if "/S" in node else []
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            found += structure(child)
    return found

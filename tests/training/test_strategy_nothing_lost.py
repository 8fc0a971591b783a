"""Two who write the same, a language or a version that is gone, a lost session: nothing typed disappears."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.conflicts import based_on
from tests.conftest import signed_in
from tests.factories.strategies import BEGUN, make_coach, strategy_of, write
from training.actions import answers, strategies
from training.actions.answers import Answer
from training.choices import Section
from training.models import CoachNote, Measure, SectionComment, SectionDraft, Strategy, StrategyReview
from training.section_values import in_language

pytestmark = pytest.mark.django_db

AT = "/partnerships/team/strategy/"
KEY = "7320000a-0000-4000-8000-00000000000"
BASE = re.compile(r'name="base_version" value="([^"]*)"')
LONG = "Die Jugend trifft sich seit 1986 jedes Jahr im Mai, zuletzt in Fellbach."


@pytest.fixture
def strategy(participant: User, partner: User) -> Strategy:
    return strategy_of(participant, partner, slug="team", languages=["de", "en"])


@pytest.fixture
def writer(strategy: Strategy, participant: User) -> Client:
    return signed_in(participant, "en")


@pytest.fixture
def other(strategy: Strategy, partner: User) -> Client:
    return signed_in(partner, "en")


@pytest.fixture
def coaching(coach: User) -> Client:
    return signed_in(make_coach(coach), "en")


def said(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer
    return " ".join(answer.content.decode().split())


def base_in(html: str) -> str:
    found = BASE.search(html)
    assert found
    return found[1]


def only(strategy: Strategy, *languages: str) -> None:
    """As the team sets them on its page meanwhile."""
    strategies.set_languages(
        strategy=strategy, languages=languages, version=Strategy.objects.get(pk=strategy.pk).version
    )


class TestReview:
    @pytest.fixture
    def review(self, strategy: Strategy) -> StrategyReview:
        return StrategyReview.objects.create(strategy=strategy, kind="hundred_days", due_on=date(2027, 5, 1))

    @pytest.fixture
    def address(self, review: StrategyReview) -> str:
        return f"{AT}reviews/{review.pk}/"

    def test_who_saves_second_sees_both_texts(
        self, writer: Client, other: Client, review: StrategyReview, address: str
    ) -> None:
        base = base_in(said(other.get(address), 200))
        mine = {"good": "Von ihr.", "next": "Auch von ihr.", "language": "de", "base_version": base}
        first = {"good": "Von mir.", "hard": "Wenig Zeit.", "language": "de", "base_version": base}
        writer.post(address, {**first, "key": f"{KEY}1"})

        html = said(other.post(address, {**mine, "key": f"{KEY}2"}), 409)

        assert "Von mir." in html
        assert "Von ihr.</textarea>" in html
        # Only the first one has written here: it stands in the form, so that saving does not take it out.
        assert "Wenig Zeit.</textarea>" in html
        review.refresh_from_db()
        assert review.answers == {"de": {"good": "Von mir.", "hard": "Wenig Zeit."}}
        again = {**mine, "good": "Von beiden.", "hard": "Wenig Zeit.", "base_version": base_in(html)}
        assert other.post(address, {**again, "key": f"{KEY}3"}).status_code == 302
        review.refresh_from_db()
        assert review.answers["de"] == {
            "good": "Von beiden.",
            "hard": "Wenig Zeit.",
            "next": "Auch von ihr.",
        }

    def test_different_questions_and_languages_both_stay(
        self, writer: Client, other: Client, review: StrategyReview, address: str
    ) -> None:
        base = base_in(said(writer.get(address), 200))
        for at, (client, language, given) in enumerate(
            (
                (writer, "de", {"good": "Viel"}),
                (other, "de", {"hard": "Zeit"}),
                (other, "en", {"good": "A lot"}),
            )
        ):
            sent = {**given, "language": language, "base_version": base, "key": f"{KEY}{at}"}
            assert client.post(address, sent).status_code == 302

        review.refresh_from_db()
        assert review.answers == {"de": {"good": "Viel", "hard": "Zeit"}, "en": {"good": "A lot"}}

    def test_a_coach_reads_and_is_refused_openly(
        self, coaching: Client, review: StrategyReview, address: str
    ) -> None:
        assert coaching.get(address).status_code == 200
        sent = {"good": "x", "language": "de", "base_version": "1", "key": f"{KEY}1"}

        assert coaching.post(address, sent).status_code == 403

    def test_a_language_taken_out_meanwhile_is_refused(
        self, writer: Client, strategy: Strategy, review: StrategyReview, address: str
    ) -> None:
        only(strategy, "de")
        sent = {"good": LONG, "language": "en", "base_version": "1", "key": f"{KEY}1"}

        html = said(writer.post(address, sent), 409)

        assert "English is no longer a language of this strategy" in html
        assert f"{LONG}</textarea>" in html
        assert 'name="language" value="en"' in html
        review.refresh_from_db()
        assert review.answers == {}


class TestLanguageTakenOut:
    def filled(self, strategy: Strategy, language: str, **fields: str) -> dict[str, Any]:
        row = strategy.sections.get(code="S7")
        values = in_language(Section.LANGUAGES, row.values, language)
        base = based_on(row.version, values)
        return {**values, **fields, "base_version": base, "language": language, "key": f"{KEY}1"}

    def test_the_text_is_shown_again_and_written_nowhere(
        self, writer: Client, strategy: Strategy, participant: User
    ) -> None:
        write(strategy, "S7", participant, meetings="Auf Deutsch.")
        sent = self.filled(strategy, "en", meetings="In English.")
        only(strategy, "de")

        html = said(writer.post(f"{AT}s7/", sent), 409)

        assert "English is no longer a language of this strategy" in html
        assert "In English.</textarea>" in html
        assert 'name="language" value="en"' in html
        assert strategy.sections.get(code="S7").values == {"meetings": {"de": "Auf Deutsch."}}
        # Kept where it belongs: it comes back with its language.
        assert list(SectionDraft.objects.values_list("language", flat=True)) == ["en"]
        assert "In English." not in said(writer.get(f"{AT}s7/?in=en"), 200)
        assert "You have a draft here" not in said(writer.get(AT), 200)
        only(strategy, "de", "en")
        assert "In English.</textarea>" in said(writer.get(f"{AT}s7/?in=en"), 200)

    def test_back_again_the_same_form_saves(self, writer: Client, strategy: Strategy) -> None:
        sent = self.filled(strategy, "en", meetings="In English.")
        only(strategy, "de")
        writer.post(f"{AT}s7/", sent)
        only(strategy, "de", "en")

        assert writer.post(f"{AT}s7/", sent)["Location"] == f"{AT}s7/?in=en"

        assert strategy.sections.get(code="S7").values == {"meetings": {"en": "In English."}}

    def test_a_draft_is_filed_under_its_language(self, writer: Client, strategy: Strategy) -> None:
        sent = self.filled(strategy, "en", meetings="In Eng")
        only(strategy, "de")

        assert writer.post(f"{AT}s7/draft/", sent).status_code == 204

        assert "In Eng" not in said(writer.get(f"{AT}s7/"), 200)
        only(strategy, "de", "en")
        assert "In Eng</textarea>" in said(writer.get(f"{AT}s7/?in=en"), 200)

    @pytest.mark.parametrize("language", ["xx", ""])
    def test_a_language_nobody_knows_is_refused(
        self, writer: Client, strategy: Strategy, language: str
    ) -> None:
        sent = {**self.filled(strategy, "de", meetings="Aha"), "language": language}

        assert writer.post(f"{AT}s7/draft/", sent).status_code == 422
        assert "Aha</textarea>" in said(writer.post(f"{AT}s7/", sent), 409)
        assert not SectionDraft.objects.exists()
        assert strategy.sections.get(code="S7").values == {}

    def test_a_measure_too(self, writer: Client, strategy: Strategy) -> None:
        sent = {"title": "Invite", "due_on": "2027-05-01", "state": "open", "language": "en"}
        only(strategy, "de")

        html = said(writer.post(f"{AT}measures/new/", {**sent, "key": f"{KEY}1"}), 409)

        assert "English is no longer a language of this strategy" in html
        assert 'value="Invite"' in html
        assert not Measure.objects.exists()

    def test_the_summary_shows_what_was_typed_in_it(self, writer: Client, strategy: Strategy) -> None:
        Strategy.objects.update(approved_at=BEGUN)
        sent = {"text_de": "Wir.", "text_en": LONG, "base_version": "1", "key": f"{KEY}1"}
        only(strategy, "de")

        html = said(writer.post(f"{AT}summary/", sent), 409)

        assert LONG in html
        assert "Wir.</textarea>" in html

    def test_its_summary_waits_and_comes_back_with_it(
        self, writer: Client, strategy: Strategy, client: Client
    ) -> None:
        Strategy.objects.update(approved_at=BEGUN)
        sent = {"text_de": "Wir.", "text_en": LONG, "base_version": "1", "key": f"{KEY}1"}
        writer.post(f"{AT}summary/", sent)
        only(strategy, "de")
        client.cookies["django_language"] = "en"
        public = "/partnerships/team/"
        assert LONG not in said(client.get(public), 200)

        base = base_in(said(writer.get(f"{AT}summary/"), 200))
        writer.post(f"{AT}summary/", {"text_de": "Ihr.", "base_version": base, "key": f"{KEY}2"})

        html = said(client.get(public), 200)
        assert "Ihr." in html
        assert LONG not in html
        only(strategy, "de", "en")
        assert LONG in said(client.get(public), 200)


class TestSentMeanwhile:
    def test_the_own_draft_is_shown_and_said_to_be_kept(
        self, writer: Client, other: Client, strategy: Strategy, participant: User, partner: User
    ) -> None:
        write(strategy, "S2", partner, group_1_who="Die Jugend")
        typed = {"group_1_who": LONG, "language": "de", "base_version": "1", "key": f"{KEY}1"}
        writer.post(f"{AT}s2/draft/", typed)
        strategies.send_sections(strategy=strategy, codes=["S2"], by=partner, now=BEGUN)

        html = said(writer.get(f"{AT}s2/"), 200)

        assert "is kept until the section is back" in html
        assert f'<dt>Target group 1: Who</dt><dd lang="de">{LONG}</dd>' in html
        assert LONG not in said(other.get(f"{AT}s2/"), 200)

    def test_without_a_draft_nothing_is_said(
        self, writer: Client, coaching: Client, strategy: Strategy, participant: User
    ) -> None:
        write(strategy, "S2", participant, group_1_who="Die Jugend")
        strategies.send_sections(strategy=strategy, codes=["S2"], by=participant, now=BEGUN)

        for reading in (writer, coaching):
            assert "is kept until" not in said(reading.get(f"{AT}s2/"), 200)


def test_a_conflict_says_which_group_a_line_is_about(
    writer: Client, strategy: Strategy, partner: User
) -> None:
    base = base_in(said(writer.get(f"{AT}s2/?in=de"), 200))
    write(strategy, "S2", partner, group_1_who="Die Jugend", group_2_who="Die Chöre")
    sent = {"group_1_who": "Familien", "group_2_who": "Vereine", "language": "de"}

    html = said(writer.post(f"{AT}s2/", {**sent, "base_version": base, "key": f"{KEY}1"}), 409)

    for number in (1, 2):
        assert f'scope="row">Target group {number}: Who</th>' in html


def test_so_does_an_error(writer: Client, strategy: Strategy) -> None:
    sent = {"group_2_who": "x" * 1_000, "language": "de", "base_version": "1", "key": f"{KEY}1"}

    html = said(writer.post(f"{AT}s2/?in=de", sent), 422)

    assert '<a href="#id_group_2_who">Target group 2: Who – ' in html


def test_of_a_draft_only_what_is_new_is_shown(writer: Client, strategy: Strategy, participant: User) -> None:
    write(strategy, "S3", participant, aim_1_what="Mehr Jugend", aim_1_by=date(2027, 5, 1))
    typed = {"aim_1_what": "Mehr Jugend", "aim_1_by": "2027-05-01", "aim_1_measured": "Wir zählen."}
    writer.post(f"{AT}s3/draft/", {**typed, "language": "de", "base_version": "1", "key": f"{KEY}1"})
    strategies.send_sections(strategy=strategy, codes=["S3"], by=participant, now=BEGUN)

    html = said(writer.get(f"{AT}s3/"), 200)

    draft = html.split('aria-label="Your draft"')[1].split("</section>")[0]
    assert draft.count("<dt>") == 1
    assert "Wir zählen." in draft


def test_who_reads_another_language_chooses_the_one_to_write_in(strategy: Strategy, partner: User) -> None:
    only(strategy, "de", "hu")
    review = StrategyReview.objects.create(strategy=strategy, kind="hundred_days", due_on=date(2027, 5, 1))
    reading = signed_in(partner, "en")
    for place in ("measures/new/", f"reviews/{review.pk}/"):
        way = f'<a href="{AT}{place}?in=hu"'
        assert way in said(reading.get(AT + place), 200)

        html = said(reading.get(f"{AT}{place}?in=hu"), 200)

        assert f'{way} aria-current="page">magyar' in html
        assert 'name="language" value="hu"' in html


class TestAnswerTooLate:
    GIVEN = {"key": f"{KEY}1", "decision_S1": "back", "comment_S1": LONG}

    @pytest.fixture
    def version(self, strategy: Strategy, participant: User) -> Any:
        write(strategy, "S1", participant, history="Seit 1986.")
        return strategies.send_sections(strategy=strategy, codes=["S1"], by=participant, now=BEGUN)

    def test_taken_back_meanwhile_it_is_shown_to_be_copied(
        self, coaching: Client, version: Any, participant: User
    ) -> None:
        strategies.take_back(version=version, by=participant)

        html = said(coaching.post(f"{AT}versions/1/", self.GIVEN), 409)

        assert "The team has taken this version back meanwhile" in html
        assert LONG in html
        assert "Please revise" in html
        assert not SectionComment.objects.exists()

    def test_answered_by_somebody_else_meanwhile(
        self, coaching: Client, version: Any, coordinator: User
    ) -> None:
        first = Answer(is_good=True, comment="Schön.")
        answers.answer_version(version=version, answers={"S1": first}, by=make_coach(coordinator), now=BEGUN)

        html = said(coaching.post(f"{AT}versions/1/", self.GIVEN), 409)

        assert f"{coordinator.shown_name} has answered this version meanwhile" in html
        assert LONG in html
        assert [row.text for row in SectionComment.objects.all()] == ["Schön."]

    def test_at_the_same_moment(
        self, coaching: Client, version: Any, participant: User, monkeypatch: Any
    ) -> None:
        """The page was still waiting when it was read."""
        real = answers.answer_version

        def too_late(**given: Any) -> Any:
            strategies.take_back(version=version, by=participant)
            return real(**given)

        monkeypatch.setattr(answers, "answer_version", too_late)

        html = said(coaching.post(f"{AT}versions/1/", self.GIVEN), 409)

        assert "was not sent" in html
        assert LONG in html

    def test_the_team_is_refused_as_before(self, writer: Client, version: Any, participant: User) -> None:
        strategies.take_back(version=version, by=participant)

        assert writer.post(f"{AT}versions/1/", self.GIVEN).status_code == 403


class TestMeasureInTheOtherLanguage:
    @pytest.fixture
    def row(self, strategy: Strategy) -> Measure:
        return Measure.objects.create(
            strategy=strategy, titles={"en": "Invite three clubs"}, due_on=date(2027, 5, 1), written_at=BEGUN
        )

    def test_changing_the_state_does_not_make_it_mine(self, writer: Client, row: Measure) -> None:
        address = f"{AT}measures/{row.pk}/"
        html = said(writer.get(address), 200)
        assert re.search(r'<span lang="en">Invite three clubs</span>', html)
        shown = re.search(r'<input[^>]*name="title"[^>]*>', html)
        assert shown
        assert "Invite" not in shown[0]
        assert 'name="language" value="de"' in html

        sent = {"title": "", "due_on": "2027-05-01", "state": "done", "language": "de", "base_version": "1"}
        assert writer.post(address, {**sent, "key": f"{KEY}1"}).status_code == 302

        row.refresh_from_db()
        assert (row.titles, row.state) == ({"en": "Invite three clubs"}, "done")

    def test_own_words_are_added(self, writer: Client, row: Measure) -> None:
        sent = {"title": "Einladen", "due_on": "2027-05-01", "state": "open", "language": "de"}
        writer.post(f"{AT}measures/{row.pk}/", {**sent, "base_version": "1", "key": f"{KEY}1"})

        row.refresh_from_db()
        assert row.titles == {"en": "Invite three clubs", "de": "Einladen"}

    def test_the_only_words_cannot_be_taken_out(self, other: Client, row: Measure, partner: User) -> None:
        sent = {"title": "", "due_on": "2027-05-01", "state": "open", "language": "en", "base_version": "1"}

        assert other.post(f"{AT}measures/{row.pk}/", {**sent, "key": f"{KEY}1"}).status_code == 422
        row.refresh_from_db()
        assert row.titles == {"en": "Invite three clubs"}


class TestRefusedAndKept:
    def test_a_note_too_long_stands_in_its_field_again(self, coaching: Client, strategy: Strategy) -> None:
        long = "n" * 4001

        html = said(coaching.post(f"{AT}notes/", {"text": long, "key": f"{KEY}1"}), 422)

        assert f"{long}</textarea>" in html
        assert "at most 4000 characters" in html
        assert f'action="{AT}notes/"' in html
        assert not CoachNote.objects.exists()

    @pytest.mark.parametrize("day", ["1999-12-31", "2100-01-01", "0001-01-01", "9999-12-31"])
    def test_a_day_far_away_is_refused_at_its_field(
        self, writer: Client, strategy: Strategy, day: str
    ) -> None:
        sent = {"title": "Einladen", "due_on": day, "state": "open", "language": "de", "key": f"{KEY}1"}

        html = said(writer.post(f"{AT}measures/new/", sent), 422)

        assert "Please enter a day between 2000 and 2100." in html
        assert not Measure.objects.exists()

    @pytest.mark.parametrize("place", ["measures/new/", "measures/{}/"])
    def test_signed_out_a_measure_is_shown_again(self, strategy: Strategy, place: str) -> None:
        row = Measure.objects.create(
            strategy=strategy, titles={"de": "A"}, due_on=date(2027, 5, 1), written_at=BEGUN
        )
        address = f"{AT}{place.format(row.pk)}"
        sent = {"title": LONG, "due_on": "2027-05-01", "state": "open", "base_version": "1"}

        html = said(Client().post(address, {**sent, "key": f"{KEY}1"}), 403)

        assert f"{LONG}</textarea>" in html
        assert '<input type="hidden" name="due_on" value="2027-05-01">' in html
        assert Client().get(address)["Location"].endswith(f"?next={address}")

    @pytest.mark.parametrize("place", ["take-on/", "versions/1/take-back/", "summary/withdraw/"])
    def test_a_button_pressed_with_a_lost_session_leads_to_the_strategy(
        self, writer: Client, strategy: Strategy, place: str, participant: User
    ) -> None:
        """The sign-in page leads there by GET."""
        write(strategy, "S1", participant, history="Seit 1986.")
        strategies.send_sections(strategy=strategy, codes=["S1"], by=participant, now=BEGUN)

        assert writer.get(f"{AT}{place}")["Location"] == AT
        assert strategy.sections.get(code="S1").state == "sent"

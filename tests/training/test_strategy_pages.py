"""The pages of strategies: who comes in, what stands there, what a form does, and how few queries it takes."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.conflicts import based_on
from tests.conftest import signed_in
from tests.factories.partnerships import PartnershipFactory
from tests.factories.strategies import BEGUN, look_after, make_coach, strategy_of, write
from training.actions import answers, strategies
from training.actions.answers import Answer
from training.choices import Section, SectionState
from training.models import Measure, SectionComment, SectionDraft, Strategy, StrategyReview, StrategyVersion
from training.section_values import in_language

pytestmark = pytest.mark.django_db

AT = "/partnerships/team/strategy/"
KEY = "7310000a-0000-4000-8000-00000000000"
GOOD = Answer(is_good=True, comment="")


@pytest.fixture
def strategy(participant: User, partner: User) -> Strategy:
    return strategy_of(participant, partner, slug="team")


@pytest.fixture
def writer(strategy: Strategy, participant: User) -> Client:
    return signed_in(participant, "en")


@pytest.fixture
def coaching(coach: User) -> Client:
    return signed_in(make_coach(coach), "en")


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return " ".join(answer.content.decode().split())


def filled(strategy: Strategy, code: str = "S1", language: str = "de", **fields: Any) -> dict[str, Any]:
    """The form as a browser would send it, with these fields changed."""
    row = strategy.sections.get(code=code)
    values = in_language(Section(code), row.values, language)
    shown = {name: "" if value is None else str(value) for name, value in values.items()}
    base = based_on(row.version, values)
    return {**shown, **fields, "base_version": base, "language": language, "key": f"{KEY}1"}


class TestBeginning:
    def test_who_looks_after_a_side_begins(self, participant: User) -> None:
        look_after(PartnershipFactory(slug="team", languages=["de", "hu"]), participant)
        client = signed_in(participant, "en")

        html = text(client, AT)
        assert re.findall(r'value="(\w\w)"[^>]*checked', html) == ["de", "hu"]
        answer = client.post(AT, {"languages": ["hu", "de"], "key": f"{KEY}1"})

        assert (answer.status_code, answer["Location"]) == (302, AT)
        assert Strategy.objects.get().languages == ["de", "hu"]

    @pytest.mark.parametrize("chosen", [[], ["xx"], ["de", "en", "hu", "ro", "sr"]], ids=["none", "odd", "5"])
    def test_languages_are_chosen_well(self, participant: User, chosen: list[str]) -> None:
        look_after(PartnershipFactory(slug="team"), participant)

        answer = signed_in(participant, "en").post(AT, {"languages": chosen, "key": f"{KEY}1"})

        assert answer.status_code == 422
        assert not Strategy.objects.exists()


class TestWriting:
    def test_saved_in_the_chosen_language(self, writer: Client, strategy: Strategy) -> None:
        answer = writer.post(f"{AT}s1/", filled(strategy, language="hu", history="1986 óta."))

        assert answer["Location"] == f"{AT}s1/?in=hu"
        assert strategy.sections.get(code="S1").values == {"history": {"hu": "1986 óta."}}

    def test_the_other_language_stands_beside(
        self, writer: Client, strategy: Strategy, partner: User
    ) -> None:
        write(strategy, "S1", partner, language="hu", history="1986 óta.")

        assert '<span lang="hu">1986 óta.</span>' in text(writer, f"{AT}s1/?in=de")

    def test_every_section_has_guidance_and_an_example(self, writer: Client, strategy: Strategy) -> None:
        for code in Section:
            html = text(writer, f"{AT}{code.lower()}/")
            assert "A good example:" in html, code
            assert html.count("<textarea") + html.count("<input") > 5, code

    def test_a_wrong_date_is_said_at_its_field(self, writer: Client, strategy: Strategy) -> None:
        sent = filled(strategy, "S1", last_contact="yesterday", history="Seit 1986.")
        answer = writer.post(f"{AT}s1/", sent)

        assert answer.status_code == 422
        html = answer.content.decode()
        assert "Enter a valid date" in html
        assert "Seit 1986." in html
        assert strategy.sections.get(code="S1").values == {}

    def test_a_conflict_shows_both_and_loses_nothing(
        self, writer: Client, strategy: Strategy, partner: User
    ) -> None:
        sent = filled(strategy, history="Von mir.", strengths="Auch von mir.")
        write(strategy, "S1", partner, history="Von ihr.")

        answer = writer.post(f"{AT}s1/", sent)

        assert answer.status_code == 409
        html = answer.content.decode()
        assert "Von ihr." in html
        assert "Von mir." in html
        assert strategy.sections.get(code="S1").values == {"history": {"de": "Von ihr."}}
        base = re.search(r'name="base_version" value="([^"]*)"', html)
        assert base
        again = writer.post(f"{AT}s1/", {**sent, "base_version": base[1]})
        assert again.status_code == 302
        values = strategy.sections.get(code="S1").values
        assert values["history"] == {"de": "Von mir."}

    def test_what_lies_with_the_coaches_is_read_only_and_the_typed_text_kept(
        self, writer: Client, strategy: Strategy, partner: User
    ) -> None:
        sent = filled(strategy, history="Noch mehr.")
        write(strategy, "S1", partner, history="Seit 1986.")
        strategies.send_sections(strategy=strategy, codes=["S1"], by=partner, now=BEGUN)

        answer = writer.post(f"{AT}s1/", sent, follow=True)

        assert "Your text is kept as your draft" in answer.content.decode()
        assert '<form class="form section-form"' not in answer.content.decode()
        assert SectionDraft.objects.get().typed["history"] == "Noch mehr."
        assert strategy.sections.get(code="S1").values == {"history": {"de": "Seit 1986."}}

    def test_signed_out_the_text_is_shown_again(self, strategy: Strategy) -> None:
        long = "Seit 1986 treffen wir uns jedes Jahr im Mai zum Konzert."
        answer = Client().post(f"{AT}s1/", filled(strategy, history=long))

        assert answer.status_code == 403
        assert long in answer.content.decode()


class TestDrafts:
    def test_kept_and_shown_again(self, writer: Client, strategy: Strategy) -> None:
        sent = filled(strategy, history="Halber Sa")
        assert writer.post(f"{AT}s1/draft/", sent).status_code == 204

        html = text(writer, f"{AT}s1/?in=de")

        assert "Halber Sa</textarea>" in html
        assert "This is your draft of" in html
        assert "Halber Sa" not in text(writer, f"{AT}s1/?in=hu")

    def test_of_others_only_that_they_write(
        self, writer: Client, strategy: Strategy, partner: User, coaching: Client
    ) -> None:
        signed_in(partner, "en").post(f"{AT}s1/draft/", filled(strategy, history="Geheim"))

        html = text(writer, f"{AT}s1/?in=de")
        assert "Partner Timișoara is writing here, too" in html
        assert "Geheim" not in html
        assert "Geheim" not in text(coaching, f"{AT}s1/")

    def test_what_stands_there_already_is_no_draft(
        self, writer: Client, strategy: Strategy, participant: User
    ) -> None:
        writer.post(f"{AT}s1/draft/", filled(strategy, history="Seit 1986."))
        assert SectionDraft.objects.exists()
        write(strategy, "S1", participant, history="Seit 1986.")

        writer.post(f"{AT}s1/draft/", filled(strategy))

        assert not SectionDraft.objects.exists()

    def test_after_the_form_was_sent_the_browser_may_forget(self, writer: Client, strategy: Strategy) -> None:
        sent = filled(strategy, history="Seit 1986.")
        writer.post(f"{AT}s1/", sent)

        assert writer.post(f"{AT}s1/draft/", sent).status_code == 205
        assert not SectionDraft.objects.exists()

    def test_a_draft_of_an_old_version_meets_the_conflict(
        self, writer: Client, strategy: Strategy, partner: User
    ) -> None:
        writer.post(f"{AT}s1/draft/", filled(strategy, history="Von mir."))
        write(strategy, "S1", partner, history="Von ihr.")

        html = text(writer, f"{AT}s1/?in=de")
        base = re.search(r'name="base_version" value="([^"]*)"', html)
        assert base
        sent = {**filled(strategy, history="Von mir."), "base_version": base[1]}

        assert writer.post(f"{AT}s1/", sent).status_code == 409

    @pytest.mark.parametrize("wrong", [{"last_contact": "1800-01-01"}, {}], ids=["mistake", "conflict"])
    def test_what_could_not_be_saved_is_a_draft(
        self, wrong: dict[str, str], writer: Client, strategy: Strategy, partner: User
    ) -> None:
        sent = filled(strategy, history="Von mir.", **wrong)
        write(strategy, "S1", partner, history="Von ihr.")

        assert writer.post(f"{AT}s1/", sent).status_code == (422 if wrong else 409)

        assert "Von mir.</textarea>" in text(writer, f"{AT}s1/?in=de")
        draft = SectionDraft.objects.get()
        assert (draft.typed["history"], draft.base) == ("Von mir.", sent["base_version"])

    def test_thrown_away(self, writer: Client, strategy: Strategy) -> None:
        writer.post(f"{AT}s1/draft/", filled(strategy, history="Weg"))

        answer = writer.post(f"{AT}s1/draft/", {"discard": "1", "language": "de"})

        assert answer["Location"] == f"{AT}s1/?in=de"
        assert not SectionDraft.objects.exists()

    def test_too_much_is_refused(self, writer: Client, strategy: Strategy) -> None:
        sent = filled(strategy, history="x" * 200_001)

        assert writer.post(f"{AT}s1/draft/", sent).status_code == 422

    def test_a_coach_has_none(self, coaching: Client, strategy: Strategy) -> None:
        assert coaching.post(f"{AT}s1/draft/", filled(strategy, history="x")).status_code == 403
        assert Client().post(f"{AT}s1/draft/", filled(strategy)).status_code == 403


class TestCoachAndTeam:
    @pytest.fixture
    def sent(self, strategy: Strategy, participant: User) -> StrategyVersion:
        write(strategy, "S1", participant, history="Seit 1986.")
        write(strategy, "S3", participant, aim_1_what="Mehr Jugend", aim_1_by=date(2027, 5, 1))
        return strategies.send_sections(strategy=strategy, codes=["S1", "S3"], by=participant, now=BEGUN)

    def test_a_coach_reads_and_answers(self, coaching: Client, sent: StrategyVersion) -> None:
        html = text(coaching, f"{AT}versions/1/")
        assert "Mehr Jugend" in html
        assert "1 May 2027" in html

        answer = coaching.post(
            f"{AT}versions/1/",
            {"key": f"{KEY}1", "decision_S1": "good", "decision_S3": "back", "comment_S3": "Wie viele?"},
        )

        assert answer.status_code == 302
        assert SectionComment.objects.get().text == "Wie viele?"

    def test_a_return_without_a_reason_is_refused(self, coaching: Client, sent: StrategyVersion) -> None:
        answer = coaching.post(
            f"{AT}versions/1/", {"key": f"{KEY}1", "decision_S1": "good", "decision_S3": "back"}
        )

        assert answer.status_code == 422
        assert "Please say what is to be revised." in answer.content.decode()
        assert not SectionComment.objects.exists()

    def test_the_team_does_not_answer_itself(self, writer: Client, sent: StrategyVersion) -> None:
        assert "decision_S1" not in text(writer, f"{AT}versions/1/")
        given = {"key": f"{KEY}1", "decision_S1": "good", "decision_S3": "good"}
        assert writer.post(f"{AT}versions/1/", given).status_code == 403

    def test_nor_a_coach_of_the_own_partnership(
        self, strategy: Strategy, sent: StrategyVersion, participant: User
    ) -> None:
        client = signed_in(make_coach(participant), "en")
        given = {"key": f"{KEY}1", "decision_S1": "good", "decision_S3": "good"}

        assert client.post(f"{AT}versions/1/", given).status_code == 403
        assert client.post(f"{AT}take-on/").status_code == 403

    def test_a_coach_writes_nothing(self, coaching: Client, strategy: Strategy) -> None:
        for name in ("languages/", "send/", "summary/", "measures/new/"):
            assert coaching.get(f"{AT}{name}").status_code == 403, name
        assert coaching.post(f"{AT}s1/", filled(strategy, history="x")).status_code == 403
        assert strategy.sections.get(code="S1").values == {}

    def test_the_reason_stands_above_the_form(
        self, writer: Client, sent: StrategyVersion, coach: User
    ) -> None:
        given = {"S1": GOOD, "S3": Answer(is_good=False, comment="Wie viele?")}
        answers.answer_version(version=sent, answers=given, by=make_coach(coach), now=timezone.now())

        html = text(writer, f"{AT}s3/")

        assert html.index("Wie viele?") < html.index('<form class="form section-form"')

    def test_notes_are_for_coaches_only(self, coaching: Client, writer: Client, strategy: Strategy) -> None:
        coaching.post(f"{AT}notes/", {"key": f"{KEY}1", "text": "Ruft selten an."})

        assert "Ruft selten an." in text(coaching, AT)
        assert "Ruft selten an." not in text(writer, AT)
        assert "Notes of the coaches" not in text(writer, AT)
        assert writer.post(f"{AT}notes/", {"key": f"{KEY}2", "text": "x"}).status_code == 404

    def test_compare_shows_what_changed(
        self, writer: Client, strategy: Strategy, sent: StrategyVersion, coach: User, participant: User
    ) -> None:
        given = {"S1": GOOD, "S3": Answer(is_good=False, comment="Wie viele?")}
        answers.answer_version(version=sent, answers=given, by=make_coach(coach), now=timezone.now())
        write(strategy, "S3", participant, aim_1_what="Mehr Jugendliche", aim_1_by=date(2027, 6, 1))

        html = re.sub(
            r"<span class=.visually-hidden.>[^<]*</span>", "", text(writer, f"{AT}compare/?from=1&to=now")
        )

        assert "Mehr <del>Jugend</del><ins>Jugendliche</ins>" in html
        assert "1 <del>May</del><ins>June</ins> 2027" in html
        assert "1 section says the same in both." in html
        assert "The two say the same." in text(writer, f"{AT}compare/?from=1&to=1")

    def test_compare_begins_where_something_has_changed(
        self, writer: Client, strategy: Strategy, sent: StrategyVersion, participant: User
    ) -> None:
        strategies.take_back(version=sent, by=participant)
        write(strategy, "S3", participant, aim_1_what="Mehr Jugendliche")
        chosen = re.compile(r'<option value="(\w+)" selected>')
        assert chosen.findall(text(writer, f"{AT}compare/")) == ["1", "now"]

        strategies.send_sections(strategy=strategy, codes=["S3"], by=participant, now=BEGUN)

        html = text(writer, f"{AT}compare/")
        assert chosen.findall(html) == ["1", "2"]
        assert "<ins>" in html
        assert "The two say the same." in text(writer, f"{AT}compare/?from=2&to=now")

    def test_an_empty_section_is_called_empty(self, writer: Client, strategy: Strategy) -> None:
        head = text(writer, f"{AT}s5/").split("</header>")[-2]
        assert ">empty<" in head

    def test_nonsense_versions_compare_something(self, writer: Client, sent: StrategyVersion) -> None:
        text(writer, f"{AT}compare/?from=x&to=99")


class TestSummary:
    def test_everybody_reads_it_after_approval_and_nothing_else(
        self, writer: Client, strategy: Strategy, outsider: User, client: Client
    ) -> None:
        Strategy.objects.update(approved_at=timezone.now())
        sent = {"text_de": "Wir treffen uns.", "text_hu": "", "base_version": "1", "key": f"{KEY}1"}
        assert writer.post(f"{AT}summary/", sent).status_code == 302

        for reader in (client, signed_in(outsider, "en")):
            html = text(reader, "/partnerships/team/")
            assert "Wir treffen uns." in html
            assert "/strategy/" not in html
        writer.post(f"{AT}summary/withdraw/")
        assert "Wir treffen uns." not in text(client, "/partnerships/team/")

    def test_before_approval_it_is_refused(self, writer: Client, strategy: Strategy) -> None:
        sent = {"text_de": "Wir.", "text_hu": "", "base_version": "1", "key": f"{KEY}1"}

        answer = writer.post(f"{AT}summary/", sent)

        assert answer.status_code == 422
        assert "A coach has to approve a version first." in answer.content.decode()

    def test_the_page_of_the_partnership_says_nothing_of_a_draft(
        self, strategy: Strategy, outsider: User, client: Client, writer: Client
    ) -> None:
        for reader in (client, signed_in(outsider, "en")):
            assert "Digital strategy" not in text(reader, "/partnerships/team/")
        assert f'href="{AT}"' in text(writer, "/partnerships/team/")


class TestMeasures:
    def test_written_and_changed(self, writer: Client, strategy: Strategy, participant: User) -> None:
        sent = {
            "title": "Einladen",
            "owner": participant.pk,
            "due_on": "2027-05-01",
            "state": "open",
            "language": "de",
        }
        assert writer.post(f"{AT}measures/new/", {**sent, "key": f"{KEY}1"}).status_code == 302
        row = Measure.objects.get()
        assert (row.titles, row.owner) == ({"de": "Einladen"}, participant)

        sent |= {"state": "done", "base_version": "1"}
        writer.post(f"{AT}measures/{row.pk}/", {**sent, "key": f"{KEY}2"})

        row.refresh_from_db()
        assert (row.state, row.settled_on) == ("done", timezone.localdate())

    def test_changed_after_back_the_same_form_is_another_act(
        self, writer: Client, strategy: Strategy
    ) -> None:
        sent = {"title": "A", "due_on": "2027-05-01", "state": "open", "language": "de", "key": f"{KEY}1"}
        for title in ("A", "A", "B"):
            writer.post(f"{AT}measures/new/", {**sent, "title": title})
        for text_ in ("Ja", "Ja", "Nein"):
            writer.post(f"{AT}s1/comments/", {"text": text_, "key": f"{KEY}2"})

        assert [row.titles["de"] for row in Measure.objects.order_by("pk")] == ["A", "B"]
        assert [row.text for row in SectionComment.objects.order_by("pk")] == ["Ja", "Nein"]

    def test_an_owner_is_of_the_team(self, writer: Client, outsider: User) -> None:
        sent = {
            "title": "Einladen",
            "owner": outsider.pk,
            "due_on": "2027-05-01",
            "state": "open",
            "language": "de",
        }

        assert writer.post(f"{AT}measures/new/", {**sent, "key": f"{KEY}1"}).status_code == 422
        assert not Measure.objects.exists()

    def test_two_editors_are_told(self, writer: Client, strategy: Strategy) -> None:
        row = Measure.objects.create(
            strategy=strategy, titles={"de": "A"}, due_on=date(2027, 5, 1), written_at=BEGUN, version=2
        )
        sent = {"title": "B", "due_on": "2027-05-01", "state": "open", "language": "de", "base_version": "1"}

        assert writer.post(f"{AT}measures/{row.pk}/", {**sent, "key": f"{KEY}1"}).status_code == 409

    def test_the_review_is_answered_in_one_s_language(self, strategy: Strategy, partner: User) -> None:
        row = StrategyReview.objects.create(
            strategy=strategy, kind="hundred_days", due_on=date(2027, 5, 1), answers={"de": {"good": "Viel"}}
        )
        partner.language = "hu"
        partner.save()
        client = signed_in(partner, "en")
        assert "Viel" in text(client, f"{AT}reviews/{row.pk}/")

        base = based_on(1, {"good": "", "hard": "", "next": ""})
        sent = {"key": f"{KEY}1", "good": "Sok", "language": "hu", "base_version": base}
        client.post(f"{AT}reviews/{row.pk}/", sent)

        row.refresh_from_db()
        assert row.answers == {"de": {"good": "Viel"}, "hu": {"good": "Sok"}}
        assert row.done_by == partner


def many(strategy: Strategy, person: User, coach: User) -> None:
    """Every section written, three versions, ten comments, measures and drafts of others."""
    for code in Section:
        strategies_fields = {"S1": {"history": "x"}, "S3": {"aim_1_what": "y"}}
        write(strategy, code, person, **strategies_fields.get(code, {}))
    for number in range(3):
        write(strategy, "S1", person, history=f"Fassung {number}")
        version = strategies.send_sections(strategy=strategy, codes=["S1"], by=person, now=BEGUN)
        back = {"S1": Answer(is_good=False, comment="Noch einmal")}
        answers.answer_version(version=version, answers=back, by=coach, now=BEGUN + timedelta(days=1))
    for number in range(10):
        Measure.objects.create(
            strategy=strategy,
            titles={"de": f"M{number}"},
            owner=person,
            due_on=date(2027, 5, 1),
            written_at=BEGUN,
        )
        answers.comment(
            strategy=strategy, section=Section.STATE, text="Ja", by=person, by_coach=False, now=BEGUN
        )


@pytest.mark.parametrize("is_full", [False, True], ids=["few", "many"])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("", 15), ("s1/", 13), ("versions/1/", 11), ("compare/", 14), ("measures/", 10), ("send/", 12)],
)
def test_pages_cost_the_same_however_much_stands_there(
    address: str,
    queries: int,
    is_full: bool,
    writer: Client,
    strategy: Strategy,
    participant: User,
    coach: User,
    django_assert_num_queries: Any,
) -> None:
    write(strategy, "S1", participant, history="Seit 1986.")
    version = strategies.send_sections(strategy=strategy, codes=["S1"], by=participant, now=BEGUN)
    back = {"S1": Answer(is_good=False, comment="Mehr")}
    answers.answer_version(version=version, answers=back, by=make_coach(coach), now=BEGUN)
    Measure.objects.create(
        strategy=strategy, titles={"de": "M"}, owner=participant, due_on=date(2027, 5, 1), written_at=BEGUN
    )
    if is_full:
        many(strategy, participant, coach)
    writer.get(f"{AT}{address}")

    with django_assert_num_queries(queries):
        writer.get(f"{AT}{address}")


def test_a_section_that_was_returned_can_be_sent_again(
    writer: Client, strategy: Strategy, participant: User, coach: User
) -> None:
    write(strategy, "S1", participant, history="Seit 1986.")
    writer.post(f"{AT}send/", {"sections": ["S1"], "key": f"{KEY}1"})
    version = StrategyVersion.objects.get()
    back = {"S1": Answer(is_good=False, comment="Mehr")}
    answers.answer_version(version=version, answers=back, by=make_coach(coach), now=timezone.now())

    writer.post(f"{AT}send/", {"sections": ["S1"], "key": f"{KEY}2"})

    assert StrategyVersion.objects.count() == 2
    assert strategy.sections.get(code="S1").state == SectionState.SENT

"""Writing a strategy together, sending it, answering it: what the actions hold, whoever calls them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import User
from core.conflicts import EditConflict
from notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.strategies import base_of, look_after, make_coach, strategy_of, write
from training.actions import answers, strategies
from training.actions.answers import Answer
from training.choices import Section, StrategyState, VersionState
from training.models import SectionComment, SectionDraft, Strategy, StrategyVersion
from training.queries.content import differences
from training.section_values import in_language

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(participant: User, partner: User) -> Strategy:
    return strategy_of(participant, partner)


@pytest.fixture
def coaching(coach: User) -> User:
    return make_coach(coach)


def state(strategy: Strategy) -> str:
    return Strategy.objects.get(pk=strategy.pk).state


def section_states(strategy: Strategy, *codes: str) -> list[str]:
    rows = dict(strategy.sections.values_list("code", "state"))
    return [rows[code] for code in codes]


def told(kind: str) -> list[str]:
    rows = Notice.objects.filter(kind=kind).select_related("recipient")
    return sorted(row.recipient.email for row in rows if row.recipient)


def send(strategy: Strategy, by: User, now: datetime, *codes: str) -> StrategyVersion:
    return strategies.send_sections(strategy=strategy, codes=codes, by=by, now=now)


GOOD, BACK = Answer(True, ""), Answer(False, "Bis wann genau?")


class TestBeginning:
    def test_it_has_eleven_empty_sections(self, strategy: Strategy) -> None:
        assert sorted(strategy.sections.values_list("code", flat=True)) == sorted(Section.values)
        assert state(strategy) == StrategyState.DRAFT

    def test_begun_twice_it_is_the_same(self, strategy: Strategy, partner: User, now: datetime) -> None:
        again = strategies.begin_strategy(
            partnership=strategy.partnership, languages=["en"], by=partner, now=now
        )

        assert again.pk == strategy.pk
        assert again.languages == ["de", "hu"]

    def test_a_partnership_with_a_strategy_is_not_deleted(self, strategy: Strategy) -> None:
        with pytest.raises(ProtectedError):
            strategy.partnership.delete()


class TestWriting:
    def test_two_languages_stand_beside_each_other(
        self, strategy: Strategy, participant: User, partner: User
    ) -> None:
        write(strategy, "S1", participant, history="Seit 1986.")
        row = write(strategy, "S1", partner, language="hu", history="1986 óta.")

        assert row.values == {"history": {"de": "Seit 1986.", "hu": "1986 óta."}}
        assert in_language(Section.STATE, row.values, "hu")["history"] == "1986 óta."

    def test_dates_and_choices_are_the_same_in_every_language(
        self, strategy: Strategy, participant: User
    ) -> None:
        row = write(strategy, "S3", participant, aim_1_what="Treffen", aim_1_by=date(2027, 5, 1))

        assert row.values["aim_1_by"] == "2027-05-01"
        assert in_language(Section.AIMS, row.values, "hu")["aim_1_by"] == date(2027, 5, 1)

    def test_two_people_in_different_fields_both_stay(
        self, strategy: Strategy, participant: User, partner: User, now: datetime
    ) -> None:
        row = strategy.sections.get(code="S1")
        base = base_of(row, "de")
        save = strategies.save_section
        empty = in_language(Section.STATE, row.values, "de")

        typed = {**empty, "history": "Von mir."}
        save(section=row, language="de", typed=typed, base=base, by=participant, now=now)
        typed = {**empty, "strengths": "Von ihr."}
        row = save(section=row, language="de", typed=typed, base=base, by=partner, now=now)

        assert row.values == {"history": {"de": "Von mir."}, "strengths": {"de": "Von ihr."}}

    def test_in_the_same_field_the_second_is_told(
        self, strategy: Strategy, participant: User, partner: User, now: datetime
    ) -> None:
        row = strategy.sections.get(code="S1")
        base = base_of(row, "de")
        write(strategy, "S1", participant, history="Von mir.")

        with pytest.raises(EditConflict):
            strategies.save_section(
                section=row, language="de", typed={"history": "Von ihr."}, base=base, by=partner, now=now
            )

        row.refresh_from_db()
        assert row.values == {"history": {"de": "Von mir."}}

    def test_both_typed_the_same_is_no_conflict(
        self, strategy: Strategy, participant: User, partner: User, now: datetime
    ) -> None:
        row = strategy.sections.get(code="S1")
        base = base_of(row, "de")
        write(strategy, "S1", participant, history="Dasselbe.")

        strategies.save_section(
            section=row, language="de", typed={"history": "Dasselbe."}, base=base, by=partner, now=now
        )

    def test_emptied_fields_are_not_kept(self, strategy: Strategy, participant: User) -> None:
        write(strategy, "S1", participant, history="Etwas", last_contact=date(2027, 1, 2))

        row = write(strategy, "S1", participant, history="", last_contact=None)

        assert row.values == {}

    def test_saving_ends_the_draft(self, strategy: Strategy, participant: User, now: datetime) -> None:
        row = strategy.sections.get(code="S1")
        keep = strategies.keep_draft
        keep(section=row, language="de", typed={"history": "E"}, base="1", by=participant, now=now)
        keep(section=row, language="de", typed={"history": "Es"}, base="1", by=participant, now=now)
        keep(section=row, language="hu", typed={"history": "Az"}, base="1", by=participant, now=now)

        write(strategy, "S1", participant, history="Es war")

        assert [draft.language for draft in SectionDraft.objects.all()] == ["hu"]


class TestSending:
    def test_only_what_says_something_is_sent(
        self, strategy: Strategy, participant: User, coaching: User, now: datetime
    ) -> None:
        write(strategy, "S1", participant, history="Seit 1986.")
        write(strategy, "S2", participant, group_1_wants="Kontakt")

        version = send(strategy, participant, now, "S1", "S2", "S3")

        assert version.number == 1
        assert version.sent == ["S1"]
        assert section_states(strategy, "S1", "S2", "S3") == ["sent", "open", "open"]
        assert state(strategy) == StrategyState.SENT
        assert told("sections_sent") == [coaching.email]

    def test_nothing_to_send(self, strategy: Strategy, participant: User, now: datetime) -> None:
        with pytest.raises(strategies.NothingToSend):
            send(strategy, participant, now, "S1")
        assert not StrategyVersion.objects.exists()

    def test_what_was_sent_is_not_written_on(
        self, strategy: Strategy, participant: User, partner: User, now: datetime
    ) -> None:
        write(strategy, "S1", participant, history="Seit 1986.")
        send(strategy, participant, now, "S1")

        with pytest.raises(strategies.IsSent):
            write(strategy, "S1", partner, history="Seit 1987.")

    def test_taken_back_it_is_open_again(
        self, strategy: Strategy, participant: User, coaching: User, now: datetime
    ) -> None:
        write(strategy, "S1", participant, history="Seit 1986.")
        version = send(strategy, participant, now, "S1")

        strategies.take_back(version=version, by=participant)

        assert section_states(strategy, "S1") == ["open"]
        assert state(strategy) == StrategyState.DRAFT
        with pytest.raises(strategies.NotWaiting):
            strategies.take_back(version=version, by=participant)
        with pytest.raises(strategies.NotWaiting):
            answers.answer_version(version=version, answers={"S1": GOOD}, by=coaching, now=now)

    def test_who_has_taken_it_on_is_asked_alone(
        self, strategy: Strategy, participant: User, coaching: User, now: datetime
    ) -> None:
        make_coach(UserFactory(email="other@operator-b.example"))
        answers.take_on(strategy=strategy, by=coaching)
        write(strategy, "S1", participant, history="Seit 1986.")

        send(strategy, participant, now, "S1")

        assert told("sections_sent") == [coaching.email]

    def test_a_coach_of_the_own_partnership_is_not_asked(
        self, strategy: Strategy, participant: User, coaching: User, now: datetime
    ) -> None:
        answers.take_on(strategy=strategy, by=make_coach(participant))
        write(strategy, "S1", participant, history="Seit 1986.")

        send(strategy, participant, now, "S1")

        assert told("sections_sent") == [coaching.email]


class TestAnswering:
    @pytest.fixture
    def version(
        self, strategy: Strategy, participant: User, coaching: User, now: datetime
    ) -> StrategyVersion:
        write(strategy, "S1", participant, history="Seit 1986.")
        write(strategy, "S3", participant, aim_1_what="Mehr Jugend")
        return send(strategy, participant, now, "S1", "S3")

    def test_journey_7(
        self,
        strategy: Strategy,
        version: StrategyVersion,
        participant: User,
        partner: User,
        coaching: User,
        now: datetime,
    ) -> None:
        """Returned, revised, approved: version 2 has the whole, and the difference is right."""
        given = {"S1": GOOD, "S3": BACK}
        answers.answer_version(version=version, answers=given, by=coaching, now=now)

        version.refresh_from_db()
        assert version.state == VersionState.RETURNED
        assert version.approved == ["S1"]
        assert section_states(strategy, "S1", "S3") == ["approved", "returned"]
        assert state(strategy) == StrategyState.REVISED
        assert [said.text for said in SectionComment.objects.all()] == ["Bis wann genau?"]
        assert told("strategy_answered") == sorted([participant.email, partner.email])
        assert Strategy.objects.get().approved_at is None

        write(strategy, "S3", participant, aim_1_what="20 Jugendliche bis Mai")
        second = send(strategy, participant, now + timedelta(days=1), "S3")
        answers.answer_version(version=second, answers={"S3": GOOD}, by=coaching, now=now + timedelta(days=2))

        second.refresh_from_db()
        assert (second.number, second.state, second.approved) == (2, VersionState.APPROVED, ["S1", "S3"])
        row = Strategy.objects.get()
        assert row.approved_at == now + timedelta(days=2)
        assert row.coach == coaching
        assert row.state == StrategyState.APPROVED
        before, after = version.content["sections"]["S3"], second.content["sections"]["S3"]
        found = differences(Section.AIMS, before, after, ["de", "hu"])
        assert [(one.language, one.parts) for one in found] == [
            (
                "de",
                [
                    ("gone", "Mehr"),
                    ("new", "20"),
                    ("same", " "),
                    ("gone", "Jugend"),
                    ("new", "Jugendliche bis Mai"),
                ],
            )
        ]

    def test_editing_what_was_approved_opens_it(
        self, strategy: Strategy, version: StrategyVersion, participant: User, coaching: User, now: datetime
    ) -> None:
        given = {"S1": GOOD, "S3": GOOD}
        answers.answer_version(version=version, answers=given, by=coaching, now=now)

        write(strategy, "S1", participant, history="Seit 1987.")

        assert section_states(strategy, "S1", "S3") == ["open", "approved"]
        assert state(strategy) == StrategyState.REVISED
        version.refresh_from_db()
        assert version.content["sections"]["S1"] == {"history": {"de": "Seit 1986."}}

    def test_a_section_approved_before_and_edited_meanwhile_stays_in_the_paper(
        self, strategy: Strategy, version: StrategyVersion, participant: User, coaching: User, now: datetime
    ) -> None:
        """The second version holds the text that was approved, whatever is typed after it was sent."""
        answers.answer_version(version=version, answers={"S1": GOOD, "S3": BACK}, by=coaching, now=now)
        write(strategy, "S3", participant, aim_1_what="20 Jugendliche")
        second = send(strategy, participant, now, "S3")
        write(strategy, "S1", participant, history="Seit 1987.")

        answers.answer_version(version=second, answers={"S3": GOOD}, by=coaching, now=now)

        second.refresh_from_db()
        assert second.approved == ["S1", "S3"]
        assert second.content["sections"]["S1"] == {"history": {"de": "Seit 1986."}}

    @pytest.mark.parametrize(
        "given", [{}, {"S1": GOOD}, {"S1": GOOD, "S3": Answer(False, "")}], ids=["none", "one", "no reason"]
    )
    def test_every_section_is_answered_and_a_return_has_a_reason(
        self, version: StrategyVersion, coaching: User, now: datetime, given: dict[str, Answer]
    ) -> None:
        with pytest.raises(answers.NotAllAnswered):
            answers.answer_version(version=version, answers=given, by=coaching, now=now)
        assert section_states(version.strategy, "S1", "S3") == ["sent", "sent"]

    def test_answered_once(self, version: StrategyVersion, coaching: User, now: datetime) -> None:
        given = {"S1": GOOD, "S3": GOOD}
        answers.answer_version(version=version, answers=given, by=coaching, now=now)

        with pytest.raises(strategies.NotWaiting):
            answers.answer_version(version=version, answers={"S1": BACK, "S3": BACK}, by=coaching, now=now)
        assert section_states(version.strategy, "S1", "S3") == ["approved", "approved"]

    def test_who_looks_after_nothing_any_more_is_not_told(
        self, strategy: Strategy, version: StrategyVersion, participant: User, coaching: User, now: datetime
    ) -> None:
        participant.side_contacts.update(ended_at=now)

        answers.answer_version(version=version, answers={"S1": GOOD, "S3": GOOD}, by=coaching, now=now)

        assert participant.email not in told("strategy_answered")


class TestVersionsStay:
    """By any form, the admin or an API: the table itself refuses."""

    @pytest.fixture
    def approved(
        self, strategy: Strategy, participant: User, coaching: User, now: datetime
    ) -> StrategyVersion:
        write(strategy, "S1", participant, history="Seit 1986.")
        version = send(strategy, participant, now, "S1")
        return answers.answer_version(version=version, answers={"S1": GOOD}, by=coaching, now=now)

    @pytest.mark.parametrize(
        "change",
        [
            {"content": {}},
            {"number": 7},
            {"sent": ["S2"]},
            {"approved": ["S1", "S2"]},
            {"state": VersionState.RETURNED},
            {"decided_at": None},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_nothing_of_it_changes(self, approved: StrategyVersion, change: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            StrategyVersion.objects.filter(pk=approved.pk).update(**change)

    def test_it_is_not_deleted(self, approved: StrategyVersion) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            approved.delete()

    def test_who_did_it_may_be_forgotten(self, approved: StrategyVersion) -> None:
        StrategyVersion.objects.update(sent_by=None, decided_by=None)

    def test_a_waiting_one_keeps_its_content_too(
        self, strategy: Strategy, participant: User, now: datetime
    ) -> None:
        write(strategy, "S1", participant, history="Seit 1986.")
        version = send(strategy, participant, now, "S1")

        with pytest.raises(IntegrityError), transaction.atomic():
            StrategyVersion.objects.filter(pk=version.pk).update(content={})


class TestComments:
    def test_the_team_tells_the_others_and_the_coach(
        self, strategy: Strategy, participant: User, partner: User, coaching: User, now: datetime
    ) -> None:
        answers.comment(
            strategy=strategy, section=Section.AIMS, text="Warum?", by=participant, by_coach=False, now=now
        )

        assert told("section_commented") == sorted([partner.email, coaching.email])

    def test_a_coach_tells_the_team(
        self, strategy: Strategy, participant: User, partner: User, coaching: User, now: datetime
    ) -> None:
        make_coach(UserFactory(email="other@operator-b.example"))

        answers.comment(
            strategy=strategy, section=Section.AIMS, text="Gut!", by=coaching, by_coach=True, now=now
        )

        assert told("section_commented") == sorted([participant.email, partner.email])


class TestWhoSees:
    def test_the_team_and_coaches(
        self,
        strategy: Strategy,
        participant: User,
        partner: User,
        coaching: User,
        outsider: User,
        admin: User,
    ) -> None:
        seen = {
            person.display_name: Strategy.objects.visible_to(person).exists()
            for person in (participant, partner, coaching, outsider, admin)
        }

        assert seen == {
            "Teilnehmer": True,
            "Partner Timișoara": True,
            "Coach A": True,
            "Außenstehende": False,
            "Administration": False,
        }

    def test_who_left_the_side_sees_nothing(
        self, strategy: Strategy, participant: User, now: datetime
    ) -> None:
        participant.side_contacts.update(ended_at=now)

        assert not Strategy.objects.visible_to(participant).exists()

    def test_another_partnership_is_another_team(self, strategy: Strategy, outsider: User) -> None:
        look_after(PartnershipFactory(), outsider)

        assert not Strategy.objects.visible_to(outsider).exists()


class TestSummary:
    def test_nothing_is_public_before_the_first_approval(
        self, strategy: Strategy, participant: User, now: datetime
    ) -> None:
        with pytest.raises(strategies.NotApproved):
            strategies.publish_summary(
                strategy=strategy, summary={"de": "Wir"}, version=strategy.version, by=participant, now=now
            )

    def test_published_and_withdrawn(self, strategy: Strategy, participant: User, now: datetime) -> None:
        Strategy.objects.update(approved_at=now)
        row = strategies.publish_summary(
            strategy=strategy, summary={"de": "Wir", "hu": ""}, version=1, by=participant, now=now
        )
        assert (row.summary, row.published_at) == ({"de": "Wir"}, now)

        with pytest.raises(EditConflict):
            strategies.publish_summary(
                strategy=strategy, summary={"de": "Ihr"}, version=1, by=participant, now=now
            )
        strategies.withdraw_summary(strategy=strategy, by=participant)

        row.refresh_from_db()
        assert (row.summary, row.published_at) == ({"de": "Wir"}, None)

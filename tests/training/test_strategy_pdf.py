"""A strategy on paper: readable by machines and by ear, in every script of the Danube."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.strategies import make_coach, strategy_of, write
from tests.pdf_reading import text_of
from training.actions import answers, strategies
from training.models import Measure, Strategy, StrategyVersion
from training.strategy_pdf import strategy_pdf

pytestmark = pytest.mark.django_db

LETTERS = "ő ű ș ț đ ђ џ ѓ щ ї ґ ż ž ř ä ß Ж"


@pytest.fixture
def strategy(participant: User) -> Strategy:
    row = strategy_of(participant, slug="team")
    write(row, "S1", participant, history=f"Buchstaben: {LETTERS}\nZweite Zeile", strengths="Musik")
    write(row, "S1", participant, language="hu", history="Győr óta.")
    write(row, "S3", participant, aim_1_what="Zwanzig Jugendliche")
    write(row, "S4", participant, channel_1_tool="Videogespräch")
    return row


def sent(strategy: Strategy, by: User, now: datetime, *codes: str) -> StrategyVersion:
    return strategies.send_sections(strategy=strategy, codes=codes, by=by, now=now)


def words(content: bytes) -> str:
    """Without spaces: lines break where they must, and a change of script looks like a new one."""
    return "".join(text_of(content).split())


@pytest.mark.parametrize(("language", "title"), [("de", "Digitale Strategie"), ("en", "Digital strategy")])
def test_it_carries_title_language_tags_and_the_mark(
    strategy: Strategy, participant: User, now: datetime, language: str, title: str
) -> None:
    content = strategy_pdf("Fellbach – Pécs", sent(strategy, participant, now, "S1"), language=language)

    with pikepdf.open(BytesIO(content)) as pdf:
        root: Any = pdf.Root
        assert str(root.Lang) == language
        assert bool(root.MarkInfo.Marked)
        assert "/StructTreeRoot" in root
        with pdf.open_metadata() as meta:
            assert str(meta["pdfuaid:part"]) == "1"
            assert meta["dc:title"] == f"{title}: Fellbach – Pécs"
        assert headings(root.StructTreeRoot) >= {"/H1", "/H2"}


def headings(node: Any) -> set[str]:
    found = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                found.add(str(one.S))
            if "/K" in one:
                waiting.append(one.K)
    return found


def test_all_letters_are_there(strategy: Strategy, participant: User, now: datetime) -> None:
    text = words(strategy_pdf("Győr – Ђорђе", sent(strategy, participant, now, "S1"), language="de"))

    assert "Buchstaben:" + LETTERS.replace(" ", "") in text
    assert "Győróta." in text
    assert "Ђорђе" in text
    assert "Nichtfreigegeben" in text


def test_of_an_approved_version_only_what_was_approved(
    strategy: Strategy, participant: User, coach: User, now: datetime
) -> None:
    version = sent(strategy, participant, now, "S1", "S3")
    good = {code: answers.Answer(is_good=True, comment="") for code in version.sent}
    answers.answer_version(version=version, answers=good, by=make_coach(coach), now=now)
    version.refresh_from_db()

    text = words(strategy_pdf("Fellbach – Pécs", version, language="de"))

    assert "ZwanzigJugendliche" in text
    assert "Videogespräch" not in text


def test_who_was_forgotten_has_no_name_in_it(strategy: Strategy, participant: User, now: datetime) -> None:
    other = User.objects.create_user("away@example.org", display_name="Zdeněk Přemyslovec")
    Measure.objects.create(
        strategy=strategy, titles={"de": "Einladen"}, owner=other, due_on=now.date(), written_at=now
    )
    version = sent(strategy, participant, now, "S1")
    assert "ZdeněkPřemyslovec" in words(strategy_pdf("A – B", version, language="de"))

    other.delete()

    text = words(strategy_pdf("A – B", version, language="de"))
    assert "Einladen" in text
    assert "Přemyslovec" not in text


def test_the_team_downloads_it(strategy: Strategy, participant: User, now: datetime) -> None:
    sent(strategy, participant, now, "S1")

    answer = signed_in(participant, "en").get("/partnerships/team/strategy/versions/1.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="team-1.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.content.startswith(b"%PDF-")

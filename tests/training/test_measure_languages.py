"""Titles of measures stand in several languages: each is marked with its own; the rest is the reader's."""

import pytest

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.strategies import BEGUN, strategy_of, write
from training.actions import strategies
from training.models import Measure, Strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(participant: User) -> Strategy:
    """Two versions; in the second the day of the measure is another, and the German title."""
    made = strategy_of(participant, slug="team")
    write(made, "S1", participant, history="Seit 1986.")
    titles = {"de": "Anrufen heute", "hu": "Telefon"}
    row = Measure.objects.create(
        strategy=made, titles=titles, who="Éva", due_on="2027-05-01", written_at=BEGUN
    )
    version = strategies.send_sections(strategy=made, codes=["S1"], by=participant, now=BEGUN)
    strategies.take_back(version=version, by=participant)
    row.titles, row.due_on = {"de": "Anrufen morgen", "hu": "Telefon"}, "2027-06-01"
    row.save()
    return made


def page(person: User, address: str) -> str:
    html = signed_in(person, "en").get(f"/partnerships/team/strategy/{address}").content.decode()
    return " ".join(html.split())


def test_on_the_page_of_a_version(strategy: Strategy, participant: User) -> None:
    expected = (
        '<li><span lang="de">Anrufen heute</span><span lang="hu"> / Telefon</span>, Éva, by 1 May 2027</li>'
    )

    assert expected in page(participant, "versions/1/")


def test_where_versions_are_compared(strategy: Strategy, participant: User) -> None:
    html = page(participant, "compare/?from=1&to=now")

    assert '<span lang="de">Anrufen <del><span class="visually-hidden">taken out: </span>heute</del>' in html
    assert '<span lang="hu"> / Telefon</span>, Éva, by 1 <del>' in html

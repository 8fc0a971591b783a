import pytest

from core.folding import search_text
from core.search import prefix_condition, similar_condition, whole_name_condition
from directory.models import Municipality
from tests.factories.directory import MunicipalityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def towns(db: None) -> None:
    for names in (["Ulm"], ["Neu-Ulm"], ["Pécs", "Fünfkirchen"], ["Kulmbach"]):
        MunicipalityFactory(name=names[0], search_text=search_text(names))


def found(condition: object) -> set[str]:
    return set(Municipality.objects.filter(condition).values_list("name", flat=True))  # type: ignore[arg-type]


def test_words_are_found_by_their_beginning(towns: None) -> None:
    assert found(prefix_condition("ulm")) == {"Ulm", "Neu-Ulm"}
    assert found(prefix_condition("ulm neu")) == {"Neu-Ulm"}
    assert found(prefix_condition("funf")) == {"Pécs"}
    assert found(prefix_condition("lm")) == set()


def test_whole_names_are_found_whole(towns: None) -> None:
    assert found(whole_name_condition("ulm")) == {"Ulm"}


def test_similar_names_contain_it_or_are_misspelled(towns: None) -> None:
    assert "Kulmbach" in found(similar_condition("ulmbach"))
    assert found(similar_condition("funfkirchn")) == {"Pécs"}


def test_two_letters_are_similar_to_nothing(towns: None) -> None:
    assert found(similar_condition("ul")) == set()


def test_only_the_first_words_count(towns: None) -> None:
    assert found(prefix_condition("ulm " * 8 + "nowhere")) == {"Ulm", "Neu-Ulm"}

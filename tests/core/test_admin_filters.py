import pytest

from core.admin_filters import lacks_text
from directory.models import Topic
from tests.factories.directory import MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_a_row_lacks_a_language_when_another_one_has_the_text():
    Topic.objects.create(code="both", name_de="Sport", name_en="Sport")
    Topic.objects.create(code="german", name_de="Jugend", name_en="")
    Topic.objects.create(code="english", name_de="", name_en="Water")

    def codes(language):
        return list(Topic.objects.filter(lacks_text(Topic, language)).values_list("code", flat=True))

    assert codes("en") == ["german"]
    assert codes("de") == ["english"]


def test_a_text_that_is_nowhere_is_not_missing():
    town = MunicipalityFactory(description_de=None, description_en="")

    assert type(town).objects.filter(lacks_text(type(town), "en")).count() == 0

import pytest
from django.utils import translation

from directory.names import cyrillic_tag, latin_tag, shown_name


@pytest.mark.parametrize(
    ("language", "german", "shown"),
    [
        ("de", "Fünfkirchen", "Pécs (Fünfkirchen)"),
        ("en", "Fünfkirchen", "Pécs"),
        ("de", "", "Pécs"),
        ("de", "Pécs", "Pécs"),
    ],
)
def test_the_local_name_comes_first_and_the_german_one_behind_it_in_german(language, german, shown):
    with translation.override(language):
        assert shown_name("Pécs", german) == shown


def test_without_a_language_it_is_german():
    with translation.override(None):
        assert shown_name("Pécs", "Fünfkirchen") == "Pécs (Fünfkirchen)"


@pytest.mark.parametrize(
    ("languages", "latin", "cyrillic"),
    [
        (["hu"], "hu", "hu-Cyrl"),
        (["bg"], "bg-Latn", "bg"),
        (["sr", "sr-latn"], "sr-Latn", "sr"),
        (["bs", "hr", "sr"], "bs", "sr"),
        (["uk"], "uk-Latn", "uk"),
        ([], "", ""),
    ],
)
def test_the_language_tag_names_the_script_where_it_is_not_the_usual_one(languages, latin, cyrillic):
    assert (latin_tag(languages), cyrillic_tag(languages)) == (latin, cyrillic)

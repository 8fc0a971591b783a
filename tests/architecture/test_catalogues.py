import re

import pytest

from scripts import messages


@pytest.mark.parametrize("language", messages.EVERY)
def test_catalogue_is_complete_and_fresh(language: str) -> None:
    assert messages.problems(language) == []


def test_a_planted_text_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = messages._sources
    monkeypatch.setattr(messages, "_sources", lambda: [*real(), b'_("Planted words")'])

    assert "de: not translated: 'Planted words'" in messages.problems("de")


def test_a_vanished_text_makes_the_catalogue_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    real = messages._found
    monkeypatch.setattr(messages, "_found", lambda: [text for text in real() if text[1] != "Accessibility"])

    assert messages.problems("de") == ["de: the catalogue is stale; run `make messages`"]


def test_a_lost_placeholder_is_found() -> None:
    catalog = messages.Catalog()
    message = catalog.add("%(count)s towns", "Städte", flags=["python-format"])

    assert not messages._same_placeholders(message)


def test_no_text_hides_in_an_f_string_where_it_is_not_collected() -> None:
    hidden = re.compile(r"\{(?:_|gettext|pgettext|ngettext)\(")
    found = [
        str(path)
        for app in messages.APPS
        for path in (messages.CHECKOUT / app).rglob("*.py")
        if hidden.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []
    assert hidden.search("f\"{_('planted')}\"")

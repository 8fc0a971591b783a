"""The handbook says what the pages say, the same in both languages, and shows what is there."""

import re
from itertools import pairwise
from pathlib import Path

import django
import polib
import pytest
from django.urls import Resolver404, resolve

from scripts.handbook import FOLDER, HEAVIEST, LANGUAGES, PICTURES
from tests.architecture.layers import CHECKOUT

HANDBOOK = CHECKOUT / "docs" / "handbook"
LONGEST = 60  # lines
PAGES = sorted(path for language in LANGUAGES for path in (HANDBOOK / language).glob("*.md"))
TASKS = [page for page in PAGES if page.name != "README.md"]
STEP = re.compile(r"^(\d+)\. ", re.M)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)]+)\)")
ADDRESS = re.compile(r"`(/[a-z0-9/-]*)`")
BOLD = re.compile(r"\*\*(.+?)\*\*")
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
each_task = pytest.mark.parametrize("path", TASKS, ids=lambda path: f"{path.parent.name}-{path.stem}")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def other(page: Path) -> Path:
    return HANDBOOK / ("en" if page.parent.name == "de" else "de") / page.name


def steps(page: Path) -> list[int]:
    return [int(number) for number in STEP.findall(text_of(page))]


def pictures(page: Path) -> list[Path]:
    """Without the name of the language in them."""
    return [Path(address).relative_to(f"../pictures/{page.parent.name}") for _, address in _shown(page)]


def _shown(page: Path) -> list[tuple[str, str]]:
    return PICTURE.findall(text_of(page))


def title(page: Path) -> str:
    return text_of(page).splitlines()[0].removeprefix("# ")


def plain(words: str) -> str:
    """The admin writes its labels with a capital letter."""
    return words[:1].lower() + words[1:]


@pytest.fixture(scope="module")
def shown_words() -> dict[str, set[str]]:
    """What can stand on a page, by language: our words and those of Django's admin."""
    admin = Path(django.__file__).parent / "contrib" / "admin" / "locale"
    found = {}
    for language in LANGUAGES:
        files = [folder / language / "LC_MESSAGES" / "django.po" for folder in (CHECKOUT / "locale", admin)]
        entries = [entry for file in files for entry in polib.pofile(str(file)) if not entry.obsolete]
        found[language] = {
            plain(words)
            for entry in entries
            for words in (
                entry.msgstr or (entry.msgid if language == "en" else ""),
                *entry.msgstr_plural.values(),
            )
        }
    return found


def test_both_languages_have_the_same_pages() -> None:
    names = {
        language: sorted(page.name for page in PAGES if page.parent.name == language)
        for language in LANGUAGES
    }

    assert names["de"] == names["en"]
    assert len(names["de"]) > 20


@each_page
def test_a_page_is_short_and_says_what_it_is_about(path) -> None:
    lines = text_of(path).splitlines()

    assert len(lines) <= LONGEST
    assert lines[0].startswith("# ")
    assert sum(line.startswith("# ") for line in lines) == 1


@each_page
def test_both_languages_have_the_same_steps_and_pictures(path) -> None:
    assert steps(path) == steps(other(path))
    assert pictures(path) == pictures(other(path))
    assert len(re.findall(r"^## ", text_of(path), re.M)) == len(
        re.findall(r"^## ", text_of(other(path)), re.M)
    )


@each_page
def test_steps_are_numbered_without_gaps(path) -> None:
    found = steps(path)

    assert found[:1] == [1]
    assert [pair for pair in pairwise(found) if pair[1] not in (pair[0] + 1, 1)] == []


@each_page
def test_pictures_are_there_and_described(path) -> None:
    assert [address for words, address in _shown(path) if len(words.split()) < 3] == []
    assert [address for _, address in _shown(path) if not (path.parent / address).is_file()] == []


def test_every_picture_is_shown_and_can_be_taken_anew() -> None:
    files = {file.relative_to(FOLDER) for file in FOLDER.rglob("*") if file.is_file()}
    shown = {Path(page.parent.name) / picture for page in PAGES for picture in pictures(page)}
    taken = {Path(code) / f"{picture.name}.png" for picture in PICTURES for code in picture.languages}

    assert shown == files
    assert taken == files
    assert sum((FOLDER / file).stat().st_size for file in files) < HEAVIEST


@each_page
def test_words_in_bold_stand_on_the_pages(path, shown_words) -> None:
    assert [
        words for words in BOLD.findall(text_of(path)) if plain(words) not in shown_words[path.parent.name]
    ] == []


@each_page
def test_addresses_lead_to_pages(path) -> None:
    """The admin's own answer to every address it does not know is no page."""
    assert [address for address in ADDRESS.findall(text_of(path)) if not is_page(address)] == []


def is_page(address: str) -> bool:
    if address == "/groups/":  # named as the beginning of an address
        return True
    try:
        found = resolve(address)
    except Resolver404:
        return False
    return found.url_name is not None


def test_the_office_is_led_to_its_pages() -> None:
    named = {address for page in PAGES for address in ADDRESS.findall(text_of(page))}

    assert len([address for address in named if address.startswith("/admin/")]) > 10
    assert not is_page("/admin/training/nothing/")
    assert not is_page("/nothing/")


@each_page
def test_links_lead_somewhere(path) -> None:
    links = [(words, address) for words, address in LINK.findall(text_of(path)) if "://" not in address]

    assert [address for _, address in links if not (path.parent / address).is_file()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_names_every_page_by_its_title(language) -> None:
    index = HANDBOOK / language / "README.md"
    named = {
        (address, words) for words, address in LINK.findall(text_of(index)) if not address.startswith("../")
    }

    assert named == {(page.name, title(page)) for page in TASKS if page.parent.name == language}


@each_task
def test_a_page_names_what_to_press(path) -> None:
    assert BOLD.findall(text_of(path)) != []
    assert len(steps(path)) >= 3

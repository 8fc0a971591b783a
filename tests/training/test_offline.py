"""A module as one file: all of it is inside, it asks for nothing, and it opens without the site."""

import base64
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse

from accounts.models import User
from tests.conftest import signed_in
from tests.factories.training import CourseFactory, EnrolmentFactory, LessonFactory, ModuleFactory
from training.curriculum_files import FOLDER
from training.models import Module

pytestmark = pytest.mark.django_db

ADDRESS = "/courses/kurs/1/offline/"
LOADS = {"src", "srcset", "poster", "data", "background", "action"}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def module(participant: User) -> Module:
    module = ModuleFactory(
        course=CourseFactory(slug="kurs", title_de="Gemeinsam & gut"),
        number=1,
        title_de="Unsere Städte",
        title_en="Our towns",
        lessons=0,
        questions=2,
        items=2,
    )
    LessonFactory(
        module=module,
        number=1,
        text_de="## Anfang\n\n![Zeitstrahl](images/timeline.svg)\n\n![weg](images/not-there.svg)\n\n"
        "[Termine](/sessions/) und [draußen](https://example.org/a) <script>alert(1)</script>",
        video_url="https://video.example.org/w/1",
        video_title_de="Gespräch",
        transcript_de="Guten Tag, sagt sie.",
    )
    LessonFactory(module=module, number=2)
    EnrolmentFactory(course=module.course, person=participant)
    return module


def saved(person: User, language: str = "de") -> HttpResponse:
    answer: Any = signed_in(person, language).get(ADDRESS)
    assert answer.status_code == 200
    return answer


def test_everything_stands_in_it(module: Module, participant: User) -> None:
    html = " ".join(saved(participant).content.decode().split())

    for words in (
        "<title>1. Unsere Städte – Gemeinsam &amp; gut</title>", "1.1 Lektion 1.1", "Lektion 1.2", "Was 2?",
        "Antwort 2.2", "Darum 2.2", "Punkt 2", "Gespräch", "Guten Tag, sagt sie.",
    ):  # fmt: skip
        assert words in html
    assert html.index("Was 2?") < html.index("Darum 1.1")
    assert '<html lang="de">' in html


def test_it_comes_as_a_file_named_by_module_and_language(module: Module, participant: User) -> None:
    german, english = saved(participant), saved(participant, "en")

    assert german.headers["Content-Disposition"] == 'attachment; filename="1-unsere-stadte-de.html"'
    assert english.headers["Content-Disposition"] == 'attachment; filename="1-our-towns-en.html"'
    assert "no-store" in german.headers["Cache-Control"]
    assert '<html lang="en">' in english.content.decode()


def test_it_asks_for_nothing(module: Module, participant: User) -> None:
    html = saved(participant).content.decode()
    tags = Tags(html).tags

    assert {tag for tag, _attrs in tags} & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "video",
    } == set()
    loaded = [value for _tag, attrs in tags for name, value in attrs.items() if name in LOADS]
    assert [value for value in loaded if not str(value).startswith("data:image/svg+xml;base64,")] == []
    assert len(loaded) == 2
    style = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    assert len(style) == 1
    assert "url(" not in style[0]
    assert "@import" not in style[0]
    assert [attrs for _tag, attrs in tags if any(name.startswith("on") for name in attrs)] == []


def test_pictures_are_inside(module: Module, participant: User) -> None:
    [first, second] = re.findall(
        r'<img src="data:image/svg\+xml;base64,([^"]*)"', saved(participant).content.decode()
    )

    assert base64.b64decode(first) == (FOLDER / "m01/images/timeline.svg").read_bytes()
    assert second == ""


def test_links_lead_somewhere_from_a_disk_too(module: Module, participant: User, settings: Any) -> None:
    settings.SITE_URL = "https://vipad.example"
    links = [attrs["href"] for tag, attrs in Tags(saved(participant).content.decode()).tags if tag == "a"]

    assert links == [
        "https://vipad.example/courses/kurs/1/",
        "https://vipad.example/sessions/",
        "https://example.org/a",
        "https://video.example.org/w/1",
    ]


@pytest.mark.parametrize("page", ["/courses/kurs/1/", "/courses/kurs/1/print/"])
def test_the_module_and_its_paper_lead_there(page: str, module: Module, participant: User) -> None:
    assert f'href="{ADDRESS}"' in signed_in(participant).get(page).content.decode()

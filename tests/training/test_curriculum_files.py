"""The files of the curriculum: the real ones are complete, and what is wrong is said with file, line and reason."""

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.markdown import to_html_with_pictures
from training.curriculum_files import FOLDER, LANGUAGES, PICTURE, Faulty, read

REAL = read()
LESSONS = [
    (module, number, language)
    for module in REAL.modules
    for number in range(1, len(module.lessons) + 1)
    for language in LANGUAGES
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy to be spoiled."""
    copy = tmp_path / "curriculum"
    shutil.copytree(FOLDER, copy)
    return copy


def faults(folder: Path) -> list[str]:
    with pytest.raises(Faulty) as caught:
        read(folder)
    return caught.value.faults


def test_two_modules_are_complete():
    assert [(module.number, len(module.lessons), len(module.questions)) for module in REAL.modules] == [
        (1, 4, 6),
        (9, 4, 6),
    ]
    assert all(len(module.checklist) >= 8 for module in REAL.modules)


def test_every_answer_is_explained_in_both_languages():
    for module in REAL.modules:
        for question in module.questions:
            assert len(question.answers) >= 3
            for answer in question.answers:
                assert answer.values["why_de"] != answer.values["why_en"]
                assert min(len(answer.values["why_de"]), len(answer.values["why_en"])) > 20


@pytest.mark.parametrize(("module", "number", "language"), LESSONS)
def test_a_lesson_takes_ten_minutes_and_ends_with_a_task(module, number, language):
    text = module.lessons[number - 1].values[f"text_{language}"]
    task = {"de": "## Ihre Aufgabe", "en": "## Your task"}[language]

    assert 400 <= len(text.split()) <= 800
    assert text.count(task) == 1
    assert text.rsplit("\n## ", 1)[1].startswith(task.removeprefix("## "))


@pytest.mark.parametrize(("module", "number", "language"), LESSONS)
def test_pictures_of_a_lesson_are_shown_with_their_alternative(module, number, language):
    text = module.lessons[number - 1].values[f"text_{language}"]
    html = to_html_with_pictures(text, "/pictures/")

    found = PICTURE.findall(text)
    assert html.count("<img") == len(found)
    assert 'alt=""' not in html
    for _alternative, address in found:
        assert f'src="/pictures/{address.removeprefix("images/")}"' in html


def test_drawings_are_only_drawings():
    drawings = sorted(FOLDER.glob("m*/images/*.svg"))
    assert drawings
    for path in drawings:
        assert path.stat().st_size < 8_000
        root = ElementTree.parse(path).getroot()
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert names <= {"svg", "g", "path", "circle", "rect", "line", "ellipse", "polyline", "polygon"}, path
        values = [value for element in root.iter() for value in element.attrib.values()]
        assert not [value for value in values if "http" in value or "javascript" in value or "url(" in value]
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("course.toml", "digitale-partnerschaft", "Digitale!", "course.toml:1: slug"),
        ("m01/module.toml", "minutes", "minuten", "m01/module.toml:1: minutes"),
        ("m01/module.toml", 'section = "S1"', 'section = "S99"', "m01/module.toml:1: section"),
        ("m01/module.toml", "number = 1", "number = 2", "m01/module.toml:1: number"),
        ("m01/module.toml", "[en]", "[fr]", "m01/module.toml:1: title is missing in [en]"),
        ("m01/module.toml", "[de]", "[de", "m01/module.toml:"),
        ("m01/1.de.md", "# ", "", 'm01/1.de.md:1: the first line is "# "'),
        ("m01/2.en.md", "\n## ", "\n", "m01/2.en.md:1: has other headings"),
        ("m01/checklist.en.md", "- [ ] ", "* ", 'm01/checklist.en.md:1: a line is "- [ ] "'),
        ("m09/quiz.en.toml", 'why = "', 'because = "', "answer 1: why is missing in [en]"),
        ("m09/quiz.en.toml", "[[question]]", "[question]", "m09/quiz.en.toml:"),
        ("m01/quiz.de.toml", 'text = "', f'text = "{"x" * 400}', "text has more than 400 characters in [de]"),
        ("m01/1.de.md", "# ", f"# {'x' * 140}", "m01/1.de.md:1: a title has at most 140"),
        ("m01/checklist.de.md", "- [ ] ", f"- [ ] {'x' * 300}", "m01/checklist.de.md:1: has more than 300"),
        ("selfcheck.de.toml", 'low = "', 'lower = "', "selfcheck.de.toml:1: question 1: low is missing"),
        (
            "selfcheck.en.toml",
            "In the last four weeks.",
            " ",
            "selfcheck.en.toml:31: question 7: high is missing",
        ),
        ("selfcheck.de.toml", 'text = "', f'text = "{"x" * 300}', "question 1: text has more than 300"),
        ("selfcheck.en.toml", 'high = "', f'high = "{"x" * 200}', "question 1: high has more than 200"),
        ("selfcheck.en.toml", "[[question]]", "[question]", "selfcheck.en.toml:"),
        ("m09/quiz.en.toml", "right = true", "right = false", "other answers are right than in German"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(folder, file, old, new, reason):
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    assert [fault for fault in faults(folder) if reason in fault], faults(folder)


def test_a_picture_without_alternative_or_from_elsewhere(folder):
    path = folder / "m01" / "1.de.md"
    text = path.read_text("utf-8").rstrip("\n")
    path.write_text(f"{text}\n\n![](images/timeline.svg)\n![x](https://example.org/x.svg)\n", "utf-8")
    line = len(text.splitlines()) + 2

    said = faults(folder)

    assert any(fault.startswith(f"m01/1.de.md:{line}") and "no alternative" in fault for fault in said), said
    assert any("https://example.org/x.svg is no picture of this folder" in fault for fault in said)


def test_a_missing_language_and_a_file_that_is_not_utf8(folder):
    (folder / "m01" / "3.en.md").unlink()
    (folder / "m09" / "2.de.md").write_bytes("# Größe".encode("latin-1"))

    said = faults(folder)

    assert "m01/3.en.md:1: is missing" in said
    assert "m09/2.de.md:1: is not UTF-8" in said


def test_all_faults_are_said_at_once(folder):
    (folder / "m01" / "1.en.md").unlink()
    (folder / "m09" / "module.toml").write_text("number = 9\n", "utf-8")

    assert {fault.split(":")[0] for fault in faults(folder)} >= {"m01/1.en.md", "m09/module.toml"}


def test_the_self_check_has_ten_questions_in_both_languages():
    assert len(REAL.selfcheck) == 10
    for question in REAL.selfcheck:
        assert set(question.values) == {
            f"{name}_{language}" for name in ("text", "low", "high") for language in LANGUAGES
        }
        assert all(question.values.values())


def test_a_self_check_with_another_number_of_questions(folder):
    path = folder / "selfcheck.en.toml"
    path.write_text(path.read_text("utf-8").rpartition("[[question]]")[0], "utf-8")

    (fault,) = faults(folder)

    assert fault == "selfcheck.en.toml:1: has another number of questions than the German self-check"


def test_a_self_check_is_needed(folder):
    (folder / "selfcheck.de.toml").unlink()

    assert "selfcheck.de.toml:1: is missing" in faults(folder)

"""The files of the curriculum: the real ones are complete, and what is wrong is said with file, line and reason."""

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import translation

from core.markdown import to_html_with_pictures
from tests.pdf_reading import opened
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


def faults(folder: Path, language: str = "en") -> list[str]:
    with pytest.raises(Faulty) as caught, translation.override(language):
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


def test_a_table_that_scrolls_is_reached_by_keyboard():
    html = to_html_with_pictures("|a|b|\n|-|-|\n|c|d|", "/pictures/")

    assert html.startswith('<table tabindex="0">')


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
        ("m01/module.toml", 'section = "S1"', 'section = "S99"', "m01/module.toml:2: section"),
        ("m01/module.toml", "number = 1", "number = 2", "m01/module.toml:1: number"),
        ("m01/module.toml", 'title = "Our', 'titel = "Our', "m01/module.toml:16: title is missing in [en]"),
        ("m01/module.toml", "[de]", "[de", "m01/module.toml:"),
        ("m01/1.de.md", "# ", "", 'm01/1.de.md:1: the first line is "# "'),
        ("m01/2.en.md", "\n## ", "\n", "m01/2.en.md:1: has other headings"),
        ("m01/checklist.en.md", "- [ ] ", "* ", 'm01/checklist.en.md:1: a line is "- [ ] "'),
        ("m09/quiz.en.toml", 'why = "', 'because = "', "answer 1: why is missing in [en]"),
        ("m09/quiz.en.toml", "[[question]]", "[question]", "m09/quiz.en.toml:"),
        ("m01/quiz.de.toml", 'why = "', 'because = "', "m01/quiz.de.toml:3: question 1, answer 1: why is"),
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


def test_what_is_wrong_is_said_in_the_readers_language(folder):
    (folder / "m01" / "3.en.md").unlink()
    path = folder / "m09" / "quiz.en.toml"
    path.write_text(path.read_text("utf-8").replace("right = true", "right = false", 1), "utf-8")

    assert faults(folder, "de")[0] == "m01/3.en.md:1: fehlt"
    assert faults(folder, "de")[-1].endswith(": Frage 1: Andere Antworten sind richtig als auf Deutsch")


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


# --- videos and downloads ------------------------------------------------------------------


def test_every_video_has_its_words_and_every_download_is_there_in_both_languages():
    """Of the real curriculum, whatever is added to it."""
    downloads = 0
    for module in REAL.modules:
        place = FOLDER / f"m{module.number:02}"
        for lesson in module.lessons:
            if lesson.values["video_url"] or lesson.values["video_file"]:
                for language in LANGUAGES:
                    assert lesson.values[f"video_title_{language}"]
                    assert len(lesson.values[f"transcript_{language}"].split()) > 20
                assert not lesson.values["video_file"] or (place / lesson.values["video_file"]).is_file()
        for row in (row for rows in module.downloads for row in rows):
            assert row.values["title_de"] != row.values["title_en"]
            for language in LANGUAGES:
                assert (place / row.values[f"file_{language}"]).stat().st_size > 0
            downloads += 1
    assert downloads >= 1
    assert len(REAL.modules[0].downloads[0]) == 1


def test_every_file_to_download_belongs_to_a_lesson():
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("m*/downloads/*")}
    named = {
        f"m{module.number:02}/{row.values[f'file_{language}']}"
        for module in REAL.modules
        for rows in module.downloads
        for row in rows
        for language in LANGUAGES
    }
    assert there == named


@pytest.mark.parametrize("path", sorted(FOLDER.glob("m*/downloads/*.pdf")), ids=lambda path: path.name)
def test_a_worksheet_can_be_read_by_everybody(path):
    with opened(path.read_bytes()) as document:
        assert document.open_metadata()["pdfuaid:part"] == "1"
        assert f"-{document.Root.Lang}.pdf" in path.name


MEDIA = '''[video]
url = "https://video.example/1"

[video.de]
title = "Ein Film"
transcript = """
Eins.
title = "kein Titel"
[video.en]
"""

[video.en]
title = "A film"
transcript = "One."

[[download]]
title.de = "Blatt"
title.en = "Sheet"
file.de = "downloads/blatt.csv"
file.en = "downloads/sheet.txt"

[[download]]
title.de = "Zweites"
title.en = "Second"
file.de = "downloads/blatt.csv"
file.en = "downloads/sheet.txt"
'''


@pytest.fixture
def media(folder: Path) -> Path:
    """The file of a lesson with a video and two downloads, without fault."""
    place = folder / "m09"
    for name in ("downloads", "videos"):
        (place / name).mkdir(exist_ok=True)
    (place / "downloads" / "blatt.csv").write_bytes(b"\xef\xbb\xbfA;B\n")
    (place / "downloads" / "sheet.txt").write_bytes(b"A\n")
    (place / "videos" / "film.webm").write_bytes(b"film")
    path = place / "2.media.toml"
    path.write_text(MEDIA, "utf-8")
    return path


def test_a_video_and_downloads_are_read(folder, media):
    module = read(folder).modules[1]

    values = module.lessons[1].values
    assert (values["video_url"], values["video_file"]) == ("https://video.example/1", "")
    assert (values["video_title_de"], values["transcript_en"]) == ("Ein Film", "One.")
    assert values["transcript_de"].startswith("Eins.")
    assert [row.values["file_en"] for row in module.downloads[1]] == ["downloads/sheet.txt"] * 2
    assert [len(rows) for rows in module.downloads] == [0, 2, 0, 0]
    assert module.lessons[0].values["video_url"] == ""


def test_a_video_of_the_folder_is_read(folder, media):
    media.write_text(MEDIA.replace('url = "https://video.example/1"', 'file = "videos/film.webm"'), "utf-8")

    values = read(folder).modules[1].lessons[1].values

    assert (values["video_url"], values["video_file"]) == ("", "videos/film.webm")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("https://video", "javascript:video", "2: video: url is no address (https://…)"),
        ("https://video", "ftp://video", "2: video: url is no address (https://…)"),
        ('url = "https://video.example/1"\n', "\n", "1: video: either url or file"),
        ('url = "h', 'file = "videos/film.webm"\nurl = "h', "1: video: either url or file"),
        (
            'url = "https://video.example/1"',
            'file = "videos/../1.de.webm"',
            "2: video: videos/../1.de.webm is no video of this folder (videos/name.webm)",
        ),
        (
            'url = "https://video.example/1"',
            'file = "videos/none.webm"',
            "2: video: videos/none.webm is no video of this folder (videos/name.webm)",
        ),
        ('transcript = "One."', "", "12: video: transcript is missing in [en]"),
        ('transcript = "One."', 'transcript = " "', "14: video: transcript is missing in [en]"),
        ('title = "Ein Film"\n', "\n", "4: video: title is missing in [de]"),
        (
            '[video.en]\ntitle = "A film"\ntranscript = "One."',
            "",
            "1: video: transcript is missing in [en]",
        ),
        (
            'title = "A film"',
            f'title = "{"x" * 141}"',
            "13: video: title has more than 140 characters in [en]",
        ),
        ('title.en = "Second"\n', "", "22: download 2: title.en is missing"),
        ('title.en = "Second"', f'title.en = "{"x" * 141}"', "24: download 2: title.en has more than 140"),
        ('file.en = "downloads/sheet.txt"\n\n', "\n", "16: download 1: file.en is missing"),
        (
            "downloads/sheet.txt",
            "downloads/none.txt",
            "20: download 1: downloads/none.txt is no file of this",
        ),
        ("downloads/sheet.txt", "downloads/../module.toml", "20: download 1: downloads/../module.toml is no"),
        ("downloads/sheet.txt", "../m01/1.en.md", "20: download 1: ../m01/1.en.md is no file of this"),
        ("downloads/sheet.txt", "videos/film.webm", "20: download 1: videos/film.webm is no file of this"),
        ("[[download]]", "[[downloads]]", "16: downloads: unknown, possible are download, video"),
        ("[video.de]", "[video.fr]", "4: video.fr: unknown, possible are de, en, file, url"),
        ("title.de", "titel.de", "16: download.1.titel: unknown, possible are file, title"),
        ("[[download]]", "[download", "16: "),
    ],
)
def test_what_is_wrong_with_media_is_said_with_its_line(folder, media, old, new, fault):
    assert old in MEDIA
    media.write_text(MEDIA.replace(old, new, 1), "utf-8")

    said = faults(folder)

    assert [one for one in said if one.startswith(f"m09/2.media.toml:{fault}")], said


def test_a_table_of_figures_that_spreadsheets_would_misread(folder, media):
    (folder / "m09" / "downloads" / "blatt.csv").write_bytes("Größe;1\n".encode())

    assert (
        "m09/2.media.toml:19: download 1: downloads/blatt.csv does not begin with the mark of UTF-8 (BOM)"
        in (faults(folder))
    )


def test_a_file_that_leads_out_of_the_folder(folder, media, tmp_path):
    (tmp_path / "secret.txt").write_text("x")
    (folder / "m09" / "downloads" / "sheet.txt").unlink()
    (folder / "m09" / "downloads" / "sheet.txt").symlink_to(tmp_path / "secret.txt")

    assert any("downloads/sheet.txt is no file of this folder" in fault for fault in faults(folder))


@pytest.mark.parametrize("name", ["5.media.toml", "media.toml", "0.media.toml", "1.de.media.toml"])
def test_media_that_belong_to_no_lesson(folder, media, name):
    media.rename(media.with_name(name))

    assert faults(folder) == [f"m09/{name}:1: belongs to no lesson of this module (1.media.toml)"]

"""A course as an editor's files again: what curriculum_files.read() reads, written. No database here.

TOML by hand: a library writes any value, but short tables in one line; here they stand as in training/curriculum/
(docs/decisions/0036-courses-as-files.md). JSON's strings are TOML's, too.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from training.curriculum_files import CourseFile, ModuleFile
from training.curriculum_reading import LANGUAGES, Texts

README = "README.txt"
ABOUT = """\
Deutsch
=======
Das sind die Texte eines Kurses, wie sie beim Export im Portal standen.

- Ändern Sie, was hinter den Gleichheitszeichen zwischen Anführungszeichen steht, und die Texte der Dateien N.de.md und
  N.en.md (N ist die Nummer der Lektion). Deren erste Zeile ist "# " und der Titel.
- Speichern Sie alle Dateien als UTF-8. Ändern Sie keine Dateinamen, auch nicht slug, number und exported.
- Eine neue Lektion bekommt die nächste Nummer und in module.toml bei minutes eine weitere Zahl. Neue Fragen, Antworten
  und Zeilen der Checkliste stehen hinter den vorhandenen, in beiden Sprachen an derselben Stelle.
- Bilder, Videos und Downloads liegen nur zum Ansehen bei. Beim Import wird nichts davon übernommen: Nennen Sie nur, was
  es auf dem Server gibt.
- Was Sie löschen, bleibt im Portal stehen.
- Packen Sie den ganzen Ordner als ZIP und importieren Sie ihn in der Verwaltung unter "Kurse". Dort sehen Sie zuerst,
  was sich ändern würde.

English
=======
These are the texts of a course as they stood on the platform when it was exported.

- Change what stands in quotation marks behind the equals signs, and the texts of the files N.de.md and N.en.md (N is
  the number of the lesson). Their first line is "# " and the title.
- Save all files as UTF-8. Change no file names, nor slug, number and exported.
- A new lesson gets the next number, and one more number at minutes in module.toml. New questions, answers and lines of
  the checklist stand behind those that are there, at the same place in both languages.
- Pictures, videos and downloads are there to be looked at. Nothing of them is imported: name only what is there on the
  server.
- What you delete stays on the platform.
- Pack the whole folder as a ZIP and import it in the office, under "Courses". There you first see what would change.
"""


def written(course: CourseFile, *, exported: datetime) -> dict[str, str]:
    """The text of each file by its name, in the order of an editor's work."""
    files = {"course.toml": _course(course, exported)}
    for module in course.modules:
        files |= {f"m{module.number:02}/{name}": text for name, text in _module(module).items()}
    for language in LANGUAGES:
        files[f"selfcheck.{language}.toml"] = "\n".join(
            _lines("[[question]]", *_values(texts, language, "text", "low", "high"))
            for texts in course.selfcheck
        )
    return files


def _course(course: CourseFile, exported: datetime) -> str:
    moment = exported.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    head = _lines(f"slug = {_quoted(course.slug)}", f"exported = {moment}")
    return "\n".join([head, *_tables(course.texts, "title", "summary")])


def _module(module: ModuleFile) -> dict[str, str]:
    minutes = ", ".join(str(lesson.values["minutes"]) for lesson in module.lessons)
    head = _lines(
        f"number = {module.number}",
        f"section = {_quoted(module.texts.values['section'])}",
        f"minutes = [{minutes}]",
    )
    tables = _tables(module.texts, "title", "summary", "goals", "product")
    files = {"module.toml": "\n".join([head, *tables])}
    for number, (lesson, downloads) in enumerate(zip(module.lessons, module.downloads, strict=True), 1):
        for language in LANGUAGES:
            title, text = (lesson.values[f"{name}_{language}"] for name in ("title", "text"))
            files[f"{number}.{language}.md"] = f"# {title}".rstrip() + "\n" + (f"\n{text}\n" if text else "")
        if media := "\n".join([*_video(lesson), *map(_download, downloads)]):
            files[f"{number}.media.toml"] = media
    for language in LANGUAGES:
        files[f"quiz.{language}.toml"] = _quiz(module, language)
        items = (texts.values[f"text_{language}"] for texts in module.checklist)
        files[f"checklist.{language}.md"] = _lines(*(f"- [ ] {text}".rstrip() for text in items))
    return files


def _tables(texts: Texts, *names: str) -> Iterator[str]:
    for language in LANGUAGES:
        yield _lines(f"[{language}]", *_values(texts, language, *names))


def _video(lesson: Texts) -> Iterator[str]:
    values = lesson.values
    for name in ("url", "file"):
        if place := values[f"video_{name}"]:
            yield _lines("[video]", f"{name} = {_quoted(place)}")
            for language in LANGUAGES:
                title, transcript = values[f"video_title_{language}"], values[f"transcript_{language}"]
                yield _lines(
                    f"[video.{language}]", f"title = {_quoted(title)}", f"transcript = {_quoted(transcript)}"
                )


def _download(texts: Texts) -> str:
    values = (
        f"{name}.{language} = {_quoted(texts.values[f'{name}_{language}'])}"
        for name in ("title", "file")
        for language in LANGUAGES
    )
    return _lines("[[download]]", *values)


def _quiz(module: ModuleFile, language: str) -> str:
    questions = []
    for question in module.questions:
        lines = ["[[question]]", *_values(question.texts, language, "text")]
        for answer in question.answers:
            text, why = _values(answer, language, "text", "why")
            right = "true" if answer.values["is_right"] else "false"
            lines += ["[[question.answer]]", text, f"right = {right}", why]
        questions.append(_lines(*lines))
    return "\n".join(questions)


def _values(texts: Texts, language: str, *names: str) -> Iterator[str]:
    for name in names:
        value = texts.values[f"{name}_{language}"]
        if name == "goals":
            goals = "".join(f"    {_quoted(goal)},\n" for goal in value.split("\n") if value)
            yield f"goals = [\n{goals}]"
        else:
            yield f"{name} = {_quoted(value)}"


def _lines(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    """A text of several lines stands in several lines: who edits it reads them."""
    if "\n" not in text:
        return f'"{_escaped(text)}"'
    return '"""\n' + "\n".join(_readable(line) for line in text.split("\n")) + '"""'


def _readable(line: str) -> str:
    """Quotation marks need no backslash there, but where several could be taken for the end of the text."""
    escaped = _escaped(line)
    return escaped if '""' in line or line.endswith('"') else escaped.replace('\\"', '"')


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")

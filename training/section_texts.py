"""The words of the eleven sections, as an editor writes them in training/curriculum/strategy.<language>.toml.

    [S1] lead                            what the section is for
    [S1.history] label, help, example    a question
    [S3.aim] legend ("Aim {number}"), help, example    one that may be answered several times …
    [S3.aim.what] label                  … and its parts; [….options] the words of a choice, by code

Read once; tests/training/test_section_texts.py holds both languages against training/sections.py.
"""

import tomllib
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from training.choices import Section
from training.curriculum_files import FOLDER, LANGUAGES
from training.sections import Field


@cache
def texts(language: str) -> dict[str, Any]:
    with (FOLDER / f"strategy.{language}.toml").open("rb") as file:
        return tomllib.load(file)


def _here() -> str:
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return language if language in LANGUAGES else settings.LANGUAGE_CODE


def lead_of(section: Section) -> str:
    return str(texts(_here())[section]["lead"])


def words_of(section: Section, *path: str) -> dict[str, Any]:
    """Of a question or a group of places, in the reader's language."""
    found: Any = texts(_here())[section]
    for name in path:
        found = found[name]
    return dict(found)


def label_of(section: Section, field: Field) -> str:
    """With its place, as it stands alone: in an error, a conflict, a comparison."""
    label = str(words_of(section, *field.words)["label"])
    if field.place is None:
        return label
    return f"{legend_of(section, field.words[0], field.place)}: {label}"


def legend_of(section: Section, group: str, place: int) -> str:
    return str(words_of(section, group)["legend"]).replace("{number}", str(place))


def option_label(section: Section, field: Field, code: str) -> str:
    return str(words_of(section, *field.words)["options"].get(code, code))

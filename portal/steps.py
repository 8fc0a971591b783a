"""What a step on the desk is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One thing to do, with one button. `language` of the title, where it is not the reader's."""

    title: str
    text: str
    url: str
    label: str
    language: str = ""

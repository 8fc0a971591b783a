"""What a step on the desk is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One thing to do, with one button."""

    title: str
    text: str
    url: str
    label: str

"""What a text made to be slow may cost, on whatever machine."""

import gc
import time
from collections.abc import Callable

QUARTER = 4
STEEPEST = 9
"""Times what a quarter of the text costs: twice as much as what grows evenly, far less than the 16 of a square."""


def is_bearable(work: Callable[[str], object], text: str, *, most: float) -> bool:
    """Less than `most` seconds of this process; where the machine is slower than that, no square of the length."""
    whole = _seconds(work, text)
    return whole < most or whole < STEEPEST * _seconds(work, text[: len(text) // QUARTER])


def _seconds(work: Callable[[str], object], text: str) -> float:
    """Without tidying up: it takes seconds where thousands of tests have run before, whatever the text."""
    gc.disable()
    try:
        started = time.process_time()
        work(text)
        return time.process_time() - started
    finally:
        gc.enable()

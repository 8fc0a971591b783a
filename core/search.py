"""Conditions on a column of folded names ("|pecs|funfkirchen|", see core/folding.py).

First words that begin as typed; only where that finds nothing, what contains it or is spelled similarly. All of
them use the column's trigram index.
"""

from django.db.models import Q

MOST_WORDS = 8
"""More words than this narrow nothing down and only cost time."""

FEWEST_LETTERS_INSIDE = 3
"""Shorter texts stand inside of nearly everything."""


def prefix_condition(folded: str, column: str = "search_text") -> Q:
    """Every word typed begins a word of some name: "ulm" finds Neu-Ulm, "fell pec" finds Fellbach – Pécs."""
    # Folded words are letters and digits only, so nothing in them means anything to a pattern.
    condition = Q()
    for word in folded.split()[:MOST_WORDS]:
        condition &= Q(**{f"{column}__contains": f"|{word}"}) | Q(**{f"{column}__contains": f" {word}"})
    return condition


def whole_name_condition(folded: str, column: str = "search_text") -> Q:
    """A whole name is what was typed."""
    return Q(**{f"{column}__contains": f"|{folded}|"})


def similar_condition(folded: str, column: str = "search_text") -> Q:
    """Names that contain what was typed, or look like it in spite of a typing error; none for very short texts."""
    if len(folded) < FEWEST_LETTERS_INSIDE:
        return Q(pk__in=())
    inside = Q()
    for word in folded.split()[:MOST_WORDS]:
        inside &= Q(**{f"{column}__contains": word})
    return inside | Q(**{f"{column}__trigram_word_similar": folded})

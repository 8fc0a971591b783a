"""Names as room servers take them."""

import unicodedata


def short_name(name: str, *, most: int = 64) -> str:
    """One line without marks nobody sees, cut to `most` characters as Java counts them (an emoji is two).

    At least two characters, which BigBlueButton asks for.
    """
    visible = (_shown(character) for character in unicodedata.normalize("NFC", name))
    line = " ".join("".join(visible).split())
    cut = line.encode("utf-16-le")[: most * 2].decode("utf-16-le", errors="ignore").strip()
    return cut if len(cut) > 1 else f"{cut} ViPaD".strip()


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] in "CZ" else character

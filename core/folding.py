"""Text without marks and scripts, so that "Pecs", "Пећ" and "Müllheim" are found however they are typed.

Pure functions. One folded form per text (`fold`), further ways to type the same name (`variants`), one text
column per searchable row (`search_text`) and a key that sorts Latin and Cyrillic names together (`sort_key`).
"""

import re
import unicodedata
from collections.abc import Iterable

# Letters that do not decompose into a base letter and a mark. "đ" becomes "dj", as Serbian and Croatian
# readers type it; plain "d" is one of the variants.
_LATIN = str.maketrans(
    {
        "ß": "ss", "đ": "dj", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i",
        "ŋ": "n", "þ": "th", "ə": "a",
    }
)  # fmt: skip
_TYPED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_DJ_AS_D = str.maketrans({"đ": "d", "ђ": "d"})
# Inside a word these are no separator: "L'viv" is "lviv".
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘ʼʹʺ`´ʻ", ""))

_SHARED = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya",
    "й": "y", "ы": "y", "э": "e", "ё": "e", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u", "ѣ": "e",
    "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz",
    "ѝ": "i", "ӂ": "g",
}  # fmt: skip
# Serbian, Bosnian, Montenegrin: what remains of č, š, ž ... without marks.
_SERBIAN = _SHARED | {"ж": "z", "ц": "c", "ч": "c", "ш": "s", "й": "j"}
# Ukraine's official transliteration of 2010.
_UKRAINIAN = _SHARED | {
    "г": "h", "и": "y", "й": "i", "х": "kh", "щ": "shch", "ю": "iu", "я": "ia", "ь": "", "ъ": "",
}  # fmt: skip
_UKRAINIAN_AT_WORD_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_RUSSIAN = _SHARED | {"х": "kh", "щ": "shch", "ь": "", "ъ": ""}


def _table(letters: dict[str, str]) -> dict[int, str]:
    return {ord(letter): latin for letter, latin in letters.items()}


_BULGARIAN_TABLE = _table(_SHARED)
_SERBIAN_TABLE = _table(_SERBIAN)
_RUSSIAN_TABLE = _table(_RUSSIAN)

_ONLY_SERBIAN = frozenset("ђјљњћџ")
_ONLY_UKRAINIAN = frozenset("іїєґ")
_ONLY_RUSSIAN = frozenset("ыэё")

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")


def _bulgarian(text: str) -> str:
    # Streamlined system: София is Sofia, not Sofiya.
    return re.sub(r"ия\b", "ia", text).translate(_BULGARIAN_TABLE)


def _ukrainian(text: str) -> str:
    letters: list[str] = []
    before = " "
    for letter in text.replace("зг", "зgh"):
        at_start = not before.isalpha()
        table = _UKRAINIAN_AT_WORD_START if at_start and letter in _UKRAINIAN_AT_WORD_START else _UKRAINIAN
        letters.append(table.get(letter, letter))
        before = letter
    return "".join(letters)


def _serbian(text: str) -> str:
    return text.translate(_SERBIAN_TABLE)


def _russian(text: str) -> str:
    return text.translate(_RUSSIAN_TABLE)


_SYSTEMS = (_bulgarian, _serbian, _ukrainian, _russian)


def _latin(text: str) -> str:
    """The lower-case text in Latin letters, by the rule of the language its letters give away."""
    if not _CYRILLIC.search(text):
        return text
    letters = frozenset(text)
    if letters & _ONLY_SERBIAN:
        return _serbian(text)
    if letters & _ONLY_UKRAINIAN:
        return _ukrainian(text)
    if letters & _ONLY_RUSSIAN:
        return _russian(text)
    return _bulgarian(text)


def _prepared(text: str) -> str:
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    # Composed form first: "й" and "ї" must reach the Cyrillic tables whole.
    return unicodedata.normalize("NFC", text).casefold().translate(_APOSTROPHES)


def _plain(text: str) -> str:
    """Lower-case Latin text without marks and punctuation."""
    quick = text if text.isascii() else text.translate(_WRITTEN_OFTEN)
    if quick.isascii():
        return " ".join(_NOT_A_WORD.sub(" ", quick).split())
    return _any_plain(text)


def _any_plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_LATIN)).casefold()
    letters = unicodedata.normalize("NFKD", decomposed)
    unmarked = "".join(letter for letter in letters if unicodedata.category(letter)[0] != "M")
    # Again Cyrillic: what was hidden behind a mark (ӑ) or a compatibility form shows only now.
    latin = unmarked.translate(_BULGARIAN_TABLE).translate(_LATIN)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in latin).split())


# The letters and signs of our languages, looked up instead of taken apart: texts of groups are long.
_WRITTEN_OFTEN = {
    code: _any_plain(f"a{chr(code)}b")[1:-1] for code in (*range(0xA0, 0x250), *range(0x2010, 0x2040), 0x20AC)
}


def fold(text: str) -> str:
    """Lower case, no marks, Latin letters, single spaces: "Győr" is "gyor", "Русе" is "ruse"."""
    return _plain(_latin(_prepared(text)))


def variants(text: str) -> set[str]:
    """All folded forms somebody may type for this name; `fold(text)` is one of them.

    Umlauts typed out (Muellheim), đ as d or dj, and Cyrillic without telling letters read as each of the
    languages (Ниш is "nis" in Serbia, "nish" by the Bulgarian rule).
    """
    prepared = _prepared(text)
    if prepared.isascii():
        return {_plain(prepared)} - {""}
    ways = {prepared, prepared.translate(_TYPED_OUT), prepared.translate(_DJ_AS_D)}
    found = {_plain(_latin(way)) for way in ways}
    if _CYRILLIC.search(prepared):
        found |= {_plain(system(prepared)) for system in _SYSTEMS}
    return found - {""}


def search_text(names: Iterable[str]) -> str:
    """One column to search in: "|ulm|neu ulm|".

    A leading and a trailing bar, so that LIKE '%|ulm%' finds names that begin so and '%|ulm|%' whole names.
    """
    unique: dict[str, None] = {}
    for name in names:
        unique.update(dict.fromkeys([fold(name), *sorted(variants(name))]))
    unique.pop("", None)
    return f"|{'|'.join(unique)}|" if unique else ""


def sort_key(name: str) -> str:
    """Sorts Ö with O and Русе between Rousse and Russe; at most 140 characters, the length of the column."""
    return fold(name)[:140]

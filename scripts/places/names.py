"""Rules for names: which alternates are names, what the local spelling is, how scripts map on each other."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from core.folding import fold, variants

# -- Scripts ----------------------------------------------------------------------------------------------

_SERBIAN_DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_SERBIAN_LETTERS = dict(
    zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True)
)  # fmt: skip
_TO_SERBIAN_LATIN = {cyrillic: latin for latin, cyrillic in (_SERBIAN_LETTERS | _SERBIAN_DIGRAPHS).items()}
_BULGARIAN_LATIN = re.findall("zh|.", "abvgdezhziyklmnoprstufh")
_UKRAINIAN_LATIN = re.findall("zh|.", "abvhgdezhzyiiiklmnoprstuf")
_BULGARIAN = dict(zip("абвгдежзийклмнопрстуфх", _BULGARIAN_LATIN, strict=True)) | {
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ъ": "a",
    "ь": "y",
    "ю": "yu",
    "я": "ya",
}
_UKRAINIAN = dict(
    zip("абвгґдежзиіїйклмнопрстуф", _UKRAINIAN_LATIN, strict=True)
) | {
    "є": "ie", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia",
    "'": "", "’": "", "ʼ": "",
}  # fmt: skip
# What most international gazetteers used before 2010.
_UKRAINIAN_OLDER = _UKRAINIAN | {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_UKRAINIAN_AT_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_SEPARATORS = frozenset(" -.()/")


def _rewrite(text: str, table: dict[str, str], at_start: dict[str, str] | None = None) -> str:
    """Letter by letter; a capital letter becomes a capitalised group, all others stay."""
    written = []
    before = " "
    for letter in text:
        small = letter.lower()
        group = table.get(small, small)
        if at_start and before in _SEPARATORS:
            group = at_start.get(small, group)
        written.append(group.capitalize() if letter != small else group)
        before = letter
    return "".join(written)


def serbian_latin(text: str) -> str:
    return _rewrite(text, _TO_SERBIAN_LATIN)


def bulgarian_latin(text: str) -> str:
    """Streamlined system, the law since 2009: София is Sofia."""
    return _rewrite(re.sub(r"ия\b", "иа", text), _BULGARIAN)


def ukrainian_latin(text: str) -> str:
    """Resolution 55 of 2010."""
    return _rewrite(text.replace("зг", "зgh").replace("Зг", "Зgh"), _UKRAINIAN, _UKRAINIAN_AT_START)


def serbian_cyrillic(text: str) -> str:
    """Regular except for the few words where n+j are two letters; empty for letters Serbian lacks."""
    joined = text
    for digraph, letter in _SERBIAN_DIGRAPHS.items():
        joined = joined.replace(digraph, letter).replace(digraph.capitalize(), letter.upper())
        joined = joined.replace(digraph.upper(), letter.upper())
    written = _rewrite(joined, _SERBIAN_LETTERS)
    if text.startswith("Lagja "):  # Albanian: quarters of towns in the south
        return ""
    return "" if re.search("[a-z\u00c0-\u024f]", written, re.IGNORECASE) else written


SERBIAN = frozenset("абвгдђежзијклљмнњопрстћуфхцчџш")
BULGARIAN = frozenset(_BULGARIAN)
UKRAINIAN = frozenset(_UKRAINIAN)


def written_in(alphabet: frozenset[str], names: Iterable[str]) -> list[str]:
    return [n for n in names if any(c.isalpha() for c in n) and set(n.lower()) <= alphabet | {" ", "-"}]


def cyrillic_name(name: str, alternates: Iterable[str], country: str) -> tuple[str, str] | None:
    """(Cyrillic, Latin by rule) of the alternate in the country's own alphabet that says what `name` says."""
    alphabet, rule = {
        "BG": (BULGARIAN, bulgarian_latin),
        "UA": (UKRAINIAN, ukrainian_latin),
    }.get(country, (SERBIAN, serbian_latin))
    closeness = _closeness if country in ("BG", "UA") else _sameness
    candidates = [
        (closeness(name, cyrillic, rule(cyrillic), country), cyrillic, rule(cyrillic))
        for cyrillic in sorted(written_in(alphabet, alternates))
        if cyrillic[0].isupper() and "’ " not in cyrillic
    ]
    best = max(candidates, key=lambda candidate: candidate[0], default=(0.0, "", ""))
    return best[1:] if best[0] >= (0.8 if country == "UA" else 0.9) else None


def _sameness(name: str, cyrillic: str, latin: str, country: str) -> float:
    """Serbian Latin and Cyrillic correspond letter by letter; more marks tell more."""
    if not variants(name) & variants(latin):
        return 0.0
    return 1.0 + marks(latin) / 100 - 0.05 * abs(cyrillic.count("-") - name.count("-"))


def _closeness(name: str, cyrillic: str, latin: str, country: str) -> float:
    """GeoNames transliterates these two alphabets by older rules, so that equality cannot be asked for."""
    wanted = fold(name.replace("ŭ", "a"))
    older = _rewrite(cyrillic, _UKRAINIAN_OLDER) if country == "UA" else latin
    likeness = max(SequenceMatcher(None, wanted, fold(form)).ratio() for form in (latin, older))
    if country == "UA" and set(cyrillic.lower()) & set("іїєґ"):
        likeness += 0.02  # certainly not Russian
    if country == "UA" and re.search("(ая|ый|ий|ое|ские)( |$)", cyrillic) and "ськ" not in cyrillic:
        likeness -= 0.05  # endings of Russian adjectives
    # Foreign lists like to write Стара-Загора.
    return likeness - 0.01 * abs(cyrillic.count("-") - name.count("-"))


# -- Local spelling ---------------------------------------------------------------------------------------

_CEDILLA = str.maketrans("şţŞŢ", "șțȘȚ")
_CARON = {"l": "ľ", "t": "ť", "d": "ď", "L": "Ľ", "T": "Ť", "D": "Ď"}
_ETH = str.maketrans("ðÐ", "đĐ")


def tidy(name: str, country: str) -> str:
    """Letters of the country instead of their look-alikes."""
    name = unicodedata.normalize("NFC", name).replace("’", "'").strip()
    if country in ("RO", "MD"):
        name = name.translate(_CEDILLA)
    if country in ("RS", "BA", "ME", "HR", "SI"):
        name = name.translate(_ETH)
    if country in ("SK", "CZ"):
        name = re.sub("[ltdLTD]'", lambda match: _CARON[match[0][0]], name)
    if country == "SI":
        name = re.sub(" (Mesto|Vas|Trg|Selo|Polju|Polje|Goricah)\\b", lambda match: match[0].lower(), name)
    if country == "UA":
        name = name.replace("'", "")
    return " ".join(name.split())


def marks(name: str) -> int:
    return sum(not c.isascii() for c in name)


def with_marks(name: str, alternates: Iterable[str]) -> str:
    """For Moldova: the alternate that is `name` with Romanian marks, if `name` is written without any.

    Elsewhere foreign spellings with marks (Búdapest, Gačko) outnumber the missing own ones; those few stand
    in the table of corrections.
    """
    candidates = [
        alternate
        for alternate in (tidy(a, "MD") for a in alternates)
        if {c for c in alternate.lower() if not c.isascii()} <= set("ăâîșț")
        and marks(alternate)
        and fold(alternate) == fold(name)
    ]
    return max([name, *candidates], key=lambda n: (marks(n), n)) if name.isascii() else name


_PARTICLES = frozenset(
    (
        "a", "al", "ale", "cea", "cel", "cu", "de", "din", "dintre", "după", "în", "între", "la", "lângă",
        "lui", "pe", "peste", "sub", "și",
    )
)  # fmt: skip


def romanian_case(capitals: str) -> str:
    """ "VALEA LUI MIHAI" is Valea lui Mihai."""
    words = capitals.lower().split()
    written = [
        word if number and word in _PARTICLES else "-".join(part.capitalize() for part in word.split("-"))
        for number, word in enumerate(words)
    ]
    return " ".join(written).translate(_CEDILLA)


def romanian_key(name: str) -> str:
    """The same for Sâncrai, Sîncrai (spelling before 1993) and Sancrai."""
    return fold(name.lower().replace("î", "a").replace("â", "a")).replace("-", " ")


def romanian_keys(name: str) -> set[str]:
    return {romanian_key(name), fold(name)}


_LONG_FORMS = (
    (r"\bb\. Hl\. Blut\b", "beim Heiligen Blut"),
    (r"\bi\.\s?d\.\s?OPf\.", "in der Oberpfalz"),
    (r"\bi\.\s?OB\b", "in Oberbayern"),
    (r"\bi\.\s?NB\b", "in Niederbayern"),
    (r"\bi\.\s?OFr\.", "in Oberfranken"),
    (r"\bi\.\s?UFr\.", "in Unterfranken"),
    (r"\bi\.\s?MFr\.", "in Mittelfranken"),
    (r"\bi\.\s?Bay\.", "in Bayern"),
    (r"\bi\.\s?Schw\.", "in Schwaben"),
    (r"\ba\.\s?d\.\s?", "an der "),
    (r"\bi\.\s?d\.\s?", "in der "),
    (r"\bv\.\s?d\.\s?", "vor der "),
    (r"\bo\.\s?d\.\s?", "ob der "),
    (r"\ba\.\s?", "am "),
    (r"\bi\.\s?", "im "),
    (r"\bb\.\s?", "bei "),
)


def german_long_form(name: str) -> str:
    """ "Dillingen a.d. Donau" is Dillingen an der Donau."""
    for short, long in _LONG_FORMS:
        name = re.sub(short, long, name)
    return re.sub(r"^St\. ", "Sankt ", name)


# -- Further names ----------------------------------------------------------------------------------------

_GENERIC = re.compile(
    r"^(op(š|s)tina|op(ć|c)ina|obshtina|gorod|grad|comuna|commune|gemeinde|municip\w*|ora(ș|ş|s)(ul)?|obec|mesto"
    r"|selo|sela|raion(ul)?|bezirk|stadtkreis|landkreis|kreis|miasto|markt|община|град|город|село|місто) ",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"^[A-Za-z\u00c0-\u024f\u0400-\u045f\u0490\u0491 .,'()/\-0-9]+$")


def is_name(text: str) -> bool:
    """False for airport codes, addresses, romanised foreign scripts ("bei er ge lai de") and scraps."""
    if len(text) < 2 or len(text) > 100 or not _LETTERS.match(text) or not text[0].isupper():
        return False
    if (text.isupper() and len(text) <= 4) or _GENERIC.match(text):
        return False
    return not (text.endswith(("-", "'", "/")) or re.search(r"\d{3}", text) or "www" in text.lower())


def further_names(known: Iterable[str], alternates: Iterable[str]) -> list[str]:
    """Alternates that nothing in `known` finds; of the spellings of one name the one with most marks."""
    seen = {form for name in known for form in variants(name)}
    kept = []
    for text in sorted({a for a in alternates if is_name(a)}, key=lambda n: (-marks(n), n)):
        forms = variants(text)
        if fold(text) in seen or not forms:
            continue
        seen |= forms
        kept.append(text)
    return sorted(kept)

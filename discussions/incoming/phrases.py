"""What mail programs write of themselves, in the languages of the region: labels, separators, last lines.

Collected from Outlook, Apple Mail, Gmail, Thunderbird, GMX, WEB.DE, K-9, Roundcube and Samsung's program in the 13
languages, Russian and French.
"""

import re

# Labels of the block Outlook and others put above what they quote, by what they say.
LABELS = {
    "from": (
        "from|von|feladó|de la|de|expeditor|od|šalje|pošiljatelj|odesílatel|odosielateľ|от|від|од|шаље|подател"
    ),
    "sent": (
        "sent|date|gesendet|datum|elküldve|küldve|küldés ideje|dátum|trimis|data|expediat|odesláno|odoslané|poslano"
        "|poslato|послато|датум|изпратено|дата|надіслано|відправлено|отправлено|envoyé|date d'envoi"
    ),
    "to": "to|an|címzett|címzettek|către|catre|komu|pro|prima|primatelj|za|za|за|прима|до|кому|à|a",
    "copy": "cc|kopie|másolatot kap|másolat|kópia|kp|копие|копія|копия|bcc",
    "subject": "subject|betreff|tárgy|subiect|předmět|predmet|zadeva|naslov|предмет|наслов|тема|относно|objet",
}  # fmt: skip
_LABEL = re.compile(
    r"[*\s]{0,8}(?:"
    + "|".join(f"(?P<{what}>{words})" for what, words in LABELS.items())
    + r")\s?[*]?\s?:[*]?(?:\s|$)",
    re.IGNORECASE,
)


_SEPARATOR = re.compile(
    r"\s*-{2,}\s*(?:original message|original-?nachricht|ursprüngliche (?:nachricht|e-?mail|mail)|originalmail"
    r"|eredeti üzenet|mesaj original|mesajul (?:original|inițial)|mesaj inițial|původní zpráva|pôvodná správa"
    r"|izvorna poruka|originalna poruka|orginalna poruka|prvotna poruka|izvirno sporočilo|prvotno sporočilo"
    r"|оригинална порука|изворна порука|оригинално съобщение|оригинално писмо|первоначално съобщение"
    r"|вихідне повідомлення|оригінальне повідомлення|початкове повідомлення|исходное сообщение"
    r"|message d'origine|message original)\s*-{2,}\s*",
    re.IGNORECASE,
)

_DEVICE = (
    r"(?:iphone|ipad|ipod|iphon|ajfon|айфон|samsung|galaxy|android|huawei|xiaomi|redmi|pixel|oneplus|sony|nokia|motorola"
    r"|blackberry|windows|outlook|mail|yahoo|proton|gmx|web\.de|t-online|telekom|k-9|smartphone|smartfón|telefon|телефон"
    r"|handy|mobil|мобил|мобіл|ukr\.net|tablet)"
)
_BEGINNINGS = (
    r"sent (?:from|with|via)|von meine[mr]|gesendet (?:mit|von|aus|über)|diese nachricht wurde (?:von|mit)"
    r"|trimis (?:de pe|din|de la|cu)|odesláno (?:z|ze|pomocí|aplikací)|odoslané (?:z|zo|pomocou)"
    r"|poslano (?:s|sa|iz|z|putem|preko)|poslato (?:s|sa|iz|putem)|послато (?:са|с|из|преко)|изпратено (?:от|с|чрез)"
    r"|надіслано (?:з|із|за допомогою|через)|відправлено (?:з|із)"
    r"|отправлено (?:с|из)|envoyé (?:de|depuis|à partir)|küldve"
)
_FOOTER = re.compile(rf"[*_\s]*(?:{_BEGINNINGS})\b.{{0,60}}?{_DEVICE}.{{0,80}}", re.IGNORECASE)
# Hungarian says it the other way round.
_FOOTER_BACKWARDS = re.compile(
    rf"\s*(?:az? )?\S{{0,20}}{_DEVICE}\S{{0,20}}(?: \S{{1,20}}){{0,3}} küldve\W*", re.IGNORECASE
)
_ADVERTISEMENT = re.compile(
    r".{0,120}<https://aka\.ms/[\w/]{1,60}>\W*"
    r"|\s*(?:get|holen sie sich|laden sie|descărcați|stáhněte si|stiahnite si|nabavite|preuzmite|prenesite"
    r"|изтеглете|отримайте|завантажте)? ?outlook (?:for|für|pentru|pro|pre|za|за|для) (?:ios|android|mac)"
    r"(?: beschaffen| herunter| herunterladen)?\W*"
    r"|\s*virenfrei\.\s?(?:www\.avast\.com.{0,80})?|\s*virus-free\.\s?(?:www\.avast\.com.{0,80})?",
    re.IGNORECASE,
)

_VERB = re.compile(
    r"\b(?:wrote|schrieb|schrieben|écrit|(?:ezt )?írta|scris|napisa\w*|napsal\w*|napísal\w*|написа\w*|пише|пишет)\b"
    r"[^\n]{0,200}:$",
    re.IGNORECASE,
)
_MAIL_ADDRESS = re.compile(r"[^\s<>@]{1,80}@[\w-]{1,63}\.[\w.-]{1,200}")
# With its year: people write "Am 25. März um 10:30 schrieb sie:" themselves, programs never leave it out.
_DAY = re.compile(r"\b20\d{2}\b|\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}\b")
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
# Up to four short words and a number: "On Thu, Mar 25", "Am Do., 25.", "čet, 25.", "2027. márc. 25."
_BEGINS = re.compile(r"\s*(?:[^\W\d]{1,14}[.,]{0,2}\s{1,2}){0,4}\(?\d")
_NAME_AND_VERB = re.compile(
    r"[^\n.!?:]{1,60}\s(?:wrote|schrieb|(?:ezt )?írta|a scris|(?:je )?napisa\w*(?:/\w+)?|пише|написа\w*"
    r"|napsal\S*|napísal\S*|a écrit)\s?:",
    re.IGNORECASE,
)


def label_of(line: str) -> str | None:
    """ "from", "sent" … when the line begins like one of a header shown in a text."""
    match = _LABEL.match(line[:80]) if ":" in line[:80] else None
    return match.lastgroup if match else None


def is_separator(line: str) -> bool:
    return _SEPARATOR.fullmatch(line[:120]) is not None


def is_footer(line: str) -> bool:
    """Written by the program under everything a person writes with it."""
    line = line.strip()
    if not line or len(line) > 200:
        return False
    return any(form.fullmatch(line) for form in (_FOOTER, _FOOTER_BACKWARDS, _ADVERTISEMENT))


def introduces_quote(text: str) -> bool:
    """ "On … wrote:" in any of the languages, surely: with a moment or an address."""
    if not text.endswith(":") or len(text) > 500:
        return False
    address = "@" in text and _MAIL_ADDRESS.search(text)
    verb = _VERB.search(text)
    if verb and address:
        return True
    return bool((verb or address) and _DAY.search(text) and _TIME.search(text))


def may_introduce_quote(text: str) -> bool:
    """The same without the moment: enough only where a marked quote follows."""
    if len(text) > 500:
        return False
    is_dated = _BEGINS.match(text) and _VERB.search(text) and _DAY.search(text)
    return bool(text.endswith(":") and (is_dated or _NAME_AND_VERB.fullmatch(text)))


def begins_like_introduction(line: str) -> bool:
    return bool(_BEGINS.match(line) and (_TIME.search(line) or _DAY.search(line)))

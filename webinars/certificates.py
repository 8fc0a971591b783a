"""The certificate of attendance as a PDF, and the code by which anybody can check it."""

import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.pdf import render
from core.qr import qr_svg

# Crockford's 32: none of I, L, O (read as 1 and 0), no U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")
_PREFIX = "VIP"
_GROUP, _GROUPS = 4, 3


@dataclass(frozen=True)
class CertificateFacts:
    """What is certified, as it stands on the page: times are already local, the duration is already words."""

    name: str
    session: str
    when: str
    attended: str
    organisers: Sequence[str]
    code: str
    check_url: str
    issued_on: date
    place: str = ""
    """Empty: online."""


@dataclass(frozen=True)
class CertificateWords:
    """In the reader's language. `took_part` stands between the name and the title of the session."""

    site: str
    heading: str
    took_part: str
    issued: str
    check: str
    qr: str


def certificate_pdf(facts: CertificateFacts, *, language: str) -> bytes:
    """One A4 page, PDF/UA. `language` may be any of the 13 of partners, too."""
    with translation.override(language):
        words = _words(facts.issued_on)
        shown = {
            "name": facts.name,
            "session": facts.session,
            "lines": [[label, value] for label, value in _lines(facts) if value],
            "code": facts.code,
            "check_url": facts.check_url,
            "qr": qr_svg(facts.check_url, title=words.qr),
        }
        title = _("Certificate of attendance: %(name)s") % {"name": facts.name}
    return render("certificate.typ", {"words": asdict(words), "facts": shown}, language=language, title=title)


def new_code() -> str:
    """For example VIP-7K3M-Q2XH-0ARE: 60 random bits, nothing to guess and short enough to type."""
    drawn = "".join(secrets.choice(_ALPHABET) for _letter in range(_GROUP * _GROUPS))
    return _written(drawn)


def normal_code(typed: str) -> str | None:
    """The code as we store it, however it was typed; None when it can be none of ours.

    Case, spaces and dashes of any kind do not matter, nor whether "VIP" is there, nor O for 0 and I or l for 1.
    """
    signs = [sign for sign in unicodedata.normalize("NFKC", typed[:100]).upper() if sign.isalnum()]
    bare, length = "".join(signs), _GROUP * _GROUPS
    if len(bare) == length + len(_PREFIX) and bare.translate(_READ_AS).startswith(
        _PREFIX.translate(_READ_AS)
    ):
        bare = bare.removeprefix(bare[: len(_PREFIX)])
    bare = bare.translate(_READ_AS)
    return _written(bare) if len(bare) == length and set(_ALPHABET).issuperset(bare) else None


def _written(drawn: str) -> str:
    groups = [drawn[start : start + _GROUP] for start in range(0, len(drawn), _GROUP)]
    return "-".join([_PREFIX, *groups])


def _words(issued_on: date) -> CertificateWords:
    return CertificateWords(
        site="ViPaD",
        heading=_("Certificate of attendance"),
        took_part=_("took part in this session:"),
        issued=_("Issued on %(day)s") % {"day": date_format(issued_on, "DATE_FORMAT")},
        check=_("Everybody can check with this code whether the certificate is genuine:"),
        qr=_("QR code with the address where this certificate can be checked"),
    )


def _lines(facts: CertificateFacts) -> list[tuple[str, str]]:
    return [
        (_("Date and time"), facts.when),
        (_("Attended"), facts.attended),
        (_("Place"), facts.place or _("Online")),
        (_("Organised by"), ", ".join(facts.organisers)),
    ]

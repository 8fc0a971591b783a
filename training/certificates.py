"""The certificate of a course as a PDF: the page of the certificates of attendance, with other words."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.pdf import render
from core.qr import qr_svg
from webinars.certificates import CertificateWords


@dataclass(frozen=True)
class CourseFacts:
    """What is certified, in the language of the paper. Days are local already."""

    name: str
    course: str
    modules: Sequence[str]
    dates: Sequence[str]
    strategy_on: date | None
    begun_on: date
    finished_on: date
    organisers: Sequence[str]
    code: str
    check_url: str
    issued_on: date


def course_certificate_pdf(facts: CourseFacts, *, language: str) -> bytes:
    """A4, PDF/UA."""
    with translation.override(language):
        words = _words(facts.issued_on)
        shown = {
            "name": facts.name,
            "session": facts.course,
            "lines": [[label, value] for label, value in _lines(facts) if value],
            "code": facts.code,
            "check_url": facts.check_url,
            "qr": qr_svg(facts.check_url, title=words.qr),
        }
        title = _("Course certificate: %(name)s") % {"name": facts.name}
    return render("certificate.typ", {"words": asdict(words), "facts": shown}, language=language, title=title)


def _words(issued_on: date) -> CertificateWords:
    return CertificateWords(
        site="ViPaD",
        heading=_("Course certificate"),
        took_part=_("has finished this course:"),
        issued=_("Issued on %(day)s") % {"day": _day(issued_on)},
        check=_("Everybody can check with this code whether the certificate is genuine:"),
        qr=_("QR code with the address where this certificate can be checked"),
    )


def _lines(facts: CourseFacts) -> list[tuple[str, str]]:
    approved = facts.strategy_on
    return [
        (
            _("Period"),
            _("%(begin)s to %(end)s") % {"begin": _day(facts.begun_on), "end": _day(facts.finished_on)},
        ),
        (_("Modules"), "; ".join(facts.modules)),
        (_("Dates attended"), "; ".join(facts.dates)),
        (
            pgettext("certificate", "Strategy of the partnership"),
            _("approved on %(day)s") % {"day": _day(approved)} if approved else "",
        ),
        (_("Organised by"), ", ".join(facts.organisers)),
    ]


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")

"""Certificates of attendance and their codes."""

import re
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from django.conf import settings

from tests.pdf_reading import opened, text_of
from webinars.certificates import CertificateFacts, certificate_pdf, new_code, normal_code

FACTS = CertificateFacts(
    name="Győző Щербаківський",
    session="Wie Partnerschaften junge Menschen gewinnen",
    when="Donnerstag, 14. Januar 2027, 17:00 bis 18:30 Uhr (Berlin)",
    attended="75 Minuten",
    organisers=["Stadt Ulm", "Община Русе"],
    code="VIP-7K3M-Q2XH-0ARE",
    check_url="https://vipad.example/certificates/VIP-7K3M-Q2XH-0ARE/",
    issued_on=date(2027, 1, 15),
    place="Ulm, Rathaus",
)


def lines_of(pdf: bytes) -> list[str]:
    return [line for line in text_of(pdf).split("\n") if line.strip()]


def without_spaces(*lines: str) -> str:
    """Lines break where they must, and a change of script looks like a new one."""
    return "".join("".join(lines).split())


# --- the page -----------------------------------------------------------------------------


def test_every_fact_stands_on_the_page() -> None:
    made = certificate_pdf(FACTS, language="en")

    assert without_spaces(text_of(made)) == without_spaces(
        "ViPaD",
        "Certificate of attendance",
        "Győző Щербаківський",
        "took part in this session:",
        "Wie Partnerschaften junge Menschen gewinnen",
        "Date and time",
        "Donnerstag, 14. Januar 2027, 17:00 bis 18:30 Uhr (Berlin)",
        "Attended",
        "75 Minuten",
        "Place",
        "Ulm, Rathaus",
        "Organised by",
        "Stadt Ulm, Община Русе",
        "Issued on 15 January 2027",
        "Everybody can check with this code whether the certificate is genuine:",
        "VIP-7K3M-Q2XH-0ARE",
        "https://vipad.example/certificates/VIP-7K3M-Q2XH-0ARE/",
    )


def test_without_a_place_it_was_online_and_what_is_empty_is_left_out() -> None:
    lines = lines_of(certificate_pdf(replace(FACTS, place="", organisers=[], attended=""), language="en"))

    assert lines[lines.index("Place") + 1] == "Online"
    assert {"Organised by", "Attended"}.isdisjoint(lines)


@pytest.mark.parametrize("language", [code for code, _name in settings.PARTNER_LANGUAGES])
def test_every_language_of_partners_gives_one_page_in_that_language(language: str) -> None:
    with opened(certificate_pdf(FACTS, language=language)) as document:
        assert document.Root.Lang == language.partition("-")[0]
        assert len(document.pages) == 1


def test_a_certificate_is_named_after_its_owner() -> None:
    with opened(certificate_pdf(FACTS, language="en")) as document:
        assert document.docinfo["/Title"] == "Certificate of attendance: Győző Щербаківський"


def test_the_picture_has_words_and_the_address_is_a_link() -> None:
    with opened(certificate_pdf(FACTS, language="en")) as document:
        parts = [part for part in document.objects if isinstance(part, pikepdf.Dictionary)]

        assert [str(part.Alt) for part in parts if part.get("/S") == "/Figure"] == [
            "QR code with the address where this certificate can be checked"
        ]
        assert {str(note.A.URI) for note in document.pages[0].Annots} == {FACTS.check_url}


@pytest.mark.parametrize("name", ['#import "x"', "*Győző*", "%(name)s {0}", "Robert'); DROP", "<b>Ђорђе</b>"])
def test_a_strange_name_is_printed_as_it_is(name: str) -> None:
    made = certificate_pdf(replace(FACTS, name=name), language="en")

    assert without_spaces("attendance", name, "took part") in without_spaces(text_of(made))
    with opened(made) as document:
        assert document.docinfo["/Title"] == f"Certificate of attendance: {name}"


def test_the_longest_words_still_fit_on_one_page() -> None:
    long = replace(
        FACTS, name="Wolfeschlegel " * 10, session="Partnerschaften " * 18, organisers=["Gemeinde"] * 30
    )

    with opened(certificate_pdf(long, language="de")) as document:
        assert len(document.pages) == 1


# --- the code -----------------------------------------------------------------------------


def test_codes_have_sixty_bits_and_no_letter_that_is_read_wrongly() -> None:
    codes = {new_code() for _ in range(500)}

    assert len(codes) == 500
    assert [code for code in codes if not re.fullmatch(r"VIP(-[0-9A-HJKMNP-TV-Z]{4}){3}", code)] == []
    assert len({sign for code in codes for sign in code[4:].replace("-", "")}) == 32


def test_a_new_code_is_already_as_we_store_it() -> None:
    codes = [new_code() for _ in range(100)]

    assert [normal_code(code) for code in codes] == codes


@pytest.mark.parametrize(
    "typed",
    [
        "VIP-7K3M-Q2XH-0AR1",
        "vip-7k3m-q2xh-0ar1",
        "  VIP 7K3M Q2XH 0AR1 ",
        "VIP7K3MQ2XH0AR1",
        "7K3MQ2XH0AR1",
        "7k3m-q2xh-oarl",
        "VlP-7K3M-Q2XH-OARI",
        "V1P-7K3M-Q2XH-0AR1",
        "VIP–7K3M—Q2XH\u20110AR1.",
        "ＶＩＰ－７Ｋ３Ｍ－Ｑ２ＸＨ－０ＡＲ１",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert normal_code(typed) == "VIP-7K3M-Q2XH-0AR1"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "VIP",
        "VIP-7K3M-Q2XH",
        "VIP-7K3M-Q2XH-0AR",
        "VIP-7K3M-Q2XH-0AR12",
        "XYZ-7K3M-Q2XH-0AR1",
        "7K3MQ2XH0ARU",
        "ж" * 12,
        "٣" * 12,
        "A" * 100_000,
        "\x00" * 12,
    ],
)
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert normal_code(typed) is None


def test_a_code_that_begins_like_the_prefix_is_not_cut() -> None:
    assert normal_code("V1PM-Q2XH-0AR1") == "VIP-V1PM-Q2XH-0AR1"

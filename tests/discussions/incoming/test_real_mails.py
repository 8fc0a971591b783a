"""Whole mails of many programs and languages: from the bytes to what the person wrote."""

import pytest

from discussions.incoming import Attached, cut, open_mail, read_mail, why_ignored
from tests.discussions.incoming.conftest import MAILS

WRITTEN = sorted(path.stem for path in MAILS.glob("*.txt"))
IGNORED = {
    "auto-czech-precedence": "automatic",
    "auto-exchange-german": "automatic",
    "auto-hungarian-vacation": "vacation",
    "bounce-postfix": "report",
    "list-mailman": "list",
}


def test_every_mail_is_looked_at():
    assert sorted(path.stem for path in MAILS.glob("*.eml")) == sorted([*WRITTEN, *IGNORED])


@pytest.mark.parametrize("name", WRITTEN)
def test_only_what_the_person_wrote_remains(raw_mail, name):
    mail = open_mail(raw_mail(name))

    assert cut(read_mail(mail).text) == (MAILS / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_person_wrote_is_not_ignored_and_finds_its_topic(raw_mail, address, name):
    mail = open_mail(raw_mail(name))

    assert (why_ignored(mail), read_mail(mail).recipients) == (None, [address])


@pytest.mark.parametrize("name", WRITTEN)
def test_line_ends_of_the_wire_make_no_difference(raw_mail, name):
    raw = raw_mail(name)
    on_the_wire = raw.replace(b"\n", b"\r\n")

    assert cut(read_mail(open_mail(on_the_wire)).text) == cut(read_mail(open_mail(raw)).text)


@pytest.mark.parametrize("name,reason", IGNORED.items())
def test_what_no_person_wrote_is_ignored(raw_mail, name, reason):
    assert why_ignored(open_mail(raw_mail(name))) == reason


def test_a_photo_from_the_phone_comes_along(raw_mail):
    files = read_mail(open_mail(raw_mail("iphone-german-photo"))).attachments

    assert [(file.name, file.content_type, file.content[:4]) for file in files] == [
        ("IMG_0417.jpeg", "image/jpeg", b"\x89PNG")
    ]


def test_a_pdf_comes_along_with_its_name_of_many_letters(raw_mail):
    files = read_mail(open_mail(raw_mail("apple-mail-pdf"))).attachments

    assert [(file.name, file.content_type, file.content[:5]) for file in files] == [
        ("Programm März.pdf", "application/pdf", b"%PDF-")
    ]


def test_the_lines_above_are_read_in_any_charset(raw_mail):
    read = read_mail(open_mail(raw_mail("gmail-hungarian")))

    assert (read.sender, read.subject, read.message_id) == (
        "kovacs.agi@example.org",
        "Re: Ifjúsági csere",
        "CAHu1@mail.gmail.com",
    )
    assert read.attachments == list[Attached]()

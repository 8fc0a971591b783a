"""The mails of a local run are shown, and nothing else of the disk is."""

from email.message import EmailMessage

import pytest
from django.test import Client

from portal import mailbox

NAME = "00000000001700000000-000001.eml"


@pytest.fixture
def folder(tmp_path, settings, db):
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    settings.MAILBOX_DIR.mkdir()
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nsecret")
    return settings.MAILBOX_DIR


def keep(folder, name=NAME, subject="Ihr Code für Pécs", html="<b>123 456</b><script>alert(1)</script>"):
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["Date"] = subject, "anna@example.org", "Fri, 26 Mar 2027 10:00:00 +0100"
    mail.set_content("Der Code: 123 456 <script>")
    if html:
        mail.add_alternative(html, subtype="html")
    (folder / name).write_bytes(bytes(mail))


def test_mails_are_listed_newest_first(folder):
    keep(folder, "1.eml", "older")
    keep(folder, "2.eml", "newer")
    (folder / ".3.eml").write_text("half written")
    (folder / "notes.txt").write_text("no mail")

    assert [mail.subject for mail in mailbox.mails(folder)] == ["newer", "older"]
    html = Client().get("/mailbox/").content.decode()
    rows = html.partition('<ul class="rows">')[2].partition("</ul>")[0]
    assert rows.index("newer") < rows.index("older")
    assert "notes.txt" not in html


def test_an_empty_mailbox_says_so(folder):
    response = Client().get("/mailbox/", {"lang": "en"})

    assert "No mail yet" in response.content.decode()


def test_a_missing_folder_is_an_empty_mailbox(settings, tmp_path, db):
    settings.MAILBOX_DIR = tmp_path / "nothing"

    assert Client().get("/mailbox/").status_code == 200


def test_a_mail_is_shown_as_text(folder):
    keep(folder)

    html = Client().get(f"/mailbox/{NAME}/").content.decode()

    assert "Ihr Code für Pécs" in html
    assert "Der Code: 123 456 &lt;script&gt;" in html
    assert "alert(1)" not in html


def test_the_html_part_is_shown_in_a_sandbox(folder):
    keep(folder)

    response = Client().get(f"/mailbox/{NAME}/html/")

    assert "<b>123 456</b>" in response.content.decode()
    assert response["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
    )


def test_a_mail_without_date_or_html_is_shown(folder):
    (folder / NAME).write_bytes(b"Subject: bare\r\n\r\na\r\nb")

    mail = mailbox.mail(folder, NAME)

    assert (mail.subject, mail.to, mail.sent_at, mail.text, mail.html) == ("bare", "", None, "a\nb", "")
    assert Client().get(f"/mailbox/{NAME}/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "secret.eml",
        "../secret.eml",
        "..%2fsecret.eml",
        "%2e%2e/secret.eml",
        "....//secret.eml",
        "*",
        "x\x00.eml",
        "%2fetc%2fpasswd",
        "a" * 300,
    ],
)
def test_no_name_leads_out_of_the_folder(name, folder):
    keep(folder)

    assert mailbox.mail(folder, name) is None
    assert Client().get(f"/mailbox/{name}/").status_code == 404
    assert Client().get(f"/mailbox/{name}/html/").status_code == 404

"""Mails of people who mean no good, and of programs that know no better: refused or read, never a crash."""

import time
from base64 import encodebytes
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.incoming import Refused, cut, open_mail, read_mail, reply_address, why_ignored

PLAIN = "Content-Type: text/plain; charset=utf-8\n"


def mail(text="Yes.\n", head="", sender="From: Jana <jana@example.org>\n", kind=PLAIN):
    return f"{sender}Subject: Re: Exchange\nMIME-Version: 1.0\n{head}{kind}\n{text}".encode()


def read(raw):
    return read_mail(open_mail(raw))


def refusal(raw):
    with pytest.raises(Refused) as refused:
        read(raw)
    return refused.value.reason.value


def file_part(
    name="a.pdf", kind="application/pdf", content=b"%PDF-1.4", more="Content-Disposition: attachment"
):
    body = encodebytes(content).decode()
    return f'--B\nContent-Type: {kind}; name="{name}"\n{more}\nContent-Transfer-Encoding: base64\n\n{body}\n'


def mixed(*parts):
    return mail(
        "".join((f"--B\n{PLAIN}\nYes.\n", *parts, "--B--\n")),
        kind="Content-Type: multipart/mixed; boundary=B\n",
    )


def html(text):
    return read(mail(text, kind="Content-Type: text/html; charset=utf-8\n")).text


@pytest.mark.parametrize("raw", [b"", b"\n \r\n"])
def test_an_empty_mail_is_refused(raw):
    assert refusal(raw) == "empty"


def test_a_mail_over_25_megabytes_is_refused():
    assert refusal(mail("x" * (25 * 1024 * 1024))) == "too_large"


def test_a_mail_without_sender_is_refused():
    assert refusal(mail(sender="")) == "no_sender"


@pytest.mark.parametrize("sender", ["From: \n", "From: Jana\n", "From: <>\n", 'From: "jana@example.org"\n'])
def test_a_sender_without_address_is_refused(sender):
    assert refusal(mail(sender=sender)) == "no_sender"


@pytest.mark.parametrize(
    "sender",
    [
        "From: jana@example.org\nFrom: anna@example.org\n",
        "From: jana@example.org\nFrom: jana@example.org\n",
        "From: jana@example.org, anna@example.org\n",
        "From: anna@example.org <jana@example.org>\n",
        "From: <anna@example.org><jana@example.org>\n",
        "From: anna@example.org]<jana@example.org>\n",
    ],
)
def test_a_sender_that_may_be_two_is_refused(sender):
    assert refusal(mail(sender=sender)) == "several_senders"


@pytest.mark.parametrize(
    "sender",
    [
        "From: jana@example.org\n",
        "From: JANA@Example.org (Jana)\n",
        'From: "anna@example.org" <jana@example.org>\n',
        "From: Muster, Jana <jana@example.org>\n",
        "From: jana@example.org <jana@example.org>\n",
        "From: =?utf-8?q?anna=40example=2Eorg?=\n <jana@example.org>\n",
        "from : jana@example.org\n".replace(" :", ":"),
    ],
)
def test_one_sender_is_read_however_it_is_written(sender):
    assert read(mail(sender=sender)).sender == "jana@example.org"


def test_nothing_can_be_slipped_into_a_header_of_ours():
    raw = mail().replace(b"Re: Exchange", b"=?utf-8?q?Hi=0D=0ABcc=3A_all=40example=2Eorg=00?=")

    assert read(raw).subject == "Hi Bcc: all@example.org"


@pytest.mark.parametrize("field", ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_our_address_is_found_wherever_servers_leave_it(address, field):
    assert read(mail(head=f"{field}: Anna <{address}>\n")).recipients == [address]


def test_our_address_is_found_among_a_thousand(address):
    others = ",\n ".join(f"person{number}@example.org" for number in range(1000))

    assert read(mail(head=f"To: {others},\n {address.upper()}\nCc: {address}\n")).recipients == [address]


def test_the_envelope_may_know_more_than_the_mail(address):
    assert read_mail(open_mail(mail(head="To: all@example.org\n")), sent_to=[address]).recipients == [address]


def test_two_topics_at_once_are_both_told(address):
    other = reply_address(13, 34)

    assert read(mail(head=f"To: {address}, {other}\n")).recipients == [address, other]


def test_addresses_we_did_not_make_are_left_out():
    assert read(mail(head="To: reply+abcdefghijklmnopqrstuvwxyz234567@vipad.example\n")).recipients == []


@pytest.mark.parametrize(
    "charset,data,text",
    [
        ("x-unknown", "Grüße".encode(), "Grüße"),
        ("x-unknown", "Grüße".encode("latin-1"), "Grüße"),
        ("us-ascii", "Grüße".encode(), "Grüße"),
        ("iso-8859-1", "„Grüße“ 5 €".encode("windows-1252"), "„Grüße“ 5 €"),
        ("utf-8", b"Gr\xfc\xdfe", "Gr\ufffd\ufffde"),
        ("zip", b"Yes", "Yes"),
        ("hex", b"Yes", "Yes"),
        ("windows-1250", "Őszi".encode("windows-1250"), "Őszi"),
        ("KOI8-U", "їжак".encode("koi8-u"), "їжак"),
    ],
)
def test_faults_of_charsets_are_forgiven(charset, data, text):
    raw = mail("TEXT", kind=f'Content-Type: text/plain; charset="{charset}"\n').replace(b"TEXT", data)

    assert read(raw).text == text


def test_letters_no_database_takes_are_left_out():
    assert read(mail("Y\0e\x07s\x1b[31m.\u2028")).text == "Yes[31m."


def test_a_faulty_encoding_does_not_lose_the_rest():
    raw = mail("=C3=BC =ZZ =\n", head="Content-Transfer-Encoding: quoted-printable\n")

    assert read(raw).text.startswith("ü =ZZ")


def test_lines_broken_by_the_mail_program_are_put_together():
    raw = mail("one \ntwo\n\nthree\n> old \n> news\n-- \nJana", kind=PLAIN.strip() + "; format=flowed\n")

    assert read(raw).text == "one two\n\nthree\n> old\n> news\n-- \nJana"


def test_long_texts_are_shortened_and_it_is_said():
    long, short = read(mail("x" * 60_000)), read(mail("x" * 50_000))

    assert (len(long.text), long.is_shortened, len(short.text), short.is_shortened) == (
        50_000,
        True,
        50_000,
        False,
    )


def test_ten_files_are_taken_and_the_others_counted():
    incoming = read(mixed(*(file_part(f"{number}.pdf") for number in range(13))))

    assert [file.name for file in incoming.attachments] == [f"{number}.pdf" for number in range(10)]
    assert incoming.attachments_left_out == 3


@pytest.mark.parametrize(
    "name,expected",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\jana\\\\plan.pdf", "plan.pdf"),
        ("..", "attachment"),
        ("", "attachment"),
        ("=?utf-8?q?Pl=C3=A4ne=0D=0Ax.pdf?=", "Pläne x.pdf"),
        ("a" * 300 + ".pdf", "a" * 100 + ".pdf"),
        ("Pla\u0308ne.pdf", "Pläne.pdf"),
    ],
)
def test_names_of_files_are_only_names(name, expected):
    assert [file.name for file in read(mixed(file_part(name))).attachments] == [expected]


def test_signatures_of_programs_and_logos_are_no_files():
    logo = file_part("image001.png", "image/png", b"\x89PNG" + b"x" * 500, "Content-ID: <image001.png@01D9>")
    photo = file_part(
        "image002.png", "image/png", b"\x89PNG" + b"x" * 20_000, "Content-ID: <image002.png@01D9>"
    )
    seal = file_part("smime.p7s", "application/pkcs7-signature", b"x")

    assert [file.name for file in read(mixed(logo, photo, seal)).attachments] == ["image002.png"]


def test_a_text_sent_as_a_file_is_a_file():
    text = file_part("list.txt", "text/plain", b"Anna\n")
    incoming = read(mixed(text))

    assert (incoming.text, [file.content for file in incoming.attachments]) == ("Yes.", [b"Anna\n"])


def test_a_mail_sent_along_is_not_taken_for_the_text():
    raw = mixed("--B\nContent-Type: message/rfc822\n\nFrom: anna@example.org\n\nSecret\n")

    assert (read(raw).text, read(raw).attachments) == ("Yes.", [])


def test_html_becomes_paragraphs_lists_and_addresses():
    text = "<p>Hello  <b>all</b></p><ul><li>one</li><li>two</li></ul><p>see <a href='https://a.example/x'>here</a></p>"

    assert html(text) == "Hello all\n\n- one\n- two\n\nsee here <https://a.example/x>"


def test_nothing_of_html_that_runs_or_hides_remains():
    text = "<style>p{}</style><script>alert(1)</script><p onclick=x>Yes<a href='javascript:x()'>!</a></p>"

    assert html(text) == "Yes!"


def test_a_signature_in_html_goes_unless_it_is_all_there_is():
    signature = '<div class="gmail_signature">Jana</div>'

    assert [html(f"<p>Yes.</p>{signature}"), html(signature)] == ["Yes.", "Jana"]


def test_an_answer_below_a_quote_in_html_is_found():
    text = "<div>On 25 Mar 2027, at 10:12, Anna wrote:</div><blockquote><p>Who?</p><p>Anna</p></blockquote><p>We.</p>"

    assert cut(html(text)) == "We."


@pytest.mark.parametrize(
    "broken", ["<![foo[x]]>", "<!-- ", "<a <b <c", "</p></p>", "&#xFFFFFFF;", "<p" * 1000]
)
def test_broken_html_does_not_lose_what_stands_above(broken):
    assert html(f"<p>Yes.</p>{broken}").startswith("Yes.")


@pytest.mark.parametrize(
    "unit",
    [
        "<!--",
        "<![",
        "<a ",
        "<div>",
        "<blockquote>x",
        "</div>",
        "<b><i></a>",
        "&",
        "<a href=x>",
        "<!",
        "<p x='",
    ],
)
def test_no_html_takes_long(unit):
    raw = mail(unit * 200_000, kind="Content-Type: text/html\n")
    started = time.process_time()

    read(raw)

    assert time.process_time() - started < 10


def test_parts_nested_without_end_are_refused():
    raw = mail("".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(5000)))

    assert refusal(raw) == "unreadable"


def test_mails_inside_mails_do_no_harm():
    raw = mail("Content-Type: message/rfc822\n\n" * 5000, kind="Content-Type: message/rfc822\n")

    assert refusal(raw) == "unreadable"


@pytest.mark.parametrize("head", ["X: " + "y" * 300_000 + "\n", "X: y\n" * 100_000])
def test_heads_without_end_are_refused(head):
    assert refusal(mail(head=head)) == "unreadable"


@pytest.mark.parametrize("mark", ['"', "(", "<", '"\\', "a@", "=?utf-8?q?", ",", "\\"])
def test_no_line_above_takes_long(mark):
    raw = mail(sender="From: " + mark * 20_000 + " <jana@example.org>\n", head="To: " + mark * 20_000 + "\n")
    started = time.process_time()

    with suppress(Refused):
        read(raw)

    assert time.process_time() - started < 2


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(head, body):
    raw = (
        b"From: jana@example.org\nContent-Type: " + head + b"\nContent-Disposition: " + head + b"\n\n" + body
    )

    try:
        opened = open_mail(raw)
        why_ignored(opened)
        incoming = read_mail(opened)
    except Refused:
        return

    assert "\0" not in incoming.text + incoming.subject + incoming.sender


@pytest.mark.parametrize(
    "head,reason",
    [
        ("Auto-Submitted: auto-replied (vacation)\n", "automatic"),
        ("auto-submitted: AUTO-GENERATED; x=y\n", "automatic"),
        ("X-Auto-Response-Suppress: OOF, AutoReply\n", "automatic"),
        ("X-Autoreply: yes\n", "automatic"),
        ("X-Autorespond: Re\n", "automatic"),
        ("Precedence: bulk\n", "list"),
        ("Precedence: Junk\n", "list"),
        ("Precedence: auto_reply\n", "list"),
        ("List-Id: <a.example.org>\n", "list"),
        ("Return-Path: <>\n", "report"),
        ("X-Failed-Recipients: a@example.org\n", "report"),
        ("Auto-Submitted: no\n", None),
        ("X-Auto-Response-Suppress: None\n", None),
        ("Precedence: normal\n", None),
        ("Return-Path: <jana@example.org>\n", None),
        ("Message-ID: <1@vipad.example>\n", None),
    ],
)
def test_automatic_mails_are_known_by_their_lines(head, reason):
    assert why_ignored(open_mail(mail(head=head))) == reason


@pytest.mark.parametrize(
    "sender,reason",
    [
        ("MAILER-DAEMON@example.org", "robot"),
        ("Postmaster <postmaster@example.org>", "robot"),
        ("no-reply@example.org", "robot"),
        ("noreply+12@example.org", "robot"),
        ("do_not_reply@example.org", "robot"),
        ("notices@vipad.example", "loop"),
        ("bounces+12-abcdef0123456789@vipad.example", "loop"),
        ("noreplica@example.org", None),
        ("post@example.org", None),
        ("jana@vipad.example", None),
    ],
)
def test_senders_that_are_no_people_are_known(sender, reason):
    assert why_ignored(open_mail(mail(sender=f"From: {sender}\n"))) == reason


def test_a_mail_from_a_reply_address_is_a_loop(address):
    assert why_ignored(open_mail(mail(sender=f"From: {address}\n"))) == "loop"


@pytest.mark.parametrize(
    "subject",
    ["Out of office: x", "Abwesenheitsnotiz: x", "Automatikus válasz: x", "Răspuns automat: x",
     "Automatická odpověď: x",
     "Automatski odgovor: x", "Samodejni odgovor: x", "Аутоматски одговор: x", "Автоматичен отговор: x",
     "Автоматична відповідь: x"],
)  # fmt: skip
def test_a_subject_about_absence_counts_only_with_a_line_beside_it(subject):
    alone = mail().replace(b"Re: Exchange", subject.encode())
    beside = alone.replace(b"Subject:", b"X-MS-Exchange-Inbox-Rules-Loop: a@example.org\nSubject:")

    assert [why_ignored(open_mail(alone)), why_ignored(open_mail(beside))] == [None, "vacation"]

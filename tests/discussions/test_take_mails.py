"""Fetching answers from a mailbox, against a server that speaks as much IMAP as is asked of it."""

import os
import re
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from discussions.management.commands import take_mails


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, rest = line.decode().strip().partition(" ")
            self.answer(tag, rest)
            if rest.upper() == "LOGOUT":
                return

    def answer(self, tag: str, rest: str) -> None:
        server: Any = self.server
        word = rest.split()[0].upper()
        said, result = b"", "OK"
        if word == "CAPABILITY":
            said = b"* CAPABILITY IMAP4REV1\r\n"
        elif word == "LOGIN":
            server.logins.append(rest)
            result = "OK" if "p@ss" in rest else "NO"
        elif word == "SELECT":
            server.folders.append(rest)
            said = f"* {len(server.mails)} EXISTS\r\n".encode()
        elif word == "SEARCH":
            unread = [str(number) for number in sorted(server.mails) if number not in server.seen]
            said = ("* SEARCH " + " ".join(unread)).rstrip().encode() + b"\r\n"
        elif word == "FETCH":
            number = int(rest.split()[1])
            raw = server.mails[number]
            said = f"* {number} FETCH (BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        elif word == "STORE":
            number = re.match(r"STORE (\d+) \+FLAGS \(\\Seen\)", rest)
            assert number is not None
            server.seen.append(int(number[1]))
        elif word == "LOGOUT":
            said = b"* BYE\r\n"
        self.wfile.write(said + f"{tag} {result} done\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: dict[int, bytes] = {}
        self.seen: list[int] = []
        self.logins: list[str] = []
        self.folders: list[str] = []


@pytest.fixture
def server(settings: Any) -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.REPLY_IMAP_URL = f"imap://reply%40vipad:p%40ss@127.0.0.1:{server.server_address[1]}/Answers"
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    taken: list[bytes] = []

    def take(raw: bytes) -> int:
        taken.append(raw)
        return os.EX_TEMPFAIL if b"later" in raw else os.EX_OK

    monkeypatch.setattr(take_mails, "take", take)
    return taken


def run() -> int:
    with pytest.raises(SystemExit) as ended:
        call_command("take_mails")
    return int(ended.value.code or 0)


def test_unread_mails_are_taken_and_marked(server: _Server, taken: list[bytes]) -> None:
    server.mails = {1: b"old", 2: b"From: a@example.org\r\n\r\nEins", 3: b"Zwei"}
    server.seen = [1]

    code = run()

    assert code == os.EX_OK
    assert taken == [b"From: a@example.org\r\n\r\nEins", b"Zwei"]
    assert server.seen == [1, 2, 3]
    assert server.folders == ['SELECT "Answers"']


def test_a_mail_that_has_to_wait_stays_unread(server: _Server, taken: list[bytes]) -> None:
    server.mails = {1: b"Eins", 2: b"later", 3: b"Drei"}

    code = run()

    assert code == os.EX_TEMPFAIL
    assert server.seen == [1]


def test_an_empty_mailbox_is_fine(server: _Server, taken: list[bytes]) -> None:
    assert run() == os.EX_OK
    assert taken == []


def test_a_wrong_password_is_no_crash(server: _Server, taken: list[bytes], settings: Any) -> None:
    settings.REPLY_IMAP_URL = settings.REPLY_IMAP_URL.replace("p%40ss", "wrong")

    assert run() == os.EX_TEMPFAIL


def test_a_mailbox_that_is_away_is_no_crash(taken: list[bytes], settings: Any) -> None:
    settings.REPLY_IMAP_URL = "imap://reply:p@127.0.0.1:9/INBOX"

    assert run() == os.EX_TEMPFAIL


def test_without_an_address_it_says_what_is_missing(settings: Any) -> None:
    settings.REPLY_IMAP_URL = ""

    with pytest.raises(CommandError, match="REPLY_IMAP_URL"):
        call_command("take_mails")

import copy

import pytest
from django.core.mail.backends import locmem

from notifications import kinds

TEMPLATES = {
    "subject.txt": "{% autoescape off %}{{ title }}{% endautoescape %}\n",
    "txt": "{% extends 'email/base.txt' %}{% load tz %}{% block content %}{{ title }} {{ notice.bell_at|date:'H:i e' }}"
    "{% endblock %}{% block reason %}Because of a test.{% endblock %}",
    "html": "{% extends 'email/base.html' %}{% block content %}<p>{{ title }}</p>{% endblock %}",
}


@pytest.fixture
def told(monkeypatch, settings, tmp_path):
    """A kind of notice that is about anything; its attributes say how it behaves."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))

    class Told(kinds.Kind):
        name = "test_notice"
        title = "Test notice"
        shown = "Über Győr"
        wanted = True
        unwanted = ()  # numbers of what a notice is about
        asked = 0

        def still_wanted(self, notice, *, now):
            Told.asked += 1
            return notice.about_id not in Told.unwanted and Told.wanted

        def context(self, notice):
            return {"title": Told.shown + (f" {notice.about_id}" if notice.about_id else "")}

        def path(self, notice):
            return "/there/"

    folder = tmp_path / "email"
    folder.mkdir()
    for ending, text in TEMPLATES.items():
        (folder / f"test_notice.{ending}").write_text(text)
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [tmp_path, *templates[0]["DIRS"]]
    settings.TEMPLATES = templates
    return Told


class MailServer(list):
    """Faults it answers with; empty means it works. `after` is raised when it has taken a mail."""

    after: BaseException | None = None

    def __init__(self):
        super().__init__()
        self.messages = []


@pytest.fixture
def broken(monkeypatch):
    """A mail server that answers as told."""
    server = MailServer()
    send = locmem.EmailBackend.send_messages

    def send_or_fail(self, messages):
        server.messages += [message.extra_headers["Message-ID"] for message in messages]
        if server:
            raise server[0]
        sent = send(self, messages)
        if server.after:
            raise server.after
        return sent

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_or_fail)
    return server


@pytest.fixture
def scopes(monkeypatch):
    """Everybody is in one group and the partner in two."""
    from notifications import scopes as registry

    monkeypatch.setattr(registry, "_families", {})
    registry.register_scopes(
        "group",
        title="Groups",
        of=lambda person: [
            ("group:5", "Danube choirs"),
            *([("group:6", "Secret plans")] if person.time_zone == "Europe/Bucharest" else []),
        ],
    )

import copy

import pytest

from notifications import kinds

TEMPLATES = {
    "subject.txt": "{% autoescape off %}{{ title }}{% endautoescape %}\n",
    "txt": "{% load tz %}{{ title }} {{ notice.due_at|date:'H:i e' }} {{ link }}",
    "html": "<html lang='{{ language }}'><head><style>p { color: red }</style></head>"
    "<body><p>{{ title }}</p></body></html>",
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
        asked = 0

        def still_wanted(self, notice, *, now):
            Told.asked += 1
            return Told.wanted

        def context(self, notice):
            return {"title": Told.shown}

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

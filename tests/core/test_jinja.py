"""Jinja2 templates escape, translate and tell the time as Django's do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from jinja2 import UndefinedError

from core.jinja import address, clock


def written(source: str, **context: object) -> str:
    return engines["jinja"].from_string(source).render(context)


def test_what_people_typed_is_escaped():
    assert written("<b>{{ name }}</b>", name="<script>") == "<b>&lt;script&gt;</b>"
    assert written('{{ "by %(name)s"|format(name=name) }}', name="<i>") == "by &lt;i&gt;"


def test_html_of_ours_is_not():
    assert written("{{ html }}", html=mark_safe("<p>Ja</p>")) == "<p>Ja</p>"


def test_a_forgotten_variable_is_an_error():
    with pytest.raises(UndefinedError):
        written("{{ nmae }}")


def test_words_are_those_of_the_reader():
    with translation.override("de"):
        assert written('{{ _("by %(name)s")|format(name="Anna") }}') == "von Anna"
        assert (
            written('{{ ngettext("%(number)s post", "%(number)s posts", 2)|format(number=2) }}')
            == "2 Beiträge"
        )
        assert written('{{ pgettext("verb", "Quote") }}') == "Zitieren"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["DATETIME_FORMAT", "SHORT_DATETIME_FORMAT", "DATE_FORMAT"])
def test_the_clock_writes_as_django_does(language: str, kind: str):
    moments = [datetime(2031, 3, 30, hour, 59, tzinfo=UTC) for hour in (0, 1, 12, 23)]
    with translation.override(language), timezone.override(ZoneInfo("Europe/Kyiv")):
        words = clock(kind)
        assert [words(at) for at in moments] == [date_format(timezone.localtime(at), kind) for at in moments]


def test_addresses_are_those_of_the_urlconf():
    assert address("discussions:topic", "abc")(7) == "/groups/abc/7/"
    assert written('{{ url("discussions:topic", "abc", 7) }}') == "/groups/abc/7/"


@pytest.mark.django_db
def test_the_tag_hands_over_only_what_is_named():
    page = engines["django"].from_string(
        '{% load jinja %}{% jinja "components/footer.jinja" shows_demo=False %}'
    )

    html = page.render({"shows_demo": True}, RequestFactory().get("/"))

    assert "<footer" in html
    assert "muted" not in html

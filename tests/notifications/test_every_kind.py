"""Every mail we can send, in every language of its readers: found by the registry, made from its own example."""

import html
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from notifications.examples import example_of, languages_of
from notifications.kinds import Kind, all_kinds
from notifications.mails import message, message_of_several, part_of
from notifications.models import Notice, Pace
from tests.architecture.layers import CHECKOUT

pytestmark = pytest.mark.django_db

_LEFT_OVER = re.compile(r"%\(|\{\{|\{%|\bNone\b|\}\}|%\}|\bTrue\b|\bFalse\b|object at 0x")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d+|#x[0-9a-f]+);")
_WORD = re.compile(r"\w{4,}")


def has_catalogue(language: str) -> bool:
    language, _, script = language.partition("-")
    return (CHECKOUT / "locale" / (f"{language}_{script.title()}" if script else language)).is_dir()


def every_mail() -> Iterator[tuple[Kind, str]]:
    for told in all_kinds():
        for language, _ in languages_of(told):
            if has_catalogue(language):
                yield told, language


EVERY_MAIL = pytest.mark.parametrize(
    ("told", "language"), [pytest.param(*one, id=f"{one[0].name}-{one[1]}") for one in every_mail()]
)


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()


def mail_of(told: Kind, language: str, now) -> tuple[EmailMultiAlternatives, str]:
    """The mail, and the address of the page it leads to."""
    with example_of(told, language=language, now=now) as notice:
        return message(notice), settings.SITE_URL + told.path(notice)


def text_of(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(style|title).*?</\1>", "", markup)))


def test_there_are_mails_in_two_languages_at_least():
    assert {language for _, language in every_mail()} >= {"de", "en"}


@EVERY_MAIL
def test_the_subject_is_one_line(told, language, now):
    mail, _ = mail_of(told, language, now)

    assert mail.subject.strip() == mail.subject
    assert 8 <= len(mail.subject) <= 150
    assert "\n" not in mail.subject
    assert not mail.subject.startswith("ViPaD")  # with the matter, not with the platform


@EVERY_MAIL
def test_the_text_reads_alone(told, language, now):
    mail, address = mail_of(told, language, now)
    content, mark, foot = mail.body.partition("\n-- \n")

    words = set(_WORD.findall(mail.subject.lower()))
    assert mark, "the foot begins with its mark, so that answers leave it out"
    assert words & set(_WORD.findall(content.lower())), "the text says what the subject is about"
    assert len(content.split()) > 10
    assert address in content
    assert len(foot.splitlines()[0]) > 10, "the foot says why the mail came"
    assert "/imprint/" in foot
    assert "/privacy/" in foot
    assert max(map(len, mail.body.splitlines())) < 998


@EVERY_MAIL
def test_nothing_is_left_over_from_a_template(told, language, now):
    mail, _ = mail_of(told, language, now)
    both = (mail.subject, mail.body, text_of(mail.alternatives[0].content))

    assert [_LEFT_OVER.findall(text) for text in both] == [[], [], []]
    assert _ENTITY.findall(mail.subject + mail.body) == []
    assert "\n\n\n\n" not in mail.body


@EVERY_MAIL
def test_the_html_says_the_same_in_the_same_language(told, language, now):
    mail, address = mail_of(told, language, now)
    markup = mail.alternatives[0].content

    assert re.search(r"<html[^>]*\blang=\"([^\"]+)\"", markup)[1] == language
    assert mail.extra_headers["Content-Language"] == language
    assert f'href="{html.escape(address)}"' in markup
    assert len(re.findall(r"<h1\b", markup)) == 1
    assert "<style" not in markup
    assert not re.search(r"<(?:img|script|link|iframe|form)\b", markup)
    words = {word for word in _WORD.findall(mail.body.lower()) if "/" not in word}
    shown = set(_WORD.findall(text_of(markup).lower()))
    assert len(words & shown) / len(words) > 0.6


@EVERY_MAIL
def test_the_reader_can_end_it_or_has_asked_for_it(told, language, now):
    mail, _ = mail_of(told, language, now)

    can_end = "List-Unsubscribe" in mail.extra_headers
    assert can_end or told.essential
    assert can_end == ("List-Unsubscribe-Post" in mail.extra_headers)
    assert "/notices/settings/" in mail.body or "/notices/unsubscribe/" in mail.body
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


@EVERY_MAIL
def test_two_of_it_in_one_mail_read_as_well(told, language, now):
    with example_of(told, language=language, now=now) as notice:
        parts = [part_of(notice), part_of(notice)]
        mail = message_of_several(parts, pace=Pace.DAILY if notice.recipient else Pace.NOW)

    markup = mail.alternatives[0].content
    assert mail.body.count("\n-- \n") == 1
    assert mail.body.count(parts[0].text) == 2
    assert [len(re.findall(rf"<{tag}\b", markup)) for tag in ("html", "body", "h1", "h2")] == [1, 1, 1, 2]
    assert _LEFT_OVER.findall(mail.subject + mail.body) == []


@EVERY_MAIL
def test_an_example_leaves_nothing_behind(told, language, now):
    before = Notice.objects.count()

    mail_of(told, language, now)

    assert Notice.objects.count() == before

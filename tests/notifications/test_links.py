"""Links that only a reader's own mail holds."""

from datetime import timedelta

import pytest
import time_machine

from notifications.links import mail_link, read_mail_link
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

PURPOSES = ("settings", "unsubscribe")


def token(purpose, person, **more):
    email = person.email if person else "guest@example.org"
    link = mail_link(purpose, person=person, email=email, language="hu", **more)
    return link.rpartition("?")[0].rstrip("/").rpartition("/")[2] or link.rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_it_holds_who_and_what_and_nothing_readable(purpose, partner, settings):
    link = mail_link(
        purpose, person=partner, email=partner.email, language="", kind="new_post", scope="group:5"
    )
    read = read_mail_link(purpose, token(purpose, partner, kind="new_post", scope="group:5"))

    assert (read.person, read.kind, read.scope) == (partner, "new_post", "group:5")
    assert link.startswith(settings.SITE_URL)
    assert partner.email not in link


def test_a_guest_takes_the_language_along():
    assert mail_link("unsubscribe", person=None, email="a@b.example", language="hu").endswith("/?lang=hu")


def test_each_opens_one_thing_only(partner):
    assert read_mail_link("settings", token("unsubscribe", partner)) is None
    assert read_mail_link("unsubscribe", token("settings", partner)) is None


@pytest.mark.parametrize("end", [".", ")", ">", '"', ",", "!"])
def test_marks_a_mail_program_takes_along_are_forgiven(partner, end):
    assert read_mail_link("settings", token("settings", partner) + end).person == partner


@pytest.mark.parametrize("purpose", PURPOSES)
def test_nothing_else_opens_anything(partner, purpose):
    good = token(purpose, partner, kind="x")
    wrong = [
        good[:-1],
        good[1:],
        good.replace("p", "q", 1),
        good + "a",
        "",
        "a" * 400,
        "~" * 30,
        "é" * 30,
        "a.b.c",
    ]

    assert [read_mail_link(purpose, text) for text in wrong] == [None] * len(wrong)


@pytest.mark.parametrize("change", ["address", "inactive", "gone"])
def test_it_is_void_when_the_reader_moves_or_goes(partner, change):
    links = {purpose: token(purpose, partner) for purpose in PURPOSES}
    if change == "gone":
        partner.delete()
    else:
        partner.email = "new@example.org" if change == "address" else partner.email
        partner.is_active = change != "inactive"
        partner.save()

    assert [read_mail_link(purpose, link) for purpose, link in links.items()] == [None, None]


def test_mails_can_be_ended_from_the_oldest_one_but_more_of_them_take_a_newer_one(partner, now):
    with time_machine.travel(now, tick=False):
        links = {purpose: token(purpose, partner) for purpose in PURPOSES}
    with time_machine.travel(now + timedelta(days=366), tick=False):
        opens = {purpose: read_mail_link(purpose, link) is not None for purpose, link in links.items()}

    assert opens == {"settings": False, "unsubscribe": True}


def test_another_person_has_another_link(partner):
    assert token("settings", partner) != token("settings", UserFactory())

"""J9 as people see it: a closed group from the invitation to the translated answer, in the browser and the mailbox."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group as Rights
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.models import SpokenLanguage, User
from directory.operating import OperatingRole
from discussions.choices import Belonging
from discussions.models import Attachment, Group, Membership, Post, Topic
from tests.browser.group_replies import IPHONE, answer_to, take
from tests.browser.mailbox import Mailbox
from tests.browser.walking import go_on, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory
from tests.factories.uploads import picture

Check = Callable[[Page], None]
Deliver = Callable[..., int]
BrowserOf = Callable[..., Page]
WITHOUT_ACCOUNT = "olena@baja.example"
TITLE = "Wer kennt eine Herberge am Donauufer?"
TEXT = "Liebe Runde,\n\nwir suchen **40 Betten** für die Jugendlichen.\n\n- im Juli\n- nah am Fluss\n\nWer hilft?"
WORDS = "Kedves Karin,\n\na bajai Sugovica-parton van egy szálló, 60 ággyal."
SECRETS = ("Donauufer", "40 Betten", "60 Betten", "ággyal", "Sugovica", "Jugendbegegnung", "Herberge.jpg")


@pytest.fixture(autouse=True)
def _places(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REPLY_ADDRESS = "reply@vipad.example"


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    people = {
        "coach": UserFactory(email="coach@vipad.example", display_name="Coach Kraft", language="de"),
        "karin": UserFactory(email="karin@ulm.example", display_name="Karin Amt", language="de"),
        "ildiko": UserFactory(email="ildiko@baja.example", display_name="Ildikó Példa", language="hu"),
        "outsider": UserFactory(email="otto@fremd.example", display_name="Otto Fremd", language="de"),
    }
    people["coach"].groups.add(Rights.objects.get_or_create(name=OperatingRole.COACH)[0])
    SpokenLanguage.objects.create(person=people["ildiko"], language="hu", level=SpokenLanguage.Level.NATIVE)
    return people


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """With the place where it was taken, as a telephone writes it."""
    exif = Image.Exif()
    exif[0x010F] = "Maker of telephones"
    exif.get_ifd(0x8825)[2] = (48.0, 24.0, 0.0)
    exif.get_ifd(0x8825)[4] = (9.0, 59.0, 0.0)
    path = tmp_path / "Herberge.jpg"
    path.write_bytes(picture("JPEG", (900, 600), exif=exif))
    assert b"Exif" in path.read_bytes()
    return path


def in_a_while() -> Any:
    """New posts wait ten minutes for each other."""
    return timezone.now() + timedelta(minutes=11)


def unread(page: Page, site: str, name: str) -> list[str]:
    """What the list of groups says is new in it."""
    page.goto(site + "/groups/")
    row = page.locator("#own ~ .rows .row", has_text=name)
    expect(row).to_have_count(1)
    return row.locator(".row__side").all_inner_texts()


def link_of(mailbox: Mailbox, address: str, part: str) -> str:
    return next(link for link in mailbox.to(address).links() if part in link)


def invited_group(page: Page, site: str, check: Check, emails: list[str]) -> Group:
    """The coach makes the group and invites, in the browser."""
    page.goto(site + "/groups/")
    page.locator("main a[href='/groups/new/']").click()
    page.fill("[name=name]", "Jugendbegegnung 2027")
    page.fill("[name=purpose]", "Wir planen zusammen die Jugendbegegnung.")
    page.fill("[name=rules]", "Wir duzen uns.")
    page.locator("[name=languages][value=hu]").check()
    check(page)
    go_on(page)
    page.wait_for_url("**/people/invite/")
    page.fill("[name=addresses]", "\n".join(emails))
    check(page)
    go_on(page)
    expect(page.locator(".group-addresses li")).to_have_count(len(emails))
    assert not Membership.objects.filter(state=Belonging.INVITED).exists()  # only looked at
    check(page)
    go_on(page)
    page.wait_for_url("**/people/")
    check(page)
    return Group.objects.get()


def ask_with_photo(page: Page, site: str, group: Group, photo: Path, check: Check) -> Topic:
    page.goto(site + group.get_absolute_url())
    page.locator("main a[href$='/new/']").click()
    page.fill("[name=title]", TITLE)
    page.fill("[name=text]", TEXT)
    page.set_input_files("[name=files]", photo)
    check(page)
    page.locator("button[name=send]").click()
    page.wait_for_url(f"**/groups/{group.slug}/*/")
    expect(page.locator(".post")).to_have_count(1)
    expect(page.locator(".post__picture img")).to_have_js_property("complete", True)
    assert page.locator(".post__picture img").evaluate("(picture) => picture.naturalWidth") > 0
    check(page)
    return Topic.objects.get()


def test_a_closed_group_from_the_invitation_to_the_frequent_question(
    people: dict[str, User],
    photo: Path,
    browser_of: BrowserOf,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    assert_accessible: Check,
    provoked: set[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = live_server.url
    coach = browser_of(people["coach"])

    # 1 The coach makes the group and invites three: two have an account
    invited = [people["karin"].email, people["ildiko"].email, WITHOUT_ACCOUNT]
    group = invited_group(coach, site, assert_accessible, invited)
    assert deliver() == 3
    assert mailbox.to(people["ildiko"].email).language == "hu"

    # 2 The chair accepts from the mail: signed out it leads to the sign-in page, then to the invitation
    karin = browser_of(None, viewport={"width": 360, "height": 800})
    karin.goto(link_of(mailbox, people["karin"].email, group.slug))
    karin.fill("[name=login]", people["karin"].email)
    karin.fill("[name=password]", "correct horse")
    karin.locator("form:has([name=password]) button").first.click()
    karin.wait_for_url("**/join/*")
    expect(karin.locator("main")).to_contain_text("Wir duzen uns.")
    assert_accessible(karin)
    go_on(karin)
    karin.wait_for_url(f"**/groups/{group.slug}/")
    ildiko = browser_of(people["ildiko"], language="en")
    ildiko.goto(link_of(mailbox, people["ildiko"].email, group.slug))
    go_on(ildiko)
    # Who has no account sees an invitation, and nothing of what is written
    olena = browser_of(None, viewport={"width": 360, "height": 800})
    olena.goto(link_of(mailbox, WITHOUT_ACCOUNT, "/invitation/"))
    assert_accessible(olena)
    expect(olena.locator("main")).to_contain_text("Jugendbegegnung 2027")

    # 3 She asks, with a photo; nothing says any more where it was taken
    topic = ask_with_photo(karin, site, group, photo, assert_accessible)
    row = Attachment.objects.get()
    for place in ("", "small/"):
        served = ildiko.request.get(f"{site}/groups/files/{row.pk}/{place}").body()
        assert dict(Image.open(io.BytesIO(served)).getexif()) == {}
        assert b"Maker" not in served
    assert unread(coach, site, group.name) != []
    assert unread(ildiko, site, group.name) != []
    assert unread(karin, site, group.name) == []

    # 4 The others have its whole text in their mail; who asked, and who has not accepted, get none
    mailbox.empty()
    assert deliver(in_a_while()) == 2
    received = mailbox.to(people["ildiko"].email, subject=TITLE)
    for part in ("Liebe Runde,", "40 Betten", "im Juli", "nah am Fluss", "Wer hilft?", "Herberge.jpg"):
        assert part in received.text
    assert "<strong>40 Betten</strong>" in received.html
    assert "Wer hilft?" in mailbox.to(people["coach"].email).text
    assert {mail.to for mail in mailbox.all()} == {people["ildiko"].email, people["coach"].email}

    # 5 The partner officer answers from her mailbox: it stands there once, without what she quoted
    reply = answer_to(received, sender="Ildikó Példa <ildiko@baja.example>", words=WORDS)
    assert [take(reply, monkeypatch), take(reply, monkeypatch)] == [os.EX_OK, os.EX_OK]
    karin.goto(site + topic.get_absolute_url())
    expect(karin.locator(".post")).to_have_count(2)
    expect(karin.locator("#post-2")).to_contain_text("60 ággyal")
    assert karin.locator("#post-2 .post__text").inner_text() == WORDS
    assert Post.objects.get(number=2).author == people["ildiko"]
    assert_accessible(karin)

    # From another address it is refused, and the sender is told why
    mailbox.empty()
    stranger = answer_to(
        received, sender="Fremd <fremd@elsewhere.example>", words="Ich auch!", program=IPHONE
    )
    assert take(stranger, monkeypatch) == os.EX_OK
    told = mailbox.to("fremd@elsewhere.example")
    assert len(told.text) > 80
    assert not any(secret in told.text + told.subject for secret in SECRETS)
    assert topic.posts.count() == 2

    # 6 The coach marks the answer, pins the topic and puts it among the frequent questions
    assert unread(coach, site, group.name) != []
    coach.locator(".rows a", has_text=group.name).click()
    expect(coach.locator(".topic-row .unread")).to_contain_text("2")
    coach.locator(".topic-row .unread").click()
    coach.locator("#post-2 button[name=what][value=answered]").click()
    expect(coach.locator("#post-2.post--answer")).to_have_count(1)
    coach.locator(".thread-settle button[value=pin]").click()
    expect(coach.locator(".thread-settle button[value=unpin]")).to_have_count(1)
    coach.locator(".thread-settle button[value=faq]").click()
    expect(coach.locator(".thread-settle button[value=not_faq]")).to_have_count(1)
    assert_accessible(coach)
    topic.refresh_from_db()
    assert (topic.is_pinned, topic.is_faq, topic.needs_answer) == (True, True, False)
    assert topic.answer == Post.objects.get(number=2)
    # What each has read is their own; an answer by mail counts as read by its writer
    counters = {page: unread(page, site, group.name) for page in (coach, karin, ildiko)}
    assert list(counters.values()) == [[], [], []]

    # 7 The partner officer writes it in Hungarian; who reads Hungarian sees that first, with her name
    _answer_again_in_german(karin, site, topic)
    _translated(ildiko, site, topic, assert_accessible)
    reader = UserFactory(email="bela@baja.example", display_name="Béla Olvasó", language="hu")
    SpokenLanguage.objects.create(person=reader, language="hu", level=SpokenLanguage.Level.NATIVE)
    MembershipFactory(group=group, person=reader)
    _read_in_hungarian(browser_of(reader, language="en"), site, topic, assert_accessible)

    # 8 Outside there is nothing
    _outside(browser_of(people["outsider"]), browser_of(None), site, topic, row, provoked)
    _nothing_for_invited(olena, site, topic)


def _answer_again_in_german(page: Page, site: str, topic: Topic) -> None:
    page.goto(site + topic.get_absolute_url())
    page.fill("#composer [name=text]", "Für alle: In Baja gibt es ein Haus mit **60 Betten**.")
    page.select_option("#composer [name=language]", "de")
    page.locator("#composer button[name=send]").click()
    expect(page.locator("#post-3")).to_be_visible()
    page.locator("#post-3 button[name=what][value=answered]").click()
    expect(page.locator("#post-3.post--answer")).to_have_count(1)


def _translated(page: Page, site: str, topic: Topic, check: Check) -> None:
    page.goto(site + topic.get_absolute_url())
    page.locator("#post-3 a[href$='/translate/']").click()
    check(page)
    page.locator("main a[href$='/translate/hu/']").click()
    check(page)
    page.fill("main [name=text]", "Mindenkinek: Baján van egy ház **60 ággyal**.")
    go_on(page)
    page.wait_for_url("**#post-3")


def _read_in_hungarian(page: Page, site: str, topic: Topic, check: Check) -> None:
    page.goto(site + topic.get_absolute_url())
    first = page.locator("#post-3 .post__text").first
    expect(first).to_be_visible()
    expect(first).to_have_attribute("lang", "hu")
    expect(first.locator("strong")).to_have_text("60 ággyal")
    expect(page.locator("#post-3 .post__translated").first).to_contain_text("Ildikó Példa")
    original = page.locator("#post-3 .post__text[lang=de]")
    expect(original).not_to_be_visible()
    page.locator("#post-3 summary").first.click()
    expect(original).to_be_visible()
    expect(original.locator("strong")).to_have_text("60 Betten")
    check(page)


def _outside(
    other: Page, visitor: Page, site: str, topic: Topic, row: Attachment, provoked: set[int]
) -> None:
    group = topic.group.get_absolute_url()
    closed = [
        group,
        topic.get_absolute_url(),
        f"{topic.get_absolute_url()}news/?after=0",
        f"/groups/files/{row.pk}/",
        f"/groups/files/{row.pk}/small/",
        f"{group}export/",
        f"{group}search/?q=Donauufer",
        f"{group}people/",
        f"{group}join/",
        f"/posts/{topic.posts.first().pk}/history/",
    ]
    provoked.add(404)
    missing = other.request.get(f"{site}/groups/there-is-none/")
    for address in closed:
        answer = other.request.get(site + address)
        assert answer.status == 404, address
        assert not any(secret in answer.text() for secret in SECRETS), address
        assert len(answer.text()) - len(missing.text()) < 200, address
        sent_on = visitor.request.get(site + address, max_redirects=0)
        assert (sent_on.status, "/accounts/login/" in sent_on.headers["location"]) == (302, True), address
    for page in (other, visitor):
        for words in ("Donauufer", "Jugendbegegnung", "Sugovica", "Herberge"):
            answer = page.request.get(f"{site}/search/?q={words}")
            assert answer.ok
            # The word that was typed is shown again; nothing else is.
            assert not any(secret in answer.text() for secret in SECRETS if secret != words), words
            assert topic.group.slug not in answer.text()
        listed = page.request.get(f"{site}/groups/").text()
        assert topic.group.slug not in listed
    assert topic.group.slug not in visitor.request.get(f"{site}/robots.txt").text()


def _nothing_for_invited(page: Page, site: str, topic: Topic) -> None:
    assert not any(secret in page.content() for secret in SECRETS if secret != "Jugendbegegnung")
    answer = page.request.get(site + topic.get_absolute_url(), max_redirects=0)
    assert answer.status == 302


@pytest.mark.parametrize("program", [IPHONE], ids=["iphone"])
def test_a_german_telephone_answers_from_the_mailbox(
    people: dict[str, User],
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
    page: Page,
    program: str,
) -> None:
    group = GroupFactory(members=[people["karin"], people["ildiko"]], name="Planung")
    topic = TopicFactory(group=group, author=people["ildiko"], title="Termin")
    sign_in(page, live_server.url, people["ildiko"])
    page.goto(live_server.url + topic.get_absolute_url())
    page.fill("#composer [name=text]", "Passt der 3. Juli?\n\n> Zitat von mir\n\nGruß")
    page.locator("#composer button[name=send]").click()
    expect(page.locator("#post-1")).to_be_visible()
    deliver(in_a_while())

    received = mailbox.to(people["karin"].email)
    reply = answer_to(received, sender="Karin Amt <karin@ulm.example>", words="Ja, passt.", program=program)
    assert take(reply, monkeypatch) == os.EX_OK

    page.reload()
    expect(page.locator("#post-2 .post__text")).to_have_text("Ja, passt.")
    expect(page.locator("#post-2 .post__head")).to_contain_text("Karin Amt")


def test_who_was_removed_gets_nothing_that_was_queued_before(
    people: dict[str, User],
    browser_of: BrowserOf,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    provoked: set[int],
) -> None:
    group = GroupFactory(members=[people["karin"], people["ildiko"]], coach=people["coach"])
    topic = TopicFactory(group=group, author=people["karin"], title=TITLE)
    karin = browser_of(people["karin"])
    karin.goto(live_server.url + topic.get_absolute_url())
    karin.fill("#composer [name=text]", TEXT)
    karin.locator("#composer button[name=send]").click()
    expect(karin.locator("#post-1")).to_be_visible()

    coach = browser_of(people["coach"])
    row = MembershipFactory._meta.model.objects.get(group=group, person=people["ildiko"])
    coach.goto(f"{live_server.url}{group.get_absolute_url()}people/{row.pk}/")
    coach.locator("button[name=do][value=end]").click()
    coach.wait_for_url("**/people/")
    deliver(in_a_while())

    # She is told that she was removed, and nothing that was written.
    to_her = [mail for mail in mailbox.all() if mail.is_to(people["ildiko"].email)]
    assert not any(
        secret in f"{mail.subject} {mail.text} {mail.html}" for mail in to_her for secret in SECRETS
    )
    assert "Wer hilft?" in mailbox.to(people["coach"].email).text
    ildiko = browser_of(people["ildiko"])
    provoked.add(404)
    assert ildiko.request.get(live_server.url + topic.get_absolute_url()).status == 404

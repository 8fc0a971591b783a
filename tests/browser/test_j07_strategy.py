"""J7 as people see it: a strategy from its first sentence to the look back, on a telephone, with real mail."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from partnerships.models import Partnership
from tests.browser.conftest import TWO_FRAMES
from tests.browser.kept_texts import sign_in_here
from tests.browser.mailbox import Mailbox
from tests.browser.walking import go_on, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.strategies import look_after, make_coach
from training.actions.measures import ask_for_reviews
from training.choices import VersionState
from training.models import Measure, Strategy, StrategyReview

BrowserOf = Callable[..., Page]
Deliver = Callable[..., int]
AT = "/partnerships/team/strategy/"
PHONE = {"width": 360, "height": 800}
WRITTEN = {
    "s1": {"history": "Seit 1986 treffen wir uns jedes Jahr.", "last_contact": "2026-05-14"},
    "s2": {"group_1_who": "Jugendliche von 14 bis 18", "group_1_wants": "Sich ohne Erwachsene kennenlernen."},
    "s3": {"aim_1_what": "Mehr Jugendliche treffen sich.", "aim_1_by": "2027-05-31"},
    "s4": {"channel_1_tool": "Video der Stadt", "channel_1_used_for": "Monatliches Gespräch"},
}
REVISED = "Zwanzig Jugendliche treffen sich."
COMMENT = "Wie viele genau?\nSchreibt eine Zahl, die ihr am Ende zählen könnt."
SUMMARY = "Wir bringen Jugendliche beider Städte jeden Monat zusammen."
MEASURE = "Drei Vereine zum ersten Gespräch einladen"
PRIVATE = ("Seit 1986", "Jugendliche von 14", "Zwanzig", "Video der Stadt", "Wie viele", MEASURE)


@pytest.fixture(params=["de", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def people(transactional_db: None, language: str) -> dict[str, User]:
    """Who looks after the sides, who coaches, and somebody else. They all read the same language."""
    names = {
        "chair": "Vera Vorsitz",
        "other": "Olga Andere",
        "coach": "Karla Coach",
        "outsider": "Otto Fremd",
    }
    people = {
        role: UserFactory(email=f"{role}@team.example", display_name=name, language=language)
        for role, name in names.items()
    }
    make_coach(people["coach"])
    return people


@pytest.fixture
def partnership(people: dict[str, User]) -> Partnership:
    towns = [MunicipalityFactory(name="Neudorf"), MunicipalityFactory(name="Újfalu")]
    made: Partnership = PartnershipFactory(slug="team", languages=["de", "en"], towns=towns)
    look_after(made, people["chair"], people["other"])
    return made


@pytest.fixture
def sound(assert_accessible: Callable[[Page], None], language: str) -> Callable[[Page], None]:
    """`sound(page)`: as it stands there now nothing is wrong and nothing scrolls sideways.

    In the dark only once: words have no colours.
    """
    colours = ("dark", "light") if language == "de" else ("light",)

    def check(page: Page) -> None:
        for width in (320, 360):
            page.set_viewport_size({**PHONE, "width": width})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        for scheme in colours:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.evaluate(TWO_FRAMES)
            assert_accessible(page)

    return check


def save_section(page: Page, site: str, code: str, **fields: str) -> None:
    page.goto(f"{site}{AT}{code}/")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.locator(".section-form .kern-btn--primary").click()
    page.wait_for_url(f"**/{code}/?in=*")


def send_all(page: Page) -> list[str]:
    """Leaves the page as it is proposed; gives what was chosen."""
    page.locator(f"main a[href='{AT}send/']").click()
    chosen = [
        str(box.get_attribute("value")) for box in page.locator("[name=sections]").all() if box.is_checked()
    ]
    go_on(page)
    page.wait_for_url(f"**{AT}")
    return chosen


def answer(page: Page, comments: dict[str, str], sections: list[str]) -> None:
    """Good where there is no comment."""
    for code in sections:
        value = "back" if code in comments else "good"
        page.locator(f"[name=decision_{code}][value={value}]").check()
        page.fill(f"[name=comment_{code}]", comments.get(code, ""))
    page.locator(".answer-form .kern-btn--primary").click()
    page.wait_for_url(f"**{AT}")


def state_of(page: Page, number: int) -> str:
    """The badge of a section in the list."""
    rows = page.locator(".strategy-sections > li")
    expect(rows).to_have_count(11)
    return rows.nth(number - 1).locator(".kern-badge").inner_text()


def link_of(mailbox: Mailbox, person: User, part: str) -> str:
    return next(link for link in mailbox.to(person.email).links() if part in link)


def mails_to(mailbox: Mailbox, person: User) -> list[str]:
    return [mail.subject for mail in mailbox.all() if mail.is_to(person.email)]


def first_noon_after(moment: datetime) -> datetime:
    noon = moment.replace(hour=12, minute=0, second=0, microsecond=0)
    return noon if noon >= moment else noon + timedelta(days=1)


def test_a_strategy_from_the_first_sentence_to_the_look_back(
    language: str,
    people: dict[str, User],
    partnership: Partnership,
    browser_of: BrowserOf,
    live_server: Any,
    mailbox: Mailbox,
    deliver: Deliver,
    sound: Callable[[Page], None],
    provoked: set[int],
    tmp_path: Path,
) -> None:
    site = live_server.url
    chair = browser_of(people["chair"], language=language, viewport=PHONE)

    # 1 She begins it from the page of her partnership
    chair.goto(f"{site}/partnerships/team/")
    chair.locator(f"main a[href='{AT}']").click()
    sound(chair)
    assert [box.get_attribute("value") for box in chair.locator("[name=languages]:checked").all()] == [
        "de",
        "en",
    ]
    go_on(chair)
    expect(chair.locator(".strategy-sections > li")).to_have_count(11)
    sound(chair)
    strategy = Strategy.objects.get()
    empty = state_of(chair, 1)

    # 2 A section has its guidance beside the fields
    chair.locator(f"main a[href='{AT}s1/']").click()
    expect(chair.locator(".asked__example").first).to_be_visible()
    for example in chair.locator(".asked__example").all():
        assert len(example.inner_text()) > 40
    expect(chair.locator(".asked:has([name=history]) .kern-hint")).not_to_be_empty()
    sound(chair)
    for code, fields in WRITTEN.items():
        save_section(chair, site, code, **fields)
        for name, value in fields.items():
            expect(chair.locator(f"[name={name}]")).to_have_value(value)
        sound(chair)
    assert strategy.sections.get(code="S1").values["history"] == {language: WRITTEN["s1"]["history"]}

    # 3 She sends the four
    chair.goto(site + AT)
    assert state_of(chair, 1) != empty
    assert state_of(chair, 5) == empty
    chair.locator(f"main a[href='{AT}send/']").click()
    sound(chair)
    chair.go_back()
    assert send_all(chair) == ["S1", "S2", "S3", "S4"]
    sound(chair)
    chair.goto(f"{site}{AT}s3/")
    expect(chair.locator(".section-form")).to_have_count(0)
    sound(chair)
    _outside(
        browser_of(people["outsider"], language=language), browser_of(None, language=language), site, provoked
    )

    # 4 The coach has it in her mail and in her queue
    assert deliver() == 1
    mail = mailbox.to(people["coach"].email)
    assert mail.language == language
    assert "Vera Vorsitz" in mail.text
    assert not any(secret in mail.text + mail.html for secret in PRIVATE)
    coach = browser_of(None, language=language, viewport=PHONE)
    coach.goto(link_of(mailbox, people["coach"], "/versions/1/"))
    sign_in_here(coach, people["coach"])
    coach.wait_for_url(f"**{AT}versions/1/")
    sound(coach)
    coach.goto(f"{site}/coaching/sections/")
    waiting = coach.locator(f"main tbody a[href='{AT}versions/1/']")
    expect(waiting).to_have_count(1)
    sound(coach)
    waiting.click()

    # 5 She comments on section 3 and gives it back; without a word she cannot
    coach.locator("[name=decision_S3][value=back]").check()
    provoked.add(422)
    coach.locator(".answer-form .kern-btn--primary").click()
    expect(coach.locator(".error-summary a[href='#id_comment_S3']")).to_have_count(1)
    sound(coach)
    answer(coach, {"S3": COMMENT}, ["S1", "S2", "S3", "S4"])
    sound(coach)
    coach.goto(f"{site}/coaching/sections/")
    expect(waiting).to_have_count(0)

    # 6 The chair reads the comment in her mail, and revises
    mailbox.empty()
    assert deliver() == 2
    mail = mailbox.to(people["chair"].email)
    assert mail.language == language
    assert COMMENT in mail.text.replace("\r\n", "\n")
    chair.goto(link_of(mailbox, people["chair"], "/strategy/"))
    assert state_of(chair, 3) != state_of(chair, 1)
    chair.locator(f"main .strategy-sections a[href='{AT}s3/']").click()
    expect(chair.locator("main .comment--coach").first).to_contain_text("Wie viele genau?")
    sound(chair)
    save_section(chair, site, "s3", aim_1_what=REVISED)
    chair.goto(site + AT)
    assert send_all(chair) == ["S3"]

    # 7 The coach approves version 2; the first one stays as it was
    mailbox.empty()
    assert deliver() == 1
    coach.goto(link_of(mailbox, people["coach"], "/versions/2/"))
    answer(coach, {}, ["S3"])
    strategy.refresh_from_db()
    assert strategy.approved_at is not None
    assert [row.state for row in strategy.versions.order_by("number")] == [
        VersionState.RETURNED,
        VersionState.APPROVED,
    ]
    for number, there, not_there in ((1, WRITTEN["s3"]["aim_1_what"], REVISED), (2, REVISED, "Mehr Jugend")):
        chair.goto(f"{site}{AT}versions/{number}/")
        expect(chair.locator("main")).to_contain_text(there)
        expect(chair.locator("main")).not_to_contain_text(not_there)
        expect(chair.locator("main form")).to_have_count(0)
        sound(chair)
    chair.locator("main a[href*='/compare/']").click()
    _exactly_one_word_changed(chair)
    sound(chair)
    mailbox.empty()
    assert deliver() == 2
    assert mails_to(mailbox, people["chair"]) != []

    # 8 It is there on paper
    chair.goto(site + AT)
    with chair.expect_download() as loading:
        chair.locator(f"main a[href='{AT}versions/2.pdf']").click()
    loading.value.save_as(tmp_path / "strategy.pdf")
    _tagged(tmp_path / "strategy.pdf", language)

    # 9 The summary stands on the page of the partnership, for everybody, and nothing else
    visitor = browser_of(None, language=language, viewport=PHONE)
    visitor.goto(f"{site}/partnerships/team/")
    expect(visitor.locator("#strategy")).to_have_count(0)
    chair.locator(f"main a[href='{AT}summary/']").click()
    sound(chair)
    chair.fill(f"[name=text_{language}]", SUMMARY)
    chair.locator("main form:has(textarea) .kern-btn--primary").click()
    chair.wait_for_url(f"**{AT}")
    visitor.reload()
    expect(visitor.locator("section[aria-labelledby=strategy]")).to_contain_text(SUMMARY)
    assert not any(secret in visitor.content() for secret in (*PRIVATE, "/strategy/"))
    sound(visitor)

    # 10 A measure has somebody and a day
    _measure(chair, site, people["chair"], sound)

    # A hundred days later they are asked to look back, once
    _looked_back(chair, people, strategy, mailbox, deliver, sound)


def _outside(other: Page, visitor: Page, site: str, provoked: set[int]) -> None:
    provoked.add(404)
    for place in ("", "s3/", "send/", "versions/1/", "versions/1.pdf", "compare/", "measures/", "summary/"):
        for start in (AT, "/partnerships/there-is-none/strategy/"):
            answered = other.request.get(site + start + place)
            assert answered.status == 404, place
            assert not any(secret in answered.text() for secret in PRIVATE), place
            sent_on = visitor.request.get(site + start + place, max_redirects=0)
            assert (sent_on.status, "/accounts/login/" in sent_on.headers["location"]) == (302, True), place
    assert other.request.get(f"{site}/coaching/sections/").status == 404


def _exactly_one_word_changed(page: Page) -> None:
    sections = page.locator("main .version-section")
    expect(sections).to_have_count(1)
    expect(sections.locator("h2")).to_contain_text("3.")
    differences = page.locator("main .difference")
    expect(differences).to_have_count(1)
    parts = differences.evaluate(
        """(element) => [...element.childNodes].map((node) => {
            const copy = node.cloneNode(true);
            copy.querySelectorAll?.(".visually-hidden").forEach((hidden) => hidden.remove());
            return [node.nodeName, copy.textContent];
        })"""
    )
    assert parts == [["DEL", "Mehr"], ["INS", "Zwanzig"], ["#text", " Jugendliche treffen sich."]]


def _tagged(path: Path, language: str) -> None:
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    with pikepdf.open(io.BytesIO(content)) as document:
        assert str(document.Root.Lang).partition("-")[0] == language
        title = str(document.open_metadata().get("dc:title", ""))
        assert "Neudorf" in title
        assert "Újfalu" in title
        assert document.Root.MarkInfo.Marked
        assert document.Root.StructTreeRoot.K


def _measure(chair: Page, site: str, owner: User, sound: Callable[[Page], None]) -> None:
    chair.goto(f"{site}{AT}measures/")
    sound(chair)
    chair.locator(f"main a[href='{AT}measures/new/']").click()
    sound(chair)
    chair.fill("[name=title]", MEASURE)
    chair.select_option("[name=owner]", str(owner.pk))
    chair.fill("[name=due_on]", "2027-06-01")
    go_on(chair)
    chair.wait_for_url("**/measures/#m*")
    row = chair.locator("main tbody tr")
    expect(row).to_contain_text(MEASURE)
    expect(row).to_contain_text("Vera Vorsitz")
    expect(row).to_contain_text("2027")
    assert Measure.objects.get().due_on == date(2027, 6, 1)
    sound(chair)
    chair.goto(site + AT)
    expect(chair.locator("section[aria-labelledby=measures]")).to_contain_text(MEASURE)


def _looked_back(
    chair: Page,
    people: dict[str, User],
    strategy: Strategy,
    mailbox: Mailbox,
    deliver: Deliver,
    sound: Callable[[Page], None],
) -> None:
    assert strategy.approved_at is not None
    mailbox.empty()
    due = first_noon_after(strategy.approved_at + timedelta(days=100))
    early = due - timedelta(days=1)
    ask_for_reviews(now=early)
    assert deliver(early) == 0
    for later in (due, due, due + timedelta(days=1)):
        ask_for_reviews(now=later)
        deliver(later)
    for role in ("chair", "other"):
        (subject,) = mails_to(mailbox, people[role])
        assert "100" in subject
    assert mails_to(mailbox, people["coach"]) == []
    review = StrategyReview.objects.get()
    assert review.due_on == timezone.localdate(strategy.approved_at) + timedelta(days=100)

    chair.goto(link_of(mailbox, people["chair"], "/reviews/"))
    expect(chair.locator("main")).to_contain_text(MEASURE)
    sound(chair)
    chair.fill("[name=good]", "Die Gespräche finden statt.")
    go_on(chair)
    chair.wait_for_url(f"**{AT}")
    review.refresh_from_db()
    assert review.done_by == people["chair"]
    sound(chair)


def test_pages_beside_the_way_are_sound(
    language: str,
    people: dict[str, User],
    partnership: Partnership,
    page: Page,
    read_in: Callable[[str], None],
    live_server: Any,
    faults: Callable[..., list[str]],
) -> None:
    """All eleven sections, and what the journey does not open."""
    read_in(language)
    sign_in(page, live_server.url, people["chair"])
    page.goto(live_server.url + AT)
    go_on(page)
    expect(page.locator(".strategy-sections > li")).to_have_count(11)
    places = [f"s{number}/" for number in range(5, 12)] + ["languages/", "send/", "compare/"]

    assert faults([AT + place for place in places]) == []

    page.context.clear_cookies()
    read_in(language)
    sign_in(page, live_server.url, people["coach"])
    desk = [f"/coaching/{place}" for place in ("sections/", "participants/", "strategies/", "figures/")]
    assert faults([AT, f"{AT}s1/", f"{AT}measures/", *desk]) == []

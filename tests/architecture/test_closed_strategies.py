"""A strategy is closed: whoever is neither of its team nor a coach is answered as if there were none.

Not even the office and the superuser, on any page of the admin, find a word of it; nor does the mail log tell one.
`test_nothing_leaks.py` reads all other pages for planted words.
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group as Role
from django.test import Client
from django.urls import reverse

from accounts.models import User
from directory.operating import OperatingRole
from notifications.delivery import deliver_due
from notifications.models import Notice
from portal.roles import load_roles
from tests.architecture.access.strategies import NUMBER, TABLE
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.strategies import BEGUN, look_after, make_coach, strategy_of, write
from training.actions import answers, strategies
from training.actions.measures import ask_for_reviews
from training.choices import ReviewKind, Section
from training.models import CoachNote, Measure, SectionDraft, Strategy, StrategyReview

pytestmark = pytest.mark.django_db

MARK = "qvstrategy"
TEAM, NONE = "zz-with-strategy", "zz-none-strategy"
READERS = ("visitor", "outsider", "other team", "former", "staff", "superuser")
SENT = {
    "key": "7310000b-0000-4000-8000-000000007310",
    "languages": ["de"],
    "sections": ["S1"],
    "language": "de",
    "history": "anders",
    "text": "Ein Text",
    "text_de": "Eine Zusammenfassung",
    "base_version": "1",
    "title": "Neu",
    "due_on": "2027-05-01",
    "state": "done",
    "good": "Viel",
    "decision_S1": "good",
    "decision_S3": "good",
    "discard": "1",
}


@pytest.fixture
def readers(cast: dict[str, User], participant: User, partner: User) -> dict[str, Client]:
    """Everybody but the team (participant, partner) and a coach."""
    load_roles()
    strategy = strategy_of(participant, partner, slug=TEAM)
    PartnershipFactory(slug=NONE)
    plant(strategy, participant, make_coach(cast["coach"]))
    strategy_of(cast["coordinator"])
    former, staff = UserFactory(), UserFactory(is_staff=True)
    look_after(strategy.partnership, former)
    former.side_contacts.update(ended_at=BEGUN)
    staff.groups.add(Role.objects.get(name=OperatingRole.ADMINISTRATOR))
    people = (None, cast["outsider"], cast["coordinator"], former, staff, cast["admin"])
    return {
        name: signed_in(person, "en") if person else Client()
        for name, person in zip(READERS, people, strict=True)
    }


def plant(strategy: Strategy, writer: User, coach: User) -> None:
    """The mark in every column that holds a text."""
    for code, field in (("S1", "history"), ("S3", "aim_1_what")):
        write(strategy, code, writer, **{field: f"{MARK} {field}"})
    version = strategies.send_sections(strategy=strategy, codes=["S3"], by=writer, now=BEGUN)
    back = {"S3": answers.Answer(is_good=False, comment=f"{MARK} back")}
    answers.answer_version(version=version, answers=back, by=coach, now=BEGUN)
    answers.comment(
        strategy=strategy, section=Section.STATE, text=f"{MARK} said", by=writer, by_coach=False, now=BEGUN
    )
    CoachNote.objects.create(
        pk=NUMBER, strategy=strategy, text=f"{MARK} note", author=coach, written_at=BEGUN
    )
    Measure.objects.create(
        pk=NUMBER,
        strategy=strategy,
        titles={"de": f"{MARK} do"},
        who=MARK,
        due_on=date(2027, 5, 1),
        written_at=BEGUN,
    )
    StrategyReview.objects.create(
        pk=NUMBER,
        strategy=strategy,
        kind=ReviewKind.HUNDRED_DAYS,
        due_on=date(2027, 5, 1),
        answers={"de": {"good": MARK}},
    )
    SectionDraft.objects.create(
        person=writer,
        section=strategy.sections.get(code="S1"),
        language="de",
        typed={"history": f"{MARK} draft"},
        changed_at=BEGUN,
    )
    Strategy.objects.filter(pk=strategy.pk).update(approved_at=BEGUN, summary={"de": f"{MARK} summary"})


def addresses(slug: str) -> list[str]:
    """Of each kind one that is there."""
    found = {}
    for name, arguments in TABLE:
        if arguments and arguments[0] == "with-strategy" and 99 not in arguments:
            found[name] = reverse(name, args=(slug, *arguments[1:]))
    return sorted(found.values())


def answered(client: Client, address: str, slug: str, *, posts: bool) -> tuple[Any, ...]:
    answer = client.post(address, SENT) if posts else client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    assert MARK.encode() not in body, address
    page = re.sub(r'(csrfmiddlewaretoken|key|nonce)"?[= ]?(value=)?"[^"]*"', "", body.decode())
    return answer.status_code, answer.get("Location", "").replace(slug, "…"), page.replace(slug, "…")


@pytest.mark.parametrize("posts", [False, True], ids=["get", "post"])
@pytest.mark.parametrize("reader", READERS)
def test_every_address_answers_as_if_there_were_none(
    readers: dict[str, Client], reader: str, posts: bool
) -> None:
    client = readers[reader]
    assert len(addresses(TEAM)) >= 19
    before = everything()
    for address in addresses(TEAM):
        status, location, page = answered(client, address, TEAM, posts=posts)
        nothing = answered(client, address.replace(TEAM, NONE), NONE, posts=posts)

        assert (status, location, page) == nothing, address
        assert status in ((302, 403, 405) if reader == "visitor" else (404, 405)), address
    assert everything() == before


def without_what_was_typed(text: str) -> str:
    """What stands in the field of the search, and in addresses, however often they are wrapped."""
    text = text.replace(f'value="{MARK}"', "")
    return re.sub(rf"q(?:=|%(?:25)*3D){MARK}|[“„]{MARK}[”“]", "", text)


def everything() -> list[Any]:
    """What stands in the strategies, to see that nothing was written."""
    rows = [
        list(model.objects.order_by("pk").values()) for model in (Strategy, Measure, CoachNote, SectionDraft)
    ]
    sections = Strategy.objects.order_by("pk").values_list("sections__values", "sections__state")
    return [*rows, sorted(map(str, sections))]


@pytest.mark.parametrize("reader", ["staff", "superuser"])
def test_the_admin_has_not_a_word_of_it(readers: dict[str, Client], reader: str) -> None:
    client, read = readers[reader], 0
    for model in admin.site._registry:
        info = (model._meta.app_label, model._meta.model_name)
        address = reverse("admin:{}_{}_changelist".format(*info))
        pages = [address, f"{address}?q={MARK}"]
        newest = model._default_manager.order_by("-pk").values_list("pk", flat=True)[:20]
        pages += [reverse("admin:{}_{}_change".format(*info), args=(pk,)) for pk in newest]
        for page in pages:
            answer = client.get(page)
            text = without_what_was_typed(answer.content.decode())
            assert MARK not in text, page
            read += answer.status_code == 200
    assert read > 60


@pytest.mark.parametrize("reader", READERS)
def test_pages_about_everything_do_not_name_it(readers: dict[str, Client], reader: str) -> None:
    pages = (
        "/", f"/partnerships/{TEAM}/", "/partnerships/", f"/search/?q={MARK}", f"/partnerships/?q={MARK}",
        "/partnerships/export.csv", "/desk/", "/notices/", "/courses/", f"/groups/search/?q={MARK}",
    )  # fmt: skip
    for page in pages:
        answer = readers[reader].get(page, follow=True)
        text = without_what_was_typed(answer.content.decode())
        assert MARK not in text, page
        assert f"{TEAM}/strategy" not in text, page


def test_mails_reach_the_team_and_coaches_only(
    readers: dict[str, Client], participant: User, partner: User, coach: User, mailoutbox: list[Any]
) -> None:
    """Who has left the side between queueing and sending gets none either."""
    partner.side_contacts.update(ended_at=BEGUN)
    ask_for_reviews(now=BEGUN + timedelta(days=400))

    deliver_due(now=BEGUN + timedelta(days=400))

    assert Notice.objects.filter(kind="strategy_answered").count() == 2
    told = {address for mail in mailoutbox for address in mail.to}
    assert participant.email in told
    assert told <= {participant.email, coach.email}
    assert any(MARK in mail.body for mail in mailoutbox)

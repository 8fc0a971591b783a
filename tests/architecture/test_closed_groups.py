"""What is said in a closed group stays in it, at every address there is (reliability.md I5, F27 to F32).

The walk fills every parameter of every address with what belongs to the group, reads it and sends to it, as everybody
who stands outside: nothing of the group may be in an answer, and the answer must be the one for a group that never was.
A new address is walked without a word here. What people may know all the same stands in `OWN`, with the reason.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.actions.groups import edit_group
from discussions.choices import Access
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.architecture.closed.walk import (
    OURS,
    Answered,
    Asked,
    answer,
    not_there,
    pages_to_read,
    read,
    requests_of,
)
from tests.architecture.closed.world import (
    FILE_NAME,
    GONE,
    INVITED,
    LINE,
    MARKERS,
    NAME,
    PERSON,
    PURPOSE,
    REASON,
    REPORT,
    ROLES,
    RULES,
    SLUG,
    TEXT,
    TITLE,
    World,
    plant,
)
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, TopicFactory

pytestmark = pytest.mark.django_db

NONSENSE = "Xwjnonsense"
BEGINNING = "Qvg"
OUT = ("left", "removed", "banned")


@dataclass(frozen=True)
class Own:
    """What these people may know at these addresses (a name that ends in "*" begins theirs): the words, or, when it
    `differs`, that there is something at all."""

    views: tuple[str, ...]
    roles: tuple[str, ...]
    words: tuple[str, ...]
    reason: str
    differs: bool = False

    def is_about(self, role: str, view: str) -> bool:
        names = (view.startswith(name[:-1]) if name.endswith("*") else view == name for name in self.views)
        return role in self.roles and any(names)


OWN = (
    Own(
        (f"{OURS}invitation",),
        ROLES,
        (NAME, PURPOSE),
        "whoever has the link of an invitation by mail is invited",
        differs=True,
    ),
    Own(
        (f"{OURS}join",),
        ("invited",),
        (NAME, PURPOSE, RULES),
        "who is invited reads what for, and the rules",
        differs=True,
    ),
    Own(
        (f"{OURS}list", "portal:desk", "notifications:inbox"),
        ("invited",),
        (NAME, SLUG),
        "the invitation, and the way to it",
    ),
    Own(
        (f"{OURS}decision",),
        ("removed",),
        (REPORT,),
        "the own report, and how it stands",
        differs=True,
    ),
    Own(
        ("notifications:inbox",),
        ("removed", "banned"),
        (NAME,),
        "was told of the removal, when the person still knew",
    ),
    Own((f"{OURS}enter",), ("superuser",), (), "may go in, and everybody is told", differs=True),
    Own(
        ("admin:discussions_group_*",),
        ("superuser",),
        (SLUG,),
        "the address, and no name (docs/decisions/0031)",
        differs=True,
    ),
    Own(
        ("admin:notifications_notice_changelist",),
        ("superuser",),
        (PERSON, INVITED),
        "to whom the platform has written, not what",
    ),
    Own(
        ("admin:accounts_user_*",),
        ("superuser", "staff"),
        (PERSON,),
        "the accounts, not what they belong to",
        differs=True,
    ),
)
# Refused with 403 to whoever may not, whatever is named: alike for what is there and what never was.
OF_EVERYBODY = {f"{OURS}edit_term": "the glossary is shared; whoever belongs to some group changes it"}


@pytest.fixture
def world(db: None) -> World:
    return plant()


def client_of(world: World, role: str) -> Client:
    return Client() if role == "visitor" else signed_in(world.people[role])


def words_in(answered: Answered, asked: Asked, world: World) -> set[str]:
    """What of the group is in an answer and was not in what was asked."""
    whole, known = answered.whole, asked.text.lower()
    found = {
        word for word in (*MARKERS, SLUG) if word.lower() not in known and word.lower().encode() in whole
    }
    return found | ({"a small picture"} if world.small_picture.lower() in whole else set())


def where(asked: Asked) -> str:
    return f"{asked.method.upper()} {asked.path}{' with data' if asked.data else ''}"


class Walk:
    """One person at all addresses: what should not have been."""

    def __init__(self, world: World, role: str) -> None:
        self.world, self.role, self.client = world, role, client_of(world, role)
        self.leaks: dict[str, set[str]] = {}
        self.differing: dict[str, tuple[int, int]] = {}
        self.kept: dict[str, str] = {}
        self.refused_otherwise: dict[str, int] = {}
        self.needed: set[Own] = set()
        self._of_nothing: dict[Asked, Answered] = {}

    def ask(self, asked: Asked) -> None:
        answered = answer(self.client, asked)
        own = [one for one in OWN if one.is_about(self.role, asked.view)]
        told = words_in(answered, asked, self.world)
        if leaked := told - {word for one in own for word in one.words}:
            self.leaks[where(asked)] = leaked
        self.needed |= {one for one in own if told & set(one.words)}
        nothing = asked.of_a_group_that_never_was()
        if nothing != asked:
            self._compare(asked, answered, nothing, own)
        caching = answered.header("Cache-Control")
        if self.role != "visitor" and "private" not in caching and "no-store" not in caching:
            self.kept[where(asked)] = caching

    def _compare(self, asked: Asked, answered: Answered, nothing: Asked, own: list[Own]) -> None:
        if nothing not in self._of_nothing:
            self._of_nothing[nothing] = answer(self.client, nothing)
        expected = self._of_nothing[nothing]
        may_differ = [one for one in own if one.differs]
        if expected.leveled() != answered.leveled():
            self.needed |= set(may_differ)
            if not may_differ:
                self.differing[where(asked)] = (answered.status, expected.status)
        is_ours = asked.view.startswith(OURS) and asked.view not in OF_EVERYBODY and asked.is_of_the_group
        if is_ours and not may_differ and not self._is_refused(answered):
            self.refused_otherwise[where(asked)] = answered.status

    def _is_refused(self, answered: Answered) -> bool:
        """A method that an address does not take is refused to everybody alike."""
        if self.role != "visitor":
            return answered.status in (404, 405)
        to_sign_in = answered.header("Location").startswith(reverse(settings.LOGIN_URL))
        return to_sign_in if answered.status == 302 else answered.status in (403, 405)


@pytest.mark.parametrize("role", ROLES)
def test_outside_nothing_is_told_and_nothing_is_different(world: World, role: str) -> None:
    walk = Walk(world, role)
    for asked in requests_of(world, role):
        walk.ask(asked)

    assert walk.leaks == {}
    assert walk.differing == {}
    assert walk.refused_otherwise == {}
    assert walk.kept == {}
    assert {one.reason for one in OWN if role in one.roles} == {one.reason for one in walk.needed}


def test_members_read_all_that_was_planted(world: World) -> None:
    """Else the walk would prove nothing."""
    found: set[str] = set()
    for role in ("member", "coach"):
        client = client_of(world, role)
        for asked in pages_to_read(world):
            told = words_in(answer(client, asked), replace(asked, path=""), world)
            found |= told

    assert set(MARKERS) - found <= set(GONE)
    assert "a small picture" in found


@pytest.mark.parametrize("role", ["visitor", "outsider", "moderator", "superuser"])
def test_searching_for_its_words_answers_like_nonsense(world: World, role: str) -> None:
    client = client_of(world, role)
    words = [NAME, TITLE[:-2], TEXT, FILE_NAME.partition(".")[0], *([PERSON] if role != "superuser" else [])]
    found = []
    for asked in searches(world, is_staff=role == "superuser"):
        nothing = searched(client, asked, NONSENSE)
        # All begin with it; where what is typed changes nothing at all, no word does.
        is_search = searched(client, asked, BEGINNING) != nothing or searched(client, asked, "") != nothing
        found += [
            (asked.path, word) for word in words if is_search and searched(client, asked, word) != nothing
        ]

    assert found == []


def searches(world: World, *, is_staff: bool) -> list[Asked]:
    """Every address may search: no list of them has to be kept."""
    rows = [one for one in pages_to_read(world) if not one.is_of_the_group]
    return [one for one in rows if is_staff == one.view.startswith("admin:")]


def searched(client: Client, asked: Asked, typed: str) -> tuple[int, tuple[str, ...], bytes]:
    answered = answer(client, replace(asked, data=(("q", typed), ("where", "all"))))
    status, headers, body = answered.leveled()
    for word in filter(None, (typed, typed.lower())):
        body = body.replace(word.encode(), b"*")
        headers = tuple(header.replace(word, "*") for header in headers)
    return status, headers, body


def test_what_members_have_opened_lies_in_no_cache_for_others(world: World) -> None:
    """Nothing is emptied between them."""
    pages = list(pages_to_read(world))
    for role in ("member", "visitor", "outsider"):
        client = client_of(world, role)
        answers = [(asked, read(client, asked)) for asked in pages]
        if role == "member":
            continue
        invitation = f"{OURS}invitation"
        told = {
            where(asked): words_in(given, asked, world)
            for asked, given in answers
            if asked.view != invitation
        }
        assert {place: words for place, words in told.items() if words} == {}, role


def test_who_has_left_gets_no_mail_that_was_queued_before(world: World) -> None:
    people = {role: world.people[role] for role in (*OUT, "asked", "coach", "outsider", "invited")}
    queued = Notice.objects.filter(kind="new_post", recipient__in=[people[role] for role in OUT])
    assert set(queued.values_list("recipient", flat=True)) == {people[role].pk for role in OUT}

    deliver_due(now=timezone.now() + timedelta(minutes=11))

    told = {role: words_of_mails(person) for role, person in people.items()}
    assert {TEXT, LINE} <= told["coach"]
    assert [told[role] for role in ("left", "asked", "outsider")] == [set(), set(), set()]
    # They are told that they were removed, by whom and why: once.
    assert [told[role] - {NAME, REASON} for role in ("removed", "banned")] == [set(), set()]
    assert told["invited"] - {NAME, PURPOSE, SLUG} == set()


def words_of_mails(person: User) -> set[str]:
    mails = [str(whole(message)).lower() for message in mail.outbox if person.email in message.recipients()]
    return {word for word in (*MARKERS, SLUG) for text in mails if word.lower() in text}


def whole(message: EmailMultiAlternatives) -> str:
    parts = [message.subject, message.body, *(part[0] for part in message.alternatives)]
    return "\n".join([*map(str, parts), str(message.extra_headers), *message.reply_to])


def test_an_open_group_that_is_closed_is_gone_at_once(outsider: User, coach: User) -> None:
    group = GroupFactory(slug=SLUG, name=NAME, access=Access.OPEN, coach=coach)
    topic = TopicFactory(group=group, title=TITLE, author=coach, posts=1)
    client = signed_in(outsider)
    search = f"/groups/{SLUG}/search/?q={TITLE}"
    pages = ["/groups/", "/desk/", "/notices/", f"/search/?q={NAME}", f"/search/?q={TITLE}"]
    its = [f"/groups/{SLUG}/", f"/groups/{SLUG}/join/", topic.get_absolute_url(), search]
    before = {path: client.get(path) for path in (*pages, *its)}
    assert [path for path in ("/groups/", *its) if NAME not in before[path].content.decode()] == []

    edit_group(group=group, facts={"access": Access.CLOSED}, by=coach, now=timezone.now())

    after = {path: client.get(path) for path in (*pages, *its)}
    assert [after[path].status_code for path in its] == [404] * len(its)
    assert [after[path].status_code for path in pages] == [200] * len(pages)
    shown = {
        path: [word for word in (NAME, TITLE, SLUG) if word in page.content.decode() and word not in path]
        for path, page in after.items()
    }
    assert {path: found for path, found in shown.items() if found} == {}


def test_a_planted_leak_is_found(world: World) -> None:
    """Who belongs to the group is taken for an outsider: the walk must see it."""
    world.people["outsider"] = world.people["member"]
    walk = Walk(world, "outsider")

    walk.ask(Asked(f"{OURS}group", f"/groups/{SLUG}/"))

    assert NAME in walk.leaks[f"GET /groups/{SLUG}/"]
    assert walk.differing == {f"GET /groups/{SLUG}/": (200, 404)}
    assert walk.refused_otherwise == {f"GET /groups/{SLUG}/": 200}
    assert not_there(f"/groups/{SLUG}/") != f"/groups/{SLUG}/"

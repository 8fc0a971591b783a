"""J9 while broker, cache and worker do nothing: nobody's post is lost, and afterwards everybody hears of each once.

Real processes, as in test_j03_without_broker.py; 20 people write at once.
"""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.actions.people import remove
from discussions.models import Membership, Topic
from notifications.models import Notice
from tests.browser.mailbox import Mailbox
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, TopicFactory
from tests.journeys.test_j03_without_broker import LONGEST_PAGE, Timed, Valkey, clock, post, until, valkey

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["clock", "post", "valkey"]  # fixtures

WRITERS, POSTS_EACH = 20, 10
WORD = re.compile(r"qvaz\d+x\d+q")


@pytest.fixture
def readers() -> list[User]:
    return UserFactory.create_batch(3)


@pytest.fixture
def topic(coach: User, readers: list[User]) -> Topic:
    writers = UserFactory.create_batch(WRITERS)
    group = GroupFactory(members=[*writers, *readers], coach=coach)
    return TopicFactory(group=group, author=writers[0], posts=1)


def write(person: User, topic: Topic, number: int) -> float:
    """Ten posts, each as it is written on its page; the seconds the slowest answer took."""
    client = Timed()
    client.cookies = signed_in(person, "en").cookies
    page = reverse("discussions:answer", args=[topic.group.slug, topic.pk])
    for at in range(POSTS_EACH):
        sent = {"key": str(uuid4()), "text": f"Hello qvaz{number}x{at}q", "language": ""}
        assert client.post(page, sent).status_code == 302
    assert client.get(topic.get_absolute_url()).status_code == 200
    connections.close_all()
    return client.longest


def look(person: User, topic: Topic) -> float:
    """How long the page takes while everybody looks at it at once."""
    client = Timed()
    client.cookies = signed_in(person, "en").cookies
    client.get(topic.get_absolute_url())
    connections.close_all()
    return client.longest


def told(mailbox: Mailbox, person: User) -> Counter[str]:
    """How often each post stands in this person's mails."""
    mails = [mail for mail in mailbox.all() if mail.is_to(person.email)]
    return Counter(word for mail in mails for word in WORD.findall(mail.text))


def test_two_hundred_posts_are_stored_while_the_broker_is_away_and_told_once_when_it_is_back(
    valkey: Valkey, clock: None, post: tuple[str, Mailbox], topic: Topic, readers: list[User], coach: User
) -> None:
    writers = list(
        User.objects.filter(group_memberships__group=topic.group).exclude(
            pk__in=[coach.pk, *[r.pk for r in readers]]
        )
    )

    with ThreadPoolExecutor(WRITERS) as crowd:
        usual = max(crowd.map(lambda person: look(person, topic), writers))
        valkey.stop()
        longest = max(crowd.map(lambda pair: write(pair[1], topic, pair[0]), enumerate(writers)))

    topic.refresh_from_db()
    everything = {f"qvaz{number}x{at}q" for number in range(WRITERS) for at in range(POSTS_EACH)}
    # 20 people share one process here: what they wait for each other is not for the broker.
    assert longest - usual < LONGEST_PAGE
    assert topic.last_number == topic.posts.count() == 1 + WRITERS * POSTS_EACH
    assert {
        word for text in topic.posts.values_list("text", flat=True) for word in WORD.findall(text)
    } == everything

    # One of them is removed while everything still waits.
    gone, *stay = readers
    remove(membership=Membership.objects.get(group=topic.group, person=gone), by=coach, now=timezone.now())
    ago = timezone.now() - timedelta(minutes=11)  # they wait ten minutes for what may come
    Notice.objects.filter(kind="new_post").update(bell_at=ago, due_at=timezone.now())
    waiting = Notice.objects.filter(kind="new_post", state=Notice.State.WAITING)
    valkey.start()
    until(lambda: not waiting.exists(), patience=120)  # 4,600 questions whether they are still wanted

    for reader in stay:
        assert told(post[1], reader) == Counter(everything)
    assert told(post[1], gone) == Counter()

"""Groups to measure with: invented people, topics, posts. Only ever in a database of its own.

The same on every machine. Texts are put together from a few hundred sentences, so that common words are found in many
posts and rare ones in few.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from core.folding import fold
from core.markdown import RENDERER, render_post
from discussions.actions.groups import create_group
from discussions.choices import Belonging, Role
from discussions.models import Group, Membership, Topic

SEED, TEXTS = 2027, 400
LONG_TOPIC = 1000
WORDS = """
    Partnerschaft Verein Gemeinde Treffen Einladung Bürgermeisterin Schule Austausch Chor Feuerwehr Reise Unterkunft
    Übersetzung Videokonferenz Termin Vorschlag Antrag Förderung Frist Bericht Strategie Ziel Zielgruppe Webseite
    Donau Ulm Pécs Temeswar Vukovar Novi Sad Jugend Ehrenamt Programm Bus Musik Markt Jubiläum Urkunde Delegation
    planen fragen antworten helfen schreiben zeigen lernen danken kommen bleiben neu gut gemeinsam digital einfach
""".split()  # noqa: SIM905 -- read more easily than a list
RARE = (
    "Heuernte",
    "Kirchweih",
    "Brückenfest",
    "Drachenboot",
    "Zwetschgen",
    "Bienenhotel",
    "Orgelweihe",
    "Pfahlbau",
)


def make_people(number: int, *, begin: int = 0) -> list[User]:
    people = [
        User(email=f"member{at}@example.org", display_name=f"Mitglied {at}")
        for at in range(begin, begin + number)
    ]
    return User.objects.bulk_create(people, batch_size=1000)


@transaction.atomic
def make_group(
    *, leader: User, people: list[User], topics: int, posts: int, now: datetime, follow: bool = True
) -> Group:
    """`posts` in all, spread evenly over the topics; only the first one has LONG_TOPIC posts."""
    group = create_group(
        name=f"Messgruppe mit {len(people)} Mitgliedern", purpose="Nur zum Messen.", rules="", languages=["de"],
        access="closed", by=leader, now=now - timedelta(days=400),
    )  # fmt: skip
    Membership.objects.filter(group=group).update(role=Role.COACH, follows_all=False)
    since = now - timedelta(days=300)
    Membership.objects.bulk_create(
        [
            Membership(
                group=group,
                person=person,
                state=Belonging.ACTIVE,
                asked_at=since,
                since=since,
                follows_all=follow,
            )
            for person in people
        ],
        batch_size=1000,
    )
    _make_topics(group, [leader, *people], topics, now)
    _make_posts(group, posts // max(topics, 1))
    Group.objects.filter(pk=group.pk).update(**_counted(group))
    return group


def tidy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _counted(group: Group) -> dict[str, Any]:
    return {"topics_count": Topic.objects.filter(group=group, is_line=False).count()}


def _make_topics(group: Group, people: list[User], number: int, now: datetime) -> None:
    random = Random(SEED)
    rows = []
    for at in range(number):
        title = " ".join(random.choices(WORDS, k=5)) + f" {at}"
        begun = now - timedelta(days=6, hours=number - at)  # a thousand posts later it is still past
        rows.append(
            Topic(
                group=group,
                title=title,
                author=people[at % len(people)],
                created_at=begun,
                last_post_at=begun,
                last_author=people[at % len(people)],
                answered_at=begun if at % 3 else None,
                search_text=fold(title),
            )
        )
    Topic.objects.bulk_create(rows, batch_size=1000)


def _make_posts(group: Group, each: int) -> None:
    """By one statement: a million rows through the ORM would take a quarter of an hour."""
    random = Random(SEED + 1)
    texts = [_text(random, at) for at in range(TEXTS)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO discussions_post (topic_id, group_id, number, author_id, text, html, renderer, language,
                posted_at, hidden_reason, came_by_mail, message_id, search_text, version)
            SELECT topic.id, topic.group_id, n, person.person_id, t.text, t.html, %s, '',
                topic.created_at + n * interval '7 minutes', '', false, '', t.folded || ' nr' || topic.id || 'x' || n, 1
            FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM discussions_topic WHERE group_id = %s) topic
            CROSS JOIN LATERAL generate_series(1, CASE WHEN topic.place = 1 AND %s > 1 THEN %s ELSE %s END) n
            JOIN unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS t(text, html, folded, at)
                ON t.at = (topic.id * 31 + n * 17) %% %s + 1
            JOIN (SELECT person_id, row_number() OVER (ORDER BY id) AS at, count(*) OVER () AS people
                FROM discussions_membership WHERE group_id = %s) person
                ON person.at = (topic.id + n * 7) %% person.people + 1
            """,
            [
                RENDERER, group.pk, each, LONG_TOPIC, each, texts, [render_post(text) for text in texts],
                [fold(text) for text in texts], TEXTS, group.pk,
            ],
        )  # fmt: skip
        cursor.execute(
            """
            UPDATE discussions_topic topic SET last_number = made.last, last_post_at = made.at
            FROM (
                SELECT topic_id, max(number) AS last, max(posted_at) AS at FROM discussions_post GROUP BY topic_id
            ) made
            WHERE made.topic_id = topic.id AND topic.group_id = %s
            """,
            [group.pk],
        )


def _text(random: Random, at: int) -> str:
    words = random.choices(WORDS, k=45)
    if at % 20 == 0:
        words[7] = RARE[at // 20 % len(RARE)]
    return f"{' '.join(words[:25])}.\n\n{' '.join(words[25:40])} – **{' '.join(words[40:])}**."

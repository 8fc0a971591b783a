"""Groups in every state, and the addresses of all their pages: for looking at them, by axe and by eye."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from core import files
from core.links import make_token
from core.markdown import RENDERER, render_post
from discussions.actions import drafts, talk
from discussions.choices import Access, Belonging, Feeling, GroupState, Role, TopicKind
from discussions.emails.people import INVITATION
from discussions.models import Draft, Group, Invitation, Membership, Post, Topic, Translation
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, TopicFactory
from tests.factories.uploads import pdf, picture, upload

LONG = "Städtepartnerschaftskoordinierungsgesprächsvorbereitungsunterlagen"
TEXT = """Liebe Runde,

wir haben **drei Fragen** an alle, die schon einmal eine Jugendbegegnung geplant haben:

1. Wo habt ihr übernachtet?
2. Was hat es gekostet?
3. Wer hat *übersetzt*?

> Beim letzten Mal war es die Turnhalle.

Mehr steht auf https://www.ulm.example/begegnungen/2027/programm-und-anmeldung-fuer-alle-teilnehmenden.html

```
Budget:   12 000 Euro
Betten:   40
```"""


def busy_group(reader: User, coach: User) -> Group:
    """`reader` is a member who has not read everything; many others write."""
    people = [UserFactory(display_name=f"Mitglied {number} (erfunden)") for number in range(1, 26)]
    group: Group = GroupFactory(
        name="Jugendbegegnungen an der Donau 2027",
        rules="Wir duzen uns.\n\nWas hier steht, bleibt hier.",
        members=[reader, *people],
        coach=coach,
        languages=["de", "hu"],
    )
    titles = ["Wer kennt eine Herberge?", LONG, "Programm für den Juli", "Übersetzerin gesucht"]
    for number in range(24):
        TopicFactory(
            group=group,
            title=f"{titles[number % 4]} {number // 4 + 1}".replace(" 1", ""),
            author=people[number],
            posts=number % 5 + 1,
            kind=TopicKind.NEWS if number % 3 == 1 else TopicKind.QUESTION,
            is_pinned=number == 7,
            is_faq=number in (7, 8),
            needs_answer=number in (9, 12),
            answered_at=timezone.now() if number == 6 else None,
            created_at=timezone.now() - timedelta(days=number),
        )
    read = group.topics.first()
    if read:
        talk.mark_read(topic=read, by=reader, number=1)
    return group


def topic_with_everything(group: Group, reader: User, coach: User) -> Topic:
    now = timezone.now()
    other = UserFactory(email="maria@baja.example", display_name="Mária Szabóné Kovács-Példa", language="hu")
    MembershipFactory(group=group, person=other)
    topic = talk.start_topic(
        group=group, kind=TopicKind.QUESTION, title="Alles in einem Thema", text=TEXT, by=reader, now=now
    )
    said = _with_files(topic, other, now)
    talk.react(post=said, feeling=Feeling.THANKS, by=reader, on=True)
    talk.react(post=said, feeling=Feeling.JOY, by=coach, on=True)
    quote = f"> **{other.display_name}**, [#2]\n> Két kép és egy táblázat."
    quoted = f"{quote}\n\nDanke! @[Coach](person:{coach.pk}) schau mal."
    talk.post(topic=topic, text=quoted, by=reader, now=now)
    edited = talk.post(topic=topic, text="Ich komme am Mittwoch.", by=reader, now=now)
    talk.edit_post(post=edited, text="Ich komme am **Donnerstag**.", by=reader, base_version=1, now=now)
    talk.delete_post(post=talk.post(topic=topic, text="Weg.", by=reader, now=now), by=reader, now=now)
    hidden = talk.post(topic=topic, text="Verborgen.", by=other, now=now)
    Post.objects.filter(pk=hidden.pk).update(hidden_at=now, hidden_reason="Das verletzt eine andere Person.")
    talk.post(topic=topic, text="Per Mail geschrieben.", by=other, now=now, came_by_mail=True)
    answer = talk.post(topic=topic, text=f"Nehmt die {LONG}!", by=coach, now=now)
    talk.mark_answered(topic=topic, answer=answer, by=coach, now=now)
    words = "Használjátok a segédletet!"
    Translation.objects.create(
        post=answer,
        language="hu",
        text=words,
        html=render_post(words),
        renderer=RENDERER,
        translator=other,
        written_at=now,
    )
    return topic


def _with_files(topic: Topic, by: User, now: datetime) -> Post:
    draft = talk.save_draft(group=topic.group, topic=topic, title="", text="", by=by, now=now)
    uploads = [
        upload("Szálló a Sugovica-parton, a kert felől nézve.jpg", picture("JPEG", (900, 600))),
        upload("Hoch.png", picture("PNG", (200, 900))),
        upload(f"{LONG}.pdf", pdf()),
    ]
    drafts.attach_files(draft=draft, uploads=[files.check_upload(one) for one in uploads], now=now)
    text = "Két kép és egy táblázat."
    return talk.post(topic=topic, text=text, by=by, now=now, draft=draft, language="hu")


def polls(group: Group, reader: User) -> list[Topic]:
    """One that was voted in, one of dates, one that is over."""
    now = timezone.now()
    poll = talk.start_topic(
        group=group,
        kind=TopicKind.POLL,
        title="Wohin fahren wir?",
        text="Bitte bis Freitag.",
        by=reader,
        now=now,
        options=["Baja", f"Zur {LONG}-Werkstatt in Vidin", "Vukovar"],
        closes_at=now + timedelta(days=5),
    )
    dates = talk.start_topic(
        group=group,
        kind=TopicKind.DATES,
        title="Wann treffen wir uns?",
        text="",
        by=reader,
        now=now,
        dates=[now + timedelta(days=day) for day in (10, 11, 12)],
        draft=_draft_with_file(group, reader, now),
    )
    over = talk.start_topic(
        group=group,
        kind=TopicKind.POLL,
        title="Schon entschieden",
        text="Wer kocht?",
        by=reader,
        now=now,
        options=["Ulm", "Baja"],
        closes_at=now + timedelta(hours=1),
    )
    for topic in (poll, dates, over):
        options = list(topic.options.all())
        voters = [row.person for row in Membership.objects.filter(group=group)[:9]]
        for number, person in enumerate(voters):
            answers = {
                options[number % len(options)].pk: "yes",
                options[0].pk: "yes" if number % 2 else "maybe",
            }
            talk.vote(topic=topic, answers=answers, by=person, now=now)
    Topic.objects.filter(pk=over.pk).update(closes_at=now - timedelta(hours=1))
    return [poll, dates, over]


def _draft_with_file(group: Group, by: User, now: datetime) -> Draft:
    draft = talk.save_draft(group=group, topic=None, title="", text="", by=by, now=now)
    drafts.attach_files(draft=draft, uploads=[files.check_upload(upload("Plan.pdf", pdf()))], now=now)
    return draft


def long_topic(group: Group, reader: User, *, posts: int = 1000) -> Topic:
    topic = TopicFactory(group=group, title="Das längste Gespräch", author=reader)
    people = [row.person_id for row in Membership.objects.filter(group=group)]
    Post.objects.bulk_create(
        Post(
            topic=topic,
            group=group,
            number=number,
            author_id=people[number % len(people)],
            text=f"Beitrag {number}",
            html=f"<p>Beitrag {number} von vielen, mit einem Satz, der über die Zeile hinausgeht.</p>\n",
            renderer=RENDERER,
            posted_at=topic.created_at + timedelta(minutes=number),
            search_text=f"beitrag {number}",
        )
        for number in range(1, posts + 1)
    )
    Topic.objects.filter(pk=topic.pk).update(
        last_number=posts, last_post_at=topic.created_at + timedelta(minutes=posts)
    )
    topic.refresh_from_db()
    return topic


def around(reader: User, coach: User) -> None:
    """What else stands in the list of groups."""
    GroupFactory(name="Offen für alle", access=Access.OPEN)
    GroupFactory(name=f"Auf Anfrage: {LONG}", access=Access.OPEN, takes_requests=True)
    GroupFactory(
        name="Vom letzten Jahr", members=[reader], state=GroupState.ARCHIVED, archived_at=timezone.now()
    )
    GroupFactory(name="Wird gelöscht", members=[reader], delete_at=timezone.now() + timedelta(days=9))
    invited = GroupFactory(name="Eingeladen", coach=coach, rules="Wir duzen uns.")
    MembershipFactory(group=invited, person=reader, state=Belonging.INVITED, invited_by=coach)


def asked_and_invited(group: Group, by: User) -> list[str]:
    """What only those who lead the group see in its list; gives the link of an invitation by mail."""
    MembershipFactory(group=group, state=Belonging.ASKED, note="Ich plane dasselbe in Vidin.")
    MembershipFactory(group=group, state=Belonging.INVITED, invited_by=by)
    MembershipFactory(group=group, state=Belonging.BANNED, ended_at=timezone.now(), note="Hat gedroht.")
    row = Invitation.objects.create(
        group=group,
        email="olena-mit-einer-sehr-langen-adresse@partnerschaftsverein-baja.example",
        language="uk",
        role=Role.MEMBER,
        nonce="abcdefgh",
        invited_by=by,
        invited_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=20),
    )
    return [f"/groups/invitation/{make_token(INVITATION, row.pk, row.nonce)}/"]


def for_members(group: Group, topics: list[Topic], own: Post) -> list[str]:
    page = group.get_absolute_url()
    return [
        "/groups/",
        page,
        f"{page}?page=2",
        f"{page}?kind=poll",
        f"{page}people/",
        f"{page}search/?q=Herberge",
        f"{page}search/?q=xyzxyz",
        f"{page}search/?q=begegnung&where=all",
        f"{page}leave/",
        *(f"{page}new/?{query}" for query in ("", "kind=news", "kind=poll", "kind=dates", "line=1")),
        *(topic.get_absolute_url() for topic in topics),
        f"{topics[0].get_absolute_url()}?quote=1",
        f"/posts/{own.pk}/edit/",
        f"/posts/{own.pk}/delete/",
        f"/posts/{own.pk}/history/",
    ]


def for_leaders(group: Group, topics: list[Topic]) -> list[str]:
    page = group.get_absolute_url()
    row = Membership.objects.filter(group=group, role=Role.MEMBER, state=Belonging.ACTIVE).first()
    return [
        "/groups/new/",
        page,
        f"{page}settings/",
        f"{page}archive/",
        f"{page}delete/",
        f"{page}people/",
        f"{page}people/invite/",
        f"{page}people/{row.pk if row else 0}/",
        *(topic.get_absolute_url() for topic in topics),
    ]

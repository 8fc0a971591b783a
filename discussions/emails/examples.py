"""Invented rows for the previews of mails. They are written inside a transaction that is rolled back."""

from datetime import datetime

from accounts.models import User
from discussions.choices import Access, Belonging, Role
from discussions.models import Group, Membership, Post, Topic
from notifications.examples import HOST, invented_person


def example_group(*, now: datetime) -> Group:
    group = Group.objects.create(
        slug="preview-example",
        name="Beispielgruppe",
        purpose="Gemeinsam planen wir das nächste Treffen.",
        languages=["de", "en"],
        access=Access.CLOSED,
        created_at=now,
        is_demo=True,
    )
    host = User.objects.create_user(f"karin@{HOST}", display_name="Karin Beispiel")
    Membership.objects.create(
        group=group, person=host, role=Role.COACH, state=Belonging.ACTIVE, asked_at=now, since=now
    )
    return group


def example_reader(
    group: Group, *, language: str, now: datetime, state: str = Belonging.ACTIVE
) -> Membership:
    reader = invented_person(language)
    return Membership.objects.create(group=group, person=reader, state=state, asked_at=now, since=now)


def example_post(group: Group, *, now: datetime) -> Post:
    author = group.memberships.get().person
    topic = Topic.objects.create(
        group=group,
        title="Beispiel: Wer bringt Fotos mit?",
        author=author,
        created_at=now,
        last_post_at=now,
        last_number=1,
    )
    text = "Beispiel: Bitte bringen Sie **ein Foto** mit. Danke!"
    return Post.objects.create(
        group=topic.group,
        topic=topic,
        number=1,
        author=author,
        text=text,
        html=f"<p>{text}</p>",
        posted_at=now,
    )

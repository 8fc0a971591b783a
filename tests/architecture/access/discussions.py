"""Who gets what at the addresses of groups. Coordinator (who leads) and member belong to "closed" and to "opengroup".

The member has written what stands there. An administrator reads what is open, and of a closed group as little as any
other outsider (docs/decisions/0031).
"""

from django.utils import timezone

from accounts.models import SpokenLanguage, User
from core.files import check_upload
from discussions.actions import drafts, people, talk
from discussions.choices import Access, TopicKind
from discussions.models import Attachment, Group, Invitation, Post, Report, Term, Translation
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory
from tests.factories.uploads import picture, upload

EVERYBODY = (200, 200, 200, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
NOBODY = (404, 404, 404, 404, 404)
NOT_THERE = (302, 404, 404, 404, 404)
POST_ONLY = (405, 405, 405, 405, 405)
POST_ONLY_SIGNED_IN = (302, 405, 405, 405, 405)

MEMBERS = (302, 404, 200, 200, 404)
LEADERS = (302, 404, 403, 200, 404)
AUTHOR = (302, 404, 200, 403, 404)
SENT_ON = (302, 404, 302, 302, 404)  # a GET leads to the topic
# The same of an open group, which everybody signed in reads.
OPEN_MEMBERS = (302, 403, 200, 200, 403)
OPEN_LEADERS = (302, 403, 403, 200, 403)
OPEN_AUTHOR = (302, 403, 200, 403, 403)
OPEN_SENT_ON = (302, 302, 302, 302, 302)

CLOSED, OPEN, NOTHING = "closed", "opengroup", "nonsense"
TOPIC, POLL, POST, FILE, OF_THE_MEMBER, INVITED, TERM = (850_001 + number for number in range(7))
OPEN_TOPIC, OPEN_POLL, OPEN_POST, OPEN_OF_THE_MEMBER = (850_101 + number for number in range(4))
MISSING = 999_999
REPORT = "V-2345-ACDE"

OF_A_GROUP = {
    "group": (MEMBERS, SIGNED_IN),
    "search": (MEMBERS, SIGNED_IN),
    "faq": (MEMBERS, SIGNED_IN),
    "line": (MEMBERS, OPEN_MEMBERS),
    "export": (MEMBERS, OPEN_MEMBERS),
    "people": (MEMBERS, OPEN_MEMBERS),
    "new_topic": (MEMBERS, OPEN_MEMBERS),
    "settings": (LEADERS, OPEN_LEADERS),
    "archive": (LEADERS, OPEN_LEADERS),
    "delete": (LEADERS, OPEN_LEADERS),
    "invite": (LEADERS, OPEN_LEADERS),
    "reports": (LEADERS, OPEN_LEADERS),
    "join": (SENT_ON, (302, 200, 302, 302, 200)),
    "leave": (MEMBERS, (302, 404, 200, 200, 404)),
    "enter": ((302, 404, 404, 404, 200), NOT_THERE),
}  # fmt: skip
OF_A_TOPIC = {
    "topic": (MEMBERS, SIGNED_IN),
    "fresh": (MEMBERS, SIGNED_IN),
    "answer": (SENT_ON, OPEN_SENT_ON),
    "vote": (SENT_ON, OPEN_SENT_ON),
    "follow": (SENT_ON, OPEN_SENT_ON),
    "settle": (SENT_ON, OPEN_SENT_ON),
}
OF_A_POST = {
    "history": (MEMBERS, SIGNED_IN),
    "react": (SENT_ON, OPEN_SENT_ON),
    "edit_post": (AUTHOR, OPEN_AUTHOR),
    "delete_post": (AUTHOR, OPEN_AUTHOR),
    "report": ((302, 404, 403, 200, 404), (302, 403, 403, 200, 403)),  # not one's own
    "hide": ((302, 404, 403, 200, 404), (302, 403, 403, 200, 403)),
    "translate_choose": (MEMBERS, OPEN_MEMBERS),
}
OF_A_LANGUAGE = {
    "translate": (AUTHOR, OPEN_AUTHOR),  # who speaks it
    "remove_translation": (MEMBERS, OPEN_MEMBERS),
}

TABLE: dict[tuple[str, tuple[str | int, ...]], tuple[int, ...]] = {
    ("discussions:list", ()): SIGNED_IN,
    ("discussions:new", ()): (302, 403, 403, 403, 200),  # the coordinator of the cast is no coach
    ("discussions:preview", ()): POST_ONLY,
    ("discussions:coaching", ()): NOT_THERE,  # of those who coach a group
    ("discussions:notice", ()): EVERYBODY,
    ("discussions:notice_sent", ()): EVERYBODY,
    # What an invitation's own link opens is in tests/discussions/test_joining.py.
    ("discussions:invitation_cut_off", ()): NOBODY,
    ("discussions:invitation", ("nonsense",)): NOBODY,
    ("discussions:file", (FILE,)): MEMBERS,
    ("discussions:file", (MISSING,)): NOT_THERE,
    ("discussions:thumbnail", (FILE,)): MEMBERS,
    ("discussions:thumbnail", (MISSING,)): NOT_THERE,
    # The coordinator has reported the member's post, and leads the group: somebody else sees nothing of it.
    ("discussions:decision", (REPORT,)): (302, 404, 404, 200, 404),
    ("discussions:decision", ("nonsense",)): NOT_THERE,
    ("discussions:decide", (REPORT,)): (302, 404, 404, 200, 404),
    ("discussions:decide", ("nonsense",)): NOT_THERE,
    ("discussions:member", (CLOSED, OF_THE_MEMBER)): LEADERS,
    ("discussions:member", (CLOSED, OPEN_OF_THE_MEMBER)): (302, 404, 403, 404, 404),
    ("discussions:member", (OPEN, OPEN_OF_THE_MEMBER)): OPEN_LEADERS,
    ("discussions:member", (NOTHING, OF_THE_MEMBER)): NOT_THERE,
    ("discussions:withdraw_invitation", (CLOSED, INVITED)): POST_ONLY_SIGNED_IN,
    ("discussions:follow_all", (CLOSED,)): POST_ONLY_SIGNED_IN,
    ("discussions:draft_new", (CLOSED,)): POST_ONLY,
    ("discussions:draft", (CLOSED, TOPIC)): POST_ONLY,
    ("discussions:topic", (OPEN, TOPIC)): NOT_THERE,
    ("discussions:glossary", ()): SIGNED_IN,
    ("discussions:new_term", ()): (302, 403, 200, 200, 403),  # whoever belongs to a group
    ("discussions:edit_term", (TERM,)): (302, 403, 200, 200, 403),
    ("discussions:edit_term", (MISSING,)): (302, 403, 404, 404, 403),
    ("discussions:translate", (POST, "nonsense")): NOT_THERE,
    ("discussions:vote", (CLOSED, TOPIC)): NOT_THERE,  # it is no poll
    **{
        (f"discussions:{name}", (slug,)): answers
        for name, (closed, open_) in OF_A_GROUP.items()
        for slug, answers in ((CLOSED, closed), (OPEN, open_), (NOTHING, NOT_THERE))
    },
    **{
        (f"discussions:{name}", (slug, number)): answers
        for name, (closed, open_) in OF_A_TOPIC.items()
        for slug, number, answers in (
            (CLOSED, POLL, closed),
            (OPEN, OPEN_POLL, open_),
            (CLOSED, MISSING, NOT_THERE),
            (NOTHING, POLL, NOT_THERE),
        )
    },
    **{
        (f"discussions:{name}", (number,)): answers
        for name, (closed, open_) in OF_A_POST.items()
        for number, answers in ((POST, closed), (OPEN_POST, open_), (MISSING, NOT_THERE))
    },
    **{
        (f"discussions:{name}", (number, "hu")): answers
        for name, (closed, open_) in OF_A_LANGUAGE.items()
        for number, answers in ((POST, closed), (OPEN_POST, open_), (MISSING, NOT_THERE))
    },
}


def plant(cast: dict[str, User]) -> None:
    for access, slug, topic, poll, post, row in (
        (Access.CLOSED, CLOSED, TOPIC, POLL, POST, OF_THE_MEMBER),
        (Access.OPEN, OPEN, OPEN_TOPIC, OPEN_POLL, OPEN_POST, OPEN_OF_THE_MEMBER),
    ):
        group = GroupFactory(slug=slug, access=access, moderator=cast["coordinator"])
        MembershipFactory(pk=row, group=group, person=cast["participant"])
        TopicFactory(pk=topic, group=group, author=cast["participant"])
        begun = TopicFactory(pk=poll, group=group, author=cast["participant"], kind=TopicKind.POLL)
        begun.options.create(position=1, text="Ulm")
        said = PostFactory(pk=post, topic=begun, author=cast["participant"])
        Translation.objects.create(post=said, language="hu", text="Jó", translator=cast["participant"])
    SpokenLanguage.objects.create(person=cast["participant"], language="hu")
    Term.objects.create(pk=TERM, words={"de": "Verein", "hu": "egyesület"})
    _add_more(Group.objects.get(slug=CLOSED), cast)


def _add_more(group: Group, cast: dict[str, User]) -> None:
    now = timezone.now()
    leader = cast["coordinator"]
    people.invite(group=group, emails=["eva@pecs.example"], language="hu", by=leader, now=now)
    Invitation.objects.filter(group=group).update(id=INVITED)
    topic = group.topics.get(pk=TOPIC)
    draft = talk.save_draft(group=group, topic=topic, title="", text="", by=leader, now=now)
    drafts.attach_files(draft=draft, uploads=[check_upload(upload("chor.png", picture("PNG")))], now=now)
    talk.post(topic=topic, text="Unser Chor", by=leader, now=now, draft=draft)
    Attachment.objects.filter(original_name="chor.png").update(id=FILE)
    Report.objects.create(
        reference=REPORT,
        post=Post.objects.get(pk=POST),
        reporter=leader,
        text="Werbung",
        language="de",
        reported_at=now,
    )

"""The forms of groups: the room and its people, what is said in it, and what is reported."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from discussions.actions import moderation
from discussions.actions import people as belonging
from discussions.choices import Access, Belonging, TopicKind
from discussions.emails.people import invitation_path
from discussions.models import Group, Invitation, Membership, Post, Report, Term, Topic, Translation
from tests.architecture.sent.cases import Sent, case
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

GROUP = "/groups/raum/"
TOPIC, POST = 860_001, 860_002
FACTS = {"name": "Chöre", "languages": "de", "access": "closed", "sends_text": "yes"}


def room(people: dict[str, User], **facts: Any) -> Group:
    """Led by the coordinator; participant and partner are members."""
    members = [people["participant"], people["partner"]]
    return GroupFactory(**{"slug": "raum", "moderator": people["coordinator"], "members": members, **facts})


def topic(people: dict[str, User], **facts: Any) -> Topic:
    """Begun by the participant, who has written its one post."""
    row = TopicFactory(pk=TOPIC, group=room(people), author=people["participant"], **facts)
    PostFactory(pk=POST, topic=row, author=people["participant"])
    return row


def post(people: dict[str, User]) -> Post:
    return Post.objects.get(topic=topic(people))


def row_of(people: dict[str, User], state: str, **facts: Any) -> Membership:
    """Of the deputy."""
    return MembershipFactory(group=room(people, **facts), person=people["deputy"], state=state)


def reported(people: dict[str, User]) -> Report:
    return moderation.report_post(
        post=post(people), text="Das ist Werbung.", by=people["partner"], now=timezone.now()
    )


# The room


@case("discussions:new")
def _(people):
    makes = {"Group": 1, "Membership": 1}
    return Sent(people["admin"], "/groups/new/", {**FACTS, "base_version": "0"}, makes)


@case("discussions:settings")
def _(people):
    data = {**FACTS, "base_version": str(room(people).version)}
    return Sent(people["coordinator"], f"{GROUP}settings/", data)


@case("discussions:archive")
def _(people):
    room(people)
    return Sent(people["coordinator"], f"{GROUP}archive/")


@case("discussions:delete")
def _(people):
    room(people)
    return Sent(people["coordinator"], f"{GROUP}delete/", {}, {"Notice": 3})


# Its people


@case("discussions:invite", "with an account")
def _(people):
    room(people)
    data = {"addresses": people["deputy"].email, "language": "hu", "step": "send"}
    makes = {"Membership": 1, "Notice": 1}
    return Sent(people["coordinator"], f"{GROUP}people/invite/", data, makes)


@case("discussions:invite", "by mail")
def _(people):
    room(people)
    data = {"addresses": "eva@pecs.example", "language": "hu", "step": "send"}
    makes = {"Invitation": 1, "Notice": 1}
    return Sent(people["coordinator"], f"{GROUP}people/invite/", data, makes)


def invitation(people: dict[str, User]) -> Invitation:
    group, now = room(people), timezone.now()
    emails = ["eva@pecs.example"]
    belonging.invite(group=group, emails=emails, language="hu", by=people["coordinator"], now=now)
    return Invitation.objects.get()


@case("discussions:withdraw_invitation")
def _(people):
    path = f"{GROUP}people/invitations/{invitation(people).pk}/"
    return Sent(people["coordinator"], path)


@case("discussions:invitation")
def _(people):
    return Sent(people["deputy"], invitation_path(invitation(people)), {}, {"Membership": 1})


@case("discussions:member", "role")
def _(people):
    row = row_of(people, Belonging.ACTIVE)
    data = {"do": "role", "role": "moderator"}
    return Sent(people["coordinator"], f"{GROUP}people/{row.pk}/", data)


@case("discussions:member", "end")
def _(people):
    row = row_of(people, Belonging.ACTIVE)
    data = {"do": "end", "reason": "Werbung", "ban": "on"}
    return Sent(people["coordinator"], f"{GROUP}people/{row.pk}/", data, {"Notice": 1})


@case("discussions:member", "accept")
def _(people):
    row = row_of(people, Belonging.ASKED)
    return Sent(people["coordinator"], f"{GROUP}people/{row.pk}/", {"do": "accept"}, {"Notice": 1})


@case("discussions:join", "open")
def _(people):
    room(people, access=Access.OPEN)
    return Sent(people["deputy"], f"{GROUP}join/", {}, {"Membership": 1})


@case("discussions:join", "ask")
def _(people):
    room(people, access=Access.OPEN, takes_requests=True)
    makes = {"Membership": 1, "Notice": 1}
    return Sent(people["deputy"], f"{GROUP}join/", {"note": "Ich singe gern."}, makes)


@case("discussions:join", "decline")
def _(people):
    row_of(people, Belonging.INVITED)
    return Sent(people["deputy"], f"{GROUP}join/", {"do": "decline"}, {"Membership": -1})


@case("discussions:leave")
def _(people):
    room(people)
    return Sent(people["participant"], f"{GROUP}leave/")


@case("discussions:enter")
def _(people):
    room(people)
    makes = {"Entry": 1, "Membership": 1, "Notice": 3}
    return Sent(people["admin"], f"{GROUP}enter/", {"reason": "Das Gericht fragt."}, makes)


@case("discussions:follow_all")
def _(people):
    room(people)
    return Sent(people["participant"], f"{GROUP}follow/", {"on": "yes"})


# What is said


@case("discussions:new_topic")
def _(people):
    room(people)
    data = {"title": "Wer kommt?", "text": "Am Samstag."}
    makes = {"Topic": 1, "Post": 1, "ReadMark": 1, "Notice": 2}
    return Sent(people["participant"], f"{GROUP}new/", data, makes)


@case("discussions:new_topic", "poll")
def _(people):
    room(people)
    data = {"title": "Wohin?", "text": "Bitte wählen.", "options": "Ulm\nBaja"}
    makes = {"Topic": 1, "Option": 2, "Post": 1, "ReadMark": 1, "Notice": 2}
    return Sent(people["participant"], f"{GROUP}new/?kind=poll", data, makes)


@case("discussions:draft_new")
def _(people):
    room(people)
    data = {"title": "Wer kommt?", "text": "Am Sam"}
    return Sent(people["participant"], f"{GROUP}new/draft/", data, {"Draft": 1})


@case("discussions:draft")
def _(people):
    topic(people)
    return Sent(people["partner"], f"{GROUP}{TOPIC}/draft/", {"text": "Ich k"}, {"Draft": 1})


@case("discussions:preview")
def _(people):
    room(people)
    return Sent(people["participant"], "/groups/preview/", {"group": "raum", "text": "**Ja**"})


@case("discussions:answer")
def _(people):
    topic(people)
    makes = {"Post": 1, "ReadMark": 1, "Notice": 2}
    return Sent(people["partner"], f"{GROUP}{TOPIC}/answer/", {"text": "Ich komme."}, makes)


@case("discussions:vote")
def _(people):
    option = topic(people, kind=TopicKind.POLL).options.create(position=1, text="Ulm")
    data = {"options": str(option.pk)}
    return Sent(people["partner"], f"{GROUP}{TOPIC}/vote/", data, {"Vote": 1})


@case("discussions:follow")
def _(people):
    topic(people)
    data = {"following": "follow"}
    return Sent(people["partner"], f"{GROUP}{TOPIC}/follow/", data, {"ReadMark": 1})


@case("discussions:settle")
def _(people):
    topic(people)
    return Sent(people["coordinator"], f"{GROUP}{TOPIC}/settle/", {"what": "answered", "answer": "1"})


@case("discussions:react")
def _(people):
    topic(people)
    data = {"reaction": "thanks:1"}
    return Sent(people["partner"], f"/posts/{POST}/react/", data, {"Reaction": 1})


@case("discussions:edit_post")
def _(people):
    data = {"text": "Doch nicht.", "base_version": str(post(people).version)}
    return Sent(people["participant"], f"/posts/{POST}/edit/", data, {"PostVersion": 1})


@case("discussions:delete_post")
def _(people):
    topic(people)
    return Sent(people["participant"], f"/posts/{POST}/delete/")


# What is reported


@case("discussions:report")
def _(people):
    topic(people)
    data = {"text": "Das ist Werbung."}
    return Sent(people["partner"], f"/posts/{POST}/report/", data, {"Report": 1, "Notice": 1})


@case("discussions:hide")
def _(people):
    topic(people)
    data = {"reason": "Das ist Werbung."}
    return Sent(people["coordinator"], f"/posts/{POST}/hide/", data, {"Report": 1, "Notice": 1})


@case("discussions:decide")
def _(people):
    data = {"decision": "hide", "reason": "Das ist Werbung."}
    path = f"/reports/{reported(people).reference}/decide/"
    return Sent(people["coordinator"], path, data, {"Notice": 2})


@case("discussions:decision")
def _(people):
    row, now = reported(people), timezone.now()
    moderation.hide_post(post=row.post, reason="Werbung", by=people["coordinator"], now=now, report=row)
    data = {"text": "Es war nur ein Hinweis."}
    return Sent(people["participant"], f"/reports/{row.reference}/", data, {"Notice": 1})


@case("discussions:notice")
def _(people):
    data = {"address": "/groups/raum/", "text": "Das verletzt meine Rechte.", "email": "eva@pecs.example"}
    data["in_good_faith"] = "on"
    return Sent(None, "/notice/", data, {"Report": 1, "Notice": 2})


# Other languages; the partner speaks Romanian


@case("discussions:translate_choose", "ask")
def _(people):
    topic(people)
    data = {"ask-key": str(uuid4()), "ask-language": "ro"}
    makes = {"Translation": 1, "Notice": 1}
    return Sent(people["participant"], f"/posts/{POST}/translate/", data, makes)


@case("discussions:translate")
def _(people):
    data = {"text": "Da.", "base_version": "0", "of_version": str(post(people).version)}
    makes = {"Translation": 1, "Notice": 1}
    return Sent(people["partner"], f"/posts/{POST}/translate/ro/", data, makes)


@case("discussions:remove_translation")
def _(people):
    Translation.objects.create(post=post(people), language="ro", text="Da.", translator=people["partner"])
    return Sent(people["partner"], f"/posts/{POST}/translate/ro/remove/", {}, {"Translation": -1})


WORDS = {"word_de": "Verein", "word_hu": "egyesület"}


@case("discussions:new_term")
def _(people):
    room(people)
    return Sent(people["participant"], "/glossary/new/", {**WORDS, "base_version": "0"}, {"Term": 1})


@case("discussions:edit_term")
def _(people):
    room(people)
    term = Term.objects.create(words={"de": "Verein", "en": "club"})
    data = {**WORDS, "base_version": str(term.version)}
    return Sent(people["participant"], f"/glossary/{term.pk}/edit/", data)

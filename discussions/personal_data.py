"""What groups store about a person, and what is left of it afterwards.

Posts stay readable without their author. Names stand in texts where others mention or quote the person: there they
are replaced, and the HTML is made anew.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from accounts.personal_data import Rows, as_date, register, register_rows
from core.folding import fold
from core.markdown import RENDERER
from discussions.actions.talk import forget_draft, rendered
from discussions.models import (
    Draft,
    Entry,
    Group,
    Invitation,
    Membership,
    Post,
    PostVersion,
    Reaction,
    ReadMark,
    Report,
    Term,
    Topic,
    Translation,
    Vote,
)

Replace = Callable[[str], str]
_QUOTED = re.compile(r"\*\*([^*_~`<>&\[\]\\\n]{1,100})\*\*(,? ?\[#([1-9][0-9]{0,17})\])")


def _export_memberships(person: User) -> Rows:
    """Not those of others the person has invited."""
    rows = Membership.objects.filter(person=person).select_related("group")
    return [
        {
            "group": row.group.name,
            "role": row.role,
            "state": row.state,
            "note": row.note,
            "since": as_date(row.since),
            "ended_at": as_date(row.ended_at),
        }
        for row in rows.order_by("pk")
    ]


def _export_posts(person: User) -> Rows:
    posts = Post.objects.filter(author=person).select_related("topic__group")
    return [
        {
            "group": post.topic.group.name,
            "topic": post.topic.title,
            "number": post.number,
            "text": post.text,
            "posted_at": as_date(post.posted_at),
            "edited_at": as_date(post.edited_at),
            "came_by_mail": post.came_by_mail,
        }
        for post in posts.order_by("pk")
    ]


def _export_versions(person: User) -> Rows:
    versions = PostVersion.objects.filter(post__author=person).select_related("post")
    return [
        {"post": str(row.post), "text": row.text, "replaced_at": as_date(row.replaced_at)}
        for row in versions.order_by("pk")
    ]


def _export_drafts(person: User) -> Rows:
    return [
        {
            "group": draft.group.name,
            "topic": draft.topic.title if draft.topic else "",
            "title": draft.title,
            "text": draft.text,
            "changed_at": as_date(draft.changed_at),
        }
        for draft in Draft.objects.filter(person=person).select_related("group", "topic").order_by("pk")
    ]


def _export_votes(person: User) -> Rows:
    votes = Vote.objects.filter(person=person).select_related("option__topic")
    return [
        {"topic": vote.option.topic.title, "option": str(vote.option), "answer": vote.answer}
        for vote in votes.order_by("pk")
    ]


def _export_topics(person: User) -> Rows:
    """Those the person has begun, and the own private lines."""
    topics = Topic.objects.filter(Q(author=person) | Q(line_of=person)).select_related("group")
    return [
        {
            "group": topic.group.name,
            "title": topic.title,
            "created_at": as_date(topic.created_at),
            "is_private_line": topic.line_of_id == person.pk,
        }
        for topic in topics.order_by("pk")
    ]


def _export_reports(person: User) -> Rows:
    """What the person has reported, or signed with the address before there was an account; and decisions about own
    posts, without what somebody else has written about them.
    """
    mine = Q(reporter=person) | Q(email__iexact=person.email) if person.email else Q(reporter=person)
    reported = [
        {
            "reference": report.reference,
            "text": report.text,
            "reported_at": as_date(report.reported_at),
            "state": report.state,
            "decision": report.decision,
        }
        for report in Report.objects.filter(mine).order_by("pk")
    ]
    statements = Report.objects.filter(is_statement=True, post__author=person).select_related("post")
    return reported + [
        {
            "reference": report.reference,
            "post": str(report.post),
            "state": report.state,
            "decision": report.decision,
            "decided_at": as_date(report.decided_at),
            "appeal": report.appeal,
            "appealed_at": as_date(report.appealed_at),
            "appeal_decision": report.appeal_decision,
        }
        for report in statements.order_by("pk")
    ]


def _export_translations(person: User) -> Rows:
    """Those the person wrote with their text; of those only asked for, that they were."""
    rows = Translation.objects.filter(Q(translator=person) | Q(asked_by=person)).select_related("post")
    return [
        {
            "post": str(row.post),
            "language": row.language,
            "text": row.text if row.translator_id == person.pk else "",
            "written_at": as_date(row.written_at) if row.translator_id == person.pk else None,
            "asked_at": as_date(row.asked_at) if row.asked_by_id == person.pk else None,
        }
        for row in rows.order_by("pk")
    ]


def _forget_translations(person: User) -> None:
    """Names in their texts are replaced with those of the posts."""
    Translation.objects.filter(translator=person).update(translator=None)
    Translation.objects.filter(asked_by=person).update(asked_by=None)


def _forget_drafts(person: User) -> None:
    for draft in Draft.objects.filter(person=person):
        forget_draft(draft=draft)


def _forget_memberships(person: User) -> None:
    Membership.objects.filter(person=person).delete()
    Membership.objects.filter(invited_by=person).update(invited_by=None)


def _forget_posts(person: User) -> None:
    """Names first: which posts are quoted is known as long as they have their author."""
    _replace_mentions(person)
    _replace_quotes(person)
    # Appeals, too: whose they are is known by the post alone. One that waits waits for nobody any more.
    appeals = Report.objects.filter(post__author=person)
    appeals.filter(appeal_decided_at=None).update(appealed_at=None)
    appeals.update(appeal="")
    Post.objects.filter(author=person).update(author=None, message_id="")
    Post.objects.filter(hidden_by=person).update(hidden_by=None)


def _forget_reports(person: User) -> None:
    """What was reported stays, nobody stands behind it any more."""
    if person.email:
        Report.objects.filter(email__iexact=person.email).update(email="")
    Report.objects.filter(reporter=person).update(reporter=None, email="")
    Report.objects.filter(decided_by=person).update(decided_by=None)
    Report.objects.filter(appeal_decided_by=person).update(appeal_decided_by=None)


def _replace_mentions(person: User) -> None:
    """`@[Name](person:5)`, wherever it stands."""
    token = re.compile(rf"@\[[^\[\]\n]{{1,100}}\]\(person:{person.pk}\)")
    holds = Q(text__contains=f"](person:{person.pk})")
    for post in _locked(Post.objects.filter(holds | Q(versions__text__contains=f"](person:{person.pk})"))):
        name = _nobody_in(post.topic.group)
        _rewrite(post, lambda text, name=name: token.sub(name, text))  # type: ignore[misc]
    for draft in Draft.objects.filter(holds).select_related("group"):
        draft.text = token.sub(_nobody_in(draft.group), draft.text)
        draft.save(update_fields=("text",))
    for row in Translation.objects.filter(holds).select_related("post__topic__group"):
        _rewrite_translation(row, token.sub(_nobody_in(row.post.topic.group), row.text))


def _replace_quotes(person: User) -> None:
    """`**Name**, [#12]` where post 12 of the topic is the person's, however it was called at the time."""
    for topic in Topic.objects.filter(posts__author=person).distinct().select_related("group"):
        own = set(topic.posts.filter(author=person).values_list("number", flat=True))
        name = _nobody_in(topic.group)

        def named(found: re.Match[str], own: set[int] = own, name: str = name) -> str:
            return f"**{name}**{found[2]}" if int(found[3]) in own else found[0]

        def replace(text: str, named: Callable[[re.Match[str]], str] = named) -> str:
            return _QUOTED.sub(named, text)

        cites = Q(text__contains="[#")
        for post in _locked(topic.posts.filter(cites | Q(versions__text__contains="[#"))):
            _rewrite(post, replace)
        for draft in Draft.objects.filter(cites, topic=topic):
            draft.text = replace(draft.text)
            draft.save(update_fields=("text",))
        for row in Translation.objects.filter(cites, post__topic=topic):
            _rewrite_translation(row, replace(row.text))


def _locked(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Each once; somebody who changes one of them at this moment is waited for."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("topic__group")
    return rows.filter(pk__in=posts.values("pk"))


def _rewrite(post: Post, replace: Replace) -> None:
    """No new version, nobody is told: what was said is the same."""
    text = replace(post.text)
    if text != post.text:
        post.text, post.html, post.renderer = text, rendered(text, post.topic), RENDERER
        post.search_text = fold(text)
        post.save(update_fields=("text", "html", "renderer", "search_text"))
    for version in post.versions.all():
        version.text = replace(version.text)
        version.save(update_fields=("text",))


def _rewrite_translation(row: Translation, text: str) -> None:
    if text != row.text:
        row.text, row.html, row.renderer = text, rendered(text, row.post.topic), RENDERER
        row.save(update_fields=("text", "html", "renderer"))


def _nobody_in(group: Group) -> str:
    """In the language of the group, as it becomes part of a text."""
    known = [code for code, _name in settings.LANGUAGES if code in group.languages]
    with translation.override(
        settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in known or not known else known[0]
    ):
        return gettext("Former member")


register(Draft, export=_export_drafts, erase=_forget_drafts)
register_rows(Entry, keys=("person",), show=("group", "reason", "at"))
register_rows(Group, keys=("created_by",), show=("name", "created_at"))
register_rows(
    Invitation,
    keys=("invited_by",),
    addresses=("email",),
    show=("group", "language", "role", "invited_at", "accepted_at"),
)
register(Membership, export=_export_memberships, erase=_forget_memberships)
register(Post, export=_export_posts, erase=_forget_posts)
# Reached through the post: nothing in it names its author.
register(PostVersion, export=_export_versions, erase=lambda person: None)
register_rows(Reaction, own=("person",), show=("post", "feeling"))
register_rows(ReadMark, own=("person",), show=("topic", "number", "following"))
register(Report, export=_export_reports, erase=_forget_reports)
register_rows(Term, keys=("added_by", "changed_by"), show=("words", "note", "changed_at"))
register(
    Topic,
    export=_export_topics,
    erase=lambda person: [
        Topic.objects.filter(**{key: person}).update(**{key: None})
        for key in ("author", "line_of", "last_author", "taken_by")
    ],
)
register(Translation, export=_export_translations, erase=_forget_translations)
register(Vote, export=_export_votes, erase=lambda person: Vote.objects.filter(person=person).delete())

"""What groups store, one subject a file."""

from discussions.models.groups import (
    BelongingQuerySet,
    Entry,
    Group,
    GroupQuerySet,
    Invitation,
    Membership,
)
from discussions.models.reports import Report
from discussions.models.talk import (
    WORDS,
    Attachment,
    Draft,
    Option,
    Post,
    PostQuerySet,
    PostVersion,
    Reaction,
    ReadMark,
    TalkQuerySet,
    Term,
    Topic,
    Translation,
    Vote,
)

__all__ = [
    "WORDS",
    "Attachment",
    "BelongingQuerySet",
    "Draft",
    "Entry",
    "Group",
    "GroupQuerySet",
    "Invitation",
    "Membership",
    "Option",
    "Post",
    "PostQuerySet",
    "PostVersion",
    "Reaction",
    "ReadMark",
    "Report",
    "TalkQuerySet",
    "Term",
    "Topic",
    "Translation",
    "Vote",
]

"""What groups tell people. Importing it registers the kinds."""

from discussions.emails.groups import DeletionAnnounced, LookedInto
from discussions.emails.languages import TranslationAsked, TranslationWritten
from discussions.emails.moderation import (
    AppealDecided,
    AppealMade,
    PostHidden,
    PostReported,
    ReportDecided,
)
from discussions.emails.notices import NoticeAnswered, NoticeTaken, ReportForOffice
from discussions.emails.people import (
    GroupInvited,
    GroupJoinAnswered,
    GroupJoinAsked,
    GroupMailInvited,
    GroupRemoved,
)
from discussions.emails.posts import NewPost

__all__ = [
    "AppealDecided",
    "AppealMade",
    "DeletionAnnounced",
    "GroupInvited",
    "GroupJoinAnswered",
    "GroupJoinAsked",
    "GroupMailInvited",
    "GroupRemoved",
    "LookedInto",
    "NewPost",
    "NoticeAnswered",
    "NoticeTaken",
    "PostHidden",
    "PostReported",
    "ReportDecided",
    "ReportForOffice",
    "TranslationAsked",
    "TranslationWritten",
]

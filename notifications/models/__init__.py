"""Telling people: what is told, how often each reader wants to be written to, and who is not written to any more."""

from notifications.models.notices import Notice, NoticeQuerySet, SweepRun
from notifications.models.preferences import MailStop, Pace, Preference

__all__ = [
    "MailStop",
    "Notice",
    "NoticeQuerySet",
    "Pace",
    "Preference",
    "SweepRun",
]

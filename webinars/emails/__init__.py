"""What is told about sessions. Importing it registers the kinds."""

from webinars.emails.desk import HostMailSent
from webinars.emails.invitations import SessionInvited
from webinars.emails.recordings import RecordingReady
from webinars.emails.registrations import (
    AlreadyRegistered,
    GuestConfirm,
    OfferOver,
    RegistrationCancelled,
    SeatConfirmed,
    SeatGiven,
    SeatOffered,
    SeatWaiting,
    SessionCancelled,
    SessionChanged,
    SessionMoved,
    SessionReminder,
    SessionThanks,
)

__all__ = [
    "AlreadyRegistered",
    "GuestConfirm",
    "HostMailSent",
    "OfferOver",
    "RecordingReady",
    "RegistrationCancelled",
    "SeatConfirmed",
    "SeatGiven",
    "SeatOffered",
    "SeatWaiting",
    "SessionCancelled",
    "SessionChanged",
    "SessionInvited",
    "SessionMoved",
    "SessionReminder",
    "SessionThanks",
]

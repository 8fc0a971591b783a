"""What is stored about live dates, one subject a file."""

from webinars.models.after import CalendarFeed, Feedback, HostMail, Material, MaterialQuerySet
from webinars.models.registrations import (
    Certificate,
    Needs,
    NeedsQuerySet,
    Registration,
    RegistrationQuerySet,
)
from webinars.models.sessions import Host, Invitation, ReminderPlan, Session, SessionQuerySet

__all__ = [
    "CalendarFeed",
    "Certificate",
    "Feedback",
    "Host",
    "HostMail",
    "Invitation",
    "Material",
    "MaterialQuerySet",
    "Needs",
    "NeedsQuerySet",
    "Registration",
    "RegistrationQuerySet",
    "ReminderPlan",
    "Session",
    "SessionQuerySet",
]

"""The office's view of sessions, one subject a file. Needs have no page here: they are for hosts."""

from webinars.admin.after import CalendarFeedAdmin, FeedbackAdmin, HostMailAdmin, MaterialAdmin
from webinars.admin.registrations import CertificateAdmin, RegistrationAdmin
from webinars.admin.sessions import SessionAdmin, ShownStateFilter

__all__ = [
    "CalendarFeedAdmin",
    "CertificateAdmin",
    "FeedbackAdmin",
    "HostMailAdmin",
    "MaterialAdmin",
    "RegistrationAdmin",
    "SessionAdmin",
    "ShownStateFilter",
]

"""What courses and strategies tell people. Importing it registers the kinds."""

from training.emails.coaching import CoachReminder
from training.emails.finishing import CertificateIssued, CourseFinished
from training.emails.measures import MeasureDue, ReviewDue
from training.emails.office import CourseAnnounced, CourseInvited, CourseMailSent, CourseReminder
from training.emails.strategies import SectionCommented, SectionsSent, StrategyAnswered
from training.emails.taking_part import CourseEnrolled

__all__ = [
    "CertificateIssued",
    "CoachReminder",
    "CourseAnnounced",
    "CourseEnrolled",
    "CourseFinished",
    "CourseInvited",
    "CourseMailSent",
    "CourseReminder",
    "MeasureDue",
    "ReviewDue",
    "SectionCommented",
    "SectionsSent",
    "StrategyAnswered",
]

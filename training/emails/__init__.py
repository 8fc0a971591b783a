"""What courses tell people. Importing it registers the kinds."""

from training.emails.taking_part import CourseEnrolled

__all__ = ["CourseEnrolled"]

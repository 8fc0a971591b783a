"""What the office sees of notices: the mail log, a preview of every mail, and to whom none go any more."""

from notifications.admin import notices, stops

__all__ = ["notices", "stops"]

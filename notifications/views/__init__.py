"""Pages about notices: the list, how often mails come, and their end."""

from notifications.views.inbox import inbox, mark_all_read, open_notice
from notifications.views.preferences import mailbox_works_again, preferences, preferences_by_mail
from notifications.views.unsubscribe import unsubscribe

__all__ = [
    "inbox",
    "mailbox_works_again",
    "mark_all_read",
    "open_notice",
    "preferences",
    "preferences_by_mail",
    "unsubscribe",
]

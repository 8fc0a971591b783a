"""What readers, the office, the mail server and the clock do with notices."""

from notifications.actions.bounces import note_bounce
from notifications.actions.choosing import (
    choose_paces,
    end_mails,
    lift_stop,
    mailbox_works_again,
    resume_mails,
)
from notifications.actions.reading import mark_all_read, mark_read
from notifications.actions.retention import (
    forget_about,
    forget_addresses,
    forget_old_notices,
    forget_scope,
    leave_unwanted_unread,
)
from notifications.actions.sending import NoReader, NotFailed, send_again

__all__ = [
    "NoReader",
    "NotFailed",
    "choose_paces",
    "end_mails",
    "forget_about",
    "forget_addresses",
    "forget_old_notices",
    "forget_scope",
    "leave_unwanted_unread",
    "lift_stop",
    "mailbox_works_again",
    "mark_all_read",
    "mark_read",
    "note_bounce",
    "resume_mails",
    "send_again",
]

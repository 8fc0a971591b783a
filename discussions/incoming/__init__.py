"""Answers that come by mail: whose address was written to, what the person wrote, what is only history.

Nothing here knows the database. In this order: `open_mail`, `why_ignored`, `read_mail`, `read_reply_address`, `cut`.
"""

from discussions.incoming.addresses import read_reply_address, reply_address
from discussions.incoming.automatic import Automatic, why_ignored
from discussions.incoming.cutting import cut, quotes_apart
from discussions.incoming.messages import Attached, Incoming, Refusal, Refused, open_mail, read_mail

__all__ = [
    "Attached",
    "Automatic",
    "Incoming",
    "Refusal",
    "Refused",
    "cut",
    "open_mail",
    "quotes_apart",
    "read_mail",
    "read_reply_address",
    "reply_address",
    "why_ignored",
]

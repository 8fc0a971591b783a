"""What the register tells people, one subject a file. Importing it registers the kinds."""

from partnerships.emails.answers import (
    SideInvited,
)

__all__ = [
    "SideInvited",
]

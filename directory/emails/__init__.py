"""What the directory tells people, one subject a file."""

from directory.emails.reports import (
    EntryReported,
    ReportAnswered,
)

__all__ = [
    "EntryReported",
    "ReportAnswered",
]

"""What the directory tells people, one subject a file."""

from directory.emails.claims import (
    ADDRESS_LINK,
    ClaimAddressCheck,
    ClaimDecided,
    ClaimEnded,
    ClaimHandedOver,
    ClaimMade,
    ClaimSecond,
    ClaimSecondAnswered,
    MunicipalityWithoutVoice,
)
from directory.emails.contact import MessagePassedOn
from directory.emails.reports import (
    EntryReported,
    ReportAnswered,
)

__all__ = [
    "ADDRESS_LINK",
    "ClaimAddressCheck",
    "ClaimDecided",
    "ClaimEnded",
    "ClaimHandedOver",
    "ClaimMade",
    "ClaimSecond",
    "ClaimSecondAnswered",
    "EntryReported",
    "MessagePassedOn",
    "MunicipalityWithoutVoice",
    "ReportAnswered",
]

"""What the register tells people, one subject a file. Importing it registers the kinds."""

from partnerships.emails.answers import (
    CorrectionDecided,
    CorrectionProposed,
    LastContactLeft,
    SideConfirmed,
    SideDisputed,
    SideInvitationReminder,
    SideInvited,
    StillRight,
    StillRightReminder,
    TakeOverOffered,
)
from partnerships.emails.freshness import AnniversaryAhead, DormancySuggested, SilentSide
from partnerships.emails.writing import (
    PartnershipChanged,
    PartnershipPublished,
    PartnershipWaits,
    PlaceAdded,
)

__all__ = [
    "AnniversaryAhead",
    "CorrectionDecided",
    "CorrectionProposed",
    "DormancySuggested",
    "LastContactLeft",
    "PartnershipChanged",
    "PartnershipPublished",
    "PartnershipWaits",
    "PlaceAdded",
    "SideConfirmed",
    "SideDisputed",
    "SideInvitationReminder",
    "SideInvited",
    "SilentSide",
    "StillRight",
    "StillRightReminder",
    "TakeOverOffered",
]

"""What the register tells people, one subject a file. Importing it registers the kinds."""

from partnerships.emails.writing import (
    PartnershipChanged,
    PartnershipPublished,
    PartnershipWaits,
    PlaceAdded,
)

__all__ = ["PartnershipChanged", "PartnershipPublished", "PartnershipWaits", "PlaceAdded"]

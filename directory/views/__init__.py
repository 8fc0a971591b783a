"""Pages of the directory, one subject a file."""

from directory.views.browse import (
    municipality_detail,
    municipality_export,
    municipality_list,
    municipality_suggest,
    report,
    sources,
)
from directory.views.claim_address import claim_address
from directory.views.claims import claim, claim_detail, claim_end
from directory.views.contact import contact, contact_sent
from directory.views.profiles import edit

__all__ = [
    "claim",
    "claim_address",
    "claim_detail",
    "claim_end",
    "contact",
    "contact_sent",
    "edit",
    "municipality_detail",
    "municipality_export",
    "municipality_list",
    "municipality_suggest",
    "report",
    "sources",
]

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
from directory.views.invitations import (
    organisation_invitation,
    organisation_invitation_withdraw,
    organisation_invite,
)
from directory.views.memberships import (
    organisation_join,
    organisation_leave,
    organisation_member,
    organisation_people,
    organisation_request,
)
from directory.views.organisations import (
    my_organisations,
    organisation_create,
    organisation_detail,
    organisation_edit,
    organisation_list,
    organisation_profile,
)
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
    "my_organisations",
    "organisation_create",
    "organisation_detail",
    "organisation_edit",
    "organisation_invitation",
    "organisation_invitation_withdraw",
    "organisation_invite",
    "organisation_join",
    "organisation_leave",
    "organisation_list",
    "organisation_member",
    "organisation_people",
    "organisation_profile",
    "organisation_request",
    "report",
    "sources",
]

"""The forms of municipalities, organisations and one's own account."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from core.links import make_token
from directory import actions as directory_actions
from directory.emails import ADDRESS_LINK
from directory.queries import invitation_url
from notifications.links import mail_link
from tests.architecture.sent.cases import Sent, case
from tests.factories.directory import (
    ClaimFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
)

TOO_OFTEN = frozenset({429})  # what one connection gets from allauth that opens twenty accounts a second


def verein(people: dict[str, User]) -> Any:
    organisation = OrganisationFactory(name="Verein", slug="verein")
    MembershipFactory(organisation=organisation, person=people["coordinator"], role="coordinator")
    return organisation


# Municipalities


@case("directory:report")
def _(people):
    MunicipalityFactory(slug="ulm-de")
    data = {"text": "Der Name ist falsch geschrieben."}
    return Sent(None, "/report/municipality/ulm-de/", data, {"EntryReport": 1, "Notice": 1})


@case("directory:contact")
def _(people):
    MunicipalityFactory(slug="ulm-de")
    data = {"name": "Eva", "email": "eva@example.org", "text": "Wir suchen eine Partnerstadt."}
    return Sent(None, "/contact/municipality/ulm-de/", data, {"ContactMessage": 1, "Notice": 1})


@case("directory:claim")
def _(people):
    MunicipalityFactory(slug="ulm-de")
    data = {"role": "coordinator", "official_email": "amt@ulm.example", "reason": "Ich bin es."}
    return Sent(people["outsider"], "/municipalities/ulm-de/claim/", data, {"Claim": 1, "Notice": 2})


@case("directory:claim_detail")
def _(people):
    town = MunicipalityFactory()
    ClaimFactory(municipality=town, person=people["coordinator"], accepted=True)
    second = ClaimFactory(municipality=town, person=people["outsider"])
    path = f"/claims/{second.pk}/"
    return Sent(people["coordinator"], path, {"answer": "agrees"}, {"Notice": 1})


@case("directory:claim_end")
def _(people):
    claim = ClaimFactory(person=people["coordinator"], accepted=True)
    return Sent(people["coordinator"], f"/claims/{claim.pk}/end/", {}, {"Notice": 1})


@case("directory:claim_address")
def _(people):
    claim = ClaimFactory(person=people["outsider"], official_email="amt@ulm.example", made_at=timezone.now())
    return Sent(None, f"/claim-address/{make_token(ADDRESS_LINK, claim.pk, claim.nonce)}/")


PROFILE = {
    "description_de": "Wir sind viele.",
    "base_version": "1",
    "language_1": "hu",
    "text_1": "Sokan vagyunk.",
}


@case("directory:edit")
def _(people):
    town = MunicipalityFactory(slug="ulm-de")
    ClaimFactory(municipality=town, person=people["coordinator"], accepted=True)
    data = {**PROFILE, "base_version": str(town.version)}
    return Sent(people["coordinator"], "/municipalities/ulm-de/edit/", data, {"ProfileText": 1})


# Organisations


NEW = {
    "name": "Neuer Verein",
    "type": "association",
    "seat": "",
    "phone_visibility": "nobody",
    "postal_address_visibility": "nobody",
}


@case("directory:organisation_create")
def _(people):
    makes = {"Organisation": 1, "Membership": 1, "Notice": 1}
    return Sent(people["coordinator"], "/organisations/new/", NEW, makes)


@case("directory:organisation_edit")
def _(people):
    data = {**NEW, "base_version": str(verein(people).version)}
    return Sent(people["coordinator"], "/organisations/verein/edit/", data)


@case("directory:organisation_profile")
def _(people):
    data = {**PROFILE, "base_version": str(verein(people).version)}
    return Sent(people["coordinator"], "/organisations/verein/profile/", data, {"ProfileText": 1})


@case("directory:organisation_join")
def _(people):
    verein(people)
    makes = {"Membership": 1, "Notice": 1}
    return Sent(people["outsider"], "/organisations/verein/join/", {"note": "Ich singe gern mit."}, makes)


@case("directory:organisation_leave")
def _(people):
    MembershipFactory(organisation=verein(people), person=people["participant"])
    return Sent(people["participant"], "/organisations/verein/leave/")


@case("directory:organisation_member", "role")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["participant"])
    path = f"/organisations/verein/people/{row.pk}/"
    return Sent(people["coordinator"], path, {"role": "deputy"}, {"Notice": 1})


@case("directory:organisation_member", "end")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["participant"])
    path = f"/organisations/verein/people/{row.pk}/"
    return Sent(people["coordinator"], path, {"end": ""}, {"Notice": 1})


@case("directory:organisation_request", "accept")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["outsider"], state="requested")
    path = f"/organisations/verein/requests/{row.pk}/"
    return Sent(people["coordinator"], path, {"answer": "accept"}, {"Notice": 1})


@case("directory:organisation_request", "withdraw")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["outsider"], state="requested")
    path = f"/organisations/verein/requests/{row.pk}/"
    return Sent(people["outsider"], path, {"answer": "withdraw"})


@case("directory:organisation_invite")
def _(people):
    verein(people)
    data = {"email": "eva@example.org", "role": "member", "language": "hu"}
    makes = {"OrganisationInvitation": 1, "Notice": 1}
    return Sent(people["coordinator"], "/organisations/verein/invite/", data, makes)


def invitation(people: dict[str, User]) -> Any:
    return directory_actions.invite(
        organisation=verein(people),
        by=people["coordinator"],
        email="eva@example.org",
        role="member",
        language="hu",
        now=timezone.now(),
    )


@case("directory:organisation_invitation_withdraw")
def _(people):
    path = f"/organisations/verein/invitations/{invitation(people).pk}/withdraw/"
    return Sent(people["coordinator"], path)


@case("directory:organisation_invitation")
def _(people):
    path = invitation_url(invitation(people))
    return Sent(people["outsider"], path, {}, {"Membership": 1, "Notice": 1})


# About oneself


@case("notifications:preferences")
def _(people):
    return Sent(people["coordinator"], "/notices/settings/", {"everything": "daily"}, {"Preference": 1})


@case("notifications:preferences_by_mail")
def _(people):
    person = people["coordinator"]
    link = mail_link("settings", person=person, email=person.email, language="de")
    return Sent(None, path_of(link), {"everything": "weekly"}, {"Preference": 1})


@case("notifications:unsubscribe", "of a person")
def _(people):
    person = people["coordinator"]
    link = mail_link("unsubscribe", person=person, email=person.email, language="de")
    return Sent(None, path_of(link), {}, {"Preference": 1})


@case("notifications:unsubscribe", "in one click")
def _(people):
    link = mail_link("unsubscribe", person=None, email="guest@example.org", language="hu")
    return Sent(None, path_of(link), {"List-Unsubscribe": "One-Click"}, {"MailStop": 1})


@case("accounts:profile")
def _(people):
    data = {
        "display_name": "Eva",
        "name_visibility": "members",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "spoken_1": "hu",
        "level_1": "good",
    }
    return Sent(people["coordinator"], "/accounts/profile/", data, {"SpokenLanguage": 1})


@case("account_signup")
def _(people):
    data = {"email": "new@ulm.example", "password1": "Vier Donauwellen am Ufer", "terms": "on"}
    return Sent(None, "/accounts/signup/", data, {"User": 1, "Consent": 1, "EmailAddress": 1}, TOO_OFTEN)


def path_of(link: str) -> str:
    return link.removeprefix("https://vipad.example")

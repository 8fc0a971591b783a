"""Who is told about a side, and who is asked."""

from accounts.models import User
from directory.models import Claim
from notifications.outbox import Guest
from partnerships.models import PartnershipSide, SideContact


def contacts_of(side: PartnershipSide) -> list[SideContact]:
    return list(side.contacts.current().select_related("person"))


def readers_of(side: PartnershipSide) -> list[User | Guest]:
    """The contacts of a side, with and without account; where there are none, who speaks for the municipality."""
    readers: list[User | Guest] = []
    for contact in contacts_of(side):
        if contact.person is None:
            readers.append(Guest(contact.email, contact.language))
        elif contact.person.is_active:
            readers.append(contact.person)
    return readers or list(speakers_of(side))


def speakers_of(side: PartnershipSide) -> list[User]:
    if side.municipality_id is None:
        return []
    claims = Claim.objects.accepted().filter(municipality=side.municipality_id, person__is_active=True)
    return [claim.person for claim in claims.select_related("person")]


def people_of(side: PartnershipSide) -> list[User]:
    """Of the readers those with an account."""
    people = [contact.person for contact in contacts_of(side) if contact.person and contact.person.is_active]
    return people or speakers_of(side)


def people_of_other_sides(side: PartnershipSide, *, except_for: User | None = None) -> list[User]:
    others = PartnershipSide.objects.filter(partnership=side.partnership_id).exclude(pk=side.pk)
    found = {person.pk: person for other in others for person in people_of(other)}
    if except_for is not None:
        found.pop(except_for.pk, None)
    return list(found.values())


def office_readers() -> list[User]:
    """Staff who may change entries of the register."""
    staff = User.objects.filter(is_active=True, is_staff=True).order_by("pk")
    return [person for person in staff if person.has_perm("partnerships.change_partnership")]

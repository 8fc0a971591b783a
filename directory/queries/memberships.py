"""Who belongs to which organisation, and what waits for whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.queries import confirmed_addresses
from directory.models import Membership, Organisation, OrganisationInvitation


def people_who_lead(organisation: Organisation) -> QuerySet[User]:
    """Coordinators and deputies who can be reached."""
    leading = organisation.memberships.leading()
    return User.objects.filter(is_active=True, pk__in=leading.values("person"))


def people_who_look_after_organisations() -> QuerySet[User]:
    """Of the office (permissions.can_publish_organisations, as a query)."""
    return _office_with("directory.change_organisation")


def people_who_answer_for(organisation: Organisation) -> QuerySet[User]:
    """Who is told that somebody wants to join: those who lead it, or else the office."""
    leading = people_who_lead(organisation)
    return leading if leading.exists() else _office_with("directory.change_membership")


def _office_with(right: str) -> QuerySet[User]:
    people: QuerySet[User] = ModelBackend().with_perm(right)
    return people.filter(is_staff=True)


def coordinators(organisation: Organisation) -> QuerySet[Membership]:
    return organisation.memberships.active().filter(role=Membership.Role.COORDINATOR, person__is_active=True)


def is_last_coordinator(membership: Membership) -> bool:
    return list(coordinators(membership.organisation).values_list("pk", flat=True)) == [membership.pk]


def successors(membership: Membership) -> QuerySet[Membership]:
    """Who of the organisation can follow this person, those who lead it already first."""
    others = membership.organisation.memberships.active().filter(person__is_active=True)
    return others.exclude(pk=membership.pk).select_related("person").order_by("role", "since", "pk")


@dataclass(frozen=True)
class MyOrganisation:
    """One of the organisations a person belongs to; `requests` only where the person may answer them."""

    organisation: Organisation
    role: str
    leads: bool
    requests: int
    is_alone: bool
    """Nobody else could go on if this person left."""


def my_organisations(person: User) -> list[MyOrganisation]:
    rows = Membership.objects.active().filter(person=person).select_related("organisation")
    mine = list(rows.order_by("organisation__sort_key", "pk"))
    numbers = _numbers([membership.organisation_id for membership in mine]) if mine else {}
    shown = []
    for membership in mine:
        leads = membership.role != Membership.Role.MEMBER
        people, requests = numbers[membership.organisation_id]
        shown.append(
            MyOrganisation(
                membership.organisation,
                str(membership.get_role_display()),
                leads,
                requests if leads else 0,
                people == 1,
            )
        )
    return shown


def _numbers(organisations: list[int]) -> dict[int, tuple[int, int]]:
    """How many belong to each and how many want to."""
    active = Q(state=Membership.State.ACTIVE, person__is_active=True)
    asked = Q(state=Membership.State.REQUESTED)
    rows: Any = (
        Membership.objects.filter(organisation__in=organisations).order_by().values_list("organisation")
    )
    counted = rows.annotate(people=Count("pk", filter=active), requests=Count("pk", filter=asked))
    return {number: (people, requests) for number, people, requests in counted}


def my_requests(person: User) -> list[Membership]:
    """Where the person asked to join and has no answer yet."""
    rows = Membership.objects.requested().filter(person=person).select_related("organisation")
    return list(rows.order_by("asked_at"))


def my_invitations(person: User, *, now: datetime) -> list[OrganisationInvitation]:
    """Open ones that went to an address the person has confirmed."""
    rows = OrganisationInvitation.objects.open(now).filter(email__in=confirmed_addresses(person))
    return list(rows.select_related("organisation").order_by("invited_at"))


class PeopleOfOrganisation(NamedTuple):
    active: list[Membership]
    requested: list[Membership]


def people_of(organisation: Organisation) -> PeopleOfOrganisation:
    rows = organisation.memberships.current().select_related("person").order_by("role", "since", "pk")
    everybody = list(rows)
    active = Membership.State.ACTIVE
    return PeopleOfOrganisation(
        [row for row in everybody if row.state == active],
        [row for row in everybody if row.state != active],
    )


def membership_of(person: object, organisation: Organisation) -> Membership | None:
    """The person's active or asked-for membership."""
    number = getattr(person, "pk", None)
    return organisation.memberships.current().filter(person_id=number).first() if number else None

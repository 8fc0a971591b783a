"""Roles of the people of the two operating organisations: groups of Django's, and the door to the office."""

from collections.abc import Iterable

import structlog
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions import end_sessions
from accounts.models import User
from directory.models import Membership, Organisation
from directory.operating import ENTER_THE_OFFICE, OperatingRole
from directory.permissions import belongs_to, can_grant_operating_roles

log = structlog.get_logger(__name__)


class NotOfAnOperatingOrganisation(Exception):
    """Roles of the office are for members of the two organisations that run ViPaD."""


class MayNotGrant(Exception):
    """Only administrators let others into the office."""


@transaction.atomic
def grant_operating_role(*, person: User, organisation: Organisation, role: str, by: User) -> None:
    """`person`, of this operating organisation, gets the role. Raises MayNotGrant or NotOfAnOperatingOrganisation.

    New rights begin with a new sign-in, which is shorter for the office.
    """
    if not can_grant_operating_roles(by):
        raise MayNotGrant
    person = User.objects.select_for_update().get(pk=person.pk)
    if not (organisation.operating and belongs_to(person, organisation)):
        raise NotOfAnOperatingOrganisation
    group = Group.objects.get(name=OperatingRole(role))
    if person.groups.filter(pk=group.pk).exists():
        return
    person.groups.add(group)
    if role in ENTER_THE_OFFICE and not person.is_staff:
        person.is_staff = True
        person.save(update_fields=("is_staff",))
    end_sessions(person, by=by)
    log.info("operating_role_granted", person=person.pk, role=role, by=by.pk)


@transaction.atomic
def withdraw_operating_role(*, person: User, role: str, by: User) -> None:
    """Without a role that enters the office its door closes. Raises MayNotGrant."""
    if not can_grant_operating_roles(by):
        raise MayNotGrant
    _withdraw(person, [OperatingRole(role)], by)


@transaction.atomic
def set_operating_roles(*, person: User, organisation: Organisation, roles: Iterable[str], by: User) -> None:
    """These and no others. Raises as the two above do."""
    wanted, held = set(roles), set(operating_roles_of(person))
    for role in sorted(wanted - held):
        grant_operating_role(person=person, organisation=organisation, role=role, by=by)
    for role in sorted(held - wanted):
        withdraw_operating_role(person=person, role=role, by=by)


@transaction.atomic
def withdraw_operating_roles(*, person: User, by: User) -> None:
    """Who has left the operating organisations has no role any more; the other organisation still counts."""
    still = Membership.objects.active().filter(person=person).exclude(organisation__operating="")
    if not still.exists():
        _withdraw(person, list(OperatingRole), by)


def _withdraw(person: User, roles: list[OperatingRole], by: User) -> None:
    person = User.objects.select_for_update().get(pk=person.pk)
    groups = person.groups.filter(name__in=roles)
    if not groups.exists():
        return
    person.groups.remove(*groups)
    # Rights the office has given in another way keep the door open.
    has_other_rights = (
        person.is_superuser
        or person.user_permissions.exists()
        or person.groups.exclude(name=OperatingRole.COACH).exists()
    )
    if person.is_staff and not has_other_rights:
        person.is_staff = False
        person.save(update_fields=("is_staff",))
    end_sessions(person, by=by)
    log.info("operating_roles_withdrawn", person=person.pk, roles=[str(role) for role in roles], by=by.pk)


def operating_roles_of(person: User) -> list[str]:
    """In the order of OperatingRole."""
    held = set(person.groups.values_list("name", flat=True))
    return [role.value for role in OperatingRole if role in held]

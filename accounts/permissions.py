"""Who may do what with people. Object rights of the office; everybody may change the own details."""

from accounts.models import User


def can_change(by: User, person: User) -> bool:
    """Staff are changed by superusers only: whoever sets an address gets hold of the account."""
    if person.erased_at:
        return False
    if person.is_staff or person.is_superuser:
        return by.is_superuser
    return by.has_perm("accounts.change_user")


def can_grant_rights(by: User) -> bool:
    return by.is_active and by.is_superuser


def can_erase(by: User, person: User) -> bool:
    return by.has_perm("accounts.delete_user") and can_change(by, person)

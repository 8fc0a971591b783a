"""People of the office, by what they may do: the questions of permissions.py, asked the other way round."""

from django.db.models import Q, QuerySet

from accounts.models import User


def people_who_answer_reports() -> QuerySet[User]:
    """Who decides reports of wrong entries (permissions.can_answer_reports)."""
    return _staff_with("change_entryreport")


def people_who_decide_claims() -> QuerySet[User]:
    """Who decides who speaks for a municipality (permissions.can_decide_claims)."""
    return _staff_with("change_claim")


def people_who_answer_messages() -> QuerySet[User]:
    """Who reads what is written to somebody who has nobody yet (permissions.can_answer_messages)."""
    return _staff_with("view_contactmessage")


def _staff_with(codename: str) -> QuerySet[User]:
    right = {"codename": codename, "content_type__app_label": "directory"}
    direct = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    staff = User.objects.filter(is_active=True, is_staff=True)
    return staff.filter(Q(is_superuser=True) | direct | by_group).distinct()

"""People of the office."""

from django.db.models import Q, QuerySet

from accounts.models import User


def people_who_answer_reports() -> QuerySet[User]:
    """Staff with the right to decide reports (permissions.can_answer_reports, as a query)."""
    right = {"codename": "change_entryreport", "content_type__app_label": "directory"}
    direct = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    staff = User.objects.filter(is_active=True, is_staff=True)
    return staff.filter(Q(is_superuser=True) | direct | by_group).distinct()

"""People of the office the register turns to."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.queries import staff_with


def people_who_publish() -> QuerySet[User]:
    return staff_with("partnerships.change_partnership")


def people_who_edit_places() -> QuerySet[User]:
    return staff_with("directory.change_municipality")

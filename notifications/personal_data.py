"""What notices store about a person: what was told, when, and to which address without account."""

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from accounts.personal_data import Rows, as_date, register
from notifications.models import Notice


def _of(person: User) -> Q:
    """Also what was sent to the address before it had an account."""
    return Q(recipient=person) | Q(email__iexact=person.email)


def _export_notices(person: User) -> Rows:
    return [
        {
            "kind": notice.kind,
            "state": notice.state,
            "queued_at": as_date(notice.queued_at),
            "sent_at": as_date(notice.sent_at),
            "read_at": as_date(notice.read_at),
        }
        for notice in Notice.objects.filter(_of(person)).order_by("queued_at", "id")
    ]


def _erase_notices(person: User) -> None:
    """What waits is not sent. The rest stays as a count; keys of readers without account hold the address."""
    notices = Notice.objects.filter(_of(person))
    notices.filter(state=Notice.State.WAITING).delete()
    notices.filter(email__iexact=person.email).update(
        key=Concat(Value("erased:"), Cast("pk", CharField())), email="", language=""
    )
    notices.filter(recipient=person).update(recipient=None)


register(Notice, export=_export_notices, erase=_erase_notices)

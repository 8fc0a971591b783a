"""What notices store about a person: what was told, when, to which address without account, and how often it may be."""

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from accounts.personal_data import Rows, as_date, register, register_rows
from notifications.addresses import address_digest
from notifications.models import MailStop, Notice, Preference


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
register_rows(Preference, own=("person",), show=("kind", "scope", "pace"))


def _stops_of(person: User) -> Q:
    return Q(person=person) | Q(address=address_digest(person.email))


def _export_stops(person: User) -> Rows:
    return [
        {"reason": stop.reason, "said": stop.said, "stopped_at": as_date(stop.stopped_at)}
        for stop in MailStop.objects.filter(_stops_of(person)).order_by("pk")
    ]


def _erase_stops(person: User) -> None:
    """Who wanted no mails before there was an account wants none afterwards: of that, the digest alone stays."""
    MailStop.objects.filter(_stops_of(person), reason=MailStop.Reason.BOUNCED).delete()


register(MailStop, export=_export_stops, erase=_erase_stops)

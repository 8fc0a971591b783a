"""Who leads a session: one more, or one less, but never nobody."""

from datetime import datetime

import structlog
from django.db import transaction

from accounts.models import User
from webinars import session_cache
from webinars.actions.people import account_of
from webinars.actions.seats import locked
from webinars.models import Host, Session

log = structlog.get_logger(__name__)


class NoSuchPerson(Exception):
    """No account has confirmed this address."""


class AlreadyHost(Exception):
    """The person leads the session already."""


class LastHost(Exception):
    """Somebody must lead the session."""


@transaction.atomic
def add_host(*, session: Session, email: str, by: User, now: datetime) -> Host:
    """Any member may lead: who is added enters the room as moderator and sees the desk, so the address must be proven.

    Raises NoSuchPerson or AlreadyHost.
    """
    row = locked(session)
    person = account_of(email.strip())
    if person is None:
        raise NoSuchPerson
    hosts = list(row.hosts.all())
    if any(host.person_id == person.pk for host in hosts):
        raise AlreadyHost
    position = 1 + max((host.position for host in hosts), default=-1)
    host = Host.objects.create(session=row, person=person, position=position)
    session_cache.forget()
    log.info("host_added", session=row.pk, host=person.pk, by=by.pk)
    return host


@transaction.atomic
def remove_host(*, session: Session, host: Host, by: User) -> None:
    """Removed twice is removed. Raises LastHost."""
    # Two hosts who remove each other at the same moment: the second one is the last.
    row = locked(session)
    hosts = row.hosts.all()
    if not hosts.filter(pk=host.pk).exists():
        return
    if not hosts.exclude(pk=host.pk).exists():
        raise LastHost
    hosts.filter(pk=host.pk).delete()
    session_cache.forget()
    log.info("host_removed", session=row.pk, host=host.person_id, by=by.pk)

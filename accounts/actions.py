"""Everything that happens to people beside what allauth does."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import personal_data, texts
from accounts.models import Consent, SpokenLanguage, User
from accounts.queries import NO_ADDRESS
from core.visibility import Visibility

log = structlog.get_logger(__name__)


UNCONFIRMED_KEPT = timedelta(days=7)
SIGN_IN_ADDRESSES_KEPT = timedelta(days=7)


class LastAdministrator(Exception):
    """Without this person nobody could enter the office with all rights."""


@transaction.atomic
def accept(person: Any, *, text: str, version: int, language: str, now: datetime) -> None:
    """Keep which version of a text the person accepted, in which language. Twice changes nothing."""
    Consent.objects.get_or_create(
        person=person, text=text, version=version, defaults={"language": language, "accepted_at": now}
    )


@transaction.atomic
def update_profile(
    person: User,
    *,
    display_name: str,
    name_visibility: str,
    language: str,
    time_zone: str,
    spoken_languages: Mapping[str, str],
    by: User,
    now: datetime,
) -> None:
    """`spoken_languages` gives the level by language, and replaces what was there."""
    person.display_name, person.language, person.time_zone = display_name, language, time_zone
    person.name_visibility = name_visibility
    person.save(update_fields=("display_name", "name_visibility", "language", "time_zone"))
    _keep_consent_to_a_public_name(person, language=language, now=now)
    person.spoken_languages.exclude(language__in=spoken_languages).delete()
    for code, level in spoken_languages.items():
        SpokenLanguage.objects.update_or_create(person=person, language=code, defaults={"level": level})
    log.info("profile_changed", person=person.pk, by=by.pk)


def _keep_consent_to_a_public_name(person: User, *, language: str, now: datetime) -> None:
    """Chosen it is a consent, with its day; withdrawn it is gone with the next save."""
    if person.name_visibility == Visibility.PUBLIC:
        version = texts.current_version(texts.PUBLIC_NAME)
        accept(person, text=texts.PUBLIC_NAME, version=version, language=language, now=now)
    else:
        person.consents.filter(text=texts.PUBLIC_NAME).delete()


@transaction.atomic
def close_welcome(person: User, *, now: datetime) -> None:
    """The desk no longer asks the person to answer the first questions."""
    User.objects.filter(pk=person.pk, welcome_closed_at=None).update(welcome_closed_at=now)


@transaction.atomic
def add_person(person: User, *, by: User, now: datetime) -> None:
    """By the office. Without password: the person signs in with a code, which also confirms the address."""
    person.email = person.email.strip().lower()
    person.set_unusable_password()
    person.joined_at = now
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    log.info("person_added", person=person.pk, by=by.pk)


def limit_session(session: SessionBase, person: Any, *, now: datetime) -> None:
    """A sign-in ends on its own: after 90 days, for the office after 12 hours, however busy it was."""
    general = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    session.set_expiry(now + (settings.STAFF_SESSION_AGE if person.is_staff else general))


@transaction.atomic
def end_session(session: UserSession, *, by: User) -> None:
    """The browser of that session is a stranger with its next request."""
    Session.objects.filter(session_key=session.session_key).delete()
    session.delete()
    log.info("session_ended", person=session.user_id, by=by.pk)


@transaction.atomic
def end_sessions(person: User, *, by: User) -> int:
    """End every sign-in of the person; gives their number. Also finds those allauth has no row of."""
    keys = [key for key, data in _sessions() if data.get(SESSION_KEY) == str(person.pk)]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=person).delete()
    log.info("sessions_ended", person=person.pk, by=by.pk, number=len(keys))
    return len(keys)


@transaction.atomic
def change_address(person: User, *, email: str, by: User) -> None:
    """By the office, for somebody who lost the mailbox. The next sign-in asks for a code sent there."""
    person.email = email.strip().lower()
    person.save(update_fields=("email",))
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    end_sessions(person, by=by)
    log.info("address_changed", person=person.pk, by=by.pk)


@transaction.atomic
def delete_unconfirmed(*, now: datetime) -> int:
    """Forget who signed up and never confirmed the address. Whom the office added has no password and stays."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    strangers = User.objects.filter(joined_at__lt=now - UNCONFIRMED_KEPT, last_login=None, erased_at=None)
    strangers = strangers.exclude(pk__in=confirmed).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    deleted, _ = strangers.exclude(is_staff=True).delete()
    log.info("unconfirmed_forgotten", rows=deleted)
    return deleted


@transaction.atomic
def forget_addresses_of_sign_ins(*, now: datetime) -> int:
    """A sign-in may last for months; where it came from is kept for a week. The browser stays, to know it by."""
    old = UserSession.objects.filter(last_seen_at__lt=now - SIGN_IN_ADDRESSES_KEPT).exclude(ip=NO_ADDRESS)
    forgotten = old.update(ip=NO_ADDRESS)
    log.info("sign_in_addresses_forgotten", rows=forgotten)
    return forgotten


def refuse_last_administrator(person: User) -> None:
    """Raises LastAdministrator for the last active superuser. Called inside the transaction that changes rights."""
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    if {administrator.pk for administrator in administrators} == {person.pk}:
        raise LastAdministrator


@transaction.atomic
def erase(person: User, *, by: User, now: datetime) -> None:
    """Forget the person. A row without name and address stays, so that what others see keeps its place.

    The address may register again, as a stranger. Raises LastAdministrator for the last active superuser.
    """
    refuse_last_administrator(person)
    address = person.email
    # The person last: other tables are searched for the address.
    for holding in sorted(personal_data.holdings(), key=lambda holding: holding.model is User):
        holding.erase(person)
    _end_sessions_that_name(person, address)
    User.objects.filter(pk=person.pk).update(erased_at=now)
    person.refresh_from_db()
    log.info("erased", person=person.pk, by=by.pk)


def _end_sessions_that_name(person: User, address: str) -> None:
    """Also those of a browser that is about to sign in: they carry the address."""
    keys = [
        key
        for key, data in _sessions()
        if data.get(SESSION_KEY) == str(person.pk) or address in str(data).lower()
    ]
    Session.objects.filter(session_key__in=keys).delete()


def _sessions() -> list[tuple[str, dict[str, Any]]]:
    rows = Session.objects.values_list("session_key", "session_data").iterator()
    store = cast("type[SessionBase]", Session.get_session_store_class())()
    return [(key, store.decode(data)) for key, data in rows]

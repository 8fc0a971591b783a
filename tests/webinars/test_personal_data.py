"""What a person is told of sessions, and what is left of it afterwards."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

import webinars.personal_data  # noqa: F401 -- registers
from accounts import personal_data
from accounts.actions import erase
from accounts.models import User
from notifications.models import Notice
from tests.factories.directory import OrganisationFactory
from tests.factories.webinars import GuestFactory, HostFactory, RegistrationFactory, SessionFactory
from webinars.choices import MovingUp, Seat
from webinars.models import (
    CalendarFeed,
    Certificate,
    Host,
    HostMail,
    Invitation,
    Material,
    Needs,
    Registration,
    Session,
)

pytestmark = pytest.mark.django_db


def past_session(**facts: Any) -> Session:
    return SessionFactory(starts_at=timezone.now() - timedelta(days=3), **facts)


def what_is_left(row: Registration) -> dict[str, Any]:
    names = ("person", "organisation", "name", "email", "language", "time_zone", "state")
    return Registration.objects.values(*names).get(pk=row.pk)


NOBODY = {"person": None, "organisation": None, "name": "", "email": "", "language": "", "time_zone": ""}


def test_a_list_of_the_past_keeps_its_count_and_names_nobody(
    participant: User, admin: User, now: datetime
) -> None:
    row = RegistrationFactory(
        session=past_session(), person=participant, organisation=OrganisationFactory(), attended_at=now
    )
    nonce = row.nonce

    erase(participant, by=admin, now=now)

    assert what_is_left(row) == {**NOBODY, "state": Seat.SEAT}
    row.refresh_from_db()
    assert row.attended_at == now
    assert row.nonce != nonce


def test_needs_and_certificate_are_gone(participant: User, admin: User, now: datetime) -> None:
    row = RegistrationFactory(session=past_session(), person=participant)
    Needs.objects.create(registration=row, diet="vegan")
    Certificate.objects.create(registration=row, code="VIP-1", name="Teilnehmer", issued_at=now)
    others = RegistrationFactory(session=row.session)
    kept = Needs.objects.create(registration=others, diet="halal")

    erase(participant, by=admin, now=now)

    assert list(Needs.objects.all()) == [kept]
    assert Certificate.objects.count() == 0


def test_a_seat_to_come_goes_to_the_waiting_list_without_a_mail_to_the_erased(
    participant: User, partner: User, admin: User, now: datetime
) -> None:
    session = SessionFactory(capacity=1, moving_up=MovingUp.AT_ONCE)
    row = RegistrationFactory(session=session, person=participant)
    next_one = RegistrationFactory(session=session, person=partner, state=Seat.WAITING)

    erase(participant, by=admin, now=now)

    assert what_is_left(row) == {**NOBODY, "state": Seat.CANCELLED}
    next_one.refresh_from_db()
    assert next_one.state == Seat.SEAT
    assert list(Notice.objects.values_list("kind", "recipient", "email")) == [("seat_given", partner.pk, "")]


def test_an_offered_seat_is_passed_on_too(
    participant: User, partner: User, admin: User, now: datetime
) -> None:
    session = SessionFactory(capacity=1)
    row = RegistrationFactory(session=session, person=participant, state=Seat.OFFERED)
    next_one = RegistrationFactory(session=session, person=partner, state=Seat.WAITING)

    erase(participant, by=admin, now=now)

    assert what_is_left(row)["state"] == Seat.CANCELLED
    next_one.refresh_from_db()
    assert next_one.state == Seat.OFFERED


def test_what_was_typed_as_a_guest_under_the_address_is_forgotten_too(
    participant: User, admin: User, now: datetime
) -> None:
    row = GuestFactory(session=past_session(), email=participant.email.upper())
    other = GuestFactory(session=row.session, email="somebody.else@example.org")

    erase(participant, by=admin, now=now)

    assert what_is_left(row) == {**NOBODY, "state": Seat.SEAT}
    assert what_is_left(other)["email"] == "somebody.else@example.org"


def test_a_request_nobody_confirmed_is_gone(participant: User, admin: User, now: datetime) -> None:
    GuestFactory(email=participant.email, state=Seat.ASKED)

    erase(participant, by=admin, now=now)

    assert Registration.objects.count() == 0


def test_rows_of_the_person_go_and_keys_are_emptied(participant: User, admin: User, now: datetime) -> None:
    session = past_session(created_by=participant, host=participant)
    Invitation.objects.create(session=session, person=participant, invited_at=now)
    CalendarFeed.objects.create(person=participant, nonce="secret", made_at=now)
    mail = HostMail.objects.create(
        session=session,
        subject="Hallo",
        text="…",
        states=["seat"],
        readers=1,
        sent_by=participant,
        sent_at=now,
    )
    material = Material.objects.create(
        session=session, title_de="Folien", file="a", size=1, uploaded_by=participant, uploaded_at=now
    )
    other = HostFactory(session=session)

    erase(participant, by=admin, now=now)

    assert list(Host.objects.all()) == [other]
    assert (Invitation.objects.count(), CalendarFeed.objects.count()) == (0, 0)
    for row in (session, mail, material):
        row.refresh_from_db()
    assert (session.created_by, mail.sent_by, material.uploaded_by) == (None, None, None)


def test_a_person_is_told_what_is_held_and_no_nonce(participant: User, now: datetime) -> None:
    session = SessionFactory(title_de="Der erste Anruf", title_en="Der erste Anruf", host=participant)
    row = RegistrationFactory(
        session=session, person=participant, registered_at=now, nonce="very-secret-nonce"
    )
    Needs.objects.create(registration=row, diet="vegan")
    CalendarFeed.objects.create(person=participant, nonce="another-secret", made_at=now)
    RegistrationFactory(session=session)

    held = personal_data.export(participant)

    assert [
        (one["session"], one["state"], one["registered_at"]) for one in held["webinars.Registration"]
    ] == [("Der erste Anruf", "seat", now.isoformat())]
    assert held["webinars.Needs"] == [
        {"session": "Der erste Anruf", "diet": "vegan", "accessibility": "", "interpretation": ""}
    ]
    assert held["webinars.Host"] == [{"session": "Der erste Anruf"}]
    assert held["webinars.CalendarFeed"] == [{"made_at": now.isoformat()}]
    assert "secret" not in str(held)


def test_a_guest_who_signed_up_is_told_of_the_certificate(participant: User, now: datetime) -> None:
    row = GuestFactory(
        session=past_session(title_de="Der erste Anruf", title_en="Der erste Anruf"), email=participant.email
    )
    Certificate.objects.create(registration=row, code="VIP-1", name="Teilnehmer", issued_at=now)

    held = personal_data.export(participant)

    assert held["webinars.Certificate"] == [
        {"session": "Der erste Anruf", "code": "VIP-1", "name": "Teilnehmer", "issued_at": now.isoformat()}
    ]

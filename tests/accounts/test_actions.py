"""What happens to people beside signing in."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts import actions
from accounts.models import Consent, User
from accounts.templatetags.sessions import address
from tests.accounts.conftest import is_signed_in, sign_in
from tests.conftest import signed_in


def test_accepting_twice_keeps_the_first_time(coordinator: User, now: datetime) -> None:
    actions.accept(coordinator, text="terms", version=2, language="de", now=now)
    actions.accept(coordinator, text="terms", version=2, language="en", now=now.replace(hour=20))
    actions.accept(coordinator, text="terms", version=3, language="en", now=now)

    kept = Consent.objects.order_by("version").values_list("version", "language", "accepted_at")
    assert list(kept) == [(2, "de", now), (3, "en", now)]


def test_sessions_without_a_row_of_allauth_end_too(coordinator: User, outsider: User, admin: User) -> None:
    noted, unnoted, other = Client(), signed_in(coordinator), signed_in(outsider)
    sign_in(noted, coordinator.email)
    assert UserSession.objects.filter(user=coordinator).count() == 1

    ended = actions.end_sessions(coordinator, by=admin)

    assert ended == 2
    assert [is_signed_in(client) for client in (noted, unnoted, other)] == [False, False, True]
    assert UserSession.objects.filter(user=coordinator).count() == 0


def test_address_set_by_the_office_must_be_confirmed(coordinator: User, admin: User) -> None:
    client = signed_in(coordinator)

    actions.change_address(coordinator, email=" New@Ulm.example ", by=admin)

    assert coordinator.email == "new@ulm.example"
    assert list(
        EmailAddress.objects.filter(user=coordinator).values_list("email", "primary", "verified")
    ) == [("new@ulm.example", True, False)]
    assert not is_signed_in(client)


def test_person_added_by_the_office_has_no_password(admin: User, now: datetime) -> None:
    person = User(email="New@Ulm.example", language="en")

    actions.add_person(person, by=admin, now=now)

    person.refresh_from_db()
    assert (person.email, person.joined_at, person.has_usable_password()) == ("new@ulm.example", now, False)
    assert person.emailaddress_set.get().verified is False


def test_address_of_a_sign_in_is_kept_for_a_week(
    coordinator: User, admin: User, now: datetime, time_machine: Any
) -> None:
    time_machine.move_to(now, tick=False)
    client = Client(REMOTE_ADDR="192.0.2.7")
    sign_in(client, coordinator.email)

    kept = actions.forget_addresses_of_sign_ins(now=now + timedelta(days=7))
    before = address(UserSession.objects.get())
    time_machine.move_to(now + timedelta(days=7, minutes=1), tick=False)
    forgotten = actions.forget_addresses_of_sign_ins(now=now + timedelta(days=7, minutes=1))
    again = actions.forget_addresses_of_sign_ins(now=now + timedelta(days=8))

    session = UserSession.objects.get()
    office = signed_in(admin).get(f"/admin/accounts/user/{coordinator.pk}/change/").text
    assert (kept, forgotten, again) == (0, 1, 0)
    assert (before, address(session)) == ("192.0.2.7", "")
    assert is_signed_in(client)
    assert "192.0.2.7" not in office
    assert "0.0.0.0" not in office

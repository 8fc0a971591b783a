"""Erasing a person: the address and the name are in no table any more, and the address can begin anew."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from accounts import actions, personal_data
from accounts.models import Consent, SpokenLanguage, User
from notifications.models import Notice
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory

ADDRESS = "anna.geheim@ulm.example"
NAME = "Anna Unverwechselbar"


@pytest.fixture
def anna(db: None, now: datetime) -> User:
    """Somebody about whom every table holds something."""
    person = UserFactory(email=ADDRESS, display_name=NAME)
    client = Client()
    sign_in(client, ADDRESS)
    TOTP.activate(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    SpokenLanguage.objects.create(person=person, language="hu", level="native")
    Consent.objects.create(person=person, text="terms", version=1, language="de", accepted_at=now)
    person.groups.add(Group.objects.create(name="Editors"))
    grant(person, "accounts.view_user")
    about = {"content_type": ContentType.objects.get_for_model(User), "object_id": str(person.pk)}
    LogEntry.objects.create(user=person, action_flag=CHANGE, object_repr=ADDRESS, change_message=ADDRESS)
    LogEntry.objects.create(user=UserFactory(), action_flag=CHANGE, object_repr=NAME, **about)
    for number, state in enumerate(("waiting", "sent")):
        told = {"kind": "x", "state": state, "due_at": now, "queued_at": now}
        Notice.objects.create(key=f"x:{number}:p{person.pk}", recipient=person, **told)
        Notice.objects.create(key=f"x:{number}:{ADDRESS}", email=ADDRESS, language="de", **told)
    return person


def every_text() -> Iterator[tuple[str, str]]:
    """(table, row as text) of the whole database; sessions as what they carry."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row
    for session in Session.objects.all():
        yield "decoded session", json.dumps(session.get_decoded())


def tables_that_say(word: str) -> set[str]:
    return {table for table, text in every_text() if word.lower() in text.lower()}


def test_address_and_name_are_in_no_table(anna: User, admin: User, now: datetime) -> None:
    assert tables_that_say(ADDRESS) >= {"accounts_user", "account_emailaddress", "notifications_notice"}
    assert tables_that_say(NAME) >= {"accounts_user", "django_admin_log"}

    actions.erase(anna, by=admin, now=now)

    assert tables_that_say(ADDRESS) == set()
    assert tables_that_say(NAME) == set()


def test_nothing_that_belonged_to_the_person_is_left(anna: User, admin: User, now: datetime) -> None:
    actions.erase(anna, by=admin, now=now)

    left = personal_data.export(anna)
    assert left.pop("accounts.User") == [
        {
            "email": f"erased-{anna.pk}@erased.invalid",
            "display_name": "",
            "name_visibility": "members",
            "language": "de",
            "time_zone": "Europe/Berlin",
            "joined_at": anna.joined_at.isoformat(),
            "last_sign_in_at": None,
            "welcome_closed_at": None,
            "is_staff": False,
        }
    ]
    assert [row["object"] for row in left.pop("admin.LogEntry")] == ["erased", "this account"]
    assert left == {label: [] for label in left}
    assert (anna.is_active, anna.is_superuser, anna.erased_at) == (False, False, now)
    assert not anna.has_usable_password()
    assert UserSession.objects.filter(user=anna).count() == 0
    assert Authenticator.objects.filter(user=anna).count() == 0


def test_what_was_told_stays_as_a_count(anna: User, admin: User, now: datetime) -> None:
    actions.erase(anna, by=admin, now=now)

    assert list(Notice.objects.values_list("state", "recipient", "email")) == [
        ("sent", None, ""),
        ("sent", None, ""),
    ]


def test_sign_ins_end_at_once(anna: User, admin: User, now: datetime) -> None:
    client = signed_in(anna)
    assert is_signed_in(client)

    actions.erase(anna, by=admin, now=now)

    assert not is_signed_in(client)
    assert not Session.objects.filter(session_key=client.session.session_key or "").exists()


def test_sign_in_that_has_begun_forgets_the_address(
    coordinator: User, admin: User, visitor: Client, now: datetime
) -> None:
    visitor.post("/accounts/login/code/", {"email": coordinator.email})
    assert "coordinator@ulm.example" in json.dumps(dict(visitor.session.items()))

    actions.erase(coordinator, by=admin, now=now)

    assert tables_that_say("coordinator@ulm.example") == set()


def test_erased_person_cannot_sign_in(anna: User, admin: User, visitor: Client, now: datetime) -> None:
    actions.erase(anna, by=admin, now=now)

    for address in (ADDRESS, anna.email):
        sign_in(visitor, address)

    assert not is_signed_in(visitor)


def test_address_registers_again_as_a_stranger(
    anna: User, admin: User, visitor: Client, code: Callable[[], str], now: datetime
) -> None:
    actions.erase(anna, by=admin, now=now)

    visitor.post("/accounts/signup/", {"email": ADDRESS, "password1": PASSWORD, "terms": "on"})
    visitor.post("/accounts/confirm-email/", {"code": code()})

    newcomer = User.objects.get(email=ADDRESS)
    assert newcomer.pk != anna.pk
    assert newcomer.display_name == ""
    assert is_signed_in(visitor)


def test_others_keep_everything(anna: User, admin: User, partner: User, now: datetime) -> None:
    before = personal_data.export(partner)

    actions.erase(anna, by=admin, now=now)

    assert personal_data.export(partner) == before
    assert before["accounts.SpokenLanguage"] == [{"language": "ro", "level": "native"}]


def test_last_administrator_is_not_erased(admin: User, now: datetime) -> None:
    UserFactory(is_superuser=True, is_active=False)

    with pytest.raises(actions.LastAdministrator):
        actions.erase(admin, by=admin, now=now)

    admin.refresh_from_db()
    assert (admin.email, admin.erased_at) == ("admin@operator-b.example", None)


def test_one_of_two_administrators_is_erased(admin: User, now: datetime) -> None:
    other = UserFactory(is_superuser=True)

    actions.erase(other, by=admin, now=now)

    assert other.erased_at == now


def test_erased_person_is_called_former_member(anna: User, admin: User, now: datetime) -> None:
    actions.erase(anna, by=admin, now=now)

    assert NAME not in anna.shown_name
    assert str(anna) == anna.shown_name


def test_failing_erasure_erases_nothing(
    anna: User, admin: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(person: User) -> None:
        raise RuntimeError

    holdings = {
        **personal_data._holdings,
        User: personal_data.Holding(User, personal_data._holdings[User].export, fail),
    }
    monkeypatch.setattr(personal_data, "_holdings", holdings)

    with pytest.raises(RuntimeError):
        actions.erase(anna, by=admin, now=now)

    assert "account_emailaddress" in tables_that_say(ADDRESS)


def test_export_holds_no_secrets(anna: User) -> None:
    exported = json.dumps(personal_data.export(anna))

    assert ADDRESS in exported
    assert "JBSWY3DPEHPK3PXP" not in exported
    assert anna.password not in exported
    assert {row["type"] for row in personal_data.export(anna)["mfa.Authenticator"]} == {
        "totp",
        "recovery_codes",
    }

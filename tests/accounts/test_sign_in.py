"""Signing in and out: by which ways, for how long, and who may not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.app_settings import TOTP_PERIOD
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.conftest import PASSWORD, is_signed_in, sign_in
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))


@pytest.fixture
def still(time_machine: Any, now: datetime) -> None:
    """The clock stands: no code of the app ends between being read and being typed."""
    time_machine.move_to(now, tick=False)


def age(client: Client) -> timedelta:
    """How long the client's session lasts from now."""
    return Session.objects.get(session_key=client.session.session_key).expire_date - timezone.now()


def test_session_lasts_ninety_days(coordinator: User, visitor: Client) -> None:
    sign_in(visitor, coordinator.email)

    assert timedelta(days=89, hours=23) < age(visitor) <= timedelta(days=90)


def test_session_of_staff_lasts_twelve_hours(admin: User, visitor: Client) -> None:
    sign_in(visitor, admin.email)

    assert timedelta(hours=11, minutes=59) < age(visitor) <= timedelta(hours=12)


def test_session_of_staff_ends_however_busy_it_is(admin: User, visitor: Client) -> None:
    sign_in(visitor, admin.email)
    first = Session.objects.get().expire_date

    visitor.get("/accounts/reauthenticate/")
    visitor.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert abs(Session.objects.get().expire_date - first) < timedelta(seconds=1)


def test_session_of_staff_lasts_twelve_hours_by_code_too(
    admin: User, visitor: Client, code: Callable[[], str]
) -> None:
    visitor.post("/accounts/login/code/", {"email": admin.email})
    visitor.post("/accounts/login/code/confirm/", {"code": code()})

    assert timedelta(hours=11, minutes=59) < age(visitor) <= timedelta(hours=12)


def test_sign_in_draws_a_new_session_id(coordinator: User, visitor: Client) -> None:
    visitor.post("/accounts/login/code/", {"email": coordinator.email})
    before = visitor.session.session_key
    visitor.post("/accounts/logout/", {"next": "/accounts/login/"})

    sign_in(visitor, coordinator.email)

    assert before
    assert visitor.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_sign_in_leads_back_but_never_to_another_site(coordinator: User) -> None:
    places = []
    for target in ("/map/", "//evil.example/", "https://evil.example/", "/\\evil.example"):
        answer = Client().post(
            "/accounts/login/", {"login": coordinator.email, "password": PASSWORD, "next": target}
        )
        places.append(answer["Location"])

    assert places == ["/map/", "/desk/", "/desk/", "/desk/"]


def test_get_does_not_sign_out(coordinator: User) -> None:
    client = signed_in(coordinator)

    answer = client.get("/accounts/logout/")

    assert answer.status_code == 200
    assert is_signed_in(client)


def test_sign_out_ends_the_session_and_empties_the_cache(coordinator: User, visitor: Client) -> None:
    sign_in(visitor, coordinator.email)
    key = visitor.session.session_key

    answer = visitor.post("/accounts/logout/")

    assert answer["Location"] == "/"
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not Session.objects.filter(session_key=key).exists()
    assert not is_signed_in(visitor)


def test_form_without_token_is_refused(coordinator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)

    assert client.post("/accounts/logout/").status_code == 403
    assert is_signed_in(client)


def test_deactivated_person_is_out_at_once(coordinator: User) -> None:
    client = signed_in(coordinator)
    assert is_signed_in(client)

    User.objects.update(is_active=False)

    assert not is_signed_in(client)


def test_inactive_person_cannot_sign_in_by_password(coordinator: User, visitor: Client) -> None:
    User.objects.update(is_active=False)

    answer = visitor.post("/accounts/login/", {"login": coordinator.email, "password": PASSWORD})

    assert answer["Location"] == "/accounts/inactive/"
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("path", ["/accounts/login/code/", "/accounts/password/reset/"])
def test_inactive_person_gets_no_code(coordinator: User, visitor: Client, path: str) -> None:
    User.objects.update(is_active=False)

    visitor.post(path, {"email": coordinator.email})

    assert [message.subject for message in mail.outbox] == ["No account with this e-mail address"]


def test_person_deactivated_between_password_and_app_stays_outside(
    coordinator: User, visitor: Client, still: None
) -> None:
    TOTP.activate(coordinator, SECRET)
    sign_in(visitor, coordinator.email)
    User.objects.update(is_active=False)

    visitor.post("/accounts/2fa/authenticate/", {"code": app_code()})

    assert not is_signed_in(visitor)


def test_sixth_wrong_password_is_not_even_checked(coordinator: User, visitor: Client) -> None:
    for _ in range(5):
        sign_in(visitor, coordinator.email, "wrong")

    answer = visitor.post("/accounts/login/", {"login": coordinator.email, "password": PASSWORD})

    assert answer.status_code == 200
    assert "Too many tries" in answer.text
    assert not is_signed_in(visitor)


def test_owner_gets_in_by_code_while_the_password_is_blocked(
    coordinator: User, visitor: Client, code: Callable[[], str]
) -> None:
    stranger = Client()
    for _ in range(8):
        sign_in(stranger, coordinator.email, "wrong")

    visitor.post("/accounts/login/code/", {"email": coordinator.email})
    visitor.post("/accounts/login/code/confirm/", {"code": code()})

    assert is_signed_in(visitor)


def test_honest_office_of_thirty_signs_in_within_a_minute(db: None) -> None:
    people = [UserFactory() for _ in range(30)]
    clients = [Client() for _ in people]

    for person, client in zip(people, clients, strict=True):
        sign_in(client, person.email)

    assert all(is_signed_in(client) for client in clients)


def test_too_many_sign_ins_from_one_place_are_asked_to_wait(coordinator: User) -> None:
    answers = [Client().post("/accounts/login/", {"login": "x", "password": "y"}) for _ in range(61)]

    assert answers[-2].status_code == 200
    assert answers[-1].status_code == 429
    assert "<h1" in answers[-1].text


def test_second_factor_is_asked_for(coordinator: User, visitor: Client, still: None) -> None:
    TOTP.activate(coordinator, SECRET)

    answer = visitor.post("/accounts/login/", {"login": coordinator.email, "password": PASSWORD})

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(visitor)
    visitor.post("/accounts/2fa/authenticate/", {"code": app_code()})
    assert is_signed_in(visitor)


@pytest.mark.parametrize("seconds", [1, 29, 31, 45, 59])
def test_code_of_the_app_counts_once(
    seconds: int, coordinator: User, visitor: Client, time_machine: Any
) -> None:
    start = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)
    time_machine.move_to(start, tick=False)
    TOTP.activate(coordinator, SECRET)
    used = app_code()
    sign_in(visitor, coordinator.email)
    visitor.post("/accounts/2fa/authenticate/", {"code": used})
    assert is_signed_in(visitor)
    again = Client()
    time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
    if seconds > TOTP_PERIOD:
        cache.clear()  # by then the cache has forgotten which codes were used; its clock does not move with ours
    sign_in(again, coordinator.email)

    again.post("/accounts/2fa/authenticate/", {"code": used})

    assert not is_signed_in(again)


def test_code_by_mail_does_not_replace_the_second_factor(
    coordinator: User, visitor: Client, code: Callable[[], str]
) -> None:
    TOTP.activate(coordinator, SECRET)
    visitor.post("/accounts/login/code/", {"email": coordinator.email})

    answer = visitor.post("/accounts/login/code/confirm/", {"code": code()})

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(visitor)


def test_new_password_does_not_replace_the_second_factor(
    coordinator: User, visitor: Client, code: Callable[[], str]
) -> None:
    TOTP.activate(coordinator, SECRET)
    visitor.post("/accounts/password/reset/", {"email": coordinator.email})
    visitor.post("/accounts/password/reset/confirm/", {"code": code()})
    visitor.post(
        "/accounts/password/reset/complete/",
        {"password1": "battery staple 9", "password2": "battery staple 9"},
    )
    assert not is_signed_in(visitor)

    answer = visitor.post("/accounts/login/", {"login": coordinator.email, "password": "battery staple 9"})

    assert answer["Location"] == "/accounts/2fa/authenticate/"


def test_code_for_a_new_password_counts_once(
    coordinator: User, visitor: Client, code: Callable[[], str]
) -> None:
    visitor.post("/accounts/password/reset/", {"email": coordinator.email})
    visitor.post("/accounts/password/reset/confirm/", {"code": code()})
    new = {"password1": "battery staple 9", "password2": "battery staple 9"}
    visitor.post("/accounts/password/reset/complete/", new)

    answer = visitor.post("/accounts/password/reset/confirm/", {"code": code_in(mail.outbox[0])})

    assert answer["Location"] == "/accounts/login/"


def code_in(message: Any) -> str:
    return next(line.strip() for line in message.body.splitlines() if line.startswith("    "))


def test_password_cannot_be_set_before_the_code_is_entered(coordinator: User, visitor: Client) -> None:
    visitor.post("/accounts/password/reset/", {"email": coordinator.email})

    answer = visitor.post(
        "/accounts/password/reset/complete/",
        {"password1": "battery staple 9", "password2": "battery staple 9"},
    )

    assert answer["Location"] == "/accounts/password/reset/confirm/"
    coordinator.refresh_from_db()
    assert coordinator.check_password(PASSWORD)


def test_changed_password_ends_all_other_sessions(coordinator: User, visitor: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere, coordinator.email)
    sign_in(visitor, coordinator.email)

    answer = visitor.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "battery staple 9", "password2": "battery staple 9"},
    )

    assert answer["Location"] == "/accounts/sessions/"
    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere)


def test_present_password_is_asked_before_it_is_changed(coordinator: User) -> None:
    answer = signed_in(coordinator).post(
        "/accounts/password/change/",
        {"oldpassword": "wrong", "password1": "battery staple 9", "password2": "battery staple 9"},
    )

    assert list(answer.context["form"].errors) == ["oldpassword"]


@pytest.mark.parametrize(
    "path",
    ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/recovery-codes/generate/"],
)
def test_identity_is_confirmed_before_a_factor_is_changed(coordinator: User, path: str) -> None:
    answer = signed_in(coordinator).get(path)

    assert answer["Location"] == f"/accounts/reauthenticate/?next={path.replace('/', '%2F')}"


def test_identity_is_confirmed_before_the_address_is_changed(coordinator: User) -> None:
    client = signed_in(coordinator)

    answer = client.post("/accounts/email/", {"email": "other@ulm.example", "action_add": "yes"})

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert mail.outbox == []


def test_person_ends_another_own_session(coordinator: User, visitor: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere, coordinator.email)
    sign_in(visitor, coordinator.email)
    row = UserSession.objects.get(session_key=elsewhere.session.session_key)

    answer = visitor.post(f"/accounts/sessions/{row.pk}/end/")

    assert answer["Location"] == "/accounts/sessions/"
    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere)


def test_ending_this_session_signs_out(coordinator: User, visitor: Client) -> None:
    sign_in(visitor, coordinator.email)

    answer = visitor.post(f"/accounts/sessions/{UserSession.objects.get().pk}/end/")

    assert answer["Location"] == "/"
    assert not is_signed_in(visitor)


def test_session_of_somebody_else_does_not_exist(coordinator: User, outsider: User, visitor: Client) -> None:
    sign_in(visitor, coordinator.email)

    answer = signed_in(outsider).post(f"/accounts/sessions/{UserSession.objects.get().pk}/end/")

    assert answer.status_code == 404
    assert is_signed_in(visitor)


def test_session_is_ended_by_post_only(coordinator: User, visitor: Client) -> None:
    sign_in(visitor, coordinator.email)

    assert visitor.get(f"/accounts/sessions/{UserSession.objects.get().pk}/end/").status_code == 405


def test_all_other_sessions_end_together(coordinator: User, visitor: Client) -> None:
    others = [Client(), Client()]
    for other in others:
        sign_in(other, coordinator.email)
    sign_in(visitor, coordinator.email)

    visitor.post("/accounts/sessions/")

    assert [is_signed_in(other) for other in others] == [False, False]
    assert is_signed_in(visitor)


def test_staff_without_second_factor_are_sent_to_set_one_up(admin: User, settings: Any) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    client = signed_in(admin)

    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/2fa/"
    assert client.get("/admin/accounts/user/").status_code == 302


def test_staff_with_second_factor_enter_the_office(admin: User, settings: Any) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True
    TOTP.activate(admin, SECRET)

    assert signed_in(admin).get("/admin/").status_code == 200


def test_recovery_code_counts_once(coordinator: User, visitor: Client) -> None:
    TOTP.activate(coordinator, SECRET)
    client = signed_in(coordinator)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/recovery-codes/generate/")
    first = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    sign_in(visitor, coordinator.email)
    visitor.post("/accounts/2fa/authenticate/", {"code": first})
    assert is_signed_in(visitor)
    again = Client()
    sign_in(again, coordinator.email)

    again.post("/accounts/2fa/authenticate/", {"code": first})

    assert not is_signed_in(again)
    assert Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES).count() == 1


def test_visitor_cannot_reach_the_office(db: None) -> None:
    assert Client().get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert Client().get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_outsider_cannot_reach_the_office(outsider: User) -> None:
    assert signed_in(outsider).get("/admin/login/?next=/admin/").status_code == 403

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import forget_addresses_of_sign_ins
from accounts.models import User


def test_the_list_shows_the_address_only_as_long_as_it_is_kept(coordinator: User) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post(reverse("account_login"), {"login": coordinator.email, "password": "correct horse"})
    fresh = client.get(reverse("usersessions_list")).content.decode()

    forget_addresses_of_sign_ins(now=timezone.now() + timedelta(days=8))
    later = client.get(reverse("usersessions_list")).content.decode()

    assert UserSession.objects.filter(user=coordinator).count() == 1
    assert ("192.0.2.7" in fresh, "192.0.2.7" in later, "0.0.0.0" in later) == (True, False, False)

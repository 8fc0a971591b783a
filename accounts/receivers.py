"""Signals of Django's and allauth's sign-in: the only receivers of the house. They leave no other place."""

from typing import Any

import structlog
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import actions, newcomers
from accounts.models import User

log = structlog.get_logger(__name__)


@receiver(user_logged_in)
def signed_in(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    actions.limit_session(request.session, user, now=timezone.now())
    log.info("signed_in", person=user.pk)


@receiver(email_confirmed)
def address_confirmed(sender: type[EmailAddress], email_address: EmailAddress, **kwargs: Any) -> None:
    newcomers.address_confirmed(person=email_address.user, email=email_address.email, now=timezone.now())


@receiver(user_logged_out)
def signed_out(sender: type[User] | None, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    log.info("signed_out", person=user.pk if user else None)


@receiver(user_login_failed)
def sign_in_refused(sender: str, **kwargs: Any) -> None:
    """Not with which address: it may be somebody's password in the wrong field."""
    log.info("sign_in_refused")

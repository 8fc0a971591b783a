"""How allauth treats our people: our words, our mails, our way after each step."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.mail import EmailMessage
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

# allauth's own catalogues mix polite and familiar forms; every sentence a person can meet is ours.
TOO_MANY_TRIES = _("Too many tries. Please wait a few minutes and try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("You need one e-mail address to sign in."),
        "duplicate_email": _("This is already your e-mail address."),
        "email_password_mismatch": _("This e-mail address and this password do not belong together."),
        "email_taken": _("This e-mail address belongs to another account."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code is not right. Please check it, or have a new one sent to you."),
        "incorrect_password": _("This password is not right."),
        "invalid_or_expired_key": _("This link has expired or was already used."),
        "invalid_login": _("Please enter your e-mail address."),
        "invalid_password_reset": _("This link has expired or was already used."),
        "too_many_login_attempts": TOO_MANY_TRIES,
        "unknown_email": _("There is no account with this e-mail address."),
        "unverified_primary_email": _("Please confirm your e-mail address first."),
        "same_as_current": _("This is already your e-mail address."),
        "rate_limited": TOO_MANY_TRIES,
    }

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        """A new person reads the language in which the page was shown."""
        language = get_language() or ""
        if language in dict(settings.LANGUAGES):
            user.language = language  # type: ignore[attr-defined]
        return super().save_user(request, user, form, commit=commit)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Who changed the password may want to look at the other sessions."""
        return reverse("usersessions_list")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        if self.request.user.is_authenticated:
            return reverse("account_email")
        return super().get_email_verification_redirect_url(email_address)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        names = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": names[method["id"]]} for method in methods]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        language = get_language() or settings.LANGUAGE_CODE
        automatic = {"Auto-Submitted": "auto-generated", "Content-Language": language}
        mail = super().render_mail(template_prefix, email, context, {**automatic, **(headers or {})})
        mail.body = mail.body.strip() + "\n"
        return mail


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Please remove your second factor before you change your e-mail address."),
        "cannot_delete_authenticator": _("You cannot remove this second factor."),
        "cannot_generate_recovery_codes": _("Recovery codes need a second factor. Please set one up first."),
        "incorrect_code": _("This code is not right. Apps show a new one every 30 seconds."),
        "unverified_email": _("Please confirm your e-mail address before you set up a second factor."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "ViPaD"}

"""What we ask people: allauth's forms in our words, and the profile."""

from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.forms import BoundField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import actions, texts
from accounts.languages import SPOKEN_LANGUAGES
from accounts.models import SpokenLanguage, User
from core.form_keys import FormKeyField

_NO_CORRECTION = {"autocapitalize": "none", "spellcheck": "false"}
_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", **_NO_CORRECTION}


# The same as AUTH_PASSWORD_VALIDATORS ask, in one breath.
PASSWORD_RULES = _(
    "At least 8 characters; longer is better. No common password, and not your e-mail address."
)


class OurWords:
    """Labels and attributes of an allauth form's fields. No placeholders: the label says it."""

    words: ClassVar[dict[str, str | Promise]] = {}
    attributes: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            field.widget.attrs.update(self.attributes.get(name, {}))
            if isinstance(field.widget, forms.PasswordInput) and name != "password1":
                field.help_text = ""


class AddressForm(OurWords):
    words = {"email": _("E-mail address")}
    attributes = {"email": {"autocomplete": "email", **_NO_CORRECTION}}


class CodeForm(OurWords):
    words = {"code": pgettext_lazy("sent by mail", "Code")}
    attributes = {"code": _CODE}


class NewPasswordForm(OurWords):
    words = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_RULES  # type: ignore[attr-defined]


class LoginForm(OurWords, account_forms.LoginForm):
    words = {"login": _("E-mail address"), "password": _("Password")}
    attributes = {"login": {"autocomplete": "username", **_NO_CORRECTION}}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        response = super().login(request, redirect_url)
        if request.user.is_authenticated:
            # allauth has just set one age for everybody.
            actions.limit_session(request.session, request.user, now=timezone.now())
        return response


class SignupForm(OurWords, account_forms.SignupForm):
    words = {"email": _("E-mail address"), "password1": _("Password")}
    attributes = {"email": {"autocomplete": "email", **_NO_CORRECTION}}

    account_already_exists: bool

    terms = forms.BooleanField(
        label=_("I accept the terms of use"),
        error_messages={"required": _("Without this we cannot open an account for you.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "password1", "terms"])
        self.fields["password1"].help_text = PASSWORD_RULES
        self.fields["terms"].help_text = format_html(
            gettext(
                'Please read the <a href="{terms}">terms of use</a> '
                'and, in the <a href="{privacy}">privacy notice</a>, how we treat your data.'
            ),
            terms=reverse("portal:page", args=["terms"]),
            privacy=reverse("portal:page", args=["privacy"]),
        )

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, Any]:
        """A known address gets the same answer after the same time: an account's own mail says the rest."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # The same address a moment ago, by another request.
            self.account_already_exists = True
            return super().try_save(request)

    def custom_signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().custom_signup(request, user)
        actions.accept(
            user,
            text=texts.TERMS,
            version=texts.current_version(texts.TERMS),
            language=get_language() or settings.LANGUAGE_CODE,
            now=timezone.now(),
        )


class RequestLoginCodeForm(AddressForm, account_forms.RequestLoginCodeForm):
    attributes = {"email": {"autocomplete": "username", **_NO_CORRECTION}}


class ResetPasswordForm(AddressForm, account_forms.ResetPasswordForm):
    attributes = {"email": {"autocomplete": "username", **_NO_CORRECTION}}


class AddEmailForm(AddressForm, account_forms.AddEmailForm):
    words = {"email": _("New e-mail address")}


class ConfirmEmailVerificationCodeForm(CodeForm, account_forms.ConfirmEmailVerificationCodeForm):
    pass


class ConfirmLoginCodeForm(CodeForm, account_forms.ConfirmLoginCodeForm):
    pass


class ConfirmPasswordResetCodeForm(CodeForm, account_forms.ConfirmPasswordResetCodeForm):
    pass


class ChangePasswordForm(NewPasswordForm, account_forms.ChangePasswordForm):
    pass


class SetPasswordForm(NewPasswordForm, account_forms.SetPasswordForm):
    pass


class ResetPasswordKeyForm(NewPasswordForm, account_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(OurWords, account_forms.ReauthenticateForm):
    words = {"password": _("Password")}


class SecondFactorForm(OurWords):
    words = {"code": _("Code of your app, or a recovery code")}
    attributes = {"code": _CODE}


class AuthenticateForm(SecondFactorForm, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateMFAForm(SecondFactorForm, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(OurWords, totp_forms.ActivateTOTPForm):
    words = {"code": _("Code that the app shows")}
    attributes = {"code": _CODE}


class PasskeyForm(OurWords):
    words = {"name": _("Name of the passkey")}
    attributes = {"name": {"autocomplete": "off", "maxlength": "60"}}


class AddPasskeyForm(PasskeyForm, webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("So that you can tell your devices apart, for example “My phone”.")
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Sign in with this passkey alone, without password")
        passwordless.help_text = _("Your device asks for your fingerprint, your face or its PIN.")
        passwordless.initial = True


class EditPasskeyForm(PasskeyForm, webauthn_forms.EditWebAuthnForm):
    pass


class ProfileForm(forms.ModelForm):
    """Own details, and the languages one speaks in rows of two fields; a row without language is left out."""

    FEWEST_ROWS = 3

    key = FormKeyField()

    class Meta:
        model = User
        fields = ("display_name", "name_visibility", "language", "time_zone")
        widgets = {
            "display_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "name_visibility": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_visibility"].help_text = _(
            "Who coordinates an organisation or a partnership together with you sees it in any case. "
            "You can change this at any time."
        )
        self.fields["language"].help_text = _("In this language we show the pages and write our mails.")
        self.fields["time_zone"].help_text = _("On this clock we tell you when something begins.")
        self._add_rows(list(self.instance.spoken_languages.order_by("pk").values_list("language", "level")))

    def _add_rows(self, spoken: list[tuple[str, str]]) -> None:
        """One empty row more than needed; a sent form keeps as many rows as it had."""
        self._rows = max(self.FEWEST_ROWS, len(spoken) + 1)
        while (
            self.is_bound and f"spoken_{self._rows + 1}" in self.data and self._rows < len(SPOKEN_LANGUAGES)
        ):
            self._rows += 1
        for number in range(1, self._rows + 1):
            language, level = spoken[number - 1] if number <= len(spoken) else ("", SpokenLanguage.Level.GOOD)
            self.fields[f"spoken_{number}"] = forms.ChoiceField(
                label=_("Language %(number)s") % {"number": number},
                choices=[("", _("none")), *SPOKEN_LANGUAGES],
                initial=language,
                required=False,
            )
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=_("How well do you speak it?"),
                choices=SpokenLanguage.Level.choices,
                initial=level,
                required=False,
            )

    @property
    def rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"spoken_{number}"], self[f"level_{number}"]) for number in range(1, self._rows + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        spoken: dict[str, str] = {}
        for number in range(1, self._rows + 1):
            language = cleaned.get(f"spoken_{number}")
            if language in spoken:
                self.add_error(f"spoken_{number}", _("You have named this language above already."))
            elif language:
                spoken[language] = cleaned.get(f"level_{number}") or SpokenLanguage.Level.GOOD
        self._spoken = spoken
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        """What `actions.update_profile` wants to know. Only of a valid form."""
        return {
            **{name: self.cleaned_data[name] for name in self.Meta.fields},
            "spoken_languages": self._spoken,
        }

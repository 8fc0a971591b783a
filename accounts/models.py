"""People: who signs in, in which language and zone we speak to them, and what they agreed to."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import SPOKEN_LANGUAGES, ZONES
from core.visibility import Visibility

# The levels of core.visibility, as one says them of a person.
NAME_SEEN_BY = (
    (Visibility.PUBLIC.value, pgettext_lazy("who sees a name", "everybody, also on public pages")),
    (Visibility.MEMBERS.value, pgettext_lazy("who sees a name", "signed-in members")),
    (Visibility.NOBODY.value, pgettext_lazy("who sees a name", "only people I work with, and the office")),
)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The address is the login and is shown to nobody but the person and the office."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(
        _("name"), max_length=80, blank=True, help_text=_("As other members see you. You may leave it empty.")
    )
    name_visibility = models.CharField(
        _("who may see the name"), max_length=10, choices=NAME_SEEN_BY, default=Visibility.MEMBERS
    )
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(_("time zone"), max_length=40, choices=ZONES, default="Europe/Berlin")
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    # The three questions after sign-up: put aside, or answered with "just looking".
    welcome_closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("email",)
        constraints = (models.UniqueConstraint(Lower("email"), name="person_email_once_any_case"),)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What people who work together see of each other: never the address. For other readers: accounts.names."""
        return shown_name(self.pk, self.display_name, self.erased_at)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


def shown_name(number: int, display_name: str, erased_at: datetime | None) -> str:
    """`User.shown_name` for rows that carry no person, only these three."""
    if erased_at:
        return str(_("Former member"))
    return display_name or str(_("Member %(number)s") % {"number": number})


class SpokenLanguage(models.Model):
    """A language a person speaks, and how well."""

    class Level(models.TextChoices):
        BASIC = "basic", _("a little")
        GOOD = "good", _("well")
        NATIVE = "native", _("as my own language")

    person = models.ForeignKey(
        User, models.CASCADE, related_name="spoken_languages", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=8, choices=SPOKEN_LANGUAGES)
    level = models.CharField(_("how well"), max_length=10, choices=Level, default=Level.GOOD)

    class Meta:
        verbose_name = _("spoken language")
        verbose_name_plural = _("spoken languages")
        constraints = (models.UniqueConstraint(fields=("person", "language"), name="spoken_language_once"),)

    def __str__(self) -> str:
        return f"{self.get_language_display()} ({self.get_level_display()})"


class Consent(models.Model):
    """Which version of which text a person accepted, in which language, and when (UTC)."""

    person = models.ForeignKey(User, models.CASCADE, related_name="consents", verbose_name=_("person"))
    text = models.CharField(_("text"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=8)
    accepted_at = models.DateTimeField(_("accepted at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-accepted_at",)
        constraints = (
            models.UniqueConstraint(fields=("person", "text", "version"), name="consent_to_a_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.text} {self.version}"

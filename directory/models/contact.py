"""Profiles in further languages, and messages passed on without showing an address."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.languages import PARTNER_LANGUAGES
from directory.models.organisations import Organisation
from directory.models.places import Municipality


class ProfileText(models.Model):
    """What a municipality or an organisation says about itself in a language beside German and English."""

    municipality = models.ForeignKey(
        Municipality,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="profile_texts",
        verbose_name=_("municipality"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="profile_texts",
        verbose_name=_("organisation"),
    )
    language = models.CharField(_("language"), max_length=8, choices=PARTNER_LANGUAGES)
    text = models.TextField(_("text"), max_length=4000)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("profile text")
        verbose_name_plural = _("profile texts")
        ordering = ("language",)
        constraints = (
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, organisation__isnull=True)
                | Q(municipality__isnull=True, organisation__isnull=False),
                name="profile_text_of_one",
            ),
            models.UniqueConstraint(
                fields=("municipality", "language"),
                condition=Q(municipality__isnull=False),
                name="profile_text_of_municipality_once",
            ),
            models.UniqueConstraint(
                fields=("organisation", "language"),
                condition=Q(organisation__isnull=False),
                name="profile_text_of_organisation_once",
            ),
        )

    def __str__(self) -> str:
        return self.get_language_display()


class ContactMessage(models.Model):
    """A message written on a public page and passed on by mail. The sender's address is told to its readers only."""

    subject_type = models.ForeignKey(ContentType, models.CASCADE)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    subject_name = models.CharField(_("to"), max_length=200)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sender"),
    )
    sender_name = models.CharField(_("name of the sender"), max_length=80)
    sender_email = models.EmailField(_("address of the sender"), blank=True)
    language = models.CharField(_("language of the message"), max_length=8)
    text = models.TextField(_("message"), max_length=4000)
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("message passed on")
        verbose_name_plural = _("messages passed on")
        ordering = ("-sent_at",)
        indexes = (models.Index(fields=("subject_type", "subject_id")),)

    def __str__(self) -> str:
        return self.subject_name

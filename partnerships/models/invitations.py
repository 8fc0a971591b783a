"""Signed questions to a side: is this entry right?"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import PARTNER_LANGUAGES
from partnerships.models.contacts import SideContact
from partnerships.models.register import PartnershipSide


class SideInvitation(models.Model):
    """One question to one address about one side. The link carries row and nonce, signed; a new nonce voids it."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("to confirm a new entry")
        YEARLY = "yearly", _("to say once a year whether it is still right")
        TAKE_OVER = "take_over", _("to take over as contact person")

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        CONFIRMED = "confirmed", pgettext_lazy("answer", "confirmed")
        CORRECTED = "corrected", pgettext_lazy("answer", "corrected")
        DISPUTED = "disputed", pgettext_lazy("answer", "disputed")
        TAKEN_OVER = "taken_over", _("taken over")
        DECLINED = "declined", pgettext_lazy("answer", "declined")

    side = models.ForeignKey(
        PartnershipSide, models.CASCADE, related_name="invitations", verbose_name=_("side")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    # Whom it went to, when that is somebody the register keeps as contact.
    contact = models.ForeignKey(
        SideContact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("contact person"),
    )
    email = models.EmailField(_("e-mail address"), blank=True)  # forgotten once answered or expired
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=PARTNER_LANGUAGES)
    nonce = models.CharField(max_length=32, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("question to a side")
        verbose_name_plural = _("questions to sides")
        ordering = ("-sent_at",)
        constraints = (
            # One open question a purpose and address: asking again renews it.
            models.UniqueConstraint(
                fields=("side", "purpose", "email"),
                condition=Q(answered_at=None, revoked_at=None) & ~Q(email=""),
                name="side_invitation_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} ({self.get_purpose_display()})"

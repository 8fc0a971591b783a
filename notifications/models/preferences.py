"""How often a reader wants mails, and to whom none go any more."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Pace(models.TextChoices):
    """How soon a reader wants to be told by mail. In the list of notices everything stands at once."""

    NOW = "now", pgettext_lazy("how often mails come", "at once")
    DAILY = "daily", pgettext_lazy("how often mails come", "once a day")
    WEEKLY = "weekly", pgettext_lazy("how often mails come", "once a week")
    BELL = "bell", pgettext_lazy("how often mails come", "no mail, only in the list")


class Preference(models.Model):
    """What a person chose: for everything (kind and scope empty), for one kind, or for one scope, say a group."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mail_preferences",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=40, blank=True)
    scope = models.CharField(_("scope"), max_length=60, blank=True)
    pace = models.CharField(_("how often"), max_length=10, choices=Pace)

    class Meta:
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")
        constraints = (
            models.UniqueConstraint(fields=("person", "kind", "scope"), name="preference_once"),
            models.CheckConstraint(
                condition=models.Q(kind="") | models.Q(scope=""), name="preference_of_kind_or_scope"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind or self.scope or '*'}: {self.pace}"


class MailStop(models.Model):
    """No mails go to this address any more. The address itself is not kept: `address` is a keyed digest of it."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("wants no mails from us")
        BOUNCED = "bounced", _("mails came back")

    address = models.CharField(_("digest of the address"), max_length=33, unique=True, editable=False)
    # Only for the office to see whom it concerns; another address of the same person is written to again.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mail_stops",
        verbose_name=_("person"),
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    said = models.CharField(_("what the mail server said"), max_length=60, blank=True)
    stopped_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("stopped address")
        verbose_name_plural = _("stopped addresses")
        ordering = ("-stopped_at", "-id")

    def __str__(self) -> str:
        return self.get_reason_display()

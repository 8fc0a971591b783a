"""What was changed, by whom, from what to what; and what a side proposes to change."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.models.register import Partnership, PartnershipSide


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, person: object) -> "ChangeQuerySet":
        """The history is for the sides and the office."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if person.is_staff and person.has_perm("partnerships.view_change"):  # type: ignore[attr-defined]
            return self
        return self.filter(partnership__in=Partnership.objects.spoken_for_by(person))


class Change(models.Model):
    """One line of the history. Written by actions in the transaction of the change; never edited."""

    class What(models.TextChoices):
        REGISTERED = "registered", _("registered")
        EDITED = "edited", _("edited")
        STATUS = "status", _("status changed")
        PUBLISHED = "published", pgettext_lazy("history", "published")
        UNPUBLISHED = "unpublished", _("taken off the public pages")
        ASKED = "asked", _("asked to confirm")
        CONFIRMED = "confirmed", pgettext_lazy("history", "confirmed")
        CORRECTION = "correction", _("correction proposed")
        CORRECTION_TAKEN = "correction_taken", _("correction accepted")
        CORRECTION_DECLINED = "correction_declined", _("correction declined")
        DISPUTED = "disputed", pgettext_lazy("history", "disputed")
        SETTLED = "settled", _("dispute settled")
        CONTACT_ADDED = "contact_added", _("contact person added")
        CONTACT_ENDED = "contact_ended", _("contact person left")
        HANDED_OVER = "handed_over", _("handed over")
        DOCUMENT = "document", _("file added")
        DOCUMENT_GONE = "document_gone", _("file removed")
        CHRONICLE = "chronicle", _("chronicle changed")

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="changes", verbose_name=_("partnership")
    )
    what = models.CharField(_("what"), max_length=20, choices=What)
    at = models.DateTimeField(_("when"))
    # By a person with account, or by a side that answered a signed link; neither when the clock did it.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    side = models.ForeignKey(
        PartnershipSide, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("side")
    )
    is_office = models.BooleanField(_("by the office"), default=False)
    # {column: value}, only the columns that differ; dates as ISO text.
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a partnership")
        verbose_name_plural = _("history of partnerships")
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("partnership", "-at")),)

    def __str__(self) -> str:
        return self.get_what_display()


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> "CorrectionQuerySet":
        return self.filter(state=Correction.State.OPEN)

    def visible_to(self, person: object) -> "CorrectionQuerySet":
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if person.is_staff and person.has_perm("partnerships.view_correction"):  # type: ignore[attr-defined]
            return self
        return self.filter(partnership__in=Partnership.objects.spoken_for_by(person))


class Correction(models.Model):
    """A side says what would be right. It is taken over when another side, or the office, accepts it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="corrections", verbose_name=_("partnership")
    )
    side = models.ForeignKey(
        PartnershipSide, models.CASCADE, related_name="corrections", verbose_name=_("side")
    )
    # {column: [value when proposed, proposed value]}
    changes = models.JSONField(_("changes"), default=dict, encoder=DjangoJSONEncoder)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    language = models.CharField(_("language of the note"), max_length=8, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-proposed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("side",), condition=Q(state="open"), name="correction_open_once_per_side"
            ),
        )

    def __str__(self) -> str:
        return str(self.side)

"""Reports of wrong entries."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryReportQuerySet(models.QuerySet["EntryReport"]):
    def open(self) -> "EntryReportQuerySet":
        return self.filter(state=EntryReport.State.OPEN)


class EntryReport(models.Model):
    """Somebody says that a public entry is wrong. The reporter's address is kept until the report is answered."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CORRECTED = "corrected", _("corrected")
        DECLINED = "declined", _("nothing to correct")

    subject_type = models.ForeignKey(ContentType, models.CASCADE)
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    subject_name = models.CharField(_("entry"), max_length=200)
    text = models.TextField(_("what is wrong"), max_length=2000)
    email = models.EmailField(_("e-mail address of the reporter"), blank=True)
    language = models.CharField(_("language"), max_length=8)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer to the reporter"), blank=True)
    reported_at = models.DateTimeField(_("reported at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = EntryReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a wrong entry")
        verbose_name_plural = _("reports of wrong entries")
        ordering = ("-reported_at",)
        indexes = (models.Index(fields=("subject_type", "subject_id")),)

    def __str__(self) -> str:
        return self.subject_name

"""Telling people: one row is one thing told to one reader, once."""

from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, now: datetime) -> "NoticeQuerySet":
        return self.filter(state=Notice.State.WAITING, due_at__lte=now)

    def visible_to(self, person: object) -> "NoticeQuerySet":
        """A notice is its reader's own affair; the office sees the mail log in the admin."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        return self.filter(recipient_id=person.pk)  # type: ignore[attr-defined]

    def in_bell(self, now: datetime) -> "NoticeQuerySet":
        """What stands in a reader's list; what is to be told later does not yet."""
        return self.exclude(state=Notice.State.DROPPED).filter(bell_at__lte=now)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """A bell entry and a mail in one row. `key` makes it unique; what must be told anew has another key."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        BELL = "bell", _("only in the list")
        DROPPED = "dropped", _("no longer wanted")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("reader"),
    )
    email = models.EmailField(_("address of a reader without account"), blank=True)
    language = models.CharField(_("language of a reader without account"), max_length=8, blank=True)
    time_zone = models.CharField(_("time zone of a reader without account"), max_length=40, blank=True)
    scope = models.CharField(_("scope"), max_length=60, blank=True)
    # Without a constraint, which would be checked for each of thousands of readers; the sweep settles rows of a type
    # that is gone.
    about_type = models.ForeignKey(
        ContentType, models.CASCADE, null=True, blank=True, db_index=False, db_constraint=False
    )
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    # From when on it is told: in the list at once, by mail when the kind and the reader's choice say so.
    bell_at = models.DateTimeField(_("told from"), default=timezone.now)
    # When the sweep looks at it next: the next digest, the next try.
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    queued_at = models.DateTimeField(_("queued"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-queued_at", "-id")
        indexes = (
            models.Index(fields=("due_at", "id"), condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(
                fields=("recipient", "bell_at"),
                condition=Q(read_at=None) & ~Q(state="dropped"),
                name="notice_unread",
            ),
        )
        constraints = (
            # Not `unique=True`, which adds a second index for LIKE: each index is written for each reader.
            models.UniqueConstraint(fields=("key",), name="notice_told_once"),
            # An erased reader leaves neither account nor address behind.
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(email="") | ~Q(state="waiting"),
                name="notice_waiting_has_a_reader",
            ),
        )

    def __str__(self) -> str:
        return self.key


class SweepRun(models.Model):
    """When a sweep last ran; /healthz tells its age."""

    name = models.CharField(max_length=40, primary_key=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

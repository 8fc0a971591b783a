"""What is reported, what was decided, and what its author says to that."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from discussions import choices
from discussions.models.talk import Post

PERSON = settings.AUTH_USER_MODEL


class Report(models.Model):
    """Somebody says that a post breaks the rules or the law. `reference` is told to who reported it.

    A decision to hide is a row even when nobody has reported: its author is told by it why, and appeals to it.
    """

    reference = models.CharField(_("reference"), max_length=16, unique=True)
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("post")
    )
    reporter = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reported by")
    )
    # Of the notice form without an account: about a place, not a post. Who leads a group learns nothing of it.
    is_notice = models.BooleanField(_("notice without an account"), default=False, editable=False)
    # Forgotten once it is answered.
    email = models.EmailField(_("e-mail address"), blank=True)
    address = models.CharField(_("where it stands"), max_length=300, blank=True)
    text = models.TextField(_("what is wrong"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=8)
    reported_at = models.DateTimeField(_("reported"))
    state = models.CharField(
        _("state"), max_length=8, choices=choices.ReportState, default=choices.ReportState.OPEN
    )
    decision = models.TextField(_("decision and reason"), max_length=2000, blank=True)
    decided_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # One of the reports of a hidden post is what its author was told by.
    is_statement = models.BooleanField(default=False, editable=False)
    # Of the author, once; decided by somebody else.
    appeal = models.TextField(_("appeal"), max_length=4000, blank=True)
    appealed_at = models.DateTimeField(_("appealed"), null=True, blank=True)
    appeal_decision = models.TextField(_("answer to the appeal"), max_length=2000, blank=True)
    appeal_decided_by = models.ForeignKey(
        PERSON,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("appeal decided by"),
    )
    appeal_decided_at = models.DateTimeField(_("appeal decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a post")
        verbose_name_plural = _("reports of posts")
        ordering = ("-reported_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("post", "reporter"),
                condition=Q(state=choices.ReportState.OPEN),
                name="report_open_once",
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state == choices.ReportState.OPEN

    @property
    def appeal_waits(self) -> bool:
        return self.appealed_at is not None and self.appeal_decided_at is None

"""Pages edited in the admin (legal, help), their versions, and the announcement banner."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet


class PageQuerySet(MultilingualQuerySet["Page"]):
    pass


PageManager = MultilingualManager.from_queryset(PageQuerySet)


class Page(models.Model):
    """A page whose text belongs to the operator. Texts are Markdown; `[[…]]` marks what the operator must fill in."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("legal page")
        HELP = "help", _("help page")

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HELP)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(
        _("text"), help_text=_("Markdown. [[…]] marks what the operator must still fill in.")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = PageManager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("kind", "slug")

    def __str__(self) -> str:
        return self.title


class PageVersion(models.Model):
    """What a page said, in every language, from one moment on."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="versions", verbose_name=_("page"))
    number = models.PositiveIntegerField(_("version"))
    texts = models.JSONField(_("texts"), help_text="{language: {title, body}}")
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("saved by"),
    )

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("page", "number"), name="page_version_once"),)

    def __str__(self) -> str:
        return f"{self.page_id}/{self.number}"


class AnnouncementQuerySet(MultilingualQuerySet["Announcement"]):
    def shown(self, now: datetime) -> "AnnouncementQuerySet":
        return self.filter(starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))


AnnouncementManager = MultilingualManager.from_queryset(AnnouncementQuerySet)


class Announcement(models.Model):
    """A sentence above every page, between two moments."""

    class Level(models.TextChoices):
        INFO = "info", _("information")
        WARNING = "warning", _("warning")

    text = models.CharField(_("text"), max_length=300)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.INFO)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = AnnouncementManager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ("-starts_at",)

    def __str__(self) -> str:
        return self.text

"""What comes with and after a session: mails of its hosts, materials, feedback; and calendar feeds."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

from webinars import choices
from webinars.models.registrations import Registration
from webinars.models.sessions import Host, Session


class HostMail(models.Model):
    """What a host wrote to a selection of registered people."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="mails", verbose_name=_("session"))
    subject = models.CharField(_("subject"), max_length=140)
    text = models.TextField(_("text"), max_length=6000)
    states = ArrayField(models.CharField(max_length=10), verbose_name=_("to whom"))
    readers = models.PositiveIntegerField(_("readers"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("mail of a host")
        verbose_name_plural = _("mails of hosts")
        ordering = ("-sent_at",)

    def __str__(self) -> str:
        return self.subject


class MaterialQuerySet(MultilingualQuerySet["Material"]):
    def visible_to(self, person: object) -> "MaterialQuerySet":
        """Of sessions this reader sees: what is for everybody, for who has a seat what is for them, for hosts all."""
        rows = self.filter(session__in=Session.objects.visible_to(person))
        everybody = Q(access=choices.MaterialAccess.EVERYBODY)
        number = getattr(person, "pk", None)
        if number is None:
            return rows.filter(everybody)
        if person.is_staff and person.has_perm("webinars.add_session"):  # type: ignore[attr-defined]
            return rows
        seats = Registration.objects.seated().filter(person=number).values("session")
        registered = Q(access=choices.MaterialAccess.REGISTERED, session__in=seats)
        hosted = Q(session__in=Host.objects.filter(person=number).values("session"))
        return rows.filter(everybody | registered | hosted)


MaterialManager = MultilingualManager.from_queryset(MaterialQuerySet)


class Material(models.Model):
    """A file of a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="materials", verbose_name=_("session"))
    kind = models.CharField(
        _("kind"), max_length=10, choices=choices.MaterialKind, default=choices.MaterialKind.SLIDES
    )
    title = models.CharField(_("title"), max_length=140)
    access = models.CharField(
        _("who may open it"),
        max_length=12,
        choices=choices.MaterialAccess,
        default=choices.MaterialAccess.REGISTERED,
    )
    file = models.CharField(max_length=200, editable=False)
    original_name = models.CharField(_("name of the file"), max_length=160, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    objects = MaterialManager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ("uploaded_at", "id")

    def __str__(self) -> str:
        return self.title


def _mark(name: Any) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(name, validators=(MinValueValidator(1), MaxValueValidator(5)))


class Feedback(models.Model):
    """Four answers, without a name: nothing leads from here to the registration."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="feedback", verbose_name=_("session"))
    useful = _mark(_("useful"))
    understandable = _mark(_("understandable"))
    technology = _mark(_("technology"))
    text = models.TextField(_("what should be different"), max_length=2000, blank=True)
    # The day only: with the minute one could find the person.
    given_on = models.DateField(_("given on"))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = (
            models.CheckConstraint(
                condition=Q(useful__range=(1, 5), understandable__range=(1, 5), technology__range=(1, 5)),
                name="feedback_from_1_to_5",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session}: {self.given_on}"


class CalendarFeed(models.Model):
    """The address under which a person's calendar asks for his or her sessions. A new nonce ends the old one."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed", verbose_name=_("person")
    )
    nonce = models.CharField(max_length=32, editable=False)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.person)

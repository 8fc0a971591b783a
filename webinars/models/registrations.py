"""Who comes: registrations of members and guests, what they need, and their certificates."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.languages import PARTNER_LANGUAGES, ZONES
from directory.models import Organisation
from webinars import choices
from webinars.models.sessions import Host, Session


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def taken(self) -> "RegistrationQuerySet":
        """Seats given away or kept for who was offered one."""
        return self.filter(state__in=choices.TAKEN)

    def alive(self) -> "RegistrationQuerySet":
        return self.filter(state__in=choices.ALIVE)

    def seated(self) -> "RegistrationQuerySet":
        return self.filter(state=choices.Seat.SEAT)

    def waiting(self) -> "RegistrationQuerySet":
        """First come, first served."""
        return self.filter(state=choices.Seat.WAITING).order_by("number")

    def visible_to(self, person: object) -> "RegistrationQuerySet":
        """One's own; all of a session for its hosts and the office."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if person.is_staff and person.has_perm("webinars.view_registration"):  # type: ignore[attr-defined]
            return self
        hosted = Host.objects.filter(person=person.pk).values("session")  # type: ignore[attr-defined]
        return self.filter(Q(person=person.pk) | Q(session__in=hosted))  # type: ignore[attr-defined]


class Registration(models.Model):
    """One reader and one session. A guest has an address and no account; registering again takes the same row."""

    Seat = choices.Seat

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="registrations", verbose_name=_("session")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("person"),
    )
    # Of a guest; empty as soon as there is an account.
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=8, choices=PARTNER_LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, choices=ZONES, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    state = models.CharField(_("state"), max_length=10, choices=choices.Seat)
    # The place in the order of requests; drawn from the session's counter under its lock.
    number = models.PositiveIntegerField(_("number"))
    # Of all links in mails: whoever has it is taken for the reader.
    nonce = models.CharField(max_length=32, editable=False)
    registered_at = models.DateTimeField(_("registered"))
    # Since when it counts: reminders due before were answered by the confirmation.
    seated_at = models.DateTimeField(_("has a seat since"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer valid until"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    # Told to this reader alone, beside the session's own: keeps SEQUENCE growing over cancelling and coming back.
    revisions = models.PositiveIntegerField(default=0, editable=False)
    # The last reminder that was queued (lead and start): what keeps each minute's look cheap. The key of the notice
    # is what keeps it single.
    reminded_for = models.CharField(max_length=30, editable=False, blank=True, default="")
    attended_at = models.DateTimeField(_("attended"), null=True, blank=True)
    attended_how = models.CharField(
        _("how attendance was noted"), max_length=8, choices=choices.AttendedHow, blank=True, default=""
    )
    feedback_at = models.DateTimeField(_("feedback given"), null=True, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ("session", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "person"), condition=Q(person__isnull=False), name="register_once"
            ),
            models.UniqueConstraint(
                "session", Lower("email"), condition=~Q(email=""), name="register_once_as_guest"
            ),
            models.UniqueConstraint(fields=("session", "number"), name="registration_number_once"),
            models.CheckConstraint(
                condition=Q(person=None) | Q(email=""), name="registration_is_of_a_member_or_a_guest"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_expires_at__isnull=False),
                name="registration_offer_has_an_end",
            ),
        )
        indexes = (
            models.Index(fields=("session", "state", "number"), name="registration_by_state"),
            models.Index(fields=("nonce",), name="registration_nonce"),
        )

    def __str__(self) -> str:
        return f"{self.session}: {self.shown_name}"

    @property
    def shown_name(self) -> str:
        """As hosts see it."""
        return self.person.shown_name if self.person else self.name

    @property
    def sequence(self) -> int:
        return self.session.sequence + self.revisions

    def offer_is_open(self, now: datetime) -> bool:
        return self.state == choices.Seat.OFFERED and now < (self.offer_expires_at or now)


class NeedsQuerySet(models.QuerySet["Needs"]):
    def visible_to(self, person: object) -> "NeedsQuerySet":
        """Of the reader, and of all who come to a session for its hosts. Not for the office as such."""
        number = getattr(person, "pk", None)
        if number is None:
            return self.none()
        hosted = Host.objects.filter(person=number).values("session")
        return self.filter(Q(registration__person=number) | Q(registration__session__in=hosted))


class Needs(models.Model):
    """Diet, accessibility, interpretation: what a host must know, deleted 30 days after the session."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="needs", verbose_name=_("registration")
    )
    diet = models.CharField(_("food and drink"), max_length=200, blank=True)
    accessibility = models.CharField(_("accessibility"), max_length=300, blank=True)
    interpretation = models.CharField(_("interpretation"), max_length=200, blank=True)

    objects = NeedsQuerySet.as_manager()

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return str(self.registration)


class Certificate(models.Model):
    """That somebody attended. The check page tells who has the code what stands on the paper."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="certificate", verbose_name=_("registration")
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    issued_at = models.DateTimeField(_("issued"))

    class Meta:
        verbose_name = _("certificate of attendance")
        verbose_name_plural = _("certificates of attendance")

    def __str__(self) -> str:
        return self.code

"""Who looks after a side of a partnership."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.languages import PARTNER_LANGUAGES
from core.visibility import Visibility
from partnerships.models.register import Partnership, PartnershipSide


class SideContactQuerySet(models.QuerySet["SideContact"]):
    def current(self) -> "SideContactQuerySet":
        return self.filter(ended_at=None)

    def visible_to(self, person: object) -> "SideContactQuerySet":
        """Whoever speaks for any side sees the contacts of all; the office sees all."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if person.is_staff and person.has_perm("partnerships.view_sidecontact"):  # type: ignore[attr-defined]
            return self
        return self.filter(side__partnership__in=Partnership.objects.spoken_for_by(person))


class SideContact(models.Model):
    """The contact person of a side, with an account (`person`) or only an address. With one they may edit."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        DEPUTY = "deputy", _("deputy")

    side = models.ForeignKey(PartnershipSide, models.CASCADE, related_name="contacts", verbose_name=_("side"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="side_contacts",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.COORDINATOR)
    # Of a contact without account; empty as soon as there is one.
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=8, choices=PARTNER_LANGUAGES, blank=True)
    name_visibility = models.CharField(
        _("who may see the name"), max_length=10, choices=Visibility, default=Visibility.MEMBERS
    )
    since = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = SideContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ("side", "role", "since")
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(email="") | Q(ended_at__isnull=False),
                name="side_contact_can_be_reached",
            ),
            models.UniqueConstraint(
                fields=("side", "person"),
                condition=Q(person__isnull=False, ended_at=None),
                name="side_contact_person_once",
            ),
            models.UniqueConstraint(
                "side",
                Lower("email"),
                condition=~Q(email="") & Q(ended_at=None),
                name="side_contact_email_once",
            ),
        )

    def __str__(self) -> str:
        return self.person.shown_name if self.person else self.name or str(self.side)

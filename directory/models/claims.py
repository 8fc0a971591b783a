"""Who speaks for a municipality."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.models.places import Municipality


class ClaimQuerySet(models.QuerySet["Claim"]):
    def open(self) -> "ClaimQuerySet":
        return self.filter(state=Claim.State.OPEN)

    def accepted(self) -> "ClaimQuerySet":
        """Whoever has one of these speaks for the municipality now."""
        return self.filter(state=Claim.State.ACCEPTED)

    def current(self) -> "ClaimQuerySet":
        """Still asked for, or granted: a person has one of these on a municipality at most."""
        return self.filter(state__in=(Claim.State.OPEN, Claim.State.ACCEPTED))

    def visible_to(self, person: object) -> "ClaimQuerySet":
        """One's own; those on a municipality one speaks for; all for the office."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if person.is_staff and person.has_perm("directory.view_claim"):  # type: ignore[attr-defined]
            return self
        number: int = person.pk  # type: ignore[attr-defined]
        mine = Claim.objects.accepted().filter(person_id=number)
        return self.filter(Q(person_id=number) | Q(municipality__in=mine.values("municipality")))


class Claim(models.Model):
    """ "I speak for this town": asked by a person, decided by the office. Accepted it is the right itself."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        DEPUTY = "deputy", _("deputy")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ENDED = "ended", pgettext_lazy("claim", "ended")

    class HolderAnswer(models.TextChoices):
        """What the person who speaks for the municipality already says to a second one."""

        NONE = "", _("not answered yet")
        AGREES = "agrees", _("agrees")
        OBJECTS = "objects", _("objects")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="claims", verbose_name=_("municipality")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.COORDINATOR)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    official_email = models.EmailField(
        _("official address"), blank=True, help_text=_("Of the administration; proven by a link sent there.")
    )
    is_official_domain = models.BooleanField(_("address of a known official domain"), default=False)
    email_proven_at = models.DateTimeField(_("address proven"), null=True, blank=True)
    nonce = models.CharField(max_length=32, editable=False)
    reason = models.TextField(_("what the person wrote"), max_length=1000, blank=True)
    made_at = models.DateTimeField(_("made"))
    holder_answer = models.CharField(
        _("answer of who speaks for it so far"),
        max_length=10,
        choices=HolderAnswer,
        blank=True,
        default=HolderAnswer.NONE,
    )
    holder_answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    holder_answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answer = models.TextField(_("answer to the person"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim to speak for a municipality")
        verbose_name_plural = _("claims to speak for a municipality")
        ordering = ("-made_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "person"),
                condition=Q(state__in=("open", "accepted")),
                name="claim_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.municipality}"

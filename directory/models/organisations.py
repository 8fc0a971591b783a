"""Organisations, who belongs to them in which role, and invitations to join."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

from accounts.languages import PARTNER_LANGUAGES
from core.visibility import Visibility
from directory.models.places import Municipality


class OrganisationQuerySet(MultilingualQuerySet["Organisation"]):
    def published(self) -> "OrganisationQuerySet":
        return self.exclude(published_at=None)

    def listed(self, *, demo: bool) -> "OrganisationQuerySet":
        """What everybody finds; `demo` also shows invented examples (never in production)."""
        return self.published() if demo else self.published().filter(is_demo=False)

    def visible_to(self, person: object) -> "OrganisationQuerySet":
        """Published ones are everybody's; the rest belongs to its members and the office."""
        if not getattr(person, "is_authenticated", False):
            return self.published()
        if person.is_staff and person.has_perm("directory.view_organisation"):  # type: ignore[attr-defined]
            return self
        mine = Membership.objects.active().filter(person_id=person.pk)  # type: ignore[attr-defined]
        return self.filter(~Q(published_at=None) | Q(pk__in=mine.values("organisation")))


OrganisationManager = MultilingualManager.from_queryset(OrganisationQuerySet)


class Organisation(models.Model):
    """A body that keeps partnerships alive: twinning association, club, school, fire brigade, town hall."""

    class Type(models.TextChoices):
        MUNICIPALITY = "municipality", _("municipality (its administration)")
        TWINNING = "twinning", _("twinning association or committee")
        ASSOCIATION = "association", _("association (club)")
        NGO = "ngo", _("non-governmental organisation")
        FOUNDATION = "foundation", _("foundation")
        SCHOOL = "school", _("school")
        ADULT_EDUCATION = "adult_education", _("adult education centre")
        UNIVERSITY = "university", _("university")
        YOUTH = "youth", _("youth organisation")
        SPORTS = "sports", _("sports club")
        CULTURE = "culture", _("music or culture society")
        FIRE_BRIGADE = "fire_brigade", _("volunteer fire brigade")
        CHURCH = "church", _("church or parish")
        HERITAGE = "heritage", _("heritage association (Danube Swabians)")
        BUSINESS = "business", _("chamber or company")
        INITIATIVE = "initiative", _("initiative without legal form")

    class Operating(models.TextChoices):
        """One of the two organisations that run ViPaD together."""

        NO = "", pgettext_lazy("operating organisation", "no")
        A = "a", pgettext_lazy("operating organisation", "operating organisation A")
        B = "b", pgettext_lazy("operating organisation", "operating organisation B")

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=160)
    type = models.CharField(_("type"), max_length=20, choices=Type)
    legal_form = models.CharField(
        _("legal form"), max_length=80, blank=True, help_text=_("For example e. V.; empty if there is none.")
    )
    is_non_profit = models.BooleanField(_("non-profit"), null=True, blank=True)
    seat = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("seat"),
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    phone_visibility = models.CharField(
        _("who may see the telephone number"), max_length=10, choices=Visibility, default=Visibility.NOBODY
    )
    postal_address = models.TextField(_("postal address"), max_length=300, blank=True)
    postal_address_visibility = models.CharField(
        _("who may see the postal address"), max_length=10, choices=Visibility, default=Visibility.NOBODY
    )
    operating = models.CharField(
        _("operating organisation"), max_length=1, choices=Operating, blank=True, default=Operating.NO
    )
    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=180, editable=False, default="")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    # Its last people gave it up; the office may publish it again.
    ended_at = models.DateTimeField(_("given up"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented example"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("sort_key", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("operating",), condition=~Q(operating=""), name="operating_organisation_once"
            ),
        )
        indexes = (
            GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="organisation_search"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:organisation", args=[self.slug])


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        return self.filter(state=Membership.State.ACTIVE)

    def requested(self) -> "MembershipQuerySet":
        return self.filter(state=Membership.State.REQUESTED)

    def current(self) -> "MembershipQuerySet":
        """Asked for, or active: a person has one of these in an organisation at most."""
        return self.filter(state__in=(Membership.State.REQUESTED, Membership.State.ACTIVE))

    def leading(self) -> "MembershipQuerySet":
        """Who may act for the organisation."""
        return self.active().filter(role__in=(Membership.Role.COORDINATOR, Membership.Role.DEPUTY))

    def visible_to(self, person: object) -> "MembershipQuerySet":
        """One's own, those of organisations one belongs to, all for the office."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if person.is_staff and person.has_perm("directory.view_membership"):  # type: ignore[attr-defined]
            return self
        number: int = person.pk  # type: ignore[attr-defined]
        mine = Membership.objects.active().filter(person_id=number)
        return self.filter(Q(person_id=number) | Q(organisation__in=mine.values("organisation")))


class Membership(models.Model):
    """A person in an organisation, in one role, from when to when."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        DEPUTY = "deputy", _("deputy")
        MEMBER = "member", _("member")

    class State(models.TextChoices):
        REQUESTED = "requested", _("asked to join")
        ACTIVE = "active", pgettext_lazy("membership", "active")
        DECLINED = "declined", _("declined")
        ENDED = "ended", pgettext_lazy("membership", "ended")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    note = models.CharField(_("what the person wrote"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    since = models.DateTimeField(_("since"), null=True, blank=True)
    until = models.DateTimeField(pgettext_lazy("membership", "until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("organisation", "role", "since")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organisation"),
                condition=Q(state__in=("requested", "active")),
                name="membership_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}"


class OrganisationInvitationQuerySet(models.QuerySet["OrganisationInvitation"]):
    def open(self, now: datetime) -> "OrganisationInvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def visible_to(self, person: object) -> "OrganisationInvitationQuerySet":
        """Those of organisations one acts for, all for the office. Who is invited comes with the link."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if person.is_staff and person.has_perm("directory.view_organisationinvitation"):  # type: ignore[attr-defined]
            return self
        mine = Membership.objects.leading().filter(person_id=person.pk)  # type: ignore[attr-defined]
        return self.filter(organisation__in=mine.values("organisation"))


class OrganisationInvitation(models.Model):
    """Somebody is asked by mail to join. The link carries row and nonce, signed; a new nonce makes it void."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="invitations", verbose_name=_("organisation")
    )
    email = models.EmailField(_("e-mail address"), blank=True)  # forgotten once answered or expired
    language = models.CharField(_("language"), max_length=8, choices=PARTNER_LANGUAGES)
    role = models.CharField(_("role"), max_length=12, choices=Membership.Role, default=Membership.Role.MEMBER)
    nonce = models.CharField(max_length=32, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = OrganisationInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to an organisation")
        verbose_name_plural = _("invitations to organisations")
        ordering = ("-invited_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "email"),
                condition=Q(accepted_at=None, revoked_at=None) & ~Q(email=""),
                name="organisation_invitation_open_once",
            ),
        )

    def __str__(self) -> str:
        return str(self.organisation)

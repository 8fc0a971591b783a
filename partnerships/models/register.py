"""Partnerships and their sides."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

from directory.models import Claim, Municipality, Region, Topic
from partnerships import choices


class PartnershipQuerySet(MultilingualQuerySet["Partnership"]):
    def published(self) -> "PartnershipQuerySet":
        return self.exclude(published_at=None)

    def waiting(self) -> "PartnershipQuerySet":
        """Entered by people and not public yet."""
        return self.filter(published_at=None).exclude(confirmation=choices.Confirmation.NONE)

    def real(self) -> "PartnershipQuerySet":
        """Without the invented examples: what figures and exports count."""
        return self.filter(is_demo=False)

    def listed(self, *, demo: bool) -> "PartnershipQuerySet":
        """What everybody finds; `demo` also shows invented examples (never in production)."""
        return self.published() if demo else self.published().real()

    def visible_to(self, person: object) -> "PartnershipQuerySet":
        """Published ones are everybody's; the rest belongs to who speaks for a side, and the office."""
        if not getattr(person, "is_authenticated", False):
            return self.published()
        # Asked in this order, because rights cost two queries and hardly a reader is staff.
        if person.is_staff and person.has_perm("partnerships.view_partnership"):  # type: ignore[attr-defined]
            return self
        return self.filter(~Q(published_at=None) | Q(pk__in=self.model.objects.spoken_for_by(person)))

    def spoken_for_by(self, person: object) -> "PartnershipQuerySet":
        """Those with a side this person coordinates, or whose municipality this person speaks for."""
        number = getattr(person, "pk", None)
        if number is None:
            return self.none()
        coordinated = Q(contacts__person=number, contacts__ended_at=None)
        claimed = Q(municipality__claims__person=number, municipality__claims__state=Claim.State.ACCEPTED)
        sides = PartnershipSide.objects.filter(coordinated | claimed)
        return self.filter(pk__in=sides.values("partnership"))


PartnershipManager = MultilingualManager.from_queryset(PartnershipQuerySet)


class Partnership(models.Model):
    """A connection of two or more municipalities or counties, as the register knows it."""

    Kind = choices.Kind
    Shape = choices.Shape
    Status = choices.Status
    Confirmation = choices.Confirmation

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=choices.Kind, blank=True, default="")
    shape = models.CharField(_("shape"), max_length=12, choices=choices.Shape, default=Shape.BILATERAL)
    status = models.CharField(_("status"), max_length=12, choices=choices.Status, default=Status.UNKNOWN)
    first_contact_year = models.PositiveSmallIntegerField(_("first contact (year)"), null=True, blank=True)
    signed_year = models.PositiveSmallIntegerField(_("signed (year)"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    renewed_year = models.PositiveSmallIntegerField(_("renewed (year)"), null=True, blank=True)
    ended_year = models.PositiveSmallIntegerField(_("ended (year)"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="partnerships", verbose_name=_("topics"))
    aims = models.TextField(_("aims"), blank=True)
    languages = models.JSONField(_("languages used"), default=list, blank=True)
    council_decided_on = models.DateField(_("decided by the council on"), null=True, blank=True)

    # Derived from the sides by actions: lists, facets and badges read them from here.
    confirmation = models.CharField(
        _("confirmation"),
        max_length=10,
        choices=choices.Confirmation,
        blank=True,
        default=Confirmation.NONE,
        editable=False,
    )
    # When the side that was heard longest ago said that everything is right; empty unless all have.
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("registered by"),
    )
    # Only its members learn that there is one, so no form, list or export names it.
    group = models.OneToOneField(
        "discussions.Group",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="partnership",
        verbose_name=_("closed group"),
    )
    # Grows with every change: who saves an older one is shown both (reliability.md I8).
    version = models.PositiveIntegerField(default=1, editable=False)

    source_url = models.URLField(_("source"), max_length=500, blank=True)
    source_title = models.CharField(_("title of the source"), max_length=200, blank=True)
    source_publisher = models.CharField(_("publisher of the source"), max_length=120, blank=True)
    evidence = models.CharField(_("what the source says"), max_length=400, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    # From the seed file: its source is what was checked, so the office does not change it.
    is_seed = models.BooleanField(_("from the seed file"), default=False, editable=False)

    # Which sides, in any order, as one text: written by actions, so that a pair exists once per kind.
    sides_key = models.CharField(_("key of the sides"), max_length=400, editable=False)
    # Where the partners are, seen from Baden-Württemberg: the facet "country".
    countries = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    # The codes of `topics` in their order: lists and counts of thousands of rows read them from here.
    topic_codes = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    search_text = models.TextField(_("text for the search"), editable=False, default="")
    sort_key = models.CharField(max_length=300, editable=False, default="")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented example"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PartnershipManager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ("sort_key", "id")
        constraints = (
            models.UniqueConstraint(fields=("sides_key", "kind"), name="partnership_once_per_pair_and_kind"),
            models.CheckConstraint(
                condition=Q(ended_year__isnull=True)
                | Q(signed_year__isnull=True)
                | Q(ended_year__gte=models.F("signed_year")),
                name="partnership_ends_after_it_began",
                violation_error_message=_("It cannot end before it was signed."),
            ),
        )
        indexes = (
            models.Index(fields=("sort_key", "id")),
            GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="partnership_search"),
        )

    def __str__(self) -> str:
        return " – ".join(side.name for side in self.sides.all()) or self.slug

    def get_absolute_url(self) -> str:
        return reverse("partnerships:detail", args=(self.slug,))


class PartnershipSide(models.Model):
    """One side: a municipality, or a county or district that is none."""

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="sides", verbose_name=_("partnership")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sides",
        verbose_name=_("municipality"),
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sides",
        verbose_name=_("county or district"),
    )
    confirmed_at = models.DateTimeField(_("said to be right on"), null=True, blank=True, editable=False)
    disputed_at = models.DateTimeField(_("disputed on"), null=True, blank=True, editable=False)
    dispute = models.TextField(_("what is disputed"), max_length=2000, blank=True, editable=False)
    # The yearly question: when it was last asked, and how often it was recalled since then.
    asked_at = models.DateTimeField(_("asked on"), null=True, blank=True, editable=False)
    reminders = models.PositiveSmallIntegerField(_("reminders since"), default=0, editable=False)

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, region__isnull=True)
                | Q(municipality__isnull=True, region__isnull=False),
                name="side_is_a_municipality_or_a_region",
                violation_error_message=_(
                    "Choose either a municipality or a county or district for each side."
                ),
            ),
            models.UniqueConstraint(
                fields=("partnership", "municipality"),
                condition=Q(municipality__isnull=False),
                name="side_municipality_once",
            ),
            models.UniqueConstraint(
                fields=("partnership", "region"), condition=Q(region__isnull=False), name="side_region_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """A side stands on the page of its partnership."""
        return self.partnership.get_absolute_url()

    @property
    def party(self) -> Municipality | Region:
        party = self.municipality or self.region
        assert party is not None, "held by a constraint"  # noqa: S101 -- tells the type checker what the table says
        return party

    @property
    def name(self) -> str:
        return self.party.name


class PartnershipDraftQuerySet(models.QuerySet["PartnershipDraft"]):
    def visible_to(self, person: object) -> "PartnershipDraftQuerySet":
        """Drafts are their writer's own."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        return self.filter(person_id=person.pk)  # type: ignore[attr-defined]

    def open(self) -> "PartnershipDraftQuerySet":
        """Those that are to be gone on with."""
        return self.filter(registered_as=None)


class PartnershipDraft(models.Model):
    """What somebody has filled in so far. `data` holds the cleaned values of each step, by its name.

    Once registered it is empty and only leads to what became of it: for "back", a second tab, a second press.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="partnership_drafts",
        verbose_name=_("person"),
    )
    data = models.JSONField(_("filled in so far"), default=dict)
    started_at = models.DateTimeField(_("started"))
    changed_at = models.DateTimeField(_("changed"))
    registered_as = models.ForeignKey(
        Partnership,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered as"),
    )

    objects = PartnershipDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a partnership")
        verbose_name_plural = _("drafts of partnerships")
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return str(self.pk)

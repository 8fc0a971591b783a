"""Countries, regions, municipalities and their names, topics."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet


class CountryQuerySet(MultilingualQuerySet["Country"]):
    pass


CountryManager = MultilingualManager.from_queryset(CountryQuerySet)


class Country(models.Model):
    """One of the 14 countries of the EU Strategy for the Danube Region, or another one a partner lives in."""

    class Membership(models.TextChoices):
        MEMBER = "member", _("EU member")
        CANDIDATE = "candidate", _("EU candidate")
        OTHER = "other", _("not in the EU")

    code = models.CharField(_("ISO code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    local_names = models.CharField(_("names in its own languages"), max_length=200)
    membership = models.CharField(_("EU status"), max_length=10, choices=Membership)
    in_danube_region = models.BooleanField(_("in the Danube strategy"), default=True)
    scope_note = models.CharField(_("what belongs to the Danube strategy"), max_length=200, blank=True)
    languages = models.JSONField(
        _("languages"), default=list, help_text=_("Language codes, most used first.")
    )
    time_zone = models.CharField(_("time zone"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position along the river"), default=0)

    objects = CountryManager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """A level between country and municipality; a county or district may itself be a side of a partnership."""

    class Kind(models.TextChoices):
        STATE = "state", pgettext_lazy("kind of region", "state")
        RURAL_DISTRICT = "rural_district", _("rural district")
        URBAN_DISTRICT = "urban_district", _("urban district")
        COUNTY = "county", _("county")
        OBLAST = "oblast", _("oblast")
        REGION = "region", pgettext_lazy("kind of region", "region")

    code = models.CharField(
        _("code"), max_length=12, unique=True, help_text=_("ISO 3166-2 where there is one, else our own.")
    )
    country = models.ForeignKey(Country, models.PROTECT, related_name="regions", verbose_name=_("country"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    german_name = models.CharField(_("German name in use"), max_length=120, blank=True)
    nuts = models.CharField("NUTS", max_length=5, blank=True)
    official_code = models.CharField(_("official code"), max_length=20, blank=True)
    in_danube_region = models.BooleanField(_("in the Danube strategy"), default=True)
    search_text = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = pgettext_lazy("administrative", "region")
        verbose_name_plural = pgettext_lazy("administrative", "regions")
        ordering = ("country", "name")

    def __str__(self) -> str:
        return self.name


class MunicipalityQuerySet(MultilingualQuerySet["Municipality"]):
    def current(self) -> "MunicipalityQuerySet":
        """Without the ones that were merged into another and the invented ones of the demo world."""
        return self.filter(merged_into=None, is_demo=False)

    def listed(self, *, demo: bool) -> "MunicipalityQuerySet":
        """What lists show; `demo` also shows invented examples (never in production)."""
        return self.filter(merged_into=None) if demo else self.current()

    def mapped(self) -> "MunicipalityQuerySet":
        return self.exclude(latitude=None)

    def unmapped(self) -> "MunicipalityQuerySet":
        return self.filter(latitude=None)


MunicipalityManager = MultilingualManager.from_queryset(MunicipalityQuerySet)


class Municipality(models.Model):
    """A Kommune: town, municipality, or a district of a city that keeps partnerships of its own."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", pgettext_lazy("kind of municipality", "municipality")
        MARKET = "market", _("market town")
        TOWN = "town", _("town")
        LARGE_DISTRICT_TOWN = "large_district_town", _("large district town")
        CITY_DISTRICT = "city_district", _("city district")  # Stadtkreis
        CITY_PART = "city_part", _("part of a city")  # Budapest II, Bratislava-Petržalka
        PLACE = (
            "place",
            _("populated place"),
        )  # what GeoNames knows; whether it is a municipality is not known

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="municipalities", verbose_name=_("country")
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="municipalities",
        verbose_name=pgettext_lazy("administrative", "region"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MUNICIPALITY)
    local_kind = models.CharField(
        _("local term"), max_length=40, blank=True, help_text="grad, comună, hromada …"
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("In the local spelling, Latin script."))
    local_script_name = models.CharField(_("name in Cyrillic"), max_length=120, blank=True)
    local_script_by_rule = models.BooleanField(
        _("Cyrillic by rule"), default=False, help_text=_("Transliterated by rule, not read in a source.")
    )
    german_name = models.CharField(_("German name in use"), max_length=120, blank=True)

    ags = models.CharField("AGS", max_length=8, blank=True)
    lau = models.CharField("LAU", max_length=20, blank=True)
    nuts = models.CharField("NUTS 3", max_length=5, blank=True)
    geonames_id = models.PositiveIntegerField("GeoNames", null=True, blank=True)
    wikidata_id = models.CharField("Wikidata", max_length=12, blank=True)

    population = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the count"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    official_domains = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("official mail domains"),
        default=list,
        blank=True,
        help_text=_("What stands behind the @ of the administration's addresses, separated by commas."),
    )
    description = models.TextField(_("description"), blank=True)

    source = models.CharField(_("source"), max_length=60, blank=True, editable=False)
    search_text = models.TextField(editable=False, default="")
    sort_key = models.CharField(max_length=140, editable=False, default="")
    # Published, real partnerships; written by the register through actions.set_partnership_counts.
    partnership_count = models.PositiveIntegerField(_("partnerships"), default=0, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    is_demo = models.BooleanField(_("invented example"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # of the row; tells two editors apart
    changed_at = models.DateTimeField(auto_now=True)

    objects = MunicipalityManager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ("sort_key", "id")
        constraints = (
            models.UniqueConstraint(fields=("ags",), condition=~Q(ags=""), name="municipality_ags_once"),
            models.UniqueConstraint(
                fields=("geonames_id",),
                condition=Q(geonames_id__isnull=False),
                name="municipality_geonames_once",
            ),
            models.UniqueConstraint(
                fields=("wikidata_id",), condition=~Q(wikidata_id=""), name="municipality_wikidata_once"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="municipality_position_whole",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="municipality_not_into_itself"),
        )
        indexes = (
            GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="municipality_search"),
            models.Index(fields=("country", "sort_key")),
            # The two orders of the list without a search text.
            models.Index(fields=("sort_key", "id"), name="municipality_by_name"),
            models.Index(
                F("population").desc(nulls_last=True), "sort_key", "id", name="municipality_by_inhabitants"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:detail", args=[self.slug])


class MunicipalityName(models.Model):
    """One more name a municipality is found by."""

    class Kind(models.TextChoices):
        OTHER_LANGUAGE = "other", _("in another language")
        HISTORIC = "historic", _("historic")
        ALTERNATE = "alternate", _("other spelling")

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="names", verbose_name=_("municipality")
    )
    text = models.CharField(_("name"), max_length=160)
    language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        help_text=_("Language code; empty when the source names none."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ALTERNATE)

    class Meta:
        verbose_name = _("name of a municipality")
        verbose_name_plural = _("names of municipalities")
        constraints = (
            models.UniqueConstraint(
                fields=("municipality", "text", "language"), name="municipality_name_once"
            ),
        )

    def __str__(self) -> str:
        return self.text


class TopicQuerySet(MultilingualQuerySet["Topic"]):
    pass


TopicManager = MultilingualManager.from_queryset(TopicQuerySet)


class Topic(models.Model):
    """What partners do together; seeded from the list in mission.md 4.2."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = TopicManager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name

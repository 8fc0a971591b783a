"""What happened between the partners, who takes part, and the files that belong to it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import PARTNER_LANGUAGES
from directory.models import Organisation
from partnerships.models.register import Partnership, PartnershipDraft, PartnershipSide


class ChronicleEntryQuerySet(models.QuerySet["ChronicleEntry"]):
    def public(self) -> "ChronicleEntryQuerySet":
        """What everybody may read: of a published partnership and marked so."""
        return self.filter(is_public=True).exclude(partnership__published_at=None)

    def visible_to(self, person: object) -> "ChronicleEntryQuerySet":
        """The sides and the office read everything."""
        if not getattr(person, "is_authenticated", False):
            return self.public()
        if _is_office(person):
            return self
        spoken_for = Partnership.objects.spoken_for_by(person)
        open_to_all = Q(is_public=True) & ~Q(partnership__published_at=None)
        return self.filter(open_to_all | Q(partnership__in=spoken_for))


class ChronicleEntry(models.Model):
    """One thing that happened: a meeting, a visit, an anniversary."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("meeting")
        VISIT = "visit", _("visit of a delegation")
        YOUTH = "youth", _("youth exchange")
        CULTURE = "culture", _("concert, exhibition or festival")
        SIGNING = "signing", _("signing of a contract")
        ANNIVERSARY = "anniversary", _("anniversary")
        AID = "aid", _("help in need")
        OTHER = "other", pgettext_lazy("chronicle", "something else")

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="chronicle", verbose_name=_("partnership")
    )
    kind = models.CharField(_("what it was"), max_length=12, choices=Kind)
    on = models.DateField(_("on"))
    until = models.DateField(_("until"), null=True, blank=True)
    # Of many an old meeting only the year is known: then `on` is its first of January.
    is_year_only = models.BooleanField(_("only the year is known"), default=False)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("what happened"), max_length=6000, blank=True)
    language = models.CharField(_("language of the text"), max_length=8, choices=PARTNER_LANGUAGES)
    place = models.CharField(_("place"), max_length=120, blank=True)
    participants = models.PositiveIntegerField(_("number of participants"), null=True, blank=True)
    # Asked of every writer; what nobody has decided stays with the sides.
    is_public = models.BooleanField(_("everybody may read it"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"))
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ChronicleEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the chronicle")
        verbose_name_plural = _("chronicle")
        ordering = ("on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("on")), name="chronicle_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return self.title


class ActorQuerySet(models.QuerySet["Actor"]):
    def visible_to(self, person: object) -> "ActorQuerySet":
        """Who takes part is public with the partnership."""
        is_published = Q(partnership__published_at__isnull=False)
        if not getattr(person, "is_authenticated", False):
            return self.filter(is_published)
        if _is_office(person):
            return self
        return self.filter(is_published | Q(partnership__in=Partnership.objects.spoken_for_by(person)))


class Actor(models.Model):
    """A club, school or fire brigade that fills the partnership with life."""

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="actors", verbose_name=_("partnership")
    )
    side = models.ForeignKey(PartnershipSide, models.CASCADE, related_name="actors", verbose_name=_("side"))
    name = models.CharField(_("name"), max_length=160)
    type = models.CharField(_("type"), max_length=20, choices=Organisation.Type)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="acts_in",
        verbose_name=_("organisation"),
        help_text=_("If it has a page of its own here."),
    )
    since_year = models.PositiveSmallIntegerField(_("since (year)"), null=True, blank=True)
    until_year = models.PositiveSmallIntegerField(_("until (year)"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActorQuerySet.as_manager()

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering = ("side", "name")
        constraints = (models.UniqueConstraint(fields=("partnership", "side", "name"), name="actor_once"),)

    def __str__(self) -> str:
        return self.name


class DocumentQuerySet(models.QuerySet["Document"]):
    def public(self) -> "DocumentQuerySet":
        """What everybody may open: of a published partnership and marked so, as is the entry it belongs to."""
        return self.filter(_open_to_all())

    def visible_to(self, person: object) -> "DocumentQuerySet":
        """Files are the sides' own, unless a side has made one public; a draft's are its writer's."""
        if not getattr(person, "is_authenticated", False):
            return self.public()
        if person.is_staff and person.has_perm("partnerships.view_document"):  # type: ignore[attr-defined]
            return self
        spoken_for = Partnership.objects.spoken_for_by(person)
        return self.filter(
            _open_to_all() | Q(partnership__in=spoken_for) | Q(draft__person_id=person.pk)  # type: ignore[attr-defined]
        )


class Document(models.Model):
    """A file: contract, decision of the council, photo. Private unless said otherwise, see core/files.py."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("contract")
        DECISION = "decision", _("decision of the council")
        PHOTO = "photo", _("photo")
        OTHER = "other", pgettext_lazy("file", "other file")

    partnership = models.ForeignKey(
        Partnership,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("partnership"),
    )
    draft = models.ForeignKey(
        PartnershipDraft, models.CASCADE, null=True, blank=True, related_name="documents", editable=False
    )
    entry = models.ForeignKey(
        ChronicleEntry,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("entry of the chronicle"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("what it shows"), max_length=160, blank=True)
    file = models.FileField(_("file"), upload_to="documents/", max_length=200)  # under a name drawn by us
    original_name = models.CharField(_("name of the file"), max_length=160)
    content_type = models.CharField(_("type"), max_length=80, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"), editable=False)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    is_public = models.BooleanField(_("everybody may see it"), default=False)
    rights_holder = models.CharField(_("who took it or holds the rights"), max_length=120, blank=True)
    has_rights = models.BooleanField(_("we may use it here"), default=False)
    has_consent = models.BooleanField(_("the people on it have agreed"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ("kind", "uploaded_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(partnership__isnull=False, draft__isnull=True)
                | Q(partnership__isnull=True, draft__isnull=False),
                name="document_of_a_partnership_or_a_draft",
            ),
            # A photo is shown to everybody only when its rights are settled.
            models.CheckConstraint(
                condition=Q(is_public=False) | ~Q(kind="photo") | Q(has_rights=True, has_consent=True),
                name="document_public_photo_with_rights",
            ),
        )

    def __str__(self) -> str:
        return self.title or self.original_name


def _open_to_all() -> Q:
    """Files for everybody."""
    is_published = Q(is_public=True, partnership__published_at__isnull=False)
    return is_published & (Q(entry=None) | Q(entry__is_public=True))


def _is_office(person: Any) -> bool:
    return bool(person.is_staff and person.has_perm("partnerships.view_partnership"))

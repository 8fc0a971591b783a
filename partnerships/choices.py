"""Words for kind, shape, status and confirmation. Partners abroad read them: they are complete in 13 languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    # Wording of the RGRE database; the last two were added for what exists beside it.
    PARTNERSHIP = "partnership", _("partnership")
    FRIENDSHIP = "friendship", _("friendship")
    CONTACT = "contact", pgettext_lazy("kind of partnership", "contact")
    PROJECT = "project_partnership", _("project partnership")
    SOLIDARITY = "solidarity", _("solidarity partnership")
    SPONSORSHIP = "sponsorship", _("sponsorship (historic)")
    UNKNOWN = "", _("kind not documented")


class Shape(models.TextChoices):
    BILATERAL = "bilateral", _("two sides")
    TRIANGULAR = "triangular", _("triangular partnership")
    RING = "ring", _("ring partnership")
    NETWORK = "network", _("network")


class Status(models.TextChoices):
    PREPARATION = "preparation", _("in preparation")
    ACTIVE = "active", pgettext_lazy("status", "active")
    DORMANT = "dormant", pgettext_lazy("status", "dormant")
    ENDED = "ended", pgettext_lazy("status", "ended")
    UNKNOWN = "unknown", pgettext_lazy("status", "unknown")


class Confirmation(models.TextChoices):
    """What the sides themselves have said about the entry."""

    NONE = "", _("from a public source")  # no side has spoken yet
    ONE_SIDED = "one_sided", _("entered by one side")
    CONFIRMED = "confirmed", _("confirmed by all sides")
    DISPUTED = "disputed", _("disputed")

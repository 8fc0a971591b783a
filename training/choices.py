"""The words courses and strategies are described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("course", "draft")
    PUBLISHED = "published", pgettext_lazy("course", "published")
    ARCHIVED = "archived", pgettext_lazy("course", "archived")


class Section(models.TextChoices):
    """The eleven sections of a strategy (mission.md, section 5)."""

    STATE = "S1", _("Where we stand")
    PEOPLE = "S2", _("Target groups")
    AIMS = "S3", _("Aims")
    CHANNELS = "S4", _("Channels and tools")
    ROLES = "S5", _("Roles and deputies")
    CALENDAR = "S6", _("Activities and calendar")
    LANGUAGES = "S7", pgettext_lazy("section", "Languages")
    RULES = "S8", _("Rules, law and safety")
    RESOURCES = "S9", _("Time and means")
    FUNDING = "S10", _("Funding")
    MEASURES = "S11", _("Measuring and the 100-day plan")

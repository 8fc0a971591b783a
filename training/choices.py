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


class StrategyState(models.TextChoices):
    """Where a strategy is as a whole (mission.md 4.2), made of its sections and versions by actions/strategies.py."""

    DRAFT = "draft", pgettext_lazy("strategy", "draft")
    SENT = "sent", pgettext_lazy("strategy", "sent in")
    REVISED = "revised", pgettext_lazy("strategy", "being revised")
    APPROVED = "approved", pgettext_lazy("strategy", "approved")
    CARRIED_OUT = "carried_out", pgettext_lazy("strategy", "being carried out")
    REVIEWED = "reviewed", pgettext_lazy("strategy", "reviewed")


class SectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("section", "being written")
    SENT = "sent", pgettext_lazy("section", "with the coaches")
    RETURNED = "returned", pgettext_lazy("section", "please revise")
    APPROVED = "approved", pgettext_lazy("section", "approved")


class VersionState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("version", "waits for an answer")
    TAKEN_BACK = "taken_back", pgettext_lazy("version", "taken back")
    RETURNED = "returned", pgettext_lazy("version", "returned")
    APPROVED = "approved", pgettext_lazy("version", "approved")


class MeasureState(models.TextChoices):
    OPEN = "open", pgettext_lazy("measure", "open")
    BEGUN = "begun", pgettext_lazy("measure", "begun")
    DONE = "done", pgettext_lazy("measure", "done")
    DROPPED = "dropped", pgettext_lazy("measure", "dropped")


class ReviewKind(models.TextChoices):
    HUNDRED_DAYS = "hundred_days", _("100-day check")
    YEARLY = "yearly", _("yearly review")


class Moment(models.TextChoices):
    BEFORE = "before", pgettext_lazy("self-check", "before the course")
    AFTER = "after", pgettext_lazy("self-check", "after the course")


class Way(models.TextChoices):
    """Where the office moves a module or a lesson."""

    UP = "up", pgettext_lazy("order", "up")
    DOWN = "down", pgettext_lazy("order", "down")

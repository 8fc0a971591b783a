"""The roles of the two organisations that run ViPaD. What each may do in the office stands in portal/roles.py."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OperatingRole(models.TextChoices):
    """The value is the name of the group of Django's that carries the rights."""

    COACH = "coach", _("coach")
    EDITOR = "editor", _("editor")
    COURSE_LEAD = "course_lead", _("course lead")
    MODERATOR = "moderator", _("moderator")
    ADMINISTRATOR = "administrator", _("administrator")


ENTER_THE_OFFICE = frozenset(
    {
        OperatingRole.EDITOR,
        OperatingRole.COURSE_LEAD,
        OperatingRole.MODERATOR,
        OperatingRole.ADMINISTRATOR,
    }
)
"""A coach works on the pages, not in the office."""

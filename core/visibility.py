"""Who may see a field: decided where the value is stored, asked wherever it is shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Visibility(models.TextChoices):
    PUBLIC = "public", pgettext_lazy("who may see it", "everybody")
    MEMBERS = "members", _("signed-in members")
    NOBODY = "nobody", _("nobody but us and the office")


def is_shown_to(person: object, visibility: str) -> bool:
    """Whether this reader, who has no closer tie to the value, may see it."""
    if visibility == Visibility.PUBLIC:
        return True
    return visibility == Visibility.MEMBERS and bool(getattr(person, "is_authenticated", False))

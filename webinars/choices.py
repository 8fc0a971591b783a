"""The words a session, a registration and their rooms are described with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Format(models.TextChoices):
    ONLINE = "online", _("online (webinar)")
    ONSITE = "onsite", _("on site")
    HYBRID = "hybrid", _("on site and online")


class Level(models.TextChoices):
    EVERYBODY = "everybody", pgettext_lazy("level", "for everybody")
    BEGINNERS = "beginners", pgettext_lazy("level", "for beginners")
    EXPERIENCED = "experienced", pgettext_lazy("level", "for the experienced")


class Audience(models.TextChoices):
    EVERYBODY = "everybody", pgettext_lazy("audience", "everybody")
    MEMBERS = "members", pgettext_lazy("audience", "members")
    INVITED = "invited", pgettext_lazy("audience", "invited people only")


class State(models.TextChoices):
    """What is stored. "Moved" and "over" follow from it and the clock: see `ShownState`."""

    DRAFT = "draft", pgettext_lazy("session", "draft")
    PUBLISHED = "published", pgettext_lazy("session", "published")
    CANCELLED = "cancelled", pgettext_lazy("session", "cancelled")


class ShownState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("session", "draft")
    PLANNED = "planned", pgettext_lazy("session", "takes place")
    MOVED = "moved", pgettext_lazy("session", "moved")
    RUNNING = "running", pgettext_lazy("session", "is running now")
    OVER = "over", pgettext_lazy("session", "is over")
    CANCELLED = "cancelled", pgettext_lazy("session", "cancelled")


class RoomKind(models.TextChoices):
    NONE = "", pgettext_lazy("room", "no room")
    LINK = "link", pgettext_lazy("room", "a link to any tool")
    BBB = "bbb", "BigBlueButton"
    JITSI = "jitsi", "Jitsi"


class MovingUp(models.TextChoices):
    """What happens with a freed seat."""

    OFFER = "offer", _("offer it to the first on the waiting list for 48 hours")
    AT_ONCE = "at_once", _("give it to the first on the waiting list at once")


class LeadUnit(models.TextChoices):
    """Days and weeks keep the wall time of the session; hours and minutes are counted on a stop watch."""

    DAYS = "days", _("days before")
    HOURS = "hours", _("hours before")
    MINUTES = "minutes", _("minutes before")


class Seat(models.TextChoices):
    """The state of a registration."""

    ASKED = "asked", pgettext_lazy("registration", "not confirmed yet")
    SEAT = "seat", pgettext_lazy("registration", "has a seat")
    WAITING = "waiting", pgettext_lazy("registration", "on the waiting list")
    OFFERED = "offered", pgettext_lazy("registration", "was offered a seat")
    CANCELLED = "cancelled", pgettext_lazy("registration", "cancelled")


TAKEN = (Seat.SEAT, Seat.OFFERED)
"""An offered seat is kept free for who was offered it."""
ALIVE = (Seat.SEAT, Seat.OFFERED, Seat.WAITING)


class AttendedHow(models.TextChoices):
    JOINED = "joined", pgettext_lazy("attendance", "entered the room")
    LIST = "list", pgettext_lazy("attendance", "ticked on the list")
    CODE = "code", pgettext_lazy("attendance", "code was scanned")


class MaterialKind(models.TextChoices):
    SLIDES = "slides", _("slides")
    MINUTES = "minutes", _("minutes")
    HANDOUT = "handout", _("handout")
    PHOTO = "photo", _("photo")


class MaterialAccess(models.TextChoices):
    EVERYBODY = "everybody", pgettext_lazy("who may open it", "everybody")
    REGISTERED = "registered", pgettext_lazy("who may open it", "people with a seat")
    HOSTS = "hosts", pgettext_lazy("who may open it", "hosts only")

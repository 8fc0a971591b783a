"""A session: one live date, online, on site or both."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

from accounts.languages import SPOKEN_LANGUAGES, ZONES
from directory.models import Municipality, Organisation, Topic
from webinars import choices

OPENS_BEFORE = timedelta(minutes=15)
"""How long before the start the door to the room opens."""
CLOSES_AFTER = timedelta(minutes=60)
"""How long after the end one may still enter: sessions run late."""


class SessionQuerySet(MultilingualQuerySet["Session"]):
    def public(self) -> "SessionQuerySet":
        """What everybody finds: published or cancelled, and not for invited people or members only."""
        return self.exclude(state=choices.State.DRAFT).filter(audience=choices.Audience.EVERYBODY)

    def listed(self, *, demo: bool) -> "SessionQuerySet":
        """What everybody finds; `demo` also shows invented examples (never in production)."""
        return self.public() if demo else self.public().filter(is_demo=False)

    def upcoming(self, now: datetime) -> "SessionQuerySet":
        """Not over yet."""
        return self.filter(ends_at__gt=now)

    def past(self, now: datetime) -> "SessionQuerySet":
        return self.filter(ends_at__lte=now)

    def visible_to(self, person: object) -> "SessionQuerySet":
        """Public ones are everybody's; those for members are seen by who is signed in; those for invited people by
        them; all of its own by a host, and all by the office."""
        if not getattr(person, "is_authenticated", False):
            return self.public()
        if person.is_staff and person.has_perm("webinars.view_session"):  # type: ignore[attr-defined]
            return self
        number = person.pk  # type: ignore[attr-defined]
        published = ~Q(state=choices.State.DRAFT)
        invited = Q(pk__in=Invitation.objects.filter(person=number).values("session"))
        registered = Q(pk__in=_sessions_of(number))
        open_ = ~Q(audience=choices.Audience.INVITED)
        return self.filter((published & (open_ | invited | registered)) | Q(pk__in=_hosted_by(number)))


SessionManager = MultilingualManager.from_queryset(SessionQuerySet)


class Session(models.Model):
    """One live date. `starts_at` and `ends_at` (UTC) follow from the wall time as typed, which wins if the rules of
    the zone change; actions write them."""

    Format = choices.Format
    Level = choices.Level
    Audience = choices.Audience
    State = choices.State
    RoomKind = choices.RoomKind
    MovingUp = choices.MovingUp

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=choices.State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=140)
    summary = models.TextField(_("description"), max_length=4000, blank=True)
    programme = models.TextField(
        _("programme"), max_length=4000, blank=True, help_text=_("One line for each part, with its time.")
    )
    format = models.CharField(_("format"), max_length=8, choices=choices.Format, default=Format.ONLINE)
    languages = ArrayField(
        models.CharField(max_length=8, choices=SPOKEN_LANGUAGES),
        verbose_name=_("languages of the session"),
        default=list,
    )
    level = models.CharField(_("level"), max_length=12, choices=choices.Level, default=Level.EVERYBODY)
    topics = models.ManyToManyField(Topic, blank=True, related_name="sessions", verbose_name=_("topics"))
    # The countries whose public holidays are looked at when the date is chosen.
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("invited countries"), default=list, blank=True
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("organised by"),
    )

    # The wall time as typed, in `zone`.
    day = models.DateField(_("day"))
    begins = models.TimeField(_("begins at"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), default=60)
    zone = models.CharField(_("time zone"), max_length=40, choices=ZONES, default="Europe/Berlin")
    # When clocks are put back, an hour exists twice: whether the second one is meant.
    is_second_hour = models.BooleanField(_("the second of two equal hours"), default=False)
    starts_at = models.DateTimeField(_("start"), editable=False)
    ends_at = models.DateTimeField(_("end"), editable=False)

    place = models.CharField(
        _("place"), max_length=160, blank=True, help_text=_("For example: Town hall, large hall.")
    )
    address = models.CharField(_("address of the place"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("municipality"),
    )
    directions = models.TextField(_("how to get there"), max_length=1500, blank=True)
    accessibility = models.TextField(
        _("accessibility"),
        max_length=1500,
        blank=True,
        help_text=_("Steps, lift, toilets, hearing loop, captions, sign language."),
    )
    room = models.CharField(_("room"), max_length=8, choices=choices.RoomKind, blank=True, default="")
    # Shown to nobody but who enters: never in mails, calendar files, feeds and page sources.
    room_link = models.URLField(_("address of the room"), max_length=500, blank=True)
    room_key = models.CharField(max_length=40, editable=False, default="")
    is_recorded = models.BooleanField(
        _("may be recorded"), default=False, help_text=_("Everybody is told so before entering.")
    )

    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Empty: as many as come.")
    )
    seats_per_organisation = models.PositiveSmallIntegerField(
        _("seats per organisation"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    moving_up = models.CharField(
        _("a freed seat"), max_length=8, choices=choices.MovingUp, default=MovingUp.OFFER
    )
    audience = models.CharField(
        _("audience"), max_length=10, choices=choices.Audience, default=Audience.EVERYBODY
    )
    opens_at = models.DateTimeField(_("registration from"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("registration until"), null=True, blank=True, help_text=_("Empty: until it begins.")
    )
    # The next number on the list: drawn under the row's lock, so that order is the order of commits.
    next_number = models.PositiveIntegerField(default=1, editable=False)

    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    moved_at = models.DateTimeField(_("moved"), null=True, blank=True, editable=False)
    moved_from = models.DateTimeField(_("moved from"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=400, blank=True)
    # Of calendar files: grows with every change people are told of (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0, editable=False)

    recording_url = models.URLField(_("address of the recording"), max_length=500, blank=True)
    transcript = models.TextField(
        _("transcript"), max_length=200_000, blank=True, help_text=_("A recording is published with it only.")
    )
    recording_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    thanked_at = models.DateTimeField(null=True, blank=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    # Grows with every change: who saves an older one is shown both (reliability.md I8).
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(_("invented example"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = SessionManager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(recording_published_at=None) | (~Q(recording_url="") & ~Q(transcript="")),
                name="session_recording_has_a_transcript",
            ),
        )
        indexes = (models.Index(fields=("starts_at", "id")), models.Index(fields=("ends_at",)))

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("webinars:detail", args=(self.slug,))

    @property
    def is_online(self) -> bool:
        return self.format != choices.Format.ONSITE

    @property
    def is_onsite(self) -> bool:
        return self.format != choices.Format.ONLINE

    def shown_state(self, now: datetime) -> choices.ShownState:
        if self.state == choices.State.DRAFT:
            return choices.ShownState.DRAFT
        if self.state == choices.State.CANCELLED:
            return choices.ShownState.CANCELLED
        if now >= self.ends_at:
            return choices.ShownState.OVER
        if now >= self.starts_at:
            return choices.ShownState.RUNNING
        return choices.ShownState.MOVED if self.moved_at else choices.ShownState.PLANNED

    def door_opens_at(self) -> datetime:
        return self.starts_at - OPENS_BEFORE

    def door_is_open(self, now: datetime) -> bool:
        """Whether people with a seat may enter the room now."""
        is_on = self.state == choices.State.PUBLISHED and self.is_online and bool(self.room)
        return is_on and self.door_opens_at() <= now < self.ends_at + CLOSES_AFTER

    def takes_registrations(self, now: datetime) -> bool:
        """Whether the window is open; whether seats are left is another question."""
        has_begun = self.opens_at is None or self.opens_at <= now
        is_in_time = now < min(self.closes_at or self.starts_at, self.starts_at)
        return self.state == choices.State.PUBLISHED and has_begun and is_in_time


class Host(models.Model):
    """Who leads a session: enters the room as moderator, sees the desk. The name is public on the session's page."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="hosts", verbose_name=_("session"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="hosted_sessions", verbose_name=_("person")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("session", "person"), name="host_once"),)

    def __str__(self) -> str:
        return str(self.person)


class Invitation(models.Model):
    """Who may see and join a session for invited people only. Upper apps write these rows, too (a course)."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="invitations", verbose_name=_("session")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="session_invitations", verbose_name=_("person")
    )
    invited_at = models.DateTimeField(_("invited"))

    class Meta:
        verbose_name = _("invitation to a session")
        verbose_name_plural = _("invitations to sessions")
        constraints = (
            models.UniqueConstraint(fields=("session", "person"), name="invited_to_a_session_once"),
        )

    def __str__(self) -> str:
        return f"{self.session}: {self.person}"


class ReminderPlan(models.Model):
    """One lead time of a session, with words of its own if there are any."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="plan", verbose_name=_("session"))
    amount = models.PositiveSmallIntegerField(_("how long before"))
    unit = models.CharField(_("unit"), max_length=8, choices=choices.LeadUnit, default=choices.LeadUnit.DAYS)
    text = models.TextField(_("own words in this reminder"), max_length=1500, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("session", "amount", "unit"), name="reminder_lead_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="reminder_is_before"),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.get_unit_display()}"

    @property
    def code(self) -> str:
        """ "7d", "1h", "30m": part of the key of a reminder."""
        return f"{self.amount}{self.unit[0]}"


def _hosted_by(number: int) -> models.QuerySet[Any, Any]:
    return Host.objects.filter(person=number).values("session")


def _sessions_of(number: int) -> models.QuerySet[Any, Any]:
    """Whoever is registered keeps seeing the session."""
    field = Session._meta.get_field("registrations")
    rows = field.related_model._default_manager.filter(person=number)
    return rows.filter(state__in=choices.ALIVE).values("session")

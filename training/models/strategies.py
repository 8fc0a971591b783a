"""The digital strategy of a partnership: living sections, versions that stay as they were, measures, reviews.

Read by the team (who speaks for a side of the partnership) and by the coaches, nobody else; only `summary` is public,
once published.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership
from training import choices
from training.coaching import is_coach

PERSON = settings.AUTH_USER_MODEL


def _of_the_team(person: object) -> Q | None:
    """What one sees of strategies, seen from the partnership; None for everything."""
    number = getattr(person, "pk", None)
    if number is None:
        return Q(pk__in=())
    if is_coach(person):
        return None
    return Q(partnership__in=Partnership.objects.spoken_for_by(person))


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, person: object) -> "StrategyQuerySet":
        """For the team and the coaches."""
        seen = _of_the_team(person)
        return self if seen is None else self.filter(seen)

    def of_team(self, person: object) -> "StrategyQuerySet":
        """Those one writes at."""
        return self.filter(partnership__in=Partnership.objects.spoken_for_by(person))

    def published(self) -> "StrategyQuerySet":
        """With a summary everybody may read."""
        return self.exclude(published_at=None).filter(partnership__in=Partnership.objects.published())


class Strategy(models.Model):
    """One for each partnership, with the eleven sections from the beginning."""

    State = choices.StrategyState

    # A partnership that has a strategy is not deleted with it by accident.
    partnership = models.OneToOneField(
        Partnership, models.PROTECT, related_name="strategy", verbose_name=_("partnership")
    )
    # In which of the partners' languages it is written; each text field has one text for each.
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"))
    state = models.CharField(
        _("state"), max_length=12, choices=choices.StrategyState, default=State.DRAFT, editable=False
    )
    coach = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("coach")
    )
    begun_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("begun by")
    )
    begun_at = models.DateTimeField(_("begun"))
    # The first time; the hundred days run from here.
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    # By language; public while `published_at` is set.
    summary = models.JSONField(_("public summary"), default=dict, blank=True)
    published_at = models.DateTimeField(_("summary published"), null=True, blank=True)
    # Of the summary and the languages.
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(_("invented example"), default=False, editable=False)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ("begun_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(approved_at=None),
                name="strategy_published_after_approval",
            ),
        )

    def __str__(self) -> str:
        return str(self.partnership)

    def get_absolute_url(self) -> str:
        return reverse("training:strategy", args=(self.partnership.slug,))


class StrategySection(models.Model):
    """What stands in a section now. `values` as training/section_values.py reads them, by field."""

    State = choices.SectionState

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="sections", verbose_name=_("strategy")
    )
    code = models.CharField(_("section"), max_length=4, choices=choices.Section)
    state = models.CharField(_("state"), max_length=10, choices=choices.SectionState, default=State.OPEN)
    values = models.JSONField(_("content"), default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    # Until when a coach would like to see it again: a day on the calendar, the same in every zone.
    due_on = models.DateField(_("to be revised by"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("section of a strategy")
        verbose_name_plural = _("sections of strategies")
        constraints = (models.UniqueConstraint(fields=("strategy", "code"), name="section_once"),)

    def __str__(self) -> str:
        return f"{self.strategy_id}: {self.code}"


class SectionDraft(models.Model):
    """What somebody types and has not saved: their own. `typed` as the browser sent it, `base` what it began from."""

    person = models.ForeignKey(
        PERSON, models.CASCADE, related_name="section_drafts", verbose_name=_("person")
    )
    section = models.ForeignKey(
        StrategySection, models.CASCADE, related_name="drafts", verbose_name=_("section")
    )
    language = models.CharField(_("language"), max_length=8)
    typed = models.JSONField(_("text"), default=dict)
    base = models.TextField(editable=False, default="")
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("draft of a section")
        verbose_name_plural = _("drafts of sections")
        constraints = (
            models.UniqueConstraint(fields=("person", "section", "language"), name="section_draft_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.section_id}"


class StrategyVersion(models.Model):
    """The whole strategy as it was when sections were sent. A trigger of the table keeps it as it is
    (migrations/0002): of an approved one nothing changes but who is forgotten.

    `content`: {"languages": […], "sections": {code: values}, "approved": [codes
    approved before], "measures": [{"id", "titles", "owner", "who", "due_on"}]}.
    """

    State = choices.VersionState

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="versions", verbose_name=_("strategy")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    sent = ArrayField(models.CharField(max_length=4), verbose_name=_("sections sent"))
    # Which sections stood approved in it once it was answered: what the paper shows.
    approved = ArrayField(
        models.CharField(max_length=4), verbose_name=_("sections approved"), default=list, blank=True
    )
    state = models.CharField(_("state"), max_length=10, choices=choices.VersionState, default=State.WAITING)
    sent_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent"))
    decided_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a strategy")
        verbose_name_plural = _("versions of strategies")
        ordering = ("strategy", "number")
        constraints = (models.UniqueConstraint(fields=("strategy", "number"), name="version_number_once"),)
        indexes = (models.Index(fields=("sent_at",), condition=Q(state="waiting"), name="version_waiting"),)

    def __str__(self) -> str:
        return f"{self.strategy_id}: {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("training:strategy_version", args=(self.strategy.partnership.slug, self.number))


class SectionComment(models.Model):
    """What the team and the coaches say to each other about a section."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="comments", verbose_name=_("strategy")
    )
    code = models.CharField(_("section"), max_length=4, choices=choices.Section)
    # The answer of a coach to what was sent.
    version = models.ForeignKey(
        StrategyVersion,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("version"),
    )
    text = models.TextField(_("comment"), max_length=4000)
    by_coach = models.BooleanField(_("by a coach"), default=False)
    author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("comment on a section")
        verbose_name_plural = _("comments on sections")
        ordering = ("written_at", "id")

    def __str__(self) -> str:
        return f"{self.strategy_id}: {self.code}"

    def get_absolute_url(self) -> str:
        place = (self.strategy.partnership.slug, self.code.lower())
        return f"{reverse('training:section', args=place)}#comments"


class CoachNoteQuerySet(models.QuerySet["CoachNote"]):
    def visible_to(self, person: object) -> "CoachNoteQuerySet":
        return self if is_coach(person) else self.none()


class CoachNote(models.Model):
    """What coaches keep for each other; the team does not learn that there is one."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="notes", verbose_name=_("strategy"))
    text = models.TextField(_("note"), max_length=4000)
    author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written"))

    objects = CoachNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a coach")
        verbose_name_plural = _("notes of coaches")
        ordering = ("-written_at", "-id")

    def __str__(self) -> str:
        return f"{self.strategy_id}: {self.written_at:%Y-%m-%d}"


class MeasureQuerySet(models.QuerySet["Measure"]):
    def running(self) -> "MeasureQuerySet":
        """To be done, of a strategy that was approved."""
        open_ones = (choices.MeasureState.OPEN, choices.MeasureState.BEGUN)
        return self.filter(state__in=open_ones).exclude(strategy__approved_at=None)


class Measure(models.Model):
    """One thing to be done. `owner` is of the team and is reminded; `who` names somebody without an account."""

    State = choices.MeasureState

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="measures", verbose_name=_("strategy")
    )
    # By language, like the texts of a section.
    titles = models.JSONField(_("measure"), default=dict)
    owner = models.ForeignKey(
        PERSON,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("who takes care of it"),
    )
    who = models.CharField(_("somebody else"), max_length=80, blank=True)
    # A day on the calendar, the same in every zone.
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=choices.MeasureState, default=State.OPEN)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    written_at = models.DateTimeField(_("written"))

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("due_on", "id")
        indexes = (
            models.Index(fields=("due_on",), condition=Q(state__in=("open", "begun")), name="measure_due"),
        )

    def __str__(self) -> str:
        return next((text for text in self.titles.values() if text), str(self.pk))

    def get_absolute_url(self) -> str:
        return f"{reverse('training:measures', args=(self.strategy.partnership.slug,))}#m{self.pk}"


class StrategyReview(models.Model):
    """Looking back, 100 days after the first approval and then every year. `answers` by language and question."""

    Kind = choices.ReviewKind

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="reviews", verbose_name=_("strategy"))
    kind = models.CharField(_("kind"), max_length=14, choices=choices.ReviewKind)
    due_on = models.DateField(_("due on"))
    answers = models.JSONField(_("answers"), default=dict)
    done_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    done_at = models.DateTimeField(_("answered"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("review of a strategy")
        verbose_name_plural = _("reviews of strategies")
        ordering = ("due_on", "id")
        constraints = (models.UniqueConstraint(fields=("strategy", "kind", "due_on"), name="review_once"),)

    def __str__(self) -> str:
        return f"{self.strategy_id}: {self.kind} {self.due_on}"

    def get_absolute_url(self) -> str:
        return reverse("training:review", args=(self.strategy.partnership.slug, self.pk))

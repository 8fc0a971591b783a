"""A course and what is learned in it. Texts come from training/curriculum/ and may be edited afterwards."""

from typing import Any

from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.db.models import Count, F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

from core.typed_days import END, FIRST_MOMENT, of_our_time
from discussions.models import Group
from training import choices

DIGEST = 64
MOST_TEXT = 20_000
LONGEST_URL = 500


class CourseQuerySet(MultilingualQuerySet["Course"]):
    def published(self) -> "CourseQuerySet":
        """What everybody finds."""
        return self.filter(state=choices.State.PUBLISHED)

    def visible_to(self, person: object) -> "CourseQuerySet":
        """Published ones are everybody's; of others those one takes part in, and all by the office."""
        if not getattr(person, "is_authenticated", False):
            return self.published()
        if person.is_staff and person.has_perm("training.view_course"):  # type: ignore[attr-defined]
            return self
        own = Q(enrolments__person=person.pk, enrolments__left_at=None)  # type: ignore[attr-defined]
        return self.filter(
            Q(state=choices.State.PUBLISHED) | Q(pk__in=self.model._default_manager.filter(own).values("pk"))
        )


class FromFiles(models.Model):
    """`loaded` is the digest of the row's texts as they were loaded; a row whose texts have another one was edited
    here, and loading again leaves it alone (training/loading.py). `version` grows with every change.

    `changed_de`, `changed_en`: since when the text of a language says what the other one may not say yet (UTC). The
    same moment in both, or none in both, means that they agree: the files always do. Written by actions/editing.py.
    """

    loaded = models.CharField(max_length=DIGEST, default="", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_de = models.DateTimeField(_("German changed"), null=True, blank=True, editable=False)
    changed_en = models.DateTimeField(_("English changed"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


CourseManager = MultilingualManager.from_queryset(CourseQuerySet)


class Course(FromFiles):
    """One round of a course: its own dates and people. Languages are columns, so nobody's progress depends on them."""

    State = choices.State

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=choices.State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=140)
    summary = models.TextField(_("description"), max_length=2000, blank=True)
    # UTC; open-ended where empty.
    enrol_from = models.DateTimeField(_("enrolment opens"), null=True, blank=True, validators=(of_our_time,))
    enrol_until = models.DateTimeField(
        _("enrolment closes"), null=True, blank=True, validators=(of_our_time,)
    )
    seats = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=(MinValueValidator(1),),
        help_text=_("Empty: no limit."),
    )
    # Who takes part belongs to it. Only its members learn its name.
    group = models.OneToOneField(
        Group,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="course",
        verbose_name=_("closed group"),
    )
    # What has to be done until the course counts as finished, besides all lessons and quizzes.
    needs_dates = models.PositiveSmallIntegerField(
        _("dates to attend"), default=0, help_text=_("How many of the course's dates one has to attend.")
    )
    needs_strategy = models.BooleanField(
        _("needs an approved strategy"),
        default=False,
        help_text=_("The sections its modules lead to, approved by a coach."),
    )
    is_demo = models.BooleanField(_("invented example"), default=False, editable=False)

    objects = CourseManager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                condition=Q(enrol_from=None) | Q(enrol_until=None) | Q(enrol_until__gt=F("enrol_from")),
                name="course_enrolment_ends_after_it_begins",
                violation_error_message=_("Enrolment must close after it has opened."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": FIRST_MOMENT, f"{name}__lt": END}),
                    name=f"course_{name}_is_of_our_time",
                    violation_error_message=_("Enrolment has to open and close between 2000 and 2100."),
                )
                for name in ("enrol_from", "enrol_until")
            ),
        )

    def __str__(self) -> str:
        return self.title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("training:course", args=(self.slug,))


class Ordered(FromFiles):
    """`number` is the place in the files: rows, addresses, folders and the dates of a course are found by it, and it
    never changes. `position` is the place in which people meet the row, counted from 1; the office moves it
    (actions/ordering.py).

    A new row stands at its number. Where something was moved already it comes last.
    """

    number = models.PositiveSmallIntegerField(_("number"))
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"), editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.position is None:
            self.position = self._free_place()
        super().save(*args, **kwargs)

    def siblings(self) -> QuerySet[Any]:
        raise NotImplementedError

    def _free_place(self) -> int:
        found = self.siblings().aggregate(
            last=Max("position"), moved=Count("pk", filter=~Q(position=F("number")))
        )
        return found["last"] + 1 if found["moved"] else self.number


class Module(Ordered):
    """Three to five lessons, a quiz and a checklist; what is made in it fills a section of the strategy."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="modules", verbose_name=_("course"))
    section = models.CharField(
        _("section of the strategy"), max_length=4, choices=choices.Section, blank=True
    )
    title = models.CharField(_("title"), max_length=140)
    summary = models.TextField(_("description"), max_length=1000, blank=True)
    goals = models.TextField(
        _("Afterwards I can …"), max_length=2000, blank=True, help_text=_("One aim in a line.")
    )
    product = models.CharField(_("what the team has at the end"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ("course", "position")
        constraints = (
            models.UniqueConstraint(fields=("course", "number"), name="module_number_once"),
            # Asked at the end of a transaction: two rows change places.
            models.UniqueConstraint(
                fields=("course", "position"),
                name="module_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

    def siblings(self) -> QuerySet["Module"]:
        """All modules of the course, this one too."""
        return Module._default_manager.filter(course=self.course_id)

    @property
    def goal_list(self) -> list[str]:
        return [line for line in self.goals.splitlines() if line.strip()]


class Lesson(Ordered):
    """Ten minutes. `text` is Markdown; its pictures are those of the curriculum's folder.

    At most one video: elsewhere, at `video_url`, or a file of the module's folder. Its transcript is plain text. That
    it has one in every language is asked where it is written: by the files' reader and the office's form.
    """

    module = models.ForeignKey(Module, models.CASCADE, related_name="lessons", verbose_name=_("module"))
    minutes = models.PositiveSmallIntegerField(pgettext_lazy("lesson", "minutes"), default=10)
    title = models.CharField(_("title"), max_length=140)
    text = models.TextField(_("text"), max_length=MOST_TEXT, blank=True)
    video_url = models.URLField(
        _("address of the video"),
        max_length=LONGEST_URL,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("It opens in a new tab; our page loads nothing from there."),
    )
    video_file = models.CharField(
        _("video of the module's folder"), max_length=100, blank=True, editable=False
    )
    video_title = models.CharField(_("title of the video"), max_length=140, blank=True)
    transcript = models.TextField(
        _("transcript of the video"), max_length=MOST_TEXT, blank=True, help_text=_("All that is said in it.")
    )

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ("module", "position")
        constraints = (
            models.UniqueConstraint(fields=("module", "number"), name="lesson_number_once"),
            models.UniqueConstraint(
                fields=("module", "position"),
                name="lesson_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(video_url="") | Q(video_file=""),
                name="lesson_has_at_most_one_video",
                violation_error_message=_("A lesson has at most one video."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.module.position}.{self.position} {self.title}"

    def siblings(self) -> QuerySet["Lesson"]:
        """All lessons of the module, this one too."""
        return Lesson._default_manager.filter(module=self.module_id)


class LessonFile(FromFiles):
    """A download of a lesson: one file of the module's folder for each language ("downloads/name-de.pdf")."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="files", verbose_name=_("lesson"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=140)
    file = models.CharField(_("file"), max_length=100)

    class Meta:
        verbose_name = _("download of a lesson")
        verbose_name_plural = _("downloads of lessons")
        ordering = ("lesson", "number")
        constraints = (models.UniqueConstraint(fields=("lesson", "number"), name="lesson_file_number_once"),)

    def __str__(self) -> str:
        return self.title


class Question(FromFiles):
    """Of the quiz at the end of a module: repeatable, without marks."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="questions", verbose_name=_("module"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("question"), max_length=400)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("module", "number")
        constraints = (models.UniqueConstraint(fields=("module", "number"), name="question_number_once"),)

    def __str__(self) -> str:
        return self.text


class Answer(FromFiles):
    """Each has its explanation, the right ones too."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers", verbose_name=_("question"))
    number = models.PositiveSmallIntegerField(_("number"))
    is_right = models.BooleanField(_("is right"), default=False)
    text = models.CharField(_("answer"), max_length=300)
    why = models.TextField(_("explanation"), max_length=1000)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("question", "number")
        constraints = (models.UniqueConstraint(fields=("question", "number"), name="answer_number_once"),)

    def __str__(self) -> str:
        return self.text


class ChecklistItem(FromFiles):
    module = models.ForeignKey(Module, models.CASCADE, related_name="checklist", verbose_name=_("module"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("text"), max_length=300)

    class Meta:
        verbose_name = _("item of the checklist")
        verbose_name_plural = _("items of the checklist")
        ordering = ("module", "number")
        constraints = (models.UniqueConstraint(fields=("module", "number"), name="item_number_once"),)

    def __str__(self) -> str:
        return self.text

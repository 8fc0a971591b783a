"""Who takes part in a course, and how far they are. Nobody but the person, the office and the coaches sees it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership
from training.coaching import is_coach
from training.models.courses import ChecklistItem, Course, Lesson, Module


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def active(self) -> "EnrolmentQuerySet":
        return self.filter(left_at=None)

    def visible_to(self, person: object) -> "EnrolmentQuerySet":
        """One's own, and all by the office and the coaches."""
        if not getattr(person, "is_authenticated", False):
            return self.none()
        if is_coach(person):
            return self
        if person.is_staff and person.has_perm("training.view_enrolment"):  # type: ignore[attr-defined]
            return self
        return self.filter(person=person.pk)  # type: ignore[attr-defined]


class Enrolment(models.Model):
    """One person and one course, for good: who comes back finds the old progress."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="enrolments", verbose_name=_("course"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments", verbose_name=_("person")
    )
    # Several people of one partnership are its team.
    partnership = models.ForeignKey(
        Partnership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("partnership"),
    )
    enrolled_at = models.DateTimeField(_("enrolled"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    # The last sign of life: a lesson, a quiz, ticks, work on the team's strategy, a date that was attended
    # (actions/signs.py). Tells the coaches who is stuck.
    active_at = models.DateTimeField(_("last step"), null=True, blank=True, editable=False)
    # When the sweep found everything done; for good.
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ("course", "enrolled_at", "id")
        constraints = (models.UniqueConstraint(fields=("course", "person"), name="enrolled_once"),)

    def __str__(self) -> str:
        return f"{self.course_id}: {self.person_id}"


class LessonDone(models.Model):
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="lessons_done", verbose_name=_("enrolment")
    )
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+", verbose_name=_("lesson"))
    done_at = models.DateTimeField(_("done"))

    class Meta:
        verbose_name = _("lesson done")
        verbose_name_plural = _("lessons done")
        constraints = (models.UniqueConstraint(fields=("enrolment", "lesson"), name="lesson_done_once"),)

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.lesson_id}"


class QuizDone(models.Model):
    """The last try. No marks: only that it was done."""

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="quizzes_done", verbose_name=_("enrolment")
    )
    module = models.ForeignKey(Module, models.CASCADE, related_name="+", verbose_name=_("module"))
    done_at = models.DateTimeField(_("done"))

    class Meta:
        verbose_name = _("quiz done")
        verbose_name_plural = _("quizzes done")
        constraints = (models.UniqueConstraint(fields=("enrolment", "module"), name="quiz_done_once"),)

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.module_id}"


class Tick(models.Model):
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="ticks", verbose_name=_("enrolment")
    )
    item = models.ForeignKey(ChecklistItem, models.CASCADE, related_name="+", verbose_name=_("item"))

    class Meta:
        verbose_name = _("tick in a checklist")
        verbose_name_plural = _("ticks in checklists")
        constraints = (models.UniqueConstraint(fields=("enrolment", "item"), name="ticked_once"),)

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.item_id}"

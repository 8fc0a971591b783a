"""What a course has beside its lessons: dates, the self-check, and the certificate at its end."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from training import choices
from training.models.courses import Course, FromFiles
from training.models.progress import Enrolment
from webinars.models import Session


class CourseSession(models.Model):
    """A live date as a step of the course: whoever was there has done it. The session knows nothing of it."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="dates", verbose_name=_("course"))
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="course_dates", verbose_name=_("session")
    )
    # 0: before the first module.
    after_module = models.PositiveSmallIntegerField(
        _("after module"), default=0, help_text=_("0: at the beginning of the course.")
    )

    class Meta:
        verbose_name = _("date of a course")
        verbose_name_plural = _("dates of courses")
        ordering = ("course", "after_module", "id")
        constraints = (models.UniqueConstraint(fields=("course", "session"), name="course_session_once"),)

    def __str__(self) -> str:
        return f"{self.course_id}: {self.session_id}"


class SelfCheckQuestion(FromFiles):
    """One of ten, answered from 1 (`low`) to 5 (`high`) before the course and after it."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="selfcheck", verbose_name=_("course"))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("question"), max_length=300)
    low = models.CharField(_("what 1 means"), max_length=200)
    high = models.CharField(_("what 5 means"), max_length=200)

    class Meta:
        verbose_name = _("question of the self-check")
        verbose_name_plural = _("questions of the self-check")
        ordering = ("course", "number")
        constraints = (models.UniqueConstraint(fields=("course", "number"), name="selfcheck_number_once"),)

    def __str__(self) -> str:
        return self.text


class SelfCheckAnswer(models.Model):
    """The person's own; the office sees averages of several only."""

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="selfcheck", verbose_name=_("enrolment")
    )
    question = models.ForeignKey(
        SelfCheckQuestion, models.CASCADE, related_name="+", verbose_name=_("question")
    )
    moment = models.CharField(_("when"), max_length=6, choices=choices.Moment)
    value = models.PositiveSmallIntegerField(
        _("answer"), validators=(MinValueValidator(1), MaxValueValidator(5))
    )

    class Meta:
        verbose_name = _("answer of the self-check")
        verbose_name_plural = _("answers of the self-check")
        constraints = (
            models.UniqueConstraint(fields=("enrolment", "question", "moment"), name="selfcheck_answer_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="selfcheck_from_1_to_5"),
        )

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.question_id} {self.moment}"


class CourseCertificate(models.Model):
    """That somebody finished a course. The check page tells who has the code what stands on the paper."""

    enrolment = models.OneToOneField(
        Enrolment, models.CASCADE, related_name="certificate", verbose_name=_("enrolment")
    )
    code = models.CharField(pgettext_lazy("certificate", "code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    issued_at = models.DateTimeField(_("issued"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_why = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate of a course")
        verbose_name_plural = _("certificates of courses")

    def __str__(self) -> str:
        return self.code


class CourseInvitation(models.Model):
    """Somebody was asked to take part. The address is forgotten when they enrol (actions/taking_part.py)."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="invitations", verbose_name=_("course"))
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=8)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited"))

    class Meta:
        verbose_name = _("invitation to a course")
        verbose_name_plural = _("invitations to courses")
        ordering = ("course", "invited_at", "id")
        constraints = (
            models.UniqueConstraint("course", models.functions.Lower("email"), name="invited_to_course_once"),
        )

    def __str__(self) -> str:
        return f"{self.course_id}: {self.email}"


class CourseMail(models.Model):
    """What the office wrote to a selection of those who take part. Its texts are in both languages."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="mails", verbose_name=_("course"))
    subject = models.CharField(_("subject"), max_length=140)
    text = models.TextField(_("text"), max_length=6000)
    readers = models.PositiveIntegerField(_("readers"), default=0, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("mail to a course")
        verbose_name_plural = _("mails to courses")
        ordering = ("-sent_at",)

    def __str__(self) -> str:
        return self.subject

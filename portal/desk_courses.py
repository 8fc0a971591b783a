"""Courses on somebody's desk: a certificate to get, and where the next lesson waits."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from portal.steps import Step
from training.queries.finishing import without_certificate
from training.queries.reading import next_steps_of


def course_steps(person: User) -> Iterator[Step]:
    for course in without_certificate(person):
        yield Step(
            _("Get your certificate"),
            _("You have finished “%(title)s”.") % {"title": course.title},
            reverse("training:certificate", args=(course.slug,)),
            _("Get it"),
        )
    for course, step, done, total in next_steps_of(person):
        yield Step(
            _("Go on with “%(title)s”") % {"title": course.title},
            _("%(done)s of %(total)s steps are done. Next: %(step)s")
            % {
                "done": done,
                "total": total,
                "step": step.title or _("the quiz"),
            },
            step.url,
            _("Go on") if done else _("Begin"),
        )

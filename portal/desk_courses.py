"""Courses on somebody's desk: where the next lesson waits."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from portal.steps import Step
from training.queries.reading import next_steps_of


def course_steps(person: User) -> Iterator[Step]:
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

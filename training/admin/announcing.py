"""Announcing courses: first how many people would be told, then the mails."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from training.actions import announcing
from training.actions.inviting import NotPublished
from training.actions.taking_part import NotOpen
from training.admin.office import by, shown
from training.emails import CourseAnnounced
from training.models import Course
from training.queries.announcing import people_to_tell


class Announces(admin.ModelAdmin):
    """For the list of courses."""

    def has_announce_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("training.add_courseinvitation"))

    @admin.action(description=gettext_lazy("Announce …"), permissions=["announce"])
    def announce(self, request: HttpRequest, queryset: QuerySet[Course]) -> HttpResponse | None:
        """Looks first, because a mail to so many cannot be taken back."""
        courses = [course for course in queryset if self._may_be_announced(request, course)]
        if not courses:
            return None
        if "asked" not in request.POST:
            return self._ask(request, courses)
        for course in courses:
            number = announcing.announce(course=course, by=by(request), now=timezone.now())
            if number:
                self.log_change(request, course, f"announced to {number}")
            said = ngettext(
                "“%(title)s”: %(number)s person is told.", "“%(title)s”: %(number)s people are told.", number
            )
            level = messages.SUCCESS if number else messages.WARNING
            self.message_user(request, said % {"title": course, "number": number}, level)
        return None

    def _may_be_announced(self, request: HttpRequest, course: Course) -> bool:
        try:
            announcing.check_may_be_announced(course, now=timezone.now())
        except NotPublished:
            said = _("“%(title)s” is not published, so nobody is told.")
        except NotOpen:
            said = _("“%(title)s”: enrolment is over, so nobody is told.")
        else:
            return True
        self.message_user(request, said % {"title": course}, messages.ERROR)
        return False

    def _ask(self, request: HttpRequest, courses: list[Course]) -> HttpResponse:
        rows = [(course, people_to_tell(course, kind=CourseAnnounced.name).count()) for course in courses]
        context: dict[str, Any] = {
            "rows": rows,
            "is_anybody": any(number for _course, number in rows),
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return shown(request, "announce", title=_("Announce courses"), **context)

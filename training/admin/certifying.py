"""Certificates of a course for a selection of those who have finished it."""

from typing import cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from training.actions import finishing
from training.models import Enrolment

RIGHT = "training.add_coursecertificate"


class IssuesCertificates(admin.ModelAdmin):
    """For the list of enrolments."""

    def has_issue_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(RIGHT))

    @admin.action(description=gettext_lazy("Issue certificates"), permissions=["issue"])
    def issue(self, request: HttpRequest, queryset: QuerySet[Enrolment]) -> None:
        """With the name of the profile, for who has one and has finished; the others are counted."""
        done = finishing.issue_certificates(
            enrolments=queryset, by=cast(User, request.user), now=timezone.now()
        )
        said = ngettext("%(number)s certificate issued.", "%(number)s certificates issued.", done.issued)
        level = messages.SUCCESS if done.issued else messages.WARNING
        self.message_user(request, said % {"number": done.issued}, level)
        for number, sentence in (
            (done.unfinished, _("Not finished yet: %(number)s.")),
            (done.nameless, _("No name in the profile, or one that cannot be printed: %(number)s.")),
        ):
            if number:
                self.message_user(request, sentence % {"number": number}, messages.WARNING)

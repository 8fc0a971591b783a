"""What organisations bring to the desk of who belongs to them, and of the office."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from directory import queries
from directory.models import Organisation
from directory.permissions import can_publish_organisations
from directory.queries import MyOrganisation
from portal.steps import Step


def waiting_steps(person: User, mine: Sequence[MyOrganisation], *, now: datetime) -> Iterator[Step]:
    """Somebody waits for the person's answer."""
    for one in mine:
        if one.requests:
            title = ngettext(
                "%(number)s person wants to join “%(name)s”",
                "%(number)s people want to join “%(name)s”",
                one.requests,
            )
            yield Step(
                title % {"number": one.requests, "name": one.organisation.name},
                _("Please accept or decline. They get your answer by mail."),
                _people(one.organisation),
                _("Answer"),
            )
    for invitation in queries.my_invitations(person, now=now):
        yield Step(
            _("You are invited to “%(name)s”") % {"name": invitation.organisation.name},
            _("Look at the invitation. You join with one button."),
            queries.invitation_url(invitation),
            _("Look at the invitation"),
        )


def office_steps(person: User) -> Iterator[Step]:
    if not can_publish_organisations(person):
        return
    number = Organisation.objects.visible_to(person).filter(published_at=None, ended_at=None).count()
    if number:
        title = ngettext(
            "%(number)s organisation waits to be published",
            "%(number)s organisations wait to be published",
            number,
        )
        yield Step(
            title % {"number": number},
            _("Look whether they are real and not there already, then publish them."),
            reverse("admin:directory_organisation_changelist") + "?state=waits",
            _("Look at them"),
        )


def lonely_steps(mine: Sequence[MyOrganisation]) -> Iterator[Step]:
    """What would stop if the person fell ill."""
    for one in mine:
        if one.is_alone and one.leads:
            yield Step(
                _("You are alone in “%(name)s”") % {"name": one.organisation.name},
                _("If you fall ill or leave, nobody can go on. Invite somebody as deputy."),
                reverse("directory:organisation_invite", args=[one.organisation.slug]),
                _("Invite somebody"),
            )


def _people(organisation: Organisation) -> str:
    return reverse("directory:organisation_people", args=[organisation.slug])

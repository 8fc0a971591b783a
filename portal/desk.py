"""My desk: what waits for a person, most urgent first. Never empty: there is always one next step."""

from collections.abc import Iterator
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from directory.models import EntryReport
from directory.queries import my_organisations
from portal import claim_steps
from portal.desk_courses import course_steps
from portal.desk_groups import group_steps
from portal.desk_register import register_steps
from portal.desk_sessions import session_steps
from portal.desk_strategies import strategy_steps
from portal.organisation_steps import lonely_steps, office_steps, waiting_steps
from portal.steps import Step


def next_steps(person: User, *, now: datetime) -> list[Step]:
    mine = my_organisations(person)
    claims = claim_steps.claims_about(person)
    dates = session_steps(person, now=now)
    groups = group_steps(person)
    return [
        *dates.urgent,
        *groups.urgent,
        *claim_steps.second_claims(person, claims),
        *waiting_steps(person, mine, now=now),
        *groups.waiting,
        *claim_steps.first_questions(person, claims),
        *_office(person),
        *claim_steps.claims_for_the_office(person),
        *office_steps(person),
        *dates.coming,
        *strategy_steps(person),
        *course_steps(person),
        *groups.news,
        *register_steps(person),
        *_about_me(person),
        *claim_steps.my_claims(person, claims),
        *lonely_steps(mine),
        *_safety(person),
        _browse(),
    ]


def _office(person: User) -> Iterator[Step]:
    if not (person.is_staff and person.has_perm("directory.view_entryreport")):
        return
    number = EntryReport.objects.open().count()
    if number:
        yield Step(
            ngettext("%(number)s report waits for an answer", "%(number)s reports wait for an answer", number)
            % {"number": number},
            _("Visitors say that an entry is wrong. Look at it, correct the entry and answer."),
            reverse("admin:directory_entryreport_changelist") + "?state__exact=open",
            _("Answer reports"),
        )


def _about_me(person: User) -> Iterator[Step]:
    profile = reverse("accounts:profile")
    if not person.display_name:
        yield Step(
            _("Tell others your name"),
            _("Other members see it instead of a number. Your e-mail address stays hidden."),
            profile,
            _("Add my name"),
        )
    if not person.spoken_languages.exists():
        yield Step(
            _("Which languages do you speak?"),
            _(
                "So partners know how to write to you. Please check your time zone, too: it decides how we show times."
            ),
            profile,
            _("Add languages and time zone"),
        )


def _safety(person: User) -> Iterator[Step]:
    factors = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    if Authenticator.Type.WEBAUTHN not in factors:
        yield Step(
            _("Sign in without a password"),
            _("A passkey on your phone or computer is easier and safer than a password. It takes a minute."),
            reverse("mfa_add_webauthn"),
            _("Set up a passkey"),
        )


def _browse() -> Step:
    return Step(
        _("Find a partnership"),
        _("See which towns work together already, with whom and on which topics."),
        reverse("partnerships:list"),
        _("Browse partnerships"),
    )

"""My desk: what waits for a person, most urgent first. Never empty: there is always one next step."""

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from directory.models import Claim, EntryReport, Membership
from directory.permissions import can_decide_claims


@dataclass(frozen=True)
class Step:
    """One thing to do, with one button."""

    title: str
    text: str
    url: str
    label: str


def next_steps(person: User) -> list[Step]:
    claims = list(_claims_of(person))
    return [
        *_second_claims(person, claims),
        *_welcome(person, claims),
        *_office(person),
        *_claims_for_the_office(person),
        *_about_me(person),
        *_my_claims(person, claims),
        *_safety(person),
        _browse(),
    ]


def _claims_of(person: User) -> Iterator[Claim]:
    """Open ones: the person's own, and those on municipalities the person speaks for."""
    held = Claim.objects.visible_to(person).accepted().filter(person=person)
    about_me = Q(person=person) | Q(municipality__in=held.values("municipality"))
    yield from (
        Claim.objects.visible_to(person).open().filter(about_me).select_related("municipality", "person")
    )


def _second_claims(person: User, claims: list[Claim]) -> Iterator[Step]:
    for claim in claims:
        if claim.person_id != person.pk and not claim.holder_answer:
            yield Step(
                _("Somebody else wants to speak for %(name)s") % {"name": claim.municipality},
                _("You speak for it already. Do you agree? The office decides, and asks you first."),
                reverse("directory:claim_detail", args=[claim.pk]),
                _("Agree or object"),
            )


def _my_claims(person: User, claims: list[Claim]) -> Iterator[Step]:
    for claim in claims:
        if claim.person_id == person.pk:
            yield Step(
                _("Your request to speak for %(name)s waits for the office") % {"name": claim.municipality},
                _("You get a mail as soon as the office has decided, usually within a few working days."),
                reverse("directory:claim_detail", args=[claim.pk]),
                _("Open your request"),
            )


def _welcome(person: User, claims: list[Claim]) -> Iterator[Step]:
    """The first questions, until there is something to come back for."""
    if person.is_staff or person.welcome_closed_at or claims or _belongs_somewhere(person):
        return
    yield Step(
        _("Where would you like to begin?"),
        _("Three short questions, then we show you the next step."),
        reverse("portal:welcome"),
        _("Answer the questions"),
    )


def _belongs_somewhere(person: User) -> bool:
    """Speaks for a municipality, belongs to an organisation or has asked to, or looks after a partnership."""
    current = Q(state__in=(Membership.State.REQUESTED, Membership.State.ACTIVE))
    here = User.objects.filter(pk=person.pk).filter(
        Exists(person.claims.accepted())
        | Exists(person.memberships.filter(current))
        | Exists(person.side_contacts.current())
    )
    return here.exists()


def _claims_for_the_office(person: User) -> Iterator[Step]:
    if not can_decide_claims(person):
        return
    number = Claim.objects.visible_to(person).open().count()
    if number:
        yield Step(
            ngettext(
                "%(number)s person wants to speak for a municipality",
                "%(number)s people want to speak for a municipality",
                number,
            )
            % {"number": number},
            _("Please accept or decline. They get your answer by mail."),
            reverse("admin:directory_claim_changelist") + "?state__exact=open",
            _("Decide"),
        )


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

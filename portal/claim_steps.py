"""What municipalities bring to the desk: claims to speak for one, and the first questions to who has nothing yet."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from directory.models import Claim, Membership
from directory.permissions import can_decide_claims
from portal.steps import Step


def claims_about(person: User) -> list[Claim]:
    """Open ones: the person's own, and those on municipalities the person speaks for."""
    visible = Claim.objects.visible_to(person)
    held = visible.accepted().filter(person=person)
    about_me = Q(person=person) | Q(municipality__in=held.values("municipality"))
    return list(visible.open().filter(about_me).select_related("municipality"))


def second_claims(person: User, claims: Sequence[Claim]) -> Iterator[Step]:
    for claim in claims:
        if claim.person_id != person.pk and not claim.holder_answer:
            yield Step(
                _("Somebody else wants to speak for %(name)s") % {"name": claim.municipality},
                _("You speak for it already. Do you agree? The office decides, and asks you first."),
                reverse("directory:claim_detail", args=[claim.pk]),
                _("Agree or object"),
            )


def my_claims(person: User, claims: Sequence[Claim]) -> Iterator[Step]:
    for claim in claims:
        if claim.person_id == person.pk:
            yield Step(
                _("Your request to speak for %(name)s waits for the office") % {"name": claim.municipality},
                _("You get a mail as soon as the office has decided, usually within a few working days."),
                reverse("directory:claim_detail", args=[claim.pk]),
                _("Open your request"),
            )


def first_questions(person: User, claims: Sequence[Claim]) -> Iterator[Step]:
    """Until there is something to come back for."""
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


def claims_for_the_office(person: User) -> Iterator[Step]:
    if not can_decide_claims(person):
        return
    number = Claim.objects.visible_to(person).open().count()
    if number:
        title = ngettext(
            "%(number)s person wants to speak for a municipality",
            "%(number)s people want to speak for a municipality",
            number,
        )
        yield Step(
            title % {"number": number},
            _("Please accept or decline. They get your answer by mail."),
            reverse("admin:directory_claim_changelist") + "?state__exact=open",
            _("Decide"),
        )

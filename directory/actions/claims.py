""" "I speak for this town": asked, proven, answered, decided, ended, handed over.

Everything about one municipality happens one after the other: each action locks its row first.
"""

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from accounts.models import User
from accounts.queries import confirmed_addresses
from core.links import new_nonce
from directory.actions.reports import AlreadyAnswered
from directory.emails import (
    ClaimAddressCheck,
    ClaimDecided,
    ClaimEnded,
    ClaimHandedOver,
    ClaimMade,
    ClaimSecond,
    ClaimSecondAnswered,
    MunicipalityWithoutVoice,
)
from directory.models import Claim, Municipality
from directory.permissions import speaks_for
from directory.queries import (
    ADDRESS_LINK_LASTS,
    has_official_address,
    is_link_good,
    is_official_address,
    language_of,
    people_who_decide_claims,
    people_who_speak_for,
)
from notifications.outbox import Guest, queue

log = structlog.get_logger(__name__)


class AlreadyClaimed(Exception):
    """The person speaks for this municipality, or has asked to, already."""


class ClaimIsOver(Exception):
    """It was decided, withdrawn or ended meanwhile."""


class MayNotAnswer(Exception):
    """Only who speaks for the municipality already is asked about a second claim."""


class LinkIsVoid(Exception):
    """The link says nothing any more: too old, the claim is over, or it never was one of ours."""


@transaction.atomic
def make_claim(
    *,
    municipality: Municipality,
    by: User,
    role: str = Claim.Role.COORDINATOR,
    official_email: str = "",
    reason: str = "",
    now: datetime,
) -> Claim:
    """Ask to speak for a municipality. The office decides; whoever speaks for it already is asked.

    Another address than one's own gets a link to be proven by. Raises AlreadyClaimed.
    """
    town = _locked_town(municipality.pk)
    if town.merged_into_id:
        # Merged while the form was open.
        town = _locked_town(town.merged_into_id)
    if Claim.objects.current().filter(municipality=town, person=by).exists():
        raise AlreadyClaimed
    is_own_address = official_email.lower() in confirmed_addresses(by)
    claim = Claim.objects.create(
        municipality=town,
        person=by,
        role=role,
        official_email=official_email,
        email_proven_at=now if official_email and is_own_address else None,
        is_official_domain=has_official_address(by, town),
        nonce=new_nonce(),
        reason=reason,
        made_at=now,
    )
    if official_email and not is_own_address:
        guest = Guest(official_email, language_of(town, otherwise=by.language))
        queue(ClaimAddressCheck, to=[guest], about=claim, now=now)
    queue(ClaimMade, to=people_who_decide_claims(), about=claim, now=now)
    _ask_holders(claim, now=now)
    return claim


@transaction.atomic
def prove_claim_address(*, number: int, nonce: str, now: datetime) -> Claim:
    """Whoever reads the official mailbox has pressed the button. Twice is as good as once. Raises LinkIsVoid."""
    claim = _locked(number)
    if claim is None or not is_link_good(claim, nonce, now=now):
        raise LinkIsVoid
    if claim.email_proven_at is None:
        claim.email_proven_at = now
        claim.is_official_domain |= is_official_address(claim.official_email, claim.municipality)
        claim.save()
    return claim


@transaction.atomic
def answer_second_claim(*, claim: Claim, by: User, agrees: bool, now: datetime) -> Claim:
    """One who speaks for the municipality says what they think of a second one; the office decides.

    The first answer counts. Raises MayNotAnswer, ClaimIsOver or AlreadyAnswered.
    """
    claim = _locked_open(claim)
    if claim.person_id == by.pk or not speaks_for(by, claim.municipality):
        raise MayNotAnswer
    if claim.holder_answer:
        raise AlreadyAnswered
    claim.holder_answer = Claim.HolderAnswer.AGREES if agrees else Claim.HolderAnswer.OBJECTS
    claim.holder_answered_by, claim.holder_answered_at = by, now
    claim.save()
    queue(ClaimSecondAnswered, to=people_who_decide_claims(), about=claim, now=now)
    return claim


@transaction.atomic
def decide_claim(*, claim: Claim, by: User, state: str, answer: str, now: datetime) -> Claim:
    """The office accepts or declines, once, and the person is told. Raises ClaimIsOver."""
    claim = _locked_open(claim)
    if state not in (Claim.State.ACCEPTED, Claim.State.DECLINED):
        raise ValueError(f"{state} is no decision")
    claim.state, claim.answer = state, answer
    claim.decided_by, claim.decided_at = by, now
    if state == Claim.State.DECLINED:
        claim.official_email = ""
    claim.save()
    queue(ClaimDecided, to=[claim.person], about=claim, now=now)
    log.info("claim_decided", claim=claim.pk, state=state, by=by.pk)
    return claim


@transaction.atomic
def end_claim(*, claim: Claim, by: User, now: datetime) -> Claim:
    """Withdraw an open one, give up an accepted one. Whose claim the office ends is told. Raises ClaimIsOver.

    The office is told when nobody is left who speaks for the municipality.
    """
    claim = _locked_current(claim)
    was_accepted = claim.state == Claim.State.ACCEPTED
    _close(claim, now=now)
    if was_accepted and by.pk != claim.person_id:
        queue(ClaimEnded, to=[claim.person], about=claim, now=now)
    if was_accepted:
        _tell_if_nobody_is_left(claim.municipality, once=str(claim.pk), now=now)
    log.info("claim_ended", claim=claim.pk, state=claim.state, by=by.pk)
    return claim


@transaction.atomic
def hand_over_claim(*, claim: Claim, to_person: User, by: User, now: datetime) -> Claim:
    """The successor speaks for the municipality from now on, instead of the person of `claim`.

    Gives the successor's claim: what they asked for themselves, or a new one. Raises ClaimIsOver when there is nothing
    to hand over (any more).
    """
    claim = _locked_current(claim)
    if claim.state != Claim.State.ACCEPTED or claim.person_id == to_person.pk:
        raise ClaimIsOver
    town = claim.municipality
    current = Claim.objects.current().filter(municipality=town, person=to_person).first()
    heir = current or Claim(municipality=town, person=to_person, nonce=new_nonce(), made_at=now)
    if heir.state != Claim.State.ACCEPTED or heir.pk is None:
        heir.state, heir.decided_by, heir.decided_at = Claim.State.ACCEPTED, by, now
        heir.is_official_domain |= has_official_address(to_person, town)
    heir.role = claim.role
    heir.save()
    _close(claim, now=now)
    queue(ClaimHandedOver, to=[to_person], about=heir, now=now, once=str(claim.pk))
    log.info("claim_handed_over", claim=claim.pk, heir=heir.pk, by=by.pk)
    return heir


@transaction.atomic
def forget_claims_of(person: User, *, now: datetime) -> None:
    """The person is erased: their claims go, and the office hears of municipalities that are left alone."""
    held = list(Claim.objects.accepted().filter(person=person).select_related("municipality"))
    Claim.objects.filter(person=person).delete()
    for claim in held:
        _tell_if_nobody_is_left(claim.municipality, once=f"erased {person.pk}", now=now)


@transaction.atomic
def forget_claim_addresses(*, now: datetime) -> int:
    """Forget official addresses that nobody has proven while the link was good. Gives how many."""
    unproven = Claim.objects.exclude(official_email="").filter(email_proven_at=None)
    return unproven.filter(made_at__lt=now - ADDRESS_LINK_LASTS).update(official_email="")


# When two municipalities become one


def unite_claims(*, kept: Municipality, gone: Municipality, now: datetime) -> None:
    """Called before the claims of `gone` move to `kept`: who has one at both keeps the better one."""
    pairs: dict[int, list[Claim]] = {}
    for claim in Claim.objects.current().filter(municipality__in=(kept, gone)).order_by("made_at", "pk"):
        pairs.setdefault(claim.person_id, []).append(claim)
    for claims in pairs.values():
        # Stable: of two equals the older one stays.
        for weaker in sorted(claims, key=lambda claim: claim.state != Claim.State.ACCEPTED)[1:]:
            _close(weaker, now=now)


def ask_about_open_claims(*, town: Municipality, now: datetime) -> None:
    """Called after a merge: who speaks for the one has not been asked about claims on the other yet."""
    for claim in Claim.objects.open().filter(municipality=town, holder_answer=Claim.HolderAnswer.NONE):
        _ask_holders(claim, now=now)


# Steps


def _ask_holders(claim: Claim, *, now: datetime) -> None:
    others = people_who_speak_for(claim.municipality).exclude(pk=claim.person_id)
    queue(ClaimSecond, to=others, about=claim, now=now)


def _close(claim: Claim, *, now: datetime) -> None:
    is_open = claim.state == Claim.State.OPEN
    claim.state = Claim.State.WITHDRAWN if is_open else Claim.State.ENDED
    claim.ended_at, claim.official_email = now, ""
    claim.save()


def _tell_if_nobody_is_left(town: Municipality, *, once: str, now: datetime) -> None:
    if not people_who_speak_for(town).exists():
        queue(MunicipalityWithoutVoice, to=people_who_decide_claims(), about=town, now=now, once=once)


def _locked_town(number: int) -> Municipality:
    rows: Any = Municipality.objects.select_for_update(no_key=True)
    town: Municipality = rows.get(pk=number)
    return town


def _locked(number: int) -> Claim | None:
    """First the town, then the claim, as everywhere."""
    found = Claim.objects.filter(pk=number).first()
    if found is None:
        return None
    _locked_town(found.municipality_id)
    claims = Claim.objects.select_for_update(of=("self",)).select_related("person", "municipality")
    return claims.filter(pk=number).first()


def _locked_current(claim: Claim) -> Claim:
    locked = _locked(claim.pk)
    if locked is None or locked.state not in (Claim.State.OPEN, Claim.State.ACCEPTED):
        raise ClaimIsOver
    return locked


def _locked_open(claim: Claim) -> Claim:
    locked = _locked_current(claim)
    if locked.state != Claim.State.OPEN:
        raise ClaimIsOver
    return locked

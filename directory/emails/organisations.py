"""What people are told about organisations and who belongs to them."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.links import new_nonce
from directory.emails.examples import example_notice, example_organisation, example_person
from directory.models import Membership, Organisation, OrganisationInvitation
from directory.permissions import acts_for, can_answer_requests, can_publish_organisations
from directory.queries import InvitationState, coordinators, invitation_state, invitation_url
from notifications.kinds import Audience, Kind
from notifications.models import Notice


class _AboutOrganisation:
    """Of notices about an organisation itself."""

    def context(self, notice: Notice) -> dict[str, Any]:
        return {"organisation": notice.about}


class _ToTheOffice(_AboutOrganisation):
    def path(self, notice: Notice) -> str:
        return reverse("admin:directory_organisation_change", args=[notice.about_id])

    def example(self, *, language: str, now: datetime) -> Notice:
        reader = example_person(language, is_superuser=True, is_staff=True)
        return example_notice(self, to=reader, about=example_organisation(), now=now)


class OrganisationWaits(_ToTheOffice, Kind):
    """To the office: a new organisation waits to be published."""

    name = "organisation_waits"
    title = _("a new organisation waits to be published")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        organisation = notice.about
        return (
            isinstance(organisation, Organisation)
            and organisation.published_at is None
            and organisation.ended_at is None
            and can_publish_organisations(notice.recipient)
        )


class OrganisationWithoutCoordinator(_ToTheOffice, Kind):
    """To the office: the last one who looked after an organisation is gone."""

    name = "organisation_without_coordinator"
    title = _("nobody coordinates an organisation any longer")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        organisation = notice.about
        return (
            isinstance(organisation, Organisation)
            and organisation.ended_at is None
            and not coordinators(organisation).exists()
            and can_publish_organisations(notice.recipient)
        )


class OrganisationGivenUp(_ToTheOffice, Kind):
    """To the office: its people have given an organisation up."""

    name = "organisation_given_up"
    title = _("an organisation was given up by its people")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        organisation = notice.about
        return (
            isinstance(organisation, Organisation)
            and organisation.ended_at is not None
            and can_publish_organisations(notice.recipient)
        )


class OrganisationPublished(_AboutOrganisation, Kind):
    """To those who lead it: everybody finds it now."""

    name = "organisation_published"
    title = _("your organisation was published")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        organisation = notice.about
        return (
            isinstance(organisation, Organisation)
            and organisation.published_at is not None
            and acts_for(notice.recipient, organisation)
        )

    def path(self, notice: Notice) -> str:
        assert isinstance(notice.about, Organisation)  # noqa: S101 -- still_wanted has asked
        return notice.about.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        return example_notice(
            self, to=example_person(language), about=example_organisation(published_at=now), now=now
        )


def _membership(notice: Notice) -> Membership | None:
    return notice.about if isinstance(notice.about, Membership) else None


class _AboutMembership:
    """Of notices about one person in one organisation."""

    def context(self, notice: Notice) -> dict[str, Any]:
        membership = _membership(notice)
        assert membership is not None  # noqa: S101 -- still_wanted has asked
        return {
            "membership": membership,
            "organisation": membership.organisation,
            "person": membership.person,
            "by": membership.decided_by,
        }

    def path(self, notice: Notice) -> str:
        membership = _membership(notice)
        assert membership is not None  # noqa: S101 -- still_wanted has asked
        return membership.organisation.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        reader = example_person(language)
        membership = self._example_membership(reader, now)
        return example_notice(self, to=reader, about=membership, now=now)

    def _example_membership(self, reader: Any, now: datetime) -> Membership:
        """Of the reader. Others have a part in what is told about somebody else."""
        return Membership.objects.create(
            person=reader,
            organisation=example_organisation(published_at=now),
            role=Membership.Role.DEPUTY,
            state=Membership.State.ACTIVE,
            asked_at=now,
            since=now,
            decided_by=example_person(name="Karin Beispiel"),
        )


class _ToThePeople(_AboutMembership):
    """Of notices to those who lead an organisation, about somebody else."""

    def path(self, notice: Notice) -> str:
        membership = _membership(notice)
        assert membership is not None  # noqa: S101 -- still_wanted has asked
        return reverse("directory:organisation_people", args=[membership.organisation.slug])

    def _example_membership(self, reader: Any, now: datetime) -> Membership:
        return Membership.objects.create(
            person=example_person(name="Éva Példa"),
            organisation=example_organisation(published_at=now),
            note="Ich singe seit zwei Jahren mit und helfe gern bei der nächsten Begegnung.",
            asked_at=now,
        )


class MembershipRequested(_ToThePeople, Kind):
    """To those who lead it, or else the office: somebody wants to join."""

    name = "membership_requested"
    title = _("somebody wants to join your organisation")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        membership = _membership(notice)
        return (
            membership is not None
            and membership.state == Membership.State.REQUESTED
            and can_answer_requests(notice.recipient, membership.organisation)
        )


class OrganisationJoined(_ToThePeople, Kind):
    """To those who lead it: an invitation was accepted."""

    name = "organisation_joined"
    title = _("somebody has accepted the invitation to your organisation")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        membership = _membership(notice)
        return (
            membership is not None
            and membership.state == Membership.State.ACTIVE
            and acts_for(notice.recipient, membership.organisation)
        )


class MembershipAnswered(_AboutMembership, Kind):
    """To the person: you belong to it, or not."""

    name = "membership_answered"
    title = _("your request to join an organisation was answered")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        membership = _membership(notice)
        return membership is not None and membership.state in (
            Membership.State.ACTIVE,
            Membership.State.DECLINED,
        )


class MembershipRoleChanged(_AboutMembership, Kind):
    """To the person: you have another role."""

    name = "membership_role_changed"
    title = _("your role in an organisation was changed")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        membership = _membership(notice)
        return membership is not None and membership.state == Membership.State.ACTIVE


class MembershipEnded(_AboutMembership, Kind):
    """To the person: somebody else has ended it."""

    name = "membership_ended"
    title = _("your membership in an organisation was ended")
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        membership = _membership(notice)
        return membership is not None and membership.state == Membership.State.ENDED

    def path(self, notice: Notice) -> str:
        """The organisation itself may be closed to the person now."""
        return reverse("directory:my_organisations")


class OrganisationInvited(Kind):
    """To an address: you are asked to join. With the link that is the right to."""

    name = "organisation_invited"
    title = _("an invitation to an organisation")
    audience = Audience.PARTNER
    essential = True

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        invitation = notice.about
        # Renewed before it was sent: the newer notice says the same.
        return (
            isinstance(invitation, OrganisationInvitation)
            and invitation_state(invitation, invitation.nonce, now=now) == InvitationState.OPEN
            and notice.queued_at >= invitation.invited_at
        )

    def context(self, notice: Notice) -> dict[str, Any]:
        invitation = _invitation(notice)
        return {
            "invitation": invitation,
            "organisation": invitation.organisation,
            "by": invitation.invited_by,
        }

    def path(self, notice: Notice) -> str:
        return invitation_url(_invitation(notice))

    def example(self, *, language: str, now: datetime) -> Notice:
        invitation = OrganisationInvitation.objects.create(
            organisation=example_organisation(published_at=now),
            email="eva@example.org",
            language=language,
            role=Membership.Role.DEPUTY,
            nonce=new_nonce(),
            invited_by=example_person(name="Karin Beispiel"),
            invited_at=now,
            expires_at=now + timedelta(days=30),
        )
        return example_notice(self, to=(invitation.email, language), about=invitation, now=now)


def _invitation(notice: Notice) -> OrganisationInvitation:
    assert isinstance(notice.about, OrganisationInvitation)  # noqa: S101 -- still_wanted has asked
    return notice.about

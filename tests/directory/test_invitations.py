"""Invitations by mail: used once, void when withdrawn, renewed or late; addresses are forgotten."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from core.links import make_token
from directory import actions
from directory.models import Membership, OrganisationInvitation
from directory.queries import (
    INVITATION_LINK,
    InvitationState,
    invitation_of,
    invitation_state,
    invitation_url,
    my_invitations,
)
from notifications.delivery import deliver_due
from notifications.models import Notice
from portal.tasks import forget_everything
from tests.conftest import signed_in
from tests.factories.directory import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
HOLDS = actions.INVITATION_HOLDS


@pytest.fixture
def verein(coordinator):
    verein = OrganisationFactory(name="Verein", slug="verein")
    MembershipFactory(organisation=verein, person=coordinator, role="coordinator")
    return verein


def invite(verein, by, now, **changes):
    values = {"email": "Eva@Example.org", "role": "deputy", "language": "hu", **changes}
    return actions.invite(organisation=verein, by=by, now=now, **values)


@pytest.fixture
def invitation(verein, coordinator, now):
    return invite(verein, coordinator, now)


def accept(invitation, by, now):
    return actions.accept_invitation(invitation=invitation, nonce=invitation.nonce, by=by, now=now)


class TestInvite:
    def test_the_address_gets_a_mail_with_the_link(self, invitation, now, settings):
        deliver_due(now=now)

        (message,) = mail.outbox
        link = settings.SITE_URL + invitation_url(invitation)
        assert message.to == ["eva@example.org"]
        assert "Verein" in message.subject
        assert link in message.body
        assert f'href="{link}"' in message.alternatives[0].content
        assert (invitation.expires_at, invitation.email) == (now + HOLDS, "eva@example.org")

    def test_asking_again_renews_it_and_voids_the_link_before(self, verein, invitation, coordinator, now):
        old = invitation.nonce
        again = invite(verein, coordinator, now + timedelta(days=1), role="member")

        assert (again.pk, again.role, again.expires_at) == (
            invitation.pk,
            "member",
            now + timedelta(days=1) + HOLDS,
        )
        assert invitation_state(again, old, now=now) == InvitationState.RENEWED

    def test_a_renewed_one_is_told_once_when_the_first_was_not_sent_yet(
        self, verein, invitation, coordinator, now
    ):
        invite(verein, coordinator, now + timedelta(seconds=30))

        deliver_due(now=now + timedelta(minutes=1))

        assert len(mail.outbox) == 1

    def test_a_withdrawn_one_is_not_sent(self, invitation, coordinator, now):
        actions.withdraw_invitation(invitation=invitation, by=coordinator, now=now)

        deliver_due(now=now)

        assert mail.outbox == []

    def test_withdrawn_twice_it_is_withdrawn(self, invitation, coordinator, now):
        for _ in range(2):
            actions.withdraw_invitation(invitation=invitation, by=coordinator, now=now)

        invitation.refresh_from_db()
        assert (invitation.revoked_at, invitation.email) == (now, "")

    def test_after_withdrawing_a_new_one_may_go_to_the_same_address(
        self, verein, invitation, coordinator, now
    ):
        actions.withdraw_invitation(invitation=invitation, by=coordinator, now=now)

        assert invite(verein, coordinator, now).pk != invitation.pk


class TestAccept:
    def test_whoever_has_the_link_joins_whatever_the_own_address(
        self, verein, invitation, outsider, coordinator, now
    ):
        membership = accept(invitation, outsider, now)

        invitation.refresh_from_db()
        assert (membership.person, membership.role, membership.state) == (outsider, "deputy", "active")
        assert membership.decided_by == coordinator
        assert (invitation.accepted_at, invitation.email) == (now, "")
        assert [n.recipient for n in Notice.objects.filter(kind="organisation_joined")] == [coordinator]

    def test_it_is_used_once(self, invitation, outsider, participant, now):
        accept(invitation, outsider, now)

        with pytest.raises(actions.InvitationIsOver):
            accept(invitation, participant, now)

    def test_an_accepted_one_cannot_be_withdrawn(self, invitation, outsider, coordinator, now):
        accept(invitation, outsider, now)

        with pytest.raises(actions.InvitationIsOver):
            actions.withdraw_invitation(invitation=invitation, by=coordinator, now=now)

    def test_after_thirty_days_it_is_over(self, invitation, outsider, now):
        with pytest.raises(actions.InvitationIsOver):
            accept(invitation, outsider, now + HOLDS)

        assert accept(invitation, outsider, now + HOLDS - timedelta(seconds=1)).state == "active"

    @pytest.mark.parametrize(
        ("before", "invited", "after"),
        [("member", "deputy", "deputy"), ("coordinator", "member", "coordinator")],
    )
    def test_who_belongs_to_it_keeps_the_higher_role(
        self, verein, outsider, coordinator, now, before, invited, after
    ):
        MembershipFactory(organisation=verein, person=outsider, role=before)

        membership = accept(invite(verein, coordinator, now, role=invited), outsider, now)

        assert (membership.role, verein.memberships.filter(person=outsider).count()) == (after, 1)

    def test_who_has_asked_is_in(self, verein, invitation, outsider, now):
        actions.ask_to_join(organisation=verein, by=outsider, note="", now=now)

        membership = accept(invitation, outsider, now)

        assert (membership.state, membership.role) == ("active", "deputy")
        assert verein.memberships.filter(person=outsider).count() == 1


class TestForgotten:
    def test_an_address_nobody_answered_for_is_forgotten_after_thirty_days(self, invitation, now):
        deliver_due(now=now)

        forget_everything(now=now + HOLDS - timedelta(seconds=1))
        invitation.refresh_from_db()
        kept = invitation.email
        forget_everything(now=now + HOLDS)

        invitation.refresh_from_db()
        assert (kept, invitation.email) == ("eva@example.org", "")
        assert Notice.objects.filter(email__iexact="eva@example.org").count() == 0

    def test_an_erased_persons_address_goes_and_who_invited(self, verein, coordinator, partner, admin, now):
        from accounts.actions import erase

        invitation = invite(verein, coordinator, now, email=partner.email)
        MembershipFactory(organisation=verein, role="coordinator")

        erase(partner, by=admin, now=now)
        erase(coordinator, by=admin, now=now)

        invitation.refresh_from_db()
        assert (invitation.email, invitation.invited_by) == ("", None)


class TestMine:
    def test_those_to_a_confirmed_address_stand_on_the_desk(
        self, verein, coordinator, partner, outsider, now
    ):
        invitation = invite(verein, coordinator, now, email=partner.email)

        assert my_invitations(partner, now=now) == [invitation]
        assert my_invitations(outsider, now=now) == []
        assert my_invitations(partner, now=now + HOLDS) == []

    def test_an_address_that_is_not_confirmed_is_nobodys(self, verein, coordinator, partner, now):
        invite(verein, coordinator, now, email=partner.email)
        partner.emailaddress_set.update(verified=False)

        assert my_invitations(partner, now=now) == []


class TestLinkPage:
    """With the real clock: pages ask it themselves."""

    @pytest.fixture
    def link(self, verein, coordinator):
        from django.utils import timezone

        return invitation_url(invite(verein, coordinator, timezone.now()))

    def test_a_scanner_changes_nothing(self, link, verein):
        for _ in range(2):
            for ask in (Client().get, Client().head):
                assert ask(link).status_code == 200

        assert OrganisationInvitation.objects.get().accepted_at is None
        assert verein.memberships.count() == 1

    def test_a_visitor_is_led_to_an_account_and_back(self, link):
        html = Client().get(link).content.decode()

        assert "Verein" in html
        for name in ("account_signup", "account_login"):
            assert f"{reverse(name)}?next={link.replace('/', '%2F')}" in html

    def test_a_visitor_who_presses_the_button_of_an_old_page_signs_in_first(self, link, verein):
        answer = Client().post(link, {"key": "0"})

        assert answer["Location"].startswith(reverse("account_login"))
        assert verein.memberships.count() == 1

    def test_one_button_joins(self, link, verein, outsider):
        client = signed_in(outsider)
        key = client.get(link).context["form"]["key"].value()

        answer = client.post(link, {"key": key})

        assert answer["Location"] == verein.get_absolute_url()
        assert verein.memberships.get(person=outsider).role == "deputy"

    def test_pressed_again_it_leads_to_the_organisation(self, link, verein, outsider):
        client = signed_in(outsider)
        key = client.get(link).context["form"]["key"].value()
        other = client.get(link).context["form"]["key"].value()
        client.post(link, {"key": key})

        answers = [client.post(link, {"key": one}) for one in (key, other)] + [client.get(link)]

        assert [answer["Location"] for answer in answers] == [verein.get_absolute_url()] * 3
        assert verein.memberships.filter(person=outsider).count() == 1

    def test_a_page_without_its_key_is_shown_again(self, link, outsider):
        assert signed_in(outsider).post(link).status_code == 200

    def test_trailing_marks_of_a_mail_program_are_forgiven(self, link):
        assert Client().get(link.rstrip("/") + ".)/").status_code == 200

    def test_links_that_are_over_say_what_to_do_and_nothing_else(self, verein, coordinator, outsider):
        from django.utils import timezone

        now = timezone.now()
        used, withdrawn = (invite(verein, coordinator, now, email=f"{n}@example.org") for n in range(2))
        expired = invite(verein, coordinator, now - HOLDS, email="3@example.org")
        renewed = invite(verein, coordinator, now, email="4@example.org")
        links = [invitation_url(one) for one in (used, withdrawn, expired, renewed)]
        accept(used, outsider, now)
        actions.withdraw_invitation(invitation=withdrawn, by=coordinator, now=now)
        invite(verein, coordinator, now, email="4@example.org")

        answers = [Client().get(link, {"lang": "en"}) for link in links]
        posts = [signed_in(coordinator).post(link, {"key": "1"}).status_code for link in links[1:]]

        assert [answer.status_code for answer in answers] == [410, 410, 410, 404]
        assert posts == [410, 410, 404]
        for answer, words in zip(
            answers,
            ("was used before", "was withdrawn", "no longer valid", "a newer mail has replaced it"),
            strict=True,
        ):
            html = answer.content.decode()
            assert words in html
            assert "Verein" not in html
            assert "example.org" not in html

    def test_nonsense_is_not_found(self, link, verein, coordinator):
        token = link.rstrip("/").rpartition("/")[2]
        foreign = make_token("another purpose", 1, "0" * 32)
        missing = make_token(INVITATION_LINK, 999_999, "0" * 32)
        broken = (token[:-1], token[:20], token + "x", foreign, missing, "x" * 300, "%00", "..", "-")

        answers = [
            Client().get(reverse("directory:organisation_invitation", args=[one])).status_code
            for one in broken
        ]

        assert answers == [404] * len(broken)
        assert invitation_of(token) is not None

    def test_who_lost_a_race_is_led_on(self, link, verein, outsider, monkeypatch):
        client = signed_in(outsider)
        key = client.get(link).context["form"]["key"].value()

        def too_late(**kwargs):
            raise actions.InvitationIsOver

        monkeypatch.setattr(actions, "accept_invitation", too_late)

        assert client.post(link, {"key": key})["Location"] == link


def test_a_newcomer_signs_up_and_comes_back_to_the_invitation(verein, coordinator, settings):
    """Without account: sign up, code by mail, back to the page, one button."""
    import re

    from django.utils import timezone

    from portal.pages import load_pages

    load_pages(now=timezone.now())
    link = invitation_url(invite(verein, coordinator, timezone.now()))
    client = Client()
    client.cookies["django_language"] = "en"
    form = {"email": "other@example.org", "password1": "a good long phrase", "terms": "on", "next": link}

    client.post(reverse("account_signup"), form)
    code = re.search(r"^\s*(\d{3}-\d{3}-\d{3})$", mail.outbox[-1].body, re.MULTILINE)[1]
    answer = client.post("/accounts/confirm-email/", {"code": code})

    assert answer["Location"] == link
    key = client.get(link).context["form"]["key"].value()
    client.post(link, {"key": key})
    membership = Membership.objects.get(person__email="other@example.org")
    assert (membership.organisation, membership.role) == (verein, "deputy")

"""Pages about the people of an organisation, and what stands on the desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from directory import actions
from directory.models import Membership, OrganisationInvitation
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
AT = "/organisations/verein/"


@pytest.fixture
def verein():
    return OrganisationFactory(name="Verein", slug="verein")


@pytest.fixture
def lead(verein, coordinator):
    return MembershipFactory(organisation=verein, person=coordinator, role="coordinator")


@pytest.fixture
def member(verein, participant):
    return MembershipFactory(organisation=verein, person=participant)


@pytest.fixture
def asked(verein, lead, outsider):
    return actions.ask_to_join(
        organisation=verein, by=outsider, note="Ich singe gern mit.", now=timezone.now()
    )


def key_of(client, url):
    return client.get(url).context["form"]["key"].value()


def text_of(response):
    return " ".join(response.content.decode().split())


class TestJoin:
    URL = f"{AT}join/"

    def send(self, client, **values):
        return client.post(
            self.URL, {"note": "Ich singe gern mit.", "key": key_of(client, self.URL), **values}
        )

    def test_a_sentence_is_sent_to_those_who_lead_it(self, verein, lead, outsider):
        client = signed_in(outsider, "en")

        answer = self.send(client)

        assert answer["Location"] == AT
        assert Membership.objects.requested().get().note == "Ich singe gern mit."
        assert "Your request is on its way" in text_of(client.get(AT))

    def test_a_word_is_no_sentence(self, verein, outsider):
        answer = self.send(signed_in(outsider), note="Hallo")

        assert list(answer.context["form"].errors) == ["note"]

    def test_who_has_asked_sees_it_and_may_withdraw_it(self, asked, outsider):
        client = signed_in(outsider, "en")
        page = client.get(self.URL)
        key = "0b4f3bd7-6d3c-4ec7-9ee5-34c5a9f6c2d1"

        answer = client.post(f"{AT}requests/{asked.pk}/", {"answer": "withdraw", "key": key})

        asked.refresh_from_db()
        assert "Withdraw my request" in text_of(page)
        assert (answer["Location"], asked.state) == (AT, "ended")

    def test_who_belongs_to_it_reads_that(self, verein, member, participant):
        client = signed_in(participant, "en")

        assert "You belong to this organisation." in text_of(client.get(self.URL))
        key = "0b4f3bd7-6d3c-4ec7-9ee5-34c5a9f6c2d2"
        answer = client.post(self.URL, {"note": "Ich singe gern mit.", "key": key})
        assert answer["Location"] == AT

    def test_many_in_a_day_are_refused(self, verein, outsider, monkeypatch):
        client = signed_in(outsider)
        monkeypatch.setattr("directory.views.organisations.within_limit", lambda *_, **__: False)

        assert self.send(client).status_code == 429


class TestPeople:
    URL = f"{AT}people/"

    def test_members_see_each_other_and_nothing_to_decide(
        self, verein, asked, member, participant, coordinator
    ):
        html = text_of(signed_in(participant, "en").get(self.URL))

        assert coordinator.display_name in html
        assert "Ich singe gern mit." not in html
        assert "Invite somebody" not in html

    def test_names_that_are_nobodys_are_shown_to_who_works_together(
        self, verein, lead, member, coordinator, participant
    ):
        coordinator.name_visibility = "nobody"
        coordinator.save()

        assert coordinator.display_name in text_of(signed_in(participant).get(self.URL))

    def test_no_address_of_a_member_is_shown(self, verein, lead, member, coordinator, participant):
        assert coordinator.email not in text_of(signed_in(participant).get(self.URL))
        assert participant.email not in text_of(signed_in(coordinator).get(self.URL))

    def test_the_last_person_is_warned(self, lead, coordinator):
        assert "Only one person is left" in text_of(signed_in(coordinator, "en").get(self.URL))

    @pytest.mark.parametrize(("answer", "state"), [("accept", "active"), ("decline", "declined")])
    def test_a_request_is_answered(self, asked, coordinator, answer, state):
        client = signed_in(coordinator, "en")
        page = text_of(client.get(self.URL))
        key = page.split(f"requests/{asked.pk}/")[1].split('name="key" value="')[1].split('"')[0]

        response = client.post(f"{AT}requests/{asked.pk}/", {"answer": answer, "key": key})

        asked.refresh_from_db()
        assert "Ich singe gern mit." in page
        assert (response["Location"], asked.state) == (self.URL, state)

    def test_each_form_of_the_page_has_a_key_of_its_own(self, verein, asked, coordinator):
        other = MembershipFactory(organisation=verein, state="requested")
        page = text_of(signed_in(coordinator).get(self.URL))

        keys = [part.split('"')[0] for part in page.split('name="key" value="')[1:]]

        assert (len(keys), len(set(keys))) == (2, 2)
        assert other

    def test_answered_meanwhile_is_said_kindly(self, asked, coordinator):
        client = signed_in(coordinator, "en")
        actions.answer_request(membership=asked, by=coordinator, accepts=True, now=timezone.now())
        key = "0b4f3bd7-6d3c-4ec7-9ee5-34c5a9f6c2d3"

        answer = client.post(f"{AT}requests/{asked.pk}/", {"answer": "decline", "key": key}, follow=True)

        asked.refresh_from_db()
        assert asked.state == "active"
        assert "answered or withdrawn meanwhile" in text_of(answer)

    @pytest.mark.parametrize(
        ("who", "answer", "status"),
        [
            ("member", "accept", 404),
            ("outsider", "accept", 403),  # the request is the outsider's own
            ("outsider", "nonsense", 404),
            ("coordinator", "withdraw", 404),
            ("coach", "accept", 404),
        ],
    )
    def test_others_decide_nothing(self, asked, member, cast, who, answer, status):
        people = {**cast, "member": member.person}
        expected = 403 if who == "member" else status

        response = signed_in(people[who]).post(f"{AT}requests/{asked.pk}/", {"answer": answer, "key": "x"})

        asked.refresh_from_db()
        assert (response.status_code, asked.state) == (expected, "requested")

    def test_a_form_without_its_key_changes_nothing(self, asked, coordinator):
        signed_in(coordinator).post(f"{AT}requests/{asked.pk}/", {"answer": "accept"})

        asked.refresh_from_db()
        assert asked.state == "requested"

    @pytest.mark.parametrize("people", [1, 3])
    def test_number_of_queries(self, verein, lead, coordinator, people, django_assert_num_queries):
        for number in range(people):
            MembershipFactory(organisation=verein)
            MembershipFactory(organisation=verein, state="requested")
            actions.invite(
                organisation=verein,
                by=coordinator,
                email=f"{number}@example.org",
                role="member",
                language="de",
                now=timezone.now(),
            )
        client = signed_in(coordinator)
        client.get(self.URL)

        # session, person, bell, organisation, sees people?, people, may answer?, may change roles?, invitations
        with django_assert_num_queries(9):
            client.get(self.URL)


class TestMember:
    def url(self, membership):
        return f"{AT}people/{membership.pk}/"

    def test_another_role(self, lead, member, coordinator):
        client = signed_in(coordinator)
        key = key_of(client, self.url(member))

        answer = client.post(self.url(member), {"role": "deputy", "key": key})

        member.refresh_from_db()
        assert (answer["Location"], member.role) == (f"{AT}people/", "deputy")

    def test_the_end(self, lead, member, coordinator):
        client = signed_in(coordinator)

        client.post(self.url(member), {"end": "yes", "key": key_of(client, self.url(member))})

        member.refresh_from_db()
        assert member.state == "ended"

    def test_somebody_always_coordinates(self, lead, coordinator):
        client = signed_in(coordinator, "en")
        key = key_of(client, self.url(lead))

        role = client.post(self.url(lead), {"role": "member", "key": key})
        end = client.post(self.url(lead), {"end": "yes", "key": key})

        for answer in (role, end):
            assert "Nobody else is coordinator." in text_of(answer)
        lead.refresh_from_db()
        assert (lead.role, lead.state) == ("coordinator", "active")

    def test_who_left_meanwhile_is_said(self, lead, member, coordinator, monkeypatch):
        client = signed_in(coordinator, "en")
        key = key_of(client, self.url(member))

        def gone(**kwargs):
            raise actions.NotAMember

        monkeypatch.setattr(actions, "change_role", gone)
        answer = client.post(self.url(member), {"role": "deputy", "key": key}, follow=True)

        assert "This person has left meanwhile." in text_of(answer)

    def test_a_deputy_promotes_nobody(self, verein, lead, member):
        deputy = MembershipFactory(organisation=verein, role="deputy")
        client = signed_in(deputy.person)

        assert client.post(self.url(deputy), {"role": "coordinator"}).status_code == 403
        assert client.post(self.url(member), {"end": "yes"}).status_code == 403

    def test_people_of_other_organisations_are_not_there(self, lead, coordinator):
        stranger = MembershipFactory()

        assert signed_in(coordinator).get(self.url(stranger)).status_code == 404


class TestLeave:
    URL = f"{AT}leave/"

    def test_a_member_just_leaves(self, lead, member, participant):
        client = signed_in(participant)

        answer = client.post(self.URL, {"key": key_of(client, self.URL)})

        member.refresh_from_db()
        assert (answer["Location"], member.state) == (reverse("directory:my_organisations"), "ended")

    def test_the_last_coordinator_must_say_who_follows(self, lead, member, coordinator, participant):
        client = signed_in(coordinator, "en")
        key = key_of(client, self.URL)

        refused = client.post(self.URL, {"key": key})
        client.post(self.URL, {"key": key, "successor": str(member.pk)})

        lead.refresh_from_db()
        member.refresh_from_db()
        assert list(refused.context["form"].errors) == ["successor"]
        assert participant.display_name in text_of(refused)
        assert (lead.state, member.role) == ("ended", "coordinator")

    def test_or_give_it_up_knowingly(self, verein, lead, coordinator):
        client = signed_in(coordinator, "en")
        page = text_of(client.get(self.URL))

        client.post(self.URL, {"key": key_of(client, self.URL), "successor": "give-up"})

        verein.refresh_from_db()
        assert "You are the only person." in page
        assert (verein.published_at, verein.ended_at is not None) == (None, True)

    def test_nobody_from_elsewhere_can_follow(self, lead, member, coordinator):
        stranger = MembershipFactory()
        client = signed_in(coordinator)

        answer = client.post(self.URL, {"key": key_of(client, self.URL), "successor": str(stranger.pk)})

        assert list(answer.context["form"].errors) == ["successor"]

    def test_when_the_other_coordinator_left_a_moment_ago_the_page_asks_anew(
        self, verein, lead, coordinator, monkeypatch
    ):
        other = MembershipFactory(organisation=verein, role="coordinator")
        client = signed_in(coordinator, "en")
        key = key_of(client, self.URL)
        monkeypatch.setattr("directory.views.memberships.queries.is_last_coordinator", lambda _: False)
        Membership.objects.filter(pk=other.pk).update(state="ended")

        answer = client.post(self.URL, {"key": key})

        lead.refresh_from_db()
        assert (answer["Location"], lead.state) == (self.URL, "active")


class TestInvite:
    URL = f"{AT}invite/"

    def send(self, client, **values):
        data = {"email": "eva@example.org", "role": "member", "language": "hu"}
        return client.post(self.URL, {**data, "key": key_of(client, self.URL), **values})

    def test_it_is_on_its_way(self, lead, coordinator):
        client = signed_in(coordinator, "en")

        answer = self.send(client)

        invitation = OrganisationInvitation.objects.get()
        assert answer["Location"] == f"{AT}people/"
        assert (invitation.email, invitation.language, invitation.invited_by) == (
            "eva@example.org",
            "hu",
            coordinator,
        )
        assert "eva@example.org" in text_of(client.get(f"{AT}people/"))

    def test_a_known_address_gets_the_same_answer(self, lead, member, coordinator, participant):
        client = signed_in(coordinator, "en")

        known, unknown = self.send(client, email=participant.email), self.send(client)

        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert OrganisationInvitation.objects.count() == 2

    def test_a_deputy_invites_no_coordinator(self, verein, lead):
        client = signed_in(MembershipFactory(organisation=verein, role="deputy").person)

        refused = self.send(client, role="coordinator")

        assert list(refused.context["form"].errors) == ["role"]
        assert self.send(client, role="deputy").status_code == 302

    @pytest.mark.parametrize("values", [{"email": "nobody"}, {"language": "xx"}, {"role": "king"}])
    def test_what_cannot_be_is_said_at_its_field(self, lead, coordinator, values):
        answer = self.send(signed_in(coordinator), **values)

        assert list(answer.context["form"].errors) == list(values)

    def test_many_in_a_day_are_refused(self, lead, coordinator):
        client = signed_in(coordinator)

        answers = [self.send(client, email=f"{number}@example.org").status_code for number in range(31)]

        assert answers == [302] * 30 + [429]

    def test_it_can_be_withdrawn(self, lead, coordinator):
        client = signed_in(coordinator)
        self.send(client)
        invitation = OrganisationInvitation.objects.get()
        url = f"{AT}invitations/{invitation.pk}/withdraw/"

        without_key = client.post(url)
        invitation.refresh_from_db()
        still_open = invitation.revoked_at is None
        answer = client.post(url, {"key": "0b4f3bd7-6d3c-4ec7-9ee5-34c5a9f6c2d4"})

        invitation.refresh_from_db()
        assert (without_key.status_code, still_open, answer.status_code) == (302, True, 302)
        assert (invitation.revoked_at is None, invitation.email) == (False, "")

    def test_accepted_meanwhile_is_said(self, lead, coordinator, outsider):
        client = signed_in(coordinator, "en")
        self.send(client)
        invitation = OrganisationInvitation.objects.get()
        actions.accept_invitation(
            invitation=invitation, nonce=invitation.nonce, by=outsider, now=timezone.now()
        )

        url = f"{AT}invitations/{invitation.pk}/withdraw/"
        answer = client.post(url, {"key": "0b4f3bd7-6d3c-4ec7-9ee5-34c5a9f6c2d5"}, follow=True)

        assert "accepted meanwhile" in text_of(answer)

    def test_members_withdraw_nothing(self, lead, member, participant):
        assert signed_in(participant).post(f"{AT}invitations/1/withdraw/").status_code == 403


class TestDesk:
    def test_shows_what_waits(self, verein, asked, coordinator, outsider):
        html = text_of(signed_in(coordinator, "en").get("/desk/"))

        assert "1 person wants to join “Verein”" in html
        assert "You are alone in “Verein”" in html
        assert "wants to join" not in text_of(signed_in(outsider, "en").get("/desk/"))

    def test_shows_invitations_to_ones_own_address(self, verein, lead, coordinator, partner):
        actions.invite(
            organisation=verein,
            by=coordinator,
            email=partner.email,
            role="member",
            language="en",
            now=timezone.now(),
        )

        html = text_of(signed_in(partner, "en").get("/desk/"))

        assert "You are invited to “Verein”" in html
        assert "/organisations/invitation/" in html

    def test_tells_the_office_what_waits_to_be_published(self, verein):
        office, other = UserFactory(is_staff=True), UserFactory(is_staff=True)
        grant(office, "directory.change_organisation", "directory.view_organisation")
        OrganisationFactory(published_at=None)
        OrganisationFactory(published_at=None, ended_at=timezone.now())

        assert "1 organisation waits to be published" in text_of(signed_in(office, "en").get("/desk/"))
        assert "waits to be published" not in text_of(signed_in(other, "en").get("/desk/"))


class TestMine:
    URL = "/organisations/mine/"

    def test_shows_organisations_requests_and_invitations(self, verein, lead, asked, coordinator, outsider):
        MembershipFactory(organisation=verein)
        actions.invite(
            organisation=verein,
            by=coordinator,
            email=outsider.email,
            role="member",
            language="en",
            now=timezone.now(),
        )

        mine = text_of(signed_in(coordinator, "en").get(self.URL))
        theirs = text_of(signed_in(outsider, "en").get(self.URL))

        assert "1 person wants to join" in mine
        assert "You are invited" in theirs
        assert "You have asked to join" in theirs

    def test_nothing_yet_says_what_to_do(self, outsider):
        assert "Find an organisation" in text_of(signed_in(outsider, "en").get(self.URL))

    @pytest.mark.parametrize("number", [1, 3])
    def test_number_of_queries(self, coordinator, number, django_assert_num_queries):
        for _ in range(number):
            MembershipFactory(person=coordinator, role="coordinator")
            MembershipFactory(person=coordinator, state="requested")
        client = signed_in(coordinator)
        client.get(self.URL)

        # session, person, bell, organisations, numbers, requests, own addresses, invitations
        with django_assert_num_queries(8):
            client.get(self.URL)

"""The office decides who speaks for a municipality; form and list actions call the same actions."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.utils import timezone

from directory import actions
from directory.models import Claim, ContactMessage
from notifications.models import Notice
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/directory/claim/"
MESSAGES = "/admin/directory/contactmessage/"
TOWNS = "/admin/directory/municipality/"


@pytest.fixture
def office(admin):
    return signed_in(admin, "en")


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm", official_domains=["ulm.example"])


def shown(response):
    return {claim.pk for claim in response.context["cl"].result_list}


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def act(office, name, *claims):
    return office.post(LIST, {"action": name, "_selected_action": [claim.pk for claim in claims]})


class TestList:
    def test_filters(self, office, ulm):
        held = ClaimFactory(municipality=ulm, accepted=True)
        second = ClaimFactory(municipality=ulm, is_official_domain=True)
        alone = ClaimFactory()

        def found(**query):
            return shown(office.get(LIST, query))

        assert found(state__exact="open") == {second.pk, alone.pk}
        assert found(is_official_domain__exact="1") == {second.pk}
        assert found(holder="yes") == {second.pk}
        assert found(holder="no") == {held.pk, alone.pk}
        assert found(holder="x") == {held.pk, second.pk, alone.pk}

    def test_is_searched_by_town_name_and_address(self, office, ulm):
        person = UserFactory(display_name="Anna Amt", email="anna@ulm.example")
        claim = ClaimFactory(municipality=ulm, person=person, official_email="rathaus@ulm.example")
        ClaimFactory()

        for typed in ("ulm", "Anna", "anna@ulm.example", "rathaus@ulm.example"):
            assert shown(office.get(LIST, {"q": typed})) == {claim.pk}

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"is_official_domain": True}, "official domain"),
            ({"official_email": "a@b.example", "email_proven_at": "2027-03-26T09:00:00Z"}, "address proven"),
            ({"official_email": "a@b.example"}, "address not proven yet"),
            ({}, "words only"),
        ],
    )
    def test_says_what_speaks_for_the_person(self, office, values, words):
        ClaimFactory(**values)

        assert f'<td class="field-evidence">{words}</td>' in office.get(LIST).content.decode()

    def test_says_what_the_holder_says(self, office, ulm):
        ClaimFactory(municipality=ulm, accepted=True)
        ClaimFactory(municipality=ulm, holder_answer="objects")

        page = office.get(LIST).content.decode()

        assert '<td class="field-holder">objects</td>' in page
        assert '<td class="field-holder">–</td>' in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, office, rows, django_assert_max_num_queries):
        for _ in range(rows):
            ClaimFactory()
        office.get(LIST)

        with django_assert_max_num_queries(8):
            office.get(LIST)


class TestForm:
    def test_shows_what_is_needed_to_decide(self, office, ulm, coordinator):
        ClaimFactory(municipality=ulm, accepted=True, person=UserFactory(display_name="Erste Hand"))
        claim = ClaimFactory(
            municipality=ulm, person=coordinator, reason="Neu im Amt", official_email="amt@ulm.example",
            holder_answer="agrees",
        )  # fmt: skip

        page = office.get(f"{LIST}{claim.pk}/change/").content.decode()

        for words in (
            "Erste Hand",
            "Neu im Amt",
            "amt@ulm.example",
            "ulm.example",
            coordinator.email,
            "agrees",
        ):
            assert words in page

    @pytest.mark.parametrize("state", ["accepted", "declined"])
    def test_is_decided_and_leaves_a_trail(self, office, admin, ulm, coordinator, state):
        claim = actions.make_claim(municipality=ulm, by=coordinator, now=timezone.now())

        response = office.post(f"{LIST}{claim.pk}/change/", {"state": state, "answer": "Grüße"})

        assert response.status_code == 302
        claim.refresh_from_db()
        assert (claim.state, claim.answer, claim.decided_by) == (state, "Grüße", admin)
        assert [notice.recipient for notice in Notice.objects.filter(kind="claim_decided")] == [coordinator]
        assert LogEntry.objects.filter(object_id=str(claim.pk), user=admin).count() == 1

    def test_no_decision_is_asked_for(self, office):
        claim = ClaimFactory()

        response = office.post(f"{LIST}{claim.pk}/change/", {"state": "", "answer": ""})

        assert list(response.context["adminform"].form.errors) == ["state"]

    def test_what_the_other_window_decided_stays(self, office, admin):
        claim = ClaimFactory()
        office.get(f"{LIST}{claim.pk}/change/")
        actions.decide_claim(claim=claim, by=admin, state="declined", answer="", now=timezone.now())

        response = office.post(f"{LIST}{claim.pk}/change/", {"state": "accepted", "answer": ""})

        claim.refresh_from_db()
        assert claim.state == "declined"
        assert LogEntry.objects.count() == 0
        assert response.status_code in (200, 302)

    def test_a_decision_that_comes_too_late_says_so(self, office, monkeypatch):
        def too_late(**kwargs):
            raise actions.ClaimIsOver

        claim = ClaimFactory()
        monkeypatch.setattr(actions, "decide_claim", too_late)

        response = office.post(f"{LIST}{claim.pk}/change/", {"state": "accepted", "answer": ""})

        assert messages_of(response) == ["This was decided or withdrawn meanwhile."]
        assert LogEntry.objects.count() == 0

    def test_nobody_adds_or_deletes_one_by_hand(self, office):
        claim = ClaimFactory()

        statuses = [office.get(f"{LIST}{path}").status_code for path in ("add/", f"{claim.pk}/delete/")]

        assert statuses == [403, 403]

    def test_a_decided_one_is_only_shown(self, office):
        claim = ClaimFactory(accepted=True)

        assert 'name="_save"' not in office.get(f"{LIST}{claim.pk}/change/").content.decode()


class TestActions:
    @pytest.mark.parametrize(
        ("name", "state"), [("accept_selected", "accepted"), ("decline_selected", "declined")]
    )
    def test_open_ones_are_decided_the_rest_is_left_alone(self, office, admin, name, state):
        first, second, over = ClaimFactory(), ClaimFactory(), ClaimFactory(state="withdrawn")

        response = act(office, name, first, second, over)

        assert messages_of(response) == ["2 are settled, and the people are told."]
        assert list(Claim.objects.order_by("pk").values_list("state", flat=True)) == [
            state,
            state,
            "withdrawn",
        ]
        assert LogEntry.objects.filter(user=admin).count() == 2
        assert Notice.objects.filter(kind="claim_decided").count() == 2

    def test_accepted_ones_are_ended(self, office):
        held, asked = ClaimFactory(accepted=True), ClaimFactory()

        act(office, "end_selected", held, asked)

        assert list(Claim.objects.order_by("pk").values_list("state", flat=True)) == ["ended", "open"]
        assert Notice.objects.filter(kind="claim_ended", recipient=held.person).count() == 1

    def test_nothing_to_do_is_said(self, office):
        assert messages_of(act(office, "accept_selected", ClaimFactory(accepted=True))) == [
            "There was nothing to settle among these."
        ]

    def test_what_was_settled_meanwhile_is_passed_over(self, office, monkeypatch):
        def too_late(**kwargs):
            raise actions.ClaimIsOver

        monkeypatch.setattr(actions, "decide_claim", too_late)

        assert messages_of(act(office, "accept_selected", ClaimFactory())) == [
            "There was nothing to settle among these."
        ]

    def test_readers_of_the_list_decide_nothing(self, db):
        reader, claim = UserFactory(is_staff=True), ClaimFactory()
        grant(reader, "directory.view_claim")
        browser = signed_in(reader)

        act(browser, "accept_selected", claim)
        browser.post(f"{LIST}{claim.pk}/change/", {"state": "accepted", "answer": ""})

        claim.refresh_from_db()
        assert (browser.get(LIST).status_code, claim.state) == (200, "open")


class TestMessages:
    def test_the_office_sees_messages_but_no_address_of_a_sender(self, office, ulm, now):
        message = actions.send_message(
            subject=ulm, subject_name="Ulm", text="Guten Tag " * 20, name="Vera", email="vera@schule.example",
            language="de", by=None, now=now,
        )  # fmt: skip

        pages = [office.get(path).content.decode() for path in (MESSAGES, f"{MESSAGES}{message.pk}/change/")]

        assert ["Vera" in page for page in pages] == [True, True]
        assert ["vera@schule.example" in page for page in pages] == [False, False]
        assert office.get(f"{MESSAGES}add/").status_code == 403
        assert office.post(f"{MESSAGES}{message.pk}/change/", {"text": "x"}).status_code == 403

    def test_a_short_message_is_shown_whole(self, office, ulm, now):
        ContactMessage.objects.create(
            subject=ulm,
            subject_name="Ulm",
            text="Kurz und gut",
            sender_name="Vera",
            language="de",
            sent_at=now,
        )

        assert "Kurz und gut" in office.get(MESSAGES).content.decode()


class TestOfficialDomains:
    def save(self, office, town, typed):
        from tests.directory.test_admin import form_data

        address = f"{TOWNS}{town.pk}/change/"
        return office.post(address, form_data(office.get(address), official_domains=typed))

    def test_are_understood_in_any_spelling(self, office, ulm):
        response = self.save(office, ulm, "@ulm.de, www.stadt-ulm.de, https://ulm.de/kontakt, ")

        assert response.status_code == 302, response.context["adminform"].form.errors
        ulm.refresh_from_db()
        assert ulm.official_domains == ["stadt-ulm.de", "ulm.de"]

    @pytest.mark.parametrize("typed", ["gmail.com", "ulm"])
    def test_nobodys_and_everybodys_are_refused(self, office, ulm, typed):
        response = self.save(office, ulm, typed)

        assert list(response.context["adminform"].form.errors) == ["official_domains"]

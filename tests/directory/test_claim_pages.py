"""Pages of those who want to speak for a municipality, and of those who do."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.links import make_token
from directory import actions
from directory.emails import ADDRESS_LINK
from directory.models import Claim, Country
from notifications.models import Notice
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

FORM = "/municipalities/ulm/claim/"


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm", official_domains=["ulm.example"])


def text_of(response):
    return " ".join(response.content.decode().split())


def key_of(response):
    return response.context["form"]["key"].value()


class TestForm:
    def send(self, browser, **values):
        data = {"role": "coordinator", "official_email": "", "reason": "", "key": key_of(browser.get(FORM))}
        return browser.post(FORM, data | values)

    def test_a_signed_in_person_asks_and_sees_that_it_waits(self, ulm, outsider):
        browser = signed_in(outsider, "en")

        response = self.send(browser, role="deputy", reason="Town hall, room 7")

        claim = Claim.objects.get()
        assert (response.status_code, response["Location"]) == (302, f"/claims/{claim.pk}/")
        assert (claim.person, claim.role, claim.reason, claim.state) == (
            outsider,
            "deputy",
            "Town hall, room 7",
            "open",
        )
        page = text_of(browser.get(response["Location"]))
        assert "Your request to speak for Ulm" in page
        assert "Town hall, room 7" in page

    def test_a_known_domain_needs_no_words(self, ulm, coordinator):
        browser = signed_in(coordinator, "en")

        assert "belongs to the administration" in text_of(browser.get(FORM))
        assert self.send(browser).status_code == 302
        assert Claim.objects.get().is_official_domain is True

    def test_another_domain_is_checked_by_hand_not_refused(self, ulm, outsider):
        browser = signed_in(outsider, "en")

        empty = self.send(browser)
        named = self.send(browser, official_email="rathaus@ulm.example")

        assert list(empty.context["form"].errors) == ["reason"]
        assert named.status_code == 302
        assert "not proven yet" in text_of(browser.get(named["Location"]))

    @pytest.mark.parametrize(
        ("values", "fields"),
        [
            ({"official_email": "nobody"}, ["official_email"]),
            ({"role": "mayor", "reason": "x"}, ["role"]),
            ({"reason": "x" * 1001}, ["reason"]),
        ],
    )
    def test_wrong_entries_are_said_at_the_field(self, ulm, outsider, values, fields):
        response = self.send(signed_in(outsider, "en"), **values)

        assert (response.status_code, list(response.context["form"].errors)) == (200, fields)
        assert Claim.objects.count() == 0

    def test_a_visitor_signs_in_first_whether_the_town_exists_or_not(self, ulm):
        answers = [Client().get(f"/municipalities/{slug}/claim/") for slug in ("ulm", "nowhere")]

        assert [answer["Location"].partition("?")[0] for answer in answers] == ["/accounts/login/"] * 2

    def test_only_listed_towns(self, ulm, outsider, settings):
        settings.SHOW_DEMO = False
        MunicipalityFactory(slug="gone", merged_into=ulm)
        MunicipalityFactory(slug="musterstadt", is_demo=True)
        browser = signed_in(outsider)

        answers = [
            browser.get(f"/municipalities/{slug}/claim/") for slug in ("gone", "musterstadt", "nowhere")
        ]

        assert [answer.status_code for answer in answers] == [404] * 3

    @pytest.mark.parametrize("state", ["open", "accepted"])
    def test_who_has_asked_already_sees_what_became_of_it(self, ulm, coordinator, state):
        claim = ClaimFactory(municipality=ulm, person=coordinator, state=state)

        assert signed_in(coordinator).get(FORM)["Location"] == f"/claims/{claim.pk}/"

    def test_the_same_form_sent_again_and_a_second_tab_make_one_claim(self, ulm, outsider):
        browser = signed_in(outsider)
        first, second = key_of(browser.get(FORM)), key_of(browser.get(FORM))

        answers = [
            self_send["Location"]
            for self_send in (
                browser.post(FORM, {"role": "coordinator", "reason": "x", "key": key})
                for key in (first, first, second)
            )
        ]

        assert answers == [f"/claims/{Claim.objects.get().pk}/"] * 3

    def test_the_eleventh_of_a_day_is_refused(self, ulm, outsider):
        browser = signed_in(outsider, "en")
        for number in range(11):
            MunicipalityFactory(slug=f"t{number}")

        answers = []
        for number in range(11):
            address = f"/municipalities/t{number}/claim/"
            data = {"role": "coordinator", "reason": "x", "key": key_of(browser.get(address))}
            answers.append(browser.post(address, data).status_code)

        assert answers == [302] * 10 + [429]
        assert Claim.objects.count() == 10

    def test_who_asks_for_a_town_with_a_holder_is_told_that_the_holder_is_asked(self, ulm, outsider):
        ClaimFactory(municipality=ulm, accepted=True)

        assert "We ask that person" in text_of(signed_in(outsider, "en").get(FORM))


class TestAddress:
    """The link in the mail to the official address; nobody is signed in."""

    @pytest.fixture
    def claim(self, ulm, outsider):
        return actions.make_claim(
            municipality=ulm, by=outsider, official_email="rathaus@ulm.example", now=timezone.now()
        )

    def address(self, claim, purpose=ADDRESS_LINK, nonce=""):
        return f"/claim-address/{make_token(purpose, claim.pk, nonce or claim.nonce)}/"

    def key_in(self, response):
        """Rendered without the test client's ear: from the page itself."""
        return re.search(r'name="key" value="([^"]+)"', response.content.decode())[1]

    def test_opening_it_changes_nothing_and_the_button_proves(self, claim):
        visitor, address = Client(), self.address(claim)

        for _ in range(3):
            page = visitor.get(address)
            assert visitor.head(address).status_code == 200
        claim.refresh_from_db()
        assert claim.email_proven_at is None
        answers = [visitor.post(address, {"key": self.key_in(page)}) for _ in range(2)]

        assert [answer["Location"] for answer in answers] == [address] * 2
        claim.refresh_from_db()
        assert claim.email_proven_at is not None
        assert claim.is_official_domain is True
        assert "<form" not in visitor.get(address).content.decode()

    def test_a_button_without_key_is_shown_again(self, claim):
        answer = Client().post(self.address(claim), {"key": "nonsense"})

        assert (answer.status_code, "<form" in answer.content.decode()) == (200, True)

    @pytest.mark.parametrize(
        ("languages", "query", "shown"),
        [(["hu"], "", "hu"), (["sr"], "?lang=sr-latn", "sr-latn"), ([], "", "en")],
    )
    def test_it_speaks_the_language_of_the_country_or_the_chosen_one(self, claim, languages, query, shown):
        Country.objects.update(languages=languages)

        page = Client().get(self.address(claim) + query)

        assert page["Content-Language"] == shown
        sent = Client().post(self.address(claim) + query, {"key": self.key_in(page)})
        assert sent["Location"] == self.address(claim) + query

    def test_the_address_of_the_page_is_told_to_nobody(self, claim):
        page = Client().get(self.address(claim))

        assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "private, no-store")

    def test_wrong_foreign_and_truncated_links_are_answered_friendly(self, claim):
        wrong = [
            self.address(claim)[:-6] + "/",
            self.address(claim, purpose="organisation_invitation"),
            self.address(claim, nonce="f" * 32),
            "/claim-address/x/",
            "/claim-address/1-2:3/",
        ]

        answers = [send(address) for address in wrong for send in (Client().get, Client().post)]

        assert {answer.status_code for answer in answers} == {404}
        assert not any("ulm" in answer.content.decode().lower() for answer in answers)

    def test_a_link_whose_claim_is_over_or_old_says_that_it_is_no_longer_valid(self, claim, outsider):
        visitor, address = Client(), self.address(claim)
        key = self.key_in(visitor.get(address))
        Claim.objects.update(made_at=timezone.now() - timedelta(days=31))
        assert visitor.get(address).status_code == 410
        Claim.objects.update(made_at=timezone.now())
        actions.end_claim(claim=claim, by=outsider, now=timezone.now())

        assert visitor.get(address).status_code == visitor.post(address, {"key": key}).status_code == 410

    def test_void_between_opening_and_pressing_proves_nothing(self, claim, monkeypatch):
        def too_late(**kwargs):
            raise actions.LinkIsVoid

        visitor, address = Client(), self.address(claim)
        monkeypatch.setattr(actions, "prove_claim_address", too_late)

        answer = visitor.post(address, {"key": self.key_in(visitor.get(address))})

        assert answer["Location"] == address

    def test_without_the_token_the_page_asks_to_send_it_again(self, claim):
        answer = Client(enforce_csrf_checks=True).post(self.address(claim), {})

        assert answer.status_code == 403
        assert answer["Referrer-Policy"] == "no-referrer"


class TestDetail:
    @pytest.fixture
    def holder(self, ulm, participant):
        ClaimFactory(municipality=ulm, person=participant, accepted=True)
        return participant

    @pytest.fixture
    def second(self, ulm, holder, coordinator):
        return ClaimFactory(
            municipality=ulm, person=coordinator, reason="Neu im Amt", official_email="amt@ulm.example"
        )

    def test_the_holder_sees_who_asks_but_no_address(self, holder, second, coordinator):
        page = text_of(signed_in(holder, "en").get(f"/claims/{second.pk}/"))

        assert "Koordinatorin Ulm wants to speak for Ulm, too" in page
        assert "Neu im Amt" in page
        assert page.count("kern-btn--primary") == 1
        assert "amt@ulm.example" not in page
        assert coordinator.email not in page

    @pytest.mark.parametrize("answer", ["agrees", "objects"])
    def test_the_holder_answers_once(self, holder, second, answer):
        browser = signed_in(holder, "en")
        address = f"/claims/{second.pk}/"
        keys = [key_of(browser.get(address)) for _ in range(2)]

        sent = [browser.post(address, {"answer": answer, "key": key}) for key in (keys[0], keys[0], keys[1])]

        assert [one["Location"] for one in sent] == [address] * 3
        second.refresh_from_db()
        assert (second.holder_answer, second.holder_answered_by) == (answer, holder)
        assert 'name="answer"' not in text_of(browser.get(address))

    def test_neither_the_person_nor_the_office_answers_here(self, second, coordinator, admin):
        for person in (coordinator, admin):
            browser = signed_in(person)
            key = key_of(browser.get(f"/claims/{second.pk}/"))
            browser.post(f"/claims/{second.pk}/", {"answer": "agrees", "key": key})

        second.refresh_from_db()
        assert second.holder_answer == ""

    def test_an_answer_without_button_is_none(self, holder, second):
        browser = signed_in(holder)
        key = key_of(browser.get(f"/claims/{second.pk}/"))

        assert browser.post(f"/claims/{second.pk}/", {"key": key}).status_code == 200

    def test_outsiders_and_former_holders_find_nothing(self, ulm, second, outsider):
        former = UserFactory()
        ClaimFactory(municipality=ulm, person=former, state="ended")

        assert [
            signed_in(person).get(f"/claims/{second.pk}/").status_code for person in (outsider, former)
        ] == [404, 404]
        assert signed_in(former).get(f"/claims/{former.claims.get().pk}/").status_code == 200

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("open", "waits for the office"),
            ("accepted", "You speak for Ulm"),
            ("declined", "not accepted"),
            ("withdrawn", "It is withdrawn"),
            ("ended", "You no longer speak for Ulm"),
        ],
    )
    def test_the_person_reads_each_state(self, ulm, coordinator, now, state, words):
        claim = ClaimFactory(
            municipality=ulm, person=coordinator, state=state, decided_at=now, ended_at=now, answer="Antwort"
        )

        assert words in text_of(signed_in(coordinator, "en").get(f"/claims/{claim.pk}/"))

    @pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn", "ended"])
    def test_the_holder_learns_of_others_no_more_than_the_state(self, ulm, holder, now, state):
        claim = ClaimFactory(
            municipality=ulm, state=state, reason="Vertraulich", answer="Intern", decided_at=now
        )

        page = text_of(signed_in(holder, "en").get(f"/claims/{claim.pk}/"))

        assert "Vertraulich" not in page
        assert "Intern" not in page

    @pytest.mark.parametrize("others", [1, 3])
    def test_number_of_queries(self, ulm, holder, second, others, django_assert_num_queries):
        for _ in range(others):
            ClaimFactory(municipality=ulm)
        browser = signed_in(holder)
        browser.get("/sources/")

        # session, person, claim, may answer
        with django_assert_num_queries(5):
            browser.get(f"/claims/{second.pk}/")


class TestEnd:
    @pytest.mark.parametrize(("state", "after"), [("open", "withdrawn"), ("accepted", "ended")])
    def test_asked_once_more_then_done(self, ulm, coordinator, state, after):
        claim = ClaimFactory(municipality=ulm, person=coordinator, state=state)
        browser, address = signed_in(coordinator, "en"), f"/claims/{claim.pk}/end/"

        page = browser.get(address)
        claim.refresh_from_db()
        assert claim.state == state
        answers = [browser.post(address, {"key": key_of(page)}) for _ in range(2)]

        assert [answer["Location"] for answer in answers] == ["/municipalities/ulm/"] * 2
        claim.refresh_from_db()
        assert claim.state == after

    def test_the_last_one_is_asked_to_think_of_somebody(self, ulm, coordinator):
        claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        browser = signed_in(coordinator, "en")

        assert "You are the only one" in text_of(browser.get(f"/claims/{claim.pk}/end/"))
        ClaimFactory(municipality=ulm, accepted=True)
        assert "You are the only one" not in text_of(browser.get(f"/claims/{claim.pk}/end/"))

    def test_nobody_ends_what_is_not_theirs_or_over(self, ulm, coordinator, participant, outsider):
        held = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        ClaimFactory(municipality=ulm, person=participant, accepted=True)
        over = ClaimFactory(person=participant, state="declined")

        sent_on = [signed_in(participant).get(f"/claims/{claim.pk}/end/") for claim in (held, over)]

        assert [answer["Location"] for answer in sent_on] == [f"/claims/{held.pk}/", f"/claims/{over.pk}/"]
        assert signed_in(outsider).get(f"/claims/{held.pk}/end/").status_code == 404
        held.refresh_from_db()
        assert held.state == "accepted"


class TestTownPage:
    def test_the_badge_has_the_date_and_nobodys_address(self, ulm, coordinator, now):
        claim = ClaimFactory(municipality=ulm, person=coordinator)
        actions.decide_claim(claim=claim, by=UserFactory(), state="accepted", answer="", now=now)
        visitor = Client()
        visitor.cookies["django_language"] = "en"

        page = text_of(visitor.get("/municipalities/ulm/"))

        assert "confirmed on 26 March 2027" in page
        assert coordinator.email not in page
        assert "/municipalities/ulm/edit/" not in page

    def test_an_open_claim_shows_nothing(self, ulm):
        ClaimFactory(municipality=ulm)
        visitor = Client()
        visitor.cookies["django_language"] = "en"

        assert "Nobody in ViPaD yet" in text_of(visitor.get("/municipalities/ulm/"))

    def test_who_may_edit_is_shown_the_way(self, ulm, coordinator, outsider, admin):
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        editor = UserFactory(is_staff=True)
        grant(editor, "directory.change_municipality")

        shown = {
            person.email: "/municipalities/ulm/edit/"
            in text_of(signed_in(person).get("/municipalities/ulm/"))
            for person in (coordinator, outsider, admin, editor)
        }

        assert list(shown.values()) == [True, False, True, True]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, ulm, rows, django_assert_num_queries, monkeypatch):
        from core import panels

        monkeypatch.setitem(panels._panels, "municipality", [])
        for number, language in zip(range(rows), ("hu", "ro", "uk"), strict=False):
            ClaimFactory(municipality=ulm, accepted=True)
            ulm.profile_texts.create(language=language, text=f"Text {number}")
        visitor = Client()
        visitor.get("/sources/")

        # municipality, names, profile texts, who speaks for it
        with django_assert_num_queries(4):
            visitor.get("/municipalities/ulm/")


def test_asking_queues_nothing_for_strangers(ulm, outsider, coordinator, participant):
    ClaimFactory(municipality=ulm, person=participant, state="ended")

    actions.make_claim(municipality=ulm, by=coordinator, now=timezone.now())

    assert Notice.objects.filter(recipient__in=(outsider, participant)).count() == 0

"""The three questions after sign-up, and the first step of the desk they are."""

import pytest
from django.test import Client

from accounts.actions import close_welcome
from directory.models import Membership, Organisation
from partnerships.models import SideContact
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db

PAGE = "/welcome/"


@pytest.fixture
def newcomer(outsider):
    return signed_in(outsider, "en")


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm")


def text_of(response):
    return " ".join(response.content.decode().split())


def number(response):
    return response.context["number"]


def choose(newcomer, choice, **answers):
    page = newcomer.get(PAGE, answers)
    key = page.context["form"]["key"].value()
    query = page.wsgi_request.get_full_path()
    return newcomer.post(query, {"next": choice, "key": key})


def test_one_question_a_page(newcomer, ulm):
    pages = [
        newcomer.get(PAGE),
        newcomer.get(PAGE, {"who": "town_hall"}),
        newcomer.get(PAGE, {"who": "town_hall", "place": "Ulm", "place_number": ulm.pk}),
    ]

    assert [number(page) for page in pages] == [1, 2, 3]
    assert [f"Step {n} of 3" in text_of(page) for n, page in enumerate(pages, 1)] == [True] * 3
    assert [text_of(page).count("kern-btn--primary") for page in pages] == [1] * 3
    assert "Ulm" in text_of(pages[2])


def test_a_visitor_signs_in_first():
    assert Client().get(PAGE)["Location"] == "/accounts/login/?next=/welcome/"


@pytest.mark.parametrize("who", ["", "mayor", "<script>"])
def test_an_answer_nobody_offered_asks_again(newcomer, who):
    assert number(newcomer.get(PAGE, {"who": who})) == 1


@pytest.mark.parametrize(
    ("who", "usual"),
    [
        ("town_hall", "claim"),
        ("association", "organisation"),
        ("school", "organisation"),
        ("interested", "look"),
    ],
)
def test_what_most_came_for_is_chosen_already(newcomer, who, usual):
    page = newcomer.get(PAGE, {"who": who, "place": ""})

    assert page.context["form"]["next"].value() == usual


class TestWithoutScript:
    """The name alone is sent."""

    def test_a_name_that_fits_is_understood(self, newcomer, ulm):
        MunicipalityFactory(name="Ulmenau")

        page = newcomer.get(PAGE, {"who": "town_hall", "place": "ULM"})

        assert (number(page), page.context["answers"]["place_number"]) == (3, str(ulm.pk))

    def test_several_are_offered_and_one_is_chosen(self, newcomer, ulm):
        other = MunicipalityFactory(name="Ulmenau")

        page = newcomer.get(PAGE, {"who": "town_hall", "place": "Ul"})

        assert number(page) == 2
        assert f'value="{other.pk}"' in page.content.decode()
        answers = {"who": "town_hall", "place": "Ul", "place_choice": other.pk}
        assert number(newcomer.get(PAGE, answers)) == 3

    def test_an_unknown_name_is_said_at_the_field(self, newcomer):
        page = newcomer.get(PAGE, {"who": "town_hall", "place": "Xyzzyx"})

        assert (number(page), list(page.context["form"].errors)) == (2, ["place"])
        assert 'value="Xyzzyx"' in page.content.decode()

    @pytest.mark.parametrize("odd", ["abc", "-1", "9" * 30, "0"])
    def test_odd_numbers_do_no_harm(self, newcomer, odd):
        page = newcomer.get(PAGE, {"who": "town_hall", "place": "", "place_number": odd, "place_choice": odd})

        assert (page.status_code, number(page)) == (200, 3)


class TestOneNextStep:
    @pytest.mark.parametrize(
        ("choice", "address"),
        [("claim", "/municipalities/ulm/claim/"), ("look", "/municipalities/ulm/")],
    )
    def test_with_a_town(self, newcomer, ulm, choice, address):
        assert (
            choose(newcomer, choice, who="town_hall", place="Ulm", place_number=ulm.pk)["Location"] == address
        )

    def test_speaking_needs_a_town(self, newcomer):
        page = choose(newcomer, "claim", who="town_hall", place="")

        assert list(page.context["form"].errors) == ["next"]

    def test_looking_around_puts_the_questions_aside(self, newcomer, outsider):
        assert choose(newcomer, "look", who="interested", place="")["Location"] == "/partnerships/"

        outsider.refresh_from_db()
        assert outsider.welcome_closed_at is not None

    def test_organisations_of_the_town_and_registering(self, newcomer, ulm):
        organisations = choose(newcomer, "organisation", who="school", place="Ulm", place_number=ulm.pk)
        partnership = choose(newcomer, "partnership", who="school", place="")

        assert organisations["Location"].endswith("?q=Ulm")
        assert newcomer.get(organisations["Location"]).status_code == 200
        assert newcomer.get(partnership["Location"]).status_code == 200

    def test_nothing_else_is_stored(self, newcomer, outsider, ulm):
        choose(newcomer, "claim", who="town_hall", place="Ulm", place_number=ulm.pk)

        outsider.refresh_from_db()
        assert outsider.welcome_closed_at is None

    def test_an_address_is_never_taken_from_outside(self, newcomer):
        assert choose(newcomer, "https://evil.example", who="school", place="").status_code == 200


class TestDesk:
    def asks(self, person):
        return "Answer the questions" in text_of(signed_in(person, "en").get("/desk/"))

    def test_first_of_all_until_it_is_put_aside(self, outsider):
        newcomer = signed_in(outsider, "en")
        page = text_of(newcomer.get("/desk/"))
        assert page.index("Answer the questions") < page.index("Set up a passkey")
        key = newcomer.get(PAGE).context["later"]["key"].value()

        answers = [newcomer.post(f"{PAGE}close/", {"key": key})["Location"] for _ in range(2)]

        assert answers == ["/desk/"] * 2
        assert not self.asks(outsider)

    def test_a_form_without_key_is_shown_again(self, newcomer, outsider):
        assert newcomer.post(f"{PAGE}close/")["Location"] == PAGE
        outsider.refresh_from_db()
        assert outsider.welcome_closed_at is None

    def test_closing_is_by_button_only(self, newcomer):
        assert newcomer.get(f"{PAGE}close/").status_code == 405
        assert Client().post(f"{PAGE}close/").status_code == 302

    def test_until_there_is_something_to_come_back_for(self, now, admin):
        asked, speaks, member, contact, former = (UserFactory() for _ in range(5))
        ClaimFactory(person=asked)
        ClaimFactory(person=speaks, accepted=True)
        choir = Organisation.objects.create(name="Chor", slug="chor", type="culture", published_at=now)
        Membership.objects.create(person=member, organisation=choir, state="requested", asked_at=now)
        SideContact.objects.create(side=PartnershipFactory().sides.first(), person=contact, since=now)
        ClaimFactory(person=former, state="ended")

        assert [self.asks(person) for person in (asked, speaks, member, contact, former, admin)] == [
            False, False, False, False, True, False,
        ]  # fmt: skip

    def test_closed_once_the_day_stays(self, outsider, now):
        close_welcome(outsider, now=now)
        close_welcome(outsider, now=now.replace(year=2028))

        outsider.refresh_from_db()
        assert outsider.welcome_closed_at == now


class TestClaimsOnTheDesk:
    def test_a_second_claim_is_the_most_urgent(self, ulm, coordinator, participant):
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        second = ClaimFactory(municipality=ulm, person=participant)
        newcomer = signed_in(coordinator, "en")

        page = text_of(newcomer.get("/desk/"))

        assert page.index("Somebody else wants to speak for Ulm") < page.index("Set up a passkey")
        assert page.count("task--urgent") == 1
        second.holder_answer = "agrees"
        second.save()
        assert "Somebody else" not in text_of(newcomer.get("/desk/"))

    def test_the_own_request_waits(self, ulm, coordinator, outsider):
        claim = ClaimFactory(municipality=ulm, person=coordinator)

        assert f'href="/claims/{claim.pk}/"' in text_of(signed_in(coordinator, "en").get("/desk/"))
        assert "/claims/" not in text_of(signed_in(outsider, "en").get("/desk/"))

    def test_the_office_is_told_how_many_wait_and_not_asked_as_a_holder(self, ulm, admin):
        ClaimFactory(municipality=ulm, accepted=True)
        ClaimFactory(municipality=ulm)
        ClaimFactory()

        page = text_of(signed_in(admin, "en").get("/desk/"))

        assert "2 people want to speak for a municipality" in page
        assert "Somebody else" not in page

    def test_staff_without_the_right_is_not_told(self):
        ClaimFactory()

        assert "speak for a municipality" not in text_of(
            signed_in(UserFactory(is_staff=True), "en").get("/desk/")
        )

"""Twenty identical forms at once, with connections of their own: one row, and the same answer for all."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core.links import make_token
from directory import actions
from directory.emails import ADDRESS_LINK
from directory.models import Claim, ContactMessage, ProfileText
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 20


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm", official_domains=["ulm.example"])


def key_in(browser, address):
    """Not from the context: Django's test client mixes those of two threads."""
    return re.search(r'name="key" value="([^"]+)"', browser.get(address).content.decode())[1]


def all_at_once(browser, address, **values):
    """The form is opened once and sent twenty times; gives the addresses the answers lead to."""
    key = key_in(browser, address)

    def send(_):
        twin = Client()
        twin.cookies = browser.cookies
        try:
            answer = twin.post(address, {"key": key, **values})
            return answer.status_code, answer.headers.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return set(pool.map(send, range(TIMES)))


def test_a_claim_is_made_once(ulm, outsider, admin):
    answers = all_at_once(
        signed_in(outsider),
        "/municipalities/ulm/claim/",
        role="coordinator",
        reason="x",
        official_email="a@b.example",
    )

    assert answers == {(302, f"/claims/{Claim.objects.get().pk}/")}
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["claim_address_check", "claim_made"]


def test_two_tabs_make_one_claim_as_well(ulm, outsider):
    def make(_):
        try:
            return actions.make_claim(municipality=ulm, by=outsider, now=timezone.now()).pk
        except actions.AlreadyClaimed:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        made = [number for number in pool.map(make, range(TIMES)) if number]

    assert made == [Claim.objects.get().pk]


def test_an_address_is_proven_once(ulm, outsider):
    claim = actions.make_claim(
        municipality=ulm, by=outsider, official_email="a@ulm.example", now=timezone.now()
    )
    address = f"/claim-address/{make_token(ADDRESS_LINK, claim.pk, claim.nonce)}/"

    answers = all_at_once(Client(), address)

    assert answers == {(302, address)}
    claim.refresh_from_db()
    assert claim.email_proven_at is not None


def test_a_second_claim_is_answered_once(ulm, participant, coordinator, admin):
    ClaimFactory(municipality=ulm, person=participant, accepted=True)
    claim = ClaimFactory(municipality=ulm, person=coordinator)

    answers = all_at_once(signed_in(participant), f"/claims/{claim.pk}/", answer="agrees")

    assert answers == {(302, f"/claims/{claim.pk}/")}
    assert Notice.objects.filter(kind="claim_second_answered").count() == 1


def test_it_is_given_up_once(ulm, coordinator, admin):
    claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)

    answers = all_at_once(signed_in(coordinator), f"/claims/{claim.pk}/end/")

    # Who comes when it is over is shown that it is.
    assert answers <= {(302, "/municipalities/ulm/"), (302, f"/claims/{claim.pk}/")}
    assert Notice.objects.filter(kind="municipality_without_voice").count() == 1


def test_a_message_is_passed_on_once(ulm, coordinator):
    ClaimFactory(municipality=ulm, person=coordinator, accepted=True)

    answers = all_at_once(
        Client(),
        "/contact/municipality/ulm/",
        name="Vera",
        email="vera@schule.example",
        text="Guten Tag nach Ulm",
    )

    assert answers == {(302, "/contact/municipality/ulm/sent/")}
    assert (ContactMessage.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_profile_is_saved_once(ulm, coordinator):
    ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
    values = {
        "description_de": "Neu",
        "description_en": "",
        "website": "",
        "language_1": "hu",
        "text_1": "Új",
    }

    answers = all_at_once(signed_in(coordinator), "/municipalities/ulm/edit/", base_version="1", **values)

    assert answers == {(302, "/municipalities/ulm/")}
    ulm.refresh_from_db()
    assert (ulm.description_de, ulm.version, ProfileText.objects.count()) == ("Neu", 2, 1)


def test_two_editors_at_once_the_second_sees_the_conflict(ulm, coordinator, participant):
    for person in (coordinator, participant):
        ClaimFactory(municipality=ulm, person=person, accepted=True)

    def save(person):
        browser = signed_in(person)
        try:
            key = key_in(browser, "/municipalities/ulm/edit/")
            values = {"description_de": person.display_name, "base_version": "1", "key": key}
            return browser.post("/municipalities/ulm/edit/", values).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(save, (coordinator, participant)))

    assert statuses == [302, 409]


def test_two_of_the_office_decide_one_claim_once(ulm, coordinator, admin):
    other = UserFactory(is_staff=True, is_superuser=True)
    claim = actions.make_claim(municipality=ulm, by=coordinator, now=timezone.now())

    def decide(who_and_what):
        by, state = who_and_what
        try:
            actions.decide_claim(claim=claim, by=by, state=state, answer="", now=timezone.now())
            return state
        except actions.ClaimIsOver:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        decided = list(pool.map(decide, ((admin, "accepted"), (other, "declined"))))

    claim.refresh_from_db()
    assert sorted(map(str, decided)) == sorted(["None", claim.state])
    assert Notice.objects.filter(kind="claim_decided").count() == 1


def test_the_first_questions_are_put_aside_once(outsider):
    browser = signed_in(outsider)
    key = browser.get("/welcome/").context["later"]["key"].value()

    def close(_):
        twin = Client()
        twin.cookies = browser.cookies
        try:
            return twin.post("/welcome/close/", {"key": key})["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        assert set(pool.map(close, range(TIMES))) == {"/desk/"}

    outsider.refresh_from_db()
    assert outsider.welcome_closed_at is not None

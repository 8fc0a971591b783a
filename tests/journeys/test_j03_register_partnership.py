"""J3 Register: a coordinator enters a partnership step by step, stops in between, and the other side is asked."""

import re
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from directory.models import Claim, Municipality
from notifications.models import Notice
from partnerships.models import Partnership, PartnershipDraft, SideContact, SideInvitation
from tests.conftest import signed_in
from tests.factories.directory import CountryFactory, MunicipalityFactory, TopicFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db

NEW = "/partnerships/new/"
MINE = re.compile(r'name="mine"[^>]*value="(m\d+)"')
KEY = re.compile(r'name="key" value="([0-9a-f-]+)"')


@pytest.fixture
def ulm(coordinator: User) -> Municipality:
    town = MunicipalityFactory(name="Ulm", slug="ulm", ags="08421000")
    Claim.objects.create(
        municipality=town,
        person=coordinator,
        state=Claim.State.ACCEPTED,
        made_at=timezone.now(),
        decided_at=timezone.now(),
        official_email="coordinator@ulm.example",
        nonce="n",
    )
    return town


@pytest.fixture
def subotica(db: None) -> Municipality:
    country = CountryFactory(code="RS", languages=["sr"])
    return MunicipalityFactory(name="Subotica", slug="subotica", country=country)


@pytest.fixture
def office(coordinator: User) -> Client:
    return signed_in(coordinator, "en")


def key_of(page: str) -> str:
    found = KEY.search(page)
    assert found
    return found[1]


def walk_to_check(office: Client, other: str = "Subotica", **kind: str) -> str:
    """Fill in every step; the address of the last one."""
    start = office.get(NEW).content.decode()
    mine = MINE.search(start)
    assert mine
    second = office.post(NEW, {"key": key_of(start), "mine": mine[1]})["Location"]
    third = office.post(second, {"typed": other})["Location"]
    said = {"kind": "partnership", "status": "active", "signed_year": "1999"} | kind
    fourth = office.post(third, said)["Location"]
    fifth = office.post(fourth, {"topics": ["youth"], "languages": ["de"], "aims_en": "Music."})["Location"]
    page = office.get(fifth).content.decode()
    code = re.search(r'name="email_([mr]\d+)"', page)
    assert code
    language = re.search(r'<option value="([\w-]+)" selected>', page)
    assert language
    said = {
        "role": "coordinator",
        f"name_{code[1]}": "Jovana Primer",
        f"email_{code[1]}": "jovana@subotica.example",
        f"language_{code[1]}": language[1],
    }
    return str(office.post(fifth, said)["Location"])


def test_coordinator_registers_a_partnership(
    office: Client, coordinator: User, ulm: Municipality, subotica: Municipality
) -> None:
    TopicFactory()

    check = walk_to_check(office)
    page = office.get(check).content.decode()

    assert "Step 6 of 6" in page
    for words in ("Ulm", "Subotica", "1999", "Music.", "Jovana Primer", "public at once"):
        assert words in page

    done = office.post(check, {"key": key_of(page)})["Location"]
    partnership = Partnership.objects.get()

    assert "The partnership is registered" in office.get(done).content.decode()
    assert partnership.slug == "ulm-subotica"
    assert (partnership.signed_year, partnership.confirmation) == (1999, "one_sided")
    assert partnership.published_at is not None
    assert [contact.person for contact in SideContact.objects.filter(side__position=0)] == [coordinator]
    invitation = SideInvitation.objects.get()
    assert (invitation.email, invitation.language) == ("jovana@subotica.example", "sr")
    assert list(Notice.objects.values_list("kind", "language")) == [("side_invited", "sr")]
    assert Client().get("/partnerships/ulm-subotica/").status_code == 200


def test_second_press_back_and_second_tab_lead_to_the_same_entry(
    office: Client, ulm: Municipality, subotica: Municipality
) -> None:
    TopicFactory()
    check = walk_to_check(office)
    first, second = (key_of(office.get(check).content.decode()) for _ in range(2))

    answers = [office.post(check, {"key": key}, follow=True) for key in (first, first, second)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert Partnership.objects.count() == 1
    assert Notice.objects.filter(kind="side_invited").count() == 1


def test_the_pair_that_is_there_in_the_other_order_is_refused(
    office: Client, ulm: Municipality, subotica: Municipality
) -> None:
    existing = PartnershipFactory(slug="there", towns=[subotica, ulm])
    start = office.get(NEW).content.decode()
    mine = MINE.search(start)
    assert mine
    second = office.post(NEW, {"key": key_of(start), "mine": mine[1]})["Location"]

    # The page itself says so, with a link; without a tick nobody gets on.
    again = office.post(second, {"typed": "Subotica"})["Location"]
    page = office.get(again).content.decode()
    refused = office.post(second, {"typed": ""})

    assert again == second
    assert f'href="{existing.get_absolute_url()}"' in page
    assert refused.status_code == 200

    third = office.post(second, {"typed": "", "is_another": "on"})["Location"]
    same_kind = office.post(third, {"kind": "partnership", "status": "active"})
    other_kind = office.post(third, {"kind": "project_partnership", "status": "active"})

    assert "There is already a partnership of this kind" in same_kind.content.decode()
    assert other_kind.status_code == 302


def test_the_pair_that_somebody_else_registers_meanwhile_is_refused_with_a_link(
    office: Client, ulm: Municipality, subotica: Municipality
) -> None:
    TopicFactory()
    check = walk_to_check(office)
    page = office.get(check).content.decode()
    PartnershipFactory(slug="faster", towns=[subotica, ulm], kind="contact")
    PartnershipFactory(slug="fastest", towns=[ulm, subotica])

    answer = office.post(check, {"key": key_of(page)})

    assert answer.status_code == 409
    assert Partnership.objects.count() == 2


def test_required_steps_cannot_be_skipped(office: Client, ulm: Municipality, coordinator: User) -> None:
    start = office.get(NEW).content.decode()
    mine = MINE.search(start)
    assert mine
    second = office.post(NEW, {"key": key_of(start), "mine": mine[1]})["Location"]
    draft = PartnershipDraft.objects.get()

    answers = [office.get(f"{NEW}{draft.pk}/{step}/") for step in ("kind", "work", "contacts", "check")]

    assert [answer["Location"] for answer in answers] == [second] * 4
    assert "Ulm" in office.get(NEW).content.decode()


def test_without_script_a_name_is_looked_up_and_doubtful_ones_are_offered(
    office: Client, ulm: Municipality
) -> None:
    for slug in ("neustadt-1", "neustadt-2"):
        MunicipalityFactory(name="Neustadt", slug=slug)
    start = office.get(NEW).content.decode()
    mine = MINE.search(start)
    assert mine
    second = office.post(NEW, {"key": key_of(start), "mine": mine[1]})["Location"]

    nothing = office.post(second, {"typed": "Nowhereville"}).content.decode()
    offered = office.post(second, {"typed": "Neustadt"}).content.decode()
    options = re.findall(r'name="option"[^>]*value="(m\d+)"', offered)
    chosen = office.post(second, {"typed": "Neustadt", "asked": "Neustadt", "option": options[1]})

    assert "We know no place of this name" in nothing
    assert len(options) == 2
    assert chosen["Location"].endswith("/kind/")
    assert PartnershipDraft.objects.get().data["other-side"]["sides"] == [options[1]]


def test_a_missing_place_is_added_and_the_office_is_told(
    office: Client, ulm: Municipality, admin: User
) -> None:
    CountryFactory(code="RS")
    start = office.get(NEW).content.decode()
    mine = MINE.search(start)
    assert mine
    second = office.post(NEW, {"key": key_of(start), "mine": mine[1]})["Location"]
    address = second.replace("other-side", "place")

    page = office.get(address).content.decode()
    said = {"key": key_of(page), "name": "Novo Selo", "country": "RS"}
    answers = [office.post(address, said)["Location"] for _ in range(2)]

    place = Municipality.objects.get(name="Novo Selo")
    assert (place.kind, place.source, place.population) == ("place", "ViPaD (member)", None)
    assert answers == [second, second]
    assert list(Notice.objects.values_list("kind", "recipient")) == [("place_added", admin.pk)]
    assert office.post(second, {"typed": ""})["Location"].endswith("/kind/")


def test_who_speaks_for_no_side_waits_for_the_office(
    outsider: User, admin: User, subotica: Municipality, now: datetime
) -> None:
    TopicFactory()
    MunicipalityFactory(name="Ulm", slug="ulm", ags="08421000")
    office = signed_in(outsider, "en")
    start = office.get(NEW).content.decode()
    second = office.post(NEW, {"key": key_of(start), "typed": "Ulm"})["Location"]
    third = office.post(second, {"typed": "Subotica"})["Location"]
    fourth = office.post(third, {"kind": "contact", "status": "active"})["Location"]
    fifth = office.post(fourth, {})["Location"]
    check = office.post(fifth, {"role": "coordinator"})["Location"]
    office.post(check, {"key": key_of(office.get(check).content.decode())})

    partnership = Partnership.objects.get()
    assert partnership.published_at is None
    assert list(Notice.objects.values_list("kind", "recipient")) == [("partnership_waits", admin.pk)]
    assert office.get(partnership.get_absolute_url()).status_code == 200
    assert Client().get(partnership.get_absolute_url()).status_code == 404

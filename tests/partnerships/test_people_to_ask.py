"""Who is named on the page of an entry, to whom, and where what is written to a side goes."""

import re
from datetime import datetime

import pytest
from django.test import Client

from accounts.models import User
from core.visibility import Visibility
from notifications.models import Notice
from partnerships.models import Partnership, SideContact, SideInvitation
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory
from tests.factories.partnerships import PartnershipFactory
from tests.partnerships.wizard_pages import key_of

pytestmark = pytest.mark.django_db
READERS = ("visitor", "outsider", "partner", "admin")
SHOWN_TO = {
    Visibility.PUBLIC: (True, True, True, True),
    Visibility.MEMBERS: (False, True, True, True),
    Visibility.NOBODY: (False, False, True, True),
}
ORDER = list(Visibility)


@pytest.fixture
def entry(partner: User, now: datetime) -> Partnership:
    entry = PartnershipFactory(slug="entry")
    SideContact.objects.create(side=entry.sides.all()[1], person=partner, since=now)
    return entry


def browsers(cast: dict[str, User]) -> dict[str, Client]:
    english = Client()
    english.cookies["django_language"] = "en"
    return {"visitor": english} | {role: signed_in(cast[role], "en") for role in READERS[1:]}


def shown(cast: dict[str, User], word: str) -> tuple[bool, ...]:
    clients = browsers(cast)
    pages = {role: clients[role].get("/partnerships/entry/").content.decode() for role in READERS}
    return tuple(word in pages[role] for role in READERS)


@pytest.mark.parametrize("has_answered", [True, False])
@pytest.mark.parametrize("visibility", Visibility)
def test_a_contact_without_account_is_named_as_chosen(
    entry: Partnership, cast: dict[str, User], visibility: str, has_answered: bool, now: datetime
) -> None:
    """Whoever has not answered our mail yet may not even know of the entry."""
    contact = SideContact.objects.create(
        side=entry.sides.all()[0],
        name="Éva Nagy",
        email="eva@pecs.example",
        name_visibility=visibility,
        since=now,
    )

    SideInvitation.objects.create(
        side=contact.side,
        contact=contact,
        purpose="confirm",
        language="hu",
        nonce="0",
        sent_at=now,
        expires_at=now,
        answered_at=now if has_answered else None,
    )

    who = visibility if has_answered else Visibility.NOBODY
    assert shown(cast, "Éva Nagy") == SHOWN_TO[who]  # type: ignore[index]
    assert shown(cast, "eva@pecs.example") == (False,) * 4


@pytest.mark.parametrize("of_the_person", Visibility)
@pytest.mark.parametrize("of_the_contact", Visibility)
def test_of_a_contact_with_an_account_the_stricter_choice_counts(
    entry: Partnership, cast: dict[str, User], of_the_contact: str, of_the_person: str, now: datetime
) -> None:
    person = UserFactory(display_name="Ilse Strom", name_visibility=of_the_person)
    SideContact.objects.create(
        side=entry.sides.all()[0], person=person, name_visibility=of_the_contact, since=now
    )
    stricter = max(of_the_contact, of_the_person, key=ORDER.index)

    assert shown(cast, "Ilse Strom") == SHOWN_TO[stricter]  # type: ignore[index]
    assert shown(cast, person.email) == (False,) * 4


def test_former_contacts_are_not_named(entry: Partnership, cast: dict[str, User], now: datetime) -> None:
    person = UserFactory(display_name="Ilse Strom", name_visibility="public")
    side = entry.sides.all()[0]
    SideContact.objects.create(side=side, person=person, name_visibility="public", since=now, ended_at=now)

    assert shown(cast, "Ilse Strom") == (False,) * 4


def test_what_is_written_to_a_side_goes_to_that_side(entry: Partnership, now: datetime) -> None:
    first = entry.sides.all()[0]
    ours = UserFactory()
    SideContact.objects.create(side=first, person=ours, since=now)
    speaker = ClaimFactory(municipality=first.municipality, accepted=True).person
    client = Client()
    url = re.search(  # type: ignore[index]
        r'href="(/contact/partnershipside/\d+/)"', client.get("/partnerships/entry/").content.decode()
    )[1]
    form = {"name": "Eva", "email": "eva@example.org", "text": "Wir kommen im Mai zu Ihnen."}

    answer = client.post(url, {**form, "key": key_of(client.get(url).content.decode())})

    assert answer["Location"] == f"{url}sent/"
    told = {notice.recipient for notice in Notice.objects.filter(kind="contact_message")}
    assert told == {ours, speaker}


@pytest.mark.parametrize("number", ["0", "01", "x", "999999999999999999", "9" * 40])
def test_a_side_that_is_none_cannot_be_written_to(client: Client, number: str) -> None:
    assert client.get(f"/contact/partnershipside/{number}/").status_code == 404


def test_a_side_of_an_entry_that_is_not_public_cannot_be_written_to(client: Client) -> None:
    side = PartnershipFactory(published_at=None).sides.all()[0]

    assert client.get(f"/contact/partnershipside/{side.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("confirmation", "sentence"),
    [
        ("one_sided", "It becomes public as soon as another side has confirmed it"),
        ("disputed", "A side has written that the entry is wrong"),
    ],
)
def test_an_entry_that_waits_says_what_it_waits_for(
    entry: Partnership, partner: User, confirmation: str, sentence: str
) -> None:
    Partnership.objects.update(published_at=None, confirmation=confirmation)

    page = signed_in(partner, "en").get("/partnerships/entry/").content.decode()

    assert sentence in page
    assert "Whom you can ask" not in page


@pytest.mark.parametrize("contacts", [1, 3])
def test_names_cost_one_query(
    entry: Partnership, contacts: int, now: datetime, django_assert_num_queries: object
) -> None:
    from partnerships.queries import people_to_ask

    for _number in range(contacts):
        SideContact.objects.create(side=entry.sides.all()[0], person=UserFactory(), since=now)

    with django_assert_num_queries(1):  # type: ignore[operator]
        people_to_ask(entry, None, is_inside=False)

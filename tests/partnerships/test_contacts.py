"""Who looks after a side: asked, handed over to, leaving."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from directory.models import Municipality
from notifications.models import Notice
from partnerships import actions
from partnerships.emails.answers import answer_path
from partnerships.models import Partnership, PartnershipSide, SideContact, SideInvitation
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import PartnershipFactory


@pytest.fixture
def entry(ulm: Municipality, baja: Municipality) -> Partnership:
    return PartnershipFactory(slug="ulm-baja", towns=[ulm, baja])


@pytest.fixture
def mine(entry: Partnership, ulm: Municipality, coordinator: User, now: datetime) -> PartnershipSide:
    side = entry.sides.get(municipality=ulm)
    SideContact.objects.create(side=side, person=coordinator, since=now)
    return side


@pytest.fixture
def offer(mine: PartnershipSide, coordinator: User, now: datetime) -> SideInvitation:
    """The coordinator hands over to somebody."""
    return actions.offer_take_over(
        side=mine,
        email="next@ulm.example",
        name="",
        language="de",
        by=coordinator,
        leaving=mine.contacts.get(),
        now=now,
    )


def people(side: PartnershipSide) -> set[User | None]:
    return {contact.person for contact in side.contacts.current()}


def test_nothing_changes_before_the_successor_agrees(
    mine: PartnershipSide, offer: SideInvitation, coordinator: User, client: Client
) -> None:
    assert client.get(answer_path(offer)).status_code == 200
    assert people(mine) == {coordinator}


def test_with_the_successors_yes_the_old_contact_has_no_access(
    entry: Partnership, mine: PartnershipSide, offer: SideInvitation, coordinator: User, partner: User
) -> None:
    browser = signed_in(partner)
    key = browser.get(answer_path(offer)).context["form"]["key"].value()

    browser.post(answer_path(offer), {"key": key})

    assert people(mine) == {partner}
    page = reverse("partnerships:contacts", args=[entry.slug])
    assert signed_in(coordinator).get(page).status_code == 404
    assert browser.get(page).status_code == 200


def test_a_visitor_cannot_take_over_without_an_account(
    mine: PartnershipSide, offer: SideInvitation, coordinator: User, client: Client
) -> None:
    answer = client.post(answer_path(offer), {"key": "5e2b3d1c-0000-4000-8000-000000000000"})

    assert answer.status_code == 200
    assert people(mine) == {coordinator}


def test_the_link_works_once(
    offer: SideInvitation, partner: User, outsider: User, mine: PartnershipSide, now: datetime
) -> None:
    actions.take_over(invitation=offer, by=partner, now=now)

    with pytest.raises(actions.NotOpen):
        actions.take_over(invitation=offer, by=outsider, now=now)

    assert people(mine) == {partner}


def test_when_the_last_contact_leaves_office_and_other_side_are_told(
    entry: Partnership, mine: PartnershipSide, baja: Municipality, coordinator: User, partner: User, admin: User,
    now: datetime,
) -> None:  # fmt: skip
    SideContact.objects.create(side=entry.sides.get(municipality=baja), person=partner, since=now)

    actions.end_contact(contact=mine.contacts.get(), by=coordinator, now=now)

    readers = {notice.recipient for notice in Notice.objects.filter(kind="last_contact_left")}
    assert readers == {admin, partner}


def test_while_somebody_is_left_nobody_is_told(
    mine: PartnershipSide, coordinator: User, partner: User, now: datetime
) -> None:
    SideContact.objects.create(side=mine, person=partner, role="deputy", since=now)

    actions.end_contact(contact=mine.contacts.get(person=coordinator), by=coordinator, now=now)

    assert Notice.objects.filter(kind="last_contact_left").count() == 0


def test_a_contact_without_account_is_forgotten_when_it_ends(
    mine: PartnershipSide, coordinator: User, now: datetime
) -> None:
    contact = actions.add_contact(
        side=mine, email="A@Ulm.example", name="Anna", language="de", role="deputy", by=coordinator, now=now
    )

    actions.end_contact(contact=contact, by=coordinator, now=now)

    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("", "")


def test_an_address_is_a_contact_of_a_side_once(
    mine: PartnershipSide, coordinator: User, now: datetime
) -> None:
    details = {"name": "", "language": "de", "role": "deputy", "by": coordinator, "now": now}
    actions.add_contact(side=mine, email="anna@ulm.example", **details)

    with pytest.raises(actions.AlreadyContact):
        actions.add_contact(side=mine, email="Anna@Ulm.example", **details)


def test_another_side_is_asked_to_confirm_from_the_page(
    entry: Partnership, mine: PartnershipSide, baja: Municipality, coordinator: User
) -> None:
    browser = signed_in(coordinator)
    side = entry.sides.get(municipality=baja)
    url = reverse("partnerships:ask_contact", args=[entry.slug, side.pk])
    form = browser.get(url).context["form"]

    browser.post(
        url, {"name": "", "email": "iroda@baja.example", "language": "hu", "key": form["key"].value()}
    )

    assert form["language"].value() == "hu"
    assert [question.purpose for question in side.invitations.all()] == ["confirm"]


def test_a_wrong_address_is_named_at_the_field(
    entry: Partnership, mine: PartnershipSide, coordinator: User
) -> None:
    browser = signed_in(coordinator)
    url = reverse("partnerships:ask_contact", args=[entry.slug, mine.pk])

    answer = browser.post(url, {"email": "no address", "language": "xx"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email", "language", "key"}


def test_the_other_side_cannot_remove_ours(
    entry: Partnership, mine: PartnershipSide, baja: Municipality, partner: User, now: datetime
) -> None:
    SideContact.objects.create(side=entry.sides.get(municipality=baja), person=partner, since=now)
    url = reverse("partnerships:end_contact", args=[entry.slug, mine.contacts.get().pk])

    assert signed_in(partner).get(url).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_few_and_many(
    entry: Partnership,
    mine: PartnershipSide,
    coordinator: User,
    now: datetime,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(number):
        SideContact.objects.create(side=mine, person=UserFactory(), role="deputy", since=now)
        SideInvitation.objects.create(
            side=mine, purpose="confirm", email=UserFactory().email, language="hu", nonce="x",
            sent_at=now, expires_at=now + timedelta(days=9),
        )  # fmt: skip
    browser = signed_in(coordinator)
    page = reverse("partnerships:contacts", args=[entry.slug])
    browser.get(page)

    with django_assert_num_queries(QUERIES):
        assert browser.get(page).status_code == 200


QUERIES = 12

"""The same form from twenty connections at once, and from two tabs, makes one row and never an error page."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from directory import actions
from directory.models import Membership, Organisation, OrganisationInvitation
from directory.queries import invitation_url
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.directory import MembershipFactory, MunicipalityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20


def at_once(person, url, forms):
    """Send each of the forms from a browser of its own, all together; gives status and Location."""
    clients = [signed_in(person) for _ in forms]
    barrier = threading.Barrier(len(forms))

    def send(pair):
        client, data = pair
        try:
            barrier.wait(20)
            answer = client.post(url, data)
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as pool:
        return set(pool.map(send, zip(clients, forms, strict=True)))


def same_key(data):
    key = str(uuid4())
    return [{**data, "key": key}] * TIMES


def own_keys(data):
    return [{**data, "key": str(uuid4())} for _ in range(6)]


@pytest.fixture
def verein(coordinator):
    verein = OrganisationFactory(name="Verein", slug="verein")
    MembershipFactory(organisation=verein, person=coordinator, role="coordinator")
    return verein


NEW = {
    "name": "Neuer Verein",
    "type": "association",
    "seat": "Ulm",
    "phone_visibility": "nobody",
    "postal_address_visibility": "nobody",
}


class TestCreate:
    def test_one_form(self, coordinator, admin):
        MunicipalityFactory(name="Ulm")

        answers = at_once(coordinator, "/organisations/new/", same_key(NEW))

        assert answers == {(302, "/organisations/neuer-verein/")}
        assert (Organisation.objects.count(), Membership.objects.count()) == (1, 1)
        assert Notice.objects.filter(kind="organisation_waits").count() == 1

    @pytest.mark.parametrize("seat", ["Ulm", ""])
    def test_two_tabs(self, coordinator, seat):
        """The one that comes second is warned of the first."""
        MunicipalityFactory(name="Ulm")

        answers = at_once(coordinator, "/organisations/new/", own_keys({**NEW, "seat": seat}))

        assert answers == {(302, "/organisations/neuer-verein/"), (200, "")}
        assert Organisation.objects.count() == 1


class TestJoin:
    FORM = {"note": "Ich singe gern mit."}

    def test_one_form(self, verein, outsider):
        answers = at_once(outsider, "/organisations/verein/join/", same_key(self.FORM))

        assert answers == {(302, "/organisations/verein/")}
        assert Membership.objects.filter(person=outsider).count() == 1
        assert Notice.objects.filter(kind="membership_requested").count() == 1

    def test_two_tabs(self, verein, outsider):
        answers = at_once(outsider, "/organisations/verein/join/", own_keys(self.FORM))

        assert answers == {(302, "/organisations/verein/")}
        assert Membership.objects.filter(person=outsider).count() == 1

    def test_answered_by_two_at_once(self, verein, coordinator, outsider):
        asked = actions.ask_to_join(organisation=verein, by=outsider, note="", now=timezone.now())
        url = f"/organisations/verein/requests/{asked.pk}/"

        answers = at_once(coordinator, url, own_keys({"answer": "accept"}))

        asked.refresh_from_db()
        assert answers == {(302, "/organisations/verein/people/")}
        assert asked.state == "active"
        assert Notice.objects.filter(kind="membership_answered").count() == 1


class TestInvite:
    FORM = {"email": "eva@example.org", "role": "member", "language": "hu"}

    @pytest.mark.parametrize("forms", [same_key, own_keys])
    def test_one_row(self, verein, coordinator, forms):
        answers = at_once(coordinator, "/organisations/verein/invite/", forms(self.FORM))

        assert answers == {(302, "/organisations/verein/people/")}
        assert OrganisationInvitation.objects.count() == 1

    @pytest.mark.parametrize("forms", [same_key, own_keys])
    def test_accepted_once(self, verein, coordinator, outsider, forms):
        invitation = actions.invite(organisation=verein, by=coordinator, now=timezone.now(), **self.FORM)
        link = invitation_url(invitation)

        answers = at_once(outsider, link, forms({}))

        assert answers <= {(302, "/organisations/verein/"), (302, link)}
        assert Membership.objects.filter(person=outsider).count() == 1
        assert Notice.objects.filter(kind="organisation_joined").count() == 1


class TestEdit:
    def test_one_form_saves_once(self, verein, coordinator):
        form = {**NEW, "seat": "", "base_version": "1"}

        answers = at_once(coordinator, "/organisations/verein/edit/", same_key(form))

        verein.refresh_from_db()
        assert (answers, verein.version) == ({(302, "/organisations/verein/")}, 2)

    def test_of_many_editors_one_saves_and_the_others_are_asked(self, verein, coordinator):
        forms = [
            {**form, "name": f"Name {number}"}
            for number, form in enumerate(own_keys({**NEW, "seat": "", "base_version": "1"}))
        ]

        answers = at_once(coordinator, "/organisations/verein/edit/", forms)

        verein.refresh_from_db()
        assert answers == {(302, "/organisations/verein/"), (409, "")}
        assert verein.version == 2


def test_two_coordinators_who_leave_at_once_do_not_leave_nobody(verein, coordinator, outsider):
    MembershipFactory(organisation=verein, person=outsider, role="coordinator")
    barrier = threading.Barrier(2)

    def leave(person):
        try:
            barrier.wait(10)
            membership = verein.memberships.get(person=person)
            actions.end_membership(membership=membership, by=person, now=timezone.now())
            return "left"
        except actions.LastCoordinator:
            return "stays"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, (coordinator, outsider))) == ["left", "stays"]

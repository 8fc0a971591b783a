"""Writing to somebody without knowing the address."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from directory import actions, contacts
from directory.contacts import readers_of
from directory.emails import MessagePassedOn
from directory.models import ContactMessage, Membership, Organisation
from notifications.delivery import deliver_due
from notifications.kinds import kind
from notifications.models import Notice
from portal.tasks import forget_everything
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

FORM = "/contact/municipality/ulm/"
TEXT = "Wir suchen eine Partnerschule für unsere siebte Klasse."


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm")


@pytest.fixture
def choir(now):
    return Organisation.objects.create(name="Chor", slug="chor", type="culture", published_at=now)


@pytest.fixture
def visitor():
    browser = Client()
    browser.cookies["django_language"] = "en"
    return browser


def text_of(response):
    return " ".join(response.content.decode().split())


def send(browser, address=FORM, **values):
    key = browser.get(address).context["form"]["key"].value()
    data = {"name": "Vera Lehrerin", "email": "vera@schule.example", "text": TEXT, "website": "", "key": key}
    return browser.post(address, data | values)


def readers():
    return [
        notice.recipient for notice in Notice.objects.filter(kind="contact_message").order_by("recipient_id")
    ]


class TestForm:
    def test_a_visitor_writes_to_a_town(self, ulm, coordinator, visitor):
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)

        response = send(visitor)

        assert response["Location"] == f"{FORM}sent/"
        message = ContactMessage.objects.get()
        assert (message.subject, message.subject_name, message.sender) == (ulm, "Ulm", None)
        assert (message.sender_name, message.sender_email) == ("Vera Lehrerin", "vera@schule.example")
        assert (message.text, message.language) == (TEXT, "en")
        assert readers() == [coordinator]

    def test_the_success_page_says_nothing_about_the_readers(self, ulm, coordinator, visitor):
        def shown():
            return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(visitor.get(f"{FORM}sent/")))

        without = shown()
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)

        assert shown() == without
        assert "Your message to Ulm is on its way" in without

    def test_who_is_signed_in_writes_with_the_address_of_the_account(self, ulm, outsider, admin):
        browser = signed_in(outsider, "en")

        page = browser.get(FORM)
        send(browser, name="Outsider", email="forged@elsewhere.example")

        assert "email" not in page.context["form"].fields
        assert page.context["form"]["name"].value() == outsider.display_name
        message = ContactMessage.objects.get()
        assert (message.sender, message.sender_name) == (outsider, "Outsider")
        assert message.sender_email == outsider.email

    @pytest.mark.parametrize(
        ("values", "fields"),
        [
            ({"name": ""}, ["name"]),
            ({"email": ""}, ["email"]),
            ({"email": "vera@schule.example\nBcc: all@example.org"}, ["email"]),
            ({"text": "kurz"}, ["text"]),
            ({"text": "x" * 4001}, ["text"]),
        ],
    )
    def test_wrong_entries_are_said_at_the_field(self, ulm, visitor, values, fields):
        response = send(visitor, **values)

        assert (response.status_code, list(response.context["form"].errors)) == (200, fields)
        assert "data-error-summary" in response.content.decode()
        assert ContactMessage.objects.count() == 0

    def test_a_program_that_fills_the_trap_is_thanked_and_forgotten(self, ulm, visitor):
        assert send(visitor, website="https://spam.example")["Location"] == f"{FORM}sent/"
        assert ContactMessage.objects.count() == 0

    def test_the_sixth_in_an_hour_is_refused_and_the_same_one_again_is_not_counted(self, ulm, visitor):
        key = visitor.get(FORM).context["form"]["key"].value()
        again = [send(visitor, key=key).status_code for _ in range(6)]

        others = [send(visitor) for _ in range(5)]

        assert again == [302] * 6
        assert [answer.status_code for answer in others] == [302] * 4 + [429]
        assert TEXT in others[-1].content.decode()
        assert ContactMessage.objects.count() == 5

    def test_only_what_is_public_can_be_written_to(self, ulm, choir, visitor, settings):
        settings.SHOW_DEMO = False
        MunicipalityFactory(slug="musterstadt", is_demo=True)
        MunicipalityFactory(slug="gone", merged_into=ulm)
        Organisation.objects.create(name="Neu", slug="neu", type="ngo")
        addresses = ("municipality/musterstadt", "municipality/gone", "organisation/neu", "castle/ulm")

        for address in addresses:
            assert visitor.get(f"/contact/{address}/").status_code == 404
            assert visitor.post(f"/contact/{address}/").status_code == 404
            assert visitor.get(f"/contact/{address}/sent/").status_code == 404
        assert visitor.get("/contact/organisation/chor/").status_code == 200

    def test_without_the_token_nothing_is_sent(self, ulm):
        assert Client(enforce_csrf_checks=True).post(FORM, {"text": TEXT}).status_code == 403

    def test_number_of_queries(self, ulm, visitor, django_assert_num_queries):
        visitor.get("/sources/")

        with django_assert_num_queries(1):
            visitor.get(FORM)


class TestReaders:
    def test_of_a_town_whoever_speaks_for_it(self, ulm, coordinator, participant, outsider, admin):
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        ClaimFactory(municipality=ulm, person=participant, role="deputy", accepted=True)
        ClaimFactory(municipality=ulm, person=outsider)
        ClaimFactory(municipality=ulm, person=UserFactory(is_active=False), accepted=True)

        assert set(readers_of(ulm)) == {coordinator, participant}

    def test_of_an_organisation_coordinators_and_deputies(
        self, choir, coordinator, participant, outsider, now
    ):
        for person, role, state in (
            (coordinator, "coordinator", "active"),
            (participant, "deputy", "active"),
            (outsider, "member", "active"),
            (UserFactory(), "coordinator", "ended"),
        ):
            Membership.objects.create(person=person, organisation=choir, role=role, state=state, asked_at=now)

        assert set(readers_of(choir)) == {coordinator, participant}

    def test_the_office_where_there_is_nobody(self, ulm, admin, outsider):
        reader, other = UserFactory(is_staff=True), UserFactory(is_staff=True)
        grant(reader, "directory.view_contactmessage")
        grant(other, "directory.change_entryreport")

        assert set(readers_of(ulm)) == {admin, reader}

    def test_upper_apps_add_their_entries(self, coordinator, visitor, monkeypatch):
        monkeypatch.setattr(contacts, "_contactables", dict(contacts._contactables))
        contacts.register("user", get=lambda slug: coordinator, readers=lambda subject: [coordinator])

        send(visitor, "/contact/user/anything/")

        assert readers() == [coordinator]


class TestMail:
    def message(self, subject, now, **values):
        return actions.send_message(
            subject=subject, subject_name="Ulm", text=TEXT, name="Vera Lehrerin", email="vera@schule.example",
            language="de", by=None, now=now, **values,
        )  # fmt: skip

    def test_it_carries_the_text_and_answers_go_to_the_sender(self, ulm, coordinator, now, mailoutbox):
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        self.message(ulm, now)

        assert deliver_due(now=now) == 1

        mail = mailoutbox[0]
        assert mail.to == [coordinator.email]
        assert TEXT in mail.body
        assert "vera@schule.example" in mail.body
        assert kind("contact_message").reply_to(Notice.objects.get()) == "vera@schule.example"
        assert MessagePassedOn.essential is True

    def test_who_no_longer_speaks_for_the_town_gets_nothing(
        self, ulm, coordinator, participant, now, mailoutbox
    ):
        claim = ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        ClaimFactory(municipality=ulm, person=participant, accepted=True)
        self.message(ulm, now)
        actions.end_claim(claim=claim, by=coordinator, now=now)

        deliver_due(now=now)

        assert [mail.to for mail in mailoutbox] == [[participant.email]]

    def test_the_office_is_told_why_it_gets_the_message(self, ulm, admin, now, mailoutbox):
        self.message(ulm, now)

        deliver_due(now=now)

        assert "kümmert sich noch niemand um Ulm, deshalb kommt die Nachricht zu Ihnen" in mailoutbox[0].body

    def test_line_breaks_in_a_name_add_no_header(self, ulm, coordinator, now, mailoutbox):
        ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
        message = self.message(ulm, now)
        ContactMessage.objects.filter(pk=message.pk).update(sender_name="Vera\nBcc: all@example.org")

        deliver_due(now=now)

        assert "\n" not in mailoutbox[0].subject
        assert mailoutbox[0].bcc == []

    def test_once_the_text_is_gone_nothing_is_sent(self, ulm, admin, now, mailoutbox):
        self.message(ulm, now)
        ContactMessage.objects.all().delete()

        assert deliver_due(now=now) == 0


def test_after_90_days_message_and_address_are_gone(ulm, now):
    actions.send_message(
        subject=ulm, subject_name="Ulm", text=TEXT, name="Vera", email="vera@schule.example", language="de",
        by=None, now=now,
    )  # fmt: skip

    forget_everything(now=now + timedelta(days=90))
    assert ContactMessage.objects.count() == 1
    forget_everything(now=now + timedelta(days=90, seconds=1))

    assert ContactMessage.objects.count() == 0


def test_no_address_in_any_page_source(ulm, choir, coordinator, participant, outsider, admin, now):
    """Everybody who speaks for, belongs to, asks or wrote; seen by visitor, stranger and colleague."""
    ClaimFactory(municipality=ulm, person=coordinator, accepted=True, official_email="amt@ulm.example")
    ClaimFactory(municipality=ulm, person=participant, official_email="zweites@ulm.example")
    Membership.objects.create(
        person=participant, organisation=choir, role="coordinator", state="active", asked_at=now
    )
    actions.send_message(
        subject=ulm, subject_name="Ulm", text=TEXT, name="Vera", email="vera@schule.example", language="de",
        by=outsider, now=timezone.now(),
    )  # fmt: skip
    private = ["amt@ulm.example", "zweites@ulm.example", "vera@schule.example"]
    people = {None: Client(), outsider: signed_in(outsider), coordinator: signed_in(coordinator)}
    pages = [
        "/", "/municipalities/", "/municipalities/ulm/", "/municipalities/export.csv",
        "/municipalities/suggest/?q=ulm", FORM, f"{FORM}sent/", "/contact/organisation/chor/",
        "/contact/organisation/chor/sent/", "/report/municipality/ulm/", "/search/?q=ulm", choir.get_absolute_url(),
    ]  # fmt: skip

    found = {
        (str(person), page, address)
        for person, browser in people.items()
        for page in pages
        for address in [*private, coordinator.email, participant.email, admin.email, outsider.email]
        if address.encode() in b"".join(browser.get(page, follow=True))
        and not (person is not None and address == person.email)
    }

    assert found == set()

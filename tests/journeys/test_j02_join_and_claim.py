"""J2 Join and claim: a coordinator signs up, speaks for her town and writes its profile."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import texts
from accounts.models import User
from directory.models import Claim, Municipality
from notifications.delivery import deliver_due
from tests.conftest import signed_in
from tests.factories.directory import ClaimFactory, CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

PUBLIC = ("/", "/partnerships/", "/municipalities/", "/municipalities/ulm/", "/contact/municipality/ulm/")
FOR_MEMBERS = ("/desk/", "/welcome/", "/municipalities/ulm/claim/", "/municipalities/ulm/edit/", "/claims/1/")


@pytest.fixture(autouse=True)
def _terms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_providers", {**texts._providers, texts.TERMS: lambda: 7})


@pytest.fixture
def ulm(db: None) -> Municipality:
    return MunicipalityFactory(
        name="Ulm", slug="ulm", official_domains=["ulm.example"], country=CountryFactory(languages=["de"])
    )


def key_in(client: Client, address: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', client.get(address).content.decode())
    assert found, address
    return found[1]


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def sign_up(client: Client, email: str) -> None:
    client.post("/accounts/signup/", {"email": email, "password1": "correct horse", "terms": "on"})


def confirm(client: Client) -> str:
    code = re.search(r"^\s*(\d{3}-\d{3}-\d{3})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    return str(client.post("/accounts/confirm-email/", {"code": code[1]})["Location"])


def deliver() -> list[tuple[str, str, str]]:
    """What goes out with the next sweep: to whom, subject, text."""
    mail.outbox.clear()
    deliver_due(now=timezone.now())
    return [(sent.to[0], sent.subject, str(sent.body)) for sent in mail.outbox]


def test_coordinator_joins_and_speaks_for_her_town(ulm: Municipality, admin: User) -> None:
    client = Client()
    client.cookies["django_language"] = "de"

    # 1: registered, but not confirmed: public pages only
    sign_up(client, "karin@mail.example")
    assert [client.get(page).status_code for page in PUBLIC] == [200] * len(PUBLIC)
    assert [client.get(page).status_code for page in FOR_MEMBERS] == [302] * len(FOR_MEMBERS)
    assert all(client.get(page)["Location"].startswith("/accounts/login/") for page in FOR_MEMBERS)

    # 2 and 3: confirmed by code; three questions, one a page
    assert confirm(client) == "/welcome/"
    karin = User.objects.get(email="karin@mail.example")
    assert "Willkommen. Wer sind Sie?" in text_of(client, "/welcome/")

    # 4: her town from the list under the field
    found = client.get("/municipalities/suggest/?q=ul").json()
    assert [one["label"] for one in found] == ["Ulm"]
    question = f"/welcome/?who=town_hall&place=Ulm&place_number={found[0]['value']}"
    answer = client.post(question, {"next": "claim", "key": key_in(client, question)})
    assert answer["Location"] == "/municipalities/ulm/claim/"

    # 5: the account's domain is another one: checked by hand, not refused; the official address is proven by link
    form = answer["Location"]
    values = {"role": "coordinator", "official_email": "karin@ulm.example", "reason": "Stelle im Hauptamt"}
    answer = client.post(form, values | {"key": key_in(client, form)})
    claim = Claim.objects.get()
    assert answer["Location"] == f"/claims/{claim.pk}/"
    assert (claim.state, claim.is_official_domain) == ("open", False)
    assert "liegt bei uns" in text_of(client, "/desk/")
    told = deliver()
    assert sorted(to for to, _subject, _text in told) == sorted([admin.email, "karin@ulm.example"])
    link = re.search(
        r"https://vipad\.example(/claim-address/\S+/)", next(t for to, _s, t in told if "ulm" in to)
    )
    assert link
    mailbox_reader = Client()
    mailbox_reader.post(link[1], {"key": key_in(mailbox_reader, link[1])})
    claim.refresh_from_db()
    assert claim.is_official_domain is True

    # 6: the office sees and accepts it
    office = signed_in(admin)
    assert "1 Person möchte für eine Kommune sprechen" in text_of(office, "/desk/")
    page = text_of(office, f"/admin/directory/claim/{claim.pk}/change/")
    assert "Stelle im Hauptamt" in page
    office.post(f"/admin/directory/claim/{claim.pk}/change/", {"state": "accepted", "answer": "Willkommen!"})
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("accepted", admin)
    assert LogEntry.objects.filter(object_id=str(claim.pk), user=admin).count() == 1

    # 7: she gets the mail and writes the profile in German and English
    to, subject, text = deliver()[0]
    assert (to, subject) == (karin.email, "Sie sprechen jetzt für Ulm")
    assert "Willkommen!" in text
    assert "https://vipad.example/municipalities/ulm/edit/" in text
    values = {
        "description_de": "Wir suchen Partner.",
        "description_en": "We look for partners.",
        "website": "",
    }
    edit = "/municipalities/ulm/edit/"
    client.post(edit, values | {"base_version": "1", "key": key_in(client, edit)})
    visitor = Client()
    visitor.cookies["django_language"] = "en"
    page = text_of(visitor, "/municipalities/ulm/")
    assert "We look for partners." in page
    assert "Wir suchen Partner." in page
    assert re.search(r"confirmed on \d+ \w+ \d{4}", page)
    assert "karin@" not in page


def test_a_second_claim_goes_to_the_first_holder_for_consent(
    ulm: Municipality, coordinator: User, participant: User, admin: User
) -> None:
    ClaimFactory(municipality=ulm, person=coordinator, accepted=True)
    second, form = signed_in(participant), "/municipalities/ulm/claim/"
    assert "Wir fragen diese Person" in text_of(second, form)
    values = {"role": "deputy", "official_email": "", "reason": "Neu im Amt"}

    address = second.post(form, values | {"key": key_in(second, form)})["Location"]

    told = {to: subject for to, subject, _text in deliver()}
    assert told[coordinator.email] == "Teilnehmer möchte auch für Ulm sprechen: Sind Sie einverstanden?"
    holder = signed_in(coordinator)
    assert f'href="{address}"' in text_of(holder, "/desk/")
    holder.post(address, {"answer": "agrees", "key": key_in(holder, address)})
    assert [(to, subject) for to, subject, _text in deliver()] == [
        (admin.email, "Zweite Anfrage für Ulm: einverstanden")
    ]
    assert Claim.objects.get(person=participant).state == "open"

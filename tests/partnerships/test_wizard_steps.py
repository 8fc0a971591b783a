import re

import pytest
from django.test import Client

from directory.models import Municipality, Topic
from partnerships import queries
from partnerships.models import PartnershipDraft
from tests.factories.directory import CountryFactory, MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory
from tests.partnerships.wizard_pages import at, kept

pytestmark = pytest.mark.django_db


# Kind and years


def kind(writer: Client, draft: PartnershipDraft, **data: object) -> object:
    return writer.post(at(draft, "kind"), {"kind": "partnership", "status": "active", **data})


def test_kind_and_years_are_kept(writer: Client, filled: PartnershipDraft) -> None:
    answer = kind(
        writer, filled, first_contact_year="1974", signed_on="1986-05-02", council_decided_on="1985-12-01"
    )

    assert answer["Location"] == at(filled, "work")  # type: ignore[index]
    assert kept(filled, "kind") == {
        "kind": "partnership",
        "status": "active",
        "first_contact_year": 1974,
        "signed_year": 1986,
        "signed_on": "1986-05-02",
        "renewed_year": None,
        "council_decided_on": "1985-12-01",
        "ended_year": None,
        "end_reason_en": "",
    }


def test_what_was_filled_in_stands_in_the_form_again(writer: Client, filled: PartnershipDraft) -> None:
    kind(writer, filled, status="ended", ended_year="2010", end_reason="No one left", signed_on="1986-05-02")

    page = writer.get(at(filled, "kind")).content.decode()

    assert 'name="signed_on" class="kern-form-input__input" value="1986-05-02"' in page
    assert 'value="No one left"' in page
    assert re.search(r'name="status"[^>]* value="ended"[^>]* checked', page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": ""}, "This field is required."),
        ({"kind": "nonsense"}, "Select a valid choice."),
        ({"status": "unknown"}, "Select a valid choice."),
        ({"signed_year": "1799"}, "Please enter a year between 1800 and"),
        ({"signed_year": "3000"}, "Please enter a year between 1800 and"),
        ({"signed_year": "May"}, "Please write the year with four digits."),
        ({"signed_on": "1750-01-01"}, "Please enter a day between 1800 and"),
        ({"signed_on": "1986-05-02", "signed_year": "1987"}, "This day lies in another year"),
        ({"first_contact_year": "1990", "signed_year": "1986"}, "cannot be before the first contact"),
        ({"renewed_year": "1980", "signed_year": "1986"}, "cannot be renewed before it was signed"),
        ({"status": "ended", "end_reason": "x"}, "Please say in which year it ended."),
        ({"status": "ended", "ended_year": "2010"}, "Please say in one sentence why it ended."),
        (
            {"status": "ended", "ended_year": "1980", "end_reason": "x", "signed_year": "1986"},
            "It cannot end before it was signed.",
        ),
    ],
)
def test_wrong_facts_are_said_at_their_field(
    writer: Client, filled: PartnershipDraft, data: dict[str, str], sentence: str
) -> None:
    before = kept(filled, "kind")

    answer = kind(writer, filled, **data)

    assert sentence in answer.content.decode()  # type: ignore[attr-defined]
    assert kept(filled, "kind") == before


def test_what_ended_is_forgotten_when_it_has_not(writer: Client, filled: PartnershipDraft) -> None:
    kind(writer, filled, ended_year="2010", end_reason="x")

    assert (kept(filled, "kind")["ended_year"], kept(filled, "kind")["end_reason_en"]) == (None, "")


def test_a_kind_that_is_entered_already_is_refused_with_the_entry(
    writer: Client, filled: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(slug="there", towns=[pecs, ulm])
    filled.data["other-side"]["another_than"] = queries.sides_key([ulm, pecs])
    filled.save()

    page = kind(writer, filled).content.decode()  # type: ignore[attr-defined]

    assert "There is already a partnership of this kind between them: Pécs – Ulm." in page


def test_of_a_hidden_entry_of_that_kind_only_so_much_is_said(
    writer: Client, filled: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(slug="secret", towns=[pecs, ulm], published_at=None)

    page = kind(writer, filled).content.decode()  # type: ignore[attr-defined]

    assert "An entry of this kind is with us already" in page
    assert "secret" not in page


def test_of_many_sides_it_is_asked_how_they_belong_together(writer: Client, filled: PartnershipDraft) -> None:
    assert 'name="shape"' not in writer.get(at(filled, "kind")).content.decode()
    sides = [f"m{MunicipalityFactory().pk}" for _number in range(3)]
    filled.data["other-side"] = {"sides": sides}
    filled.save()

    assert "This field is required." in kind(writer, filled).content.decode()  # type: ignore[attr-defined]
    kind(writer, filled, shape="network")
    assert kept(filled, "kind")["shape"] == "network"


# What you do, contacts


def test_topics_languages_and_aims_are_kept(writer: Client, filled: PartnershipDraft, youth: Topic) -> None:
    data = {"topics": ["youth"], "languages": ["de", "hu"], "aims_de": "Austausch", "aims_en": ""}

    answer = writer.post(at(filled, "work"), data)

    assert answer["Location"] == at(filled, "contacts")
    assert kept(filled, "work") == data
    page = writer.get(at(filled, "work")).content.decode()
    assert re.search(r'name="topics"[^>]* value="youth"[^>]* checked', page)


@pytest.mark.parametrize(
    ("country", "languages", "suggested"),
    [
        ("HU", ["hu"], "hu"),
        ("RS", ["sr", "sr-latn"], "sr"),
        ("ME", ["sr-latn"], "sr-latn"),
        ("BA", ["bs", "hr", "sr"], "bs"),
        ("MD", ["ro"], "ro"),
        ("AT", ["de"], "de"),
        ("FR", ["fr"], "en"),
    ],
)
def test_the_invitation_is_in_the_language_of_the_other_side(
    writer: Client, filled: PartnershipDraft, country: str, languages: list[str], suggested: str
) -> None:
    known = CountryFactory(code=country, name_de=country, name_en=country)
    known.languages = languages
    known.save()
    town = MunicipalityFactory(country=known)
    filled.data["other-side"] = {"sides": [f"m{town.pk}"]}
    filled.save()

    page = writer.get(at(filled, "contacts")).content.decode()

    assert re.search(rf'<option value="{suggested}"[^>]* selected', page)


def contacts(writer: Client, draft: PartnershipDraft, pecs: Municipality, **data: str) -> object:
    named = {f"{name}_m{pecs.pk}": value for name, value in ({"language": "hu"} | data).items()}
    return writer.post(at(draft, "contacts"), {"role": "deputy", **named})


def test_whom_to_ask_is_kept(writer: Client, filled: PartnershipDraft, pecs: Municipality) -> None:
    answer = contacts(writer, filled, pecs, name="Éva", email="eva@pecs.example", language="en")

    assert answer["Location"] == at(filled, "check")  # type: ignore[index]
    assert kept(filled, "contacts") == {
        "role": "deputy",
        "others": {f"m{pecs.pk}": {"name": "Éva", "email": "eva@pecs.example", "language": "en"}},
    }


def test_nobody_need_be_named(writer: Client, filled: PartnershipDraft, pecs: Municipality) -> None:
    contacts(writer, filled, pecs)

    assert kept(filled, "contacts") == {"role": "deputy", "others": {}}
    assert "to be invited later" in writer.get(at(filled, "check")).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": "Éva"}, "Without an address we cannot ask anybody."),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"email": "Coordinator@Ulm.example"}, "This is your own address."),
    ],
)
def test_wrong_contacts_are_said_at_their_field(
    writer: Client, filled: PartnershipDraft, pecs: Municipality, data: dict[str, str], sentence: str
) -> None:
    answer = contacts(writer, filled, pecs, **data)

    assert sentence in answer.content.decode()  # type: ignore[attr-defined]

import re

import pytest
from django.test import Client

from accounts.models import User
from directory.models import Municipality
from partnerships.models import PartnershipDraft
from partnerships.views import places, wizard
from tests.conftest import signed_in
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory
from tests.partnerships.wizard_pages import NEW, at, kept, key_of, send

pytestmark = pytest.mark.django_db


# Our side


def test_towns_a_person_speaks_for_are_offered_first(
    speaker: User, writer: Client, ulm: Municipality
) -> None:
    page = writer.get(NEW).content.decode()

    assert re.search(rf'name="mine"[^>]* value="m{ulm.pk}"[^>]* checked', page)

    answer = send(writer, NEW, mine=f"m{ulm.pk}")
    draft = PartnershipDraft.objects.get()
    assert answer["Location"] == at(draft, "other-side")  # type: ignore[index]
    assert (draft.data, draft.person) == ({"our-side": {"side": f"m{ulm.pk}"}}, speaker)


def test_a_typed_place_wins_over_what_was_offered(
    speaker: User, writer: Client, ulm: Municipality, fellbach: Municipality
) -> None:
    send(writer, NEW, mine=f"m{ulm.pk}", typed="fellbach")

    assert kept(PartnershipDraft.objects.get(), "our-side") == {"side": f"m{fellbach.pk}"}


def test_of_places_of_one_name_the_person_chooses(writer: Client) -> None:
    first, second = (MunicipalityFactory(name="Leonberg", region=RegionFactory(name=name)) for name in "AB")
    page = writer.get(NEW).content.decode()
    key = key_of(page)

    asked = writer.post(NEW, {"key": key, "typed": "Leonberg"})
    words = asked.content.decode()
    assert re.search(rf'name="option"[^>]* value="m{first.pk}"', words)
    assert "Leonberg (A, Germany)" in words
    assert "Please choose the place you mean." in words
    assert PartnershipDraft.objects.count() == 0

    writer.post(NEW, {"key": key, "typed": "Leonberg", "asked": "Leonberg", "option": f"m{second.pk}"})
    assert kept(PartnershipDraft.objects.get(), "our-side") == {"side": f"m{second.pk}"}


def test_what_was_offered_for_another_text_does_not_count(writer: Client, ulm: Municipality) -> None:
    other = MunicipalityFactory(name="Leonberg")

    send(writer, NEW, typed="Ulm", asked="Leonberg", option=f"m{other.pk}")

    assert kept(PartnershipDraft.objects.get(), "our-side") == {"side": f"m{ulm.pk}"}


def test_what_is_chosen_from_the_suggestions_counts(writer: Client, ulm: Municipality) -> None:
    MunicipalityFactory(name="Ulm")

    send(writer, NEW, typed="Ulm", chosen=f"m{ulm.pk}")

    assert kept(PartnershipDraft.objects.get(), "our-side") == {"side": f"m{ulm.pk}"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Please say which town, district or county you belong to."),
        ({"typed": "Nowhereville"}, "We know no place of this name."),
        ({"typed": "Nowhereville", "chosen": "m999999"}, "We know no place of this name."),
        ({"typed": "x", "chosen": "r1'--"}, "We know no place of this name."),
    ],
)
def test_no_place_is_said_at_the_field(writer: Client, data: dict[str, str], sentence: str) -> None:
    answer = send(writer, NEW, **data)

    assert sentence in answer.content.decode()  # type: ignore[attr-defined]
    assert PartnershipDraft.objects.count() == 0


def test_begun_drafts_are_offered_to_go_on_with(writer: Client, filled: PartnershipDraft) -> None:
    page = writer.get(NEW).content.decode()

    assert "Go on with Ulm – Pécs" in page
    assert f'href="{at(filled, "check")}"' in page


def test_the_own_side_can_be_changed_later(
    writer: Client, filled: PartnershipDraft, fellbach: Municipality
) -> None:
    assert " checked" in writer.get(at(filled, "our-side")).content.decode()

    answer = writer.post(at(filled, "our-side") + "?then=check", {"typed": "Fellbach"})

    assert answer["Location"] == at(filled, "check")
    assert kept(filled, "our-side") == {"side": f"m{fellbach.pk}"}


# The other sides


def test_one_partner_leads_to_the_next_step(
    writer: Client, begun: PartnershipDraft, pecs: Municipality
) -> None:
    answer = writer.post(at(begun, "other-side"), {"typed": "Fünfkirchen"})

    assert answer["Location"] == at(begun, "kind")
    assert kept(begun, "other-side")["sides"] == [f"m{pecs.pk}"]


def test_one_side_after_the_other_is_added_and_removed(
    writer: Client, begun: PartnershipDraft, pecs: Municipality, baja: Municipality
) -> None:
    step = at(begun, "other-side")

    added = writer.post(step, {"typed": "Pécs", "add": "yes"})
    assert added["Location"] == step
    writer.post(step, {"typed": "Baja", "add": "yes"})
    page = writer.get(step).content.decode()
    assert f'name="remove" value="m{pecs.pk}"' in page
    assert kept(begun, "other-side")["sides"] == [f"m{pecs.pk}", f"m{baja.pk}"]

    writer.post(step, {"remove": f"m{pecs.pk}"})
    assert kept(begun, "other-side")["sides"] == [f"m{baja.pk}"]

    assert writer.post(step, {"typed": ""})["Location"] == at(begun, "kind")


def test_a_county_may_be_the_partner(writer: Client, begun: PartnershipDraft) -> None:
    county = RegionFactory(name="Baranya", kind="county", country=CountryFactory(code="HU"))

    writer.post(at(begun, "other-side"), {"typed": "Baranya"})

    assert kept(begun, "other-side")["sides"] == [f"r{county.pk}"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please say who your partner is."),
        ("Ulm", "The same place stands on two sides."),
        ("Mintafalva", "Invented examples and real municipalities do not go together."),
    ],
)
def test_wrong_partners_are_refused_at_the_field(
    writer: Client, begun: PartnershipDraft, typed: str, sentence: str
) -> None:
    MunicipalityFactory(name="Mintafalva", is_demo=True)

    answer = writer.post(at(begun, "other-side"), {"typed": typed})

    assert sentence in answer.content.decode()
    assert kept(begun, "other-side") == {}


def test_more_sides_than_the_register_holds_are_refused(
    writer: Client, begun: PartnershipDraft, pecs: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wizard.actions, "MOST_SIDES", 1)

    answer = writer.post(at(begun, "other-side"), {"typed": "Pécs"})

    assert "at most 1 sides" in answer.content.decode()


def test_an_entry_between_the_sides_is_shown_before_another_is_begun(
    writer: Client, begun: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    existing = PartnershipFactory(towns=[pecs, ulm], kind="friendship")
    step = at(begun, "other-side")

    answer = writer.post(step, {"typed": "Pécs"})
    assert answer["Location"] == step
    page = writer.get(step).content.decode()
    assert "These places are in the register together already" in page
    assert f'<a href="/partnerships/{existing.slug}/">Pécs – Ulm</a>' in page

    refused = writer.post(step, {"typed": ""})
    assert "Please tick this" in refused.content.decode()

    assert writer.post(step, {"typed": "", "is_another": "on"})["Location"] == at(begun, "kind")


def test_an_entry_the_person_may_not_see_is_not_mentioned(
    writer: Client, begun: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(slug="secret", towns=[pecs, ulm], kind="friendship", published_at=None)

    answer = writer.post(at(begun, "other-side"), {"typed": "Pécs"})

    assert answer["Location"] == at(begun, "kind")


# A missing place


def place(writer: Client, draft: PartnershipDraft, **data: object) -> object:
    return send(writer, at(draft, "place"), **{"name": "Selo", "country": "RS", **data})


@pytest.fixture
def serbia(db: None) -> None:
    country = CountryFactory(code="RS", languages=["sr", "sr-latn"])
    RegionFactory(country=country, code="RS-06", name="Južna Bačka")


def test_a_missing_place_becomes_one_more_side(
    serbia: None, writer: Client, begun: PartnershipDraft, admin: User
) -> None:
    answer = place(writer, begun, region="južna backa")

    town = Municipality.objects.get(name="Selo")
    assert answer["Location"] == at(begun, "other-side")  # type: ignore[index]
    assert kept(begun, "other-side")["sides"] == [f"m{town.pk}"]
    assert (town.region.name, town.country_id, town.kind) == ("Južna Bačka", "RS", "place")  # type: ignore[union-attr]


def test_a_place_of_that_name_is_shown_first(serbia: None, writer: Client, begun: PartnershipDraft) -> None:
    known = MunicipalityFactory(name="Selo", country=CountryFactory(code="RS"))

    asked = place(writer, begun)
    assert f'name="known" value="m{known.pk}"' in asked.content.decode()  # type: ignore[attr-defined]
    assert Municipality.objects.filter(name="Selo").count() == 1

    place(writer, begun, is_new="on")
    assert Municipality.objects.filter(name="Selo").count() == 2


def test_the_place_that_was_meant_is_chosen(serbia: None, writer: Client, begun: PartnershipDraft) -> None:
    known = MunicipalityFactory(name="Selo", country=CountryFactory(code="RS"))

    for _time in range(2):
        writer.post(at(begun, "place"), {"known": f"m{known.pk}"})
    writer.post(at(begun, "place"), {"known": "m999999"})

    assert kept(begun, "other-side")["sides"] == [f"m{known.pk}"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"region": "Atlantis"}, "We know no region of this name in Serbia."),
        ({"name": "12 3"}, "Please write the name of the place."),
        ({"country": "XX"}, "Select a valid choice."),
    ],
)
def test_a_wrong_place_is_said_at_its_field(
    serbia: None, writer: Client, begun: PartnershipDraft, data: dict[str, str], sentence: str
) -> None:
    answer = place(writer, begun, **data)

    assert sentence in answer.content.decode()  # type: ignore[attr-defined]
    assert Municipality.objects.filter(country="RS").count() == 0


def test_the_same_place_sent_twice_is_entered_once(
    serbia: None, writer: Client, begun: PartnershipDraft
) -> None:
    path = at(begun, "place")
    data = {"key": key_of(writer.get(path).content.decode()), "name": "Selo", "country": "RS"}

    answers = [writer.post(path, data) for _time in range(2)]

    assert [answer["Location"] for answer in answers] == [at(begun, "other-side")] * 2
    assert Municipality.objects.filter(name="Selo").count() == 1


def test_another_place_in_the_same_form_is_another_place(
    serbia: None, writer: Client, begun: PartnershipDraft
) -> None:
    path = at(begun, "place")
    key = key_of(writer.get(path).content.decode())

    for name in ("Selo", "Drugo selo"):
        writer.post(path, {"key": key, "name": name, "country": "RS"})

    assert Municipality.objects.filter(country="RS").count() == 2


def test_only_so_many_places_an_hour(
    serbia: None, writer: Client, begun: PartnershipDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_PLACES", 1)
    place(writer, begun)

    answer = place(writer, begun, name="Drugo selo")

    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert Municipality.objects.filter(country="RS").count() == 1


def test_an_example_takes_no_real_place(
    serbia: None, writer: Client, begun: PartnershipDraft, ulm: Municipality
) -> None:
    Municipality.objects.filter(pk=ulm.pk).update(is_demo=True)

    answer = place(writer, begun)

    assert "Invented examples and real municipalities" in answer.content.decode()  # type: ignore[attr-defined]


def test_the_place_of_another_persons_draft_is_not_found(
    begun: PartnershipDraft, outsider: User, serbia: None
) -> None:
    assert signed_in(outsider).get(at(begun, "place")).status_code == 404

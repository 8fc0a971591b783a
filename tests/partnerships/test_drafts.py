from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from accounts.models import User
from directory.models import Municipality
from partnerships import actions, queries
from partnerships.models import Partnership, PartnershipDraft
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_german(db: None) -> Iterator[None]:
    with translation.override("de"):
        yield


def missing(draft: PartnershipDraft) -> list[str]:
    draft.refresh_from_db()
    return queries.open_steps(queries.entry_of(draft), draft.person)


def change(draft: PartnershipDraft, step: str, **values: object) -> None:
    draft.data = {**draft.data, step: {**draft.data.get(step, {}), **values}}
    draft.save()


def test_each_step_is_kept_beside_the_others(coordinator: User, now: datetime) -> None:
    later = now + timedelta(minutes=5)
    draft = actions.start_draft(step="our-side", values={"side": "m1"}, by=coordinator, now=now)

    actions.save_step(draft=draft, step="work", values={"topics": ["youth"]}, now=later)
    # Another window has not seen what was just saved.
    actions.save_step(draft=draft, step="our-side", values={"side": "m2"}, now=later)

    draft.refresh_from_db()
    assert draft.data == {"our-side": {"side": "m2"}, "work": {"topics": ["youth"]}}
    assert (draft.started_at, draft.changed_at) == (now, later)


def test_a_registered_or_discarded_draft_takes_nothing_more(filled: PartnershipDraft, now: datetime) -> None:
    gone = PartnershipDraft.objects.create(person=filled.person, started_at=now, changed_at=now)
    actions.register_partnership(draft=filled, by=filled.person, now=now)
    actions.discard_draft(draft=gone, by=filled.person)

    for draft in (filled, gone):
        with pytest.raises(actions.DraftIsClosed):
            actions.save_step(draft=draft, step="work", values={}, now=now)


def test_discarding_a_registered_draft_leaves_it(filled: PartnershipDraft, now: datetime) -> None:
    actions.register_partnership(draft=filled, by=filled.person, now=now)

    actions.discard_draft(draft=filled, by=filled.person)

    assert PartnershipDraft.objects.count() == 1


def test_drafts_are_kept_for_half_a_year_after_the_last_change(coordinator: User, now: datetime) -> None:
    old = actions.start_draft(step="our-side", values={}, by=coordinator, now=now)
    kept = actions.start_draft(step="our-side", values={}, by=coordinator, now=now)
    actions.save_step(draft=kept, step="work", values={}, now=now + timedelta(days=10))

    assert actions.forget_old_drafts(now=now + timedelta(days=179)) == 0
    assert actions.forget_old_drafts(now=now + timedelta(days=181)) == 1
    assert list(PartnershipDraft.objects.all()) == [kept]
    assert not PartnershipDraft.objects.filter(pk=old.pk).exists()


def test_a_full_draft_lacks_nothing(filled: PartnershipDraft) -> None:
    assert missing(filled) == []
    assert queries.entry_of(filled).title == "Ulm – Pécs (Fünfkirchen)"


def test_an_empty_draft_lacks_what_is_required(coordinator: User, now: datetime) -> None:
    draft = actions.start_draft(step="work", values={}, by=coordinator, now=now)

    assert missing(draft) == ["our-side", "other-side", "kind", "contacts"]
    assert queries.entry_of(draft).title == "…"


def test_a_draft_of_the_same_place_twice_lacks_its_other_side(
    filled: PartnershipDraft, ulm: Municipality
) -> None:
    change(filled, "other-side", sides=[queries.code_of(ulm)])

    assert missing(filled) == ["other-side"]


def test_a_draft_that_mixes_examples_and_real_places_lacks_its_other_side(filled: PartnershipDraft) -> None:
    change(filled, "other-side", sides=[queries.code_of(MunicipalityFactory(is_demo=True))])

    assert missing(filled) == ["other-side"]


def test_of_four_sides_it_is_asked_how_they_belong_together(
    filled: PartnershipDraft, baja: Municipality, timisoara: Municipality, fellbach: Municipality
) -> None:
    others = list(map(queries.code_of, (baja, timisoara)))
    change(filled, "other-side", sides=others)
    assert (missing(filled), queries.entry_of(filled).shape) == ([], "triangular")

    change(filled, "other-side", sides=[*others, queries.code_of(fellbach)])
    assert missing(filled) == ["kind"]

    change(filled, "kind", shape="ring")
    assert (missing(filled), queries.entry_of(filled).shape) == ([], "ring")


def test_another_entry_between_the_sides_is_to_be_looked_at(
    filled: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(towns=[pecs, ulm], kind="friendship")
    assert missing(filled) == ["other-side"]

    change(filled, "other-side", another_than=queries.sides_key([ulm, pecs]))
    assert missing(filled) == []


def test_what_was_said_of_other_sides_does_not_count(
    filled: PartnershipDraft, ulm: Municipality, pecs: Municipality, baja: Municipality
) -> None:
    PartnershipFactory(towns=[pecs, ulm], kind="friendship")

    change(filled, "other-side", another_than=queries.sides_key([ulm, baja]))

    assert missing(filled) == ["other-side"]


def test_an_entry_the_writer_may_not_see_is_no_hint(
    filled: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(towns=[pecs, ulm], kind="friendship", published_at=None)

    assert missing(filled) == []


def test_the_same_kind_between_the_same_sides_is_taken(
    filled: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    PartnershipFactory(towns=[pecs, ulm], published_at=None)

    assert missing(filled) == ["kind"]


def test_a_draft_follows_a_merge(
    filled: PartnershipDraft, pecs: Municipality, admin: User, now: datetime
) -> None:
    from directory.actions import merge_municipalities

    kept = MunicipalityFactory(name="Pécs-Baranya", country=CountryFactory(code="HU"))
    merge_municipalities(kept=kept, gone=pecs, by=admin, now=now)

    entry = queries.entry_of(filled)

    assert [party.name for party in entry.parties] == ["Ulm", "Pécs-Baranya"]
    assert entry.contact_of(queries.code_of(pecs)) is not None
    assert missing(filled) == []


def test_titles_of_many_drafts_need_one_query(
    filled: PartnershipDraft, now: datetime, django_assert_num_queries: object
) -> None:
    drafts = [filled, *(PartnershipDraft(person=filled.person, data=filled.data) for _number in range(3))]

    with django_assert_num_queries(1):  # type: ignore[operator]
        titles = queries.titles_of(drafts)

    assert titles == ["Ulm – Pécs (Fünfkirchen)"] * 4


def test_codes_that_are_none_lead_nowhere(ulm: Municipality) -> None:
    codes = ["", "m", "m0", "x1", "m-1", "r99999", "m" + "9" * 30, f"m{ulm.pk} "]

    assert queries.parties_of(codes) == {}


def test_states_and_urban_districts_are_no_sides() -> None:
    state, city = RegionFactory(kind="state"), RegionFactory(kind="urban_district")
    county = RegionFactory(kind="county", name="Baranya", country=CountryFactory(code="HU"))

    assert queries.party_of(queries.code_of(state)) is None
    assert queries.party_of(queries.code_of(city)) is None
    assert queries.party_of(queries.code_of(county)) == county
    assert [hit.label for hit in queries.suggested("baran")] == ["Baranya (Komitat / Kreis, Ungarn)"]


def test_one_place_of_exactly_this_name_is_meant(ulm: Municipality) -> None:
    MunicipalityFactory(name="Neu-Ulm")

    meant = queries.meant_by("ULM")

    assert (meant.is_certain, [hit.name for hit in meant.hits]) == (True, ["Ulm"])


def test_several_places_of_one_name_are_offered_with_their_regions() -> None:
    for name in ("Böblingen", "Calw"):
        MunicipalityFactory(name="Leonberg", region=RegionFactory(name=name))

    meant = queries.meant_by("leonberg")

    assert not meant.is_certain
    assert sorted(hit.label for hit in meant.hits) == [
        "Leonberg (Böblingen, Deutschland)",
        "Leonberg (Calw, Deutschland)",
    ]


@pytest.mark.parametrize("typed", ["", "!!!", "\x00", "x" * 500, "%", "zzzzzz"])
def test_odd_texts_mean_nothing(ulm: Municipality, typed: str) -> None:
    assert queries.meant_by(typed).hits == []
    assert Partnership.objects.count() == 0

import threading
from datetime import datetime

import pytest
from django.db import connection

from directory.models import Municipality, Topic
from partnerships import actions
from partnerships.models import Partnership, PartnershipSide
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory, TopicFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


def register(*sides: object, now: datetime | None = None, **facts: object) -> Partnership:
    return actions.register(sides=list(sides), facts={"kind": "partnership", **facts}, publish_at=now)  # type: ignore[arg-type]


def test_registering_writes_sides_in_order_and_everything_derived(
    fellbach: Municipality, pecs: Municipality, youth: Topic, sport: Topic, now: datetime
) -> None:
    partnership = actions.register(
        sides=[fellbach, pecs],
        facts={"kind": "partnership", "signed_year": 1986},
        topics=[sport, youth],
        publish_at=now,
    )

    partnership.refresh_from_db()
    assert [side.party for side in partnership.sides.all()] == [fellbach, pecs]
    assert partnership.slug == "fellbach-pecs"
    assert partnership.sides_key == "|".join(sorted([f"m{fellbach.pk}", f"m{pecs.pk}"]))
    assert partnership.countries == ["HU"]
    assert partnership.topic_codes == ["youth", "sport"]
    assert partnership.sort_key == "fellbach pecs"
    assert "|funfkirchen|" in partnership.search_text
    assert partnership.published_at == now


def test_address_gets_a_number_when_it_is_taken(fellbach: Municipality, pecs: Municipality) -> None:
    register(fellbach, pecs)

    assert register(fellbach, pecs, kind="friendship").slug == "fellbach-pecs-2"
    assert register(fellbach, pecs, kind="contact").slug == "fellbach-pecs-3"


def test_address_leaves_out_what_stands_in_brackets(pecs: Municipality) -> None:
    singen = MunicipalityFactory(name="Singen (Hohentwiel)")

    assert register(singen, pecs).slug == "singen-pecs"


def test_same_pair_and_kind_exists_once_in_either_order(fellbach: Municipality, pecs: Municipality) -> None:
    first = register(fellbach, pecs)

    with pytest.raises(actions.SamePairExists) as caught:
        register(pecs, fellbach)

    assert caught.value.existing == first
    assert Partnership.objects.count() == 1
    assert PartnershipSide.objects.count() == 2


def test_same_three_sides_exist_once_in_any_order(
    fellbach: Municipality, pecs: Municipality, timisoara: Municipality
) -> None:
    register(fellbach, pecs, timisoara)

    with pytest.raises(actions.SamePairExists):
        register(timisoara, fellbach, pecs)


def test_same_pair_may_have_two_kinds(fellbach: Municipality, pecs: Municipality) -> None:
    register(fellbach, pecs)

    register(pecs, fellbach, kind="friendship")

    assert Partnership.objects.count() == 2


def test_another_error_of_the_database_is_not_taken_for_a_double(
    fellbach: Municipality, pecs: Municipality, baja: Municipality
) -> None:
    from django.db import IntegrityError

    actions.register(sides=[fellbach, pecs], facts={}, slug="taken", publish_at=None)

    with pytest.raises(IntegrityError):
        actions.register(sides=[fellbach, baja], facts={}, slug="taken", publish_at=None)


def test_partnership_needs_two_different_sides(fellbach: Municipality, pecs: Municipality) -> None:
    with pytest.raises(actions.TooFewSides):
        register(fellbach)
    with pytest.raises(actions.SidesMustDiffer):
        register(fellbach, pecs, fellbach)

    assert Partnership.objects.count() == 0


def test_partnership_has_only_so_many_sides(monkeypatch: pytest.MonkeyPatch, fellbach: Municipality) -> None:
    monkeypatch.setattr(actions.entries, "MOST_SIDES", 2)

    with pytest.raises(actions.TooManySides):
        register(fellbach, MunicipalityFactory(), MunicipalityFactory())


def test_region_may_be_a_side(fellbach: Municipality) -> None:
    district = RegionFactory(code="DE-08136", name="Ostalbkreis")
    county = RegionFactory(code="RO-SM", name="Satu Mare", country=CountryFactory(code="RO"))

    partnership = register(district, county)

    assert [side.party for side in partnership.sides.all()] == [district, county]
    assert partnership.countries == ["RO"]
    assert partnership.slug == "ostalbkreis-satu-mare"


def test_partner_in_bavaria_counts_as_germany(ulm: Municipality, fellbach: Municipality) -> None:
    neu_ulm = MunicipalityFactory(name="Neu-Ulm", ags="09775135")

    assert register(ulm, neu_ulm).countries == ["DE"]
    assert register(ulm, fellbach).countries == ["DE"]


def test_saving_keeps_the_rows_of_sides_that_stay(
    fellbach: Municipality, pecs: Municipality, baja: Municipality, youth: Topic
) -> None:
    partnership = register(fellbach, pecs)
    partnership.topics.add(youth)
    stayed = partnership.sides.get(municipality=pecs)

    actions.save_partnership(partnership=partnership, sides=[pecs, baja])

    assert [side.party for side in partnership.sides.all()] == [pecs, baja]
    assert partnership.sides.get(municipality=pecs).pk == stayed.pk
    assert partnership.topic_codes == ["youth"]
    assert partnership.slug == "fellbach-pecs"


def test_municipalities_know_how_many_published_partnerships_they_have(
    fellbach: Municipality, pecs: Municipality, baja: Municipality, now: datetime
) -> None:
    def counts() -> list[int]:
        return [Municipality.objects.get(pk=town.pk).partnership_count for town in (fellbach, pecs, baja)]

    first = register(fellbach, pecs, now=now)
    register(fellbach, baja, kind="contact")
    assert counts() == [1, 1, 0]

    actions.save_partnership(partnership=first, sides=[fellbach, baja], topics=None)
    assert counts() == [1, 0, 1]

    actions.unpublish(partnership=first, now=now)
    assert counts() == [0, 0, 0]

    actions.publish(partnership=first, now=now)
    assert counts() == [1, 0, 1]

    actions.delete(partnership=first)
    assert counts() == [0, 0, 0]


def test_saving_refuses_the_pair_of_another_one(
    fellbach: Municipality, pecs: Municipality, baja: Municipality
) -> None:
    register(fellbach, pecs)
    other = register(fellbach, baja)

    with pytest.raises(actions.SamePairExists):
        actions.save_partnership(partnership=other, sides=[pecs, fellbach])

    assert [side.party for side in Partnership.objects.get(pk=other.pk).sides.all()] == [fellbach, baja]


def test_publishing_again_keeps_the_first_date(now: datetime) -> None:
    partnership = PartnershipFactory(published_at=now)

    actions.publish(partnership=partnership, now=now.replace(year=2030))

    partnership.refresh_from_db()
    assert partnership.published_at == now


def test_ending_keeps_a_known_year(now: datetime) -> None:
    partnership = PartnershipFactory(ended_year=2010)
    other = PartnershipFactory()

    actions.end(partnership=partnership, now=now)
    actions.end(partnership=other, year=2020, now=now)

    partnership.refresh_from_db()
    other.refresh_from_db()
    assert (partnership.status, partnership.ended_year) == ("ended", 2010)
    assert (other.status, other.ended_year) == ("ended", 2020)


def test_renamed_places_are_found_by_their_new_name(fellbach: Municipality, pecs: Municipality) -> None:
    county = RegionFactory(name="Old county")
    first, second = register(fellbach, pecs), register(fellbach, county)
    Municipality.objects.filter(pk=fellbach.pk).update(name="Neustadt", search_text="|neustadt|")
    county.search_text = "|new county|"
    county.save()

    fellbach.refresh_from_db()
    actions.refresh_partnerships_of(place=fellbach)
    actions.refresh_partnerships_of(place=county)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.search_text.startswith("|neustadt|pecs|")
    assert second.search_text == "|neustadt|new county|"
    assert first.sort_key == "neustadt pecs"


def test_topics_are_written_in_their_order(fellbach: Municipality, pecs: Municipality) -> None:
    last = TopicFactory(code="relief", position=9)
    first = TopicFactory(code="citizens", position=1)
    partnership = register(fellbach, pecs)

    actions.save_partnership(partnership=partnership, sides=[fellbach, pecs], topics=[last, first])

    assert Partnership.objects.get().topic_codes == ["citizens", "relief"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_cannot_enter_the_same_pair(fellbach: Municipality, pecs: Municipality) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def enter(*sides: Municipality) -> None:
        try:
            together.wait(10)
            register(*sides)
            outcomes.append("saved")
        except actions.SamePairExists:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=pair) for pair in ((fellbach, pecs), (pecs, fellbach))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(outcomes) == ["refused", "saved"]
    assert Partnership.objects.count() == 1

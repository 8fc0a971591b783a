from datetime import datetime

import pytest

from accounts.models import User
from directory.actions import merge_municipalities, merge_regions, save_municipality
from directory.merging import MergeConflict
from directory.models import Municipality
from partnerships.models import Partnership
from tests.factories.directory import CountryFactory, MunicipalityFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


def test_partnerships_follow_a_merged_town(
    fellbach: Municipality, pecs: Municipality, admin: User, now: datetime
) -> None:
    old = MunicipalityFactory(name="Mechenried", country=pecs.country)
    partnership = PartnershipFactory(towns=[fellbach, old])

    merge_municipalities(kept=pecs, gone=old, by=admin, now=now)

    partnership.refresh_from_db()
    assert [side.party for side in partnership.sides.all()] == [fellbach, pecs]
    assert partnership.sides_key == "|".join(sorted([f"m{fellbach.pk}", f"m{pecs.pk}"]))
    assert "|mechenried|" in partnership.search_text
    assert Municipality.objects.get(pk=pecs.pk).partnership_count == 1


def test_a_merge_stands_in_the_history_of_the_partnerships(
    fellbach: Municipality, pecs: Municipality, admin: User, now: datetime
) -> None:
    old = MunicipalityFactory(name="Mechenried", country=pecs.country)
    partnership = PartnershipFactory(towns=[fellbach, old])
    other = PartnershipFactory(towns=[fellbach, pecs], kind="friendship")

    merge_municipalities(kept=pecs, gone=old, by=admin, now=now)

    change = partnership.changes.get()
    assert (change.what, change.person, change.is_office, change.at) == ("edited", admin, True, now)
    assert (change.before, change.after) == (
        {"sides": ["Fellbach", "Mechenried"]},
        {"sides": ["Fellbach", "Pécs"]},
    )
    assert other.changes.count() == 0


def test_partnership_with_itself_is_refused(
    fellbach: Municipality, ulm: Municipality, admin: User, now: datetime
) -> None:
    partnership = PartnershipFactory(towns=[fellbach, ulm])

    with pytest.raises(MergeConflict, match="Fellbach – Ulm"):
        merge_municipalities(kept=fellbach, gone=ulm, by=admin, now=now)

    assert [side.party for side in partnership.sides.all()] == [fellbach, ulm]


def test_partnership_that_would_be_there_twice_is_refused(
    fellbach: Municipality, pecs: Municipality, baja: Municipality, admin: User, now: datetime
) -> None:
    PartnershipFactory(towns=[fellbach, pecs])
    PartnershipFactory(towns=[baja, fellbach])

    with pytest.raises(MergeConflict):
        merge_municipalities(kept=pecs, gone=baja, by=admin, now=now)

    assert Partnership.objects.filter(sides__municipality=baja).count() == 1


def test_regions_are_followed_too(fellbach: Municipality, admin: User, now: datetime) -> None:
    country = CountryFactory(code="HU")
    kept, gone = (RegionFactory(code=code, name=code, country=country) for code in ("HU-AA", "HU-BB"))
    partnership = PartnershipFactory(towns=[fellbach, gone])

    merge_regions(kept=kept, gone=gone, by=admin, now=now)

    partnership.refresh_from_db()
    assert partnership.sides_key == "|".join(sorted([f"m{fellbach.pk}", f"r{kept.pk}"]))


def test_a_town_that_moves_moves_its_partnerships(fellbach: Municipality, pecs: Municipality) -> None:
    partnership = PartnershipFactory(towns=[fellbach, pecs])
    fellbach.ags = "09119020"

    save_municipality(municipality=fellbach)

    partnership.refresh_from_db()
    assert partnership.countries == ["DE", "HU"]

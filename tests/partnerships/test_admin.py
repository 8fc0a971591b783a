import pytest
from django.test import Client
from structlog.testing import CapturingLogger

from accounts.models import User
from directory.models import Municipality, Topic
from partnerships import actions
from partnerships.models import Partnership
from tests.conftest import signed_in
from tests.factories.directory import MunicipalityFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/partnerships/partnership/"


@pytest.fixture
def office(admin: User) -> Client:
    return signed_in(admin, "en")


def typed(*sides: dict[str, object], **changes: object) -> dict[str, object]:
    """What the form sends; a side is its row of the inline."""
    data: dict[str, object] = {
        "base_version": 1, "kind": "partnership", "shape": "bilateral", "status": "active", "signed_year": "1986",
        "languages": ["de", "hu"],
        "aims_de": "Austausch", "aims_en": "", "end_reason_de": "", "end_reason_en": "",
        "source_url": "www.fellbach.de", "source_title": "Partners", "source_publisher": "", "evidence": "",
        "verified_on": "", "sides-TOTAL_FORMS": len(sides), "sides-INITIAL_FORMS": sum("id" in side for side in sides),
        "sides-MIN_NUM_FORMS": 0, "sides-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for number, side in enumerate(sides):
        data |= {f"sides-{number}-{name}": value for name, value in side.items()}
    return data | changes


def test_office_enters_a_partnership(
    office: Client, fellbach: Municipality, pecs: Municipality, youth: Topic
) -> None:
    sides = ({"position": 2, "municipality": pecs.pk}, {"position": 1, "municipality": fellbach.pk})

    answer = office.post(f"{LIST}add/", typed(*sides, topics=[youth.pk]))

    assert answer.status_code == 302, answer.context["errors"]
    partnership = Partnership.objects.get()
    assert [side.party for side in partnership.sides.all()] == [fellbach, pecs]
    assert partnership.slug == "fellbach-pecs"
    assert partnership.topic_codes == ["youth"]
    assert partnership.languages == ["de", "hu"]
    assert partnership.source_url == "https://www.fellbach.de"
    assert (partnership.aims_de, partnership.aims_en) == ("Austausch", "")
    assert partnership.published_at is None
    assert office.get(f"{LIST}{partnership.pk}/history/").status_code == 200


def test_office_changes_sides_through_the_action(
    office: Client, fellbach: Municipality, pecs: Municipality, baja: Municipality
) -> None:
    county = RegionFactory(name="Baranya")
    partnership = PartnershipFactory(towns=[fellbach, pecs])
    first, second = partnership.sides.all()
    sides = (
        {"id": first.pk, "partnership": partnership.pk, "position": 0, "municipality": fellbach.pk},
        {
            "id": second.pk,
            "partnership": partnership.pk,
            "position": 1,
            "municipality": pecs.pk,
            "DELETE": "on",
        },
        {"partnership": partnership.pk, "position": 2, "region": county.pk},
    )

    answer = office.post(f"{LIST}{partnership.pk}/change/", typed(*sides))

    assert answer.status_code == 302, answer.context["errors"]
    partnership.refresh_from_db()
    assert [side.party for side in partnership.sides.all()] == [fellbach, county]
    assert partnership.sides_key == f"m{fellbach.pk}|r{county.pk}"
    assert Municipality.objects.get(pk=pecs.pk).partnership_count == 0


@pytest.mark.parametrize("wrong", ["one", "same", "neither", "both", "double", "demo", "many"])
def test_wrong_sides_are_refused_with_a_sentence(
    office: Client,
    fellbach: Municipality,
    pecs: Municipality,
    baja: Municipality,
    wrong: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    PartnershipFactory(towns=[fellbach, pecs])
    county, example = RegionFactory(), MunicipalityFactory(is_demo=True)
    if wrong == "many":
        monkeypatch.setattr(actions.entries, "MOST_SIDES", 1)
    sides, sentence = {
        "one": ([{"municipality": pecs.pk}], "at least two sides"),
        "same": ([{"municipality": pecs.pk}, {"municipality": pecs.pk}], "stands on two sides"),
        "neither": ([{"municipality": pecs.pk}, {"position": 5}], "Choose either a municipality"),
        "both": (
            [{"municipality": pecs.pk}, {"municipality": baja.pk, "region": county.pk}],
            "Choose either a municipality",
        ),
        "double": (
            [{"municipality": pecs.pk}, {"municipality": fellbach.pk}],
            "already a partnership of this kind",
        ),
        "demo": ([{"municipality": pecs.pk}, {"municipality": example.pk}], "do not go together"),
        "many": ([{"municipality": pecs.pk}, {"municipality": baja.pk}], "at most"),
    }[wrong]

    answer = office.post(f"{LIST}add/", typed(*[{"position": 0} | side for side in sides]))

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Partnership.objects.count() == 1


def test_who_loses_the_race_is_told(
    office: Client, fellbach: Municipality, pecs: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    existing = PartnershipFactory(towns=[fellbach, pecs])
    monkeypatch.setattr("partnerships.forms.office.find_same", lambda **_any: None)

    answer = office.post(
        f"{LIST}add/",
        typed({"position": 0, "municipality": pecs.pk}, {"position": 1, "municipality": fellbach.pk}),
        follow=True,
    )

    assert "There is already a partnership of this kind between them" in answer.content.decode()
    assert list(Partnership.objects.all()) == [existing]


def test_source_of_a_seed_is_read_only(office: Client) -> None:
    seed = PartnershipFactory(is_seed=True, source_url="https://example.org/seed")
    other = PartnershipFactory(source_url="https://example.org/other")

    assert 'name="source_url"' not in office.get(f"{LIST}{seed.pk}/change/").content.decode()
    assert 'name="source_url"' in office.get(f"{LIST}{other.pk}/change/").content.decode()


def test_form_has_a_tab_for_each_language_and_asks_no_foreign_host(office: Client) -> None:
    partnership = PartnershipFactory()

    page = office.get(f"{LIST}{partnership.pk}/change/").content.decode()

    assert 'name="aims_de"' in page
    assert 'name="aims_en"' in page
    assert "//ajax.googleapis.com" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_list_needs_few_queries_however_many_rows(
    office: Client, rows: int, django_assert_num_queries: object
) -> None:
    for _number in range(rows):
        PartnershipFactory()

    with django_assert_num_queries(8):  # type: ignore[operator]
        office.get(LIST)


def test_list_is_searched_and_filtered(office: Client, fellbach: Municipality, pecs: Municipality) -> None:
    PartnershipFactory(towns=[fellbach, pecs], aims_de="Austausch", aims_en="")
    PartnershipFactory(published_at=None, status="dormant")

    def shown(query: str) -> int:
        return len(office.get(f"{LIST}?{query}").context["cl"].result_list)

    assert shown("") == 2
    assert shown("q=funfkirchen") == 1
    assert shown("published=no") == 1
    assert shown("published=yes") == 1
    assert shown("published=maybe") == 2
    assert shown("country=HU") == 1
    assert shown("missing=en") == 1
    assert shown("status__exact=dormant") == 1


def test_actions_publish_withdraw_and_end(
    office: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr(actions.entries, "log", log)
    monkeypatch.setattr(actions.status, "log", log)
    partnership = PartnershipFactory(published_at=None)

    def run(action: str) -> Partnership:
        answer = office.post(LIST, {"action": action, "_selected_action": [partnership.pk]}, follow=True)
        assert "1 partnership changed." in answer.content.decode()
        return Partnership.objects.get()

    assert run("publish").published_at is not None
    assert run("unpublish").published_at is None
    assert run("end").status == "ended"
    office.post(f"{LIST}{partnership.pk}/delete/", {"post": "yes"})
    assert [call.args for call in log.calls] == [
        ("partnership_published",),
        ("partnership_unpublished",),
        ("partnership_ended",),
        ("partnership_deleted",),
    ]
    assert all(call.kwargs == {"partnership": partnership.pk, "by": admin.pk} for call in log.calls)


def test_deleting_counts_anew(
    office: Client, fellbach: Municipality, pecs: Municipality, baja: Municipality
) -> None:
    first = PartnershipFactory(towns=[fellbach, pecs])
    second = PartnershipFactory(towns=[fellbach, baja])

    office.post(f"{LIST}{first.pk}/delete/", {"post": "yes"})
    assert Municipality.objects.get(pk=fellbach.pk).partnership_count == 1

    office.post(LIST, {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"})
    assert Municipality.objects.get(pk=fellbach.pk).partnership_count == 0
    assert Partnership.objects.count() == 0


def test_the_rest_stays_outside(cast: dict[str, User]) -> None:
    partnership = PartnershipFactory()

    for name, person in cast.items():
        expected = 200 if name == "admin" else 302
        assert signed_in(person).get(LIST).status_code == expected
        assert signed_in(person).get(f"{LIST}{partnership.pk}/change/").status_code == expected

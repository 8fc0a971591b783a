from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from directory.models import Claim, Municipality
from partnerships.models import Partnership, PartnershipDraft
from partnerships.views import wizard
from tests.conftest import signed_in
from tests.factories.directory import CountryFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory
from tests.partnerships.wizard_pages import NEW, at, key_of, send

pytestmark = pytest.mark.django_db


# The check, and sending


def test_the_check_shows_everything_and_the_way_to_change_it(
    writer: Client, filled: PartnershipDraft
) -> None:
    page = writer.get(at(filled, "check")).content.decode()

    assert "Pécs (Baranya, Hungary)" in page
    assert "2 May 1986" in page
    assert "Jugendaustausch" in page
    assert "Éva, eva@pecs.example, magyar" in page
    assert f'href="{at(filled, "kind")}?then=check"' in page
    assert "Register the partnership" in page


def test_the_check_says_who_sees_it_when(
    writer: Client, filled: PartnershipDraft, coordinator: User, ulm: Municipality, now: datetime
) -> None:
    assert (
        "becomes public as soon as the office has looked at it"
        in writer.get(at(filled, "check")).content.decode()
    )

    Claim.objects.create(municipality=ulm, person=coordinator, state="accepted", made_at=now)

    assert "The entry is public at once" in writer.get(at(filled, "check")).content.decode()


def test_registering_leads_to_the_entry(writer: Client, filled: PartnershipDraft) -> None:
    answer = send(writer, at(filled, "check"))

    assert answer["Location"] == at(filled, "done")  # type: ignore[index]
    assert 'href="/partnerships/ulm-pecs/"' in writer.get(at(filled, "done")).content.decode()
    assert "not published" in writer.get("/partnerships/ulm-pecs/").content.decode()


def test_back_and_a_second_window_lead_to_the_entry(writer: Client, filled: PartnershipDraft) -> None:
    keys = [key_of(writer.get(at(filled, "check")).content.decode()) for _window in range(2)]

    answers = [writer.post(at(filled, "check"), {"key": key}) for key in (*keys, keys[0])]
    back = writer.get(at(filled, "kind"))

    # The other window had a key of its own: it is led to what became of the draft.
    assert [answer["Location"] for answer in answers] == [
        at(filled, "done"),
        "/partnerships/ulm-pecs/",
        "/partnerships/ulm-pecs/",
    ]
    assert back["Location"] == "/partnerships/ulm-pecs/"
    assert Partnership.objects.count() == 1


def test_a_step_that_was_left_out_is_named(writer: Client, filled: PartnershipDraft) -> None:
    key = key_of(writer.get(at(filled, "check")).content.decode())
    del filled.data["kind"]
    filled.save()

    answer = writer.post(at(filled, "check"), {"key": key})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Something is still missing" in page
    assert "Register the partnership" not in page
    assert Partnership.objects.count() == 0


def test_who_was_overtaken_sees_the_entry_that_is_there(
    writer: Client, filled: PartnershipDraft, ulm: Municipality, pecs: Municipality
) -> None:
    key = key_of(writer.get(at(filled, "check")).content.decode())
    PartnershipFactory(slug="faster", towns=[pecs, ulm])

    answer = writer.post(at(filled, "check"), {"key": key})

    assert answer.status_code == 409
    assert 'href="/partnerships/faster/"' in answer.content.decode()
    assert Partnership.objects.count() == 1


def test_only_so_many_partnerships_a_day(
    writer: Client, filled: PartnershipDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wizard, "MOST_REGISTRATIONS", 0)

    answer = send(writer, at(filled, "check"))

    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert Partnership.objects.count() == 0
    cache.clear()


def test_a_draft_is_thrown_away(writer: Client, filled: PartnershipDraft) -> None:
    for _time in range(2):
        answer = writer.post(f"{NEW}{filled.pk}/discard/")
        assert answer["Location"] == NEW

    assert PartnershipDraft.objects.count() == 0


def test_a_draft_is_its_writers_own(filled: PartnershipDraft, outsider: User, admin: User) -> None:
    for person in (outsider, admin):
        stranger = signed_in(person)
        for step in ("our-side", "other-side", "kind", "work", "contacts", "check", "place"):
            assert stranger.get(at(filled, step)).status_code == 404
            assert stranger.post(at(filled, step)).status_code == 404
        stranger.post(f"{NEW}{filled.pk}/discard/")

    assert PartnershipDraft.objects.count() == 1


def test_suggestions_name_municipalities_and_counties(client: Client, pecs: Municipality) -> None:
    county = RegionFactory(name="Pécs county", kind="county", country=CountryFactory(code="HU"))
    client.cookies["django_language"] = "en"

    rows = client.get(f"{NEW}sides.json?q=pec").json()

    assert rows == [
        {"label": "Pécs", "detail": "Baranya, Hungary", "value": f"m{pecs.pk}"},
        {"label": "Pécs county", "detail": "county, Hungary", "value": f"r{county.pk}"},
    ]
    assert client.get(f"{NEW}sides.json?q=").json() == []


@pytest.mark.parametrize("drafts", [1, 3])
def test_the_first_page_needs_few_queries_however_many_drafts(
    writer: Client, filled: PartnershipDraft, drafts: int, now: datetime, django_assert_num_queries: object
) -> None:
    for _number in range(drafts - 1):
        PartnershipDraft.objects.create(
            person=filled.person, data=filled.data, started_at=now, changed_at=now
        )
    writer.get(NEW)

    with django_assert_num_queries(8):  # type: ignore[operator]
        writer.get(NEW)

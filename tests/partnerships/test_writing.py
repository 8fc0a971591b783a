"""Registering at once from many sides, changing, the status, the history, and what the pages show of it."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from core.conflicts import EditConflict
from directory.models import Municipality, Topic
from notifications.kinds import kind
from notifications.models import Notice
from partnerships import actions, queries
from partnerships.models import Change, Partnership, PartnershipDraft, SideContact
from partnerships.names import confirmation_words
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import PartnershipFactory
from tests.journeys.test_j03_register_partnership import key_of


def draft_of(person: User, ours: Municipality, other: Municipality, **kind: Any) -> PartnershipDraft:
    now = timezone.now()
    return PartnershipDraft.objects.create(
        person=person,
        started_at=now,
        changed_at=now,
        data={
            "our-side": {"side": queries.code_of(ours)},
            "other-side": {"sides": [queries.code_of(other)]},
            "kind": {"kind": "partnership", "status": "active", "signed_year": 1990} | kind,
            "work": {"topics": [], "languages": ["de"], "aims_de": "", "aims_en": ""},
            "contacts": {"role": "coordinator", "others": {}},
        },
    )


@pytest.fixture
def entry(fellbach: Municipality, pecs: Municipality, coordinator: User, partner: User) -> Partnership:
    """Coordinated by one person on each side; the partner's side has confirmed it."""
    partnership = PartnershipFactory(slug="fellbach-pecs", towns=[fellbach, pecs], signed_year=1986)
    ours, theirs = partnership.sides.all()
    SideContact.objects.create(side=ours, person=coordinator, since=timezone.now())
    SideContact.objects.create(side=theirs, person=partner, since=timezone.now())
    theirs.confirmed_at = timezone.now()
    theirs.save()
    return partnership


def edit(entry: Partnership, by: User, *, version: int = 1, **changes: Any) -> Partnership:
    return actions.edit_partnership(
        partnership=entry, changes=changes, by=by, base_version=version, now=timezone.now()
    )


@pytest.mark.django_db(transaction=True)
def test_twenty_simultaneous_presses_make_one_entry(fellbach: Municipality, pecs: Municipality) -> None:
    draft = draft_of(UserFactory(), fellbach, pecs)
    gate, made = threading.Barrier(20), []

    def press() -> None:
        gate.wait()
        try:
            made.append(actions.register_partnership(draft=draft, by=draft.person, now=timezone.now()).pk)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(20)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()

    assert made == [Partnership.objects.get().pk] * 20


@pytest.mark.django_db(transaction=True)
def test_of_the_pair_and_its_reverse_registered_at_once_one_is_refused(
    fellbach: Municipality, pecs: Municipality
) -> None:
    drafts = [draft_of(UserFactory(), fellbach, pecs), draft_of(UserFactory(), pecs, fellbach)]
    gate, answers = threading.Barrier(2), []

    def press(draft: PartnershipDraft) -> None:
        gate.wait()
        try:
            actions.register_partnership(draft=draft, by=draft.person, now=timezone.now())
            answers.append("made")
        except (actions.SamePairExists, actions.DraftIncomplete):
            answers.append("refused")
        finally:
            connection.close()

    presses = [threading.Thread(target=press, args=(draft,)) for draft in drafts]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()

    assert sorted(answers) == ["made", "refused"]
    assert Partnership.objects.count() == 1


def test_a_change_is_noted_and_told_to_the_side_that_confirmed(
    entry: Partnership, coordinator: User, partner: User
) -> None:
    edit(entry, coordinator, signed_year=1987)

    change = Change.objects.get()
    assert (change.before, change.after) == ({"signed_year": 1986}, {"signed_year": 1987})
    assert (change.person, change.is_office) == (coordinator, False)
    assert list(Notice.objects.values_list("kind", "recipient")) == [("partnership_changed", partner.pk)]
    assert Partnership.objects.get().version == 2


def test_nothing_changed_is_nothing_written(entry: Partnership, coordinator: User) -> None:
    edit(entry, coordinator, signed_year=1986)

    assert (Change.objects.count(), Partnership.objects.get().version) == (0, 1)


def test_who_saves_an_older_version_is_refused(entry: Partnership, coordinator: User, partner: User) -> None:
    edit(entry, coordinator, signed_year=1987)

    with pytest.raises(EditConflict):
        edit(entry, partner, signed_year=1988)


def test_second_editor_sees_both_versions_and_may_save(
    entry: Partnership, coordinator: User, partner: User
) -> None:
    browser = signed_in(partner, "en")
    page = browser.get("/partnerships/fellbach-pecs/edit/").content.decode()
    edit(entry, coordinator, signed_year=1987)
    said = {"key": key_of(page), "base_version": "1", "kind": "partnership", "signed_year": "1988"}

    refused = browser.post("/partnerships/fellbach-pecs/edit/", said)
    saved = browser.post("/partnerships/fellbach-pecs/edit/", said | {"base_version": "2"})

    assert refused.status_code == 409
    shown = refused.content.decode()
    assert "Somebody else has saved this meanwhile" in shown
    assert "1987" in shown
    assert 'name="base_version" value="2"' in shown.replace(' class="kern-form-input__input"', "")
    assert saved["Location"] == entry.get_absolute_url()
    assert Partnership.objects.get().signed_year == 1988


def values_of(form: Any) -> dict[str, Any]:
    """As a browser would send it."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def test_what_the_second_editor_has_not_touched_is_not_taken_back(
    entry: Partnership, coordinator: User, partner: User
) -> None:
    browser = signed_in(partner, "en")
    opened = browser.get("/partnerships/fellbach-pecs/edit/").context["form"]
    edit(entry, coordinator, signed_year=1987)
    said = values_of(opened) | {"first_contact_year": "1980"}

    refused = browser.post("/partnerships/fellbach-pecs/edit/", said)
    form = refused.context["form"]
    saved = browser.post("/partnerships/fellbach-pecs/edit/", values_of(form))

    assert [one.label for one in refused.context["conflict"]] == [form.fields["first_contact_year"].label]
    assert (refused.status_code, saved.status_code) == (409, 302)
    now = Partnership.objects.get()
    assert (now.signed_year, now.first_contact_year) == (1987, 1980)


def test_the_form_sent_twice_changes_once(entry: Partnership, coordinator: User) -> None:
    browser = signed_in(coordinator, "en")
    page = browser.get("/partnerships/fellbach-pecs/edit/").content.decode()
    said = {"key": key_of(page), "base_version": "1", "kind": "partnership", "signed_year": "1988"}

    answers = [browser.post("/partnerships/fellbach-pecs/edit/", said).status_code for _ in range(2)]

    assert (answers, Change.objects.count()) == ([302, 302], 1)


def test_ending_wants_year_and_reason_and_renewal_a_year(entry: Partnership, coordinator: User) -> None:
    now = timezone.now()

    with pytest.raises(actions.YearAndReasonNeeded):
        actions.set_status(partnership=entry, status="ended", year=2020, by=coordinator, now=now)
    actions.set_status(
        partnership=entry, status="ended", year=2020, reason="Niemand mehr da.", by=coordinator, now=now
    )
    with pytest.raises(actions.NoSuchWay):
        actions.set_status(partnership=entry, status="dormant", by=coordinator, now=now)
    actions.set_status(partnership=entry, status="active", year=2024, by=coordinator, now=now)

    renewed = Partnership.objects.get()
    assert (renewed.status, renewed.ended_year, renewed.renewed_year) == ("active", None, 2024)
    assert [change.what for change in Change.objects.all()] == ["status", "status"]


def test_the_status_page_asks_for_what_is_missing(entry: Partnership, coordinator: User) -> None:
    browser = signed_in(coordinator, "en")
    address = "/partnerships/fellbach-pecs/status/"
    key = key_of(browser.get(address).content.decode())

    refused = browser.post(address, {"key": key, "status": "ended"}).content.decode()
    done = browser.post(address, {"key": key, "status": "dormant"})

    assert "Please say in which year it ended." in refused
    assert (done.status_code, Partnership.objects.get().status) == (302, "dormant")


@pytest.mark.parametrize("number", [1, 3])
def test_history_says_who_changed_what(
    entry: Partnership, coordinator: User, number: int, django_assert_num_queries: Any
) -> None:
    for year in range(number):
        edit(entry, coordinator, version=year + 1, signed_year=1990 + year)
    browser = signed_in(coordinator, "en")
    browser.get("/partnerships/")

    with django_assert_num_queries(HISTORY_QUERIES):
        page = browser.get("/partnerships/fellbach-pecs/history/").content.decode()

    assert page.count("history__row") == number
    assert "Koordinatorin Ulm" in page
    assert "1986" in page


HISTORY_QUERIES = 9


def test_a_confirmation_grows_old() -> None:
    today = date(2027, 5, 3)

    with translation.override("en"):
        words = [confirmation_words("confirmed", day, today=today) for day in (today, date(2025, 5, 3))]
        unconfirmed = confirmation_words("", None, today=today)

    assert words == ["confirmed on 3 May 2027", "not confirmed since 3 May 2025"]
    assert unconfirmed == "from a public source"


def test_the_list_filters_by_confirmation(entry: Partnership, client: Client) -> None:
    Partnership.objects.update(confirmation="one_sided")
    PartnershipFactory()
    client.cookies["django_language"] = "en"

    page = client.get("/partnerships/?confirmation=one_sided").content.decode()

    assert "1 partnership" in page
    assert "entered by one side" in page
    assert "fellbach-pecs" in page


def test_who_looks_after_it_finds_the_ways_to_change_it(
    entry: Partnership, coordinator: User, outsider: User
) -> None:
    pages = [
        signed_in(person, "en").get("/partnerships/fellbach-pecs/").content.decode()
        for person in (coordinator, outsider)
    ]

    assert ["/fellbach-pecs/edit/" in page for page in pages] == [True, False]
    assert ["/fellbach-pecs/history/" in page for page in pages] == [True, False]


def test_the_desk_shows_drafts_and_what_is_looked_after(
    entry: Partnership, coordinator: User, fellbach: Municipality, baja: Municipality
) -> None:
    draft_of(coordinator, fellbach, baja)

    page = signed_in(coordinator, "en").get("/desk/").content.decode()

    assert "You have begun to register Fellbach – Baja" in page
    assert entry.get_absolute_url() in page


def test_the_office_saves_and_its_change_is_noted(entry: Partnership, admin: User, youth: Topic) -> None:
    browser = signed_in(admin, "en")
    address = f"/admin/partnerships/partnership/{entry.pk}/change/"
    sides = entry.sides.all()
    said = {
        "base_version": "1", "kind": "friendship", "shape": "bilateral", "status": "active", "topics": [youth.pk],
        "signed_year": "1986", "sides-TOTAL_FORMS": "2", "sides-INITIAL_FORMS": "2",
    }  # fmt: skip
    for number, side in enumerate(sides):
        said |= {
            f"sides-{number}-id": side.pk,
            f"sides-{number}-position": side.position,
            f"sides-{number}-municipality": side.municipality_id,
        }

    saved = browser.post(address, said)
    older = browser.post(address, said | {"kind": "contact"})

    assert saved.status_code == 302
    change = Change.objects.get()
    assert (change.is_office, change.person, change.before["kind"]) == (True, admin, "partnership")
    assert Partnership.objects.get().version == 2
    assert "Somebody else has saved this meanwhile" in older.content.decode()


def test_old_drafts_are_forgotten(fellbach: Municipality, baja: Municipality) -> None:
    draft_of(UserFactory(), fellbach, baja)
    now = timezone.now()

    forgotten = [actions.forget_old_drafts(now=now + timedelta(days=days)) for days in (179, 181, 182)]

    assert forgotten == [0, 1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "name", ["place_added", "partnership_waits", "partnership_published", "partnership_changed"]
)
def test_every_kind_has_an_example(name: str, language: str, now: datetime) -> None:
    notice = kind(name).example(language=language, now=now)

    assert kind(name).context(notice)
    assert kind(name).path(notice).startswith("/")

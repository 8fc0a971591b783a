import threading
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import connection

from accounts.models import User
from core.conflicts import EditConflict
from directory.models import Municipality, Topic
from notifications.models import Notice
from partnerships import actions, permissions, queries
from partnerships.models import Change, Partnership, PartnershipDraft, SideContact
from tests.conftest import grant
from tests.factories.directory import CountryFactory, RegionFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[tuple[str, str]]:
    """To whom a kind of notice goes, and in which language guests read it."""
    rows = Notice.objects.filter(kind=kind).order_by("pk")
    return [(row.recipient.email if row.recipient else row.email, row.language) for row in rows]


# Registering


def test_a_draft_becomes_an_entry_with_everything_in_it(
    filled: PartnershipDraft,
    coordinator: User,
    ulm: Municipality,
    pecs: Municipality,
    youth: Topic,
    now: datetime,
) -> None:
    filled.data["work"]["topics"] = ["youth"]
    filled.save()

    partnership = actions.register_partnership(draft=filled, by=coordinator, now=now)

    partnership.refresh_from_db()
    assert partnership.slug == "ulm-pecs"
    assert [side.party for side in partnership.sides.all()] == [ulm, pecs]
    assert (partnership.kind, partnership.shape, partnership.status) == ("partnership", "bilateral", "active")
    assert (partnership.signed_year, partnership.signed_on) == (1986, date(1986, 5, 2))
    assert (partnership.languages, partnership.aims_de) == (["de", "hu"], "Jugendaustausch")
    assert partnership.topic_codes == ["youth"]
    assert partnership.registered_by == coordinator


def test_the_writer_looks_after_the_own_side_and_has_confirmed_it(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    partnership = actions.register_partnership(draft=filled, by=coordinator, now=now)

    ours, theirs = partnership.sides.all()
    mine = ours.contacts.get()
    assert (mine.person, mine.role, mine.since) == (coordinator, "coordinator", now)
    assert (ours.confirmed_at, theirs.confirmed_at) == (now, None)
    assert partnership.confirmation == "one_sided"


def test_the_named_person_is_contact_of_the_other_side(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    partnership = actions.register_partnership(draft=filled, by=coordinator, now=now)

    contact = partnership.sides.all()[1].contacts.get()
    assert (contact.person, contact.name, contact.email, contact.language) == (
        None,
        "Éva",
        "eva@pecs.example",
        "hu",
    )


def test_who_speaks_for_a_side_publishes_at_once(
    filled: PartnershipDraft, speaker: User, admin: User, now: datetime
) -> None:
    partnership = actions.register_partnership(draft=filled, by=speaker, now=now)

    assert partnership.published_at == now
    assert told("partnership_waits") == []


def test_everybody_else_waits_for_the_office(
    filled: PartnershipDraft, coordinator: User, admin: User, outsider: User, now: datetime
) -> None:
    outsider.is_staff = True
    outsider.save()

    partnership = actions.register_partnership(draft=filled, by=coordinator, now=now)

    assert partnership.published_at is None
    assert told("partnership_waits") == [(admin.email, "")]


def test_the_office_itself_need_not_wait(filled: PartnershipDraft, admin: User, now: datetime) -> None:
    PartnershipDraft.objects.update(person=admin)
    filled.refresh_from_db()

    assert actions.register_partnership(draft=filled, by=admin, now=now).published_at == now


def test_the_history_begins_with_what_was_entered(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    partnership = actions.register_partnership(draft=filled, by=coordinator, now=now)

    change = partnership.changes.get(what="registered")
    assert (change.person, change.at, change.before, change.is_office) == (coordinator, now, {}, False)
    assert change.after["sides"] == ["Ulm", "Pécs"]
    assert change.after["signed_on"] == "1986-05-02"
    assert "ended_year" not in change.after


def test_a_draft_becomes_one_entry_however_often_it_is_sent(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    first = actions.register_partnership(draft=filled, by=coordinator, now=now)
    second = actions.register_partnership(draft=filled, by=coordinator, now=now)

    filled.refresh_from_db()
    assert first == second
    assert (filled.data, filled.registered_as) == ({}, first)
    assert SideContact.objects.count() == 2


def test_an_incomplete_draft_becomes_nothing(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    del filled.data["kind"], filled.data["contacts"]
    filled.save()

    with pytest.raises(actions.DraftIncomplete) as caught:
        actions.register_partnership(draft=filled, by=coordinator, now=now)

    assert caught.value.steps == ["kind", "contacts"]
    assert Partnership.objects.count() == 0


def test_a_draft_that_was_thrown_away_becomes_nothing(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    actions.discard_draft(draft=filled, by=coordinator)

    with pytest.raises(actions.DraftIsClosed):
        actions.register_partnership(draft=filled, by=coordinator, now=now)


def test_invented_sides_make_an_invented_partnership(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    Municipality.objects.update(is_demo=True)

    assert actions.register_partnership(draft=filled, by=coordinator, now=now).is_demo


def together(acts: list[Callable[[], object]]) -> list[object]:
    """What each gives, or the class of what it raises; all begin at the same moment."""
    gate, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            outcomes.append(act())
        except Exception as problem:
            outcomes.append(type(problem))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_make_one_entry(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    outcomes = together([lambda: actions.register_partnership(draft=filled, by=coordinator, now=now)] * 8)

    assert outcomes == [Partnership.objects.get()] * 8


@pytest.mark.django_db(transaction=True)
def test_both_sides_at_once_make_one_entry(
    filled: PartnershipDraft,
    coordinator: User,
    partner: User,
    ulm: Municipality,
    pecs: Municipality,
    now: datetime,
) -> None:
    reverse = {
        **filled.data,
        "our-side": {"side": queries.code_of(pecs)},
        "other-side": {"sides": [queries.code_of(ulm)]},
    }
    other = PartnershipDraft.objects.create(person=partner, data=reverse, started_at=now, changed_at=now)

    outcomes = together(
        [
            lambda: actions.register_partnership(draft=filled, by=coordinator, now=now),
            lambda: actions.register_partnership(draft=other, by=partner, now=now),
        ]
    )

    assert Partnership.objects.count() == 1
    assert PartnershipDraft.objects.open().count() == 1
    assert Partnership.objects.get() in outcomes
    assert set(outcomes) - {Partnership.objects.get()} <= {actions.SamePairExists, actions.DraftIncomplete}


# Changing


@pytest.fixture
def confirmed(
    coordinator: User, partner: User, ulm: Municipality, pecs: Municipality, now: datetime
) -> Partnership:
    """Ulm and Pécs have both confirmed; each has a contact with an account, Pécs another one without."""
    partnership = PartnershipFactory(towns=[ulm, pecs], signed_year=1986)
    partnership.sides.update(confirmed_at=now)
    ours, theirs = partnership.sides.all()
    SideContact.objects.create(side=ours, person=coordinator, since=now)
    SideContact.objects.create(side=theirs, person=partner, since=now)
    SideContact.objects.create(side=theirs, email="eva@pecs.example", language="hu", since=now)
    return partnership


def edit(partnership: Partnership, by: User, now: datetime, **changes: object) -> Partnership:
    return actions.edit_partnership(
        partnership=partnership, changes=changes, by=by, base_version=partnership.version, now=now
    )


def test_a_change_is_written_with_before_and_after(
    confirmed: Partnership, coordinator: User, youth: Topic, now: datetime
) -> None:
    actions.edit_partnership(
        partnership=confirmed,
        changes={"signed_year": 1987, "kind": "partnership"},
        topics=[youth],
        by=coordinator,
        base_version=1,
        now=now,
    )

    confirmed.refresh_from_db()
    change = confirmed.changes.get()
    assert (confirmed.signed_year, confirmed.topic_codes, confirmed.version) == (1987, ["youth"], 2)
    assert (change.what, change.person, change.is_office) == ("edited", coordinator, False)
    assert change.before == {"signed_year": 1986, "topics": ""}
    assert change.after == {"signed_year": 1987, "topics": ["youth"]}


def test_saving_without_a_change_writes_nothing(
    confirmed: Partnership, coordinator: User, now: datetime
) -> None:
    edit(confirmed, coordinator, now, signed_year=1986, aims_de="", languages=[], signed_on=None)

    confirmed.refresh_from_db()
    assert (confirmed.version, confirmed.changes.count(), Notice.objects.count()) == (1, 0, 0)


def test_who_saves_an_older_version_overwrites_nothing(
    confirmed: Partnership, coordinator: User, partner: User, now: datetime
) -> None:
    edit(confirmed, coordinator, now, signed_year=1987)

    with pytest.raises(EditConflict):
        edit(confirmed, partner, now, signed_year=1990)

    confirmed.refresh_from_db()
    assert confirmed.signed_year == 1987


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_sees_the_conflict(
    confirmed: Partnership, coordinator: User, partner: User, now: datetime
) -> None:
    outcomes = together(
        [
            lambda: edit(confirmed, coordinator, now, signed_year=1987),
            lambda: edit(confirmed, partner, now, signed_year=1988),
        ]
    )

    assert sorted(map(str, outcomes)) == sorted([str(confirmed), str(EditConflict)])
    assert confirmed.changes.count() == 1


def test_an_edit_keeps_what_another_action_has_decided_meanwhile(
    confirmed: Partnership, coordinator: User, now: datetime
) -> None:
    stale = Partnership.objects.get()
    actions.unpublish(partnership=confirmed, now=now)

    edit(stale, coordinator, now, signed_year=1987)

    assert Partnership.objects.get().published_at is None


def test_the_other_side_is_told_and_nobody_of_the_own(
    confirmed: Partnership, coordinator: User, partner: User, now: datetime
) -> None:
    edit(confirmed, coordinator, now, signed_year=1987)

    assert told("partnership_changed") == [(partner.email, "")]


def test_the_office_tells_both_sides(
    confirmed: Partnership, coordinator: User, partner: User, admin: User, now: datetime
) -> None:
    edit(confirmed, admin, now, signed_year=1987)

    assert {email for email, _language in told("partnership_changed")} == {
        coordinator.email,
        partner.email,
    }
    assert confirmed.changes.get().is_office


def test_a_side_that_has_not_confirmed_is_not_told(
    confirmed: Partnership, coordinator: User, now: datetime
) -> None:
    confirmed.sides.update(confirmed_at=None)

    edit(confirmed, coordinator, now, signed_year=1987)

    assert told("partnership_changed") == []


def test_who_of_the_office_looks_after_a_side_acts_for_it(
    confirmed: Partnership, coordinator: User, now: datetime
) -> None:
    coordinator.is_staff = True
    coordinator.save()
    grant(coordinator, "partnerships.change_partnership")
    person = User.objects.get(pk=coordinator.pk)

    assert not permissions.acts_as_office(person, confirmed)


def test_the_kind_of_another_entry_cannot_be_taken(
    confirmed: Partnership, coordinator: User, ulm: Municipality, pecs: Municipality, now: datetime
) -> None:
    other = PartnershipFactory(towns=[ulm, pecs], kind="friendship")

    with pytest.raises(actions.SamePairExists) as caught:
        edit(confirmed, coordinator, now, kind="friendship")

    assert caught.value.existing == other
    assert Change.objects.count() == 0


# Places


def test_a_missing_place_is_entered_and_the_office_told(
    coordinator: User, admin: User, now: datetime
) -> None:
    country = CountryFactory(code="RS")
    region = RegionFactory(country=country, code="RS-01", name="Južna Bačka")

    place = actions.add_place(name="Selo", country=country, region=region, by=coordinator, now=now)

    assert (place.kind, place.slug, place.source, place.region) == ("place", "selo", "ViPaD (member)", region)
    assert place.claims.count() == 0
    assert queries.meant_by("selo").is_certain
    assert told("place_added") == [(admin.email, "")]

"""Once a year every side is asked; silence is shown and told to the office, nothing is ever deleted."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from core.months import months_later
from directory.models import Municipality
from notifications.models import Notice
from partnerships import actions
from partnerships.models import Partnership, PartnershipSide, SideContact, SideInvitation
from tests.factories.directory import CountryFactory, MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory

START = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def after(months: int) -> datetime:
    return months_later(START, months)


@pytest.fixture
def entry(ulm: Municipality, coordinator: User) -> Partnership:
    """Ulm, with an account; Baja and Novi Sad by mail in Hungarian and Serbian. All confirmed in March 2026."""
    baja = MunicipalityFactory(name="Baja", country=CountryFactory(code="HU"))
    novi_sad = MunicipalityFactory(name="Novi Sad", country=CountryFactory(code="RS"))
    entry = PartnershipFactory(slug="three", towns=[ulm, baja, novi_sad])
    first, second, third = entry.sides.order_by("position")
    SideContact.objects.create(side=first, person=coordinator, since=START)
    SideContact.objects.create(side=second, email="hu@baja.example", language="hu", since=START)
    SideContact.objects.create(side=third, email="sr@novisad.example", language="sr", since=START)
    for side in (first, second, third):
        actions.confirm_side(side=side, now=START)
    Notice.objects.all().delete()
    return entry


def told() -> list[tuple[str, str, str]]:
    found = [
        (
            notice.kind,
            notice.email or notice.recipient.email,
            notice.language or notice.recipient.language,
        )
        for notice in Notice.objects.select_related("recipient")
    ]
    return sorted(found)


READERS = [("coordinator@ulm.example", "de"), ("hu@baja.example", "hu"), ("sr@novisad.example", "sr")]


@pytest.mark.parametrize("day", [after(12) - timedelta(days=1), after(6), after(1)])
def test_before_a_year_has_passed_nobody_is_asked(entry: Partnership, day: datetime) -> None:
    assert actions.ask_whether_still_right(now=day) == 0
    assert told() == []


def test_after_twelve_months_each_side_is_asked_once_in_its_language(entry: Partnership) -> None:
    for hours in (0, 1, 25, 400):
        actions.ask_whether_still_right(now=after(12) + timedelta(hours=hours))

    assert told() == [("still_right", *reader) for reader in READERS]


def test_after_13_and_14_months_of_silence_each_is_reminded_and_then_the_office_is_told(
    entry: Partnership, admin: User
) -> None:
    for months in (12, 13, 14, 15, 18, 23):
        actions.ask_whether_still_right(now=after(months))

    office = [("silent_side", "admin@operator-b.example", "de")] * 3
    reminders = sorted(("still_right_reminder", *reader) for reader in READERS * 2)
    assert told() == sorted([*office, *(("still_right", *reader) for reader in READERS), *reminders])
    entry.refresh_from_db()
    assert (entry.status, entry.published_at is not None, entry.confirmed_on) == (
        "active",
        True,
        START.date(),
    )


def test_after_a_long_standstill_nobody_gets_everything_at_once(entry: Partnership) -> None:
    for hours in (0, 1, 2):
        actions.ask_whether_still_right(now=after(15) + timedelta(hours=hours))

    assert told() == [("still_right", *reader) for reader in READERS]


def test_who_confirms_is_left_in_peace_for_a_year(entry: Partnership) -> None:
    actions.ask_whether_still_right(now=after(12))
    question = SideInvitation.objects.get(email="hu@baja.example")
    actions.confirm_side(side=question.side, invitation=question, now=after(12))
    Notice.objects.all().delete()

    actions.ask_whether_still_right(now=after(13))

    assert told() == [("still_right_reminder", *READERS[0]), ("still_right_reminder", *READERS[2])]
    Notice.objects.all().delete()
    actions.ask_whether_still_right(now=after(24))
    assert ("still_right", *READERS[1]) in told()


def test_the_link_of_the_first_mail_stays_good_after_the_reminder(entry: Partnership) -> None:
    actions.ask_whether_still_right(now=after(12))
    before = set(SideInvitation.objects.values_list("pk", "nonce"))

    actions.ask_whether_still_right(now=after(13))

    assert set(SideInvitation.objects.values_list("pk", "nonce")) == before


def test_entries_from_public_sources_without_contacts_are_not_asked(ulm: Municipality) -> None:
    PartnershipFactory(towns=[ulm, MunicipalityFactory()])
    Partnership.objects.update(created_at=START)

    assert actions.ask_whether_still_right(now=after(30)) == 0


@pytest.mark.parametrize("change", [{"status": "ended"}, {"published_at": None}])
def test_ended_and_hidden_entries_are_not_asked(entry: Partnership, change: dict[str, object]) -> None:
    Partnership.objects.update(**change)

    assert actions.ask_whether_still_right(now=after(12)) == 0


def test_without_contacts_who_speaks_for_the_town_is_asked(
    entry: Partnership, ulm: Municipality, partner: User
) -> None:
    SideContact.objects.filter(person__isnull=False).update(ended_at=START)
    ulm.claims.create(person=partner, state="accepted", made_at=START, nonce="")

    actions.ask_whether_still_right(now=after(12))

    assert ("still_right", "partner@timisoara.example", "en") in told()


def test_an_invitation_is_recalled_once_after_two_weeks(ulm, baja, coordinator, now) -> None:
    entry = PartnershipFactory(towns=[ulm, baja])
    side: PartnershipSide = entry.sides.get(municipality=baja)
    actions.invite_side(side=side, email="hu@baja.example", language="hu", by=coordinator, now=now)
    for days in (13, 14, 15, 20, 60):
        actions.remind_invited(now=now + timedelta(days=days))

    assert [notice.kind for notice in Notice.objects.order_by("pk")] == [
        "side_invited",
        "side_invitation_reminder",
    ]


def test_addresses_of_old_questions_are_forgotten(entry: Partnership) -> None:
    actions.ask_whether_still_right(now=after(12))
    question = SideInvitation.objects.get(email="hu@baja.example")
    actions.confirm_side(side=question.side, invitation=question, now=after(12))

    forgotten = actions.forget_invited(now=after(12) + timedelta(days=1))

    assert forgotten == 1
    assert actions.forget_invited(now=after(12) + timedelta(days=301)) == 1
    assert SideInvitation.objects.exclude(email="").count() == 0


class TestAnniversaries:
    @pytest.mark.parametrize(
        "today, expected",
        [
            (date(2025, 9, 29), None),
            (date(2025, 9, 30), (date(2027, 3, 30), 25, 18)),
            (date(2026, 3, 29), (date(2027, 3, 30), 25, 18)),
            (date(2026, 3, 30), (date(2027, 3, 30), 25, 12)),
            (date(2026, 9, 30), (date(2027, 3, 30), 25, 6)),
            (date(2027, 3, 30), None),
        ],
    )
    def test_the_shortest_lead_that_is_reached(self, today: date, expected: object) -> None:
        entry = Partnership(signed_on=date(2002, 3, 30))

        assert actions.anniversary_due(entry, today=today) == expected

    def test_where_only_the_year_is_known_january_counts(self) -> None:
        entry = Partnership(signed_year=1977)

        assert actions.anniversary_due(entry, today=date(2026, 1, 2)) == (date(2027, 1, 1), 50, 12)

    def test_each_lead_is_told_once(self, entry: Partnership) -> None:
        Partnership.objects.update(signed_on=date(2002, 3, 30))
        day = datetime(2025, 9, 1, tzinfo=UTC)
        while day < datetime(2027, 4, 30, tzinfo=UTC):
            actions.tell_anniversaries(now=day)
            day += timedelta(days=3)

        keys = sorted(notice.key.split(":")[3] for notice in Notice.objects.filter(kind="anniversary_ahead"))
        assert keys == ["25-12", "25-18", "25-6"]


class TestSilence:
    @pytest.fixture(autouse=True)
    def _old(self, entry: Partnership) -> None:
        Partnership.objects.update(created_at=START, changed_at=START)
        entry.changes.update(at=START)

    def test_two_years_without_a_sign_are_a_question_never_a_change(self, entry: Partnership) -> None:
        for months in (23, 25, 26):
            actions.suggest_dormancy(now=after(months))

        assert told() == [("dormancy_suggested", *READERS[0])]
        entry.refresh_from_db()
        assert entry.status == "active"

    def test_an_entry_of_the_chronicle_is_a_sign(self, entry: Partnership) -> None:
        entry.chronicle.create(
            kind="visit", on=date(2027, 9, 1), title="Besuch", language="de", written_at=START
        )

        assert actions.suggest_dormancy(now=after(25)) == 0

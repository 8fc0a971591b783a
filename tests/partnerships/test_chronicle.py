"""What happened between the partners and who takes part: the actions, who reads what, and the words of it."""

from datetime import date
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from accounts.models import User
from core.conflicts import EditConflict
from core.files import check_upload
from partnerships import actions, queries
from partnerships.models import Actor, Change, ChronicleEntry, Document, Partnership, SideContact
from partnerships.queries import chronicle as words
from tests.factories.directory import OrganisationFactory
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory
from tests.factories.uploads import picture, upload

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = {
    "kind": "youth",
    "title": "Youth meeting",
    "on": date(2019, 7, 1),
    "until": date(2019, 7, 5),
    "is_year_only": False,
    "place": "Pécs",
    "participants": 1200,
    "text": "We built a raft.",
    "language": "en",
    "is_public": True,
}


@pytest.fixture
def there(fellbach, pecs, coordinator, now) -> Partnership:
    partnership = PartnershipFactory(slug="fellbach-pecs", towns=[fellbach, pecs])
    SideContact.objects.create(side=partnership.sides.all()[0], person=coordinator, since=now)
    return partnership


@pytest.fixture
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo_of(entry: ChronicleEntry, by: User, now: Any, **said: Any) -> Document:
    rights = {"is_public": True, "has_rights": True, "has_consent": True} | said
    return actions.add_document(
        upload=check_upload(upload("a.jpg", picture())),
        kind="photo",
        partnership=entry.partnership,
        entry=entry,
        by=by,
        now=now,
        **rights,
    )


def lines(change: Change) -> set[tuple[str, str, str]]:
    with translation.override("en"):
        found = queries.lines_of(change, queries.labels())
        return {(line.label, line.before, line.after) for line in found}


class TestEntries:
    def test_a_new_entry_has_its_writer_and_a_line_in_the_history(self, there, coordinator, now):
        entry = actions.add_entry(partnership=there, facts=FACTS, by=coordinator, now=now)

        assert (entry.written_by, entry.written_at, entry.version) == (coordinator, now, 1)
        change = Change.objects.get()
        assert (change.what, change.person, change.is_office, change.note) == (
            "chronicle",
            coordinator,
            False,
            "Youth meeting",
        )
        assert lines(change) > {
            ("what it was", "", "youth exchange"),
            ("title", "", "Youth meeting"),
            ("on", "", "1 July 2019"),
            ("until", "", "5 July 2019"),
        }

    def test_the_office_is_named_as_such(self, there, admin, now):
        actions.add_entry(partnership=there, facts=FACTS, by=admin, now=now)

        assert Change.objects.get().is_office is True

    def test_a_chronicle_does_not_grow_without_end(self, there, coordinator, now, monkeypatch):
        monkeypatch.setattr("partnerships.actions.chronicle.MOST_ENTRIES", 1)
        actions.add_entry(partnership=there, facts=FACTS, by=coordinator, now=now)

        with pytest.raises(actions.TooManyEntries):
            actions.add_entry(partnership=there, facts=FACTS, by=coordinator, now=now)

        assert ChronicleEntry.objects.count() == 1

    def test_a_change_tells_what_differs(self, there, coordinator, now):
        entry = ChronicleEntryFactory(partnership=there, **FACTS)

        actions.edit_entry(
            entry=entry, facts=FACTS | {"place": "", "title": "Raft"}, by=coordinator, base_version=1, now=now
        )

        entry.refresh_from_db()
        assert (entry.title, entry.place, entry.version) == ("Raft", "", 2)
        assert lines(Change.objects.get()) == {("title", "Youth meeting", "Raft"), ("place", "Pécs", "")}

    def test_nothing_changed_is_nothing_written(self, there, coordinator, now):
        entry = ChronicleEntryFactory(partnership=there, **FACTS)

        actions.edit_entry(entry=entry, facts=FACTS, by=coordinator, base_version=1, now=now)

        assert (Change.objects.count(), ChronicleEntry.objects.get().version) == (0, 1)

    def test_who_saves_second_is_told(self, there, coordinator, now):
        entry = ChronicleEntryFactory(partnership=there, version=2)

        with pytest.raises(EditConflict):
            actions.edit_entry(entry=entry, facts=FACTS, by=coordinator, base_version=1, now=now)

    def test_a_deleted_entry_takes_its_photos_along_and_its_text_out_of_the_history(
        self, there, coordinator, now, media, django_capture_on_commit_callbacks
    ):
        entry = ChronicleEntryFactory(partnership=there, **FACTS)
        photo = photo_of(entry, coordinator, now)

        with django_capture_on_commit_callbacks(execute=True):
            actions.delete_entry(entry=entry, by=coordinator, now=now)
            actions.delete_entry(entry=entry, by=coordinator, now=now)

        assert (ChronicleEntry.objects.count(), Document.objects.count()) == (0, 0)
        assert not default_storage.exists(photo.file.name)
        change = Change.objects.filter(what="chronicle").get()
        assert ("title", "Youth meeting", "") in lines(change)
        assert "raft" not in str(change.before)


class TestActors:
    def facts(self, there: Partnership, **more: Any) -> dict[str, Any]:
        return {"side": there.sides.all()[1], "name": "Choir", "type": "culture", "since_year": 1998} | more

    def test_a_new_actor_stands_in_the_history(self, there, coordinator, now):
        actions.add_actor(partnership=there, facts=self.facts(there), by=coordinator, now=now)

        assert lines(Change.objects.get()) == {
            ("side", "", "Pécs"),
            ("name", "", "Choir"),
            ("type", "", "music or culture society"),
            ("since (year)", "", "1998"),
        }

    def test_a_side_names_an_actor_once(self, there, coordinator, now):
        actions.add_actor(partnership=there, facts=self.facts(there), by=coordinator, now=now)
        other = ActorFactory(partnership=there, side=there.sides.all()[1], name="School")

        with pytest.raises(actions.ActorIsThere):
            actions.add_actor(partnership=there, facts=self.facts(there), by=coordinator, now=now)
        with pytest.raises(actions.ActorIsThere):
            actions.edit_actor(actor=other, facts=self.facts(there), by=coordinator, base_version=1, now=now)

        assert list(Actor.objects.values_list("name", flat=True)) == ["Choir", "School"]

    def test_there_are_not_more_than_a_page_can_show(self, there, coordinator, now, monkeypatch):
        monkeypatch.setattr("partnerships.actions.chronicle.MOST_ACTORS", 0)

        with pytest.raises(actions.TooManyActors):
            actions.add_actor(partnership=there, facts=self.facts(there), by=coordinator, now=now)

    def test_a_change_and_an_end_are_noted(self, there, coordinator, now):
        actor = ActorFactory(partnership=there, side=there.sides.all()[1], name="Choir", type="culture")

        actions.edit_actor(actor=actor, facts=self.facts(there), by=coordinator, base_version=1, now=now)
        actions.delete_actor(actor=actor, by=coordinator, now=now)
        actions.delete_actor(actor=actor, by=coordinator, now=now)

        assert Actor.objects.count() == 0
        gone, changed = Change.objects.all()
        assert lines(changed) == {("since (year)", "", "1998")}
        assert ("name", "Choir", "") in lines(gone)

    def test_who_saves_second_is_told(self, there, coordinator, now):
        actor = ActorFactory(partnership=there, version=3)

        with pytest.raises(EditConflict):
            actions.edit_actor(actor=actor, facts=self.facts(there), by=coordinator, base_version=2, now=now)


class TestWhoReadsWhat:
    @pytest.fixture
    def entries(self, there) -> None:
        hidden = PartnershipFactory(slug="hidden", published_at=None)
        for partnership in (there, hidden):
            ChronicleEntryFactory(partnership=partnership, title=f"{partnership.slug} open")
            ChronicleEntryFactory(
                partnership=partnership, title=f"{partnership.slug} inside", is_public=False
            )
            ActorFactory(partnership=partnership, name=partnership.slug)

    def test_others_read_what_is_public_of_what_is_published(self, there, entries, outsider, partner):
        for person in (None, outsider, partner):
            assert [one.title for one in ChronicleEntry.objects.visible_to(person)] == ["fellbach-pecs open"]
            assert [one.name for one in Actor.objects.visible_to(person)] == ["fellbach-pecs"]

    def test_the_sides_read_all_of_theirs(self, there, entries, coordinator):
        found = ChronicleEntry.objects.visible_to(coordinator)

        assert [one.title for one in found] == ["fellbach-pecs open", "fellbach-pecs inside"]
        assert Actor.objects.visible_to(coordinator).count() == 1

    def test_the_office_reads_everything(self, entries, admin):
        assert ChronicleEntry.objects.visible_to(admin).count() == 4
        assert Actor.objects.visible_to(admin).count() == 2

    def test_a_public_photo_of_an_inside_entry_stays_inside(self, there, coordinator, outsider, now, media):
        inside = ChronicleEntryFactory(partnership=there, is_public=False)
        photo_of(inside, coordinator, now)
        shown = photo_of(ChronicleEntryFactory(partnership=there), coordinator, now)

        for person in (None, outsider):
            assert list(Document.objects.visible_to(person)) == [shown]
        assert Document.objects.visible_to(coordinator).count() == 2


class TestInWords:
    @pytest.fixture(autouse=True)
    def _english(self):
        with translation.override("en"):
            yield

    def test_days_and_years(self):
        day = ChronicleEntryFactory.build(partnership=None)
        days = ChronicleEntryFactory.build(partnership=None, until=date(2019, 5, 26))
        same = ChronicleEntryFactory.build(partnership=None, until=date(2019, 5, 24))
        year = ChronicleEntryFactory.build(partnership=None, is_year_only=True)

        found = [words.when(entry) for entry in (day, days, same, year)]

        assert found == ["24 May 2019", "24 May 2019 to 26 May 2019", "24 May 2019", "2019"]

    def test_decades_in_order_with_photos_and_languages(self, there, coordinator, now, media):
        old = ChronicleEntryFactory(partnership=there, on=date(1989, 12, 31), language="sr-latn")
        new = ChronicleEntryFactory(partnership=there, **FACTS)
        ChronicleEntryFactory(partnership=there, on=date(2010, 1, 1), is_year_only=True)
        photo_of(new, coordinator, now, title="The raft", rights_holder="Eva")
        photo_of(new, coordinator, now, is_public=False)

        found = words.chronicle_of(there, coordinator)

        assert [(period.heading, len(period.entries)) for period in found.periods] == [
            ("1980 to 1989", 1),
            ("2010 to 2019", 2),
        ]
        assert (found.number, found.has_hidden) == (3, True)
        first, last = found.periods[0].entries[0], found.periods[1].entries[1]
        assert (first.number, first.language_name, last.language_name) == (old.pk, "Serbian Latin", "")
        assert last.facts == "Pécs · 1,200 participants"
        assert [(photo.alt, photo.holder, photo.is_public) for photo in last.photos] == [
            ("The raft", "Eva", True),
            ("Photo: Youth meeting", "", False),
        ]
        assert words.chronicle_of(there, None).has_hidden is False

    def test_actors_stand_below_their_side_with_a_link_to_a_public_page(self, there):
        _ours, theirs = there.sides.all()
        shown, closed = OrganisationFactory(slug="choir"), OrganisationFactory(published_at=None)
        ActorFactory(partnership=there, side=theirs, name="Choir", organisation=shown, since_year=1998)
        ActorFactory(partnership=there, side=theirs, name="Band", organisation=closed, until_year=2001)
        ActorFactory(partnership=there, side=theirs, name="Club", since_year=1990, until_year=1999)

        found = words.chronicle_of(there, None)

        assert [(side.town, len(side.actors)) for side in found.sides] == [("Pécs", 3)]
        assert [(actor.name, actor.url, actor.facts) for actor in found.sides[0].actors] == [
            ("Band", "", "Association (club), until 2001"),
            ("Choir", shown.get_absolute_url(), "Association (club), since 1998"),
            ("Club", "", "Association (club), 1990 to 1999"),
        ]

    def test_in_brief_the_newest_that_everybody_may_read(self, there):
        for year in (2001, 2005, 2003, 2002):
            ChronicleEntryFactory(partnership=there, on=date(year, 1, 1), is_year_only=True)
        ChronicleEntryFactory(partnership=there, on=date(2020, 1, 1), is_public=False)
        for number in range(10):
            ActorFactory(partnership=there, name=f"Club {number}")
        ActorFactory(partnership=there, name="Gone", until_year=2001)

        found = words.brief_of(there)

        assert ([entry.when for entry in found.entries], found.number) == (["2005", "2003", "2002"], 4)
        assert (len(found.actors), found.more_actors) == (8, 2)

    def test_nothing_yet(self, there):
        assert words.brief_of(there) == words.Brief([], 0, [], 0)
        assert words.chronicle_of(there, None) == words.Chronicle([], [], 0, has_hidden=False)

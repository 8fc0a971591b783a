"""The pages of the chronicle: written by the sides, read by everybody.

That a form sent twenty times at once does a thing once: tests/architecture/test_sent_twenty_times.py.
"""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from partnerships.models import Actor, Change, ChronicleEntry, Document, Partnership, SideContact
from tests.conftest import signed_in
from tests.factories.directory import OrganisationFactory
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory
from tests.factories.uploads import pdf, picture, upload

pytestmark = pytest.mark.django_db
PAGE = "/partnerships/fellbach-pecs/chronicle/"
ENTRY: dict[str, Any] = {
    "kind": "youth",
    "title": "Youth meeting",
    "on": "2019-07-01",
    "until": "",
    "year": "",
    "place": "Pécs",
    "participants": "34",
    "text": "We built a raft.",
    "language": "en",
    "is_public": "yes",
    "base_version": "0",
}
PHOTO = {
    "title": "The raft",
    "rights_holder": "Eva",
    "has_rights": "on",
    "has_consent": "on",
    "is_public": "on",
}


@pytest.fixture
def there(fellbach, pecs, coordinator) -> Partnership:
    partnership = PartnershipFactory(slug="fellbach-pecs", towns=[fellbach, pecs])
    SideContact.objects.create(side=partnership.sides.all()[0], person=coordinator, since=timezone.now())
    return partnership


@pytest.fixture(autouse=True)
def _media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def keyed(data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return data | {"key": str(uuid4())} | changes


def errors_of(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


class TestEntries:
    def test_written_it_stands_in_the_chronicle(self, there, writer):
        answer = writer.post(f"{PAGE}new/", keyed(ENTRY), follow=True)

        entry = ChronicleEntry.objects.get()
        assert answer.redirect_chain == [(f"{PAGE}#entry-{entry.pk}", 302)]
        assert (entry.on, entry.is_year_only, entry.is_public, entry.participants) == (
            date(2019, 7, 1),
            False,
            True,
            34,
        )
        page = answer.content.decode()
        assert "“Youth meeting” is in the chronicle." in page
        assert '<time datetime="2019-07-01">1 July 2019</time>' in page
        assert "We built a raft." in page

    def test_only_the_year_is_enough(self, there, writer):
        writer.post(f"{PAGE}new/", keyed(ENTRY, on="", year="1974", is_public="no"))

        entry = ChronicleEntry.objects.get()
        assert (entry.on, entry.is_year_only, entry.is_public) == (date(1974, 1, 1), True, False)

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [
            ({"on": ""}, "on", "Please enter the day, or only the year."),
            ({"year": "2018"}, "year", "The day lies in another year. Please enter one of the two."),
            ({"until": "2019-06-30"}, "until", "The last day cannot be before the first."),
            ({"on": "", "year": "2019", "until": "2019-07-02"}, "on", "Please enter the first day, too."),
            ({"is_public": ""}, "is_public", "This field is required."),
            (
                {"year": "9000", "on": ""},
                "year",
                "This year has not come yet. The chronicle tells what has happened.",
            ),
        ],
    )
    def test_what_cannot_be_is_said_at_the_field(self, there, writer, changes, field, sentence):
        answer = writer.post(f"{PAGE}new/", keyed(ENTRY, **changes))

        assert errors_of(answer) == {field: [sentence]}
        assert ChronicleEntry.objects.count() == 0

    def test_what_is_to_come_is_no_chronicle(self, there, writer):
        answer = writer.post(f"{PAGE}new/", keyed(ENTRY, on=str(date.today() + timedelta(days=2))))

        assert errors_of(answer) == {
            "on": ["This day has not come yet. The chronicle tells what has happened."]
        }

    def test_a_full_chronicle_says_so(self, there, writer, monkeypatch):
        monkeypatch.setattr("partnerships.actions.chronicle.MOST_ENTRIES", 0)

        answer = writer.post(f"{PAGE}new/", keyed(ENTRY))

        assert errors_of(answer) == {"__all__": ["The chronicle is full. Please delete an entry first."]}

    def test_changed_it_is_the_new_version(self, there, writer):
        entry = ChronicleEntryFactory(partnership=there)
        form = writer.get(f"{PAGE}{entry.pk}/edit/").context["form"]
        assert form["title"].value() == entry.title

        writer.post(f"{PAGE}{entry.pk}/edit/", keyed(ENTRY, base_version="1"))

        entry.refresh_from_db()
        assert (entry.title, entry.version) == ("Youth meeting", 2)

    def test_who_saves_second_sees_both_and_may_save_again(self, there, writer):
        entry = ChronicleEntryFactory(partnership=there, title="Theirs", version=2)
        mine = keyed(ENTRY, base_version="1")

        answer = writer.post(f"{PAGE}{entry.pk}/edit/", mine)

        assert answer.status_code == 409
        assert ("Title", "Theirs", "Youth meeting") in [
            (one.label, one.now, one.typed) for one in answer.context["conflict"]
        ]
        again = writer.post(f"{PAGE}{entry.pk}/edit/", mine | {"base_version": "2"})
        assert (again.status_code, ChronicleEntry.objects.get().title) == (302, "Youth meeting")

    def test_what_the_second_has_not_touched_is_not_taken_back(self, there, writer):
        entry = ChronicleEntryFactory(partnership=there, place="Ulm", text="Alt")
        form = writer.get(f"{PAGE}{entry.pk}/edit/").context["form"]
        typed = {name: form[name].value() or "" for name in form.fields}
        ChronicleEntry.objects.update(place="Pécs", version=2)

        refused = writer.post(f"{PAGE}{entry.pk}/edit/", typed | {"text": "Neu"})

        again = refused.context["form"]
        assert [one.label for one in refused.context["conflict"]] == ["What happened"]
        assert (again["place"].value(), again["text"].value()) == ("Pécs", "Neu")

    def test_what_somebody_deletes_meanwhile_is_gone(self, there, writer, monkeypatch):
        entry = ChronicleEntryFactory(partnership=there)

        def gone(**facts: Any) -> None:
            raise ChronicleEntry.DoesNotExist

        monkeypatch.setattr("partnerships.actions.edit_entry", gone)
        answer = writer.post(f"{PAGE}{entry.pk}/edit/", keyed(ENTRY, base_version="1"), follow=True)

        assert "Somebody else has deleted this meanwhile." in answer.content.decode()

    def test_deleting_asks_once_and_counts_the_photos(self, there, writer):
        entry = ChronicleEntryFactory(partnership=there, title="Old")
        writer.post(f"{PAGE}{entry.pk}/photo/", keyed(PHOTO, upload=upload("a.jpg", picture())))
        asked = writer.get(f"{PAGE}{entry.pk}/delete/").content.decode()
        sent = keyed({})

        answers = [writer.post(f"{PAGE}{entry.pk}/delete/", sent) for _ in range(2)]

        assert "Delete “Old”?" in asked
        assert "Its photo goes with it." in asked
        assert [answer.headers["Location"] for answer in answers] == [PAGE, PAGE]
        assert (ChronicleEntry.objects.count(), Document.objects.count()) == (0, 0)

    def test_an_entry_of_another_partnership_is_not_found(self, there, writer):
        other = ChronicleEntryFactory()

        answers = [writer.get(f"{PAGE}{other.pk}/{way}/").status_code for way in ("edit", "delete", "photo")]

        assert answers == [404, 404, 404]


class TestPhotos:
    @pytest.fixture
    def entry(self, there) -> ChronicleEntry:
        return ChronicleEntryFactory(partnership=there)

    def test_a_photo_with_rights_and_consent_is_public(self, entry, writer):
        writer.post(f"{PAGE}{entry.pk}/photo/", keyed(PHOTO, upload=upload("a.jpg", picture())))

        photo = Document.objects.get()
        assert (photo.entry, photo.kind, photo.title, photo.is_public) == (entry, "photo", "The raft", True)

    @pytest.mark.parametrize("missing", ["has_rights", "has_consent"])
    def test_without_one_of_them_it_is_not(self, entry, writer, missing):
        said = {name: value for name, value in PHOTO.items() if name != missing}

        answer = writer.post(f"{PAGE}{entry.pk}/photo/", keyed(said, upload=upload("a.jpg", picture())))

        assert set(errors_of(answer)) == {missing, "upload"}
        assert Document.objects.count() == 0

    def test_what_is_no_picture_is_refused(self, entry, writer):
        answer = writer.post(f"{PAGE}{entry.pk}/photo/", keyed(PHOTO, upload=upload("a.pdf", pdf())))

        assert set(errors_of(answer)) == {"upload"}

    def test_a_photo_says_what_it_shows(self, entry, writer):
        answer = writer.post(
            f"{PAGE}{entry.pk}/photo/", keyed(PHOTO, title="", upload=upload("a.jpg", picture()))
        )

        assert set(errors_of(answer)) == {"title", "upload"}

    @pytest.mark.parametrize("problem", ["TooManyFiles", "CannotBeKept"])
    def test_what_cannot_be_kept_is_said(self, entry, writer, monkeypatch, problem):
        from core import files
        from partnerships import actions

        def fail(**facts: Any) -> None:
            raise getattr(actions, problem, None) or getattr(files, problem)

        monkeypatch.setattr("partnerships.actions.add_document", fail)
        answer = writer.post(f"{PAGE}{entry.pk}/photo/", keyed(PHOTO, upload=upload("a.jpg", picture())))

        assert set(errors_of(answer)) == {"__all__"}


class TestActors:
    @pytest.fixture
    def choir(self, there) -> dict[str, Any]:
        return {"name": "Choir", "type": "culture", "side": there.sides.all()[1].pk, "base_version": "0"}

    def test_named_changed_and_deleted(self, there, writer, choir):
        page = PAGE.replace("chronicle", "actors")

        added = writer.post(f"{page}new/", keyed(choir, since_year="1998"), follow=True)
        actor = Actor.objects.get()
        changed = writer.post(f"{page}{actor.pk}/edit/", keyed(choir, name="Big choir", base_version="1"))
        sent = keyed({})
        gone = [writer.post(f"{page}{actor.pk}/delete/", sent).headers["Location"] for _ in range(2)]

        assert "Music or culture society, since 1998" in added.content.decode()
        assert changed.headers["Location"] == f"{PAGE}#actors"
        assert gone == [f"{PAGE}#actors"] * 2
        assert Actor.objects.count() == 0
        assert [change.note for change in Change.objects.all()] == ["Big choir", "Big choir", "Choir"]

    def test_the_same_name_twice_is_refused_at_the_field(self, there, writer, choir):
        there_already = ActorFactory(partnership=there, side=there.sides.all()[1], name="Choir")
        other = ActorFactory(partnership=there, side=there.sides.all()[1])
        page = PAGE.replace("chronicle", "actors")

        answers = [
            writer.post(f"{page}new/", keyed(choir)),
            writer.post(f"{page}{other.pk}/edit/", keyed(choir, base_version="1")),
        ]

        sentence = {"name": ["This side has an actor of this name already."]}
        assert [errors_of(answer) for answer in answers] == [sentence, sentence]
        assert set(Actor.objects.all()) == {there_already, other}

    def test_it_ends_after_it_began_and_there_is_a_limit(self, there, writer, choir, monkeypatch):
        page = PAGE.replace("chronicle", "actors")
        early = writer.post(f"{page}new/", keyed(choir, since_year="1998", until_year="1990"))
        monkeypatch.setattr("partnerships.actions.chronicle.MOST_ACTORS", 0)
        late = writer.post(f"{page}new/", keyed(choir))

        assert errors_of(early) == {"until_year": ["It cannot end before it began."]}
        assert errors_of(late) == {"__all__": ["There are too many actors. Please delete one first."]}

    def test_who_saves_second_sees_both(self, there, writer, choir):
        actor = ActorFactory(partnership=there, name="Theirs", version=2)

        answer = writer.post(
            f"{PAGE.replace('chronicle', 'actors')}{actor.pk}/edit/", keyed(choir, base_version="1")
        )

        assert answer.status_code == 409
        assert ("Name", "Theirs", "Choir") in [
            (one.label, one.now, one.typed) for one in answer.context["conflict"]
        ]

    def test_what_somebody_deletes_meanwhile_is_gone(self, there, writer, choir, monkeypatch):
        actor = ActorFactory(partnership=there)

        def gone(**facts: Any) -> None:
            raise Actor.DoesNotExist

        monkeypatch.setattr("partnerships.actions.edit_actor", gone)
        address = f"{PAGE.replace('chronicle', 'actors')}{actor.pk}/edit/"
        answer = writer.post(address, keyed(choir, base_version="1"), follow=True)

        assert "Somebody else has deleted this meanwhile." in answer.content.decode()

    def test_public_organisations_of_the_towns_are_offered(self, there, writer, pecs, fellbach):
        here = OrganisationFactory(seat=pecs, name="Pécs choir")
        OrganisationFactory(seat=fellbach, published_at=None)
        OrganisationFactory()

        form = writer.get(f"{PAGE.replace('chronicle', 'actors')}new/").context["form"]

        assert list(form.fields["organisation"].queryset) == [here]


class TestReading:
    @pytest.fixture
    def both(self, there) -> None:
        ChronicleEntryFactory(partnership=there, title="For all", text="Sve\n\ndobro", language="hr")
        ChronicleEntryFactory(partnership=there, title="For us", is_public=False)
        ActorFactory(partnership=there, name="Choir")

    def test_others_read_the_public_part_and_find_nothing_to_write(self, there, both, outsider):
        for browser in (Client(), signed_in(outsider, "en")):
            page = browser.get(PAGE, headers={"accept-language": "en"}).content.decode()

            assert ("For all" in page, "For us" in page, "Choir" in page) == (True, False, True)
            assert 'lang="hr"' in page
            assert "So far there is this text in Croatian only." in page
            assert "/new/" not in page
            assert "noindex" not in page

    def test_the_sides_read_everything_and_what_others_do_not_see_is_marked(self, there, both, writer):
        page = writer.get(PAGE).content.decode()

        assert ("For all" in page, "For us" in page) == (True, True)
        assert page.count("only the sides</span>") == 1
        assert "noindex" in page

    def test_the_page_of_the_partnership_shows_the_newest_in_brief(self, there, both):
        page = (
            Client().get("/partnerships/fellbach-pecs/", headers={"accept-language": "en"}).content.decode()
        )

        assert ("For all" in page, "For us" in page, "Choir" in page) == (True, False, True)
        assert "See the chronicle: 1 entry" in page

    def test_a_new_entry_is_on_the_page_of_the_partnership_at_once(self, there, writer):
        assert "See the chronicle" not in writer.get("/partnerships/fellbach-pecs/").content.decode()

        writer.post(f"{PAGE}new/", keyed(ENTRY))

        assert "Youth meeting" in writer.get("/partnerships/fellbach-pecs/").content.decode()

    def test_empty_it_says_what_will_be_here(self, there, writer):
        shown = Client().get(PAGE, headers={"accept-language": "en"}).content.decode()

        assert "Nobody has written anything yet." in shown
        assert "Write the first entry" in writer.get(PAGE).content.decode()

    def test_the_version_for_paper_is_large_and_has_no_links_to_write(self, there, both, writer):
        page = writer.get(f"{PAGE}?print=1").content.decode()

        assert "chronicle-page--large" in page
        assert re.findall(r'href="[^"]*/(?:edit|new|delete|photo)/"', page) == []

    def test_on_paper_stands_what_everybody_may_read_unless_a_side_asks_for_all(
        self, there, both, writer, outsider
    ):
        pages = [
            browser.get(f"{PAGE}?print={way}").content.decode()
            for browser in (writer, signed_in(outsider, "en"))
            for way in ("1", "all")
        ]

        assert ["For us" in page for page in pages] == [False, True, False, False]
        assert ['href="?print=all"' in page for page in pages] == [True, False, False, False]

    def test_a_side_prints_what_is_not_public_yet(self, there, both, writer):
        Partnership.objects.update(published_at=None)

        assert "For us" in writer.get(f"{PAGE}?print=1").content.decode()

    def test_the_sides_save_it_as_a_table(self, there, both, writer):
        answer = writer.get(f"{PAGE}export.csv")

        lines = answer.content.decode().splitlines()
        assert answer.headers["Content-Disposition"] == 'attachment; filename="fellbach-pecs.csv"'
        assert lines[0].lstrip("\ufeff").startswith("From")
        assert [("For all" in line, "For us" in line) for line in lines[1:] if "2019-05-24" in line] == [
            (True, False),
            (False, True),
        ]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_page_needs_few_queries_however_many_rows(
        self, there, writer, outsider, coordinator, rows, django_assert_num_queries
    ):
        for number in range(rows):
            entry = ChronicleEntryFactory(partnership=there)
            ActorFactory(partnership=there, organisation=OrganisationFactory(slug=f"club-{number}"))
            for _ in range(rows):
                writer.post(f"{PAGE}{entry.pk}/photo/", keyed(PHOTO, upload=upload("a.jpg", picture())))
        other = signed_in(outsider)
        for browser in (writer, other):
            browser.get(PAGE)

        with django_assert_num_queries(6):
            Client().get(PAGE)
        with django_assert_num_queries(10):
            other.get(PAGE)
        with django_assert_num_queries(10):
            writer.get(PAGE)


class TestOffice:
    @pytest.fixture
    def office(self, admin) -> Client:
        return signed_in(admin, "en")

    def test_changes_an_entry_through_the_action(self, there, office, admin):
        entry = ChronicleEntryFactory(partnership=there)
        page = f"/admin/partnerships/chronicleentry/{entry.pk}/change/"
        sent = ENTRY | {"base_version": "1", "is_public": ""}

        answer = office.post(page, sent)

        entry.refresh_from_db()
        assert answer.status_code == 302
        assert (entry.title, entry.is_public, entry.version) == ("Youth meeting", False, 2)
        assert (Change.objects.get().person, Change.objects.get().is_office) == (admin, True)

    def test_changes_an_actor_through_the_action(self, there, office):
        actor = ActorFactory(partnership=there)

        office.post(
            f"/admin/partnerships/actor/{actor.pk}/change/",
            {"name": "Choir", "type": "culture", "base_version": "1"},
        )

        actor.refresh_from_db()
        assert (actor.name, actor.type, actor.version) == ("Choir", "culture", 2)
        assert Change.objects.get().note == "Choir"

    @pytest.mark.parametrize("name", ["chronicleentry", "actor"])
    def test_deletes_one_or_many_through_the_action(self, there, office, name):
        make = {"chronicleentry": ChronicleEntryFactory, "actor": ActorFactory}[name]
        one, *many = (make(partnership=there) for _ in range(3))
        pages = f"/admin/partnerships/{name}/"

        office.post(f"{pages}{one.pk}/delete/", {"post": "yes"})
        office.post(
            pages,
            {"action": "delete_selected", "_selected_action": [row.pk for row in many], "post": "yes"},
        )

        assert type(one).objects.count() == 0
        assert Change.objects.count() == 3

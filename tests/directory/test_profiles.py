"""What a municipality says about itself, in all entered languages."""

import pytest
from django.test import Client
from django.utils import translation

from core.conflicts import EditConflict
from directory import actions, queries
from directory.models import Organisation
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

FORM = "/municipalities/ulm/edit/"


@pytest.fixture
def ulm(coordinator):
    town = MunicipalityFactory(
        name="Ulm", slug="ulm", description_de="An der Donau.", website="https://ulm.example"
    )
    ClaimFactory(municipality=town, person=coordinator, accepted=True)
    return town


@pytest.fixture
def writer(coordinator):
    return signed_in(coordinator, "en")


def values_of(response):
    """What a browser would send back."""
    form = response.context["form"]
    return {field.html_name: field.value() or "" for field in form if field.value() is not False}


def texts(subject):
    return dict(subject.profile_texts.values_list("language", "text"))


class TestForm:
    def test_who_speaks_for_the_town_writes_it_in_many_languages(self, ulm, writer):
        values = values_of(writer.get(FORM))
        assert (values["description_de"], values["website"]) == ("An der Donau.", "https://ulm.example")

        response = writer.post(
            FORM,
            values | {"description_en": "On the Danube.", "language_1": "hu", "text_1": "A Duna partján.",
                      "website": "www.ulm.example"},
        )  # fmt: skip

        assert response["Location"] == "/municipalities/ulm/"
        ulm.refresh_from_db()
        assert (ulm.description_de, ulm.description_en) == ("An der Donau.", "On the Danube.")
        assert (ulm.website, ulm.version) == ("https://www.ulm.example", 2)
        assert texts(ulm) == {"hu": "A Duna partján."}
        assert "The profile is saved." in writer.get("/municipalities/ulm/").content.decode()

    def test_rows_are_added_without_script_and_nothing_is_saved_or_lost(self, ulm, writer):
        values = values_of(writer.get(FORM)) | {"language_1": "hu", "text_1": "", "description_en": "Typed"}

        for number in (2, 3):
            response = writer.post(FORM, values | {"more": "1"})
            values = values_of(response)
            assert response.status_code == 200
            assert f"language_{number}" in values
            assert "data-error-summary" not in response.content.decode()

        assert (values["language_1"], values["description_en"]) == ("hu", "Typed")
        ulm.refresh_from_db()
        assert (ulm.description_en, ulm.version) == (None, 1)
        saved = writer.post(FORM, values | {"text_1": "Magyar", "language_3": "ro", "text_3": "Română"})
        assert saved.status_code == 302
        assert texts(ulm) == {"hu": "Magyar", "ro": "Română"}

    def test_no_more_rows_than_languages(self, ulm, writer):
        values = values_of(writer.get(FORM))
        for _ in range(15):
            response = writer.post(FORM, values | {"more": "1"})
            values = values_of(response)

        assert len(response.context["form"].rows) == 11
        assert 'name="more"' not in response.content.decode()

    def test_texts_are_removed_by_the_tick_or_by_clearing_them(self, ulm, writer):
        for language in ("hu", "ro", "uk"):
            ulm.profile_texts.create(language=language, text=language)
        values = values_of(writer.get(FORM))

        writer.post(FORM, values | {"remove_1": "on", "text_2": "  "})

        assert texts(ulm) == {"uk": "uk"}

    @pytest.mark.parametrize(
        ("values", "fields"),
        [
            ({"text_1": "Szöveg"}, ["language_1"]),
            ({"language_1": "de", "text_1": "Text"}, ["language_1"]),
            ({"language_1": "hu", "text_1": "a", "language_2": "hu", "text_2": "b"}, ["language_2"]),
            ({"website": "javascript:alert(1)"}, ["website"]),
            ({"website": "ftp://ulm.example"}, ["website"]),
            ({"description_de": "x" * 4001}, ["description_de"]),
        ],
    )
    def test_wrong_entries_are_said_at_the_field(self, ulm, writer, values, fields):
        response = writer.post(FORM, values_of(writer.get(FORM)) | values)

        assert (response.status_code, list(response.context["form"].errors)) == (200, fields)
        ulm.refresh_from_db()
        assert ulm.version == 1

    def test_the_same_form_twice_saves_once(self, ulm, writer):
        values = values_of(writer.get(FORM)) | {"description_en": "Once"}

        answers = [writer.post(FORM, values)["Location"] for _ in range(2)]

        assert answers == ["/municipalities/ulm/"] * 2
        ulm.refresh_from_db()
        assert ulm.version == 2

    def test_two_editors_see_both_texts_and_the_typed_one_stays(self, ulm, writer, admin):
        ulm.profile_texts.create(language="hu", text="régi")
        mine = values_of(writer.get(FORM)) | {"description_de": "Von mir.", "text_1": "enyém"}
        office = signed_in(admin, "en")
        office.post(FORM, values_of(office.get(FORM)) | {"description_de": "Vom Büro.", "text_1": "övék"})

        response = writer.post(FORM, mine)

        assert response.status_code == 409
        found = [(one.label, one.now, one.typed) for one in response.context["conflict"]]
        assert [entry[1:] for entry in found] == [("Vom Büro.", "Von mir."), ("övék", "enyém")]
        assert found[1][0] == "magyar"
        assert response.context["form"]["description_de"].value() == "Von mir."
        ulm.refresh_from_db()
        assert ulm.description_de == "Vom Büro."

        again = writer.post(FORM, values_of(response))
        assert again.status_code == 302
        ulm.refresh_from_db()
        assert (ulm.description_de, texts(ulm)) == ("Von mir.", {"hu": "enyém"})

    def test_what_the_second_editor_has_not_touched_is_not_taken_back(self, ulm, writer, admin):
        ulm.profile_texts.create(language="hu", text="régi")
        ulm.profile_texts.create(language="ro", text="veche")
        mine = values_of(writer.get(FORM)) | {"website": "https://neu.example"}
        rows = {mine[f"language_{number}"]: f"text_{number}" for number in (1, 2)}
        mine[rows["ro"]] = "a mea"
        office = signed_in(admin, "en")
        theirs = values_of(office.get(FORM)) | {"description_de": "Vom Büro.", rows["hu"]: "övék"}
        office.post(FORM, theirs | {"language_3": "hr", "text_3": "novo"})

        response = writer.post(FORM, mine)
        again = writer.post(FORM, values_of(response))

        found = [(one.now, one.typed) for one in response.context["conflict"]]
        assert [typed for _now, typed in found] == ["https://neu.example", "a mea"]
        assert (response.status_code, again.status_code) == (409, 302)
        ulm.refresh_from_db()
        assert (ulm.description_de, ulm.website) == ("Vom Büro.", "https://neu.example")
        assert texts(ulm) == {"hu": "övék", "ro": "a mea", "hr": "novo"}

    def test_the_office_page_does_not_overwrite_what_the_town_wrote_meanwhile(self, ulm, writer, admin):
        from tests.directory.test_admin import form_data

        office, address = signed_in(admin, "en"), f"/admin/directory/municipality/{ulm.pk}/change/"
        opened = form_data(office.get(address), website="https://buero.example")
        writer.post(FORM, values_of(writer.get(FORM)) | {"description_de": "Von der Stadt."})

        response = office.post(address, opened)

        assert response.status_code == 200
        assert "Somebody else has saved this meanwhile" in response.content.decode()
        ulm.refresh_from_db()
        assert (ulm.description_de, ulm.website) == ("Von der Stadt.", "https://ulm.example")

    def test_only_who_speaks_for_it_and_the_office(self, ulm, coordinator, outsider, admin):
        former = UserFactory()
        ClaimFactory(municipality=ulm, person=former, state="ended")
        waiting = UserFactory()
        ClaimFactory(municipality=ulm, person=waiting)

        statuses = {
            person: [signed_in(person).get(FORM).status_code, signed_in(person).post(FORM).status_code]
            for person in (coordinator, admin, outsider, former, waiting)
        }

        assert list(statuses.values()) == [[200, 200], [200, 200], [403, 403], [403, 403], [403, 403]]
        assert Client().get(FORM).status_code == 302

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, ulm, writer, rows, django_assert_num_queries):
        for language in ("hu", "ro", "uk")[:rows]:
            ulm.profile_texts.create(language=language, text="x")
        writer.get("/sources/")

        # session, person, municipality, may edit, texts
        with django_assert_num_queries(6):
            writer.get(FORM)


class TestAction:
    def test_the_version_must_be_the_one_that_was_edited(self, ulm, coordinator):
        def save(version):
            return actions.save_profile(
                subject=ulm, descriptions={"de": "Neu"}, website="", texts={}, base_version=version, by=coordinator
            )  # fmt: skip

        assert save(1).version == 2
        with pytest.raises(EditConflict):
            save(1)
        assert save(None).version == 3

    def test_an_organisation_says_something_too(self, coordinator, now):
        choir = Organisation.objects.create(name="Chor", slug="chor", type="culture", published_at=now)

        saved = actions.save_profile(
            subject=choir, descriptions={"de": "Wir singen.", "en": "We sing."}, website="https://chor.example",
            texts={"sr": "Певамо."}, base_version=1, by=coordinator,
        )  # fmt: skip

        choir.refresh_from_db()
        assert (choir.description_de, choir.description_en) == ("Wir singen.", "We sing.")
        assert (choir.website, choir.version, saved) == ("https://chor.example", 2, choir)
        assert texts(choir) == {"sr": "Певамо."}

    def test_a_town_is_still_found_afterwards(self, ulm, coordinator):
        actions.save_profile(
            subject=ulm, descriptions={}, website="", texts={}, base_version=None, by=coordinator
        )  # fmt: skip

        ulm.refresh_from_db()
        assert "|ulm|" in ulm.search_text


class TestShown:
    def profile(self, town, language):
        with translation.override(language):
            shown = queries.profile(town)
        return [
            (text.language, text.language_name)
            for text in ([shown.first] if shown.first else []) + shown.further
        ]

    def test_the_readers_language_comes_first(self, ulm):
        ulm.description_en = "On the Danube."
        ulm.profile_texts.create(language="sr-latn", text="Na Dunavu.")

        german, english = (self.profile(ulm, language) for language in ("de", "en"))

        assert german == [("de", "Deutsch"), ("en", "English"), ("sr-Latn", "srpski")]
        assert english == [("en", "English"), ("de", "Deutsch"), ("sr-Latn", "srpski")]

    def test_another_language_is_labelled_with_its_name(self, coordinator):
        town = MunicipalityFactory(slug="baja")
        town.profile_texts.create(language="hu", text="A Duna partján.")
        visitor = Client()
        visitor.cookies["django_language"] = "en"

        page = " ".join(visitor.get("/municipalities/baja/").content.decode().split())

        assert 'lang="hu">magyar</p>' in page
        assert '<p lang="hu">A Duna partján.</p>' in page

    def test_further_languages_fold_away_each_with_its_own_name(self, ulm):
        ulm.profile_texts.create(language="uk", text="На Дунаї.")
        visitor = Client()
        visitor.cookies["django_language"] = "de"

        page = " ".join(visitor.get("/municipalities/ulm/").content.decode().split())

        assert "<p>An der Donau.</p>" in page
        assert '<summary lang="uk"><span>українська</span></summary> <p lang="uk">На Дунаї.</p>' in page

    def test_nothing_written_shows_nothing(self):
        assert self.profile(MunicipalityFactory(), "de") == []

    def test_what_is_typed_comes_out_escaped(self, ulm, writer):
        evil = "<script>alert(1)</script>"
        writer.post(
            FORM, values_of(writer.get(FORM)) | {"description_de": evil, "language_1": "hu", "text_1": evil}
        )

        for page in ("/municipalities/ulm/", FORM):
            assert "<script>alert" not in writer.get(page).content.decode()

"""Pages of organisations: list, one of them, forms."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from core import panels
from directory.models import EntryReport, Membership, Organisation, ProfileText
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import (
    CountryFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/organisations/"


@pytest.fixture
def visitor():
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def ulm():
    return MunicipalityFactory(name="Ulm", slug="ulm", search_text="|ulm|")


@pytest.fixture
def verein(ulm, coordinator):
    verein = OrganisationFactory(name="Verein", slug="verein", seat=ulm)
    MembershipFactory(organisation=verein, person=coordinator, role="coordinator")
    return verein


def names_in(response):
    return [row.name for row in response.context["rows"]]


def filled(client, url, **changes):
    """The form of a page, as a browser would send it."""
    form = client.get(url).context["form"]
    data = {}
    for name in form.fields:
        value = form[name].value()
        if name == "seat":
            data |= {"seat": value.name if value else "", "seat_number": str(value.pk) if value else ""}
        elif value not in (None, False):
            data[name] = value
    return {**data, **changes}


class TestList:
    def test_shows_what_they_are_and_where(self, visitor, verein):
        html = visitor.get(LIST).content.decode()

        for word in (
            "1 organisation",
            'href="/organisations/verein/"',
            "Association (club)",
            "Ulm",
            "Germany",
        ):
            assert word in html

    @pytest.mark.parametrize("typed", ["gyor", "Győri", "baratsag", "barátsg"])
    def test_finds_however_it_is_typed(self, visitor, typed):
        OrganisationFactory(name="Győri Barátság Kör")
        OrganisationFactory(name="Musikverein")

        assert names_in(visitor.get(LIST, {"q": typed})) == ["Győri Barátság Kör"]

    def test_similar_names_are_said_to_be_no_match(self, visitor):
        OrganisationFactory(name="Musikverein")

        assert "No exact match" in visitor.get(LIST, {"q": "Musikvrein"}).content.decode()

    def test_facets_count_what_each_choice_would_find(self, visitor, ulm):
        pecs = MunicipalityFactory(name="Pécs", country=CountryFactory(code="HU"))
        for seat, kind in ((ulm, "school"), (ulm, "sports"), (pecs, "school"), (None, "school")):
            OrganisationFactory(seat=seat, type=kind)

        response = visitor.get(LIST, {"type": "school"})

        facets = {
            str(legend): {choice.value: choice.count for choice in choices}
            for legend, choices in response.context["found"].facets
        }
        assert facets == {"Type": {"school": 3, "sports": 1}, "Country": {"DE": 1, "HU": 1}}
        assert len(names_in(visitor.get(LIST, {"type": "school", "country": "HU"}))) == 1
        assert [chip["label"] for chip in response.context["chips"]] == ["school"]
        country = visitor.get(LIST, {"country": "HU"})
        assert [str(chip["label"]) for chip in country.context["chips"]] == ["Hungary"]

    def test_twenty_a_page(self, visitor):
        for number in range(21):
            OrganisationFactory(name=f"Verein {number:02}")

        assert names_in(visitor.get(LIST, {"page": 2})) == ["Verein 20"]

    def test_nothing_there_and_nothing_found_say_what_to_do(self, visitor):
        empty = visitor.get(LIST).content.decode()
        OrganisationFactory()
        unfound = visitor.get(LIST, {"q": "xqzxqz"}).content.decode()
        filtered = visitor.get(LIST, {"type": "school"}).content.decode()
        no_letters = visitor.get(LIST, {"q": "!!!"})

        assert reverse("directory:organisation_create") in empty
        assert "Try another spelling" in unfound
        assert "Remove a filter" in filtered
        assert names_in(no_letters) == []

    def test_only_public_ones_and_examples_where_they_may_be(self, visitor, settings):
        OrganisationFactory(published_at=None)
        OrganisationFactory(name="Beispiel", slug="beispiel", is_demo=True)

        settings.SHOW_DEMO = False
        hidden = names_in(visitor.get(LIST)), visitor.get(f"{LIST}beispiel/").status_code
        settings.SHOW_DEMO = True

        assert hidden == ([], 404)
        assert names_in(visitor.get(LIST)) == ["Beispiel"]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, coordinator, ulm, rows, django_assert_num_queries):
        for number in range(rows):
            OrganisationFactory(name=f"Verein {number}", seat=ulm)
        client = signed_in(coordinator)
        client.get(LIST)

        # session, person, bell, groups, rows
        with django_assert_num_queries(5):
            client.get(LIST, {"q": "verein"})

    def test_the_search_over_everything_finds_them(self, visitor, verein):
        html = visitor.get("/search/", {"q": "verein"}).content.decode()

        assert '<h3 class="row__title"><a href="/organisations/verein/">Verein</a></h3>' in " ".join(
            html.split()
        )


class TestDetail:
    def test_facts_and_words(self, visitor, verein):
        verein.description_en = "We sing."
        verein.legal_form, verein.is_non_profit, verein.languages = "e. V.", True, ["de", "hu"]
        verein.website = "https://verein.example/"
        verein.save()
        ProfileText.objects.create(organisation=verein, language="hu", text="Énekelünk.")

        html = visitor.get(f"{LIST}verein/").content.decode()

        for word in ("We sing.", "e. V.", "Yes", "Hungarian", "https://verein.example/", "Énekelünk."):
            assert word in html
        assert '<a href="/municipalities/ulm/">Ulm</a>, Germany' in html
        assert '<summary lang="hu"><span>magyar</span></summary>' in html

    def test_words_in_another_language_are_marked(self, visitor, verein):
        verein.description_de = "Wir singen."
        verein.save()

        html = visitor.get(f"{LIST}verein/").content.decode()

        assert '<p class="small muted" lang="de">Deutsch</p>' in html
        assert '<p lang="de">Wir singen.</p>' in html

    @pytest.mark.parametrize(
        ("level", "seen"),
        [
            ("public", {"visitor", "outsider", "member", "office"}),
            ("members", {"outsider", "member", "office"}),
            ("nobody", {"member", "office"}),
        ],
    )
    def test_private_facts_are_for_whom_they_are_for(
        self, visitor, verein, outsider, participant, admin, level, seen
    ):
        MembershipFactory(organisation=verein, person=participant)
        Organisation.objects.update(
            phone="0731 4711",
            phone_visibility=level,
            postal_address="Marktplatz 1",
            postal_address_visibility=level,
        )
        readers = {
            "visitor": visitor,
            "outsider": signed_in(outsider),
            "member": signed_in(participant),
            "office": signed_in(admin),
        }

        pages = {who: client.get(f"{LIST}verein/").content.decode() for who, client in readers.items()}

        assert {who for who, html in pages.items() if "0731 4711" in html} == seen
        assert {who for who, html in pages.items() if "Marktplatz 1" in html} == seen

    def test_names_of_those_who_look_after_it_as_far_as_they_like(
        self, visitor, verein, outsider, coordinator
    ):
        deputy = UserFactory(display_name="Öffentliche Vertretung", name_visibility="public")
        MembershipFactory(organisation=verein, person=deputy, role="deputy")
        MembershipFactory(
            organisation=verein, person__display_name="Kein Amt", person__name_visibility="public"
        )
        hidden = UserFactory(display_name="Verborgen", name_visibility="nobody")
        MembershipFactory(organisation=verein, person=hidden, role="deputy")

        for_all = visitor.get(f"{LIST}verein/").content.decode()
        for_members = signed_in(outsider, "en").get(f"{LIST}verein/").content.decode()

        assert "Öffentliche Vertretung" in for_all
        assert "Kein Amt" not in for_all
        assert (coordinator.display_name in for_all, coordinator.display_name in for_members) == (False, True)
        assert ("and 2 more people" in for_all, "and one more person" in for_members) == (True, True)
        assert "Verborgen" not in for_all + for_members

    def test_nobody_named_is_said_as_a_number(self, visitor, verein):
        assert "one person, whose name is not public" in visitor.get(f"{LIST}verein/").content.decode()

    def test_no_address_stands_in_the_source(self, verein, coordinator, outsider, visitor):
        for client in (visitor, signed_in(outsider), signed_in(coordinator)):
            html = client.get(f"{LIST}verein/").content.decode()
            for person in verein.memberships.all():
                assert person.person.email not in html.replace(f">{coordinator.email}<", "")

    def test_upper_apps_hang_panels_on_it(self, visitor, verein, monkeypatch):
        monkeypatch.setattr(panels, "_panels", panels.defaultdict(list))
        panels.register("organisation", "components/empty.html", lambda one, _: {"title": f"Of {one.name}"})

        assert "Of Verein" in visitor.get(f"{LIST}verein/").content.decode()

    def test_before_it_is_public_its_people_read_that(self, verein, coordinator, outsider):
        Organisation.objects.update(published_at=None)

        html = signed_in(coordinator, "en").get(f"{LIST}verein/").content.decode()

        assert "Only its members and the office see this page" in html
        assert '<meta name="robots" content="noindex">' in html
        assert signed_in(outsider).get(f"{LIST}verein/").status_code == 404

    def test_a_wrong_entry_can_be_reported(self, visitor, verein):
        url = "/report/organisation/verein/"
        key = visitor.get(url).context["form"]["key"].value()

        answer = visitor.post(url, {"text": "This club is closed now.", "key": key})

        assert answer["Location"] == "/organisations/verein/"
        assert EntryReport.objects.get().subject == verein

    @pytest.mark.parametrize("people", [1, 3])
    def test_number_of_queries(self, coordinator, verein, people, django_assert_num_queries):
        for _ in range(people):
            MembershipFactory(organisation=verein, role="deputy")
        client = signed_in(coordinator)
        client.get(f"{LIST}verein/")

        # session, person, bell, organisation with seat, membership, sees all?, words, people, may edit?, sees people?
        with django_assert_num_queries(10):
            client.get(f"{LIST}verein/")


class TestCreate:
    URL = "/organisations/new/"

    def test_the_new_one_is_there(self, coordinator, ulm):
        client = signed_in(coordinator)
        data = filled(client, self.URL, name="Neuer Verein", type="association", seat="Ulm")

        answer = client.post(self.URL, {**data, "languages": ["de"], "is_non_profit": "no"}, follow=True)

        organisation = Organisation.objects.get()
        assert answer.redirect_chain == [("/organisations/neuer-verein/", 302)]
        assert "„Neuer Verein“ ist angelegt." in answer.content.decode()
        assert (organisation.seat, organisation.is_non_profit, organisation.languages) == (ulm, False, ["de"])

    def test_a_name_that_fits_several_towns_is_offered_to_choose_from(self, coordinator):
        region = RegionFactory(name="Schwaben")
        first = MunicipalityFactory(name="Neustadt", region=region)
        MunicipalityFactory(name="Neustadt", country=CountryFactory(code="RO"))
        client = signed_in(coordinator, "en")
        data = filled(client, self.URL, name="Verein", type="association", seat="neustadt")

        asked = client.post(self.URL, data)
        data |= {"seat_choice": str(first.pk)}
        client.post(self.URL, data)

        html = asked.content.decode()
        assert list(asked.context["form"].errors) == ["seat"]
        assert "There are several." in html
        assert "Schwaben, Germany" in html
        assert html.count('name="seat_choice"') == 2
        assert Organisation.objects.get().seat == first

    def test_a_chosen_town_stays_chosen_while_other_fields_are_mended(self, coordinator):
        town = MunicipalityFactory(name="Neustadt")
        MunicipalityFactory(name="Neustadt")
        client = signed_in(coordinator)
        data = filled(client, self.URL, name="", type="association", seat="Neustad", seat_choice=str(town.pk))

        shown = client.post(self.URL, data).content.decode()

        assert f'name="seat_number" id="id_seat_number" value="{town.pk}"' in shown
        assert 'value="Neustadt"' in shown

    @pytest.mark.parametrize(
        ("sent", "error"),
        [
            ({"seat": "Xqzxqz"}, "seat"),
            ({"seat": "!!!"}, "seat"),
            ({"seat": "Xqzxqz", "seat_number": "999999"}, "seat"),
            ({"name": ""}, "name"),
            ({"type": "castle"}, "type"),
            ({"website": "javascript:alert(1)"}, "website"),
            ({"website": "ftp://verein.example"}, "website"),
            ({"phone_visibility": "all"}, "phone_visibility"),
            ({"languages": ["xx"]}, "languages"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, coordinator, sent, error):
        client = signed_in(coordinator)
        data = filled(client, self.URL, name="Verein", type="association", seat="")

        answer = client.post(self.URL, {**data, **sent})

        assert (answer.status_code, list(answer.context["form"].errors)) == (200, [error])
        assert Organisation.objects.count() == 0

    def test_a_number_left_over_from_another_town_is_not_believed(self, coordinator, ulm):
        other = MunicipalityFactory(name="Pécs", german_name="Fünfkirchen")
        client = signed_in(coordinator)
        data = filled(client, self.URL, name="Verein", type="association", seat="Ulm", seat_number=other.pk)

        client.post(self.URL, data)

        assert Organisation.objects.get().seat == ulm

    def test_a_suggestion_brings_its_number(self, coordinator):
        first = MunicipalityFactory(name="Pécs", german_name="Fünfkirchen")
        MunicipalityFactory(name="Pécs")
        client = signed_in(coordinator)
        data = filled(
            client,
            self.URL,
            name="Verein",
            type="association",
            seat="Pécs (Fünfkirchen)",
            seat_number=first.pk,
        )

        client.post(self.URL, data)

        assert Organisation.objects.get().seat == first

    def test_the_same_name_is_said_before_it_is_there_twice(self, verein, outsider):
        client = signed_in(outsider, "en")
        data = filled(client, self.URL, name="verein", type="association", seat="Ulm")

        asked = client.post(self.URL, data)
        client.post(self.URL, {**data, "even_if_same": "on"})

        html = asked.content.decode()
        assert "Is it this one?" in html
        assert 'href="/organisations/verein/"' in html
        assert 'href="/organisations/verein/join/"' in html
        assert 'value="verein"' in html
        assert sorted(Organisation.objects.values_list("slug", flat=True)) == ["verein", "verein-ulm"]

    def test_sent_twice_it_is_there_once(self, coordinator):
        client = signed_in(coordinator)
        data = filled(client, self.URL, name="Verein", type="association", seat="")

        answers = [client.post(self.URL, data)["Location"] for _ in range(2)]

        assert answers == ["/organisations/verein/"] * 2
        assert Organisation.objects.count() == 1

    def test_hidden_fields_change_nothing_else(self, coordinator):
        client = signed_in(coordinator)
        data = filled(client, self.URL, name="Verein", type="association", seat="")

        client.post(self.URL, {**data, "published_at": "2020-01-01", "operating": "a", "is_demo": "on"})

        organisation = Organisation.objects.get()
        assert (organisation.published_at, organisation.operating, organisation.is_demo) == (None, "", False)

    def test_the_eleventh_of_a_day_is_refused(self, coordinator):
        client = signed_in(coordinator)
        answers = []
        for number in range(11):
            data = filled(client, self.URL, name=f"Verein {number}", type="association", seat="")
            answers.append(client.post(self.URL, data).status_code)

        assert answers == [302] * 10 + [429]


class TestEdit:
    URL = "/organisations/verein/edit/"

    @pytest.mark.parametrize("who", ["coordinator", "deputy", "office"])
    def test_those_who_lead_it_and_the_office_change_it(self, verein, coordinator, admin, ulm, who):
        deputy = MembershipFactory(organisation=verein, role="deputy").person
        client = signed_in({"coordinator": coordinator, "deputy": deputy, "office": admin}[who])
        data = filled(client, self.URL, name="Neuer Name")

        answer = client.post(self.URL, data)

        verein.refresh_from_db()
        assert answer["Location"] == "/organisations/verein/"
        assert (verein.name, verein.seat, verein.version) == ("Neuer Name", ulm, 2)

    def test_the_second_of_two_editors_sees_both_texts_and_loses_nothing(self, verein, coordinator, admin):
        first, second = signed_in(coordinator, "en"), signed_in(admin, "en")
        data_of_first = filled(first, self.URL, description_de="Text der Ersten")
        data_of_second = filled(second, self.URL, description_de="Text der Zweiten", phone="0731 2")

        saved = first.post(self.URL, data_of_first)
        conflict = second.post(self.URL, data_of_second)
        html = conflict.content.decode()
        form = conflict.context["form"]
        again = {**data_of_second, "base_version": form["base_version"].value()}
        answer = second.post(self.URL, again)

        verein.refresh_from_db()
        assert (saved.status_code, conflict.status_code, answer.status_code) == (302, 409, 302)
        assert "Somebody else has saved this meanwhile" in html
        assert "Text der Ersten" in html
        assert form["description_de"].value() == "Text der Zweiten"
        assert [(str(one.label), one.now, one.typed) for one in conflict.context["conflict"]] == [
            ("About the organisation, in German", "Text der Ersten", "Text der Zweiten"),
            ("Telephone", "empty", "0731 2"),
        ]
        assert (verein.description_de, verein.version) == ("Text der Zweiten", 3)

    def test_a_page_without_its_version_is_refused(self, verein, coordinator):
        client = signed_in(coordinator)
        data = filled(client, self.URL)
        del data["base_version"]

        assert list(client.post(self.URL, data).context["form"].errors) == ["base_version"]

    def test_a_form_sent_twice_saves_once(self, verein, coordinator):
        client = signed_in(coordinator)
        data = filled(client, self.URL, name="Neu")

        answers = [client.post(self.URL, data).status_code for _ in range(2)]

        verein.refresh_from_db()
        assert (answers, verein.version) == ([302, 302], 2)


class TestProfile:
    URL = "/organisations/verein/profile/"

    def form(self, client, **values):
        form = client.get(self.URL).context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        return {**data, **values}

    def test_further_languages_are_written_here(self, verein, coordinator, visitor):
        client = signed_in(coordinator)
        data = self.form(client, description_de="Wir singen.", language_1="hu", text_1="Énekelünk.")

        answer = client.post(self.URL, data)

        verein.refresh_from_db()
        assert answer["Location"] == "/organisations/verein/"
        assert (verein.description_de, verein.version) == ("Wir singen.", 2)
        assert "Énekelünk." in visitor.get("/organisations/verein/").content.decode()

    def test_a_row_more_saves_nothing(self, verein, coordinator):
        client = signed_in(coordinator)

        client.post(self.URL, self.form(client, description_de="Noch nicht.", more="1"))

        verein.refresh_from_db()
        assert not verein.description_de

    def test_a_conflict_with_the_other_form_is_shown(self, verein, coordinator, admin):
        client = signed_in(coordinator, "en")
        data = self.form(client, description_de="Typed")
        office = signed_in(admin)
        edit = "/organisations/verein/edit/"
        office.post(edit, filled(office, edit, description_de="Of the office"))

        answer = client.post(self.URL, data)

        assert answer.status_code == 409
        assert [(one.now, one.typed) for one in answer.context["conflict"]] == [("Of the office", "Typed")]

    def test_others_write_nothing(self, verein, outsider):
        assert signed_in(outsider).get(self.URL).status_code == 403


def test_odd_names_are_safe(visitor, coordinator):
    name = "<script>alert(1)</script>"
    organisation = OrganisationFactory(name=name, slug="odd")
    MembershipFactory(organisation=organisation, person=coordinator, role="coordinator")
    client = signed_in(coordinator)

    for url in ("", "edit/", "people/", "join/", "invite/", "leave/"):
        assert "<script>alert" not in client.get(f"{LIST}odd/{url}").content.decode()
    assert "<script>alert" not in visitor.get(LIST).content.decode()


def test_former_members_see_what_outsiders_see(verein, partner, outsider):
    """Whoever left, or was declined, has no key any more."""
    Organisation.objects.update(published_at=None)
    for state in ("ended", "declined"):
        MembershipFactory(organisation=verein, person=partner, role="coordinator", state=state)
    member = MembershipFactory(organisation=verein)
    former, stranger = signed_in(partner), signed_in(outsider)
    pages = ["", "edit/", "join/", "leave/", "people/", "invite/", f"people/{member.pk}/"]

    answers = {
        page: (former.get(f"{LIST}verein/{page}"), stranger.get(f"{LIST}verein/{page}")) for page in pages
    }

    assert {
        page: (one.status_code, two.status_code) for page, (one, two) in answers.items()
    } == dict.fromkeys(pages, (404, 404))
    posts = [f"requests/{member.pk}/", "invitations/1/withdraw/"]
    assert [former.post(f"{LIST}verein/{page}", {"answer": "accept"}).status_code for page in posts] == [
        404,
        404,
    ]


def test_staff_without_the_right_is_an_outsider(verein):
    Organisation.objects.update(published_at=None)
    staff, reader = UserFactory(is_staff=True), UserFactory(is_staff=True)
    grant(reader, "directory.view_organisation")

    assert signed_in(staff).get(f"{LIST}verein/").status_code == 404
    assert signed_in(reader).get(f"{LIST}verein/").status_code == 200
    assert signed_in(reader).get(f"{LIST}verein/edit/").status_code == 403
    assert signed_in(reader).get(f"{LIST}verein/people/").status_code == 404


def test_login_is_asked_first_whether_it_is_there_or_not(verein, visitor):
    for slug in ("verein", "missing"):
        answer = visitor.get(f"{LIST}{slug}/people/")
        assert answer["Location"].startswith(reverse(django_settings.LOGIN_URL))
    assert Membership.objects.count() == 1

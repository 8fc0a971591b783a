"""The shared glossary: read by all, kept by members of groups, filled once with words of the field."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.languages import SPOKEN_LANGUAGES
from accounts.models import User
from accounts.personal_data import holdings
from core.conflicts import EditConflict
from core.visibility import Visibility
from discussions.actions import glossary
from discussions.actions.groups import NotAllowed
from discussions.models import Group, Term
from discussions.queries.glossary import terms_in
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory

pytestmark = pytest.mark.django_db

LIST = "/glossary/"
NEW = "/glossary/new/"


@pytest.fixture
def group(participant: User, partner: User) -> Group:
    return GroupFactory(members=[participant, partner])


def add(by: User, note: str = "", **words: str) -> Term:
    return glossary.add_term(words=words, note=note, by=by, now=timezone.now())


@pytest.fixture
def term(group: Group, participant: User) -> Term:
    return add(participant, de="Partnerstadt", en="twin town", hu="testvérváros")


def sent_form(client: Client, where: str, **changes: str) -> dict[str, Any]:
    form = client.get(where).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def edit_page(term: Term) -> str:
    return reverse("discussions:edit_term", args=[term.pk])


def listed(person: User, query: str = "") -> list[str]:
    page = signed_in(person, "en").get(f"{LIST}{query}").context["page"]
    return [row.first.text for row in page.object_list]


class TestLoading:
    def test_fills_once_and_never_over_an_edit(self, group: Group, participant: User, now: datetime) -> None:
        first = glossary.load_glossary(now=now)
        term = Term.objects.get(key="twin-town")
        glossary.edit_term(
            term=term,
            words={"de": "Schwesterstadt", "en": "x"},
            note="",
            by=participant,
            now=now,
            base_version=1,
        )

        assert first >= 25
        assert glossary.load_glossary(now=now + timedelta(days=1)) == 0
        term.refresh_from_db()
        assert term.words == {"de": "Schwesterstadt", "en": "x"}
        assert Term.objects.count() == first

    def test_adds_what_is_new(self, now: datetime) -> None:
        glossary.load_glossary(now=now)
        Term.objects.filter(key="mayor").delete()

        assert glossary.load_glossary(now=now) == 1

    def test_each_has_german_and_english_and_only_known_languages(self, now: datetime) -> None:
        glossary.load_glossary(now=now)

        for term in Term.objects.all():
            assert {"de", "en"} <= set(term.words) <= set(dict(SPOKEN_LANGUAGES))
            assert all(0 < len(word) <= 120 for word in term.words.values())

    def test_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("load_glossary")
        call_command("load_glossary")

        assert "Terms added: 0." in capsys.readouterr().out


class TestReading:
    def test_everybody_with_an_account(self, term: Term, outsider: User) -> None:
        html = signed_in(outsider, "en").get(LIST).content.decode()

        assert '<span lang="de">Partnerstadt</span>' in html
        assert '<span lang="hu">testvérváros</span>' in html
        assert edit_page(term) not in html
        assert NEW not in html

    def test_visitors_sign_in_first(self, term: Term) -> None:
        for where in (LIST, NEW, edit_page(term), edit_page(term).replace(str(term.pk), "99999")):
            answer = Client().get(where)
            assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={where}")

    @pytest.mark.parametrize("typed", ["partnerst", "TWIN", "testver", "testvérváros", "town"])
    def test_search_in_any_language(self, term: Term, participant: User, typed: str) -> None:
        add(participant, de="Verein", en="association")

        assert listed(participant, f"?q={typed}") == ["Partnerstadt"]

    @pytest.mark.parametrize("typed", ["xyz", "stadt", "%25", "(", "[", "\\"])
    def test_search_that_finds_nothing_or_all(self, term: Term, participant: User, typed: str) -> None:
        assert listed(participant, f"?q={typed}") in ([], ["Partnerstadt"])

    def test_in_the_order_of_the_alphabet(self, term: Term, participant: User) -> None:
        add(participant, de="Ärzte", en="doctors")
        add(participant, en="budget", hu="költségvetés")

        assert listed(participant) == ["Ärzte", "budget", "Partnerstadt"]

    def test_names_who_changed_it_if_that_may_be_seen(
        self, term: Term, participant: User, outsider: User
    ) -> None:
        assert "Teilnehmer" in signed_in(outsider).get(LIST).content.decode()

        User.objects.filter(pk=participant.pk).update(name_visibility=Visibility.NOBODY)

        assert "Teilnehmer" not in signed_in(outsider).get(LIST).content.decode()

    @pytest.mark.parametrize("count", [1, 40])
    def test_few_queries(
        self, group: Group, participant: User, count: int, django_assert_num_queries: Any
    ) -> None:
        for number in range(count):
            add(participant, de=f"Wort {number}", en=f"word {number}")
        client = signed_in(participant)
        client.get(LIST)

        # Browser session, account, number of terms, terms, may edit, notices.
        with django_assert_num_queries(6):
            client.get(LIST)

    def test_a_second_page_keeps_the_search(self, group: Group, participant: User) -> None:
        for number in range(60):
            add(participant, de=f"Wort {number}", en="word")

        html = signed_in(participant).get(f"{LIST}?q=wort").content.decode()

        assert "?q=wort&amp;page=2" in html


class TestChanging:
    def test_by_members_of_groups_only(self, term: Term, outsider: User, admin: User) -> None:
        for person in (outsider, admin):
            client = signed_in(person)
            for where in (NEW, edit_page(term)):
                assert client.get(where).status_code == 403
                assert client.post(where, {"word_de": "x", "word_en": "y"}).status_code == 403
            with pytest.raises(NotAllowed):
                add(person, de="x", en="y")
            with pytest.raises(NotAllowed):
                glossary.edit_term(
                    term=term, words={}, note="", by=person, now=timezone.now(), base_version=1
                )
        assert Term.objects.count() == 1

    def test_a_term_that_is_not_there(self, group: Group, participant: User) -> None:
        assert signed_in(participant).get("/glossary/99999/edit/").status_code == 404

    def test_add_sent_twice_is_added_once(self, group: Group, participant: User) -> None:
        client = signed_in(participant)
        sent = sent_form(client, NEW, word_de="  Förder   antrag ", word_en="funding application", note="EU")

        assert [client.post(NEW, sent).status_code for _time in range(2)] == [302, 302]

        term = Term.objects.get()
        assert term.words == {"de": "Förder antrag", "en": "funding application"}
        assert (term.note, term.added_by, term.changed_by) == ("EU", participant, participant)
        assert client.get(client.post(NEW, sent).url).context["page"].object_list[0].number == term.pk

    @pytest.mark.parametrize("words", [{}, {"word_de": "Verein"}, {"word_de": "x" * 121, "word_en": "y"}])
    def test_wrong_input(self, group: Group, participant: User, words: dict[str, str]) -> None:
        client = signed_in(participant)

        answer = client.post(NEW, sent_form(client, NEW, **words))

        assert answer.status_code == 422
        assert "word_de" in answer.context["form"].errors
        assert Term.objects.count() == 0

    def test_edit_notes_who_and_when(self, term: Term, partner: User) -> None:
        client = signed_in(partner)

        client.post(edit_page(term), sent_form(client, edit_page(term), word_ro="oraș înfrățit", word_hu=""))

        term.refresh_from_db()
        assert term.words == {"de": "Partnerstadt", "en": "twin town", "ro": "oraș înfrățit"}
        assert (term.changed_by, term.version) == (partner, 2)
        assert listed(partner, "?q=oras") == ["Partnerstadt"]

    def test_two_at_once_lose_nothing(self, term: Term, participant: User, partner: User) -> None:
        client = signed_in(partner, "en")
        sent = sent_form(client, edit_page(term), word_en="sister city")
        words = term.words | {"en": "partner town", "sk": "partnerské mesto"}
        glossary.edit_term(
            term=term, words=words, note="", by=participant, now=timezone.now(), base_version=1
        )

        answer = client.post(edit_page(term), sent)

        assert answer.status_code == 409
        html = answer.content.decode()
        assert "sister city" in html
        assert "partner town" in html
        form = answer.context["form"]
        client.post(edit_page(term), {name: form[name].value() or "" for name in form.fields})
        term.refresh_from_db()
        assert (term.words["en"], term.words["sk"]) == ("sister city", "partnerské mesto")

    def test_action_refuses_an_old_version(self, term: Term, participant: User) -> None:
        with pytest.raises(EditConflict):
            glossary.edit_term(
                term=term, words={}, note="", by=participant, now=timezone.now(), base_version=7
            )


class TestBesideATranslation:
    def test_terms_that_stand_in_the_text(self, term: Term, participant: User) -> None:
        add(participant, de="Verein", en="association", note="e. V.")
        add(participant, de="Stadt", en="town")

        found = terms_in("Unsere **Partnerstädte** und Vereine", source="de", target="hu")

        assert [(one.word, one.target) for one in found] == [
            ("Partnerstadt", "testvérváros"),
            ("Verein", ""),
        ]

    def test_of_an_unknown_language_all_words_are_looked_for(self, term: Term) -> None:
        assert terms_in("our twin town", source="", target="de")[0].target == "Partnerstadt"
        assert terms_in("Partnerstadt", source="", target="de") == []

    def test_either_form_of_a_word_is_found(self, group: Group, participant: User) -> None:
        add(participant, de="Bürgermeisterin / Bürgermeister", en="mayor")

        assert len(terms_in("der Bürgermeister", source="de", target="en")) == 1


def test_erased_people_are_no_longer_named(term: Term, participant: User, outsider: User) -> None:
    holding = next(one for one in holdings() if one.model is Term)
    assert holding.export(participant)[0]["words"]["de"] == "Partnerstadt"

    holding.erase(participant)

    term.refresh_from_db()
    assert (term.added_by, term.changed_by) == (None, None)
    assert "Teilnehmer" not in signed_in(outsider).get(LIST).content.decode()

from io import StringIO

from django.core.management import call_command

from accounts import personal_data
from portal import actions
from portal.models import Page, PageVersion
from portal.pages import KINDS, SEEDS, first_page
from portal.placeholders import placeholders
from portal.queries import LANGUAGES, LEGAL_PAGES
from tests.factories.portal import PageFactory


def test_every_first_page_has_a_file_for_every_language_and_no_file_is_left_over():
    expected = {f"{slug}.{language}.md" for slug in KINDS for language in LANGUAGES}

    assert {file.name for file in SEEDS.iterdir()} == expected
    assert set(LEGAL_PAGES) <= set(KINDS)


def test_both_languages_ask_the_operator_for_the_same():
    for slug in KINDS:
        page = first_page(slug)

        assert len(placeholders(page.body_de)) == len(placeholders(page.body_en)), slug


def test_the_command_says_what_it_made(db):
    first, second = StringIO(), StringIO()

    call_command("load_pages", stdout=first)
    call_command("load_pages", stdout=second)

    assert first.getvalue().startswith("Pages created: imprint, ")
    assert second.getvalue() == "Pages created: none, all are there.\n"


def test_who_saved_a_version_is_told_to_that_person_and_forgotten_on_request(admin, coach, now):
    for person, slug in ((admin, "help"), (coach, "about")):
        actions.save_page(PageFactory.build(slug=slug), by=person, now=now)

    told = personal_data.export(admin)["portal.PageVersion"]
    holding = next(holding for holding in personal_data.holdings() if holding.model is PageVersion)
    holding.erase(admin)

    assert told == [{"page": "help", "version": 1, "saved_at": now.isoformat()}]
    assert PageVersion.objects.get(page__slug="help").saved_by is None
    assert PageVersion.objects.get(page__slug="about").saved_by == coach
    assert Page.objects.get(slug="help").body_en == "A sentence."

import pytest
from django.test import Client, RequestFactory

from core import partner_pages
from core.partner_pages import Problem, kept_language, partner_language, partner_problem, tag


def asking(accept: str = "", query: str = ""):
    return RequestFactory().get(f"/answer/x/{query}", headers={"Accept-Language": accept})


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("hu-HU,hu;q=0.9,en;q=0.8", "hu"),
        ("sr-Latn-RS,sr;q=0.9", "sr-latn"),
        ("sr-RS", "sr"),
        ("sr-ME", "sr-latn"),
        ("cnr-ME,cnr;q=0.9", "sr-latn"),
        ("ro-MD", "ro"),
        ("fr-FR,fr;q=0.9,uk;q=0.5", "uk"),
        ("fr-FR", "de"),
        ("*", "de"),
        ("", "de"),
    ],
)
def test_the_browser_says_which_language(accept: str, language: str) -> None:
    assert partner_language(asking(accept)) == language


def test_the_choice_on_the_page_counts_most_then_the_link_then_the_browser() -> None:
    assert partner_language(asking("cs", "?lang=bg"), "hu") == "bg"
    assert partner_language(asking("cs", "?lang=xx"), "hu") == "hu"
    assert partner_language(asking("cs"), "") == "cs"


def test_only_a_known_language_is_kept_in_an_address() -> None:
    assert kept_language(asking(query="?lang=sr-latn")) == "?lang=sr-latn"
    assert kept_language(asking(query="?lang=%22%3E")) == ""


def test_tags_are_written_as_the_standard_says() -> None:
    assert (tag("hu"), tag("sr-latn")) == ("hu", "sr-Latn")


@pytest.mark.parametrize("problem", Problem)
def test_a_problem_is_kept_by_nobody_and_tells_no_address_on(problem: Problem) -> None:
    answer = partner_problem(asking("hu"), problem)

    assert answer.status_code == problem.value.status
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Content-Language"] == "hu"
    assert '<html lang="hu">' in answer.content.decode()


def test_all_13_languages_are_plain_links_in_their_own_words() -> None:
    page = partner_problem(asking("hu", "?way=correct&lang=hu"), Problem.WRONG).content.decode()

    assert page.count("hreflang=") == 13
    assert '<a href="?way=correct&amp;lang=sr-latn" lang="sr-Latn" hreflang="sr-Latn">srpski</a>' in page
    assert 'hreflang="hu" aria-current="true">magyar</a>' in page


def test_what_goes_wrong_below_a_partners_address_is_said_in_the_partners_language(db: None) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"Accept-Language": "hu"})

    lost = browser.get("/answer/one/two/")
    unsigned = browser.post("/answer/one/")

    assert (lost.status_code, lost["Content-Language"]) == (404, "hu")
    assert (unsigned.status_code, unsigned["Content-Language"]) == (403, "hu")


def test_other_pages_keep_their_own_errors(db: None) -> None:
    assert Client(headers={"Accept-Language": "hu"}).get("/nowhere/")["Content-Language"] == "de"


def test_every_status_has_its_words() -> None:
    assert partner_pages.problem_of_status(404) == Problem.WRONG
    assert partner_pages.problem_of_status(500) == Problem.BROKEN

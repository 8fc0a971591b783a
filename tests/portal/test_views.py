from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from accounts.actions import close_welcome
from accounts.models import User
from core.form_keys import once
from directory.actions import report_entry
from directory.models import EntryReport
from portal import actions, views
from portal.models import Page
from portal.pages import load_pages
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.portal import AnnouncementFactory, PageFactory

PRIVATE_NOTE = "not for the public"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def english() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


# Start


@pytest.mark.parametrize("number", [1, 3])
def test_the_start_page_costs_the_same_for_any_number_of_partnerships(
    number, english, db, django_assert_num_queries
):
    for _ in range(number):
        PartnershipFactory()

    with django_assert_num_queries(7):
        response = english.get("/")

    assert response.status_code == 200


def test_the_start_page_asks_nothing_when_its_parts_are_kept(english, db, django_assert_num_queries):
    PartnershipFactory()
    english.get("/")

    with django_assert_num_queries(0):
        response = english.get("/")

    assert response.status_code == 200


def test_a_signed_in_start_page_costs_session_person_and_bell(coordinator, django_assert_num_queries):
    client = signed_in(coordinator)
    client.get("/")

    with django_assert_num_queries(3):
        client.get("/")


def test_the_start_page_counts_real_partnerships_only(english, db):
    PartnershipFactory()
    PartnershipFactory(published_at=None)
    PartnershipFactory(is_demo=True)

    html = text_of(english.get("/"))

    assert "<dt>partnerships</dt><dd>1</dd>" in html
    assert "<dt>municipalities</dt><dd>2</dd>" in html


def test_an_empty_register_shows_no_zeros(english, db):
    assert "<dd>0</dd>" not in text_of(english.get("/"))


def test_a_door_leads_to_registering(english, partner):
    html = text_of(signed_in(partner, "en").get("/"))

    assert reverse("partnerships:new") in html
    assert reverse("partnerships:new") in text_of(english.get("/"))
    assert "Create an account" not in html


# Search


def test_search_finds_partnerships_and_municipalities_in_any_spelling(english, db):
    fellbach = MunicipalityFactory(name="Fellbach")
    pecs = MunicipalityFactory(name="Pécs", german_name="Fünfkirchen", country__code="HU")
    PartnershipFactory(towns=[fellbach, pecs])
    MunicipalityFactory(name="Ulm")

    html = text_of(english.get("/search/", {"q": "funfkirchen"}))

    assert "Fellbach – Pécs" in html
    assert reverse("directory:detail", args=(pecs.slug,)) in html
    assert "Ulm" not in html


def test_search_shows_five_and_leads_to_all(english, db):
    for number in range(7):
        MunicipalityFactory(name=f"Neustadt {number}")

    html = text_of(english.get("/search/", {"q": "neustadt"}))

    assert html.count('class="row__title"') == 5
    assert '<a href="/municipalities/?q=neustadt">Show all 7 municipalities</a>' in html


def test_search_hides_what_is_not_published(english, db, settings):
    settings.SHOW_DEMO = False
    hidden, invented = (
        MunicipalityFactory(name="Verborgen"),
        MunicipalityFactory(name="Erfunden", is_demo=True),
    )
    PartnershipFactory(towns=[hidden, MunicipalityFactory(name="Anderswo")], published_at=None)
    PartnershipFactory(towns=[invented, MunicipalityFactory(name="Nirgends", is_demo=True)], is_demo=True)

    assert "Verborgen – Anderswo" not in text_of(english.get("/search/", {"q": "Verborgen"}))
    assert "Nothing found" in text_of(english.get("/search/", {"q": "Erfunden"}))


@pytest.mark.parametrize(
    "query",
    ["", " ", "x", "\x00", "ulm\x00", "a" * 10_000, "%", "'", '"><script>', "||", "(", "ä" * 500, "…"],
)
def test_odd_searches_give_a_page(query, english, db):
    MunicipalityFactory(name="Ulm")

    response = english.get("/search/", {"q": query})

    assert response.status_code == 200
    assert "<script>" not in text_of(response).replace('<script src="', "").replace(
        '<script type="module"', ""
    )


@pytest.mark.parametrize("number", [1, 3])
def test_search_costs_the_same_for_any_number_of_rows(number, english, db, django_assert_num_queries):
    for _ in range(number):
        PartnershipFactory(towns=[MunicipalityFactory(name="Neustadt"), MunicipalityFactory(name="Győr")])
    # Names of regions are read, and then kept, as soon as a municipality is found.
    english.get("/search/", {"q": "győr"})

    with django_assert_num_queries(7):
        english.get("/search/", {"q": "neustadt"})


# My desk


def test_the_browser_learns_whether_a_form_has_arrived(partner):
    key = uuid4()
    client = signed_in(partner)
    address = reverse("portal:form_sent")

    assert client.get(address, {"key": key}).json() == {"sent": False}
    once(key, lambda: "/desk/")
    answer = client.get(address, {"key": key})

    assert answer.json() == {"sent": True}
    assert answer["Cache-Control"] == "private, no-store"
    for nonsense in ({}, {"key": "x"}, {"key": uuid4()}):
        assert client.get(address, nonsense).json() == {"sent": False}


def test_a_visitor_is_sent_to_sign_in(english, db):
    response = english.get("/desk/")

    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next=/desk/"


def test_a_new_person_is_asked_for_name_languages_and_passkey(db):
    person = UserFactory(display_name="", language="en")

    html = text_of(signed_in(person, "en").get("/desk/"))

    order = [html.index(words) for words in ("Add my name", "Add languages", "Set up a passkey", "Browse")]
    assert order == sorted(order)
    assert html.count("kern-btn--primary") == 1


def test_the_desk_is_never_empty(partner, now):
    close_welcome(partner, now=now)
    Authenticator.objects.create(user=partner, type=Authenticator.Type.WEBAUTHN, data={})

    html = text_of(signed_in(partner, "en").get("/desk/"))

    assert html.count('class="task task--urgent"') == 1
    assert html.count('class="task"') == 0
    assert "Browse partnerships" in html


def make_report() -> EntryReport:
    town = MunicipalityFactory()
    at = datetime(2027, 3, 26, 9, 0, tzinfo=UTC)
    return report_entry(
        subject=town, subject_name=town.name, text=PRIVATE_NOTE, email="", language="de", now=at
    )


def test_the_office_is_told_how_many_reports_wait_and_nobody_else(admin, outsider):
    make_report()
    make_report()

    office = text_of(signed_in(admin, "en").get("/desk/"))
    stranger = text_of(signed_in(outsider, "en").get("/desk/"))

    assert "2 reports wait for an answer" in office
    assert PRIVATE_NOTE not in office
    assert "for an answer" not in stranger


def test_staff_without_the_right_is_not_told(db):
    make_report()
    editor = UserFactory(is_staff=True)

    assert "for an answer" not in text_of(signed_in(editor, "en").get("/desk/"))


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_costs_the_same_for_any_number_of_reports(number, admin, django_assert_num_queries):
    client = signed_in(admin)
    for _ in range(number):
        make_report()
    client.get("/desk/")

    # session, person, organisations, own addresses, invitations, reports, new organisations, languages, factors,
    # claims about oneself, claims for the office, the bell, entries to publish, drafts, own partnerships, own groups,
    # own courses
    with django_assert_num_queries(23):
        client.get("/desk/")


# Language


def test_the_switch_keeps_page_and_filters_and_sets_a_cookie(db):
    client = Client()
    address = "/partnerships/?country=HU&lang=de&q=p%C3%A9cs"

    response = client.post("/language/", {"language": "en", "next": address})

    assert (response.status_code, response["Location"]) == (302, "/partnerships/?country=HU&q=p%C3%A9cs")
    assert response.cookies["django_language"].value == "en"
    assert client.get("/search/")["Content-Language"] == "en"


def test_the_switch_does_not_change_what_a_person_chose_for_mails(coordinator):
    signed_in(coordinator).post("/language/", {"language": "en", "next": "/"})

    assert User.objects.get(pk=coordinator.pk).language == "de"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_the_switch_leads_to_no_other_host(target, db):
    response = Client().post("/language/", {"language": "en", "next": target})

    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("language", ["xx", "", "hu", "en\r\nSet-Cookie: a=b", "../../etc"])
def test_an_unknown_language_sets_nothing(language, db):
    response = Client().post("/language/", {"language": language, "next": "/map/"})

    assert (response.status_code, response["Location"], dict(response.cookies)) == (302, "/map/", {})


def test_the_switch_is_a_post_with_a_token(db):
    assert Client().get("/language/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/language/", {"language": "en"}).status_code == 403


# Pages


def test_a_page_is_shown_in_the_readers_language(english, db):
    PageFactory(slug="help")

    english_page = text_of(english.get("/pages/help/"))
    german_page = text_of(Client().get("/pages/help/", {"lang": "de"}))

    assert "<p>A sentence.</p>" in english_page
    assert "<p>Ein Satz.</p>" in german_page


def test_a_missing_language_is_marked(english, db):
    PageFactory(slug="help", title_en="", body_en="")

    html = text_of(english.get("/pages/help/"))

    assert '<div class="prose" lang="de"><p>Ein Satz.</p> </div>' in html
    assert "This text exists in German only." in html


def test_what_editors_write_cannot_act(english, db):
    PageFactory(
        slug="help", body_en='<script>alert(1)</script> [[<b onclick="x">gap]] [x](javascript:alert(1))'
    )

    html = text_of(english.get("/pages/help/"))

    assert "<script>alert" not in html
    assert "<b onclick" not in html
    assert 'href="javascript' not in html


def test_gaps_are_highlighted(english, db):
    PageFactory(slug="help", body_en="Call [[telephone]].")

    assert '<mark class="placeholder">[[telephone]]</mark>' in text_of(english.get("/pages/help/"))


def test_every_first_page_is_shown_in_both_languages(db, now):
    for slug in load_pages(now=now):
        for language in ("de", "en"):
            response = Client().get(f"/pages/{slug}/", {"lang": language})

            html = text_of(response)
            assert response.status_code == 200
            assert html.count("<h1") == 1
            assert "fallback-note" not in html


def test_versions_of_legal_pages_can_be_read_and_those_of_help_pages_not(english, admin, now):
    legal, help_page = PageFactory.build(slug="terms", kind=Page.Kind.LEGAL), PageFactory.build(slug="help")
    for page in (legal, help_page):
        actions.save_page(page, by=admin, now=now)
        page.body_en = "New words."
        actions.save_page(page, by=admin, now=now + timedelta(days=1))

    old = text_of(english.get("/pages/terms/versions/1/"))

    assert "<p>A sentence.</p>" in old
    assert "no longer in force" in old
    assert admin.display_name not in old
    assert "<p>New words.</p>" in text_of(english.get("/pages/terms/versions/2/"))
    assert english.get("/pages/terms/versions/3/").status_code == 404
    assert english.get("/pages/help/versions/1/").status_code == 404


def test_a_page_costs_one_query(english, db, django_assert_num_queries):
    PageFactory(slug="help")
    english.get("/robots.txt")
    english.get("/pages/help/")

    with django_assert_num_queries(1):
        english.get("/pages/help/")


def test_an_announcement_stands_above_every_page(english, db):
    AnnouncementFactory()

    for path in ("/", "/search/", "/accounts/login/"):
        assert "<p>Maintenance today</p>" in text_of(english.get(path))


# For machines


def test_robots_are_told_what_not_to_read(client):
    assert client.get("/robots.txt").content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /desk/",
        "Disallow: /accounts/",
    ]


def test_finders_of_weaknesses_are_told_whom_to_write_to(client, time_machine):
    time_machine.move_to(datetime(2027, 3, 26, 9, 0, tzinfo=UTC), tick=False)

    lines = client.get("/.well-known/security.txt").content.decode().splitlines()

    assert lines == [
        "Contact: https://vipad.example/pages/security/",
        "Expires: 2027-09-22T00:00:00Z",
        "Preferred-Languages: de, en",
        "Canonical: https://vipad.example/.well-known/security.txt",
        "Policy: https://vipad.example/pages/security/",
    ]


def test_old_browsers_find_the_icon(client):
    assert client.get("/favicon.ico")["Location"] == "/static/img/favicon.svg"


# Development only


@pytest.mark.parametrize("path", ["/styleguide/", "/mailbox/", "/mailbox/a.eml/", "/mailbox/a.eml/html/"])
def test_development_pages_are_not_there_in_production(path, admin, settings, tmp_path):
    (tmp_path / "a.eml").write_text("Subject: x\n\ny")
    settings.MAILBOX_DIR = tmp_path
    client = signed_in(admin)
    assert client.get(path).status_code == 200

    settings.PRODUCTION = True

    assert client.get(path).status_code == 404


def test_without_a_mailbox_there_are_no_mails(settings, client):
    settings.MAILBOX_DIR = None

    assert client.get("/mailbox/").status_code == 404


# What went wrong

WORDS = {
    400: ("nicht verstanden", "did not understand"),
    403: ("", "may not open"),
    404: ("", "cannot find this page"),
    413: ("", "too large"),
    500: ("", "Something went wrong"),
}


def error_page(status: int, language: str):
    request = RequestFactory().get("/")
    request.LANGUAGE_CODE = language
    handlers = {
        400: lambda: views.bad_request(request, ValueError()),
        403: lambda: views.forbidden(request),
        404: lambda: views.not_found(request),
        413: lambda: views.bad_request(request, RequestDataTooBig()),
        500: lambda: views.server_error(request),
    }
    return handlers[status]()


@pytest.mark.parametrize("status", WORDS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_error_pages_say_it_in_the_readers_language_without_a_query(
    status, language, db, django_assert_num_queries
):
    with django_assert_num_queries(0), translation.override("en" if language == "de" else "de"):
        response = error_page(status, language)

    html = text_of(response)
    assert (response.status_code, response["Content-Language"]) == (status, language)
    assert f'<html lang="{language}">' in html
    if language == "en":
        assert WORDS[status][1] in html


def test_a_page_that_is_not_there_answers_in_the_readers_language(english, db):
    response = english.get("/nothing/")

    assert (response.status_code, response["Content-Language"]) == (404, "en")
    assert "We cannot find this page" in text_of(response)


def test_a_body_that_is_too_large_is_called_so(english, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = english.post("/language/", {"language": "e" * 200})

    assert response.status_code == 413
    assert "too large" in text_of(response)


def test_too_many_fields_are_not_understood(english, db, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    assert english.post("/language/", {str(number): "x" for number in range(9)}).status_code == 400


def test_a_foreign_host_name_is_not_understood(english, db):
    response = english.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil.example" not in text_of(response)


def test_a_form_without_token_explains_itself(db):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/language/", {"language": "en"}, headers={"accept-language": "en"})

    assert response.status_code == 403
    assert "Please send the form again" in text_of(response)


def test_a_fault_of_ours_tells_nothing_about_itself(english, db, monkeypatch):
    english.raise_request_exception = False
    monkeypatch.setattr("portal.views.start_context", lambda: 1 / 0)

    response = english.get("/")

    html = text_of(response)
    assert response.status_code == 500
    assert "Something went wrong" in html
    assert "ZeroDivisionError" not in html


def test_the_language_is_found_even_when_the_request_failed_early():
    request = RequestFactory().get("/", headers={"accept-language": "en"})

    assert views.not_found(request)["Content-Language"] == "en"
    assert django_settings.LANGUAGE_CODE == "de"

"""The office edits pages and the banner through the same actions as everything else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import actions, queries
from portal.models import Announcement, Page
from tests.conftest import signed_in
from tests.factories.portal import AnnouncementFactory, PageFactory

NO_ROWS = {
    "versions-TOTAL_FORMS": "0",
    "versions-INITIAL_FORMS": "0",
}


def fields(page: Page, **changes: str) -> dict[str, str]:
    names = ("slug", "kind", "title_de", "title_en", "body_de", "body_en")
    return {name: getattr(page, name) or "" for name in names} | NO_ROWS | changes


@pytest.fixture
def office(admin):
    return signed_in(admin, "en")


@pytest.fixture
def page(admin, now) -> Page:
    page = PageFactory.build(slug="terms", kind=Page.Kind.LEGAL)
    actions.save_page(page, by=admin, now=now)
    return page


def test_saving_a_new_wording_makes_a_version(office, page, admin):
    address = reverse("admin:portal_page_change", args=(page.pk,))

    response = office.post(address, fields(page, body_en="New words.") | {"versions-TOTAL_FORMS": "0"})

    page.refresh_from_db()
    assert response.status_code == 302
    assert (page.version, page.body_en) == (2, "New words.")
    assert page.versions.first().saved_by == admin


def test_a_legal_page_needs_both_languages(office, page):
    address = reverse("admin:portal_page_change", args=(page.pk,))

    response = office.post(address, fields(page, body_en=""))

    assert response.status_code == 200
    assert "A legal page needs its text in every language." in response.content.decode()
    assert queries.versions_of(page) == [(1, page.versions.get().saved_at)]


def test_a_help_page_may_wait_for_its_translation(office):
    response = office.post(
        reverse("admin:portal_page_add"), fields(PageFactory.build(slug="tips", body_en="", title_en=""))
    )

    assert response.status_code == 302
    assert Page.objects.get(slug="tips").version == 1


def test_a_legal_page_needs_both_languages_before_it_is_saved_first(office):
    page = PageFactory.build(slug="rules", kind=Page.Kind.LEGAL, body_en="")

    response = office.post(reverse("admin:portal_page_add"), fields(page))

    assert "A legal page needs its text in every language." in response.content.decode()


KEPT = [("terms", Page.Kind.LEGAL), ("rules", Page.Kind.LEGAL), ("about", Page.Kind.HELP)]


@pytest.mark.parametrize("slug, kind", KEPT)
def test_legal_and_shipped_pages_keep_address_and_kind(slug, kind, office):
    page = PageFactory(slug=slug, kind=kind)
    address = reverse("admin:portal_page_change", args=(page.pk,))
    other = Page.Kind.HELP if kind == Page.Kind.LEGAL else Page.Kind.LEGAL

    response = office.post(address, fields(page, slug="elsewhere", kind=other, title_en="New"))

    page.refresh_from_db()
    assert response.status_code == 302
    assert (page.slug, page.kind, page.title_en) == (slug, kind, "New")


@pytest.mark.parametrize("slug, kind", KEPT)
def test_legal_and_shipped_pages_are_not_deleted(slug, kind, office):
    page, other = PageFactory(slug=slug, kind=kind), PageFactory(slug="tips")
    selected = {"action": "delete_selected", "_selected_action": [page.pk, other.pk], "post": "yes"}

    alone = office.post(reverse("admin:portal_page_delete", args=(page.pk,)), {"post": "yes"})
    together = office.post(reverse("admin:portal_page_changelist"), selected)

    assert (alone.status_code, together.status_code) == (403, 403)
    assert Page.objects.count() == 2


def test_a_page_of_the_offices_own_moves_and_goes(office):
    page = PageFactory(slug="tips")

    office.post(reverse("admin:portal_page_change", args=(page.pk,)), fields(page, slug="hints"))
    page.refresh_from_db()
    assert page.slug == "hints"
    office.post(reverse("admin:portal_page_delete", args=(page.pk,)), {"post": "yes"})

    assert Page.objects.count() == 0


def test_pages_without_translation_are_found(office, page):
    PageFactory(slug="half-done", body_en="")

    html = office.get(reverse("admin:portal_page_changelist"), {"missing": "en"}).content.decode()

    assert "half-done" in html
    assert ">terms<" not in html


def test_a_page_leads_to_its_preview_and_its_versions(office, page):
    html = office.get(reverse("admin:portal_page_change", args=(page.pk,))).content.decode()

    assert '<a href="/pages/terms/?lang=de">' in html
    assert '<a href="/pages/terms/versions/1/">' in html


def test_gaps_are_counted_in_the_list(office):
    PageFactory(slug="imprint", body_de="[[Name]] [[Ort]]", body_en="[[name]]")

    html = office.get(reverse("admin:portal_page_changelist")).content.decode()

    assert '<td class="field-number_of_gaps">3</td>' in html


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_pages_costs_the_same_for_any_number(number, office, django_assert_num_queries):
    for _ in range(number):
        PageFactory()
    office.get(reverse("admin:index"))

    with django_assert_num_queries(5):
        office.get(reverse("admin:portal_page_changelist"))


def announcement_fields(**changes: str) -> dict[str, str]:
    now = timezone.localtime()
    return {
        "text_de": "Heute",
        "text_en": "Today",
        "level": "info",
        "starts_at_0": now.strftime("%Y-%m-%d"),
        "starts_at_1": "00:00:00",
        "ends_at_0": "",
        "ends_at_1": "",
    } | changes


@pytest.mark.django_db(transaction=True)
def test_an_announcement_is_shown_as_soon_as_it_is_saved_and_gone_when_deleted(office, client):
    assert "<p>Today</p>" not in client.get("/search/", {"lang": "en"}).content.decode()

    saved = office.post(reverse("admin:portal_announcement_add"), announcement_fields())
    shown = client.get("/search/", {"lang": "en"}).content.decode()
    number = Announcement.objects.get().pk
    office.post(reverse("admin:portal_announcement_delete", args=(number,)), {"post": "yes"})

    assert saved.status_code == 302
    assert "<p>Today</p>" in shown
    assert "<p>Today</p>" not in client.get("/search/", {"lang": "en"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_deleting_several_at_once_empties_the_banner_too(office, client):
    AnnouncementFactory(text_en="One")
    AnnouncementFactory(text_en="Two")
    client.get("/search/", {"lang": "en"})

    office.post(
        reverse("admin:portal_announcement_changelist"),
        {
            "action": "delete_selected",
            "_selected_action": list(Announcement.objects.values_list("pk", flat=True)),
            "post": "yes",
        },
    )

    assert Announcement.objects.count() == 0
    assert "<p>One</p>" not in client.get("/search/", {"lang": "en"}).content.decode()


def test_an_announcement_does_not_end_before_it_begins(office):
    response = office.post(
        reverse("admin:portal_announcement_add"),
        announcement_fields(ends_at_0="2020-01-01", ends_at_1="00:00:00"),
    )

    assert "The end lies before the beginning." in response.content.decode()


def test_the_list_says_what_is_shown_now(office):
    AnnouncementFactory()
    AnnouncementFactory(ends_at=timezone.now())

    html = office.get(reverse("admin:portal_announcement_changelist")).content.decode()

    assert (html.count('alt="True"'), html.count('alt="False"')) == (1, 1)


def test_editors_need_the_right(outsider):
    outsider.is_staff = True
    outsider.save()

    assert signed_in(outsider).get(reverse("admin:portal_page_changelist")).status_code == 403

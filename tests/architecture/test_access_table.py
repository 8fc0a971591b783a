"""Who gets what at every address of ours. A new address that is not listed here fails the build."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from directory.models import Municipality
from partnerships import queries
from partnerships.models import Document, Partnership, PartnershipDraft, SideContact
from tests.architecture.access import discussions, sessions, strategies, training
from tests.conftest import opened, signed_in
from tests.factories.directory import (
    ClaimFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
)
from tests.factories.documents import contract, photo
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory

ROLES = ("visitor", "outsider", "member", "coordinator", "admin")
EVERYBODY = (200, 200, 200, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200)
SIGNED_IN_404 = (302, 404, 404, 404, 404)
NOBODY = (404, 404, 404, 404, 404)
POST_ONLY = (405, 405, 405, 405, 405)
POST_ONLY_SIGNED_IN = (302, 405, 405, 405, 405)
INSIDE_ONLY = (302, 404, 404, 404, 404)  # of a thing that is not there; a visitor cannot tell
DRAFT = 4711
SENT_ON = (302, 302, 302, 302, 302)

# Numbers of rows of the world below.
ENTRY, ACTOR = 820_001, 820_002
OF_THE_COORDINATOR, OF_THE_MEMBER = 810_001, 810_002
FILE, PUBLIC_PHOTO, DRAFT_FILE = 820_001, 820_002, 820_003

# (name, arguments): status of a GET for each role. 302 of a visitor must lead to the sign-in page.
TABLE: dict[tuple[str, tuple[str | int, ...]], tuple[int, ...]] = {
    ("portal:start", ()): EVERYBODY,
    ("portal:search", ()): EVERYBODY,
    ("portal:desk", ()): SIGNED_IN,
    ("portal:form_sent", ()): SIGNED_IN,
    ("portal:set_language", ()): POST_ONLY,
    ("portal:page", ("terms",)): EVERYBODY,
    ("portal:page", ("nonsense",)): NOBODY,
    ("portal:page_version", ("terms", 1)): EVERYBODY,
    ("portal:page_version", ("terms", 99)): NOBODY,
    ("portal:health", ()): EVERYBODY,
    ("portal:robots", ()): EVERYBODY,
    ("portal:security_txt", ()): EVERYBODY,
    ("portal:styleguide", ()): EVERYBODY,  # development only; production is tested below
    ("portal:mailbox", ()): EVERYBODY,
    ("portal:mailbox_mail", ("nothing.eml",)): NOBODY,
    ("portal:mailbox_html", ("nothing.eml",)): NOBODY,
    ("partnerships:list", ()): EVERYBODY,
    ("partnerships:export", ()): EVERYBODY,
    ("partnerships:map", ()): EVERYBODY,
    ("partnerships:detail", ("published",)): EVERYBODY,
    ("partnerships:detail", ("unpublished",)): (404, 404, 404, 404, 200),
    ("partnerships:detail", ("nonsense",)): NOBODY,
    # Writing the register: the coordinator looks after "looked-after" and "looked-after-hidden", and has begun a draft.
    ("partnerships:new", ()): SIGNED_IN,
    ("partnerships:sides", ()): EVERYBODY,
    ("partnerships:draft", (DRAFT, "our-side")): (302, 404, 404, 200, 404),
    ("partnerships:draft", (DRAFT, "other-side")): (302, 404, 404, 200, 404),
    ("partnerships:draft", (DRAFT, "check")): (302, 404, 404, 302, 404),
    ("partnerships:draft", (DRAFT, "done")): (302, 404, 404, 404, 404),
    ("partnerships:draft", (DRAFT, "nonsense")): (302, 404, 404, 404, 404),
    ("partnerships:draft", (DRAFT + 1, "our-side")): (302, 404, 404, 404, 404),
    ("partnerships:place", (DRAFT,)): (302, 404, 404, 200, 404),
    ("partnerships:discard", (DRAFT,)): POST_ONLY_SIGNED_IN,
    ("partnerships:edit", ("looked-after",)): (302, 403, 403, 200, 200),
    ("partnerships:edit", ("looked-after-hidden",)): (302, 404, 404, 200, 200),
    ("partnerships:edit", ("published",)): (302, 403, 403, 403, 200),
    ("partnerships:edit", ("nonsense",)): (302, 404, 404, 404, 404),
    # Only who speaks for a side: the office makes no room for them.
    ("partnerships:open_group", ("looked-after",)): (302, 403, 403, 200, 403),
    ("partnerships:open_group", ("looked-after-hidden",)): (302, 404, 404, 403, 403),
    ("partnerships:open_group", ("published",)): (302, 403, 403, 403, 403),
    ("partnerships:open_group", ("nonsense",)): INSIDE_ONLY,
    ("partnerships:status", ("looked-after",)): (302, 403, 403, 200, 200),
    ("partnerships:status", ("looked-after-hidden",)): (302, 404, 404, 200, 200),
    ("partnerships:status", ("nonsense",)): (302, 404, 404, 404, 404),
    ("partnerships:history", ("looked-after",)): (302, 404, 404, 200, 200),
    ("partnerships:history", ("looked-after-hidden",)): (302, 404, 404, 200, 200),
    ("partnerships:history", ("nonsense",)): (302, 404, 404, 404, 404),
    # Of sides and their people: tests/architecture/test_access_of_sides.py.
    ("partnerships:confirm", ("published",)): (302, 403, 403, 403, 403),
    ("partnerships:correction", ("published", 1)): INSIDE_ONLY,
    ("partnerships:contacts", ("published",)): (302, 404, 404, 404, 200),
    ("partnerships:contacts", ("unpublished",)): (302, 404, 404, 404, 200),
    ("partnerships:contacts", ("nonsense",)): INSIDE_ONLY,
    ("partnerships:ask_contact", ("published", 1)): INSIDE_ONLY,
    ("partnerships:end_contact", ("published", 1)): INSIDE_ONLY,
    # The chronicle: an entry and an actor of "looked-after".
    ("partnerships:chronicle", ("published",)): EVERYBODY,
    ("partnerships:chronicle", ("looked-after-hidden",)): (404, 404, 404, 200, 200),
    ("partnerships:chronicle", ("nonsense",)): NOBODY,
    ("partnerships:export_chronicle", ("looked-after",)): (302, 404, 404, 200, 200),
    ("partnerships:export_chronicle", ("looked-after-hidden",)): (302, 404, 404, 200, 200),
    ("partnerships:export_chronicle", ("nonsense",)): INSIDE_ONLY,
    ("partnerships:add_entry", ("looked-after",)): (302, 403, 403, 200, 200),
    ("partnerships:add_entry", ("looked-after-hidden",)): (302, 404, 404, 200, 200),
    ("partnerships:add_entry", ("nonsense",)): INSIDE_ONLY,
    ("partnerships:edit_entry", ("looked-after", ENTRY)): (302, 403, 403, 200, 200),
    ("partnerships:edit_entry", ("looked-after-hidden", ENTRY)): INSIDE_ONLY,
    ("partnerships:delete_entry", ("looked-after", ENTRY)): (302, 403, 403, 200, 200),
    ("partnerships:delete_entry", ("looked-after-hidden", ENTRY)): INSIDE_ONLY,
    ("partnerships:add_photo", ("looked-after", ENTRY)): (302, 403, 403, 200, 200),
    ("partnerships:add_photo", ("looked-after-hidden", ENTRY)): INSIDE_ONLY,
    ("partnerships:add_actor", ("looked-after",)): (302, 403, 403, 200, 200),
    ("partnerships:add_actor", ("looked-after-hidden",)): (302, 404, 404, 200, 200),
    ("partnerships:edit_actor", ("looked-after", ACTOR)): (302, 403, 403, 200, 200),
    ("partnerships:edit_actor", ("looked-after-hidden", ACTOR)): INSIDE_ONLY,
    ("partnerships:delete_actor", ("looked-after", ACTOR)): (302, 403, 403, 200, 200),
    ("partnerships:delete_actor", ("looked-after-hidden", ACTOR)): INSIDE_ONLY,
    # Files: FILE lies at "looked-after", PUBLIC_PHOTO too, DRAFT_FILE in the draft.
    ("partnerships:draft_documents", (DRAFT,)): (302, 404, 404, 200, 404),
    ("partnerships:draft_documents", (DRAFT + 1,)): INSIDE_ONLY,
    ("partnerships:documents", ("looked-after",)): (302, 404, 404, 200, 200),
    ("partnerships:documents", ("looked-after-hidden",)): (302, 404, 404, 200, 200),
    ("partnerships:documents", ("nonsense",)): INSIDE_ONLY,
    ("partnerships:edit_document", ("looked-after", FILE)): (302, 404, 404, 200, 200),
    ("partnerships:edit_document", ("looked-after", 999_999)): INSIDE_ONLY,
    ("partnerships:edit_document", ("looked-after-hidden", FILE)): INSIDE_ONLY,
    ("partnerships:delete_document", ("looked-after", FILE)): (302, 404, 404, 200, 200),
    ("partnerships:delete_document", ("looked-after", 999_999)): INSIDE_ONLY,
    ("partnerships:file", (FILE,)): (302, 404, 404, 200, 200),
    ("partnerships:file", (PUBLIC_PHOTO,)): EVERYBODY,
    ("partnerships:file", (DRAFT_FILE,)): (302, 404, 404, 200, 404),
    ("partnerships:file", (999_999,)): INSIDE_ONLY,
    ("partnerships:thumbnail", (PUBLIC_PHOTO,)): EVERYBODY,
    ("partnerships:thumbnail", (FILE,)): INSIDE_ONLY,
    ("partnerships:thumbnail", (999_999,)): INSIDE_ONLY,
    ("partnerships:answer_cut_off", ()): NOBODY,
    ("partnerships:answer", ("nonsense",)): NOBODY,
    ("directory:list", ()): EVERYBODY,
    ("directory:export", ()): EVERYBODY,
    ("directory:suggest", ()): EVERYBODY,
    ("directory:detail", ("ulm-de",)): EVERYBODY,
    ("directory:detail", ("nonsense",)): NOBODY,
    ("directory:report", ("municipality", "ulm-de")): EVERYBODY,
    ("directory:report", ("municipality", "nonsense")): NOBODY,
    ("directory:report", ("partnership", "published")): EVERYBODY,
    ("directory:report", ("partnership", "unpublished")): NOBODY,
    ("directory:report", ("nonsense", "ulm-de")): NOBODY,
    ("directory:sources", ()): EVERYBODY,
    # Who speaks for a municipality: the coordinator does for ulm-de, the member has asked to.
    ("portal:welcome", ()): SIGNED_IN,
    ("portal:close_welcome", ()): POST_ONLY,
    ("directory:claim", ("ulm-de",)): (302, 200, 302, 302, 200),
    ("directory:claim", ("nonsense",)): (302, 404, 404, 404, 404),
    ("directory:edit", ("ulm-de",)): (302, 403, 403, 200, 200),
    ("directory:edit", ("nonsense",)): (302, 404, 404, 404, 404),
    ("directory:claim_detail", (OF_THE_MEMBER,)): (302, 404, 200, 200, 200),
    ("directory:claim_detail", (OF_THE_COORDINATOR,)): (302, 404, 404, 200, 200),
    ("directory:claim_detail", (999_999,)): (302, 404, 404, 404, 404),
    ("directory:claim_end", (OF_THE_MEMBER,)): (302, 404, 200, 302, 302),
    ("directory:claim_end", (999_999,)): (302, 404, 404, 404, 404),
    ("directory:claim_address", ("nonsense",)): NOBODY,
    ("directory:contact", ("municipality", "ulm-de")): EVERYBODY,
    ("directory:contact", ("municipality", "nonsense")): NOBODY,
    ("directory:contact", ("nonsense", "ulm-de")): NOBODY,
    ("directory:contact", ("partnership", "published")): EVERYBODY,
    ("directory:contact", ("partnership", "unpublished")): NOBODY,
    ("directory:contact_sent", ("municipality", "ulm-de")): EVERYBODY,
    ("directory:contact_sent", ("municipality", "nonsense")): NOBODY,
    # Organisations: "verein" is public, "wartet" is not; coordinator and member belong to both.
    ("directory:organisation_list", ()): EVERYBODY,
    ("directory:organisation_create", ()): SIGNED_IN,
    ("directory:my_organisations", ()): SIGNED_IN,
    ("directory:organisation", ("verein",)): EVERYBODY,
    ("directory:organisation", ("wartet",)): (404, 404, 200, 200, 200),
    ("directory:organisation", ("nonsense",)): NOBODY,
    ("directory:organisation_edit", ("verein",)): (302, 403, 403, 200, 200),
    ("directory:organisation_edit", ("wartet",)): (302, 404, 403, 200, 200),
    ("directory:organisation_edit", ("nonsense",)): SIGNED_IN_404,
    ("directory:organisation_profile", ("verein",)): (302, 403, 403, 200, 200),
    ("directory:organisation_profile", ("wartet",)): (302, 404, 403, 200, 200),
    ("directory:organisation_join", ("verein",)): SIGNED_IN,
    ("directory:organisation_join", ("wartet",)): (302, 404, 200, 200, 200),
    ("directory:organisation_leave", ("verein",)): (302, 404, 200, 200, 404),
    ("directory:organisation_leave", ("wartet",)): (302, 404, 200, 200, 404),
    ("directory:organisation_people", ("verein",)): (302, 404, 200, 200, 200),
    ("directory:organisation_people", ("wartet",)): (302, 404, 200, 200, 200),
    ("directory:organisation_invite", ("verein",)): (302, 404, 403, 200, 200),
    ("directory:organisation_member", ("verein", 840_701)): (302, 404, 403, 200, 200),
    ("directory:organisation_member", ("verein", 999_999)): (302, 404, 403, 404, 404),
    ("directory:organisation_request", ("verein", 840_701)): POST_ONLY_SIGNED_IN,
    ("directory:organisation_invitation_withdraw", ("verein", 1)): POST_ONLY_SIGNED_IN,
    ("directory:organisation_invitation", ("nonsense",)): NOBODY,
    ("directory:report", ("organisation", "verein")): EVERYBODY,
    ("directory:report", ("organisation", "wartet")): NOBODY,
    ("notifications:inbox", ()): SIGNED_IN,
    ("notifications:mark_all_read", ()): POST_ONLY_SIGNED_IN,
    ("notifications:open", (1,)): POST_ONLY_SIGNED_IN,
    ("notifications:preferences", ()): SIGNED_IN,
    ("notifications:mailbox_works_again", ()): POST_ONLY_SIGNED_IN,
    # What a mail's own link opens, and for whom, is in tests/notifications/test_links.py.
    ("notifications:preferences_by_mail", ("nonsense",)): NOBODY,
    ("notifications:unsubscribe", ("nonsense",)): NOBODY,
    ("accounts:profile", ()): SIGNED_IN,
    ("accounts:end_session", (1,)): POST_ONLY_SIGNED_IN,
    **sessions.TABLE,
    **discussions.TABLE,
    **training.TABLE,
    **strategies.TABLE,
}
# Answers without a page of their own.
UNTABLED = {"portal:favicon"}


def own_names(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[str]:
    """The names of all addresses outside the admin and allauth, which have tests of their own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver) and entry.namespace != "admin":
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from own_names(entry, inner)
        elif isinstance(entry, URLPattern) and namespace:
            yield f"{namespace}{entry.name}"


def unlisted(names: set[str]) -> set[str]:
    return names - {name for name, _ in TABLE} - UNTABLED


@pytest.fixture
def world(cast: dict[str, User]) -> dict[str, Client]:
    """One of everything that has an address, and a browser for each role."""
    from django.utils import timezone

    from notifications.models import SweepRun
    from portal.pages import load_pages

    load_pages(now=timezone.now())
    # The clock runs here: without a sweep /healthz answers 503 as soon as the tests have run for ten minutes.
    SweepRun.objects.create(name="deliver", ran_at=timezone.now())
    ulm = MunicipalityFactory(slug="ulm-de", name="Ulm")
    ClaimFactory(pk=OF_THE_COORDINATOR, municipality=ulm, person=cast["coordinator"], accepted=True)
    ClaimFactory(pk=OF_THE_MEMBER, municipality=ulm, person=cast["participant"])
    PartnershipFactory(slug="published")
    PartnershipFactory(slug="unpublished", published_at=None)
    for organisation in (
        OrganisationFactory(slug="verein"),
        OrganisationFactory(slug="wartet", published_at=None),
    ):
        MembershipFactory(organisation=organisation, person=cast["coordinator"], role="coordinator")
        MembershipFactory(
            organisation=organisation,
            person=cast["participant"],
            **({"pk": 840_701} if organisation.slug == "verein" else {}),
        )
    for slug, published in (("looked-after", timezone.now()), ("looked-after-hidden", None)):
        looked_after = PartnershipFactory(slug=slug, published_at=published)
        SideContact.objects.create(
            side=looked_after.sides.all()[0], person=cast["coordinator"], since=timezone.now()
        )
    there = Partnership.objects.get(slug="looked-after")
    ChronicleEntryFactory(pk=ENTRY, partnership=there)
    ActorFactory(pk=ACTOR, partnership=there)
    PartnershipDraft.objects.create(
        pk=DRAFT,
        person=cast["coordinator"],
        data={"our-side": {"side": queries.code_of(Municipality.objects.get(slug="ulm-de"))}},
        started_at=timezone.now(),
        changed_at=timezone.now(),
    )
    _add_files(cast["coordinator"])
    sessions.plant(cast)
    discussions.plant(cast)
    training.plant(cast)
    strategies.plant(cast)
    people = {
        "outsider": cast["outsider"],
        "member": cast["participant"],
        "coordinator": cast["coordinator"],
        "admin": cast["admin"],
    }
    return {"visitor": Client()} | {role: signed_in(person) for role, person in people.items()}


def _add_files(person: User) -> None:
    looked_after = Partnership.objects.get(slug="looked-after")
    draft = PartnershipDraft.objects.get(pk=DRAFT)
    for number, document in {
        FILE: contract(by=person, partnership=looked_after),
        PUBLIC_PHOTO: photo(by=person, partnership=looked_after, is_public=True),
        DRAFT_FILE: contract(by=person, draft=draft),
    }.items():
        Document.objects.filter(pk=document.pk).update(id=number)


def test_every_address_is_listed() -> None:
    assert unlisted(set(own_names())) == set()
    assert {name for name, _ in TABLE} - set(own_names()) == set()


def test_a_planted_address_is_found() -> None:
    assert unlisted({"portal:start", "portal:planted"}) == {"portal:planted"}


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: f"{entry[0]}{entry[1]}")
def test_every_role_gets_the_listed_answer(
    entry: tuple[str, tuple[str | int, ...]], world: dict[str, Client]
) -> None:
    name, arguments = entry
    address = reverse(name, args=arguments)

    answers = {role: opened(world[role], address) for role in ROLES}

    assert tuple(answers[role].status_code for role in ROLES) == TABLE[entry]
    if TABLE[entry][0] == 302:
        assert answers["visitor"].headers["Location"].startswith(reverse(settings.LOGIN_URL))


@pytest.mark.django_db
def test_a_visitor_cannot_tell_whether_a_private_page_exists() -> None:
    there = PartnershipFactory(slug="there", published_at=None)
    visitor = Client()

    existing = visitor.get(reverse("partnerships:detail", args=(there.slug,)))
    missing = visitor.get(reverse("partnerships:detail", args=("missing",)))

    assert (existing.status_code, missing.status_code) == (404, 404)
    assert existing.content.replace(b"there", b"") == missing.content.replace(b"missing", b"")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["portal:mailbox", "portal:styleguide"])
def test_development_pages_are_not_there_in_production(name: str, settings, admin: User) -> None:
    settings.PRODUCTION, settings.MAILBOX_DIR = True, None

    assert signed_in(admin).get(reverse(name)).status_code == 404


def admin_pages() -> list[str]:
    from django.contrib import admin

    pages = ["admin:index"]
    for model in admin.site._registry:
        pages += [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"]
    return pages


@pytest.mark.parametrize("name", admin_pages())
def test_the_office_is_the_offices(name: str, world: dict[str, Client]) -> None:
    answers = [world[role].get(reverse(name)) for role in ROLES]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 302, 200]


@pytest.mark.django_db
def test_the_cast_sees_the_same_in_list_and_detail(cast: dict[str, User]) -> None:
    from partnerships.permissions import can_view

    PartnershipFactory()
    PartnershipFactory(published_at=None)

    for person in cast.values():
        for partnership in Partnership.objects.all():
            listed = partnership in Partnership.objects.visible_to(person)
            assert listed == can_view(person, partnership), person


@pytest.mark.django_db
def test_the_cast_sees_the_same_organisations_in_list_and_detail(cast: dict[str, User]) -> None:
    from directory.models import Organisation
    from directory.permissions import can_view_organisation

    for published_at in ("2027-01-01T00:00Z", None):
        organisation = OrganisationFactory(published_at=published_at)
        MembershipFactory(organisation=organisation, person=cast["coordinator"], role="coordinator")
        MembershipFactory(organisation=organisation, person=cast["participant"])
        MembershipFactory(organisation=organisation, person=cast["partner"], state="ended")
        MembershipFactory(organisation=organisation, person=cast["coach"], state="requested")

    for person in cast.values():
        for organisation in Organisation.objects.all():
            listed = organisation in Organisation.objects.visible_to(person)
            assert listed == can_view_organisation(person, organisation), person

"""Who gets what at the addresses of one entry: also who looked after it once, and the other side's deputy."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from partnerships import actions
from partnerships.emails.answers import answer_path
from partnerships.models import Correction, Partnership, PartnershipDraft, SideContact
from tests.architecture.test_access_table import own_names
from tests.conftest import opened, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.documents import contract, photo
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory

ROLES = ("visitor", "outsider", "former", "coordinator", "deputy", "admin")
INSIDE = (302, 404, 404, 200, 200, 200)
OWN_DRAFT = (302, 404, 404, 200, 404, 404)
FOR_WRITERS = (302, 403, 403, 200, 200, 200)
# (address, further argument): status for each role at a published entry, and at one that is not.
TABLE: dict[tuple[str, str], tuple[tuple[int, ...], tuple[int, ...]]] = {
    ("partnerships:detail", ""): ((200,) * 6, (404, 404, 404, 200, 200, 200)),
    ("partnerships:edit", ""): ((302, 403, 403, 200, 200, 200), INSIDE),
    ("partnerships:status", ""): ((302, 403, 403, 200, 200, 200), INSIDE),
    ("partnerships:history", ""): (INSIDE, INSIDE),
    ("partnerships:confirm", ""): ((302, 403, 403, 200, 200, 403), (302, 404, 404, 200, 200, 404)),
    ("partnerships:correction", "correction"): (INSIDE, INSIDE),
    ("partnerships:contacts", ""): (INSIDE, INSIDE),
    ("partnerships:ask_contact", "side"): (INSIDE, INSIDE),
    ("partnerships:documents", ""): (INSIDE, INSIDE),
    ("partnerships:edit_document", "file of the entry"): (INSIDE, INSIDE),
    ("partnerships:delete_document", "file of the entry"): (INSIDE, INSIDE),
    ("partnerships:file", "file"): (INSIDE, INSIDE),
    ("partnerships:thumbnail", "photo"): (INSIDE, INSIDE),
    ("partnerships:file", "public photo"): ((200,) * 6, INSIDE),
    # The contact of the first side: removed by that side and the office, not by the other side.
    ("partnerships:end_contact", "contact"): ((302, 404, 404, 200, 403, 200), (302, 404, 404, 200, 403, 200)),
    # For who speaks for a side of a public entry.
    ("partnerships:open_group", ""): ((302, 403, 403, 200, 200, 403), (302, 404, 404, 403, 403, 403)),
    ("partnerships:chronicle", ""): ((200,) * 6, (404, 404, 404, 200, 200, 200)),
    ("partnerships:export_chronicle", ""): (INSIDE, INSIDE),
    ("partnerships:add_entry", ""): (FOR_WRITERS, INSIDE),
    ("partnerships:edit_entry", "entry"): (FOR_WRITERS, INSIDE),
    ("partnerships:delete_entry", "entry"): (FOR_WRITERS, INSIDE),
    ("partnerships:add_photo", "entry"): (FOR_WRITERS, INSIDE),
    ("partnerships:add_actor", ""): (FOR_WRITERS, INSIDE),
    ("partnerships:edit_actor", "actor"): (FOR_WRITERS, INSIDE),
    ("partnerships:delete_actor", "actor"): (FOR_WRITERS, INSIDE),
    # The draft of the first side's coordinator is nobody else's, whatever became of it.
    ("partnerships:draft", "our side"): (OWN_DRAFT, OWN_DRAFT),
    ("partnerships:place", "draft"): (OWN_DRAFT, OWN_DRAFT),
    ("partnerships:draft_documents", "draft"): (OWN_DRAFT, OWN_DRAFT),
    ("partnerships:discard", "draft"): ((302, *[405] * 5),) * 2,
    # Written to and reported by everybody, once it is public.
    ("directory:contact", "kind"): ((200,) * 6, (404,) * 6),
    ("directory:contact_sent", "kind"): ((200,) * 6, (404,) * 6),
    ("directory:report", "kind"): ((200,) * 6, (404,) * 6),
    # What the signed link of a side opens is the same for whoever holds it.
    ("partnerships:answer", "token"): ((200,) * 6, (200,) * 6),
}
# About no single entry.
OF_NO_ENTRY = {
    "partnerships:list",
    "partnerships:export",
    "partnerships:map",
    "partnerships:new",
    "partnerships:sides",
    "partnerships:answer_cut_off",
}


@pytest.fixture
def people(cast: dict[str, User]) -> dict[str, User]:
    return {
        "outsider": cast["outsider"],
        "former": UserFactory(),
        "coordinator": cast["coordinator"],
        "deputy": cast["partner"],
        "admin": cast["admin"],
    }


def entry_of(people: dict[str, User], *, is_published: bool) -> tuple[Partnership, dict[str, list[object]]]:
    """An entry, and the arguments that lead to what belongs to it."""
    now = timezone.now()
    entry = PartnershipFactory(published_at=now if is_published else None)
    first, second = entry.sides.order_by("position")
    contact = SideContact.objects.create(side=first, person=people["coordinator"], since=now)
    former = SideContact.objects.create(side=first, person=people["former"], since=now - timedelta(days=99))
    actions.end_contact(contact=former, by=people["former"], now=now)
    SideContact.objects.create(side=second, person=people["deputy"], role="deputy", since=now)
    correction = Correction.objects.create(partnership=entry, side=second, note="x", proposed_at=now)
    draft = PartnershipDraft.objects.create(
        person=people["coordinator"], data={}, started_at=now, changed_at=now
    )
    question = actions.invite_side(
        side=second, email="guest@example.org", language="de", by=people["coordinator"], now=now
    )
    files = {
        "file": contract(by=people["coordinator"], partnership=entry),
        "photo": photo(by=people["former"], partnership=entry),
        "public photo": photo(by=people["coordinator"], partnership=entry, is_public=True),
    }
    return entry, {
        "": [entry.slug],
        **{name: [row.pk] for name, row in files.items()},
        "file of the entry": [entry.slug, files["file"].pk],
        "correction": [entry.slug, correction.pk],
        "side": [entry.slug, second.pk],
        "contact": [entry.slug, contact.pk],
        "kind": ["partnership", entry.slug],
        "our side": [draft.pk, "our-side"],
        "draft": [draft.pk],
        "entry": [entry.slug, ChronicleEntryFactory(partnership=entry).pk],
        "actor": [entry.slug, ActorFactory(partnership=entry).pk],
        "token": [answer_path(question).split("/")[2]],
    }


def unlisted(names: set[str]) -> set[str]:
    """Addresses of the register's package that say nothing about the people of the sides."""
    ours = {name for name in names if name.startswith("partnerships:")}
    return ours - {name for name, _ in TABLE} - OF_NO_ENTRY


def test_every_address_of_an_entry_is_listed() -> None:
    names = set(own_names())

    assert unlisted(names) == set()
    assert ({name for name, _ in TABLE} | OF_NO_ENTRY) - names == set()


def test_a_planted_address_is_found() -> None:
    assert unlisted({"partnerships:edit", "partnerships:planted"}) == {"partnerships:planted"}


@pytest.mark.django_db
@pytest.mark.parametrize("is_published", [True, False])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_every_role_gets_the_listed_answer(row: tuple[str, str], is_published: bool, people) -> None:
    _entry, arguments = entry_of(people, is_published=is_published)
    name, further = row
    address = reverse(name, args=arguments[further])
    browsers = {"visitor": Client()} | {role: signed_in(person) for role, person in people.items()}

    answers = {role: opened(browsers[role], address) for role in ROLES}

    assert tuple(answers[role].status_code for role in ROLES) == TABLE[row][not is_published]
    if answers["visitor"].status_code == 302:
        assert answers["visitor"].headers["Location"].startswith(reverse(settings.LOGIN_URL))

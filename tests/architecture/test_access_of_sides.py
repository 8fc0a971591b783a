"""Who gets what at the addresses of one entry: also who looked after it once, and the other side's deputy."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from partnerships import actions
from partnerships.models import Correction, Partnership, SideContact
from tests.conftest import opened, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.documents import contract, photo
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory

ROLES = ("visitor", "outsider", "former", "coordinator", "deputy", "admin")
INSIDE = (302, 404, 404, 200, 200, 200)
FOR_WRITERS = (302, 403, 403, 200, 200, 200)
# (address, further argument): status for each role at a published entry, and at one that is not.
TABLE: dict[tuple[str, str], tuple[tuple[int, ...], tuple[int, ...]]] = {
    ("partnerships:detail", ""): ((200,) * 6, (404, 404, 404, 200, 200, 200)),
    ("partnerships:confirm", ""): ((302, 403, 403, 200, 200, 403), (302, 404, 404, 200, 200, 404)),
    ("partnerships:correction", "correction"): (INSIDE, INSIDE),
    ("partnerships:contacts", ""): (INSIDE, INSIDE),
    ("partnerships:ask_contact", "side"): (INSIDE, INSIDE),
    # The contact of the first side: removed by that side and the office, not by the other side.
    ("partnerships:documents", ""): (INSIDE, INSIDE),
    ("partnerships:edit_document", "file"): (INSIDE, INSIDE),
    ("partnerships:delete_document", "file"): (INSIDE, INSIDE),
    ("partnerships:file", "file"): (INSIDE, INSIDE),
    ("partnerships:thumbnail", "photo"): (INSIDE, INSIDE),
    ("partnerships:file", "public photo"): ((200,) * 6, INSIDE),
    ("partnerships:end_contact", "contact"): ((302, 404, 404, 200, 403, 200), (302, 404, 404, 200, 403, 200)),
    ("partnerships:chronicle", ""): ((200,) * 6, (404, 404, 404, 200, 200, 200)),
    ("partnerships:export_chronicle", ""): (INSIDE, INSIDE),
    ("partnerships:add_entry", ""): (FOR_WRITERS, INSIDE),
    ("partnerships:edit_entry", "entry"): (FOR_WRITERS, INSIDE),
    ("partnerships:delete_entry", "entry"): (FOR_WRITERS, INSIDE),
    ("partnerships:add_photo", "entry"): (FOR_WRITERS, INSIDE),
    ("partnerships:add_actor", ""): (FOR_WRITERS, INSIDE),
    ("partnerships:edit_actor", "actor"): (FOR_WRITERS, INSIDE),
    ("partnerships:delete_actor", "actor"): (FOR_WRITERS, INSIDE),
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


def entry_of(people: dict[str, User], *, is_published: bool) -> tuple[Partnership, dict[str, int]]:
    now = timezone.now()
    entry = PartnershipFactory(published_at=now if is_published else None)
    first, second = entry.sides.order_by("position")
    contact = SideContact.objects.create(side=first, person=people["coordinator"], since=now)
    former = SideContact.objects.create(side=first, person=people["former"], since=now - timedelta(days=99))
    actions.end_contact(contact=former, by=people["former"], now=now)
    SideContact.objects.create(side=second, person=people["deputy"], role="deputy", since=now)
    correction = Correction.objects.create(partnership=entry, side=second, note="x", proposed_at=now)
    rows = {
        "correction": correction,
        "side": second,
        "contact": contact,
        "entry": ChronicleEntryFactory(partnership=entry),
        "actor": ActorFactory(partnership=entry),
        "file": contract(by=people["coordinator"], partnership=entry),
        "photo": photo(by=people["former"], partnership=entry),
        "public photo": photo(by=people["coordinator"], partnership=entry, is_public=True),
    }
    return entry, {name: row.pk for name, row in rows.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("is_published", [True, False])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_every_role_gets_the_listed_answer(row: tuple[str, str], is_published: bool, people) -> None:
    entry, numbers = entry_of(people, is_published=is_published)
    name, further = row
    # Files have addresses of their own, without the entry's.
    start = [] if name in {"partnerships:file", "partnerships:thumbnail"} else [entry.slug]
    address = reverse(name, args=[*start, numbers[further]] if further else start)
    browsers = {"visitor": Client()} | {role: signed_in(person) for role, person in people.items()}

    answers = {role: opened(browsers[role], address) for role in ROLES}

    assert tuple(answers[role].status_code for role in ROLES) == TABLE[row][not is_published]
    if answers["visitor"].status_code == 302:
        assert answers["visitor"].headers["Location"].startswith(reverse(settings.LOGIN_URL))

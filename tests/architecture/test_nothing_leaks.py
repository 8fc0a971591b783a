"""Unmistakable private values, planted everywhere; then every page, export and suggestion is read by those outside.

`test_every_value_is_read_by_those_it_is_for` goes through all addresses of the access table and every link found on
the way. Its table says of each value who reads it; whoever else does makes the test fail.
"""

import re
import sys
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.visibility import Visibility
from directory import actions as directory_actions
from directory.models import Claim, EntryReport, Membership, Municipality, Organisation
from partnerships import actions
from partnerships.models import Change, Correction, Partnership, PartnershipSide, SideContact, SideInvitation
from tests.architecture.access import sessions, strategies
from tests.architecture.test_access_table import ROLES, TABLE, world
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.documents import contract
from tests.factories.partnerships import ChronicleEntryFactory

__all__ = ["world"]
pytestmark = pytest.mark.django_db

READERS = ("visitor", "outsider", "member", "deputy")
SIGNED_IN = {"outsider", "member", "deputy"}
EVERYBODY = set(READERS)
# value: who reads it somewhere. The deputy is of the other side of "looked-after"; the member belongs to "verein" and
# "wartet" and has claimed Ulm.
PLANTED: dict[str, set[str]] = {
    # Contacts of the sides
    "Qvazi-Oeffentlich": EVERYBODY,
    "Qvazi-Mitglieder": SIGNED_IN,
    "Qvazi-Niemand": {"deputy"},
    "Qvazi-Profilniemand": {"deputy"},
    "qvaz.public@guest.example": {"deputy"},
    "qvaz.members@guest.example": {"deputy"},
    "qvaz.nobody@guest.example": {"deputy"},
    "qvaz.account@guest.example": set(),
    "qvaz.invited@guest.example": {"deputy"},
    "Qvazi-Eingeladen": {"deputy"},  # has not answered yet
    # What sides have written
    "qvazdispute": set(),
    "qvazcorrection": {"deputy"},
    "qvazforeigncorrection": set(),
    "qvazhistory": {"deputy"},
    "qvazforeignhistory": set(),
    "qvazhiddenaims": set(),
    "qvazentry": {"deputy"},
    "qvazforeignentry": set(),
    "qvazfile": {"deputy"},
    "qvazforeignfile": set(),
    # Organisations
    "+49 731 5550001": EVERYBODY,
    "+49 731 5550002": {"member"},
    "Qvazweg Mitglieder": SIGNED_IN,
    "Qvazweg Niemand": {"member"},
    "Qvazkjq": {"member"},
    "qvazrequest": set(),
    "qvaz.join@guest.example": set(),
    # Claims
    "qvazreason": {"member"},
    "qvaz.official@ulm.example": {"member"},
    "qvazotherreason": set(),
    "qvazofficeanswer": set(),
    # What visitors have written to the office and to others
    "qvazreport": set(),
    "qvaz.reporter@guest.example": set(),
    "qvazofficenote": set(),
    "qvazmessage": set(),
    "qvaz.sender@guest.example": set(),
    # Drafts
    "qvazdraft": set(),
    **sessions.PRIVATE,
    **strategies.PRIVATE,
}


@pytest.fixture
def readers(world: dict[str, Client], cast: dict[str, User]) -> dict[str, Client]:
    for role in ("outsider", "participant", "coordinator", "partner"):
        PLANTED[cast[role].email] = set()
    PLANTED[cast["outsider"].email] = {"outsider"}
    PLANTED[cast["participant"].email] = {"member"}
    PLANTED[cast["partner"].email] = {"deputy"}
    plant_in_register(cast)
    plant_in_organisations(cast)
    plant_elsewhere(cast)
    sessions.plant_private(cast)
    strategies.plant_private(cast)
    return {role: world[role] for role in READERS[:3]} | {"deputy": signed_in(cast["partner"])}


def plant_in_register(cast: dict[str, User]) -> None:
    now = timezone.now()
    entry = Partnership.objects.get(slug="looked-after")
    first, second = entry.sides.order_by("position")
    SideContact.objects.create(side=second, person=cast["partner"], role="deputy", since=now)
    for word, visibility in zip(("Oeffentlich", "Mitglieder", "Niemand"), Visibility, strict=True):
        contact = SideContact.objects.create(
            side=first,
            name=f"Qvazi-{word}",
            email=f"qvaz.{visibility.value}@guest.example",
            name_visibility=visibility,
            since=now,
        )
        SideInvitation.objects.create(
            side=first,
            purpose="confirm",
            contact=contact,
            language="de",
            nonce=visibility,
            sent_at=now,
            expires_at=now,
            answer="confirmed",
            answered_at=now,
        )
    person = UserFactory(
        email="qvaz.account@guest.example", display_name="Qvazi-Profilniemand", name_visibility="nobody"
    )
    SideContact.objects.create(side=first, person=person, name_visibility="public", since=now)
    invited = {"email": "qvaz.invited@guest.example", "name": "Qvazi-Eingeladen", "language": "hu"}
    actions.invite_side(side=second, by=cast["coordinator"], now=now, **invited)
    Correction.objects.create(partnership=entry, side=first, note="qvazcorrection", proposed_at=now)
    Change.objects.create(partnership=entry, what="corrected", at=now, note="qvazhistory")
    ChronicleEntryFactory(partnership=entry, title="qvazentry", is_public=False)
    contract(by=cast["coordinator"], partnership=entry, title="qvazfile", name="qvazfile.pdf")
    for slug in ("published", "unpublished"):
        foreign = Partnership.objects.get(slug=slug)
        ChronicleEntryFactory(partnership=foreign, title="qvazforeignentry", is_public=False)
        contract(
            by=cast["coordinator"], partnership=foreign, title="qvazforeignfile", name="qvazforeignfile.pdf"
        )
        side = foreign.sides.order_by("position")[0]
        side.dispute, side.disputed_at = "qvazdispute", now
        side.save()
        Correction.objects.create(
            partnership=foreign, side=side, note="qvazforeigncorrection", proposed_at=now
        )
        Change.objects.create(partnership=foreign, what="corrected", at=now, note="qvazforeignhistory")
    Partnership.objects.filter(slug="unpublished").update(aims_de="qvazhiddenaims", aims_en="qvazhiddenaims")


def plant_in_organisations(cast: dict[str, User]) -> None:
    now = timezone.now()
    Organisation.objects.filter(slug="verein").update(
        phone="+49 731 5550001",
        phone_visibility="public",
        postal_address="Qvazweg Mitglieder",
        postal_address_visibility="members",
    )
    Organisation.objects.filter(slug="wartet").update(name="Qvazkjq")
    quiet = Organisation.objects.create(
        name="Stiller Verein",
        slug="still",
        type="association",
        published_at=now,
        phone="+49 731 5550002",
        postal_address="Qvazweg Niemand",
    )
    Membership.objects.create(
        organisation=quiet, person=cast["participant"], state="active", asked_at=now, since=now
    )
    verein = Organisation.objects.get(slug="verein")
    asking = UserFactory(display_name="Bittende", name_visibility="nobody")
    Membership.objects.create(
        organisation=verein, person=asking, state="requested", note="qvazrequest", asked_at=now
    )
    directory_actions.invite(
        organisation=verein,
        by=cast["coordinator"],
        email="qvaz.join@guest.example",
        role="member",
        language="hu",
        now=now,
    )


def plant_elsewhere(cast: dict[str, User]) -> None:
    now = timezone.now()
    ulm = Municipality.objects.get(slug="ulm-de")
    Claim.objects.filter(municipality=ulm, person=cast["participant"]).update(
        reason="qvazreason", official_email="qvaz.official@ulm.example"
    )
    Claim.objects.filter(municipality=ulm, person=cast["coordinator"]).update(
        reason="qvazotherreason", answer="qvazofficeanswer"
    )
    report = directory_actions.report_entry(
        subject=ulm,
        subject_name="Ulm",
        text="qvazreport",
        email="qvaz.reporter@guest.example",
        language="de",
        now=now,
    )
    EntryReport.objects.filter(pk=report.pk).update(answer="qvazofficenote")
    directory_actions.send_message(
        subject=ulm,
        subject_name="Ulm",
        text="qvazmessage",
        name="Eva",
        email="qvaz.sender@guest.example",
        language="de",
        by=None,
        now=now,
    )
    draft = cast["coordinator"].partnership_drafts.get()
    draft.data |= {"work": {"topics": [], "languages": [], "aims_de": "qvazdraft", "aims_en": ""}}
    draft.save()


# Reading everything

LINK = re.compile(r'(?:href|src|action|data-suggest-url)="(/[^"#]*)')
NOT_FOLLOWED = ("/static/", "/admin/", "/accounts/logout/", "/media/")
MOST_ADDRESSES = 700


def unlinked() -> list[str]:
    """Pages to which mails or only other people's pages lead."""
    rows = [("correction", row.partnership.slug, row.pk) for row in Correction.objects.all()]
    rows += [("ask_contact", row.partnership.slug, row.pk) for row in PartnershipSide.objects.all()]
    rows += [("end_contact", row.side.partnership.slug, row.pk) for row in SideContact.objects.all()]
    return [reverse(f"partnerships:{name}", args=arguments) for name, *arguments in rows]


def crawled(client: Client) -> dict[str, tuple[int, str]]:
    """Every address: what it answers. Of addresses that differ only in values of a query, one is read."""
    waiting = [reverse(name, args=arguments) for name, arguments in TABLE] + unlinked()
    seen: dict[str, tuple[int, str]] = {}
    shapes = set()
    while waiting and len(seen) < MOST_ADDRESSES:
        address = waiting.pop(0)
        path, query = urlsplit(address)[2:4]
        shape = (path, tuple(sorted(parse_qs(query, keep_blank_values=True))))
        if shape in shapes or address.startswith(NOT_FOLLOWED):
            continue
        shapes.add(shape)
        answer = client.get(address)
        text = text_of(answer)
        seen[address] = (answer.status_code, text)
        waiting += [unescape(link) for link in LINK.findall(text)]
        if answer.status_code in (301, 302):
            waiting.append(answer.headers["Location"])
    assert not waiting, f"more than {MOST_ADDRESSES} addresses"
    return seen


def text_of(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    return unescape(body.decode()) if "text" in kind or "json" in kind or "xml" in kind else ""


def places_of(value: str, pages: dict[str, tuple[int, str]]) -> Iterator[str]:
    yield from (address for address, (_status, text) in pages.items() if value.lower() in text.lower())


def test_every_value_is_read_by_those_it_is_for(readers: dict[str, Client]) -> None:
    pages = {role: crawled(client) for role, client in readers.items()}
    for role, found in pages.items():
        lines = (f"{role} {status} {address}\n" for address, (status, _) in found.items())
        sys.stdout.writelines(lines)  # shown with -s, and when it fails

    read = {value: {role: list(places_of(value, pages[role]))[:3] for role in READERS} for value in PLANTED}
    leaks = {
        value: {role: where for role, where in found.items() if where and role not in PLANTED[value]}
        for value, found in read.items()
    }
    missing = {value: {role for role in PLANTED[value] if not read[value][role]} for value in PLANTED}

    assert {value: found for value, found in leaks.items() if found} == {}
    assert {value: roles for value, roles in missing.items() if roles} == {}
    assert {status for found in pages.values() for status, _ in found.values() if status >= 500} == set()
    for role in READERS[:3]:
        column = ROLES.index(role)
        open_ones = {
            reverse(*of[:1], args=of[1]) for of, statuses in TABLE.items() if statuses[column] == 200
        }
        assert {address for address in open_ones if pages[role].get(address, (0,))[0] != 200} == set()


# Searching for it

SEARCHES = (
    "/search/?q=",
    "/partnerships/?q=",
    "/partnerships/export.csv?q=",
    "/partnerships/new/sides.json?q=",
    "/map/?q=",
    "/municipalities/?q=",
    "/municipalities/export.csv?q=",
    "/municipalities/suggest/?q=",
    "/organisations/?q=",
    "/sessions/?q=",
)
NONSENSE = "xwqjy"
DRAWN = re.compile(r'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"')


def answer_to(client: Client, address: str, typed: str) -> str:
    text = text_of(client.get(address + quote(typed)))
    # As it stands in the field, in addresses, and in addresses within addresses.
    forms = {typed, quote(typed), quote(typed, safe=""), typed.replace(" ", "+")}
    forms |= {quote(form) for form in forms} | {quote(form, safe="") for form in forms} | {quote_plus(typed)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "…")
    return DRAWN.sub("", text)


@pytest.mark.parametrize(
    ("search", "role"), [(SEARCHES[0], "visitor"), *((search, "outsider") for search in SEARCHES)]
)
def test_searching_for_a_private_value_answers_like_nonsense(
    readers: dict[str, Client], search: str, role: str
) -> None:
    client = readers[role]
    hidden = [value for value, seen_by in PLANTED.items() if role not in seen_by]
    parts = [part for value in hidden for part in (value, value[: len(value) * 2 // 3])]
    nothing = answer_to(client, search, NONSENSE)

    differing = [part for part in parts if answer_to(client, search, part) != nothing]

    assert differing == []

"""The same form from twenty connections at once does a thing once, and everybody gets the page of the first.

Real connections and commits. A new address that takes a POST and is in no list here fails the build.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.links import make_token
from directory import actions as directory_actions
from directory.emails import ADDRESS_LINK
from directory.queries import invitation_url
from notifications.links import mail_link
from partnerships import actions, queries
from partnerships.emails.answers import answer_path
from partnerships.models import (
    Correction,
    Partnership,
    PartnershipDraft,
    PartnershipSide,
    SideContact,
    SideInvitation,
)
from tests.architecture.test_access_table import TABLE, own_names
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import (
    ClaimFactory,
    MembershipFactory,
    MunicipalityFactory,
    OrganisationFactory,
)
from tests.factories.documents import contract
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory
from tests.factories.uploads import pdf, picture, upload

TIMES = 20
TOO_OFTEN = frozenset({429})  # what one connection gets from allauth that opens twenty accounts a second
OUR_APPS = {"account", "accounts", "directory", "partnerships", "notifications", "portal"}


@dataclass
class Sent:
    """Who sends what where, and how many rows of which models there are more (or fewer) afterwards.

    A file is (name, content): each sender needs one of its own.
    """

    person: User | None
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    makes: dict[str, int] = field(default_factory=dict)
    refusals: frozenset[int] = frozenset()


Case = Callable[[dict[str, User]], Sent]
CASES: dict[tuple[str, str], Case] = {}
# Addresses that take a POST and yet are not tried, each with the reason.
EXEMPT = {
    "portal:set_language": "sets a cookie, no row",
    "portal:welcome": "goes to a page, marks at most that the questions were asked",
    "portal:close_welcome": "sets one moment on the person",
    "notifications:mark_all_read": "sets a moment on the notices",
    "notifications:open": "sets a moment on the notice",
    "notifications:mailbox_works_again": "takes a mark away",
    "accounts:end_session": "takes a session away",
    "partnerships:answer_cut_off": "a link without its token: never more than an error page",
}


def case(name: str, what: str = "") -> Callable[[Case], Case]:
    def add(make: Case) -> Case:
        CASES[name, what] = make
        return make

    return add


def entry(people: dict[str, User], **facts: Any) -> tuple[Partnership, PartnershipSide, PartnershipSide]:
    """Coordinator and partner look after one side each."""
    partnership = PartnershipFactory(slug="entry", signed_year=1990, **facts)
    first, second = partnership.sides.order_by("position")
    for side, person in ((first, people["coordinator"]), (second, people["partner"])):
        SideContact.objects.create(side=side, person=person, since=timezone.now())
    return partnership, first, second


def question(people: dict[str, User]) -> SideInvitation:
    _, _, second = entry(people)
    return actions.invite_side(
        side=second, email="guest@example.org", language="hu", by=people["coordinator"], now=timezone.now()
    )


def draft_of(person: User) -> tuple[PartnershipDraft, str]:
    ours, theirs = (queries.code_of(MunicipalityFactory()) for _ in range(2))
    now = timezone.now()
    data = {
        queries.OURS: {"side": ours},
        queries.THEIRS: {"sides": [theirs], "another_than": ""},
        queries.KIND: {
            "kind": "partnership",
            "status": "active",
            "signed_year": 1986,
            "signed_on": None,
            "ended_year": None,
            "end_reason_de": "",
        },
        queries.WORK: {"topics": [], "languages": [], "aims_de": "", "aims_en": ""},
        queries.CONTACTS: {
            "role": "coordinator",
            "others": {theirs: {"name": "Éva", "email": "eva@pecs.example", "language": "hu"}},
        },
    }
    draft = PartnershipDraft.objects.create(person=person, data=data, started_at=now, changed_at=now)
    return draft, theirs


def verein(people: dict[str, User]) -> Any:
    organisation = OrganisationFactory(name="Verein", slug="verein")
    MembershipFactory(organisation=organisation, person=people["coordinator"], role="coordinator")
    return organisation


# The register


@case("partnerships:new")
def _(people):
    town = MunicipalityFactory(name="Ulm")
    data = {"typed": "Ulm", "chosen": f"m{town.pk}"}
    return Sent(people["coordinator"], "/partnerships/new/", data, {"PartnershipDraft": 1})


@case("partnerships:draft", "other side")
def _(people):
    draft, _theirs = draft_of(people["coordinator"])
    third = MunicipalityFactory(name="Baja")
    data = {"typed": "Baja", "chosen": f"m{third.pk}"}
    return Sent(people["coordinator"], f"/partnerships/new/{draft.pk}/other-side/", data)


@case("partnerships:draft", "check")
def _(people):
    draft, _theirs = draft_of(people["coordinator"])
    makes = {"Partnership": 1, "PartnershipSide": 2, "SideContact": 2, "SideInvitation": 1}
    makes |= {"Change": 2, "Notice": 2}
    return Sent(people["coordinator"], f"/partnerships/new/{draft.pk}/check/", {}, makes)


@case("partnerships:discard")
def _(people):
    draft, _theirs = draft_of(people["coordinator"])
    return Sent(people["coordinator"], f"/partnerships/new/{draft.pk}/discard/", {}, {"PartnershipDraft": -1})


@case("partnerships:place")
def _(people):
    draft, _theirs = draft_of(people["coordinator"])
    data = {"name": "Neudorf", "country": "DE"}
    return Sent(
        people["coordinator"], f"/partnerships/new/{draft.pk}/place/", data, {"Municipality": 1, "Notice": 1}
    )


@case("partnerships:edit")
def _(people):
    partnership, _first, _second = entry(people)
    data = {"kind": "partnership", "signed_year": "1991", "base_version": str(partnership.version)}
    return Sent(people["coordinator"], "/partnerships/entry/edit/", data, {"Change": 1})


@case("partnerships:status")
def _(people):
    entry(people)
    return Sent(
        people["coordinator"],
        "/partnerships/entry/status/",
        {"status": "dormant"},
        {"Change": 1},
    )


@case("partnerships:documents")
def _(people):
    entry(people)
    data = {"kind": "contract", "upload": ("Vertrag.pdf", pdf())}
    makes = {"Document": 1, "Change": 1}
    return Sent(people["coordinator"], "/partnerships/entry/files/", data, makes)


@case("partnerships:edit_document")
def _(people):
    paper = contract(by=people["coordinator"], partnership=entry(people)[0])
    path = f"/partnerships/entry/files/{paper.pk}/edit/"
    return Sent(people["partner"], path, {"title": "1992", "is_public": "on"}, {"Change": 1})


@case("partnerships:delete_document")
def _(people):
    paper = contract(by=people["coordinator"], partnership=entry(people)[0])
    path = f"/partnerships/entry/files/{paper.pk}/delete/"
    return Sent(people["partner"], path, {}, {"Document": -1, "Change": 1})


@case("partnerships:draft_documents", "add")
def _(people):
    draft, _theirs = draft_of(people["coordinator"])
    data = {"kind": "decision", "upload": ("Beschluss.pdf", pdf())}
    return Sent(people["coordinator"], f"/partnerships/new/{draft.pk}/files/", data, {"Document": 1})


@case("partnerships:draft_documents", "remove")
def _(people):
    draft, _theirs = draft_of(people["coordinator"])
    paper = contract(by=people["coordinator"], draft=draft)
    path = f"/partnerships/new/{draft.pk}/files/"
    return Sent(people["coordinator"], path, {"remove": str(paper.pk)}, {"Document": -1})


@case("partnerships:confirm", "confirm")
def _(people):
    entry(people)
    makes = {"Change": 1, "Notice": 1}
    return Sent(people["partner"], "/partnerships/entry/confirm/", {}, makes)


@case("partnerships:confirm", "correct")
def _(people):
    entry(people)
    data = {"kind": "partnership", "status": "active", "signed_year": "1992", "note": ""}
    makes = {"Correction": 1, "Change": 1, "Notice": 1}
    return Sent(people["partner"], "/partnerships/entry/confirm/?way=correct", data, makes)


@case("partnerships:confirm", "dispute")
def _(people):
    entry(people)
    makes = {"Change": 1, "Notice": 2}
    return Sent(people["partner"], "/partnerships/entry/confirm/?way=dispute", {"text": "Nein."}, makes)


@case("partnerships:correction")
def _(people):
    partnership, _first, second = entry(people)
    row = Correction.objects.create(
        partnership=partnership,
        side=second,
        changes={"signed_year": [1990, 1992]},
        note="x",
        proposed_at=timezone.now(),
    )
    path = f"/partnerships/entry/corrections/{row.pk}/"
    return Sent(people["coordinator"], path, {"decision": "accept"}, {"Change": 1, "Notice": 1})


@case("partnerships:ask_contact", "own side")
def _(people):
    _partnership, first, _second = entry(people)
    data = {"name": "Éva", "email": "eva@pecs.example", "language": "hu"}
    path = f"/partnerships/entry/contacts/ask/{first.pk}/"
    return Sent(people["coordinator"], path, data, {"SideInvitation": 1, "Notice": 1})


@case("partnerships:ask_contact", "other side")
def _(people):
    _partnership, _first, second = entry(people)
    data = {"name": "Éva", "email": "eva@pecs.example", "language": "hu"}
    path = f"/partnerships/entry/contacts/ask/{second.pk}/"
    makes = {"SideContact": 1, "SideInvitation": 1, "Change": 1, "Notice": 1}
    return Sent(people["coordinator"], path, data, makes)


@case("partnerships:end_contact")
def _(people):
    _partnership, first, _second = entry(people)
    path = f"/partnerships/entry/contacts/{first.contacts.get().pk}/end/"
    return Sent(people["coordinator"], path, {}, {"Change": 1, "Notice": 2})


@case("partnerships:answer", "confirm")
def _(people):
    return Sent(None, answer_path(question(people)), {}, {"Change": 1, "Notice": 1})


@case("partnerships:answer", "correct")
def _(people):
    data = {"kind": "partnership", "status": "active", "signed_year": "1992", "note": ""}
    makes = {"Correction": 1, "Change": 1, "Notice": 1}
    return Sent(None, answer_path(question(people)) + "&way=correct", data, makes)


@case("partnerships:answer", "dispute")
def _(people):
    return Sent(
        None, answer_path(question(people)) + "&way=dispute", {"text": "Nem."}, {"Change": 1, "Notice": 2}
    )


@case("partnerships:answer", "adopt")
def _(people):
    asked = question(people)
    actions.confirm_side(side=asked.side, invitation=asked, now=timezone.now())
    makes = {"SideContact": 1, "Change": 1}
    return Sent(people["outsider"], answer_path(asked), {"adopt": ""}, makes)


@case("partnerships:answer", "take over")
def _(people):
    _partnership, first, _second = entry(people)
    asked = actions.offer_take_over(
        side=first,
        email="eva@ulm.example",
        name="",
        language="de",
        by=people["coordinator"],
        now=timezone.now(),
    )
    return Sent(people["outsider"], answer_path(asked), {}, {"SideContact": 1, "Change": 1})


ENTRY = {
    "kind": "meeting",
    "title": "Jugendtreffen",
    "year": "1999",
    "language": "de",
    "is_public": "yes",
}


@case("partnerships:add_entry")
def _(people):
    entry(people)
    data = {**ENTRY, "base_version": "0"}
    makes = {"ChronicleEntry": 1, "Change": 1}
    return Sent(people["coordinator"], "/partnerships/entry/chronicle/new/", data, makes)


@case("partnerships:edit_entry")
def _(people):
    partnership, _first, _second = entry(people)
    row = ChronicleEntryFactory(partnership=partnership)
    data = {**ENTRY, "base_version": str(row.version)}
    return Sent(people["coordinator"], f"/partnerships/entry/chronicle/{row.pk}/edit/", data, {"Change": 1})


@case("partnerships:delete_entry")
def _(people):
    partnership, _first, _second = entry(people)
    row = ChronicleEntryFactory(partnership=partnership)
    makes = {"ChronicleEntry": -1, "Change": 1}
    return Sent(people["coordinator"], f"/partnerships/entry/chronicle/{row.pk}/delete/", {}, makes)


@case("partnerships:add_photo")
def _(people):
    row = ChronicleEntryFactory(partnership=entry(people)[0])
    data = {"title": "Das Floß", "upload": ("Floß.jpg", picture())}
    path = f"/partnerships/entry/chronicle/{row.pk}/photo/"
    return Sent(people["partner"], path, data, {"Document": 1, "Change": 1})


@case("partnerships:add_actor")
def _(people):
    _partnership, first, _second = entry(people)
    data = {"name": "Chor", "type": "association", "side": str(first.pk), "base_version": "0"}
    makes = {"Actor": 1, "Change": 1}
    return Sent(people["coordinator"], "/partnerships/entry/actors/new/", data, makes)


@case("partnerships:edit_actor")
def _(people):
    partnership, first, _second = entry(people)
    row = ActorFactory(partnership=partnership)
    data = {
        "name": "Chor",
        "type": "association",
        "side": str(first.pk),
        "base_version": str(row.version),
    }
    return Sent(people["coordinator"], f"/partnerships/entry/actors/{row.pk}/edit/", data, {"Change": 1})


@case("partnerships:delete_actor")
def _(people):
    partnership, _first, _second = entry(people)
    row = ActorFactory(partnership=partnership)
    makes = {"Actor": -1, "Change": 1}
    return Sent(people["coordinator"], f"/partnerships/entry/actors/{row.pk}/delete/", {}, makes)


# Municipalities


@case("directory:report")
def _(people):
    MunicipalityFactory(slug="ulm-de")
    data = {"text": "Der Name ist falsch geschrieben."}
    return Sent(None, "/report/municipality/ulm-de/", data, {"EntryReport": 1, "Notice": 1})


@case("directory:contact")
def _(people):
    MunicipalityFactory(slug="ulm-de")
    data = {"name": "Eva", "email": "eva@example.org", "text": "Wir suchen eine Partnerstadt."}
    return Sent(None, "/contact/municipality/ulm-de/", data, {"ContactMessage": 1, "Notice": 1})


@case("directory:claim")
def _(people):
    MunicipalityFactory(slug="ulm-de")
    data = {"role": "coordinator", "official_email": "amt@ulm.example", "reason": "Ich bin es."}
    return Sent(people["outsider"], "/municipalities/ulm-de/claim/", data, {"Claim": 1, "Notice": 2})


@case("directory:claim_detail")
def _(people):
    town = MunicipalityFactory()
    ClaimFactory(municipality=town, person=people["coordinator"], accepted=True)
    second = ClaimFactory(municipality=town, person=people["outsider"])
    path = f"/claims/{second.pk}/"
    return Sent(people["coordinator"], path, {"answer": "agrees"}, {"Notice": 1})


@case("directory:claim_end")
def _(people):
    claim = ClaimFactory(person=people["coordinator"], accepted=True)
    return Sent(people["coordinator"], f"/claims/{claim.pk}/end/", {}, {"Notice": 1})


@case("directory:claim_address")
def _(people):
    claim = ClaimFactory(person=people["outsider"], official_email="amt@ulm.example", made_at=timezone.now())
    return Sent(None, f"/claim-address/{make_token(ADDRESS_LINK, claim.pk, claim.nonce)}/")


PROFILE = {
    "description_de": "Wir sind viele.",
    "base_version": "1",
    "language_1": "hu",
    "text_1": "Sokan vagyunk.",
}


@case("directory:edit")
def _(people):
    town = MunicipalityFactory(slug="ulm-de")
    ClaimFactory(municipality=town, person=people["coordinator"], accepted=True)
    data = {**PROFILE, "base_version": str(town.version)}
    return Sent(people["coordinator"], "/municipalities/ulm-de/edit/", data, {"ProfileText": 1})


# Organisations


NEW = {
    "name": "Neuer Verein",
    "type": "association",
    "seat": "",
    "phone_visibility": "nobody",
    "postal_address_visibility": "nobody",
}


@case("directory:organisation_create")
def _(people):
    makes = {"Organisation": 1, "Membership": 1, "Notice": 1}
    return Sent(people["coordinator"], "/organisations/new/", NEW, makes)


@case("directory:organisation_edit")
def _(people):
    data = {**NEW, "base_version": str(verein(people).version)}
    return Sent(people["coordinator"], "/organisations/verein/edit/", data)


@case("directory:organisation_profile")
def _(people):
    data = {**PROFILE, "base_version": str(verein(people).version)}
    return Sent(people["coordinator"], "/organisations/verein/profile/", data, {"ProfileText": 1})


@case("directory:organisation_join")
def _(people):
    verein(people)
    makes = {"Membership": 1, "Notice": 1}
    return Sent(people["outsider"], "/organisations/verein/join/", {"note": "Ich singe gern mit."}, makes)


@case("directory:organisation_leave")
def _(people):
    MembershipFactory(organisation=verein(people), person=people["participant"])
    return Sent(people["participant"], "/organisations/verein/leave/")


@case("directory:organisation_member", "role")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["participant"])
    path = f"/organisations/verein/people/{row.pk}/"
    return Sent(people["coordinator"], path, {"role": "deputy"}, {"Notice": 1})


@case("directory:organisation_member", "end")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["participant"])
    path = f"/organisations/verein/people/{row.pk}/"
    return Sent(people["coordinator"], path, {"end": ""}, {"Notice": 1})


@case("directory:organisation_request", "accept")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["outsider"], state="requested")
    path = f"/organisations/verein/requests/{row.pk}/"
    return Sent(people["coordinator"], path, {"answer": "accept"}, {"Notice": 1})


@case("directory:organisation_request", "withdraw")
def _(people):
    row = MembershipFactory(organisation=verein(people), person=people["outsider"], state="requested")
    path = f"/organisations/verein/requests/{row.pk}/"
    return Sent(people["outsider"], path, {"answer": "withdraw"})


@case("directory:organisation_invite")
def _(people):
    verein(people)
    data = {"email": "eva@example.org", "role": "member", "language": "hu"}
    makes = {"OrganisationInvitation": 1, "Notice": 1}
    return Sent(people["coordinator"], "/organisations/verein/invite/", data, makes)


def invitation(people: dict[str, User]) -> Any:
    return directory_actions.invite(
        organisation=verein(people),
        by=people["coordinator"],
        email="eva@example.org",
        role="member",
        language="hu",
        now=timezone.now(),
    )


@case("directory:organisation_invitation_withdraw")
def _(people):
    path = f"/organisations/verein/invitations/{invitation(people).pk}/withdraw/"
    return Sent(people["coordinator"], path)


@case("directory:organisation_invitation")
def _(people):
    path = invitation_url(invitation(people))
    return Sent(people["outsider"], path, {}, {"Membership": 1, "Notice": 1})


# About oneself


@case("notifications:preferences")
def _(people):
    return Sent(people["coordinator"], "/notices/settings/", {"everything": "daily"}, {"Preference": 1})


@case("notifications:preferences_by_mail")
def _(people):
    person = people["coordinator"]
    link = mail_link("settings", person=person, email=person.email, language="de")
    return Sent(None, path_of(link), {"everything": "weekly"}, {"Preference": 1})


@case("notifications:unsubscribe", "of a person")
def _(people):
    person = people["coordinator"]
    link = mail_link("unsubscribe", person=person, email=person.email, language="de")
    return Sent(None, path_of(link), {}, {"Preference": 1})


@case("notifications:unsubscribe", "in one click")
def _(people):
    link = mail_link("unsubscribe", person=None, email="guest@example.org", language="hu")
    return Sent(None, path_of(link), {"List-Unsubscribe": "One-Click"}, {"MailStop": 1})


@case("accounts:profile")
def _(people):
    data = {
        "display_name": "Eva",
        "name_visibility": "members",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "spoken_1": "hu",
        "level_1": "good",
    }
    return Sent(people["coordinator"], "/accounts/profile/", data, {"SpokenLanguage": 1})


@case("account_signup")
def _(people):
    data = {"email": "new@ulm.example", "password1": "Vier Donauwellen am Ufer", "terms": "on"}
    return Sent(None, "/accounts/signup/", data, {"User": 1, "Consent": 1, "EmailAddress": 1}, TOO_OFTEN)


def path_of(link: str) -> str:
    return link.removeprefix("https://vipad.example")


# The tests


def rows() -> Counter[str]:
    found: Counter[str] = Counter()
    for model in apps.get_models():
        if model._meta.app_label in OUR_APPS:
            found[model.__name__] = model._default_manager.count()
    return found


def with_files(data: dict[str, Any]) -> dict[str, Any]:
    return {name: upload(*value) if isinstance(value, tuple) else value for name, value in data.items()}


def sent_at_once(sent: Sent) -> list[tuple[int, str]]:
    clients = [signed_in(sent.person) if sent.person else Client() for _ in range(TIMES)]
    data = {"key": str(uuid4()), **sent.data}
    barrier = threading.Barrier(TIMES)

    def send(client: Client) -> tuple[int, str]:
        try:
            barrier.wait(20)
            answer = client.post(sent.path, with_files(data))
            return answer.status_code, answer.headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(send, clients))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", CASES, ids=lambda which: " ".join(which).strip())
def test_twenty_at_once_do_it_once(which: tuple[str, str], cast: dict[str, User]) -> None:
    from portal.pages import load_pages

    load_pages(now=timezone.now())
    sent = CASES[which](cast | {"deputy": UserFactory()})
    before = rows()

    answers = sent_at_once(sent)

    after = rows()
    made = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    pages = {answer for answer in answers if answer[0] not in sent.refusals}
    assert (len(pages), made) == (1, sent.makes), pages
    assert {status for status, _ in pages} <= {200, 302}


def taking_posts(client: Client, names: set[str]) -> set[str]:
    """Those that do not refuse the method."""
    arguments = dict(TABLE.keys())
    return {
        name
        for name in names
        if name in arguments and client.post(reverse(name, args=arguments[name])).status_code != 405
    }


@pytest.mark.django_db
def test_every_address_that_takes_a_post_is_tried(outsider: User) -> None:
    taken = taking_posts(signed_in(outsider), set(own_names()))
    tried = {name for name, _ in CASES}

    assert taken - tried - set(EXEMPT) == set()
    assert set(EXEMPT) & tried == set()
    assert (tried | set(EXEMPT)) - taken == {"account_signup"}

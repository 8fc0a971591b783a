"""The forms of the register."""

from typing import Any

from django.utils import timezone

from accounts.models import User
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
from tests.architecture.sent.cases import Sent, case
from tests.factories.directory import (
    MunicipalityFactory,
)
from tests.factories.documents import contract
from tests.factories.partnerships import ActorFactory, ChronicleEntryFactory, PartnershipFactory
from tests.factories.uploads import pdf, picture


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


@case("partnerships:open_group")
def _(people):
    """The other side is invited, and told."""
    entry(people)
    makes = {"Group": 1, "Membership": 2, "Notice": 1}
    return Sent(people["coordinator"], "/partnerships/entry/group/", {}, makes)


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

"""What a draft says, in words: the last look before it is registered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import PARTNER_LANGUAGES
from partnerships.models import SideContact
from partnerships.queries.drafts import CHECK, CONTACTS, KIND, OURS, THEIRS, WORK, DraftEntry
from partnerships.queries.history import in_words, label_of
from partnerships.queries.lists import Labels
from partnerships.queries.parties import hit_of

TITLES = {
    OURS: gettext_lazy("Our side"),
    THEIRS: gettext_lazy("The other side"),
    KIND: gettext_lazy("Kind and years"),
    WORK: gettext_lazy("What you do"),
    CONTACTS: gettext_lazy("Contact persons"),
    CHECK: gettext_lazy("Look it over"),
}
_COLUMNS = (
    "kind", "shape", "status", "ended_year", "end_reason_de", "end_reason_en", "first_contact_year", "signed_year",
    "signed_on", "renewed_year", "council_decided_on",
)  # fmt: skip
_WORK = ("topics", "languages", "aims_de", "aims_en")


@dataclass(frozen=True, slots=True)
class Section:
    """One step: its facts as (term, value), or nothing yet."""

    step: str
    title: str
    facts: list[tuple[str, str]]
    is_open: bool


def sections_of(entry: DraftEntry, words: Labels, missing: Iterable[str]) -> list[Section]:
    said = {
        OURS: [(_("Place"), hit_of(entry.ours).label)] if entry.ours else [],
        THEIRS: [(_("Place"), hit_of(party).label) for party in entry.others.values()],
        KIND: _facts({**entry.data.get(KIND, {}), "shape": entry.shape}, _COLUMNS, words)
        if KIND in entry.data
        else [],
        WORK: _facts(entry.data.get(WORK, {}), _WORK, words),
        CONTACTS: _contacts(entry),
    }
    return [Section(step, str(TITLES[step]), facts, step in missing) for step, facts in said.items()]


def _facts(said: dict[str, Any], columns: Iterable[str], words: Labels) -> list[tuple[str, str]]:
    values = [(label_of(name), in_words(name, said.get(name), words)) for name in columns]
    return [(capfirst(label), value) for label, value in values if value]


def _contacts(entry: DraftEntry) -> list[tuple[str, str]]:
    if not entry.role:
        return []
    facts = [(_("You"), str(SideContact.Role(entry.role).label))]
    for code, party in entry.others.items():
        contact = entry.contact_of(code)
        if contact:
            language = dict(PARTNER_LANGUAGES)[contact.language]
            who = ", ".join(word for word in (contact.name, contact.email, language) if word)
        else:
            who = _("to be invited later")
        facts.append((hit_of(party).name, who))
    return facts

"""Whom a visitor may write to without knowing the address. Upper apps add theirs:

contacts.register("partnership", get=…, name=…, readers=…)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model

from accounts.models import User
from directory.models import Membership, Municipality, Organisation
from directory.names import shown_name
from directory.queries import people_who_answer_messages, people_who_speak_for


@dataclass(frozen=True)
class Contactable:
    """`get` gives the public entry with this slug, or None; `name` is what people call it; `readers` are the people
    with an account who get what is written to it. Without any it goes to the office.
    """

    get: Callable[[str], Model | None]
    name: Callable[[Model], str]
    readers: Callable[[Model], Iterable[User]]


_contactables: dict[str, Contactable] = {}


def register(
    kind: str,
    *,
    get: Callable[[str], Model | None],
    readers: Callable[[Model], Iterable[User]],
    name: Callable[[Model], str] = str,
) -> None:
    """`kind` stands in the address of the form, /contact/<kind>/<slug>/, and is the name of the model in lower case.

    The model says its get_absolute_url().
    """
    _contactables[kind] = Contactable(get, name, readers)


def contactable(kind: str) -> Contactable | None:
    return _contactables.get(kind)


def own_readers(subject: Model) -> list[User]:
    """The people of the entry itself; none when it has nobody yet."""
    known = contactable(subject._meta.model_name or "")
    return list(known.readers(subject)) if known else []


def readers_of(subject: Model) -> list[User]:
    """Who gets what is written to it: its own people, or the office."""
    return own_readers(subject) or list(people_who_answer_messages())


def _municipality(slug: str) -> Municipality | None:
    return Municipality.objects.listed(demo=settings.SHOW_DEMO).filter(slug=slug).first()


def _name_of_municipality(subject: Model) -> str:
    assert isinstance(subject, Municipality)  # noqa: S101 -- only `_municipality` gives subjects
    return shown_name(subject.name, subject.german_name)


def _speakers(subject: Model) -> Iterable[User]:
    assert isinstance(subject, Municipality)  # noqa: S101 -- as above
    return people_who_speak_for(subject)


def _organisation(slug: str) -> Organisation | None:
    return Organisation.objects.listed(demo=settings.SHOW_DEMO).filter(slug=slug).first()


def _leaders(subject: Model) -> Iterable[User]:
    leading = Membership.objects.leading().filter(organisation=subject.pk)
    return User.objects.filter(is_active=True, pk__in=leading.values("person"))


register("municipality", get=_municipality, name=_name_of_municipality, readers=_speakers)
register("organisation", get=_organisation, readers=_leaders)

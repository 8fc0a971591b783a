"""What a visitor may report as wrong. Upper apps add their entries: register("partnership", get=…, name=…)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model
from django.urls import reverse

from directory.models import Municipality, Organisation
from directory.names import shown_name


@dataclass(frozen=True)
class Reportable:
    """`get` gives the public entry with this slug, or None; `name` is what people call it."""

    get: Callable[[str], Model | None]
    name: Callable[[Model], str]


_reportables: dict[str, Reportable] = {}


def register(kind: str, *, get: Callable[[str], Model | None], name: Callable[[Model], str] = str) -> None:
    """`kind` stands in the address of the form: /report/<kind>/<slug>/. The model says its get_absolute_url()."""
    _reportables[kind] = Reportable(get, name)


def reportable(kind: str) -> Reportable | None:
    return _reportables.get(kind)


def address_of(subject: Model | None) -> str:
    """The page of what was reported; the start page when it is gone or has none."""
    address = getattr(subject, "get_absolute_url", None)
    return str(address()) if address else reverse("portal:start")


def _municipality(slug: str) -> Municipality | None:
    return Municipality.objects.listed(demo=settings.SHOW_DEMO).filter(slug=slug).first()


def _name(subject: Model) -> str:
    assert isinstance(subject, Municipality)  # noqa: S101 -- only `_municipality` gives subjects
    return shown_name(subject.name, subject.german_name)


def _organisation(slug: str) -> Organisation | None:
    return Organisation.objects.listed(demo=settings.SHOW_DEMO).filter(slug=slug).first()


register("organisation", get=_organisation)
register("municipality", get=_municipality, name=_name)

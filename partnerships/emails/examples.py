"""Invented rows for the previews of mails. They are written inside a transaction that is rolled back."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.models import User
from directory.models import Country, Municipality
from notifications.kinds import Kind
from notifications.models import Notice
from partnerships.models import Change, Partnership, PartnershipSide

EMAIL = "beispiel@example.org"


def example_place() -> Municipality:
    return _town("beispielovo", "Beispielovo", "RS")


def example_partnership(*, now: datetime) -> Partnership:
    """Half of it is entered; nobody has published it."""
    partnership = Partnership.objects.create(
        slug="preview-example",
        kind=Partnership.Kind.PARTNERSHIP,
        status=Partnership.Status.ACTIVE,
        signed_year=1992,
        published_at=now,
        registered_by=User.objects.create_user(EMAIL, display_name="Karin Beispiel"),
        is_demo=True,
        sides_key="preview",
    )
    towns = (_town("preview-de", "Beispielhausen", "DE"), _town("preview-hu", "Mintafalva", "HU"))
    for position, town in enumerate(towns):
        PartnershipSide.objects.create(
            partnership=partnership, position=position, municipality=town, confirmed_at=now
        )
    return partnership


def example_change(*, now: datetime) -> Change:
    partnership = example_partnership(now=now)
    return Change.objects.create(
        partnership=partnership,
        what=Change.What.EDITED,
        at=now,
        person=partnership.registered_by,
        before={"signed_year": 1991, "topics": ["youth"]},
        after={"signed_year": 1992, "topics": ["youth", "culture"]},
    )


def notice_about(kind: Kind, about: Model, *, language: str, now: datetime) -> Notice:
    return Notice(
        key=f"example:{kind.name}",
        kind=kind.name,
        email=EMAIL,
        language=language,
        about_type=ContentType.objects.get_for_model(about),
        about_id=about.pk,
        due_at=now,
        queued_at=now,
    )


def _town(slug: str, name: str, country: str) -> Municipality:
    # In a database without countries, one of a test, it is made.
    known = Country.objects.filter(code=country).first() or Country.objects.create(
        code=country, name=country, time_zone="Europe/Berlin", membership=Country.Membership.MEMBER
    )
    return Municipality.objects.create(slug=slug, name=name, country=known, is_demo=True)

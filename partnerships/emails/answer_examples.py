"""Invented rows for the previews of mails about answers. Written inside a transaction that is rolled back."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.models import User
from core.links import new_nonce
from directory.models import Country, Municipality
from notifications.kinds import Kind
from notifications.models import Notice
from partnerships.models import Partnership, PartnershipSide, SideContact, SideInvitation

PARTNER = "partner@example.org"


def example_side(*, now: datetime) -> PartnershipSide:
    """The far side of an invented partnership; Karin Beispiel of the near one has entered it."""
    person = User.objects.create_user("karin@example.org", display_name="Karin Beispiel")
    partnership = Partnership.objects.create(
        slug="example-of-an-answer",
        sides_key="example-of-an-answer",
        kind=Partnership.Kind.PARTNERSHIP,
        status=Partnership.Status.ACTIVE,
        signed_year=1992,
        published_at=now,
        registered_by=person,
        is_demo=True,
        aims_de="Jugendbegegnung in jedem Sommer.",
    )
    near, far = (
        PartnershipSide.objects.create(partnership=partnership, position=position, municipality=town)
        for position, town in enumerate((_town("Beispielhausen", "DE"), _town("Mintafalva", "HU")))
    )
    SideContact.objects.create(side=near, person=person, since=now)
    return far


def example_invitation(
    *, language: str, now: datetime, purpose: str = SideInvitation.Purpose.CONFIRM
) -> SideInvitation:
    side = example_side(now=now)
    contact = SideContact.objects.create(
        side=side, name="Minta Mária", email=PARTNER, language=language, since=now
    )
    return SideInvitation.objects.create(
        side=side,
        purpose=purpose,
        contact=contact,
        email=PARTNER,
        name=contact.name,
        language=language,
        nonce=new_nonce(),
        sent_by=side.partnership.registered_by,
        sent_at=now,
        expires_at=now + timedelta(days=90),
    )


def notice_about(kind: Kind, about: Model, *, language: str, now: datetime) -> Notice:
    return Notice(
        key=f"example:{kind.name}",
        kind=kind.name,
        email=PARTNER,
        language=language,
        about_type=ContentType.objects.get_for_model(about),
        about_id=about.pk,
        due_at=now,
        queued_at=now,
    )


def _town(name: str, country: str) -> Municipality:
    known = Country.objects.filter(code=country).first() or Country.objects.create(
        code=country, name=country, time_zone="Europe/Berlin", membership=Country.Membership.MEMBER
    )
    return Municipality.objects.create(slug=f"answer-{name.lower()}", name=name, country=known, is_demo=True)

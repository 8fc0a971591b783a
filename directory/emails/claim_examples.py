"""Invented rows for the previews of mails. They are written inside a transaction that is rolled back."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.models import User
from core.links import new_nonce
from directory.models import Claim, ContactMessage, Country, Municipality
from notifications.kinds import Kind
from notifications.models import Notice

READER = "beispiel@example.org"


def example_town() -> Municipality:
    countries: Any = Country.objects
    country, _new = countries.get_or_create(
        code="DE",
        defaults={
            "name": "Deutschland",
            "time_zone": "Europe/Berlin",
            "membership": "member",
            "languages": ["de"],
        },
    )
    return Municipality.objects.create(
        slug=f"beispielhausen-{new_nonce()[:8]}", name="Beispielhausen", country=country, is_demo=True
    )


def example_claim(
    *, now: datetime, state: str = Claim.State.OPEN, answer: str = "", holder_answer: str = ""
) -> Claim:
    """Karin Beispiel wants to speak for Beispielhausen; Otto Muster does already, or decides."""
    other = _person("Otto Muster")
    is_decided = state != Claim.State.OPEN
    return Claim.objects.create(
        municipality=example_town(),
        person=_person("Karin Beispiel"),
        state=state,
        official_email="rathaus@beispielhausen.example",
        nonce=new_nonce(),
        reason="Ich bin seit Mai für die Partnerschaften zuständig.",
        made_at=now,
        holder_answer=holder_answer,
        holder_answered_by=other if holder_answer else None,
        answer=answer,
        decided_by=other if is_decided else None,
        decided_at=now if is_decided else None,
        ended_at=now if state == Claim.State.ENDED else None,
    )


def example_message(*, now: datetime, language: str) -> ContactMessage:
    town = example_town()
    Claim.objects.create(
        municipality=town,
        person=_person("Karin Beispiel"),
        state=Claim.State.ACCEPTED,
        nonce=new_nonce(),
        made_at=now,
        decided_at=now,
    )
    return ContactMessage.objects.create(
        subject=town,
        subject_name=town.name,
        sender_name="Vera Muster",
        sender_email="vera.muster@example.org",
        language=language,
        text="Guten Tag,\n\nunsere siebte Klasse sucht eine Partnerschule an der Donau. An wen wende ich mich?",
        sent_at=now,
    )


def notice_about(kind: Kind, about: Model, *, language: str, now: datetime) -> Notice:
    return Notice(
        key=f"example:{kind.name}",
        kind=kind.name,
        email=READER,
        language=language,
        about_type=ContentType.objects.get_for_model(about),
        about_id=about.pk,
        due_at=now,
        queued_at=now,
    )


def _person(name: str) -> User:
    return User.objects.create_user(f"{new_nonce()}@example.org", display_name=name)

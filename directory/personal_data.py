"""What the directory stores about a person: reports of wrong entries they sent or decided."""

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.personal_data import Rows, as_date, register, register_rows
from directory.actions import forget_claims_of, forget_memberships_of
from directory.models import Claim, ContactMessage, EntryReport, Membership, OrganisationInvitation


def _export_reports(person: User) -> Rows:
    sent = Q(email__iexact=person.email) & ~Q(email="")
    return [
        {
            "entry": report.subject_name,
            "part": "decided" if report.decided_by_id == person.pk else "reported",
            # What a visitor wrote is not told to who decided it.
            "text": report.text if _is_sent_by(person, report) else "",
            "answer": report.answer,
            "state": report.state,
            "reported_at": as_date(report.reported_at),
            "decided_at": as_date(report.decided_at),
        }
        for report in EntryReport.objects.filter(sent | Q(decided_by=person)).order_by("pk")
    ]


def _is_sent_by(person: User, report: EntryReport) -> bool:
    return bool(report.email) and report.email.casefold() == person.email.casefold()


def _forget_person(person: User) -> None:
    """The report stays, because it explains a correction; who sent or decided it is forgotten."""
    if person.email:
        EntryReport.objects.filter(email__iexact=person.email).update(email="")
    EntryReport.objects.filter(decided_by=person).update(decided_by=None)


register(EntryReport, export=_export_reports, erase=_forget_person)

register_rows(
    Membership,
    own=("person",),
    keys=("decided_by",),
    show=("organisation", "role", "state", "note", "asked_at", "since", "until"),
    # Erasing gives no clock.
    before_erasure=lambda person: forget_memberships_of(person, now=timezone.now()),
)
register_rows(
    OrganisationInvitation,
    keys=("invited_by",),
    addresses=("email",),
    show=("organisation", "role", "invited_at", "accepted_at"),
)
register_rows(
    Claim,
    own=("person",),
    keys=("holder_answered_by", "decided_by"),
    addresses=("official_email",),
    show=("municipality", "role", "state", "reason", "made_at", "decided_at", "ended_at"),
    # Erasing gives no clock.
    before_erasure=lambda person: forget_claims_of(person, now=timezone.now()),
)
register_rows(
    ContactMessage,
    keys=("sender",),
    addresses=("sender_email",),
    blank_too=("sender_name",),
    show=("subject_name", "text", "sent_at"),
)

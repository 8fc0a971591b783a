"""What invited people are told."""

from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from notifications.examples import invented_person, queued
from notifications.kinds import Kind
from notifications.mails import language_of
from notifications.models import Notice
from webinars.choices import Audience, State
from webinars.emails.examples import example_session
from webinars.emails.registrations import marked
from webinars.facts import facts_of
from webinars.models import Invitation


class SessionInvited(Kind):
    """To somebody a host has invited, as soon as the session is published."""

    name = "session_invited"
    title = _("you are invited to a session")
    # Seats are given to who comes first.
    can_wait = False
    reads = ("session__hosts__person", "session__organisation", "session__municipality")

    def still_wanted(self, notice: Notice, *, now: datetime) -> bool:
        invitation = notice.about
        if not isinstance(invitation, Invitation) or invitation.person_id != notice.recipient_id:
            return False
        session = invitation.session
        return session.state == State.PUBLISHED and now < session.starts_at

    def context(self, notice: Notice) -> dict[str, Any]:
        session = cast(Invitation, notice.about).session
        facts = facts_of(session, language=language_of(notice))
        return {
            "session": session,
            "facts": facts,
            "marked_title": marked(facts.title),
            "is_closed": session.audience == Audience.INVITED,
        }

    def path(self, notice: Notice) -> str:
        return cast(Invitation, notice.about).session.get_absolute_url()

    def example(self, *, language: str, now: datetime) -> Notice:
        session = example_session(now=now, audience=Audience.INVITED)
        reader = invented_person(language)
        invitation = Invitation.objects.create(session=session, person=reader, invited_at=now)
        return queued(SessionInvited, to=reader, about=invitation, now=now)

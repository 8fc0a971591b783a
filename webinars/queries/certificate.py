"""What a certificate of attendance says."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webinars.certificates import CertificateFacts
from webinars.facts import facts_of
from webinars.models import Certificate, Registration, Session


def certificate_facts(row: Certificate, registration: Registration) -> CertificateFacts:
    """In the active language, on the clock of the session, where it was."""
    session = registration.session
    facts = facts_of(session)
    place = ", ".join(part for part in (facts.place.words, facts.town) if part)
    return CertificateFacts(
        name=row.name,
        session=facts.title.words,
        when=_("%(day)s, %(begins)s–%(ends)s %(city)s (%(zone)s)")
        % {
            "day": facts.clock.day,
            "begins": facts.clock.begins,
            "ends": facts.clock.ends,
            "city": facts.clock.city,
            "zone": facts.clock.zone,
        },
        attended=_duration(session),
        organisers=[name for name in (facts.organiser, *facts.hosts) if name],
        code=row.code,
        check_url=settings.SITE_URL + reverse("portal:certificate", args=[row.code]),
        issued_on=timezone.localtime(row.issued_at).date(),
        place=place if facts.is_onsite else "",
    )


def _duration(session: Session) -> str:
    minutes = round((session.ends_at - session.starts_at).total_seconds() / 60)
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}

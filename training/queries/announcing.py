"""Who would be told of a course."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from directory.models import Claim
from notifications.models import Notice
from partnerships.models import Partnership, PartnershipSide, SideContact
from training.models import Course, Enrolment


def people_to_tell(course: Course, *, kind: str) -> QuerySet[User]:
    """Everybody with an account who looks after a partnership, as `people_of` of partnerships means it: the contacts
    of a side, or who speaks for its municipality where it has none. Without who takes part or has taken part, and
    without whom a notice of `kind` has told of the course before. Invented partnerships belong to invented courses.
    """
    partnerships = Partnership.objects.filter(is_demo=course.is_demo).exclude(status=Partnership.Status.ENDED)
    contacts = SideContact.objects.current().filter(side__partnership__in=partnerships).exclude(person=None)
    alone = PartnershipSide.objects.filter(
        ~Exists(SideContact.objects.current().filter(side=OuterRef("pk"))), partnership__in=partnerships
    ).exclude(municipality=None)
    speakers = Claim.objects.accepted().filter(municipality__in=alone.values("municipality"))
    told = Notice.objects.filter(
        kind=kind, about_type=ContentType.objects.get_for_model(Course), about_id=course.pk
    )
    return (
        User.objects.filter(Q(pk__in=contacts.values("person")) | Q(pk__in=speakers.values("person")))
        .filter(is_active=True)
        .exclude(pk__in=Enrolment.objects.filter(course=course).values("person"))
        .exclude(pk__in=told.exclude(recipient=None).values("recipient"))
        .order_by("pk")
    )

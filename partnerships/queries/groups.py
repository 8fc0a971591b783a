"""The closed group of a partnership, for those who belong to it."""

from discussions.choices import Belonging
from discussions.models import Membership
from partnerships.models import Partnership


def membership_in_group(partnership: Partnership, person: object) -> Membership | None:
    """Of who is in it or invited; None for everybody else, as where there is no group."""
    rows = Membership.objects.filter(
        group__partnership=partnership,
        person=getattr(person, "pk", None),
        state__in=(Belonging.ACTIVE, Belonging.INVITED),
    )
    return rows.select_related("group").first()

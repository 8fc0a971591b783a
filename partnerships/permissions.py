"""Who may do what with a partnership."""

from partnerships.models import Partnership


def can_view(person: object, partnership: Partnership) -> bool:
    """What everybody may read, and for the office also what is not published."""
    if partnership.published_at is not None:
        return True
    return bool(getattr(person, "is_staff", False) and person.has_perm("partnerships.view_partnership"))  # type: ignore[attr-defined]

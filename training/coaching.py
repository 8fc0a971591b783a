"""Who coaches. Being of the office opens no strategy: not even a superuser reads a draft (docs/decisions/0034)."""

from typing import Any

from directory.operating import OperatingRole


def is_coach(person: Any) -> bool:
    """Of either operating organisation: both see the same (mission.md E4)."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return False
    return bool(person.groups.filter(name=OperatingRole.COACH).exists())

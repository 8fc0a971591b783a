"""Who belongs to a strategy, and who is asked about it."""

from accounts.models import User
from directory.operating import OperatingRole
from partnerships.queries.readers import people_of
from training.coaching import is_coach
from training.models import Strategy


def team_of(strategy: Strategy) -> list[User]:
    """Everybody with an account who looks after a side of the partnership."""
    sides = strategy.partnership.sides.select_related("municipality", "region")
    return list({person.pk: person for side in sides for person in people_of(side)}.values())


def all_coaches() -> list[User]:
    return list(User.objects.filter(is_active=True, groups__name=OperatingRole.COACH).order_by("pk"))


def coaches_for(strategy: Strategy) -> list[User]:
    """Who has taken it on; before, and when that person coaches no more, all. Nobody answers to the own partnership."""
    team = {person.pk for person in team_of(strategy)}
    coach = strategy.coach
    if coach is not None and coach.pk not in team and is_coach(coach):
        return [coach]
    return [person for person in all_coaches() if person.pk not in team]

"""What readers may set apart among notices of posts: each of their groups."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from discussions.models import Group
from notifications.scopes import register_scopes


def _groups_of(person: User) -> Iterator[tuple[str, str]]:
    for group in Group.objects.of(person):
        yield f"group:{group.pk}", group.name


register_scopes("group", title=_("Groups"), of=_groups_of)

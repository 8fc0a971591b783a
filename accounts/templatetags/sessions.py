"""`{{ session.user_agent|browser }}`: "Firefox on Linux" instead of the header; `{{ session|address }}`."""

from allauth.usersessions.models import UserSession
from django import template
from django.utils.translation import gettext as _

from accounts.queries import address_of, browser_of

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    found = browser_of(user_agent)
    if found.name and found.system:
        return _("%(browser)s on %(system)s") % {"browser": found.name, "system": found.system}
    return found.name or found.system or _("Unknown browser")


@register.filter
def address(session: UserSession) -> str:
    return address_of(session)

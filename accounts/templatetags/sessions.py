"""`{{ session.user_agent|browser }}`: "Firefox on Linux" instead of the header."""

from django import template
from django.utils.translation import gettext as _

from accounts.queries import browser_of

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    found = browser_of(user_agent)
    if found.name and found.system:
        return _("%(browser)s on %(system)s") % {"browser": found.name, "system": found.system}
    return found.name or found.system or _("Unknown browser")

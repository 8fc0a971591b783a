"""What the pages about one's own account show."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import texts
from accounts.models import User

NO_ADDRESS = "0.0.0.0"  # noqa: S104 -- a forgotten address; allauth's column takes no empty one

# Most browsers also claim to be those further down.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Browser:
    """A browser in words people know; empty where its header says nothing we understand."""

    name: str
    system: str


def browser_of(user_agent: str) -> Browser:
    def first(known: tuple[tuple[str, str], ...]) -> str:
        return next((word for sign, word in known if sign in user_agent), "")

    return Browser(first(_BROWSERS), first(_SYSTEMS))


def address_of(session: UserSession) -> str:
    """Where somebody signed in from; empty once it is forgotten."""
    return "" if session.ip == NO_ADDRESS else session.ip


def confirmed_addresses(person: User) -> set[str]:
    """The addresses of which the person has shown that they reach them, in lower case."""
    rows = EmailAddress.objects.filter(user=person, verified=True)
    return {email.lower() for email in rows.values_list("email", flat=True)}


def account_facts(person: User) -> list[tuple[str, str]]:
    """Pairs of words and values: what we hold beside the details the person can change on the page."""
    accepted = person.consents.filter(text=texts.TERMS).first()
    has_factor = Authenticator.objects.filter(user=person).exists()
    day = "DATE_FORMAT"
    facts = [
        (_("E-mail address"), person.email),
        (_("Account since"), formats.date_format(timezone.localtime(person.joined_at), day)),
        (_("Second factor"), _("set up") if has_factor else _("not set up")),
    ]
    if accepted:
        values = {
            "number": accepted.version,
            "day": formats.date_format(timezone.localtime(accepted.accepted_at), day),
        }
        facts.append((_("Terms of use"), _("version %(number)s, accepted on %(day)s") % values))
    return facts


def staff_with(right: str) -> QuerySet[User]:
    """People of the office with a right ("directory.change_municipality"), granted or by a group; superusers too."""
    app, _, codename = right.partition(".")
    direct = Q(user_permissions__codename=codename, user_permissions__content_type__app_label=app)
    by_group = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label=app)
    staff = User.objects.filter(is_active=True, is_staff=True)
    return staff.filter(Q(is_superuser=True) | direct | by_group).distinct()

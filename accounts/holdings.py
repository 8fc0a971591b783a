"""What accounts and the packages around it store about a person: exported and erased here."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from accounts.models import Consent, SpokenLanguage, User
from accounts.personal_data import Rows, as_date, register
from accounts.queries import address_of

NOBODY = "erased"


def _export_person(person: User) -> Rows:
    return [
        {
            "email": person.email,
            "display_name": person.display_name,
            "name_visibility": person.name_visibility,
            "language": person.language,
            "time_zone": person.time_zone,
            "joined_at": as_date(person.joined_at),
            "last_sign_in_at": as_date(person.last_login),
            "welcome_closed_at": as_date(person.welcome_closed_at),
            "is_staff": person.is_staff,
        }
    ]


def _erase_person(person: User) -> None:
    person.email = f"erased-{person.pk}@erased.invalid"
    person.display_name = ""
    person.name_visibility = User._meta.get_field("name_visibility").get_default()
    person.language = User._meta.get_field("language").get_default()
    person.time_zone = User._meta.get_field("time_zone").get_default()
    person.last_login = person.welcome_closed_at = None
    person.set_unusable_password()
    person.is_active = person.is_staff = person.is_superuser = False
    person.save()


def _export_groups(person: User) -> Rows:
    return [{"group": name} for name in person.groups.values_list("name", flat=True)]


def _export_permissions(person: User) -> Rows:
    return [
        {"permission": codename} for codename in person.user_permissions.values_list("codename", flat=True)
    ]


def _export_addresses(person: User) -> Rows:
    rows = EmailAddress.objects.filter(user=person).order_by("pk")
    return [{"email": row.email, "verified": row.verified, "primary": row.primary} for row in rows]


def _export_factors(person: User) -> Rows:
    """Not the secrets: whoever gets hold of the export must not be able to sign in with it."""
    return [
        {
            "type": row.type,
            "name": str(row.data.get("name", "")),
            "created_at": as_date(row.created_at),
            "last_used_at": as_date(row.last_used_at),
        }
        for row in Authenticator.objects.filter(user=person).order_by("pk")
    ]


def _export_sessions(person: User) -> Rows:
    return [
        {"started_at": as_date(row.created_at), "ip": address_of(row), "browser": row.user_agent}
        for row in UserSession.objects.filter(user=person).order_by("pk")
    ]


def _export_languages(person: User) -> Rows:
    return [{"language": row.language, "level": row.level} for row in person.spoken_languages.order_by("pk")]


def _export_consents(person: User) -> Rows:
    return [
        {
            "text": row.text,
            "version": row.version,
            "language": row.language,
            "accepted_at": as_date(row.accepted_at),
        }
        for row in person.consents.order_by("accepted_at")
    ]


def _export_log(person: User) -> Rows:
    """What the person did in the office, and what the office did to the person; not by whom."""
    by_person = [
        {"at": as_date(row.action_time), "done": row.get_action_flag_display(), "object": row.object_repr}
        for row in LogEntry.objects.filter(user=person).order_by("action_time")
    ]
    about_person = [
        {"at": as_date(row.action_time), "done": row.get_action_flag_display(), "object": "this account"}
        for row in LogEntry.objects.filter(_about(person)).order_by("action_time")
    ]
    return by_person + about_person


def _erase_log(person: User) -> None:
    """The trail of the office stays; names and addresses in it go."""
    named = Q(object_repr__icontains=person.email) | Q(change_message__icontains=person.email)
    LogEntry.objects.filter(_about(person) | named).update(object_repr=NOBODY, change_message="")


def _about(person: User) -> Q:
    return Q(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))


register(User, export=_export_person, erase=_erase_person)
register(User.groups.through, export=_export_groups, erase=lambda person: person.groups.clear())
register(
    User.user_permissions.through,
    export=_export_permissions,
    erase=lambda person: person.user_permissions.clear(),
)
register(
    EmailAddress,
    export=_export_addresses,
    erase=lambda person: EmailAddress.objects.filter(user=person).delete(),
)
register(
    Authenticator,
    export=_export_factors,
    erase=lambda person: Authenticator.objects.filter(user=person).delete(),
)
register(
    UserSession,
    export=_export_sessions,
    erase=lambda person: UserSession.objects.filter(user=person).delete(),
)
register(
    SpokenLanguage,
    export=_export_languages,
    erase=lambda person: person.spoken_languages.all().delete(),
)
register(Consent, export=_export_consents, erase=lambda person: person.consents.all().delete())
register(LogEntry, export=_export_log, erase=_erase_log)

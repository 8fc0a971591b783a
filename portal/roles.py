"""What each role of the operating organisations may do in the office: groups of Django's, written by `load_roles`.

A right stands here or nowhere: whoever needs another one gets it by a change of this table, for everybody of the role.
tests/portal/test_roles.py holds the whole matrix, role by role and page by page of the admin.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from directory.operating import OperatingRole

OUR_APPS = (
    "accounts",
    "directory",
    "discussions",
    "notifications",
    "partnerships",
    "portal",
    "training",
    "webinars",
)
EVERYTHING = frozenset({"*"})
"""All rights on what our apps store; not those on Django's groups, which would be rights to give rights."""


def _may(what: str, *models: str) -> frozenset[str]:
    """_may("view change", "portal.page") is {"portal.view_page", "portal.change_page"}."""
    pairs = [model.split(".") for model in models]
    return frozenset(f"{app}.{verb}_{name}" for app, name in pairs for verb in what.split())


_PLACES = ("directory.country", "directory.region", "directory.municipality", "directory.topic")
_SESSIONS = ("webinars.session", "webinars.host", "webinars.reminderplan", "webinars.invitation")
_LESSONS = (
    "training.module",
    "training.lesson",
    "training.question",
    "training.answer",
    "training.checklistitem",
    "training.selfcheckquestion",
)
_AFTER_SESSIONS = ("webinars.certificate", "webinars.feedback", "webinars.hostmail", "webinars.material")

ROLES: dict[OperatingRole, frozenset[str]] = {
    # Works on the pages: groups, courses, strategies.
    OperatingRole.COACH: frozenset(),
    # Writes: pages, banner, texts of towns and organisations.
    OperatingRole.EDITOR: _may("view", *_PLACES, "directory.organisation", "partnerships.partnership")
    | _may("add change delete", "portal.announcement")
    | _may("add change", "portal.page")
    | _may("view", "portal.announcement", "portal.page", "portal.pageversion")
    | _may("change", "directory.municipality", "directory.topic", "directory.organisation")
    | _may("view add change delete", "directory.municipalityname", "directory.profiletext")
    | _may("change", "partnerships.partnership")
    | _may("view delete", "partnerships.document")
    | _may("view change", "directory.entryreport")
    | _may("view change", *_LESSONS)
    # Who may not make sessions changes only their texts (webinars/admin/sessions.py).
    | _may("view", *_SESSIONS, "webinars.material")
    | _may("change", "webinars.session", "webinars.reminderplan"),
    # Runs courses and needs to know who works with whom.
    OperatingRole.COURSE_LEAD: _may(
        "view", *_PLACES, "directory.organisation", "directory.membership", "partnerships.partnership"
    )
    | _may("view add change", *_SESSIONS)
    | _may("delete", "webinars.host", "webinars.reminderplan", "webinars.material")
    | _may("view change", "webinars.registration")
    | _may("view", *_AFTER_SESSIONS)
    | _may("view add change", "training.course")
    | _may("view change", *_LESSONS)
    | _may("view", "training.enrolment")
    | _may("view add change delete", "training.coursesession")
    | _may("view add change", "training.coursecertificate")
    | _may("view add", "training.coursemail")
    | _may("view add delete", "training.courseinvitation")
    # Which groups there are, and who coaches them; not what is said in them (docs/decisions/0031).
    | _may("view", "discussions.group"),
    # Decides: reports, claims, requests, publication.
    OperatingRole.MODERATOR: _may(
        "view", *_PLACES, "directory.contactmessage", "notifications.notice", "notifications.mailstop"
    )
    | _may(
        "view change",
        "directory.claim",
        "directory.entryreport",
        "directory.membership",
        "directory.organisation",
        "directory.organisationinvitation",
        "directory.profiletext",
        "discussions.report",
        "partnerships.partnership",
        "partnerships.correction",
        "partnerships.partnershipside",
        "partnerships.sideinvitation",
    )
    | _may("view change delete", "partnerships.chronicleentry", "partnerships.actor")
    | _may("view delete", "partnerships.document")
    | _may("view", "partnerships.change", "partnerships.sidecontact")
    | _may("view", *_SESSIONS, *_AFTER_SESSIONS),
    OperatingRole.ADMINISTRATOR: EVERYTHING,
}


@transaction.atomic
def load_roles() -> None:
    """Write the groups as they stand above. Run at every start: what was added by hand goes, who is in them stays.

    KeyError for a right that no model has.
    """
    ours = Permission.objects.filter(content_type__app_label__in=OUR_APPS).select_related("content_type")
    known = {f"{right.content_type.app_label}.{right.codename}": right for right in ours}
    for role, names in ROLES.items():
        group, _is_new = Group.objects.get_or_create(name=role.value)
        rights = known.values() if names == EVERYTHING else [known[name] for name in names]
        group.permissions.set(rights)

"""What the portal stores about a person: who saved which version of a page."""

from accounts.models import User
from accounts.personal_data import Rows, as_date, register
from portal.models import PageVersion


def _export_versions(person: User) -> Rows:
    return [
        {"page": version.page.slug, "version": version.number, "saved_at": as_date(version.saved_at)}
        for version in PageVersion.objects.filter(saved_by=person).select_related("page")
    ]


def _forget_editor(person: User) -> None:
    """The words stay: they were in force. Who saved them is forgotten."""
    PageVersion.objects.filter(saved_by=person).update(saved_by=None)


register(PageVersion, export=_export_versions, erase=_forget_editor)

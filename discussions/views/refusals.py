"""Why a post could not be sent, said above the form that keeps its text."""

from typing import Any

from django.utils.translation import gettext as _

from core import files
from discussions.actions import talk
from discussions.actions.drafts import TooManyFiles
from discussions.actions.groups import NotAllowed
from discussions.forms.writing import too_many_files
from discussions.models import Group

REFUSALS = (NotAllowed, talk.TooFast, talk.NothingSaid, TooManyFiles, files.CannotBeKept)


def say_why(form: Any, group: Group, refusal: Exception) -> int:
    """What is wrong, above the form that keeps its text; the status of the page."""
    if isinstance(refusal, NotAllowed):
        form.add_error(None, _why_not_allowed(group))
        return 409 if group.is_archived else 403
    if isinstance(refusal, talk.TooFast):
        form.add_error(
            None,
            _(
                "You have written many posts in the last hour. Your text is kept. Please send it a little later."
            ),
        )
        return 429
    if isinstance(refusal, talk.NothingSaid):
        form.add_error("text", _("Please write something, or add a file."))
    elif isinstance(refusal, TooManyFiles):
        form.add_error("files", too_many_files())
    else:
        form.add_error("files", _("The files could not be kept. Please try again later."))
    return 422


def _why_not_allowed(group: Group) -> str:
    if group.is_archived:
        return _(
            "This group is archived. It can be read, but nobody can write in it. Your text is kept here."
        )
    return _("You cannot write this here, or not any more. Your text is kept here so that you can copy it.")

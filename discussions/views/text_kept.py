"""A long text is not lost because its writer was signed out meanwhile, or in again in another window.

Django answers such a form with the sign-in page, or with 403 for its old token, and forgets what was typed. Here the
text is shown again, with a button to send it once more. Nothing is written before the form comes with a valid token.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core import files
from discussions.actions import talk
from discussions.actions.drafts import TooManyFiles
from discussions.actions.groups import NotAllowed
from discussions.forms.writing import too_many_files
from discussions.models import Group

View = Callable[..., HttpResponse]
REFUSALS = (NotAllowed, talk.TooFast, talk.NothingSaid, TooManyFiles, files.CannotBeKept)


class _Check(CsrfViewMiddleware):
    """Django's own check, asked for its answer instead of its page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def keeps_text(view: View) -> View:
    """For signed-in people, like `login_required`; checks the token itself."""
    check = _Check(lambda request: HttpResponse())

    # Exempt only from the page Django would answer with: the same check follows below.
    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            is_in = request.user.is_authenticated
            return view(request, *args, **kwargs) if is_in else redirect_to_login(request.get_full_path())
        check.process_request(request)
        if not request.user.is_authenticated or check.process_view(request, view, (), {}):
            return _once_more(request)
        return view(request, *args, **kwargs)

    return answer


def _once_more(request: HttpRequest) -> HttpResponse:
    """What was sent, in a form that sends the same; only files cannot be in it."""
    others = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("text", "csrfmiddlewaretoken", "preview")
        for value in values
    ]
    context = {
        "text": request.POST.get("text", ""),
        "others": others,
        "action_url": request.get_full_path(),
        "had_files": bool(request.FILES),
    }
    return render(request, "discussions/signed_out.html", context, status=403)


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

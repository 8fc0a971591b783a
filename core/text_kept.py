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
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]
NOT_SENT_AGAIN = ("csrfmiddlewaretoken", "preview")
A_TEXT = 40
"""From so many characters on a value is shown, to be read and changed; shorter ones come along unseen."""


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
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_SENT_AGAIN
        for value in values
    ]
    texts = [pair for pair in sent if _is_text(*pair)]
    context = {
        "texts": texts,
        "others": [pair for pair in sent if not _is_text(*pair)],
        "action_url": request.get_full_path(),
        "had_files": bool(request.FILES),
    }
    return render(request, "text_kept.html", context, status=403)


def _is_text(name: str, value: str) -> bool:
    return name == "text" or (name != "base_version" and len(value) >= A_TEXT)

"""A form sent twice, by which whoever sent it has lost the page itself."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.form_keys import led_to


def same_answer_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that are no longer there for whoever has sent them: who leaves twice has left.

    Asked after the refusal, so that of simultaneous POSTs each sees what the first one did.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Http404, PermissionDenied):
            if request.method == "POST" and (address := led_to(request)):
                return redirect(address)
            raise

    return answer

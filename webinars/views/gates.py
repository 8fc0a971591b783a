"""Who comes in: what one may not see does not exist."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from accounts.models import User
from webinars.models import Registration, Session
from webinars.queries.one import own_registration, session_rows


def seen(request: HttpRequest, slug: str) -> Session:
    return get_object_or_404(session_rows(Session.objects.visible_to(request.user)), slug=slug)


def own(request: HttpRequest, session: Session) -> Registration:
    """The reader's own registration that still counts."""
    row = own_registration(session, request.user)
    if row is None:
        raise Http404
    return row


def person_of(request: HttpRequest) -> User:
    """Behind `login_required`."""
    return cast(User, request.user)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing ticked is sent, too."""
    return request.POST if request.method == "POST" else None


def refused(
    request: HttpRequest, session: Session, *, title: str, text: str, status: int = 409
) -> HttpResponse:
    """A page that says why something was not done, and that nothing was."""
    context = {"session": session, "title": title, "text": text}
    return render(request, "webinars/refused.html", context, status=status)

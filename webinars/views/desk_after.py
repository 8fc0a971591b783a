"""What comes with and after a session: its files, the recording, and what people thought of it."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core.csv import csv_lines
from core.files import CannotBeKept
from core.form_keys import key_for, once
from core.limits import within_limit
from webinars import actions
from webinars.choices import State
from webinars.doors import recordings_of
from webinars.facts import clock
from webinars.forms.desk import MaterialForm, RecordingForm
from webinars.models import Material, Session
from webinars.queries import desk as queries
from webinars.rooms import RoomDown, RoomProblem, RoomSlow
from webinars.views.desk import csv_file, editable, head_of, hosted, sent

MOST_UPLOADS = 300
"""By one person in a day."""


class TooManyUploads(Exception):
    """More than MOST_UPLOADS."""


@login_required
@require_http_methods(["GET", "POST"])
def materials(request: HttpRequest, slug: str) -> HttpResponse:
    """`?remove=5` asks before the file with this number is deleted."""
    session = editable(request, slug)
    person = cast(User, request.user)
    address = reverse("webinars:materials", args=[session.slug])
    if "remove" in request.POST:
        row = _material(session, person, request.POST["remove"])
        if row is not None:
            actions.delete_material(material=row, by=person)
        messages.success(request, _("The file is deleted."))
        return redirect(address)
    going = _material(session, person, request.GET.get("remove", ""))
    if going is not None:
        return render(request, "webinars/desk_material_delete.html", {**head_of(session), "material": going})
    form = MaterialForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _keep(form, session, person, address)
        if status == 302:
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.cleaned_data["title_de"]})
            return redirect(address)
    rows = Material.objects.visible_to(person).filter(session=session).order_by("uploaded_at", "pk")
    context = {**head_of(session), "rows": rows, "form": form}
    return render(request, "webinars/desk_materials.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def recording(request: HttpRequest, slug: str) -> HttpResponse:
    """`?look=1` asks the room's server what it has; `&url=…` puts one of what it has into the form."""
    session = editable(request, slug)
    person = cast(User, request.user)
    address = reverse("webinars:recording", args=[session.slug])
    if "withdraw" in request.POST:
        actions.withdraw_recording(session=session, by=person)
        messages.success(request, _("The recording is no longer shown."))
        return redirect(address)
    form = RecordingForm(sent(request), session=session)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        key = key_for(data["key"], data["url"], data["transcript"])
        address = once(key, lambda: _publish(session, data, person))
        messages.success(request, _("The recording is published with its transcript."))
        return redirect(address)
    may_look = session.room == Session.RoomKind.BBB and _is_over(session)
    looked = _looked(request, session) if may_look else {}
    if looked.get("chosen"):
        form.initial["url"] = looked["chosen"]
    context = {**head_of(session), "form": form, "may_look": may_look, **looked}
    return render(request, "webinars/desk_recording.html", context)


@login_required
@require_safe
def feedback_results(request: HttpRequest, slug: str) -> HttpResponse:
    session = hosted(request, slug)
    questions = queries.feedback_questions(session)
    context = {
        **head_of(session),
        "number": session.feedback.count(),
        "fewest": queries.FEWEST_ANSWERS,
        "questions": questions,
        "texts": queries.feedback_texts(session) if questions else [],
    }
    return render(request, "webinars/desk_feedback.html", context)


@login_required
@require_safe
def export_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Headings only where there are too few answers to hide who gave them."""
    session = hosted(request, slug)
    rows = list(queries.feedback_rows(session))
    rows = rows if len(rows) >= queries.FEWEST_ANSWERS else []
    table = "".join(csv_lines(queries.feedback_headings(), rows))
    return csv_file(table, pgettext("name of a file", "feedback"), session)


def _keep(form: MaterialForm, session: Session, person: User, address: str) -> int:
    """302 when the file is kept; else the form says why not, and this is the status of the answer."""
    data = form.cleaned_data
    upload = data["upload"]

    def add() -> str:
        if not within_limit("upload", str(person.pk), most=MOST_UPLOADS, each=timedelta(days=1)):
            raise TooManyUploads
        said = {name: data[name] for name in ("kind", "title_de", "title_en", "access")}
        actions.add_material(session=session, upload=upload, by=person, now=timezone.now(), **said)
        return address

    try:
        # Another file, or other words about it, are another act: people go back and choose the next one.
        once(key_for(data["key"], upload.name, upload.size, data["kind"], data["title_de"]), add)
    except actions.TooManyFiles:
        form.add_error(None, _("There are as many files here as there may be. Please delete some first."))
        return 409
    except TooManyUploads:
        form.add_error(None, _("You have uploaded many files today. Please go on tomorrow."))
        return 429
    except CannotBeKept:
        form.add_error(None, _("The file could not be kept just now. Please try again later."))
        return 503
    return 302


def _is_over(session: Session) -> bool:
    return session.state == State.PUBLISHED and timezone.now() >= session.ends_at


def _looked(request: HttpRequest, session: Session) -> dict[str, Any]:
    """What the server has, or that it does not tell (`found` is None); `chosen` only if it is among that.

    Nothing when the form was sent: its answer must not wait for another server.
    """
    if request.method != "GET" or request.GET.get("look") != "1":
        return {}
    try:
        found = [each for each in recordings_of(session) if each.url.startswith("https://")]
    except RoomProblem as trouble:
        helps_waiting = isinstance(trouble, RoomDown | RoomSlow)
        return {"has_looked": True, "found": None, "helps_waiting": helps_waiting}
    asked_for = request.GET.get("url", "")
    chosen = asked_for if asked_for in {each.url for each in found} else ""
    rows = [
        {
            "url": each.url,
            "minutes": each.minutes,
            "clock": clock(each.starts_at, each.starts_at, session.zone),
            "choose": "?" + urlencode({"look": "1", "url": each.url}) + "#id_url",
            "is_chosen": each.url == chosen,
        }
        for each in found
    ]
    return {"has_looked": True, "found": rows, "chosen": chosen}


def _publish(session: Session, data: dict[str, Any], person: User) -> str:
    actions.publish_recording(
        session=session, url=data["url"], transcript=data["transcript"], by=person, now=timezone.now()
    )
    return reverse("webinars:recording", args=[session.slug])


def _material(session: Session, person: User, number: str) -> Material | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    return Material.objects.visible_to(person).filter(session=session, pk=int(number)).first()

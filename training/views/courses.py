"""What everybody finds: the courses, one course, its pictures; and enrolling."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from training.actions import taking_part
from training.curriculum_files import FOLDER
from training.enrolling import is_enrolment_open
from training.forms.taking_part import EnrolForm
from training.models import Course, Enrolment
from training.permissions import can_see_everything, enrolment_of
from training.queries import finishing, reading, selfcheck
from training.views.gates import NotInside, course_of, person_of

View = Callable[..., HttpResponseBase]


def inside(view: View) -> View:
    """For signed-in people; who takes no part is sent to the page of the course, where one enrols."""

    @login_required
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotInside as outside:
            messages.info(request, _("Lessons are open to everybody who takes part in the course."))
            return redirect(outside.course)

    return opened


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    rows = reading.courses_for(request.user, now=timezone.now(), demo=settings.SHOW_DEMO)
    return render(request, "training/list.html", {"rows": rows})


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    found = course_of(request, slug)
    enrolment = enrolment_of(request.user, found)
    outline = reading.outline_of(found, enrolment)
    context = {
        "course": found,
        "enrolment": enrolment,
        "outline": outline,
        "ending": _ending(found, enrolment, outline) if enrolment else None,
        "group": reading.group_of(found, request.user) if enrolment else None,
        "may_read": enrolment is not None or can_see_everything(request.user),
        "is_open": is_enrolment_open(found, now=timezone.now()),
        "breadcrumb": [*way_to(found)[:-1], (found.title, "")],
    }
    return render(request, "training/course.html", context)


def _ending(found: Course, enrolment: Enrolment, outline: reading.Outline) -> dict[str, Any]:
    """What is still missing, the certificate, the self-check."""
    is_finished = enrolment.finished_at is not None
    return {
        "missing": [] if is_finished else finishing.missing_of(enrolment, found, outline),
        "selfcheck": selfcheck.offer_of(enrolment, outline),
        "certificate": finishing.certificate_of(enrolment) if is_finished else None,
    }


@login_required
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    found, person = course_of(request, slug), person_of(request)
    form = EnrolForm(request.POST if request.method == "POST" else None, person=person)
    if row := enrolment_of(person, found):
        if form.is_valid() and form.cleaned_data.get("partnership", row.partnership) != row.partnership:
            messages.warning(
                request, _("You take part already. What you have just chosen does not change that.")
            )
        return redirect(found)
    if request.method == "POST" and form.is_valid():
        try:
            partnership = form.cleaned_data.get("partnership")
            taking_part.enrol(course=found, by=person, partnership=partnership, now=timezone.now())
        except taking_part.NotOpen:
            form.add_error(None, _("Nobody can enrol at the moment."))
        except taking_part.Full:
            form.add_error(None, _("All seats are taken."))
        else:
            messages.success(request, _("You take part. The first lesson takes ten minutes."))
            return redirect(found)
    context = {
        "course": found,
        "form": form,
        "is_open": is_enrolment_open(found, now=timezone.now()),
        "breadcrumb": [*way_to(found), (_("Take part"), "")],
    }
    return render(request, "training/enrol.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    found = course_of(request, slug)
    enrolment = enrolment_of(request.user, found)
    if enrolment is None:
        return redirect("training:list")
    if request.method == "POST":
        taking_part.leave(enrolment=enrolment, now=timezone.now())
        messages.success(request, _("You do not take part any more. What you have done is kept."))
        return redirect("training:list")
    context = {
        "course": found,
        "group": reading.group_of(found, request.user),
        "breadcrumb": [*way_to(found), (_("Stop taking part"), "")],
    }
    return render(request, "training/leave.html", context)


@require_safe
def picture(request: HttpRequest, folder: str, name: str) -> FileResponse:
    """A drawing of the curriculum's folder; they belong to texts anybody may read in the source."""
    path = FOLDER / folder / "images" / f"{name}.svg"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/svg+xml")


def way_to(found: Course) -> list[tuple[str, str]]:
    return [(_("Courses"), reverse("training:list")), (found.title, found.get_absolute_url())]

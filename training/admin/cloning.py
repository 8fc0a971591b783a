"""A course again with new dates: first what would be, then the copy."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.form_keys import led_to, once
from core.wall_time import wall_of
from core.zone_words import city_of
from training.actions import cloning
from training.admin.office import by, course_at, shown
from training.forms.office import CloneForm
from training.models import Course
from training.queries.courses import Dated, dates_of


@dataclass(frozen=True, slots=True)
class Moved:
    """A date of the course as it is and as it would be: wall times, and in which city."""

    what: str
    before: datetime
    after: datetime
    zone: str


def clone_page(request: HttpRequest, object_id: str) -> HttpResponse:
    course = course_at(object_id)
    if request.method == "POST" and (address := led_to(request)):
        # Its address is taken now – by the copy it has made.
        return redirect(address)
    dates = dates_of(course)
    form = CloneForm(request.POST if request.method == "POST" else None, course=course, dates=dates)
    if form.is_valid() and "copy" in request.POST:
        try:
            return redirect(once(form.cleaned_data["key"], lambda: _clone(request, course, form)))
        except cloning.AddressTaken:
            form.add_error("slug", _("There is a course at this address."))
    moved = _moved(course, dates, form.days) if not form.errors else []
    context = {
        "form": form,
        "course": course,
        "moved": moved,
        "is_looked_at": form.is_bound and not form.errors,
    }
    status = 422 if form.errors else 200
    return shown(request, "clone", title=_("Copy with new dates"), status=status, **context)


def _clone(request: HttpRequest, course: Course, form: CloneForm) -> str:
    said = form.cleaned_data
    titles = {name: said[name] for name in ("title_de", "title_en")}
    made = cloning.clone_course(
        course=course, slug=said["slug"], titles=titles, shift=form.days, by=by(request), now=timezone.now()
    )
    LogEntry.objects.log_actions(
        by(request).pk, [made], ADDITION, f"copied from {course.slug}", single_object=True
    )
    messages.success(request, _("The course is copied. It is a draft, and so are its dates."))
    return reverse("admin:training_course_change", args=[made.pk])


def _moved(course: Course, dates: list[Dated], days: int) -> list[Moved]:
    enrolment = ((_("Enrolment opens"), course.enrol_from), (_("Enrolment closes"), course.enrol_until))
    found = []
    for what, moment in enrolment:
        after = cloning.shifted(moment, days)
        if moment is not None and after is not None:
            office = timezone.get_default_timezone_name()
            found.append(Moved(what, wall_of(moment, office), wall_of(after, office), city_of(office)))
    return [*found, *(Moved(one.title, one.after(0), one.after(days), city_of(one.zone)) for one in dates)]

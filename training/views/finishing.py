"""The end of a course: its certificate, and the self-check before and after."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from training.actions import finishing as actions
from training.actions.selfcheck import NotNow, answer_selfcheck
from training.certificates import course_certificate_pdf
from training.choices import Moment
from training.forms.finishing import CertificateForm, SelfCheckForm
from training.models import Course, Enrolment
from training.permissions import enrolment_of
from training.queries import finishing, selfcheck
from training.queries.certificate import course_facts
from training.queries.reading import outline_of
from training.views.courses import inside, way_to
from training.views.gates import course_of, person_of, seat_of

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@GET_OR_POST
def certificate(request: HttpRequest, slug: str) -> HttpResponse:
    """A form asks for the name and issues it; from then on the page leads to the paper."""
    found, person = course_of(request, slug), person_of(request)
    enrolment = finishing.finished_enrolment(person, found)
    if enrolment is None:
        return _not_finished(request, found)
    row = finishing.certificate_of(enrolment)
    form = CertificateForm(
        request.POST if request.method == "POST" else None, initial={"name": person.display_name}
    )
    if request.method == "POST" and (row or form.is_valid()):
        if row is None:
            name = form.cleaned_data["name"]
            actions.issue_certificate(enrolment=enrolment, name=name, now=timezone.now())
        return redirect("training:certificate", slug)
    context = {
        "course": found,
        "certificate": row,
        "form": form,
        "breadcrumb": [*way_to(found), (_("Course certificate"), "")],
    }
    return render(request, "training/certificate.html", context, status=422 if form.errors else 200)


def _not_finished(request: HttpRequest, found: Course) -> HttpResponse:
    """The page of the course says what is missing; who takes no part has nothing to look for here."""
    if enrolment_of(request.user, found) is None:
        raise Http404
    messages.info(request, _("The certificate is there as soon as you have finished the course."))
    return redirect(found)


@login_required
@require_safe
def certificate_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Only what was issued, and not what was revoked."""
    enrolment = finishing.finished_enrolment(person_of(request), course_of(request, slug))
    row = finishing.certificate_of(enrolment) if enrolment else None
    if enrolment is None or row is None or row.revoked_at:
        raise Http404
    facts = course_facts(row, enrolment)
    content = course_certificate_pdf(facts, language=get_language() or settings.LANGUAGE_CODE)
    headers = {
        "Content-Disposition": f'attachment; filename="{row.code}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@inside
@GET_OR_POST
def self_check(request: HttpRequest, slug: str, moment: str) -> HttpResponse:
    """Ten questions, before or after; answering again replaces. The office looks and leaves nothing."""
    seat = seat_of(request, slug)
    questions = selfcheck.questions_of(seat.course)
    if moment not in Moment.values or not questions:
        raise Http404
    enrolment = seat.enrolment
    if enrolment and not selfcheck.is_open(moment, enrolment, outline_of(seat.course, enrolment)):
        messages.info(request, _not_now(moment))
        return redirect(seat.course)
    given = selfcheck.answers_of(enrolment, moment) if enrolment else {}
    form = SelfCheckForm(
        request.POST if request.method == "POST" else None,
        questions=questions,
        initial={f"question_{one.number}": given.get(one.pk) for one in questions},
    )
    if request.method == "POST" and form.is_valid():
        return _answered(request, seat.course, enrolment, moment, form)
    context = {
        "course": seat.course,
        "form": form,
        "is_after": moment == Moment.AFTER,
        "is_answered": bool(given),
        "compared": selfcheck.compared(enrolment) if enrolment and moment == Moment.AFTER else [],
        "headers": selfcheck.compared_headers(),
        "breadcrumb": [*way_to(seat.course), (_("Self-check"), "")],
    }
    return render(request, "training/self_check.html", context, status=422 if form.errors else 200)


def _answered(
    request: HttpRequest, course: Course, enrolment: Enrolment | None, moment: str, form: SelfCheckForm
) -> HttpResponse:
    if enrolment is not None:
        try:
            answer_selfcheck(enrolment=enrolment, moment=moment, values=form.values())
        except NotNow:  # half of the course was done in another window
            messages.info(request, _not_now(moment))
            return redirect(course)
        messages.success(request, _("Thank you. Your answers are kept."))
    if moment == Moment.AFTER:
        return redirect("training:self_check", course.slug, moment)
    return redirect(course)


def _not_now(moment: str) -> str:
    if moment == Moment.AFTER:
        return _("The self-check after the course opens when you have finished it.")
    return _("The self-check before the course closes when half of the steps are done.")

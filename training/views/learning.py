"""Inside a course: modules, lessons, quiz, checklist, the module on paper and in a file."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.markdown import to_html_with_pictures
from training.actions import taking_part
from training.forms.taking_part import QuizForm
from training.models import Course, Lesson, Module, Question
from training.queries import media, reading
from training.standalone import standalone
from training.views.courses import inside, way_to
from training.views.gates import module_of, seat_of


@inside
@require_safe
def module(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    seat = seat_of(request, slug)
    found = module_of(seat.course, number)
    outline = reading.outline_of(seat.course, seat.enrolment)
    context = {
        "course": seat.course,
        "enrolment": seat.enrolment,
        "part": next(part for part in outline.parts if part.module.pk == found.pk),
        "module": found,
        "checklist": reading.ticked(seat.enrolment, found),
        "strategy_url": reading.strategy_step(seat.enrolment, found),
        "breadcrumb": [*way_to(seat.course), (found.title, "")],
    }
    return render(request, "training/module.html", context)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, slug: str, number: int, lesson: int) -> HttpResponse:
    """POST marks it as done, or as open again, and goes on."""
    seat = seat_of(request, slug)
    parent = module_of(seat.course, number)
    found = Lesson.objects.filter(module=parent, number=lesson).select_related("module").first()
    if found is None:
        raise Http404
    outline = reading.outline_of(seat.course, seat.enrolment)
    address = reverse("training:lesson", args=(slug, number, lesson))
    before, after = reading.neighbours(outline, address)
    if request.method == "POST":
        is_done = request.POST.get("done") == "1"
        if seat.enrolment is not None:
            taking_part.mark_lesson(enrolment=seat.enrolment, lesson=found, done=is_done, now=timezone.now())
        return redirect(after.url if is_done and after else address)
    here = next((step for step in outline.steps if step.url == address), None)
    context = {
        "course": seat.course,
        "enrolment": seat.enrolment,
        "module": parent,
        "lesson": found,
        "text": text_of(found, parent),
        "video": media.video_of(found, slug),
        "downloads": media.downloads_of(found, slug),
        "is_done": here is not None and here.is_done,
        "before": before,
        "after": after,
        "outline": outline,
        "strategy_url": reading.strategy_step(seat.enrolment, parent),
        "breadcrumb": [*_way_to_module(seat.course, parent), (found.title, "")],
    }
    return render(request, "training/lesson.html", context)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Answers are explained, not counted: nothing of them is stored but that the quiz was done."""
    seat = seat_of(request, slug)
    found = module_of(seat.course, number)
    questions = list(Question.objects.filter(module=found).prefetch_related("answers"))
    if not questions:
        raise Http404
    form = QuizForm(request.POST if request.method == "POST" else None, questions=questions)
    explained: list[Any] = []
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        explained = [
            (question, [(answer, answer.pk in chosen) for answer in question.answers.all()])
            for question in questions
        ]
        if seat.enrolment is not None:
            taking_part.note_quiz(enrolment=seat.enrolment, module=found, now=timezone.now())
    outline = reading.outline_of(seat.course, seat.enrolment)
    context = {
        "course": seat.course,
        "module": found,
        "form": form,
        "explained": explained,
        "after": reading.neighbours(outline, reverse("training:quiz", args=(slug, number)))[1],
        "breadcrumb": [*_way_to_module(seat.course, found), (_("Quiz"), "")],
    }
    return render(request, "training/quiz.html", context, status=422 if form.errors else 200)


@inside
@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A GET comes from the sign-in page, where somebody was sent with the ticks: it leads to the module."""
    seat = seat_of(request, slug)
    found = module_of(seat.course, number)
    items = {
        int(one) for one in request.POST.getlist("item") if one.isascii() and one.isdigit() and len(one) < 12
    }
    if request.method == "POST" and seat.enrolment is not None:
        taking_part.tick(enrolment=seat.enrolment, module=found, items=items, now=timezone.now())
        messages.success(request, _("Your ticks are saved."))
    return redirect(f"{reverse('training:module', args=(slug, number))}#checklist")


@inside
@require_safe
def printed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A whole module on paper, in large type."""
    seat = seat_of(request, slug)
    found = module_of(seat.course, number)
    breadcrumb = [*_way_to_module(seat.course, found), (_("Print"), "")]
    return render(request, "training/print.html", {**whole(seat.course, found), "breadcrumb": breadcrumb})


@inside
@require_safe
def offline(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The same as one file in the reader's language, for who has no internet at home."""
    seat = seat_of(request, slug)
    found = module_of(seat.course, number)
    context = whole(seat.course, found)
    for row in context["lessons"]:
        row["text"] = standalone(row["text"])
    way = reverse("training:module", args=(slug, number))
    context |= {"now": timezone.now(), "address": settings.SITE_URL + way}
    answer = render(request, "training/offline.html", context)
    name = f"{slugify(str(found))}-{get_language()}.html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def whole(course: Course, found: Module) -> dict[str, Any]:
    """All that stands in a module. Five queries."""
    lessons = [
        {
            "lesson": row,
            "text": text_of(row, found),
            "video": media.video_of(row, course.slug),
            "downloads": media.downloads_of(row, course.slug),
        }
        for row in found.lessons.prefetch_related("files")
    ]
    return {
        "course": course,
        "module": found,
        "lessons": lessons,
        "questions": Question.objects.filter(module=found).prefetch_related("answers"),
        "checklist": reading.ticked(None, found),
    }


def text_of(row: Lesson, parent: Module) -> SafeString:
    pictures = reverse("training:picture", args=(f"m{parent.number:02}", "x")).removesuffix("x.svg")
    return mark_safe(to_html_with_pictures(row.text, pictures))  # noqa: S308 -- sanitized there


def _way_to_module(course: Course, found: Module) -> list[tuple[str, str]]:
    return [*way_to(course), (found.title, reverse("training:module", args=(course.slug, found.number)))]

"""The coaches' desk. For everybody else there is no such page."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.pagination import page_of
from training.actions import reminding
from training.coaching import is_coach
from training.queries import coaching as reading
from training.queries.coaching import Light
from training.queries.waiting import waiting
from training.views.gates import person_of, there

LIGHTS = (Light.RED, Light.AMBER, Light.GREEN)


def _coach(request: HttpRequest) -> User:
    person = person_of(request)
    if not is_coach(person):
        raise Http404
    return person


def _tabs(current: str) -> list[dict[str, object]]:
    names = (
        ("coaching", _("Waiting for an answer")),
        ("coaching_participants", _("Participants")),
        ("coaching_strategies", _("Strategies")),
        ("coaching_figures", _("Figures")),
    )
    tabs: list[dict[str, object]] = [
        {"label": label, "url": reverse(f"training:{name}"), "current": name == current}
        for name, label in names
    ]
    # The other desk of coaches: what is asked in the groups.
    return [
        *tabs,
        {"label": _("Questions in groups"), "url": reverse("discussions:coaching"), "current": False},
    ]


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    coach = _coach(request)
    rows = reading.queue_for(coach, demo=settings.SHOW_DEMO)
    page = page_of(rows, request.GET.get("page"), total=rows.count())
    context = {
        "tabs": _tabs("coaching"),
        "page": page,
        "page_query": "?",
        "rows": reading.queue_lines(list(page.object_list), coach, now=timezone.now()),
    }
    return render(request, "training/coaching/queue.html", context)


@login_required
@require_safe
def participants(request: HttpRequest) -> HttpResponse:
    """`?light=red` and `?course=slug` choose; without a light the most urgent one under which somebody is."""
    _coach(request)
    now = timezone.now()
    course = request.GET.get("course", "")
    waits = waiting(now=now)
    figures = reading.figures(now=now, demo=settings.SHOW_DEMO, waits=waits)
    light = _light_asked(request, figures, course)
    rows = reading.participants(course=course, light=light, now=now, demo=settings.SHOW_DEMO, waits=waits)
    total = _number(figures, light, course)
    page = page_of(rows.select_related("person", "course"), request.GET.get("page"), total=total)
    address = reverse("training:coaching_participants")
    context = {
        "tabs": _tabs("coaching_participants"),
        "page": page,
        "page_query": f"?{urlencode({'light': light, 'course': course})}&",
        "rows": reading.participant_lines(list(page.object_list), now=now, waits=waits),
        "lights": [
            {
                "label": _light_word(one),
                "url": f"{address}?{urlencode({'light': one, 'course': course})}",
                "current": one == light,
                "count": _number(figures, one, course),
            }
            for one in LIGHTS
        ],
        "courses": [
            (row.course.slug, row.course.title) for row in figures if row.course.state == "published"
        ],
        "course": course,
        "light": light,
    }
    return render(request, "training/coaching/participants.html", context)


def _light_word(light: Light) -> str:
    words = {Light.RED: _("Stuck"), Light.AMBER: _("Slow"), Light.GREEN: _("Getting on")}
    return words[light]


def _light_asked(request: HttpRequest, figures: list[reading.Figures], course: str) -> Light:
    asked = next((one for one in LIGHTS if one == request.GET.get("light")), None)
    return asked or next((one for one in LIGHTS if _number(figures, one, course)), Light.RED)


def _number(figures: list[reading.Figures], light: Light, course: str) -> int:
    of = {Light.RED: "stuck", Light.AMBER: "slow", Light.GREEN: "moving"}[light]
    running = [row for row in figures if row.course.state == "published" and course in ("", row.course.slug)]
    return sum(getattr(row, of) for row in running)


@login_required
@require_safe
def strategies(request: HttpRequest) -> HttpResponse:
    _coach(request)
    now = timezone.now()
    rows = reading.strategies(demo=settings.SHOW_DEMO, today=timezone.localdate(now))
    sides = rows.prefetch_related("partnership__sides__municipality", "partnership__sides__region")
    page = page_of(sides, request.GET.get("page"), total=rows.count())
    context = {
        "tabs": _tabs("coaching_strategies"),
        "page": page,
        "page_query": "?",
        "rows": reading.strategy_lines(list(page.object_list), now=now),
    }
    return render(request, "training/coaching/strategies.html", context)


@login_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    _coach(request)
    now = timezone.now()
    rows = reading.figures(now=now, demo=settings.SHOW_DEMO, waits=waiting(now=now))
    context = {"tabs": _tabs("coaching_figures"), "rows": rows}
    return render(request, "training/coaching/figures.html", context)


@login_required
@require_POST
def remind(request: HttpRequest, number: int) -> HttpResponse:
    """One click: a friendly mail with the next step, once in seven days at most."""
    coach = _coach(request)
    row = there(reading.enrolment_to_remind(number))
    name = {"name": row.person.shown_name}
    try:
        reminding.remind(enrolment=row, by=coach, now=timezone.now())
    except reminding.GetsOn:
        messages.info(request, _("%(name)s is getting on and needs no reminder.") % name)
    except reminding.RemindedAlready:
        messages.info(
            request, _("%(name)s was reminded less than seven days ago and gets no other mail.") % name
        )
    else:
        messages.success(request, _("%(name)s gets a friendly mail with the next step.") % name)
    back = reverse("training:coaching_participants")
    return redirect(f"{back}?{request.GET.urlencode()}" if request.GET else back)

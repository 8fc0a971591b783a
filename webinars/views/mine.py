"""My sessions, and the address my calendar reads them from."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.form_keys import once
from webinars import actions
from webinars.forms.registering import KeyForm
from webinars.links import feed_url
from webinars.permissions import can_create
from webinars.queries import mine as queries
from webinars.views.gates import person_of


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    feed = queries.feed_of(person)
    context = {
        "own": queries.own_sessions(person, now=now),
        "may_create": can_create(person),
        "feed_url": feed_url(feed) if feed else "",
        "form": KeyForm(),
        "breadcrumb": [(_("Sessions"), reverse("webinars:list")), (_("My sessions"), "")],
    }
    return render(request, "webinars/mine.html", context)


@login_required
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """A new address, or none any more; the old one stops working."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect("webinars:mine")
    return redirect(once(form.cleaned_data["key"], lambda: _change_feed(request)))


def _change_feed(request: HttpRequest) -> str:
    person = person_of(request)
    if "end" in request.POST:
        actions.end_feed(person=person)
        messages.success(request, _("The address of your calendar no longer works."))
    else:
        actions.new_feed(person=person, now=timezone.now())
        messages.success(request, _("Your calendar has an address now. Copy it into your calendar program."))
    return reverse("webinars:mine") + "#feed"

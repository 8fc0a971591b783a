"""Writing to a municipality, an organisation or a partnership without knowing an address."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.form_keys import once
from core.limits import within_limit
from directory import actions
from directory.contacts import Contactable, contactable
from directory.forms import ContactForm
from directory.reports import address_of


class _TooMany(Exception):
    """So many messages nobody writes by hand."""


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Anybody may write. Nobody learns from this page who reads it."""
    known, subject = _contactable_or_404(kind, slug)
    name, status = known.name(subject), 200
    person = request.user if request.user.is_authenticated else None
    form = ContactForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        sent = reverse("directory:contact_sent", args=[kind, slug])
        if form.is_from_a_program:
            return redirect(sent)
        try:
            return redirect(once(form.cleaned_data["key"], lambda: _send(request, subject, name, form, sent)))
        except _TooMany:
            form.add_error(
                None, _("There were many messages from your connection. Please try again in an hour.")
            )
            status = 429
    context = {
        "form": form,
        "name": name,
        "back_url": address_of(subject),
        "breadcrumb": [(name, address_of(subject)), (_("Write a message"), "")],
    }
    return render(request, "directory/contact.html", context, status=status)


@require_GET
def contact_sent(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    known, subject = _contactable_or_404(kind, slug)
    name, back_url = known.name(subject), address_of(subject)
    context = {"name": name, "back_url": back_url, "breadcrumb": [(name, back_url), (_("Message sent"), "")]}
    return render(request, "directory/contact_sent.html", context)


def _contactable_or_404(kind: str, slug: str) -> tuple[Contactable, Model]:
    known = contactable(kind)
    subject = known.get(slug) if known else None
    if known is None or subject is None:
        raise Http404
    return known, subject


def _send(request: HttpRequest, subject: Model, name: str, form: ContactForm, sent: str) -> str:
    # Asked here, so that the same form sent again is not counted again.
    who = get_adapter().get_client_ip(request)
    is_fine = within_limit("contact", who, most=5, each=timedelta(hours=1)) and within_limit(
        "contact", who, most=20, each=timedelta(days=1)
    )
    if not is_fine:
        raise _TooMany
    actions.send_message(
        subject=subject,
        subject_name=name,
        text=form.cleaned_data["text"],
        language=get_language() or settings.LANGUAGE_CODE,
        now=timezone.now(),
        **form.sender,
    )
    return sent

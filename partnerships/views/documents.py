"""Files of a partnership: the list of the sides, and the only way by which a file leaves the server."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from core.files import CannotBeKept, serve, thumbnail_of
from core.form_keys import key_for, once
from core.limits import within_limit
from core.pagination import page_of
from core.sent_again import same_answer_again
from partnerships import actions, queries
from partnerships.forms import ConfirmForm, DocumentForm, EditDocumentForm
from partnerships.models import Document, DocumentQuerySet, Partnership, PartnershipDraft
from partnerships.permissions import can_edit, can_see_files
from partnerships.views.gates import seen, sent

MOST_UPLOADS = 300
"""By one person in a day."""


class TooManyUploads(Exception):
    """More than MOST_UPLOADS."""


@login_required
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    partnership = _inside(request, slug)
    person = cast(User, request.user)
    may_edit = _may_edit(person, partnership)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = DocumentForm(*_sent(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        address = reverse("partnerships:documents", args=[partnership.slug])
        status = keep(form, person=person, address=address, partnership=partnership)
        if status == 302:
            messages.success(request, kept(form))
            return redirect(address)
    found = queries.files_of(Document.objects.visible_to(person).filter(partnership=partnership))
    page = page_of(found, request.GET.get("page"), total=found.count())
    context = {
        "partnership": partnership,
        "page": page,
        "rows": queries.file_rows(page.object_list),
        "form": form,
        "may_edit": may_edit,
    }
    return render(request, "partnerships/documents.html", context, status=status)


@login_required
def edit_document(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    partnership = _editable_or_404(request, slug)
    document = get_object_or_404(_documents_of(request, partnership), pk=number)
    form = EditDocumentForm(sent(request), document=document)
    if request.method == "POST" and form.is_valid():
        said = {"title": document.title, "is_public": document.is_public, **form.said()}
        key = key_for(form.cleaned_data["key"], *said.values())
        return redirect(once(key, lambda: _edit(document, said, cast(User, request.user))))
    context = {"partnership": partnership, "document": document, "form": form}
    return render(request, "partnerships/edit_document.html", context)


@login_required
@same_answer_again
def delete_document(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    partnership = _editable_or_404(request, slug)
    form = ConfirmForm(sent(request))
    document = get_object_or_404(_documents_of(request, partnership), pk=number)
    if request.method == "POST" and form.is_valid():
        address = once(form.cleaned_data["key"], lambda: _delete(document, cast(User, request.user)))
        messages.success(request, _("The file is deleted."))
        return redirect(address)
    row = queries.file_rows([document])[0]
    context = {"partnership": partnership, "row": row, "form": form}
    return render(request, "partnerships/delete_document.html", context)


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    return _given_out(request, number)


@require_safe
def thumbnail(request: HttpRequest, number: int) -> HttpResponseBase:
    return _given_out(request, number, is_small=True)


@login_required
def draft_documents(request: HttpRequest, number: int) -> HttpResponse:
    """Contract and decision of the council of what is being entered; the entry takes them over."""
    person = cast(User, request.user)
    draft = get_object_or_404(PartnershipDraft.objects.visible_to(person).open(), pk=number)
    address = reverse("partnerships:draft_documents", args=[draft.pk])
    if "remove" in request.POST:
        row = draft.documents.filter(pk=_number(request.POST["remove"])).first()
        if row is not None:
            actions.delete_document(document=row, by=person, now=timezone.now())
        return redirect(address)
    form = DocumentForm(*_sent(request), of_draft=True)
    status = 200
    if request.method == "POST" and form.is_valid():
        status = keep(form, person=person, address=address, draft=draft)
        if status == 302:
            messages.success(request, kept(form))
            return redirect(address)
    context = {
        "draft": draft,
        "name": queries.entry_of(draft).title,
        "rows": queries.file_rows(queries.files_of(Document.objects.visible_to(person).filter(draft=draft))),
        "form": form,
    }
    return render(request, "partnerships/draft_documents.html", context, status=status)


def keep(
    form: DocumentForm,
    *,
    person: User,
    address: str,
    partnership: Partnership | None = None,
    draft: PartnershipDraft | None = None,
) -> int:
    """302 when the file is kept; else the form says why not, and this is the status of the answer."""
    data = form.cleaned_data
    upload = data["upload"]

    def add() -> str:
        if not within_limit("upload", str(person.pk), most=MOST_UPLOADS, each=timedelta(days=1)):
            raise TooManyUploads
        actions.add_document(
            upload=upload,
            kind=data["kind"],
            partnership=partnership,
            draft=draft,
            by=person,
            now=timezone.now(),
            **form.said(),
        )
        return address

    try:
        # Another file, or other words about it, are another act: people go back and choose the next one.
        once(key_for(data["key"], upload.name, upload.size, data["kind"], data["title"]), add)
    except actions.TooManyFiles:
        form.add_error(None, _("There are as many files here as there may be. Please delete some first."))
        return 409
    except actions.NothingToAddTo:
        form.add_error(None, _("This draft was finished or thrown away in another window."))
        return 409
    except TooManyUploads:
        form.add_error(None, _("You have uploaded many files today. Please go on tomorrow."))
        return 429
    except CannotBeKept:
        form.add_error(None, _("The file could not be kept just now. Please try again later."))
        return 503
    return 302


def kept(form: DocumentForm) -> str:
    return _("“%(name)s” is kept.") % {"name": form.cleaned_data["title"] or form.cleaned_data["upload"].name}


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    """Words and file of the form; nothing before it is sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _given_out(request: HttpRequest, number: int, *, is_small: bool = False) -> HttpResponseBase:
    """To whom it may be shown. A visitor is sent to the sign-in page whether there is such a file or not."""
    document = _visible(request).filter(pk=number).first()
    if document is None and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if document is None or (is_small and document.width is None):
        raise Http404
    name = str(document.file.name)
    if is_small:
        name = thumbnail_of(name)
    return serve(name, content_type=document.content_type, as_name=document.original_name)


def _visible(request: HttpRequest) -> DocumentQuerySet:
    """The office sees the files of all entries, but not what somebody has only begun to enter."""
    visible = Document.objects.visible_to(request.user)
    return visible.filter(Q(draft=None) | Q(draft__person=request.user.pk))


def _documents_of(request: HttpRequest, partnership: Partnership) -> DocumentQuerySet:
    return queries.files_of(Document.objects.visible_to(request.user).filter(partnership=partnership))


def _inside(request: HttpRequest, slug: str) -> Partnership:
    """Not everybody of the office who sees inside an entry sees its files."""
    partnership = seen(request, slug)
    if not can_see_files(request.user, partnership):
        raise Http404
    return partnership


def _may_edit(person: User, partnership: Partnership) -> bool:
    """Of who sees the files: outside the office only people of the sides do, and these may edit. Not asked twice."""
    return not person.is_staff or can_edit(person, partnership)


def _editable_or_404(request: HttpRequest, slug: str) -> Partnership:
    partnership = _inside(request, slug)
    if not _may_edit(cast(User, request.user), partnership):
        raise PermissionDenied
    return partnership


def _edit(document: Document, said: dict[str, Any], person: User) -> str:
    actions.edit_document(document=document, by=person, now=timezone.now(), **said)
    return reverse("partnerships:documents", args=[_slug(document)])


def _delete(document: Document, person: User) -> str:
    actions.delete_document(document=document, by=person, now=timezone.now())
    return reverse("partnerships:documents", args=[_slug(document)])


def _slug(document: Document) -> str:
    return cast(Partnership, document.partnership).slug


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0

"""Pages with the files of a partnership, and what they are given out to."""

import importlib
import threading
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from partnerships.models import Document, Partnership, PartnershipDraft, SideContact
from tests.conftest import grant, opened, signed_in
from tests.factories.documents import contract, photo
from tests.factories.partnerships import PartnershipFactory
from tests.factories.uploads import pdf, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def entry(coordinator: User, now: datetime) -> Partnership:
    """The coordinator looks after its first side."""
    partnership = PartnershipFactory(slug="here", published_at=now)
    SideContact.objects.create(side=partnership.sides.all()[0], person=coordinator, since=now)
    return partnership


def page_of(entry: Partnership) -> str:
    return reverse("partnerships:documents", args=[entry.slug])


def send(
    client: Client, address: str, content: bytes | None = None, name: str = "Vertrag.pdf", **said: Any
) -> Any:
    data = {"kind": "contract", "key": uuid.uuid4(), "upload": upload(name, content or pdf()), **said}
    return client.post(address, data)


def words(response: HttpResponse) -> str:
    return response.content.decode()


def test_an_empty_page_says_what_belongs_here(entry: Partnership, writer: Client) -> None:
    page = words(writer.get(page_of(entry)))

    assert "No files yet" in page
    assert "error-summary" not in page
    assert 'enctype="multipart/form-data"' in page
    assert "PDF, Word (DOCX), OpenDocument (ODT), JPEG, PNG, WEBP, at most 20.0" in page


def test_a_file_is_added_and_listed(entry: Partnership, writer: Client, coordinator: User) -> None:
    answer = send(writer, page_of(entry), title="Contract of 1992")

    row = Document.objects.get()
    page = words(writer.get(page_of(entry)))
    assert (answer.status_code, answer["Location"]) == (302, page_of(entry))
    assert (row.partnership, row.uploaded_by, row.is_public) == (entry, coordinator, False)
    assert "Contract of 1992" in page
    assert "Name of the file: Vertrag.pdf" in page
    assert "only the sides and the office" in page
    assert f'href="/files/{row.pk}/"' in page


def test_a_photo_shows_small_in_the_list(entry: Partnership, writer: Client, coordinator: User) -> None:
    shot = photo(by=coordinator, partnership=entry)

    page = words(writer.get(page_of(entry)))

    assert f'src="/files/{shot.pk}/small/" width="480" height="320" alt=""' in page
    assert "Photo: Éva Nagy" in page


def test_a_refused_file_is_explained_at_its_field(entry: Partnership, writer: Client) -> None:
    page = words(send(writer, page_of(entry), b"<!doctype html><script>alert(1)</script>"))

    assert "Files of this kind cannot be uploaded." in page
    assert "error-summary" in page
    assert Document.objects.count() == 0


def test_a_photo_for_everybody_wants_its_rights_settled(entry: Partnership, writer: Client) -> None:
    shot = picture("JPEG")

    refused = send(writer, page_of(entry), shot, "Chor.jpg", kind="photo", is_public="on")
    taken = send(
        writer,
        page_of(entry),
        shot,
        "Chor.jpg",
        kind="photo",
        is_public="on",
        rights_holder="Éva Nagy",
        has_rights="on",
        has_consent="on",
    )

    assert "Everybody may see a photo only if the people in it have agreed." in words(refused)
    assert "Please choose the file again" in words(refused)
    assert taken.status_code == 302
    assert Document.objects.get().is_public


def test_a_paper_that_is_no_picture_is_no_photo(entry: Partnership, writer: Client) -> None:
    assert "This file is no picture." in words(send(writer, page_of(entry), kind="photo"))


def test_sent_twice_a_file_is_there_once_and_another_file_is_another(
    entry: Partnership, writer: Client
) -> None:
    key = uuid.uuid4()

    first, second = (send(writer, page_of(entry), key=key) for _ in range(2))
    send(writer, page_of(entry), name="Beschluss.pdf", key=key)

    assert first["Location"] == second["Location"]
    assert sorted(Document.objects.values_list("original_name", flat=True)) == [
        "Beschluss.pdf",
        "Vertrag.pdf",
    ]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_one_row_and_one_file(entry: Partnership, coordinator: User, media: Path) -> None:
    key, gate, answers = uuid.uuid4(), threading.Barrier(20), []
    clients = [signed_in(coordinator) for _ in range(20)]

    def run(client: Client) -> None:
        gate.wait(20)
        try:
            answers.append(send(client, page_of(entry), key=key).status_code)
        finally:
            connection.close()

    senders = [threading.Thread(target=run, args=(client,)) for client in clients]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(60)

    assert answers == [302] * 20
    assert Document.objects.count() == 1
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1
    assert entry.changes.count() == 1


def test_as_many_as_may_be_is_said_so(
    entry: Partnership, writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnerships.actions.documents.MOST_FILES", 0)

    answer = send(writer, page_of(entry))

    assert answer.status_code == 409
    assert "as many files here as there may be" in words(answer)


def test_many_in_a_day_are_enough(
    entry: Partnership, writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("partnerships.views.documents"), "MOST_UPLOADS", 1)

    answers = [send(writer, page_of(entry), title=title).status_code for title in ("one", "two")]

    assert answers == [302, 429]


def test_a_full_disk_is_said_so_and_the_words_stay(
    entry: Partnership, writer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.files.default_storage.save", full)

    answer = send(writer, page_of(entry), title="Contract of 1992")

    assert answer.status_code == 503
    assert "could not be kept just now" in words(answer)
    assert 'value="Contract of 1992"' in words(answer)


def test_what_is_said_of_a_file_is_changed(entry: Partnership, writer: Client, coordinator: User) -> None:
    paper = contract(by=coordinator, partnership=entry, title="Contract")
    address = reverse("partnerships:edit_document", args=[entry.slug, paper.pk])

    asked = words(writer.get(address))
    answer = writer.post(address, {"title": "Contract of 1992", "is_public": "on", "key": uuid.uuid4()})

    paper.refresh_from_db()
    assert 'value="Contract"' in asked
    assert "has_rights" not in asked
    assert (answer.status_code, paper.title, paper.is_public) == (302, "Contract of 1992", True)


def test_a_file_is_deleted_after_asking_once(entry: Partnership, writer: Client, coordinator: User) -> None:
    paper = contract(by=coordinator, partnership=entry, title="Contract")
    address = reverse("partnerships:delete_document", args=[entry.slug, paper.pk])
    key = uuid.uuid4()

    asked = writer.get(address)
    still_there = Document.objects.count()
    answers = [writer.post(address, {"key": key}) for _ in range(2)]

    assert "Delete this file?" in words(asked)
    assert still_there == 1
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, page_of(entry))] * 2
    assert Document.objects.count() == 0
    assert opened(writer, f"/files/{paper.pk}/").status_code == 404


def test_a_file_is_handed_over_for_saving_and_to_no_cache(
    entry: Partnership, writer: Client, coordinator: User
) -> None:
    paper = contract(by=coordinator, partnership=entry, name="Szerződés „1992“.pdf")

    answer = writer.get(f"/files/{paper.pk}/", headers={"accept-encoding": "gzip", "range": "bytes=0-4"})
    head = writer.head(f"/files/{paper.pk}/")

    head.close()
    assert b"".join(answer.streaming_content) == pdf()
    assert answer.status_code == head.status_code == 200
    assert answer["Content-Length"] == head["Content-Length"] == str(len(pdf()))
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''Szerz%C5%91d%C3%A9s%20%E2%80%9E1992%E2%80%9C.pdf"
    )
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.get("Content-Encoding", "") == ""


def test_a_visitor_cannot_tell_a_private_file_from_none(entry: Partnership, coordinator: User) -> None:
    paper = contract(by=coordinator, partnership=entry)
    visitor, outsider = Client(), signed_in(User.objects.create(email="x@elsewhere.example"))

    for name in ("file", "thumbnail"):
        there, missing = (reverse(f"partnerships:{name}", args=[number]) for number in (paper.pk, 999_999))
        for address in (there, missing):
            answer = visitor.get(address)
            assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}")
            assert opened(outsider, address).status_code == 404


def test_a_public_file_is_on_the_public_page_and_open_to_everybody(
    entry: Partnership, coordinator: User
) -> None:
    shot = photo(by=coordinator, partnership=entry, is_public=True)
    contract(by=coordinator, partnership=entry, title="hidden paper")
    visitor = Client()

    page = words(visitor.get(entry.get_absolute_url()))

    assert "Der Chor" in page
    assert "hidden paper" not in page
    assert opened(visitor, f"/files/{shot.pk}/").status_code == 200
    assert opened(visitor, f"/files/{shot.pk}/small/")["Content-Disposition"] == 'inline; filename="Chor.jpg"'


def test_of_an_entry_that_is_not_public_no_file_is(entry: Partnership, coordinator: User) -> None:
    shot = photo(by=coordinator, partnership=entry, is_public=True)
    Partnership.objects.update(published_at=None)

    assert opened(Client(), f"/files/{shot.pk}/").status_code == 302


def test_files_of_a_draft_are_its_writers_alone(
    begun: PartnershipDraft, writer: Client, coordinator: User, admin: User
) -> None:
    address = reverse("partnerships:draft_documents", args=[begun.pk])

    answer = send(writer, address)

    row = Document.objects.get()
    assert (answer.status_code, row.draft, row.kind) == (302, begun, "contract")
    assert "Vertrag.pdf" in words(writer.get(address))
    assert opened(writer, f"/files/{row.pk}/").status_code == 200
    assert opened(signed_in(admin), f"/files/{row.pk}/").status_code == 404
    assert opened(signed_in(admin), address).status_code == 404


def test_a_file_of_a_draft_is_taken_away_again(
    begun: PartnershipDraft, writer: Client, coordinator: User
) -> None:
    paper = contract(by=coordinator, draft=begun)
    address = reverse("partnerships:draft_documents", args=[begun.pk])

    answers = [writer.post(address, {"remove": number}).status_code for number in (paper.pk, paper.pk, "x")]

    assert answers == [302, 302, 302]
    assert Document.objects.count() == 0


def test_the_summary_of_a_draft_names_its_files(
    filled: PartnershipDraft, writer: Client, coordinator: User
) -> None:
    contract(by=coordinator, draft=filled, title="Contract of 1992")

    page = words(writer.get(reverse("partnerships:draft", args=[filled.pk, "check"])))

    assert "Contract of 1992" in page
    assert reverse("partnerships:draft_documents", args=[filled.pk]) in page


def test_the_office_that_only_reads_sees_the_files_and_changes_nothing(
    entry: Partnership, coordinator: User, coach: User
) -> None:
    paper = contract(by=coordinator, partnership=entry)
    coach.is_staff = True
    coach.save()
    grant(coach, "partnerships.view_partnership", "partnerships.view_document")
    reader = signed_in(coach, "en")

    page = reader.get(page_of(entry))

    assert "Vertrag.pdf" in words(page)
    assert "Add a file" not in words(page)
    assert send(reader, page_of(entry)).status_code == 403
    for name in ("edit_document", "delete_document"):
        assert reader.get(reverse(f"partnerships:{name}", args=[entry.slug, paper.pk])).status_code == 403


def test_the_office_without_the_right_to_files_sees_none(
    entry: Partnership, coordinator: User, coach: User
) -> None:
    paper = contract(by=coordinator, partnership=entry)
    coach.is_staff = True
    coach.save()
    grant(coach, "partnerships.view_partnership")
    reader = signed_in(coach)

    assert reader.get(page_of(entry)).status_code == 404
    assert reader.get(f"/files/{paper.pk}/").status_code == 404


def test_the_office_deletes_a_file_in_the_admin_and_the_history_says_so(
    entry: Partnership, coordinator: User, admin: User
) -> None:
    papers = [contract(by=coordinator, partnership=entry) for _ in range(3)]
    office = signed_in(admin, "en")
    one, *others = (paper.pk for paper in papers)

    shown = words(office.get(reverse("admin:partnerships_document_change", args=[one])))
    office.post(reverse("admin:partnerships_document_delete", args=[one]), {"post": "yes"})
    office.post(
        reverse("admin:partnerships_document_changelist"),
        {"action": "delete_selected", "_selected_action": others, "post": "yes"},
    )

    assert f'<a href="/files/{one}/">Vertrag.pdf</a>' in shown
    assert Document.objects.count() == 0
    assert entry.changes.filter(what="document_gone", person=admin, is_office=True).count() == 3


def test_the_office_does_not_see_what_somebody_has_only_begun(
    begun: PartnershipDraft, coordinator: User, admin: User
) -> None:
    contract(by=coordinator, draft=begun, title="private paper")

    assert "private paper" not in words(
        signed_in(admin).get(reverse("admin:partnerships_document_changelist"))
    )


def test_a_file_is_reached_only_under_its_own_entry(
    entry: Partnership, writer: Client, coordinator: User, now: datetime
) -> None:
    paper = contract(by=coordinator, partnership=PartnershipFactory())

    for name in ("edit_document", "delete_document"):
        assert writer.get(reverse(f"partnerships:{name}", args=[entry.slug, paper.pk])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_many(
    number: int, entry: Partnership, writer: Client, coordinator: User, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        photo(by=coordinator, partnership=entry)
    writer.get(page_of(entry))

    with django_assert_num_queries(11):
        writer.get(page_of(entry))

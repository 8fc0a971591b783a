"""Adding, changing and deleting files of a partnership; what becomes of those of a draft."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from accounts.actions import erase
from accounts.models import User
from core.files import CannotBeKept, check_upload
from partnerships import actions, queries
from partnerships.models import Change, Document, Partnership, PartnershipDraft, SideContact
from portal.tasks import CLEAN_UPS
from tests.factories.documents import contract, photo
from tests.factories.partnerships import PartnershipFactory
from tests.factories.uploads import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def entry(coordinator: User, now: datetime) -> Partnership:
    """The coordinator looks after its first side."""
    partnership = PartnershipFactory(published_at=now)
    SideContact.objects.create(side=partnership.sides.all()[0], person=coordinator, since=now)
    return partnership


def files_in(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


def lines(entry: Partnership) -> list[tuple[str, str, bool]]:
    return list(entry.changes.order_by("pk").values_list("what", "note", "is_office"))


def test_every_file_that_comes_and_goes_leaves_a_line_in_the_history(
    entry: Partnership, coordinator: User, admin: User, now: datetime
) -> None:
    paper = contract(by=coordinator, partnership=entry, title="Vertrag von 1992", now=now)

    actions.edit_document(document=paper, title="Vertrag", is_public=True, by=coordinator, now=now)
    actions.delete_document(document=paper, by=admin, now=now)

    assert lines(entry) == [
        (Change.What.DOCUMENT, "Vertrag von 1992", False),
        (Change.What.EDITED, "Vertrag", False),
        (Change.What.DOCUMENT_GONE, "Vertrag", True),
    ]


def test_an_edit_that_changes_nothing_leaves_no_line(
    entry: Partnership, coordinator: User, now: datetime
) -> None:
    paper = contract(by=coordinator, partnership=entry, now=now)

    actions.edit_document(document=paper, title="", is_public=False, by=coordinator, now=now)

    assert len(lines(entry)) == 1


def test_deleted_twice_a_file_goes_once(entry: Partnership, coordinator: User, now: datetime) -> None:
    paper = contract(by=coordinator, partnership=entry, now=now)

    for _ in range(2):
        actions.delete_document(document=Document(pk=paper.pk, partnership=entry), by=coordinator, now=now)

    assert [what for what, _, _ in lines(entry)] == [Change.What.DOCUMENT, Change.What.DOCUMENT_GONE]


def test_a_photo_whose_rights_are_open_is_shown_to_nobody(
    entry: Partnership, coordinator: User, now: datetime
) -> None:
    shot = photo(by=coordinator, partnership=entry, now=now)

    with pytest.raises(actions.RightsNotSettled):
        actions.edit_document(
            document=shot, title="", is_public=True, has_rights=True, by=coordinator, now=now
        )


def test_a_consent_that_is_withdrawn_takes_the_photo_off_the_public_pages(
    entry: Partnership, coordinator: User, now: datetime
) -> None:
    shot = photo(by=coordinator, partnership=entry, is_public=True, now=now)
    shown = [row.number for row in queries.detail_page(entry, queries.labels())["files"]]

    actions.edit_document(document=shot, title="", is_public=False, has_rights=True, by=coordinator, now=now)

    assert shown == [shot.pk]
    assert queries.detail_page(entry, queries.labels())["files"] == []


def test_more_than_a_partnership_needs_is_refused(
    entry: Partnership, coordinator: User, now: datetime, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnerships.actions.documents.MOST_FILES", 1)
    contract(by=coordinator, partnership=entry, now=now)

    with pytest.raises(actions.TooManyFiles):
        contract(by=coordinator, partnership=entry, now=now)

    assert (Document.objects.count(), files_in(media)) == (1, 1)


def test_files_of_a_draft_become_those_of_the_entry(
    filled: PartnershipDraft, coordinator: User, now: datetime
) -> None:
    contract(by=coordinator, draft=filled, now=now)

    partnership = actions.register_partnership(draft=filled, by=coordinator, now=now)

    assert [(row.partnership, row.draft) for row in Document.objects.all()] == [(partnership, None)]


def test_to_a_draft_that_became_an_entry_nothing_is_added(
    filled: PartnershipDraft, coordinator: User, now: datetime, media: Path
) -> None:
    actions.register_partnership(draft=filled, by=coordinator, now=now)

    with pytest.raises(actions.NothingToAddTo):
        contract(by=coordinator, draft=filled, now=now)

    assert files_in(media) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["discarded", "forgotten", "erased"])
def test_with_a_draft_its_files_go(
    how: str, begun: PartnershipDraft, coordinator: User, now: datetime, media: Path
) -> None:
    contract(by=coordinator, draft=begun, now=now)
    assert files_in(media) == 1

    if how == "discarded":
        actions.discard_draft(draft=begun, by=coordinator)
    elif how == "forgotten":
        actions.forget_old_drafts(now=now + timedelta(days=181))
    else:
        erase(coordinator, by=coordinator, now=now)

    assert (Document.objects.count(), files_in(media)) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_with_a_partnership_its_files_go(
    entry: Partnership, coordinator: User, now: datetime, media: Path
) -> None:
    photo(by=coordinator, partnership=entry, now=now)
    assert files_in(media) == 2

    actions.delete(partnership=entry)

    assert files_in(media) == 0


def test_a_file_of_the_sides_stays_when_its_bringer_is_erased(
    entry: Partnership, coordinator: User, now: datetime, media: Path
) -> None:
    contract(by=coordinator, partnership=entry, now=now)

    erase(coordinator, by=coordinator, now=now)

    assert Document.objects.get().uploaded_by is None
    assert files_in(media) == 1


def test_what_a_crash_has_left_is_cleaned_up_every_night(
    entry: Partnership, coordinator: User, now: datetime, media: Path
) -> None:
    paper = contract(by=coordinator, partnership=entry, now=now)
    left = media / "documents" / "aa" / "left.pdf"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"x")

    gone = actions.delete_orphaned_files(now=datetime.now(tz=now.tzinfo) + timedelta(days=2))

    assert actions.delete_orphaned_files in CLEAN_UPS
    assert (gone, left.exists(), (media / paper.file.name).exists()) == (1, False, True)


def test_on_a_full_disk_there_is_neither_row_nor_line(
    entry: Partnership, coordinator: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.files.default_storage.save", full)

    with pytest.raises(CannotBeKept):
        actions.add_document(
            upload=check_upload(upload("Vertrag.pdf", pdf())),
            kind=Document.Kind.CONTRACT,
            partnership=entry,
            by=coordinator,
            now=now,
        )

    assert (Document.objects.count(), lines(entry)) == (0, [])

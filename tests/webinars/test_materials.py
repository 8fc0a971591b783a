"""Files of a session: kept with their row, gone with it, and seen by whom they are for."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from core import files
from tests.conftest import grant
from tests.factories import uploads
from tests.factories.webinars import RegistrationFactory
from tests.webinars.telling import planned
from webinars import actions
from webinars.actions import materials
from webinars.choices import Audience, MaterialAccess, MaterialKind, Seat, State
from webinars.models import Host, Material, Session

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def add(session: Session, by: User, now: datetime, access: str = MaterialAccess.EVERYBODY) -> Material:
    return actions.add_material(
        session=session,
        upload=files.check_upload(uploads.upload("slides.pdf", uploads.pdf())),
        kind=MaterialKind.SLIDES,
        title_de="Folien",
        title_en="Slides",
        access=access,
        by=by,
        now=now,
    )


def seen(person: object) -> set[str]:
    return set(Material.objects.visible_to(person).values_list("access", flat=True))


class TestKeeping:
    def test_keeps_the_file_and_what_is_known_of_it(self, coach: User, now: datetime, media: Path) -> None:
        material = add(planned(now), coach, now)

        assert (material.title_de, material.title_en, material.original_name) == (
            "Folien",
            "Slides",
            "slides.pdf",
        )
        assert (material.content_type, material.size) == ("application/pdf", len(uploads.pdf()))
        assert (material.uploaded_by, material.uploaded_at) == (coach, now)
        assert (media / material.file).read_bytes() == uploads.pdf()

    def test_refuses_more_than_one_may_have(
        self, coach: User, now: datetime, media: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(materials, "MOST_FILES", 1)
        session = planned(now)
        add(session, coach, now)

        with pytest.raises(actions.TooManyFiles):
            add(session, coach, now)
        add(planned(now), coach, now)

        assert (session.materials.count(), files_in(media)) == (1, 2)

    @pytest.mark.django_db(transaction=True)
    def test_deleted_the_file_goes_as_well(self, coach: User, now: datetime, media: Path) -> None:
        material, other = add(planned(now), coach, now), add(planned(now), coach, now)

        actions.delete_material(material=material, by=coach)

        assert [row.pk for row in Material.objects.all()] == [other.pk]
        assert files_in(media) == 1

    @pytest.mark.django_db(transaction=True)
    def test_files_of_deleted_rows_are_swept_away(self, coach: User, now: datetime, media: Path) -> None:
        kept, gone = add(planned(now), coach, now), add(planned(now), coach, now)
        Material.objects.filter(pk=gone.pk).delete()

        count = actions.delete_orphaned_materials(now=datetime.now(tz=now.tzinfo) + timedelta(days=30))

        assert count == 1
        assert (media / kept.file).exists()
        assert files_in(media) == 1


class TestSeeing:
    @pytest.fixture
    def session(self, coach: User, now: datetime) -> Session:
        made = planned(now)
        for access in MaterialAccess.values:
            add(made, coach, now, access)
        return made

    def test_visitors_and_outsiders_see_what_is_for_everybody(self, session: Session, outsider: User) -> None:
        assert seen(AnonymousUser()) == seen(outsider) == {MaterialAccess.EVERYBODY}

    def test_who_has_a_seat_sees_what_is_for_them(self, session: Session, participant: User) -> None:
        RegistrationFactory(session=session, person=participant)

        assert seen(participant) == {MaterialAccess.EVERYBODY, MaterialAccess.REGISTERED}

    @pytest.mark.parametrize("state", [Seat.WAITING, Seat.OFFERED, Seat.CANCELLED, Seat.ASKED])
    def test_without_a_seat_one_sees_no_more_than_everybody(
        self, session: Session, participant: User, state: str
    ) -> None:
        RegistrationFactory(session=session, person=participant, state=state)

        assert seen(participant) == {MaterialAccess.EVERYBODY}

    def test_hosts_see_all_of_their_own_session(
        self, session: Session, partner: User, coach: User, now: datetime
    ) -> None:
        Host.objects.create(session=session, person=partner)
        add(planned(now), coach, now, MaterialAccess.HOSTS)

        rows = Material.objects.visible_to(partner)

        assert {row.access for row in rows} == set(MaterialAccess.values)
        assert {row.session_id for row in rows} == {session.pk}

    def test_the_office_sees_all(self, session: Session, coordinator: User) -> None:
        User.objects.filter(pk=coordinator.pk).update(is_staff=True)
        coordinator.refresh_from_db()
        grant(coordinator, "webinars.view_session", "webinars.add_session")

        assert seen(coordinator) == set(MaterialAccess.values)

    @pytest.mark.parametrize(
        "facts", [{"state": State.DRAFT}, {"audience": Audience.INVITED}, {"audience": Audience.MEMBERS}]
    )
    def test_who_does_not_see_the_session_sees_none_of_its_files(
        self, session: Session, facts: dict[str, str]
    ) -> None:
        Session.objects.update(**facts)

        assert seen(AnonymousUser()) == set()

"""Videos and downloads of lessons: on the page and on paper, only inside the course, and no way out of the folder."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.conftest import signed_in
from tests.factories.training import CourseFactory, EnrolmentFactory, LessonFileFactory, ModuleFactory
from training.models import Lesson, LessonFile
from training.queries import media

pytestmark = pytest.mark.django_db
PAGE, PAPER = "/courses/kurs/1/1/", "/courses/kurs/1/print/"
FILM = bytes(range(256)) * 4


@pytest.fixture
def lesson(participant) -> Lesson:
    module = ModuleFactory(course=CourseFactory(slug="kurs"), lessons=2)
    EnrolmentFactory(course=module.course, person=participant)
    return module.lessons.get(number=1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A curriculum of one module with a film and two downloads, and something outside of them."""
    for name in ("downloads", "videos"):
        (tmp_path / "m01" / name).mkdir(parents=True)
    (tmp_path / "m01" / "videos" / "film.webm").write_bytes(FILM)
    (tmp_path / "m01" / "downloads" / "blatt.txt").write_text("Größe", "utf-8")
    (tmp_path / "m01" / "downloads" / "sheet.md").write_text("<script>", "utf-8")
    (tmp_path / "m01" / "module.toml").write_text("secret")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(media, "FOLDER", tmp_path)
    return tmp_path


def with_video(lesson: Lesson, **facts: str) -> None:
    texts = {
        "video_title_de": "Ein Film",
        "video_title_en": "A film",
        "transcript_de": "Alles Gesagte.",
        "transcript_en": "All & everything <b>said</b>.",
    }
    for name, value in (texts | facts).items():
        setattr(lesson, name, value)
    lesson.save()


def html_of(person, address: str, language: str = "en") -> str:
    answer = signed_in(person, language).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def bytes_of(answer) -> bytes:
    """The client closes a file that was read to its end."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def status_of(client: Client, address: str) -> int:
    answer = client.get(address)
    bytes_of(answer)
    return answer.status_code


class TestVideo:
    def test_one_elsewhere_is_a_link_that_names_its_host(self, lesson, participant):
        with_video(lesson, video_url="https://video.example/watch?v=1&t=2")

        html = html_of(participant, PAGE)

        assert (
            '<a href="https://video.example/watch?v=1&amp;t=2" target="_blank" rel="noopener noreferrer">'
            in html
        )
        assert "leads to another website: video.example" in html
        assert "<video" not in html
        assert "<iframe" not in html
        loaded = re.findall(r'(?:src|data|poster|srcset)="([^"]*)"', html)
        assert loaded
        assert not [address for address in loaded if "video.example" in address]

    def test_one_of_ours_is_played_on_the_page(self, lesson, folder, participant):
        with_video(lesson, video_file="videos/film.webm")

        html = html_of(participant, PAGE)

        assert '<video controls preload="none" src="/courses/kurs/1/1/video/"' in html
        assert "another website" not in html

    @pytest.mark.parametrize(
        "facts", [{"video_url": "https://v.example/"}, {"video_file": "videos/film.webm"}]
    )
    def test_what_is_said_can_be_read_below(self, lesson, folder, participant, facts):
        with_video(lesson, **facts)

        html = html_of(participant, PAGE)

        assert "<p>All &amp; everything &lt;b&gt;said&lt;/b&gt;.</p></details>" in html
        assert "Alles Gesagte." in html_of(participant, PAGE, "de")

    def test_without_one_nothing_is_said_of_it(self, lesson, participant):
        html = html_of(participant, PAGE)

        assert "lesson__video" not in html
        assert "lesson__files" not in html

    def test_one_whose_file_is_gone_is_not_shown(self, lesson, folder, participant):
        with_video(lesson, video_file="videos/gone.webm")

        assert "lesson__video" not in html_of(participant, PAGE)
        assert signed_in(participant).get(f"{PAGE}video/").status_code == 404

    def test_on_paper_stand_its_words_and_address(self, lesson, participant):
        with_video(lesson, video_url="https://video.example/1")

        html = html_of(participant, PAPER)

        assert "A film" in html
        assert ">https://video.example/1<" in html
        assert "All &amp; everything" in html

    def test_a_lesson_has_one(self, lesson):
        with pytest.raises(IntegrityError, match="lesson_has_at_most_one_video"), transaction.atomic():
            with_video(lesson, video_url="https://v.example/", video_file="videos/film.webm")

    def test_it_is_given_out_whole_and_in_parts(self, lesson, folder, participant):
        with_video(lesson, video_file="videos/film.webm")
        client = signed_in(participant)

        whole = client.get(f"{PAGE}video/")
        part = client.get(f"{PAGE}video/", headers={"range": "bytes=10-19"})
        beyond = client.get(f"{PAGE}video/", headers={"range": "bytes=5000-"})

        assert (whole.status_code, whole.headers["Content-Type"]) == (200, "video/webm")
        assert whole.headers["Accept-Ranges"] == "bytes"
        assert bytes_of(whole) == FILM
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes 10-19/{len(FILM)}"
        assert part.headers["Content-Length"] == "10"
        assert bytes_of(part) == FILM[10:20]
        assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(FILM)}")
        assert "media-src 'self'" in client.get(PAGE).headers["Content-Security-Policy"]

    def test_only_inside(self, lesson, folder, client, outsider, admin):
        with_video(lesson, video_file="videos/film.webm")

        for one, status, location in (
            (client, 302, f"/accounts/login/?next={PAGE}video/"),
            (signed_in(outsider), 302, "/courses/kurs/"),
            (signed_in(admin), 200, None),
        ):
            answer = one.get(f"{PAGE}video/")
            bytes_of(answer)
            assert (answer.status_code, answer.headers.get("Location")) == (status, location)
        lesson.module.course.state = "draft"
        lesson.module.course.save()
        assert signed_in(outsider).get(f"{PAGE}video/").status_code == 404


class TestDownloads:
    @pytest.fixture
    def row(self, lesson, folder) -> LessonFile:
        return LessonFileFactory(lesson=lesson, file_de="downloads/blatt.txt", file_en="downloads/sheet.md")

    def test_are_named_with_kind_and_size_the_own_language_first(self, row, participant):
        html = html_of(participant, PAGE)

        assert "Sheet 1" in html
        english, german = (html.index(f'href="{PAGE}files/1/{code}/"') for code in ("en", "de"))
        assert english < german
        assert "(MD, 8\xa0bytes)" in html
        assert "(TXT, 7\xa0bytes)" in html

    def test_are_handed_over_for_saving(self, row, participant):
        client = signed_in(participant, "en")

        text = client.get(f"{PAGE}files/1/de/")
        markup = client.get(f"{PAGE}files/1/en/")

        assert text.headers["Content-Disposition"] == 'attachment; filename="blatt.txt"'
        assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert bytes_of(text).decode() == "Größe"
        assert markup.headers["Content-Disposition"] == 'attachment; filename="sheet.md"'
        assert markup.headers["Content-Type"] == "text/markdown; charset=utf-8"
        assert markup.headers["X-Content-Type-Options"] == "nosniff"
        assert bytes_of(markup) == b"<script>"

    def test_one_of_another_course_is_not_found(self, row, participant):
        other = ModuleFactory(course=CourseFactory(slug="anderer"), lessons=1)
        EnrolmentFactory(course=other.course, person=participant)
        client = signed_in(participant)

        assert status_of(client, "/courses/anderer/1/1/files/1/de/") == 404
        assert status_of(client, "/courses/kurs/1/2/files/1/de/") == 404
        assert status_of(client, "/courses/kurs/1/1/files/2/de/") == 404
        assert status_of(client, "/courses/kurs/1/1/files/1/de/") == 200

    def test_only_inside(self, row, client, outsider):
        for one, location in (
            (client, f"/accounts/login/?next={PAGE}files/1/de/"),
            (signed_in(outsider), "/courses/kurs/"),
        ):
            answer = one.get(f"{PAGE}files/1/de/")
            assert (answer.status_code, answer.headers["Location"]) == (302, location)

    @pytest.mark.parametrize(
        "name",
        [
            "../secret.txt",
            "downloads/../module.toml",
            "downloads/../../secret.txt",
            "module.toml",
            "/etc/passwd",
        ],
    )
    def test_no_way_leads_out_of_the_folder(self, row, participant, name):
        """Even if the row said so."""
        LessonFile.objects.update(file_de=name)
        client = signed_in(participant, "de")

        assert status_of(client, f"{PAGE}files/1/de/") == 404
        assert f"{PAGE}files/1/de/" not in client.get(PAGE).content.decode()
        assert status_of(client, f"{PAGE}files/1/en/") == 200

    def test_nor_a_link_in_it(self, row, folder, participant):
        path = folder / "m01" / "downloads" / "blatt.txt"
        path.unlink()
        path.symlink_to(folder / "secret.txt")

        assert status_of(signed_in(participant), f"{PAGE}files/1/de/") == 404

    @pytest.mark.parametrize("way", ["../en", "..%2F..%2Fmodule.toml", "%2e%2e", "de.txt"])
    def test_nor_an_address(self, row, participant, way):
        assert status_of(signed_in(participant), f"{PAGE}files/1/{way}/") == 404

    def test_on_paper_they_are_named(self, row, participant):
        html = html_of(participant, PAPER)

        assert "Sheet 1 (English, MD; German, TXT)" in html
        assert "/files/1/" not in html


class TestOffice:
    @staticmethod
    def sent(lesson: Lesson, **facts: str) -> dict[str, str]:
        data = {"minutes": "10", "base_version": str(lesson.version), "video_url": ""}
        for name in ("title", "text", "video_title", "transcript"):
            for code in ("de", "en"):
                data[f"{name}_{code}"] = getattr(lesson, f"{name}_{code}") or ""
        return data | facts

    WORDS = {
        "video_url": "https://video.example/1",
        "video_title_de": "Ein Film",
        "video_title_en": "A film",
        "transcript_de": "Gesagtes",
        "transcript_en": "What is said",
    }

    def post(self, admin, lesson: Lesson, **facts: str):
        client = signed_in(admin, "en")
        return client.post(f"/admin/training/lesson/{lesson.pk}/change/", self.sent(lesson, **facts))

    def test_a_video_with_its_words_is_taken(self, admin, lesson):
        assert self.post(admin, lesson, **self.WORDS).status_code == 302

        lesson.refresh_from_db()
        assert {name: getattr(lesson, name) for name in self.WORDS} == self.WORDS
        assert lesson.version == 2

    @pytest.mark.parametrize("name", ["video_title_de", "video_title_en", "transcript_de", "transcript_en"])
    def test_without_its_words_in_one_language_it_is_refused_at_the_field(self, admin, lesson, name):
        answer = self.post(admin, lesson, **self.WORDS | {name: "  "})

        assert answer.status_code == 200
        assert list(answer.context["adminform"].form.errors) == [name]
        lesson.refresh_from_db()
        assert lesson.video_url == ""

    @pytest.mark.parametrize("url", ["ftp://video.example/1", "javascript:alert(1)", "data:text/html,x"])
    def test_only_addresses_of_the_web(self, admin, lesson, url):
        answer = self.post(admin, lesson, **self.WORDS | {"video_url": url})

        assert list(answer.context["adminform"].form.errors) == ["video_url"]

    def test_a_video_of_the_folder_keeps_its_words_and_has_none_beside_it(self, admin, lesson):
        with_video(lesson, video_file="videos/film.webm")

        beside = self.post(admin, lesson, video_url="https://video.example/1")
        without = self.post(admin, lesson, transcript_en="")

        assert list(beside.context["adminform"].form.errors) == ["video_url"]
        assert list(without.context["adminform"].form.errors) == ["transcript_en"]
        assert self.post(admin, lesson, transcript_en="Anew").status_code == 302

    def test_a_lesson_without_video_needs_no_words(self, admin, lesson):
        assert self.post(admin, lesson, title_en="New").status_code == 302

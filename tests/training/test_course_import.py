"""A course as files, brought in after a look: all or nothing, once, and not undone by the curriculum."""

import json
import shutil

import pytest
from django.contrib.admin.models import LogEntry
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from tests.factories.training import CourseFactory
from tests.training.course_files_office import (
    CURRICULUM,
    IMPORT,
    changed,
    everything,
    files_of,
    read_again,
    zipped,
)
from training.actions import importing
from training.actions.editing import save_texts
from training.curriculum_files import FOLDER
from training.forms.course_files import SALT
from training.loading import load_curriculum
from training.models import Answer, Course, Lesson, Module, Question
from training.queries.course_files import content_of, held, looked_at

pytestmark = pytest.mark.django_db


class TestWriting:
    def test_writes_what_was_shown_once(self, course, office, admin):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files = changed(files, "m01/quiz.en.toml", "Because 1.2", "For this reason")
        data = office.written_from(office.look(zipped(files)))

        first, second = office.client.post(IMPORT, data), office.client.post(IMPORT, data)

        lesson, answer = Lesson.objects.get(number=1), Answer.objects.get(number=2)
        assert first.status_code == second.status_code == 302
        assert first.url == second.url == f"/admin/training/course/{course.pk}/change/"
        assert (lesson.title_de, lesson.version, lesson.loaded) == ("Neuer Titel", 2, "")
        assert lesson.changed_de is not None
        assert lesson.changed_en is None
        assert (answer.why_en, answer.changed_de) == ("For this reason", None)
        entries = {entry.object_id: entry for entry in LogEntry.objects.filter(user=admin)}
        assert set(entries) == {str(lesson.pk), str(answer.pk)}
        assert entries[str(lesson.pk)].get_edited_object() == lesson
        assert "title [de]: “Lektion 1.1” → “Neuer Titel”" in entries[str(lesson.pk)].get_change_message()
        assert Module.objects.get().version == 1

    def test_makes_a_draft_without_dates(self, course, office):
        Course.objects.update(enrol_from=timezone.now(), seats=4)
        files = changed(files_of("kurs"), "course.toml", '"kurs"', '"anderer"')

        answer = office.write(office.look(zipped(files)))

        made = Course.objects.get(slug="anderer")
        assert answer.url == reverse("admin:training_course_change", args=[made.pk])
        assert (made.state, made.enrol_from, made.seats, made.group, made.loaded) == (
            "draft",
            None,
            None,
            None,
            "",
        )
        expected = content_of(held("kurs"))
        found = content_of(held("anderer"))
        assert (found.texts, found.modules, found.selfcheck) == (
            expected.texts,
            expected.modules,
            expected.selfcheck,
        )
        assert found.modules[0].downloads[0][0].values["file_de"] == "downloads/our-partnership-de.pdf"
        assert LogEntry.objects.filter(action_flag=1).count() == sum(map(len, everything())) // 2

    def test_new_rows_come_behind_those_that_are_there(self, course, office):
        Question.objects.create(module=Module.objects.get(), number=5, text_de="Fünf?", text_en="Five?")
        files = files_of("kurs")
        files |= {
            "m01/module.toml": files["m01/module.toml"].replace("[10, 10]", "[10, 10, 25]"),
            "m01/3.de.md": "# Drei\n\nDritter Text\n",
        }
        answer = '[[question.answer]]\ntext = "a"\nright = true\nwhy = "b"\n'
        files = {
            name: text + (f'{answer}\n[[question]]\ntext = "Sechs?"\n{answer}' if "/quiz." in name else "")
            for name, text in files.items()
        }

        office.write(office.look(zipped(files)))

        lesson = Lesson.objects.get(number=3)
        assert (lesson.title_de, lesson.title_en or "", lesson.minutes, lesson.loaded) == ("Drei", "", 25, "")
        assert [row.number for row in Question.objects.order_by("number")] == [1, 5, 6]
        assert Answer.objects.get(question__number=6).is_right is True
        assert Answer.objects.get(question__number=5).text_en == "a"

    def test_not_if_other_rows_would_change_by_now(self, course, office):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        look = office.look(zipped(files))
        lesson = Lesson.objects.get(number=1)
        lesson.title_de = "Jemand anders"
        save_texts(row=lesson, now=timezone.now())

        answer = office.write(look)

        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody has changed the course in the meantime." in html
        assert "<p>title [de]: Jemand anders</p>" in html
        assert Lesson.objects.get(number=1).title_de == "Jemand anders"
        # Having seen that, it may be done.
        assert office.write(answer).status_code == 302
        assert Lesson.objects.get(number=1).title_de == "Neuer Titel"

    def test_all_or_nothing(self, course, admin, now, tmp_path, monkeypatch):
        files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
        files = changed(files, "m01/2.de.md", "Lektion 1.2", "Noch einer")
        read_files = read_again(files, tmp_path)
        before, done = everything(), []

        def stumbles(*, row, now):
            if done:
                raise RuntimeError
            done.append(row)
            save_texts(row=row, now=now)

        monkeypatch.setattr("training.actions.editing.save_texts", stumbles)
        with pytest.raises(RuntimeError):
            importing.bring_in(files=read_files, shown=looked_at(read_files).digest, by=admin, now=now)

        assert done
        assert everything() == before

    def test_a_new_course_that_somebody_else_just_made(self, course, admin, now, tmp_path, monkeypatch):
        files = changed(files_of("kurs"), "course.toml", '"kurs"', '"anderer"')
        read_files = read_again(files, tmp_path)
        shown = looked_at(read_files).digest

        def meanwhile(files, *, locked):
            look = looked_at(files, locked=locked)
            CourseFactory(slug="anderer")
            return look

        monkeypatch.setattr(importing, "looked_at", meanwhile)
        with pytest.raises(importing.OtherThanShown):
            importing.bring_in(files=read_files, shown=shown, by=admin, now=now)

        assert Module.objects.count() == 1

    def test_texts_of_the_course_itself(self, course, office):
        version = course.version
        files = changed(files_of("kurs"), "course.toml", "Worum es geht.", "Etwas anderes.")

        office.write(office.look(zipped(files)))

        course.refresh_from_db()
        assert (course.summary_de, course.version, course.state) == (
            "Etwas anderes.",
            version + 1,
            "published",
        )

    def test_another_file_after_going_back_is_another_act(self, course, office):
        look = office.look(zipped(changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Eins")))
        key = str(look.context["form"]["key"].value())
        office.write(look)

        office.write(
            office.look(zipped(changed(files_of("kurs"), "m01/2.de.md", "Lektion 1.2", "Zwei")), key=key)
        )

        assert [row.title_de for row in Lesson.objects.order_by("number")] == ["Eins", "Zwei"]

    @pytest.mark.parametrize(
        "texts",
        ["nonsense", signing.dumps({"course.toml": ""}, salt="other", compress=True)],
        ids=[
            "nonsense",
            "of another form",
        ],  # a signature says the time: each worker would call the test otherwise
    )
    def test_takes_only_texts_it_has_read_itself(self, course, office, texts):
        look = office.look(zipped(changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")))
        before = everything()

        answer = office.client.post(IMPORT, office.written_from(look) | {"texts": texts})

        assert answer.status_code == 422
        assert "Please choose the file again." in answer.content.decode()
        assert everything() == before

    def test_only_the_texts_travel_on(self, course, office):
        look = office.look(zipped(files_of("kurs") | {"m01/images/x.svg": "<svg/>", "README.txt": "x"}))

        carried = signing.loads(look.context["form"]["texts"].value(), salt=SALT)

        assert set(carried) == set(files_of("kurs"))


class TestLoadingAfterwards:
    def test_leaves_alone_what_the_office_brought_in(self, office):
        load_curriculum()
        files = changed(files_of(CURRICULUM), "m01/1.de.md", "# ", "# Neu: ")
        files = changed(
            files, "m01/1.media.toml", "[[download]]", files["m01/1.media.toml"] + "\n[[download]]"
        )
        files = changed(files, "m01/checklist.de.md", "- [ ] ", "- [ ] Neu: ")
        answer = office.write(office.look(zipped(files)))
        assert answer.status_code == 302

        done = load_curriculum()

        lesson = Lesson.objects.get(module__number=1, number=1)
        assert (done.new, done.changed, done.kept) == (0, 0, [])
        assert lesson.title_de.startswith("Neu: ")
        assert lesson.loaded != ""
        # A download of the office stays, though the curriculum names one only.
        assert [row.loaded == "" for row in lesson.files.order_by("number")] == [False, True]

    def test_says_what_it_left_alone_if_the_file_changed(self, office, tmp_path):
        load_curriculum()
        office.write(office.look(zipped(changed(files_of(CURRICULUM), "m01/1.de.md", "# ", "# Neu: "))))
        folder = tmp_path / "curriculum"
        shutil.copytree(FOLDER, folder)
        path = folder / "m01" / "1.de.md"
        path.write_text(path.read_text("utf-8").replace("# ", "# Anders: ", 1), "utf-8")

        done = load_curriculum(folder)

        assert len(done.kept) == 1
        assert Lesson.objects.get(module__number=1, number=1).title_de.startswith("Neu: ")


def test_history_is_read_in_the_admin(course, office):
    files = changed(files_of("kurs"), "m01/1.de.md", "Lektion 1.1", "Neuer Titel")
    office.write(office.look(zipped(files)))
    lesson = Lesson.objects.get(number=1)

    html = office.client.get(f"/admin/training/lesson/{lesson.pk}/history/").content.decode()

    assert "“Lektion 1.1” → “Neuer Titel”" in html
    assert json.loads(LogEntry.objects.get().change_message)[0]["changed"]["fields"]

"""Courses in the office: published only with lessons, edits stay, the group by its address."""

import pytest
from django.contrib.admin.models import LogEntry

from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory
from tests.factories.training import CourseFactory, EnrolmentFactory, ModuleFactory, SelfCheckQuestionFactory
from training.loading import load_curriculum
from training.models import Answer, ChecklistItem, Course, Lesson, Question, SelfCheckQuestion

pytestmark = pytest.mark.django_db


def sent(course: Course, **facts):
    data = {
        "slug": course.slug,
        "state": course.state,
        **{
            f"{name}_{code}": getattr(course, f"{name}_{code}")
            for name in ("title", "summary")
            for code in ("de", "en")
        },
        "enrol_from_0": "",
        "enrol_from_1": "",
        "enrol_until_0": "",
        "enrol_until_1": "",
        "seats": "",
        "group_address": "",
        "base_version": str(course.version),
    }
    return data | facts


def address(row) -> str:
    return f"/admin/training/{row._meta.model_name}/{row.pk}/change/"


def test_a_course_without_a_lesson_is_not_published(admin):
    course = CourseFactory(state="draft")
    client = signed_in(admin, "en")

    answer = client.post(address(course), sent(course, state="published"))

    assert "A course without a lesson cannot be published." in answer.content.decode()
    course.refresh_from_db()
    assert course.state == "draft"
    ModuleFactory(course=course)
    assert client.post(address(course), sent(course, state="published")).status_code == 302
    course.refresh_from_db()
    assert (course.state, course.version) == ("published", 2)


def test_the_group_is_one_that_one_leads(admin, coach):
    """Named by its address. Who could name any group would open it for themselves."""
    course, other = CourseFactory(state="draft"), CourseFactory(state="draft")
    group, foreign = GroupFactory(coach=admin), GroupFactory(coach=coach)
    client = signed_in(admin, "en")

    for typed in ("nix", foreign.slug):
        html = client.post(address(course), sent(course, group_address=typed)).content.decode()
        assert "You lead no group at this address." in html
    assert client.post(address(course), sent(course, group_address=group.slug)).status_code == 302
    course.refresh_from_db()
    assert course.group == group
    assert f'value="{group.slug}"' in client.get(address(course)).content.decode()
    html = client.post(address(other), sent(other, group_address=group.slug)).content.decode()
    assert "another course" in html
    assert client.post(address(course), sent(course)).status_code == 302
    course.refresh_from_db()
    assert course.group is None


def test_a_group_stays_when_somebody_else_saves(admin, coach):
    course = CourseFactory(group=GroupFactory(coach=coach))
    ModuleFactory(course=course)

    answer = signed_in(admin).post(address(course), sent(course, group_address=course.group.slug, seats="7"))

    assert answer.status_code == 302
    course.refresh_from_db()
    assert (course.seats, course.group is not None) == (7, True)


def test_a_lesson_edited_here_is_kept_by_the_loader(admin):
    load_curriculum()
    lesson = Lesson.objects.first()
    data = {
        "minutes": 12,
        "title_de": "Neu",
        "title_en": "New",
        "text_de": "Kurz.",
        "text_en": "Short.",
        "base_version": "1",
    }

    assert signed_in(admin).post(address(lesson), data).status_code == 302
    assert load_curriculum().changed == 0

    lesson.refresh_from_db()
    assert (lesson.minutes, lesson.title_de, lesson.text_en) == (12, "Neu", "Short.")


def test_the_second_of_two_editors_sees_what_the_first_has_saved(admin, coach):
    lesson = ModuleFactory().lessons.first()
    client = signed_in(admin, "en")
    first = {"minutes": 10, "title_de": "Eins", "title_en": "One", "text_de": "Erster", "text_en": "First"}
    second = first | {"title_en": "Two", "text_en": "Second"}

    assert client.post(address(lesson), first | {"base_version": "1"}).status_code == 302
    html = client.post(address(lesson), second | {"base_version": "1"}).content.decode()

    assert "Somebody else has saved this meanwhile." in html
    assert "Second" in html
    lesson.refresh_from_db()
    assert (lesson.title_en, lesson.text_en, lesson.version) == ("One", "First", 2)


@pytest.mark.parametrize(
    "model", ["course", "module", "lesson", "enrolment", "question", "checklistitem", "selfcheckquestion"]
)
def test_lists_open_and_can_be_searched(admin, model):
    course = ModuleFactory(questions=1, items=1).course
    EnrolmentFactory(course=course)
    SelfCheckQuestionFactory(course=course)
    client = signed_in(admin)

    assert client.get(f"/admin/training/{model}/").status_code == 200
    assert client.get(f"/admin/training/{model}/?q=x").status_code == 200


class TestQuiz:
    @pytest.fixture
    def question(self) -> Question:
        return Question.objects.get(module=ModuleFactory(questions=1))

    def sent(self, question: Question, **facts: str | None) -> dict[str, str]:
        """The form as it is, in the browser's words; None takes a tick away."""
        answers = list(question.answers.all())
        data = {
            "text_de": question.text_de,
            "text_en": question.text_en,
            "base_version": str(question.version),
            "answers-TOTAL_FORMS": str(len(answers)),
            "answers-INITIAL_FORMS": str(len(answers)),
        }
        for at, answer in enumerate(answers):
            data |= {f"answers-{at}-id": str(answer.pk), f"answers-{at}-question": str(question.pk)}
            data |= {f"answers-{at}-base_version": str(answer.version)}
            data |= {
                f"answers-{at}-{name}": getattr(answer, name)
                for name in ("text_de", "text_en", "why_de", "why_en")
            }
            data |= {f"answers-{at}-is_right": "on"} if answer.is_right else {}
        return {name: value for name, value in (data | facts).items() if value is not None}

    def test_shows_the_answers_in_both_languages(self, admin, question):
        html = signed_in(admin, "en").get(address(question)).content.decode()

        for field in ("text_de", "answers-0-text_de", "answers-1-text_en", "answers-1-why_de"):
            assert f'name="{field}"' in html
        # None more and none less.
        assert "answers-2-text_de" not in html
        assert "DELETE" not in html
        assert "answers-__prefix__-text_de" not in html

    def test_saves_only_the_answers_that_changed(self, admin, question):
        answer = signed_in(admin, "en").post(
            address(question), self.sent(question, **{"answers-1-why_en": "New reason."})
        )

        assert answer.status_code == 302
        first, second = question.answers.all()
        assert (first.version, second.version, second.why_en) == (1, 2, "New reason.")
        # Told as a change by which the other language is behind.
        assert (second.changed_en is not None, second.changed_de, first.changed_en) == (True, None, None)
        question.refresh_from_db()
        assert question.version == 1
        said = LogEntry.objects.get().get_change_message()
        assert "“Because 1.2” → “New reason.”" in said
        assert "base_version" not in said

    def test_saves_the_question_alone(self, admin, question):
        signed_in(admin, "en").post(address(question), self.sent(question, text_de="Wie?"))

        question.refresh_from_db()
        assert (question.text_de, question.version, question.changed_de is not None) == ("Wie?", 2, True)
        assert [one.version for one in question.answers.all()] == [1, 1]
        assert "“Was 1?” → “Wie?”" in LogEntry.objects.get().get_change_message()

    def test_at_least_one_answer_is_right(self, admin, question):
        client = signed_in(admin, "en")

        html = client.post(address(question), self.sent(question, **{"answers-0-is_right": None})).content

        assert "At least one answer has to be right." in html.decode()
        assert list(question.answers.values_list("is_right", "version")) == [(True, 1), (False, 1)]
        data = self.sent(question, **{"answers-0-is_right": None, "answers-1-is_right": "on"})
        assert client.post(address(question), data).status_code == 302
        assert list(question.answers.values_list("is_right", "version")) == [(False, 2), (True, 2)]

    def test_an_answer_that_somebody_else_has_saved_is_not_overwritten(self, admin, question):
        client, stale = signed_in(admin, "en"), self.sent(question, **{"answers-0-text_en": "Mine"})
        client.post(address(question), self.sent(question, **{"answers-0-text_en": "Theirs"}))

        html = client.post(address(question), stale).content.decode()

        assert "Somebody else has saved this meanwhile." in html
        assert "“Theirs”" in html
        assert question.answers.first().text_en == "Theirs"

    def test_none_is_added_by_hand(self, admin, question):
        data = self.sent(question)
        more = {f"answers-2-{name}": "x" for name in ("text_de", "text_en", "why_de", "why_en")}
        data |= more | {"answers-TOTAL_FORMS": "3", "answers-0-DELETE": "on"}

        signed_in(admin).post(address(question), data)

        assert question.answers.count() == 2

    def test_is_kept_by_the_loader(self, admin):
        load_curriculum()
        answer = Answer.objects.filter(is_right=True).first()
        at = list(answer.question.answers.all()).index(answer)
        data = self.sent(answer.question, **{f"answers-{at}-why_de": "Weil es so ist."})

        assert signed_in(admin).post(address(answer.question), data).status_code == 302

        assert load_curriculum().changed == 0
        answer.refresh_from_db()
        assert answer.why_de == "Weil es so ist."


@pytest.mark.parametrize("model", [ChecklistItem, SelfCheckQuestion])
def test_items_and_questions_of_the_self_check_are_changed_once_at_a_time(admin, model):
    SelfCheckQuestionFactory(course=ModuleFactory(items=1).course)
    row = model.objects.get()
    names = ("text",) if model is ChecklistItem else ("text", "low", "high")
    data = {f"{name}_{code}": f"{name} {code}" for name in names for code in ("de", "en")}
    client = signed_in(admin, "en")

    assert client.post(address(row), data | {"base_version": "1"}).status_code == 302
    html = client.post(address(row), data | {"text_de": "Mehr", "base_version": "1"}).content.decode()

    assert "Somebody else has saved this meanwhile." in html
    row.refresh_from_db()
    assert (row.text_de, row.text_en, row.version) == ("text de", "text en", 2)
    # What stood there before, and what stands there now.
    assert "→ “text de”" in LogEntry.objects.get().get_change_message()


@pytest.mark.parametrize("model", [Question, ChecklistItem, SelfCheckQuestion])
def test_texts_are_neither_added_nor_deleted(admin, model):
    SelfCheckQuestionFactory(course=ModuleFactory(items=1, questions=1).course)
    row, client = model.objects.get(), signed_in(admin)

    assert client.get(f"/admin/training/{model._meta.model_name}/add/").status_code == 403
    assert client.post(address(row).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert model.objects.exists()


def test_who_may_only_read_changes_nothing():
    row = ChecklistItem.objects.get(module=ModuleFactory(items=1))
    reader = UserFactory(is_staff=True)
    grant(reader, "training.view_checklistitem")
    data = {"text_de": "Neu", "text_en": "New", "base_version": "1"}

    assert signed_in(reader).get(address(row)).status_code == 200
    assert signed_in(reader).post(address(row), data).status_code == 403
    assert signed_in(UserFactory(is_staff=True)).get(address(row)).status_code == 403
    row.refresh_from_db()
    assert row.text_de == "Punkt 1"


def test_the_list_of_translations_leads_to_quiz_and_checklist(admin):
    course = ModuleFactory(questions=2, items=1).course
    SelfCheckQuestionFactory(course=course)
    question, other = Question.objects.all()
    Question.objects.filter(pk=question.pk).update(text_en="")
    Answer.objects.filter(question=other, number=1).update(why_de="")
    ChecklistItem.objects.update(text_en="")
    SelfCheckQuestion.objects.update(low_en="")

    html = signed_in(admin, "en").get("/admin/training/course/translations/").content.decode()

    # An answer is changed with its question.
    rows = [question, other, ChecklistItem.objects.get(), SelfCheckQuestion.objects.get()]
    assert [row for row in rows if address(row) not in html] == []

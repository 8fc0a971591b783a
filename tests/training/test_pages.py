"""The pages of courses: what is found, who comes in, what is marked, and how few queries it takes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from partnerships.models import SideContact
from tests.conftest import grant, signed_in
from tests.factories.discussions import GroupFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.strategies import look_after
from tests.factories.training import (
    CourseDateFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    LessonFileFactory,
    ModuleFactory,
    SelfCheckQuestionFactory,
)
from tests.factories.webinars import RegistrationFactory
from training.actions.strategies import begin_strategy
from training.models import Enrolment, LessonDone, QuizDone, Tick

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def module(db):
    return ModuleFactory(course=CourseFactory(slug="kurs"), lessons=2, questions=2, items=2)


@pytest.fixture
def seat(module, participant):
    return EnrolmentFactory(course=module.course, person=participant)


class TestFinding:
    def test_the_list_shows_what_is_published(self, client, outsider):
        CourseFactory(title_de="Offen", title_en="Open to all")
        CourseFactory(title_de="Verborgen", title_en="Hidden", state="draft")
        CourseFactory(title_de="Vorbei", title_en="Over", state="archived")

        html = text(signed_in(outsider, "en"), "/courses/")

        assert "Open to all" in html
        assert "Hidden" not in html
        assert "Over<" not in html

    def test_an_empty_list_says_so(self, client):
        assert 'class="empty"' in text(client, "/courses/")

    def test_a_draft_is_there_only_for_the_office(self, outsider, coordinator):
        course = CourseFactory(state="draft")
        coordinator.is_staff = True
        coordinator.save()
        grant(coordinator, "training.view_course")

        assert signed_in(outsider).get(course.get_absolute_url()).status_code == 404
        assert signed_in(coordinator).get(course.get_absolute_url()).status_code == 200

    def test_the_page_is_in_the_reader_s_language(self, client, module):
        client.cookies["django_language"] = "en"
        assert "Module 1" in text(client, "/courses/kurs/")
        client.cookies["django_language"] = "de"
        assert "Modul 1" in text(client, "/courses/kurs/")

    def test_pictures(self, client):
        answer = client.get("/courses/pictures/m01/timeline.svg")

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
        assert b"<svg" in b"".join(answer.streaming_content)
        assert client.get("/courses/pictures/m01/nonsense.svg").status_code == 404
        assert client.get("/courses/pictures/m99/timeline.svg").status_code == 404

    @pytest.mark.parametrize("way", ["..%2F..%2Fmodule", "../1.de", "%2e%2e", "m01/1.de.md", "M01"])
    def test_no_way_leads_out_of_the_folder(self, client, way):
        assert client.get(f"/courses/pictures/{way}/timeline.svg").status_code == 404


class TestEnrolling:
    def test_goes_to_the_course(self, participant, module):
        client = signed_in(participant, "en")
        answer = client.post("/courses/kurs/enrol/", {"partnership": ""}, follow=True)

        assert answer.redirect_chain == [("/courses/kurs/", 302)]
        assert "You take part" in answer.content.decode()
        assert Enrolment.objects.get().person == participant

    def test_a_partnership_of_others_is_refused(self, participant, module, now):
        own, foreign = PartnershipFactory(), PartnershipFactory()
        SideContact.objects.create(
            side=own.sides.first(), person=participant, email=participant.email, language="de", since=now
        )
        client = signed_in(participant)

        assert client.post("/courses/kurs/enrol/", {"partnership": foreign.pk}).status_code == 422
        assert client.post("/courses/kurs/enrol/", {"partnership": own.pk}).status_code == 302
        assert Enrolment.objects.get().partnership == own

    def test_from_a_second_tab_it_says_that_the_choice_does_not_count(self, participant, module, now):
        own = PartnershipFactory()
        SideContact.objects.create(side=own.sides.first(), person=participant, since=now)
        client = signed_in(participant, "en")
        client.post("/courses/kurs/enrol/", {"partnership": own.pk})

        again = client.post("/courses/kurs/enrol/", {"partnership": own.pk}, follow=True)
        other = client.post("/courses/kurs/enrol/", {"partnership": ""}, follow=True)

        assert "You take part already." not in again.content.decode()
        assert "You take part already." in other.content.decode()
        assert Enrolment.objects.get().partnership == own

    def test_the_list_says_when_enrolment_opens(self, client, module):
        module.course.enrol_from = timezone.now() + timedelta(days=3)
        module.course.save()
        client.cookies["django_language"] = "en"

        assert f"enrolment from {date_format(module.course.enrol_from)}" in text(client, "/courses/")
        module.course.enrol_from, module.course.enrol_until = None, timezone.now()
        module.course.save()
        assert "enrolment closed" in text(client, "/courses/")

    def test_when_it_is_full_or_over(self, participant, module):
        module.course.seats = 0
        module.course.save()
        client = signed_in(participant, "en")
        assert "All seats are taken." in client.post("/courses/kurs/enrol/").content.decode()

        module.course.enrol_until = timezone.now() - timedelta(days=1)
        module.course.save()
        assert "Nobody can enrol at the moment." in client.post("/courses/kurs/enrol/").content.decode()

    def test_the_group_is_named_only_to_its_members(self, participant, outsider, coach, module):
        group = GroupFactory(name="Verschwiegene Runde", coach=coach)
        module.course.group = group
        module.course.save()
        inside, outside = signed_in(participant), signed_in(outsider)

        inside.post("/courses/kurs/enrol/")
        EnrolmentFactory(course=module.course, person=outsider)  # before the course had a group

        assert "Verschwiegene Runde" in text(inside, "/courses/kurs/")
        for client in (outside, Client()):
            html = text(client, "/courses/kurs/")
            assert "Verschwiegene Runde" not in html
            assert group.slug not in html

    def test_leaving_asks_once_more(self, participant, seat):
        client = signed_in(participant)
        assert client.get("/courses/kurs/leave/").status_code == 200
        seat.refresh_from_db()
        assert seat.left_at is None

        assert client.post("/courses/kurs/leave/").status_code == 302
        seat.refresh_from_db()
        assert seat.left_at is not None
        assert client.get("/courses/kurs/1/1/").status_code == 302


INSIDE = [f"/courses/kurs/1/{page}" for page in ("", "1/", "quiz/", "print/", "offline/")]


class TestInside:
    @pytest.mark.parametrize("address", INSIDE)
    def test_who_takes_no_part_is_led_to_the_course(self, address, module, outsider):
        answer = signed_in(outsider).get(address)

        assert (answer.status_code, answer.headers["Location"]) == (302, "/courses/kurs/")

    @pytest.mark.parametrize("address", INSIDE)
    def test_a_draft_is_closed(self, address, module, outsider):
        module.course.state = "draft"
        module.course.save()

        assert signed_in(outsider).get(address).status_code == 404

    @pytest.mark.parametrize("address", ["/courses/kurs/9/", "/courses/kurs/1/9/", "/courses/kurs/9/quiz/"])
    def test_what_is_not_there(self, address, seat, participant):
        assert signed_in(participant).get(address).status_code == 404

    def test_a_lesson(self, seat, participant):
        html = text(signed_in(participant, "en"), "/courses/kurs/1/1/")

        assert "<h1>Lesson 1.1</h1>" in html
        assert "<h2>Beginning</h2>" in html
        assert "<em>text</em>" in html

    def test_done_goes_on_and_undone_stays(self, seat, participant):
        client = signed_in(participant)

        assert client.post("/courses/kurs/1/1/", {"done": "1"}).headers["Location"] == "/courses/kurs/1/2/"
        assert client.post("/courses/kurs/1/2/", {"done": "1"}).headers["Location"] == "/courses/kurs/1/quiz/"
        assert LessonDone.objects.count() == 2
        assert client.post("/courses/kurs/1/1/", {"done": "0"}).headers["Location"] == "/courses/kurs/1/1/"
        assert LessonDone.objects.get().lesson.number == 2

    def test_the_course_says_where_to_go_on(self, seat, participant):
        client = signed_in(participant, "en")
        client.post("/courses/kurs/1/1/", {"done": "1"})

        html = text(client, "/courses/kurs/")

        assert "1 of 3 done" in html
        assert 'href="/courses/kurs/1/2/"' in html

    def test_another_language_keeps_the_progress(self, seat, participant):
        signed_in(participant, "de").post("/courses/kurs/1/1/", {"done": "1"})

        assert "1 of 3 done" in text(signed_in(participant, "en"), "/courses/kurs/")

    def test_the_quiz_explains_every_answer(self, seat, participant, module):
        client = signed_in(participant, "en")
        assert "Because" not in text(client, "/courses/kurs/1/quiz/")
        wrong = module.questions.first().answers.get(number=2)

        html = client.post("/courses/kurs/1/quiz/", {"question_1": [wrong.pk]}).content.decode()

        assert [html.count(f"Because {at}.{place}") for at in (1, 2) for place in (1, 2)] == [1, 1, 1, 1]
        assert html.count("your answer") == 1
        assert QuizDone.objects.count() == 1

    def test_nonsense_in_the_quiz(self, seat, participant):
        client = signed_in(participant)

        assert client.post("/courses/kurs/1/quiz/", {"question_1": ["x"]}).status_code == 422
        assert client.post("/courses/kurs/1/quiz/", {"question_1": ["999999"]}).status_code == 422
        assert not QuizDone.objects.exists()

    def test_the_checklist(self, seat, participant, module):
        first = module.checklist.first()
        client = signed_in(participant)

        answer = client.post("/courses/kurs/1/checklist/", {"item": [first.pk, "x", "٣"]})

        assert answer.headers["Location"] == "/courses/kurs/1/#checklist"
        assert "Ihre Häkchen sind gespeichert." in text(client, "/courses/kurs/1/")
        assert Tick.objects.get().item == first
        assert text(client, "/courses/kurs/1/").count(" checked") == 1

    def test_on_paper_stands_everything(self, seat, participant):
        html = text(signed_in(participant, "en"), "/courses/kurs/1/print/")

        for words in ("Lesson 1.1", "Lesson 1.2", "What 1?", "Because 2.2", "Item 2"):
            assert words in html

    def test_the_office_looks_without_leaving_a_trace(self, admin, module):
        client = signed_in(admin)
        for address in INSIDE:
            assert client.get(address).status_code == 200
        client.post("/courses/kurs/1/1/", {"done": "1"})
        client.post("/courses/kurs/1/quiz/", {})

        assert not LessonDone.objects.exists()
        assert not QuizDone.objects.exists()

    def test_what_the_author_wrote_is_no_markup(self, seat, participant, module):
        LessonFactory(module=module, number=3, text_de="<script>alert(1)</script> [x](javascript:alert(1))")

        html = text(signed_in(participant), "/courses/kurs/1/3/")

        assert "<script>alert" not in html
        assert 'href="javascript' not in html


class TestDesk:
    def test_names_the_next_step(self, seat, participant):
        client = signed_in(participant, "en")
        assert "/courses/kurs/1/1/" in text(client, "/desk/")
        client.post("/courses/kurs/1/1/", {"done": "1"})

        html = text(client, "/desk/")

        assert "/courses/kurs/1/2/" in html
        assert "1 of 3 steps are done. Next: Lesson 1.2" in html

    def test_and_nothing_at_the_end(self, seat, participant):
        client = signed_in(participant, "en")
        for address in ("/courses/kurs/1/1/", "/courses/kurs/1/2/"):
            client.post(address, {"done": "1"})
        client.post("/courses/kurs/1/quiz/", {})

        assert "/courses/kurs/" not in text(client, "/desk/")
        assert "You have done everything" in text(client, "/courses/kurs/")


@pytest.mark.parametrize("number", [1, 12])
def test_few_queries_however_long_a_course_is(participant, number, django_assert_num_queries):
    course = CourseFactory(slug="kurs", needs_dates=number + 1, needs_strategy=True)
    for at in range(number):
        module = ModuleFactory(course=course, lessons=number, questions=1, items=number)
        for lesson in module.lessons.all():
            for place in range(1, number + 1):
                LessonFileFactory(lesson=lesson, number=place)
        date = CourseDateFactory(course=course, after_module=at)
        RegistrationFactory(session=date.session, person=participant, attended_at=timezone.now())
        SelfCheckQuestionFactory(course=course)
    EnrolmentFactory(course=course, person=participant, partnership=PartnershipFactory())
    for _ in range(number - 1):
        CourseFactory()
    client = signed_in(participant)
    client.get("/courses/")

    # Browser session, account, notices; and of the page:
    for address, own in {
        "/courses/": 2,  # courses, own progress
        # Course, enrolment, modules, lessons, questions, lessons and quizzes done, dates; what is missing: dates,
        # sections, which are approved; self-check: what is answered, whether there is one.
        "/courses/kurs/": 13,
        "/courses/kurs/1/": 12,  # the first eight; module, checklist, ticks, way to the strategy
        "/courses/kurs/1/1/": 12,  # the first eight; module, lesson, its files, way to the strategy
        "/courses/kurs/1/quiz/": 11,  # the first eight; module, questions, answers
        "/courses/kurs/self-check/before/": 10,  # the first eight; questions, answers
        "/courses/kurs/1/print/": 8,  # course, enrolment, module, lessons, files, questions, answers, checklist
        "/courses/kurs/1/offline/": 7,  # the same; the file has no bell
    }.items():
        with django_assert_num_queries(3 + own):
            client.get(address)


def test_a_lesson_leads_to_its_section_of_the_team_s_strategy(participant, module, seat):
    """Who looks after the partnership no more, and who has none, only reads the name of the section."""
    client = signed_in(participant, "en")
    assert "/strategy/" not in text(client, "/courses/kurs/1/1/")
    partnership = PartnershipFactory(slug="team")
    look_after(partnership, participant)
    Enrolment.objects.update(partnership=partnership)

    assert 'href="/partnerships/team/strategy/"' in text(client, "/courses/kurs/1/")
    begin_strategy(partnership=partnership, languages=["de"], by=participant, now=timezone.now())
    assert 'href="/partnerships/team/strategy/s1/"' in text(client, "/courses/kurs/1/1/")

    participant.side_contacts.update(ended_at=timezone.now())
    assert "/strategy/" not in text(client, "/courses/kurs/1/1/")

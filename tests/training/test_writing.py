"""The office writes to a selection of those who take part: to these and nobody else, each in their language, once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import erase
from accounts.personal_data import export
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.training import CourseFactory, EnrolmentFactory
from tests.factories.webinars import RegistrationFactory, SessionFactory
from training.actions import taking_part, writing
from training.models import Course, CourseMail, CourseSession, Enrolment

pytestmark = pytest.mark.django_db
TEXTS = {"subject_de": "Termin", "text_de": "Bitte kommen.", "subject_en": "Date", "text_en": "Please come."}
LIST = "/admin/training/enrolment/"


@pytest.fixture
def course() -> Course:
    return CourseFactory(title_de="Anfangen", title_en="Beginning")


@pytest.fixture
def german(course) -> Enrolment:
    return EnrolmentFactory(course=course, person=UserFactory(email="de@example.org", language="de"))


@pytest.fixture
def english(course) -> Enrolment:
    return EnrolmentFactory(course=course, person=UserFactory(email="en@example.org", language="en"))


def write(course: Course, by, now, *rows: Enrolment, **texts: str) -> CourseMail:
    chosen = [row.pk for row in rows]
    return writing.write_to(course=course, chosen=chosen, texts=TEXTS | texts, by=by, now=now)


class TestAction:
    def test_reaches_the_selection_and_nobody_else(self, course, german, english, admin, now, mailoutbox):
        EnrolmentFactory(course=course)
        left = EnrolmentFactory(course=course, left_at=now)
        elsewhere = EnrolmentFactory()
        asleep = EnrolmentFactory(course=course, person__is_active=False)

        mail = write(course, admin, now, german, english, left, elsewhere, asleep)
        deliver_due(now=now)

        assert {one.to[0]: one.subject for one in mailoutbox} == {
            "de@example.org": "Termin",
            "en@example.org": "Date",
        }
        assert len(mailoutbox) == 2
        bodies = {one.to[0]: one.body for one in mailoutbox}
        assert "Bitte kommen." in bodies["de@example.org"]
        assert "Please come." in bodies["en@example.org"]
        assert "This text is in" not in bodies["en@example.org"]
        assert all(one.reply_to == [admin.email] for one in mailoutbox)
        assert (mail.readers, mail.sent_by, mail.sent_at) == (2, admin, now)

    @pytest.mark.parametrize(
        ("missing", "reader", "subject", "said"),
        [
            ("en", "en@example.org", "Termin", "This text is in German."),
            ("de", "de@example.org", "Date", "Please come."),
        ],
    )
    def test_a_language_that_is_missing(
        self, course, german, english, admin, now, mailoutbox, missing, reader, subject, said
    ):
        write(course, admin, now, german, english, **{f"subject_{missing}": "", f"text_{missing}": ""})

        deliver_due(now=now)

        mail = next(one for one in mailoutbox if one.to == [reader])
        assert mail.subject == subject
        assert said in mail.body
        html = mail.alternatives[0][0]
        assert f'lang="{"de" if missing == "en" else "en"}"' in html[html.index("<blockquote") :]

    def test_not_to_who_stops_before_it_is_sent(self, course, german, english, admin, now, mailoutbox):
        write(course, admin, now, german, english)
        taking_part.leave(enrolment=german, now=now)

        deliver_due(now=now)

        assert [one.to for one in mailoutbox] == [["en@example.org"]]

    def test_nobody_left_is_said(self, course, admin, now):
        row = EnrolmentFactory(course=course, left_at=now)

        with pytest.raises(writing.NobodyToWriteTo):
            write(course, admin, now, row)
        assert not CourseMail.objects.exists()

    def test_two_mails_are_two(self, course, german, admin, now):
        write(course, admin, now, german)
        write(course, admin, now + timedelta(minutes=1), german)

        assert Notice.objects.filter(kind="course_mail").count() == 2


class TestFilters:
    def shown(self, admin, query: str) -> set[int]:
        answer = signed_in(admin, "en").get(f"{LIST}?{query}")
        return {row.pk for row in answer.context["cl"].result_list}

    def test_by_attendance_at_the_dates_of_this_course(self, course, german, english, admin, now):
        mine, other = SessionFactory(), SessionFactory()
        CourseSession.objects.create(course=course, session=mine)
        RegistrationFactory(session=mine, person=german.person, attended_at=now)
        RegistrationFactory(session=mine, person=english.person)
        RegistrationFactory(session=other, person=english.person, attended_at=now)

        assert self.shown(admin, "attendance=some") == {german.pk}
        assert self.shown(admin, "attendance=none") == {english.pk}
        assert self.shown(admin, "attendance=x") == {german.pk, english.pk}

    def test_by_the_end(self, german, english, admin, now):
        Enrolment.objects.filter(pk=german.pk).update(finished_at=now)

        assert self.shown(admin, "finished=yes") == {german.pk}
        assert self.shown(admin, "finished=no") == {english.pk}


class TestPages:
    address = "/admin/training/enrolment/write/"

    def choose(self, client, *rows: Enrolment):
        data = {"action": "write", "_selected_action": [row.pk for row in rows]}
        return client.post(LIST, data, follow=True)

    def data(self, answer) -> dict[str, str]:
        return {
            "chosen": answer.context["chosen"],
            "key": str(answer.context["form"]["key"].value()),
            **TEXTS,
        }

    def test_from_the_list_over_the_look_to_the_mail_once(self, course, german, english, admin):
        client = signed_in(admin, "en")
        EnrolmentFactory(course=course)
        data = self.data(self.choose(client, german, english))

        look = client.post(self.address, data | {"look": "1"})

        html = look.content.decode()
        for words in ("German: 1 reader", "English: 1 reader", "Bitte kommen.", "Please come.", admin.email):
            assert words in html
        assert not CourseMail.objects.exists()
        first = client.post(self.address, data | {"send": "1"})
        second = client.post(self.address, data | {"send": "1"})
        mail = CourseMail.objects.get()
        assert first.url == second.url == f"/admin/training/coursemail/{mail.pk}/change/"
        people = set(Notice.objects.filter(kind="course_mail").values_list("recipient", flat=True))
        assert people == {german.person_id, english.person_id}
        log = client.get("/admin/training/coursemail/").content.decode()
        assert "Date" in log
        assert client.get(first.url).status_code == 200

    def test_the_look_names_the_language_that_is_read_instead(self, german, english, admin):
        client = signed_in(admin, "en")
        data = self.data(self.choose(client, german, english)) | {"subject_en": "", "text_en": ""}

        html = client.post(self.address, data | {"look": "1"}).content.decode()

        assert html.count("This text is in German.") == 1
        assert html.count("Bitte kommen.") >= 2

    def test_only_people_of_one_course(self, german, admin):
        answer = self.choose(signed_in(admin, "en"), german, EnrolmentFactory())

        assert "Please choose people of one course." in answer.content.decode()

    @pytest.mark.parametrize("chosen", ["", "0", "x,y", "9" * 30])
    def test_nonsense_leads_back_to_the_list(self, german, admin, chosen):
        client = signed_in(admin, "en")

        assert client.post(self.address, {"chosen": chosen, **TEXTS}).url == LIST
        assert client.get(self.address).url == LIST

    def test_a_language_that_is_begun_is_written_to_its_end(self, german, admin):
        client = signed_in(admin, "en")
        data = self.data(self.choose(client, german))

        half = client.post(self.address, data | {"text_en": "", "send": "1"})
        nothing = client.post(self.address, data | dict.fromkeys(TEXTS, "") | {"send": "1"})

        assert half.status_code == nothing.status_code == 422
        assert "Please write this as well." in half.content.decode()
        assert "Please write in German or in English." in nothing.content.decode()
        assert not CourseMail.objects.exists()

    def test_a_mail_cannot_be_changed_afterwards(self, course, german, admin, now):
        mail = write(course, admin, now, german)
        client = signed_in(admin)
        address = reverse("admin:training_coursemail_change", args=[mail.pk])

        assert client.post(address, {"subject_de": "Anders"}).status_code == 403
        assert client.post(reverse("admin:training_coursemail_delete", args=[mail.pk])).status_code == 403


def test_who_wrote_is_forgotten_with_the_person(course, german, admin, now):
    lead = UserFactory()
    write(course, lead, now, german)

    assert len(export(lead)["training.CourseMail"]) == 1
    erase(lead, by=admin, now=now)

    assert CourseMail.objects.get().sent_by is None

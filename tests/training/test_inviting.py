"""People are invited from a list: a look that writes nothing, then all of them once."""

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import erase
from accounts.models import User
from accounts.personal_data import export
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.training import CourseFactory, EnrolmentFactory, ModuleFactory
from training import invitation_lists
from training.actions import inviting, taking_part
from training.invitation_lists import Listed, decoded, read
from training.models import Course, CourseInvitation

pytestmark = pytest.mark.django_db
LIST = "email;name;language\nanna@example.org;Anna;de\nJan@Example.org;Jan Novák;cs\nnonsense;X;de\n"


@pytest.fixture
def course() -> Course:
    return ModuleFactory(course__title_de="Anfangen", course__title_en="Beginning").course


def invite(course: Course, by: User, now, *addresses: str) -> list[CourseInvitation]:
    people = [Listed(line, address) for line, address in enumerate(addresses, 2)]
    return inviting.invite(course=course, people=people, by=by, now=now)


def everything() -> dict[str, int]:
    """All rows but those every page of the admin may write."""
    rows = {one._meta.label: one._base_manager.count() for one in apps.get_models() if one._meta.managed}
    return {label: number for label, number in rows.items() if label != "sessions.Session"}


class TestList:
    @pytest.mark.parametrize(
        "text",
        [
            "email,name,language\na@example.org,Anna,en",
            "E-Mail;Name;Sprache\r\na@example.org;Anna;Englisch\r\n",
            "Sprache\tName\tE-Mail-Adresse\nEnglish\tAnna\tA@Example.org\n",
            '\ufeff"email";"name";"language"\n" a@example.org ";"Anna";"EN"',
            "email;role;name;language\na@example.org;chair;Anna;en;more",
        ],
    )
    def test_is_read_as_people_save_it(self, text):
        assert read(text) == [Listed(2, "a@example.org", "Anna", "en")]

    def test_addresses_alone_need_no_heading(self):
        assert read("a@example.org\n\nb@example.org") == [
            Listed(1, "a@example.org"),
            Listed(3, "b@example.org"),
        ]

    @pytest.mark.parametrize("text", ["name;language\nAnna;de", "a@example.org;Anna;de", "nobody"])
    def test_without_addresses_it_is_none(self, text):
        with pytest.raises(invitation_lists.NoAddresses):
            read(text)

    @pytest.mark.parametrize(
        ("line", "fault"),
        [
            (";Anna;de", "The address is missing."),
            ("anna;Anna;de", "This is no e-mail address."),
            (f"a@example.org;{'x' * 81};de", "The name has more than 80 characters."),
            ("a@example.org;Anna;Klingonisch", "We do not know this language. Please write de or en."),
            ("First@example.org;Anna;de", "The same address stands in line 2."),
        ],
    )
    def test_a_faulty_line_is_named(self, line, fault):
        found = read(f"email;name;language\nfirst@example.org;Erste;de\n{line}\n")

        assert [(row.line, row.fault) for row in found] == [(2, ""), (3, fault)]

    def test_lines_are_counted_as_an_editor_does(self):
        found = read('email;name\n\n"a@example.org";"Anna\nMaria"\nb@example.org;B\n')

        assert [(row.line, row.name) for row in found] == [(3, "Anna Maria"), (5, "B")]

    def test_five_hundred_at_most(self):
        people = [f"p{at}@example.org" for at in range(501)]

        assert len(read("email\n" + "\n".join(people[:500]))) == 500
        with pytest.raises(invitation_lists.TooMany):
            read("email\n" + "\n".join(people))

    @pytest.mark.parametrize("content", ["Gy\xf6rgy".encode("latin-1"), "email".encode("utf-16"), b"a\x00b"])
    def test_other_encodings_are_refused(self, content):
        with pytest.raises(invitation_lists.NotText):
            decoded(content)

    def test_a_cell_without_end_is_no_table(self):
        with pytest.raises(invitation_lists.NotText):
            read('email;name\na@example.org;"' + "x" * 140_000)


class TestAction:
    def test_writes_to_the_account_else_to_the_address(self, course, admin, now, mailoutbox):
        known = UserFactory(email="known@example.org", language="en")
        unproven = UserFactory(email="unproven@example.org", language="en")
        EmailAddress.objects.filter(user=unproven).update(verified=False)
        people = [
            Listed(2, "known@example.org", "K", "de"),
            Listed(3, "guest@example.org", "G", "de"),
            Listed(4, "hungary@example.org", "H", "hu"),
            Listed(5, unproven.email, language="de"),
        ]

        inviting.invite(course=course, people=people, by=admin, now=now)
        deliver_due(now=now)

        subjects = {mail.to[0]: mail.subject for mail in mailoutbox}
        assert len(mailoutbox) == 4
        assert "Beginning" in subjects["known@example.org"]
        assert "Anfangen" in subjects["guest@example.org"]
        assert "Beginning" in subjects["hungary@example.org"]
        assert "Anfangen" in subjects["unproven@example.org"]
        assert all(course.get_absolute_url() in mail.body for mail in mailoutbox)
        assert set(Notice.objects.values_list("recipient", flat=True)) == {known.pk, None}
        row = CourseInvitation.objects.get(email="hungary@example.org")
        assert (row.name, row.language, row.invited_by, row.invited_at) == ("H", "hu", admin, now)

    def test_leaves_out_who_is_inside_or_invited_or_faulty(self, course, admin, now):
        inside = EnrolmentFactory(course=course, person__email="Inside@example.org")
        left = EnrolmentFactory(course=course, person__email="left@example.org", left_at=now)
        invite(course, admin, now, "before@example.org")
        people = [
            Listed(2, inside.person.email.lower()),
            Listed(3, left.person.email),
            Listed(4, "before@example.org"),
            Listed(5, "faulty@example.org", fault="no"),
            Listed(6, "new@example.org"),
        ]

        made = inviting.invite(course=course, people=people, by=admin, now=now)

        assert [row.email for row in made] == ["left@example.org", "new@example.org"]
        assert CourseInvitation.objects.count() == Notice.objects.count() == 3

    @pytest.mark.parametrize("state", ["draft", "archived"])
    def test_not_to_a_page_that_is_not_there(self, admin, now, state):
        with pytest.raises(inviting.NotPublished):
            invite(CourseFactory(state=state), admin, now, "a@example.org")

        assert not CourseInvitation.objects.exists()

    def test_not_after_the_end_of_enrolment(self, admin, now):
        with pytest.raises(taking_part.NotOpen):
            invite(CourseFactory(enrol_until=now), admin, now, "a@example.org")

    def test_enrolling_forgets_the_address_and_the_waiting_mail(
        self, course, participant, admin, now, mailoutbox
    ):
        other = CourseFactory()
        for one in (course, other):
            invite(one, admin, now, participant.email.upper(), "else@example.org")

        taking_part.enrol(course=course, by=participant, partnership=None, now=now)

        left = set(CourseInvitation.objects.values_list("course", "email"))
        assert (other.pk, participant.email.upper()) in left
        assert {email for pk, email in left if pk == course.pk} == {"else@example.org"}
        CourseInvitation.objects.filter(course=other).delete()
        deliver_due(now=now)
        assert sorted(
            mail.subject for mail in mailoutbox if "eingeladen" in mail.subject or "invited" in mail.subject
        )
        assert [mail.to for mail in mailoutbox if mail.to == [participant.email]] == [[participant.email]]

    def test_everybody_still_invited_is_reminded_once(self, course, participant, admin, now, mailoutbox):
        invite(course, admin, now, participant.email, "else@example.org")
        taking_part.enrol(course=course, by=participant, partnership=None, now=now)
        deliver_due(now=now)
        mailoutbox.clear()

        for _time in range(2):
            assert inviting.remind_invited(course=course, by=admin, now=now) == 1
            deliver_due(now=now)

        assert [mail.to for mail in mailoutbox] == [["else@example.org"]]

    def test_nobody_is_reminded_of_what_is_closed(self, course, admin, now):
        invite(course, admin, now, "else@example.org")
        Course.objects.update(enrol_until=now)

        with pytest.raises(taking_part.NotOpen):
            inviting.remind_invited(course=course, by=admin, now=now)


class TestPage:
    def address(self, course: Course) -> str:
        return reverse("admin:training_course_invite", args=[course.pk])

    def look(self, client, course: Course, text: str = LIST):
        key = str(client.get(self.address(course)).context["form"]["key"].value())
        return client.post(self.address(course), {"text": text, "look": "1", "key": key})

    def send(self, client, course: Course, answer):
        form = answer.context["form"]
        data = {name: str(form[name].value()) for name in ("text", "key")}
        return client.post(self.address(course), data | {"invite": "1"})

    def test_the_look_writes_nothing(self, course, admin):
        client = signed_in(admin, "en")
        EnrolmentFactory(course=course, person__email="anna@example.org")
        before = everything()

        html = self.look(client, course, LIST + "new@example.org;N;en\n").content.decode()

        assert everything() == before
        for words in (
            "takes part already",
            "will be invited",
            "cannot be invited: This is no e-mail address.",
            "2 people would be invited.",
            "1 line is faulty and is left out.",
            'value="Invite 2 people"',
        ):
            assert words in html

    def test_sent_twice_invites_once(self, course, admin):
        client = signed_in(admin, "en")
        answer = self.look(client, course)

        first, second = self.send(client, course, answer), self.send(client, course, answer)

        assert first.status_code == second.status_code == 302
        assert first.url == second.url
        assert sorted(CourseInvitation.objects.values_list("email", flat=True)) == [
            "anna@example.org",
            "jan@example.org",
        ]
        assert Notice.objects.filter(kind="course_invited").count() == 2
        assert "is invited already" in self.look(client, course).content.decode()

    def test_a_file_is_taken_and_a_wrong_one_explained(self, course, admin):
        client = signed_in(admin, "en")
        key = str(client.get(self.address(course)).context["form"]["key"].value())

        def upload(content: bytes):
            return client.post(
                self.address(course), {"file": SimpleUploadedFile("l.csv", content), "key": key}
            )

        assert "jan@example.org" in upload(LIST.encode("utf-8-sig")).content.decode()
        answer = upload(LIST.encode("latin-1").replace(b"Anna", b"\xc4nna"))
        assert answer.status_code == 422
        assert "choose “CSV UTF-8” when saving" in answer.content.decode()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "Please choose a file, or paste the lines."),
            ("email;name", "There is nobody in it."),
            ("Anna;de\nJan;cs", "No column is called “email”."),
            ("email\n" + "\n".join(f"p{at}@example.org" for at in range(501)), "These are 501 people."),
        ],
    )
    def test_what_is_wrong_is_said(self, course, admin, text, words):
        answer = self.look(signed_in(admin, "en"), course, text)

        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_a_draft_has_no_button(self, admin):
        course = CourseFactory(state="draft")
        client = signed_in(admin, "en")
        answer = self.look(client, course)

        assert 'name="invite"' not in answer.content.decode()
        assert "Please publish it first." in self.send(client, course, answer).content.decode()
        assert not CourseInvitation.objects.exists()

    def test_500_lines_take_no_more_queries_than_two(self, course, admin):

        client, counts = signed_in(admin, "en"), []
        for number in (2, 500):
            key = str(client.get(self.address(course)).context["form"]["key"].value())
            text = "email\n" + "\n".join(f"p{at}@example.org" for at in range(number))
            with CaptureQueriesContext(connection) as queries:
                client.post(self.address(course), {"text": text, "look": "1", "key": key})
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestPersonalData:
    def test_of_the_invited_and_of_who_invited(self, course, participant, admin, now):
        lead = UserFactory()
        for one in (course, CourseFactory()):
            invite(one, lead, now, participant.email)
        invite(course, lead, now, "else@example.org")

        assert len(export(participant)["training.CourseInvitation"]) == 2
        assert len(export(lead)["training.CourseInvitation"]) == 3
        erase(participant, by=admin, now=now)
        assert [row.email for row in CourseInvitation.objects.all()] == ["else@example.org"]
        erase(lead, by=admin, now=now)
        assert CourseInvitation.objects.get().invited_by is None

    def test_the_office_can_forget_an_address(self, course, admin):
        (row,) = invite(course, admin, timezone.now(), "else@example.org")

        answer = signed_in(admin).post(
            reverse("admin:training_courseinvitation_delete", args=[row.pk]), {"post": "yes"}
        )

        assert answer.status_code == 302
        assert not CourseInvitation.objects.exists()

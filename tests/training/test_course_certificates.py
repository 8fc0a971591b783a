"""The certificate of a course: issued once, accessible to all, checked by its code, and revoked for good."""

from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import translation

from accounts.actions import erase
from accounts.personal_data import export
from notifications.models import Notice
from portal.roles import load_roles
from tests.conftest import grant, signed_in
from tests.factories.directory import OrganisationFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.training import CourseDateFactory, CourseFactory, EnrolmentFactory, ModuleFactory
from tests.factories.webinars import RegistrationFactory
from tests.pdf_reading import opened, text_of
from tests.webinars.telling import together
from training.actions import finishing as actions
from training.actions import taking_part
from training.certificates import course_certificate_pdf
from training.models import CourseCertificate, Enrolment, Strategy
from training.queries.certificate import course_facts
from webinars import actions as webinar_actions
from webinars.models import Certificate

pytestmark = pytest.mark.django_db

LETTERS = "ő ű ș ț đ ђ џ ѓ щ ї ґ ż ž ř"
ADDRESS = "/courses/kurs/certificate/"
PDF = "/courses/kurs/certificate.pdf"
ENROLMENTS = "/admin/training/enrolment/"


def without_spaces(words: str) -> str:
    """Lines break where they must, and a change of script looks like a new one."""
    return "".join(words.split())


@pytest.fixture
def row(participant, now) -> Enrolment:
    course = CourseFactory(slug="kurs", title_en="Digital together")
    ModuleFactory(course=course, title_en="Our history")
    ModuleFactory(course=course, title_en="Our aims")
    return EnrolmentFactory(
        course=course, person=participant, enrolled_at=now - timedelta(days=60), finished_at=now
    )


def issue(row: Enrolment, now: datetime, name: str = "Győző Щербаківський") -> CourseCertificate:
    return actions.issue_certificate(enrolment=row, name=name, now=now)


def pdf_of(certificate: CourseCertificate, language: str = "en") -> bytes:
    with translation.override(language):
        facts = course_facts(certificate, certificate.enrolment)
    return course_certificate_pdf(facts, language=language)


class TestIssuing:
    def test_once_under_the_first_name(self, row, now):
        first = issue(row, now, "Anna")
        again = issue(row, now + timedelta(days=3), "Berta")

        assert (again.pk, again.code, again.name, again.issued_at) == (first.pk, first.code, "Anna", now)

    def test_only_for_who_has_finished(self, row, now):
        row.finished_at = None
        row.save()

        with pytest.raises(actions.NotFinished):
            issue(row, now)

        assert not CourseCertificate.objects.exists()

    def test_a_code_of_neither_kind_is_drawn_again(self, row, participant, now, monkeypatch):
        codes = iter(["VIP-A", "VIP-A", "VIP-B", "VIP-C"])
        monkeypatch.setattr(actions, "new_code", lambda: next(codes))
        seat = RegistrationFactory(person=participant, attended_at=now)
        Certificate.objects.create(registration=seat, code="VIP-B", name="", issued_at=now)

        found = [issue(one, now).code for one in (row, EnrolmentFactory(finished_at=now))]

        assert found == ["VIP-A", "VIP-C"]

    def test_whoever_left_afterwards_still_gets_it(self, row, now):
        taking_part.leave(enrolment=row, now=now)
        client = signed_in(row.person)

        assert client.post(ADDRESS, {"name": "Anna"}).status_code == 302
        assert client.get(PDF).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_requests_get_one_certificate(row, now):
    outcomes = together(*[lambda: issue(row, now).code] * 4)

    assert len(set(outcomes)) == 1
    assert CourseCertificate.objects.count() == 1


class TestPages:
    def test_the_name_is_asked_for_and_prefilled(self, row):
        html = signed_in(row.person, "en").get(ADDRESS).content.decode()

        assert 'value="Teilnehmer"' in html
        assert 'maxlength="80"' in html

    def test_then_the_page_leads_to_the_paper(self, row):
        client = signed_in(row.person, "en")

        answer = client.post(ADDRESS, {"name": f"  {LETTERS} "}, follow=True)

        certificate = CourseCertificate.objects.get()
        assert answer.redirect_chain == [(ADDRESS, 302)]
        assert certificate.name == LETTERS
        assert certificate.code in answer.content.decode()
        assert f'href="{PDF}"' in answer.content.decode()

    def test_asked_again_it_is_the_same(self, row):
        client = signed_in(row.person)
        client.post(ADDRESS, {"name": "Anna"})

        assert client.post(ADDRESS, {"name": "Berta"}).headers["Location"] == ADDRESS

        assert CourseCertificate.objects.get().name == "Anna"

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("", "This field is required."),
            ("   ", "This field is required."),
            ("x" * 81, "Please write at most 80 characters."),
            ("Anna 王", "These characters cannot be printed: 王"),
        ],
    )
    def test_a_name_that_cannot_be_printed(self, row, name, said):
        answer = signed_in(row.person, "en").post(ADDRESS, {"name": name})

        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not CourseCertificate.objects.exists()

    def test_the_file(self, row, now):
        code = issue(row, now).code

        answer = signed_in(row.person, "en").get(PDF)

        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{code}.pdf"'
        assert "no-store" in answer.headers["Cache-Control"]
        assert code in text_of(answer.content)

    def test_there_is_no_file_before_it_is_issued(self, row):
        assert signed_in(row.person).get(PDF).status_code == 404
        assert not CourseCertificate.objects.exists()

    def test_nobody_else_gets_it(self, row, now, outsider, partner, admin):
        issue(row, now)
        EnrolmentFactory(course=row.course, person=partner)

        for person in (outsider, partner, admin):
            assert signed_in(person).get(PDF).status_code == 404
        assert signed_in(outsider).get(ADDRESS).status_code == 404
        assert Client().get(PDF).status_code == 302

    def test_who_is_not_through_is_led_to_the_course(self, row):
        row.finished_at = None
        row.save()
        client = signed_in(row.person)

        answers = [client.get(ADDRESS), client.post(ADDRESS, {"name": "Anna"})]

        assert {(one.status_code, one.headers["Location"]) for one in answers} == {(302, "/courses/kurs/")}
        assert not CourseCertificate.objects.exists()


class TestPaper:
    def test_every_fact_stands_on_it(self, row, now, settings):
        settings.SITE_URL = "https://vipad.example"
        OrganisationFactory(name="Haus A", operating="a")
        OrganisationFactory(name="Verein")
        row.partnership = PartnershipFactory()
        row.save()
        Strategy.objects.create(
            partnership=row.partnership, languages=["de"], begun_at=now, approved_at=now - timedelta(days=9)
        )
        start = datetime(2027, 2, 10, 16, tzinfo=UTC)
        for title, attended in (("Opening", start), ("Closing", None)):
            date = CourseDateFactory(course=row.course, session__title_en=title, session__starts_at=start)
            RegistrationFactory(session=date.session, person=row.person, attended_at=attended)
        certificate = issue(row, now + timedelta(days=1))

        assert without_spaces(text_of(pdf_of(certificate))) == without_spaces(
            "ViPaD Course certificate Győző Щербаківський has finished this course: Digital together "
            "Period 25 January 2027 to 26 March 2027 "
            "Modules 1. Our history; 2. Our aims "
            "Dates attended Opening (10 February 2027) "
            "Strategy of the partnership approved on 17 March 2027 "
            "Organised by Haus A "
            "Issued on 27 March 2027 "
            "Everybody can check with this code whether the certificate is genuine: "
            f"{certificate.code} https://vipad.example/certificates/{certificate.code}/"
        )

    def test_what_came_later_does_not_change_it(self, row, now):
        row.partnership = PartnershipFactory()
        row.save()
        certificate = issue(row, now)
        before = pdf_of(certificate)

        late = now + timedelta(days=1)
        Strategy.objects.create(partnership=row.partnership, languages=["de"], begun_at=now, approved_at=late)
        date = CourseDateFactory(course=row.course)
        RegistrationFactory(session=date.session, person=row.person, attended_at=late)

        assert pdf_of(certificate) == before

    def test_who_left_and_came_back_has_begun_with_the_first_lesson(self, row, now):
        lesson = row.course.modules.get(number=1).lessons.first()
        taking_part.mark_lesson(enrolment=row, lesson=lesson, done=True, now=now - timedelta(days=40))
        row.enrolled_at = now + timedelta(days=5)
        row.save()

        text = text_of(pdf_of(issue(row, now)))

        assert "14 February 2027 to 26 March 2027" in text

    @pytest.mark.parametrize("language", ["de", "en"])
    def test_it_is_for_everybody_s_eyes_and_ears(self, row, now, language):
        made = pdf_of(issue(row, now), language)

        with opened(made) as document:
            assert document.Root.Lang == language
            assert document.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in document.Root
            assert document.open_metadata().get("pdfuaid:part") == "1"
            parts = [part for part in document.objects if isinstance(part, pikepdf.Dictionary)]
            assert [bool(str(part.Alt)) for part in parts if part.get("/S") == "/Figure"] == [True]
            assert len(document.pages) == 1

    def test_it_is_named_after_its_owner(self, row, now):
        with opened(pdf_of(issue(row, now))) as document:
            assert document.docinfo["/Title"] == "Course certificate: Győző Щербаківський"

    def test_every_letter_of_the_danube_is_on_it(self, row, now):
        made = pdf_of(issue(row, now, LETTERS))

        assert without_spaces(LETTERS) in without_spaces(text_of(made))
        with opened(made) as document:
            assert document.docinfo["/Title"] == f"Course certificate: {LETTERS}"

    def test_twelve_modules_fit_on_one_page(self, row, now):
        for _ in range(10):
            ModuleFactory(course=row.course, title_en="Safe and friendly together, also across borders " * 2)
        name = "Wolfeschlegelsteinhausen " * 3

        with opened(pdf_of(issue(row, now, name.strip()))) as document:
            assert len(document.pages) == 1


class TestCheck:
    def page(self, code: str, status: int = 200) -> str:
        client = Client()
        client.cookies["django_language"] = "en"
        answer = client.get(f"/certificates/{code}/")
        assert answer.status_code == status
        return answer.content.decode()

    def test_says_what_stands_on_the_paper(self, row, now):
        html = self.page(issue(row, now, "Győző").code)

        for words in ("This certificate is real", "Győző", "Digital together", "26 March 2027"):
            assert words in html

    def test_one_changed_letter_and_it_is_none(self, row, now):
        code = issue(row, now, "Győző").code

        for at in range(4, len(code)):
            if code[at] == "-":
                continue
            changed = code[:at] + ("7" if code[at] != "7" else "8") + code[at + 1 :]
            html = self.page(changed, 404)
            assert "There is no certificate with this code" in html
            assert "Győző" not in html

    def test_that_of_a_session_is_still_known(self, participant, now):
        seat = RegistrationFactory(
            person=participant,
            session__starts_at=now - timedelta(days=1),
            session__title_en="A talk",
            attended_at=now - timedelta(days=1),
        )
        row = webinar_actions.issue_certificate(registration=seat, now=now)

        html = self.page(row.code)

        assert "A talk" in html
        assert "Finished on" not in html

    def test_a_revoked_one_is_said_to_be_revoked_and_no_more(self, row, now, admin):
        certificate = issue(row, now, "Győző")
        actions.revoke_certificate(certificate=certificate, why="Wrong person.", by=admin, now=now)

        html = self.page(certificate.code)

        assert f"The certificate {certificate.code} was revoked" in html
        assert "26 March 2027" in html
        for words in (
            "This certificate is real",
            "Győző",
            "Wrong person.",
            "Digital together",
            "no certificate",
        ):
            assert words not in html


class TestRevoking:
    def revoke(self, client: Client, certificate: CourseCertificate, **data):
        sent = {"action": "revoke", "_selected_action": [certificate.pk], **data}
        return client.post("/admin/training/coursecertificate/", sent)

    def test_asks_for_the_reason_and_only_then_revokes(self, row, now, admin):
        certificate = issue(row, now)
        client = signed_in(admin, "en")

        asked = self.revoke(client, certificate)
        empty = self.revoke(client, certificate, asked="1", why="")

        certificate.refresh_from_db()
        assert certificate.revoked_at is None
        assert certificate.code in asked.content.decode()
        assert "This field is required." in empty.content.decode()

        assert self.revoke(client, certificate, asked="1", why="Wrong person.").status_code == 302
        certificate.refresh_from_db()
        assert certificate.revoked_at is not None
        assert certificate.revoked_why == "Wrong person."

    def test_the_first_reason_stays(self, row, now, admin):
        certificate = issue(row, now)
        moments = {"First": now, "Second": now + timedelta(days=1)}

        done = [
            actions.revoke_certificate(certificate=certificate, why=why, by=admin, now=at)
            for why, at in moments.items()
        ]

        assert done == [True, False]

        certificate.refresh_from_db()
        assert (certificate.revoked_why, certificate.revoked_at) == ("First", now)

    def test_the_list_of_the_office_is_filtered_by_it(self, row, now, admin):
        certificate = issue(row, now)
        client, address = signed_in(admin, "en"), "/admin/training/coursecertificate/"

        def listed() -> list[bool]:
            pages = [client.get(f"{address}?revoked={one}").content.decode() for one in ("no", "yes")]
            return [certificate.code in html for html in pages]

        assert listed() == [True, False]
        actions.revoke_certificate(certificate=certificate, why="Wrong person.", by=admin, now=now)
        assert listed() == [False, True]

    def test_there_is_no_paper_any_more_and_no_other_one(self, row, now, admin):
        certificate = issue(row, now)
        actions.revoke_certificate(certificate=certificate, why="Wrong person.", by=admin, now=now)
        client = signed_in(row.person, "en")

        html = client.get(ADDRESS).content.decode()
        client.post(ADDRESS, {"name": "Anna"})

        assert "This certificate was revoked" in html
        assert "Wrong person." in html
        assert client.get(PDF).status_code == 404
        assert CourseCertificate.objects.get().revoked_at == now

    def test_needs_the_right(self, row, now, coordinator):
        certificate = issue(row, now)
        coordinator.is_staff = True
        coordinator.save()
        grant(coordinator, "training.view_coursecertificate")

        self.revoke(signed_in(coordinator, "en"), certificate, asked="1", why="x")

        certificate.refresh_from_db()
        assert certificate.revoked_at is None


class TestOffice:
    def test_lists_and_search(self, row, now, admin):
        code = issue(row, now).code
        CourseDateFactory(course=row.course, session__title_en="Opening")
        client = signed_in(admin, "en")

        assert code in client.get(f"/admin/training/coursecertificate/?q={code.lower()}").content.decode()
        assert "Opening" in client.get("/admin/training/coursesession/?q=open").content.decode()

    def test_a_date_is_tied_and_untied(self, row, admin):
        date = CourseDateFactory()
        client = signed_in(admin)
        sent = {"course": row.course.pk, "session": date.session.pk, "after_module": 2}

        assert client.post("/admin/training/coursesession/add/", sent).status_code == 302
        made = row.course.dates.get()
        assert (made.session, made.after_module) == (date.session, 2)
        assert (
            client.post(f"/admin/training/coursesession/{made.pk}/delete/", {"post": "yes"}).status_code
            == 302
        )
        assert not row.course.dates.exists()

    def test_the_course_lead_ties_dates(self, coordinator):
        load_roles()
        coordinator.is_staff = True
        coordinator.save()
        coordinator.groups.add(Group.objects.get(name="course_lead"))

        answer = signed_in(coordinator).get("/admin/training/coursesession/add/")

        assert answer.status_code == 200


class TestPersonalData:
    def test_is_exported_and_goes_with_the_person(self, row, now, admin):
        certificate = issue(row, now, "Anna")

        (held,) = export(row.person)["training.CourseCertificate"]
        assert (held["code"], held["name"]) == (certificate.code, "Anna")
        erase(row.person, by=admin, now=now)

        assert not CourseCertificate.objects.exists()
        assert Client().get(f"/certificates/{certificate.code}/").status_code == 404


class TestByTheOffice:
    """For a selection in the admin, with the names of the profiles."""

    @pytest.fixture
    def lead(self, coordinator):
        load_roles()
        coordinator.is_staff = True
        coordinator.save()
        coordinator.groups.add(Group.objects.get(name="course_lead"))
        return signed_in(coordinator, "en")

    def chosen(self, *rows: Enrolment) -> dict[str, object]:
        return {"action": "issue", "_selected_action": [row.pk for row in rows]}

    def test_for_who_has_finished_and_has_a_name(self, row, lead, now):
        course = row.course
        nameless = EnrolmentFactory(course=course, person__display_name="", finished_at=now)
        odd = EnrolmentFactory(course=course, person__display_name="王", finished_at=now)
        busy = EnrolmentFactory(course=course)

        answer = lead.post(ENROLMENTS, self.chosen(row, nameless, odd, busy), follow=True)

        html = answer.content.decode()
        assert "1 certificate issued." in html
        assert "Not finished yet: 1." in html
        assert "or one that cannot be printed: 2." in html
        assert [(one.enrolment, one.name) for one in CourseCertificate.objects.all()] == [(row, "Teilnehmer")]
        told = Notice.objects.get(kind="certificate_issued")
        assert told.recipient == row.person

    def test_pressed_again_nothing_is_new(self, row, lead):
        lead.post(ENROLMENTS, self.chosen(row))
        answer = lead.post(ENROLMENTS, self.chosen(row), follow=True)

        assert "0 certificates issued." in answer.content.decode()
        assert CourseCertificate.objects.count() == 1
        assert Notice.objects.filter(kind="certificate_issued").count() == 1

    def test_a_revoked_one_is_not_replaced(self, row, lead, admin, now):
        certificate = issue(row, now)
        actions.revoke_certificate(certificate=certificate, why="Falsch", by=admin, now=now)

        lead.post(ENROLMENTS, self.chosen(row))

        assert [one.pk for one in CourseCertificate.objects.all()] == [certificate.pk]
        assert not Notice.objects.filter(kind="certificate_issued").exists()

    def test_nobody_without_the_right(self, row, coordinator, now):
        coordinator.is_staff = True
        coordinator.save()
        grant(coordinator, "training.view_enrolment")

        signed_in(coordinator, "en").post(ENROLMENTS, self.chosen(row))

        assert not CourseCertificate.objects.exists()

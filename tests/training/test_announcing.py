"""A course is made known to everybody who looks after a partnership, once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import User
from notifications.delivery import deliver_due
from notifications.models import Notice, Preference
from partnerships.models import SideContact
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.directory import ClaimFactory, MunicipalityFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.training import CourseFactory, EnrolmentFactory
from training.actions import announcing
from training.actions.inviting import NotPublished
from training.actions.taking_part import NotOpen
from training.models import Course

pytestmark = pytest.mark.django_db
LIST = "/admin/training/course/"


@pytest.fixture
def course() -> Course:
    return CourseFactory(title_de="Anfangen", title_en="Beginning")


def contact(partnership, now, position: int = 0, person: User | None = None, **facts) -> User:
    person = person or UserFactory()
    side = partnership.sides.get(position=position)
    SideContact.objects.create(side=side, person=person, since=now, **facts)
    return person


def told() -> set[int | None]:
    return set(Notice.objects.filter(kind="course_announced").values_list("recipient", flat=True))


class TestAction:
    def test_reaches_who_looks_after_a_partnership_and_nobody_else(self, course, admin, outsider, now):
        ulm = MunicipalityFactory()
        one, two = PartnershipFactory(towns=[ulm, MunicipalityFactory()]), PartnershipFactory()
        anna = contact(one, now, 1)
        contact(two, now, 0, anna)
        radu = contact(two, now, 1)
        # Nobody is named for Ulm: who speaks for the town.
        uli = ClaimFactory(municipality=ulm, accepted=True).person
        ClaimFactory(municipality=ulm)
        # Of another town that has a contact, nobody but the contact.
        ClaimFactory(municipality=two.sides.get(position=0).municipality, accepted=True)
        contact(one, now, 1, ended_at=now)
        contact(one, now, 1, UserFactory(is_active=False))
        SideContact.objects.create(side=one.sides.get(position=1), email="x@example.org", since=now)
        contact(PartnershipFactory(is_demo=True), now)
        contact(PartnershipFactory(status="ended"), now)
        EnrolmentFactory(course=course, person=contact(one, now, 1))
        EnrolmentFactory(course=course, person=contact(one, now, 1), left_at=now)

        number = announcing.announce(course=course, by=admin, now=now)

        assert (number, told()) == (3, {anna.pk, radu.pk, uli.pk})
        assert Notice.objects.count() == 3

    def test_once_for_a_person_and_a_course(self, course, admin, now):
        pair = PartnershipFactory()
        contact(pair, now)
        first = announcing.announce(course=course, by=admin, now=now)
        late = contact(pair, now)

        again = announcing.announce(course=course, by=admin, now=now)
        never = announcing.announce(course=course, by=admin, now=now)

        assert (first, again, never) == (1, 1, 0)
        assert late.pk in told()
        assert announcing.announce(course=CourseFactory(), by=admin, now=now) == 2

    def test_an_invented_course_is_told_to_invented_people(self, admin, now):
        contact(PartnershipFactory(), now)
        invented = contact(PartnershipFactory(is_demo=True), now)

        announcing.announce(course=CourseFactory(is_demo=True), by=admin, now=now)

        assert told() == {invented.pk}

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"state": "draft"}, NotPublished),
            ({"state": "archived"}, NotPublished),
            ({"enrol_until": datetime(2027, 3, 26, 9, 0, tzinfo=UTC)}, NotOpen),
        ],
        ids=str,
    )
    def test_only_while_one_can_or_will_be_able_to_enrol(self, admin, now, facts, refusal):
        contact(PartnershipFactory(), now)

        with pytest.raises(refusal):
            announcing.announce(course=CourseFactory(**facts), by=admin, now=now)

        assert told() == set()
        later = CourseFactory(enrol_from=now + timedelta(days=3))
        assert announcing.announce(course=later, by=admin, now=now) == 1


class TestMail:
    def test_says_when_enrolment_closes_on_both_clocks(self, course, admin, now, mailoutbox):
        course.enrol_until = datetime(2027, 5, 4, 16, 0, tzinfo=UTC)
        course.save()
        person = UserFactory(language="en", time_zone="Europe/Kyiv", email="kyiv@example.org")
        contact(PartnershipFactory(), now, 0, person)

        announcing.announce(course=course, by=admin, now=now)
        deliver_due(now=now)

        (mail,) = mailoutbox
        assert mail.to == ["kyiv@example.org"]
        assert mail.subject == "A course for you: “Beginning”"
        said = "Tuesday, 4 May 2027, 18:00 in Berlin (CEST) · 19:00 for you in Kyiv (EEST)"
        html = mail.alternatives[0][0]
        assert f"Enrolment closes: {said}" in mail.body
        assert said in html
        assert "What it is about." in mail.body
        assert f"/courses/{course.slug}/" in mail.body
        assert mail.body.count("/courses/") == 1

    def test_not_to_who_has_enrolled_meanwhile(self, course, admin, now, mailoutbox):
        person = contact(PartnershipFactory(), now)
        announcing.announce(course=course, by=admin, now=now)
        EnrolmentFactory(course=course, person=person)

        deliver_due(now=now)

        assert mailoutbox == []

    def test_not_once_the_course_is_taken_back_or_enrolment_is_over(self, course, admin, now, mailoutbox):
        contact(PartnershipFactory(), now)
        announcing.announce(course=course, by=admin, now=now)
        Course.objects.update(enrol_until=now)

        deliver_due(now=now)

        assert mailoutbox == []

    def test_not_to_who_has_switched_off_such_news(self, course, admin, now, mailoutbox):
        person = contact(PartnershipFactory(), now)
        Preference.objects.create(person=person, kind="course_announced", pace="bell")

        announcing.announce(course=course, by=admin, now=now)
        deliver_due(now=now)

        assert mailoutbox == []


class TestOffice:
    def act(self, client, *courses: Course, **more: str) -> str:
        data = {"action": "announce", "_selected_action": [course.pk for course in courses], **more}
        return client.post(LIST, data, follow=True).content.decode()

    def test_says_first_how_many_and_then_tells_them(self, course, admin):
        for _at in range(2):
            contact(PartnershipFactory(), timezone.now())
        client = signed_in(admin, "en")

        html = self.act(client, course)

        assert "“Beginning”: 2 people would be told." in html
        assert told() == set()
        assert "“Beginning”: 2 people are told." in self.act(client, course, asked="1")
        assert len(told()) == 2
        assert LogEntry.objects.get().change_message == "announced to 2"
        assert "“Beginning”: 0 people are told." in self.act(client, course, asked="1")
        assert Notice.objects.count() == 2
        # Nobody is left: there is nothing to press.
        html = self.act(client, course)
        assert "0 people would be told" in html
        assert "Tell them" not in html

    def test_says_why_nobody_is_told(self, course, admin):
        contact(PartnershipFactory(), timezone.now())
        draft = CourseFactory(title_en="Draft", state="draft")
        closed = CourseFactory(title_en="Closed", enrol_until=datetime(2020, 1, 1, tzinfo=UTC))

        html = self.act(signed_in(admin, "en"), draft, closed, course)

        assert "“Draft” is not published, so nobody is told." in html
        assert "“Closed”: enrolment is over, so nobody is told." in html
        assert "“Beginning”: 1 person would be told." in html
        assert "“Draft”: " not in html

    def test_who_may_only_change_courses_does_not_write_to_so_many(self, course):
        contact(PartnershipFactory(), timezone.now())
        person = UserFactory(is_staff=True)
        grant(person, "training.view_course", "training.change_course")

        self.act(signed_in(person, "en"), course, asked="1")

        assert told() == set()

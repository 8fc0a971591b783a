"""How often mails come: three presets first, then details; also from the foot of a mail, signed out."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications import actions
from notifications.addresses import address_digest
from notifications.links import mail_link
from notifications.models import MailStop, Notice, Preference
from notifications.outbox import queue
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

PAGE = "/notices/settings/"


def form_of(response, **answers):
    """What a browser would send: everything as it stands, and these answers."""
    form = response.context["form"]
    return {**{name: form[name].value() for name in form.fields}, **answers}


def chosen(person):
    return {row.kind or row.scope or "*": row.pace for row in Preference.objects.filter(person=person)}


def by_mail(person, **about):
    link = mail_link("settings", person=person, email=person.email, language="", **about)
    return link.removeprefix("https://vipad.example")


def save(client, path, **answers):
    return client.post(path, form_of(client.get(path), **answers))


class TestPage:
    def test_one_answer_is_enough(self, told, partner):
        answer = save(signed_in(partner), PAGE, everything="weekly")

        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        assert chosen(partner) == {"*": "weekly"}

    def test_details_differ_from_it_and_are_taken_back(self, told, partner, scopes):
        client = signed_in(partner)

        save(client, PAGE, everything="daily", kind_test_notice="bell", scope_group_5="now")
        first = chosen(partner)
        save(client, PAGE, kind_test_notice="")

        assert first == {"*": "daily", "test_notice": "bell", "group:5": "now"}
        assert chosen(partner) == {"*": "daily", "group:5": "now"}

    def test_it_shows_what_was_chosen(self, told, partner):
        Preference.objects.create(person=partner, pace="weekly")
        Preference.objects.create(person=partner, kind="test_notice", pace="bell")

        form = signed_in(partner).get(PAGE).context["form"]

        assert (form["everything"].value(), form["kind_test_notice"].value()) == ("weekly", "bell")
        assert form.has_details

    def test_the_form_sent_twice_saves_once(self, told, partner):
        client = signed_in(partner)
        answers = form_of(client.get(PAGE), everything="weekly")
        client.post(PAGE, answers)
        Preference.objects.all().delete()

        client.post(PAGE, answers)

        assert Preference.objects.count() == 0

    def test_nonsense_is_refused_and_explained(self, told, partner):
        answer = save(signed_in(partner), PAGE, everything="hourly", kind_test_notice="x")

        assert answer.status_code == 200
        assert set(answer.context["form"].errors) == {"everything", "kind_test_notice"}
        assert chosen(partner) == {}

    def test_what_is_essential_is_named_and_cannot_be_chosen(self, told, partner):
        told.essential = True

        page = signed_in(partner, "en").get(PAGE)

        assert "kind_test_notice" not in page.context["form"].fields
        assert "What always comes at once" in page.content.decode()
        assert "Test notice" in page.content.decode()

    def test_what_never_reaches_a_person_is_not_asked(self, told, cast):
        fields = {
            name: [field for field in signed_in(person).get(PAGE).context["form"].fields if "entry" in field]
            for name, person in cast.items()
        }

        assert fields == {**{name: [] for name in cast}, "admin": ["kind_entry_reported"]}

    def test_what_would_be_worthless_later_is_offered_at_once_or_not(self, told, partner):
        told.can_wait = False

        field = signed_in(partner).get(PAGE).context["form"].fields["kind_test_notice"]

        assert [value for value, _ in field.choices] == ["", "now", "bell"]

    def test_what_waits_follows_the_new_choice(self, told, partner, coordinator):
        moment = timezone.now()
        queue(told, to=[partner], about=coordinator, now=moment - timedelta(hours=1))
        Notice.objects.update(due_at=moment + timedelta(days=3))

        save(signed_in(partner), PAGE, everything="now")

        assert Notice.objects.get().due_at < moment + timedelta(minutes=1)

    @pytest.mark.parametrize("rows", [1, 3])
    def test_number_of_queries(self, told, partner, rows, django_assert_num_queries):
        for number in range(rows):
            Preference.objects.create(person=partner, scope=f"group:{number}", pace="now")
        client = signed_in(partner)
        client.get(PAGE)

        # session, person, choices, groups, mailbox, new notices
        with django_assert_num_queries(7):
            client.get(PAGE)


class TestByMail:
    def test_without_signing_in_for_exactly_that_reader(self, told, partner, coordinator):
        answer = save(Client(), by_mail(partner), everything="weekly")

        assert answer.status_code == 302
        assert (chosen(partner), chosen(coordinator)) == ({"*": "weekly"}, {})

    def test_also_when_somebody_else_is_signed_in(self, told, partner, coordinator):
        save(signed_in(coordinator), by_mail(partner), everything="weekly")

        assert (chosen(partner), chosen(coordinator)) == ({"*": "weekly"}, {})

    def test_it_names_only_the_group_the_mail_came_from(self, told, partner, scopes):
        one = Client().get(by_mail(partner, scope="group:5"))
        none = Client().get(by_mail(partner, kind="test_notice"))

        assert "scope_group_5" in one.context["form"].fields
        assert "Secret plans" not in one.content.decode() + none.content.decode()
        assert partner.email not in one.content.decode()

    def test_saving_leaves_the_groups_it_does_not_name(self, told, partner, scopes):
        Preference.objects.create(person=partner, scope="group:6", pace="bell")

        save(Client(), by_mail(partner, scope="group:5"), everything="weekly", scope_group_5="now")

        assert chosen(partner) == {"*": "weekly", "group:5": "now", "group:6": "bell"}

    @pytest.mark.parametrize("token", ["nonsense", "a" * 300, "~~~.x.y", "1"])
    def test_a_wrong_link_is_told_kindly(self, token):
        answer = Client().get(f"{PAGE}{token}/?lang=en")

        assert answer.status_code == 404
        assert "This link does not work" in answer.content.decode()

    def test_opening_it_changes_nothing(self, told, partner):
        for _ in range(2):
            assert Client().get(by_mail(partner)).status_code == 200

        assert Preference.objects.count() == 0


class TestMailbox:
    @pytest.fixture
    def bounced(self, partner, now):
        return MailStop.objects.create(
            address=address_digest(partner.email), person=partner, reason="bounced", stopped_at=now
        )

    def test_the_person_is_told_and_says_that_it_works_again(self, told, partner, bounced):
        client = signed_in(partner, "en")
        before = client.get(PAGE).content.decode()

        after = client.post(f"{PAGE}mailbox/", follow=True).content.decode()

        assert "Our mails to you came back" in before
        assert partner.email in before
        assert "Our mails to you came back" not in after
        assert MailStop.objects.count() == 0

    def test_signed_out_it_is_told_without_the_address(self, told, partner, bounced):
        page = Client().get(f"{by_mail(partner)}?lang=en").content.decode()

        assert "because they came back" in page
        assert partner.email not in page

    def test_nobody_says_it_for_somebody_else(self, partner, bounced, outsider):
        signed_in(outsider).post(f"{PAGE}mailbox/")

        assert MailStop.objects.count() == 1


def test_a_choice_made_twice_at_once_is_one_row(told, partner, now):
    for pace in ("daily", "weekly"):
        actions.choose_paces(partner, {("", ""): pace}, now=now)

    assert chosen(partner) == {"*": "weekly"}


def test_a_choice_reads_as_what_it_is(partner):
    names = [
        str(Preference(kind=kind, scope=scope, pace="now"))
        for kind, scope in (("a", ""), ("", "group:1"), ("", ""))
    ]

    assert names == ["a: now", "group:1: now", "*: now"]

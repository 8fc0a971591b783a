"""The end of our mails: the header of each, the page behind it, and that a scanner's GET changes nothing."""

import re

import pytest
from django.core import mail
from django.test import Client

from notifications import actions
from notifications.addresses import address_digest
from notifications.delivery import deliver_due
from notifications.links import read_mail_link
from notifications.models import MailStop, Notice, Pace, Preference
from notifications.outbox import Guest, queue
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def strict():
    """A browser that is asked for its CSRF token."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def sent(told, now, outsider):
    """Sends a mail and gives it, and the path of its List-Unsubscribe."""

    def send(reader, **attributes):
        for name, value in attributes.items():
            setattr(told, name, value)
        queue(told, to=[reader], about=outsider, now=now, once=str(Notice.objects.count()))
        deliver_due(now=now)
        header = mail.outbox[-1].extra_headers.get("List-Unsubscribe", "")
        return mail.outbox[-1], header.strip("<>").removeprefix("https://vipad.example")

    return send


def chosen(person):
    return {(row.kind, row.scope): row.pace for row in Preference.objects.filter(person=person)}


class TestHeader:
    def test_it_is_an_https_address_for_one_press(self, sent, partner):
        message, path = sent(partner)

        assert message.extra_headers["List-Unsubscribe"].startswith(
            "<https://vipad.example/notices/unsubscribe/"
        )
        assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert partner.email not in path

    def test_it_stays_one_line_in_the_mail(self, sent, partner):
        message, path = sent(partner, scope=lambda self, notice: "group:" + "9" * 40)
        raw = message.message().as_bytes(linesep=b"\r\n".decode())

        assert path.encode() in raw
        assert max(len(line) for line in raw.split(b"\r\n")) < 998

    def test_what_must_come_has_none_but_leads_to_the_choice(self, sent, partner):
        message, path = sent(partner, essential=True)

        assert path == ""
        assert "List-Unsubscribe-Post" not in message.extra_headers
        assert "/notices/settings/" in message.body

    def test_a_guest_has_it_also_for_what_is_essential(self, sent):
        _, path = sent(Guest("guest@example.org", "en"), essential=True)

        assert path.endswith("?lang=en")

    def test_the_foot_says_the_same_in_both_forms(self, sent, partner):
        message, _ = sent(partner)
        link = re.search(r"https://vipad.example(/notices/settings/[^\s]+)", message.body)[0]

        assert f'href="{link}"' in message.alternatives[0].content
        token = link.rstrip("/").rpartition("/")[2]
        assert read_mail_link("settings", token).kind == "test_notice"

    def test_guests_are_led_to_the_end_of_all_mails(self, sent):
        message, path = sent(Guest("guest@example.org", "en"))

        assert path in message.body
        assert "/notices/settings/" not in message.body

    def test_a_person_answers_to_whom_the_kind_says(self, sent, partner, coordinator):
        message, _ = sent(partner, reply_to=lambda self, notice: coordinator.email)

        assert message.message()["Reply-To"] == coordinator.email


class TestOnePress:
    def test_ends_exactly_this_kind_without_cookies_and_without_redirect(self, sent, strict, partner):
        _, path = sent(partner)

        answer = strict.post(path, ONE_CLICK)

        assert (answer.status_code, answer.cookies, answer["Content-Type"]) == (
            200,
            {},
            "text/plain; charset=utf-8",
        )
        assert chosen(partner) == {("test_notice", ""): Pace.BELL}

    def test_as_mail_programs_write_it(self, sent, strict, partner):
        _, path = sent(partner)

        strict.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")

        assert chosen(partner) == {("test_notice", ""): Pace.BELL}

    def test_ends_exactly_this_group(self, sent, strict, partner):
        _, path = sent(partner, scope=lambda self, notice: "group:5")

        strict.post(path, ONE_CLICK)

        assert chosen(partner) == {("", "group:5"): Pace.BELL}

    def test_twice_is_once(self, sent, strict, partner):
        _, path = sent(partner)

        assert [strict.post(path, ONE_CLICK).status_code for _ in range(2)] == [200, 200]
        assert Preference.objects.count() == 1

    def test_of_a_digest_it_ends_everything_that_fills_digests(
        self, sent, strict, partner, told, outsider, now
    ):
        Preference.objects.create(person=partner, kind="test_notice", pace="now")
        Preference.objects.create(person=partner, scope="group:1", pace="daily")
        link = f"/notices/unsubscribe/{_digest_token(partner)}/"

        strict.post(link, ONE_CLICK)

        assert chosen(partner) == {("", ""): "bell", ("test_notice", ""): "now", ("", "group:1"): "bell"}

    def test_a_guest_gets_nothing_any_more(self, sent, strict, told, now, partner):
        guest = Guest("guest@example.org", "en")
        _, path = sent(guest)

        strict.post(path, ONE_CLICK)
        queue(told, to=[guest], about=partner, now=now)
        deliver_due(now=now)

        assert MailStop.objects.get().address == address_digest("guest@example.org")
        assert "guest@example.org" not in str(MailStop.objects.values())
        assert list(Notice.objects.order_by("id").values_list("state", flat=True)) == ["sent", "dropped"]

    @pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "Two-Clicks"}, {"again": "yes"}])
    def test_any_other_post_needs_our_form(self, sent, strict, partner, body):
        _, path = sent(partner)

        assert strict.post(path, body).status_code == 403
        assert chosen(partner) == {}

    def test_a_wrong_link_is_told_kindly(self, strict):
        answer = strict.post("/notices/unsubscribe/nonsense/", ONE_CLICK)

        assert answer.status_code == 404
        assert "Link" in answer.content.decode()


class TestPage:
    @pytest.mark.parametrize("reader", ["person", "guest"])
    def test_opening_every_link_of_a_mail_twice_changes_nothing(self, sent, client, partner, reader):
        message, _ = sent(partner if reader == "person" else Guest("guest@example.org", "en"))
        links = re.findall(r"https://vipad.example(/notices/[^\s\"<]+)", message.body)
        header = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://vipad.example")

        answers = [client.get(path).status_code for path in [*links, header] * 2]

        assert set(answers) == {200}
        assert (Preference.objects.count(), MailStop.objects.count()) == (0, 0)

    def test_a_person_ends_it_with_the_button_and_comes_to_the_choice(self, sent, client, partner):
        _, path = sent(partner)
        page = client.get(f"{path}?lang=en").content.decode()

        done = client.post(path, follow=True, headers={"accept-language": "en"}).content.decode()

        assert "“Test notice” then comes no longer by mail." in page
        assert "You get no more of these mails" in done
        assert "/notices/settings/" in done
        assert chosen(partner) == {("test_notice", ""): Pace.BELL}

    def test_a_guest_ends_it_and_may_take_it_back(self, sent, client):
        _, path = sent(Guest("guest@example.org", "en"))

        ended = client.post(path, follow=True).content.decode()
        stopped = MailStop.objects.count()
        again = client.post(path, {"again": "yes"}, follow=True).content.decode()

        assert "You get no more mails from ViPaD" in ended
        assert stopped == 1
        assert "No more mails from ViPaD" in again
        assert MailStop.objects.count() == 0

    def test_taking_it_back_does_not_bring_back_a_mailbox(self, sent, client, now):
        _, path = sent(Guest("guest@example.org", "en"))
        MailStop.objects.create(address=address_digest("guest@example.org"), reason="bounced", stopped_at=now)

        client.post(path, {"again": "yes"})

        assert MailStop.objects.count() == 1

    def test_of_a_digest_it_speaks_of_all(self, client, partner):
        path = f"/notices/unsubscribe/{_digest_token(partner)}/?lang=en"

        before = client.get(path).content.decode()
        after = client.post(path, follow=True).content.decode()

        assert "Your notices then come no longer by mail." in before
        assert "From now on you find everything only in your notices." in after

    def test_a_group_is_named_as_its_reader_knows_it(self, sent, client, partner, scopes):
        _, path = sent(partner, scope=lambda self, notice: "group:5")

        page = client.get(f"{path}?lang=en").content.decode()
        client.post(path)
        after = client.get(f"{path}?lang=en").content.decode()

        assert "“Danube choirs” then comes no longer by mail." in page
        assert "“Danube choirs”: from now on" in after


class TestFormerMembers:
    """F29: between queueing and sending, and afterwards."""

    @pytest.mark.parametrize("how", ["unsubscribed", "deactivated", "no longer a member"])
    def test_get_nothing(self, told, partner, outsider, now, how):
        queue(told, to=[partner], about=outsider, now=now)
        if how == "unsubscribed":
            actions.choose_paces(partner, {("test_notice", ""): Pace.BELL}, now=now)
        elif how == "deactivated":
            partner.is_active = False
            partner.save()
        else:
            told.wanted = False

        deliver_due(now=now)

        assert mail.outbox == []
        assert Notice.objects.get().state == ("bell" if how == "unsubscribed" else "dropped")

    def test_see_nothing_in_their_list_and_can_open_nothing(self, told, partner, outsider, now):
        queue(told, to=[partner], about=outsider, now=now)
        deliver_due(now=now)
        told.wanted = False
        client, notice = signed_in(partner, "en"), Notice.objects.get()
        Notice.objects.update(bell_at=notice.bell_at.replace(year=2020))

        page = client.get("/notices/").content.decode()
        opened = client.post(f"/notices/{notice.pk}/open/")

        assert "Über Győr" not in page
        assert opened["Location"] == "/notices/"


def _digest_token(person):
    from notifications.links import mail_link

    link = mail_link("unsubscribe", person=person, email=person.email, language="")
    return link.rstrip("/").rpartition("/")[2]

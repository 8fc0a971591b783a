import pytest
from django.contrib.messages import get_messages

from notifications.models import Notice
from tests.conftest import grant, signed_in
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db

LOG = "/admin/notifications/notice/"


@pytest.fixture
def office(admin):
    return signed_in(admin, "en")


def keys_in(response):
    return sorted(notice.key for notice in response.context["cl"].result_list)


def send_again(client, notices):
    response = client.post(
        LOG, {"action": "send_again", "_selected_action": [notice.pk for notice in notices]}
    )
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_log_names_what_to_whom_and_how_it_ended(told, office, coordinator):
    NoticeFactory(recipient=coordinator, email="", state="sent")
    NoticeFactory(email="guest@example.org", state="failed", last_error="SMTPException", kind="gone")

    html = office.get(LOG).content.decode()

    for words in ("Test notice", "Koordinatorin Ulm", "guest@example.org", "SMTPException", "gone"):
        assert words in html
    assert coordinator.email not in html


def test_filters_and_search(told, office, coordinator):
    NoticeFactory(key="a", state="failed", email="guest@example.org")
    NoticeFactory(key="b", kind="other", recipient=coordinator, email="")

    def shown(**query):
        return keys_in(office.get(LOG, query))

    assert shown(state__exact="failed") == shown(kind="test_notice") == shown(q="GUEST@example.org") == ["a"]
    assert shown(q="Koordinatorin") == shown(q=coordinator.email) == ["b"]
    assert shown(q="guest@") == []


def test_the_mail_is_shown_as_its_reader_would_read_it(told, office, partner):
    notice = NoticeFactory(recipient=partner, email="")
    told.shown = "<b>Über Győr</b>"

    html = office.get(f"{LOG}{notice.pk}/change/").content.decode()

    assert "&lt;b&gt;Über Győr&lt;/b&gt;" in html
    assert "EET" in html
    assert "/there/" in html


def test_the_log_opens_when_the_mail_cannot_be_shown_any_more(office):
    notice = NoticeFactory(kind="kind_of_an_app_that_is_gone")

    assert "It can no longer be shown (KeyError)." in office.get(f"{LOG}{notice.pk}/change/").content.decode()


def test_a_reader_who_is_gone_leaves_a_dash(told, office):
    NoticeFactory(state="sent", email="")

    assert "–" in office.get(LOG).content.decode()


def test_nobody_changes_what_was_said(told, office):
    notice = NoticeFactory(state="sent")

    assert office.get(f"{LOG}add/").status_code == 403
    assert office.post(f"{LOG}{notice.pk}/change/", {"state": "waiting"}).status_code == 403
    assert office.post(f"{LOG}{notice.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Notice.objects.get().state == "sent"


def test_failed_ones_are_sent_again_and_the_others_are_left_alone(told, office):
    failed, sent = NoticeFactory(state="failed"), NoticeFactory(state="sent")
    nobody = NoticeFactory(state="failed", email="")

    assert send_again(office, [failed, sent, nobody]) == [
        "1 notice is queued again.",
        "2 were left alone: they have not failed, or their readers are gone.",
    ]
    assert list(Notice.objects.filter(state="waiting")) == [failed]


def test_when_all_have_failed_or_none_only_that_is_said(told, office):
    assert send_again(office, [NoticeFactory(state="failed") for _ in range(2)]) == [
        "2 notices are queued again."
    ]
    office.get(LOG)  # shows the message

    assert send_again(office, [NoticeFactory(state="sent")]) == [
        "1 was left alone: it has not failed, or its reader is gone."
    ]


def test_sending_again_needs_its_own_right(told):
    reader = UserFactory(is_staff=True)
    grant(reader, "notifications.view_notice")
    failed = NoticeFactory(state="failed")

    send_again(signed_in(reader, "en"), [failed])

    failed.refresh_from_db()
    assert failed.state == "failed"


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries(told, office, rows, django_assert_max_num_queries):
    for _ in range(rows):
        NoticeFactory(recipient=UserFactory(), email="")

    with django_assert_max_num_queries(8):
        office.get(LOG)


def test_nobody_but_the_office_reads_the_log(cast):
    doors = {name: signed_in(person).get(LOG).status_code for name, person in cast.items()}

    assert doors == {**dict.fromkeys(cast, 302), "admin": 200}


class TestPreview:
    LIST = f"{LOG}preview/"

    def test_every_kind_is_there_in_every_language_of_its_readers(self, office):
        html = office.get(self.LIST).content.decode()

        for name in ("entry_reported", "report_answered"):
            for language in ("de", "en"):
                page = office.get(f"{self.LIST}{name}/{language}/")
                assert f'href="{self.LIST}{name}/{language}/"' in html
                assert page.context["mail"].extra_headers["Content-Language"] == language
                assert "Musterstadt" in page.content.decode()

    def test_the_log_leads_there(self, office):
        assert f'href="{self.LIST}"' in office.get(LOG).content.decode()

    def test_the_html_part_may_style_itself_and_nothing_else(self, office):
        answer = office.get(f"{self.LIST}entry_reported/de/html/")

        assert "<html" in answer.content.decode()
        assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")

    def test_looking_leaves_nothing_behind(self, office):
        office.get(f"{self.LIST}entry_reported/de/")

        assert Notice.objects.count() == 0

    def test_a_kind_that_cannot_be_shown_says_so(self, told, office):
        page = office.get(f"{self.LIST}test_notice/de/").content.decode()

        assert "It cannot be shown (NotImplementedError)." in page

    @pytest.mark.parametrize("path", ["nonsense/de/", "entry_reported/hu/", "nonsense/de/html/"])
    def test_what_there_is_not_is_not_found(self, office, path):
        assert office.get(f"{self.LIST}{path}").status_code == 404

    def test_only_who_reads_the_log_sees_it(self, cast):
        clerk = UserFactory(is_staff=True)
        doors = {name: signed_in(person).get(self.LIST).status_code for name, person in cast.items()}

        assert doors == {**dict.fromkeys(cast, 302), "admin": 200}
        assert signed_in(clerk).get(self.LIST).status_code == 403


class TestStops:
    LIST = "/admin/notifications/mailstop/"

    @pytest.fixture
    def stops(self, partner, now):
        from notifications.addresses import address_digest
        from notifications.models import MailStop

        return [
            MailStop.objects.create(
                address=address_digest(partner.email),
                person=partner,
                reason="bounced",
                said="5.1.1",
                stopped_at=now,
            ),
            MailStop.objects.create(
                address=address_digest("guest@example.org"), reason="unsubscribed", stopped_at=now
            ),
        ]

    def test_it_says_who_why_and_since_when_without_any_address(self, office, stops, partner):
        html = office.get(self.LIST).content.decode()

        for words in ("Partner Timișoara", "mails came back", "5.1.1", "an address without account"):
            assert words in html
        assert partner.email not in html

    def test_a_whole_address_finds_what_is_kept_of_it(self, office, stops):
        def found(text):
            return [stop.pk for stop in office.get(self.LIST, {"q": text}).context["cl"].result_list]

        assert found("Guest@example.org ") == [stops[1].pk]
        assert found("Timișoara") == [stops[0].pk]
        assert found("guest@") == []

    def test_mails_are_sent_again_by_who_may(self, office, stops, outsider):
        from notifications.models import MailStop

        reader = UserFactory(is_staff=True)
        grant(reader, "notifications.view_mailstop")
        lift = {"action": "lift", "_selected_action": [stop.pk for stop in stops]}
        signed_in(reader).post(self.LIST, lift)
        kept = MailStop.objects.count()

        answer = office.post(self.LIST, lift)

        assert (kept, MailStop.objects.count()) == (2, 0)
        assert [str(m) for m in get_messages(answer.wsgi_request)] == ["2 addresses get mails again."]

    def test_nobody_writes_it_by_hand(self, office, stops):
        assert office.get(f"{self.LIST}add/").status_code == 403
        assert office.post(f"{self.LIST}{stops[0].pk}/delete/", {"post": "yes"}).status_code == 403
        assert office.get(f"{self.LIST}{stops[0].pk}/change/").status_code == 200


def test_what_the_log_has_forgotten_is_not_in_it(told, office):
    NoticeFactory(key="emptied", kind="", state="sent", email="")

    assert keys_in(office.get(LOG)) == []

"""Several notices in one mail: digests, and kinds that wait for more of their kind. Nothing is told twice."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from notifications import actions
from notifications.delivery import deliver_due
from notifications.models import Notice, Pace, Preference
from notifications.outbox import Guest, queue
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

SATURDAY_SEVEN = datetime(2027, 3, 27, 6, 0, tzinfo=UTC)
MONDAY_SEVEN = datetime(2027, 3, 29, 5, 0, tzinfo=UTC)


@pytest.fixture
def told(told):
    told.scope = lambda self, notice: f"group:{notice.about_id % 2}"
    return told


@pytest.fixture
def towns(db):
    """What notices are about."""
    return [UserFactory() for _ in range(4)]


def chooses(person, pace, kind="", scope=""):
    Preference.objects.create(person=person, kind=kind, scope=scope, pace=pace)


def tell(told, person, about, now, **more):
    for thing in about:
        queue(told, to=[person], about=thing, now=now, **more)


def states():
    return list(Notice.objects.order_by("id").values_list("state", flat=True))


class TestDigest:
    def test_the_day_is_one_mail_at_seven_with_all_that_each_one_says(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns, now)

        sent = [
            deliver_due(now=moment) for moment in (now, SATURDAY_SEVEN - timedelta(minutes=1), SATURDAY_SEVEN)
        ]

        (digest,) = mail.outbox
        assert sent == [0, 0, 1]
        assert digest.subject == f"Über Győr {towns[0].pk} – und 3 weitere Mitteilungen"
        assert all(f"Über Győr {town.pk} 10:00 CET" in digest.body for town in towns)
        assert all(f"Über Győr {town.pk}" in digest.alternatives[0].content for town in towns)
        assert "in einer Mail am Tag, so haben Sie es gewählt" in digest.body
        assert digest.body.count("Because of a test.") == 0
        assert digest.body.count("-- \n") == 1
        assert digest.alternatives[0].content.count("<html") == 1
        assert states() == ["sent"] * 4

    def test_nothing_is_told_a_second_time(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns, now)

        moments = [now + timedelta(minutes=30 * step) for step in range(2 * 24 * 4)]
        sent = [deliver_due(now=moment) for moment in moments]

        assert (sum(sent), len(mail.outbox)) == (1, 1)

    def test_on_a_monday_the_day_and_the_week_are_one_mail(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.DAILY)
        chooses(coordinator, Pace.WEEKLY, scope=f"group:{towns[0].pk % 2}")
        tell(told, coordinator, towns, MONDAY_SEVEN - timedelta(hours=2))

        deliver_due(now=MONDAY_SEVEN)

        assert (len(mail.outbox), states()) == (1, ["sent"] * 4)

    def test_a_digest_of_one_is_its_ordinary_mail(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.WEEKLY)
        tell(told, coordinator, towns[:1], now)

        deliver_due(now=MONDAY_SEVEN)

        assert mail.outbox[0].subject == f"Über Győr {towns[0].pk}"
        assert "Because of a test." in mail.outbox[0].body

    def test_each_reader_gets_an_own_mail_in_the_own_language_at_the_own_seven(
        self, told, coordinator, partner, towns, now
    ):
        for person in (coordinator, partner):
            chooses(person, Pace.DAILY)
            tell(told, person, towns[:2], now)

        in_bucharest = deliver_due(now=SATURDAY_SEVEN - timedelta(hours=1))
        in_ulm = deliver_due(now=SATURDAY_SEVEN)

        assert (in_bucharest, in_ulm) == (1, 1)
        assert [m.to for m in mail.outbox] == [[partner.email], [coordinator.email]]
        assert mail.outbox[0].subject.endswith("– and one more")
        assert "11:00 EET" in mail.outbox[0].body

    def test_the_choice_is_asked_for_when_it_is_delivered(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.WEEKLY)
        tell(told, coordinator, towns, now)
        deliver_due(now=now)

        later = now + timedelta(hours=1)
        actions.choose_paces(coordinator, {("", ""): Pace.NOW}, now=later)

        assert deliver_due(now=later) == 4

    def test_who_now_wants_a_weekly_mail_gets_no_instant_one(self, told, coordinator, towns, now):
        tell(told, coordinator, towns, now)
        actions.choose_paces(coordinator, {("", ""): Pace.WEEKLY}, now=now)

        assert [deliver_due(now=now), deliver_due(now=MONDAY_SEVEN)] == [0, 1]

    def test_what_is_no_longer_wanted_is_left_out(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns, now)
        told.unwanted = (towns[1].pk,)

        deliver_due(now=SATURDAY_SEVEN)

        assert states() == ["sent", "dropped", "sent", "sent"]
        assert f"Győr {towns[1].pk}" not in mail.outbox[0].body

    def test_what_cannot_be_rendered_does_not_keep_the_others(
        self, told, coordinator, towns, now, monkeypatch
    ):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns, now)
        good = told.context

        def context(self, notice):
            if notice.about_id == towns[2].pk:
                raise LookupError
            return good(self, notice)

        monkeypatch.setattr(told, "context", context)

        deliver_due(now=SATURDAY_SEVEN)

        assert states() == ["sent", "sent", "waiting", "sent"]
        assert Notice.objects.get(state="waiting").last_error == "LookupError"

    def test_read_in_the_list_it_needs_no_mail(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns, now)
        actions.mark_read(Notice.objects.order_by("id").first(), by=coordinator, now=now)

        deliver_due(now=SATURDAY_SEVEN)

        assert states() == ["bell", "sent", "sent", "sent"]

    def test_nothing_left_to_tell_is_no_mail(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns, now)
        told.wanted = False

        assert deliver_due(now=SATURDAY_SEVEN) == 0
        assert (states(), mail.outbox) == (["dropped"] * 4, [])

    def test_a_failed_one_is_tried_again_as_the_same_mail(self, told, coordinator, towns, now, broken):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns[:2], now)
        broken.append(smtplib.SMTPServerDisconnected())
        deliver_due(now=SATURDAY_SEVEN)
        tell(told, coordinator, towns[2:], SATURDAY_SEVEN)  # for tomorrow

        attempts = list(broken.messages)
        broken.clear()
        sent = deliver_due(now=SATURDAY_SEVEN + timedelta(minutes=2))

        assert sent == 1
        assert attempts == [mail.outbox[0].extra_headers["Message-ID"]]
        assert states() == ["sent", "sent", "waiting", "waiting"]

    def test_it_ends_with_one_press_for_everything(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.DAILY)
        tell(told, coordinator, towns, now)
        deliver_due(now=SATURDAY_SEVEN)

        assert "List-Unsubscribe" in mail.outbox[0].extra_headers
        assert "/notices/settings/" in mail.outbox[0].body


class TestPace:
    def test_the_nearest_choice_counts(self, told, coordinator, towns, now):
        even, odd = sorted(towns[:2], key=lambda town: town.pk % 2)
        chooses(coordinator, Pace.WEEKLY)
        chooses(coordinator, Pace.DAILY, kind="test_notice")
        chooses(coordinator, Pace.NOW, scope="group:0")
        tell(told, coordinator, [even, odd], now)

        deliver_due(now=now)

        assert [Notice.objects.get(about_id=town.pk).state for town in (even, odd)] == ["sent", "waiting"]
        assert Notice.objects.get(state="waiting").due_at == SATURDAY_SEVEN

    def test_only_in_the_list_means_no_mail(self, told, coordinator, towns, now):
        chooses(coordinator, Pace.BELL, kind="test_notice")
        tell(told, coordinator, towns[:1], now)

        assert (deliver_due(now=now), states(), mail.outbox) == (0, ["bell"], [])

    def test_what_is_essential_always_comes_at_once(self, told, coordinator, towns, now):
        told.essential = True
        chooses(coordinator, Pace.BELL)
        tell(told, coordinator, towns[:1], now)
        Notice.objects.update(read_at=now)

        assert (deliver_due(now=now), states()) == (1, ["sent"])

    @pytest.mark.parametrize(("pace", "state"), [("weekly", "sent"), ("daily", "sent"), ("bell", "bell")])
    def test_what_would_be_worthless_later_waits_for_no_digest(
        self, told, coordinator, towns, now, pace, state
    ):
        told.can_wait = False
        chooses(coordinator, pace)
        tell(told, coordinator, towns[:1], now)

        deliver_due(now=now)

        assert states() == [state]

    def test_a_reader_without_account_has_no_choice_but_to_end_it(self, told, towns, now):
        tell(told, Guest("guest@example.org", "de"), towns[:1], now)

        assert deliver_due(now=now) == 1


class TestMerging:
    @pytest.fixture
    def told(self, told):
        told.merge, told.wait = True, timedelta(minutes=10)
        told.scope = lambda self, notice: "group:7"
        return told

    def test_what_comes_within_the_time_it_waits_is_one_mail(self, told, coordinator, towns, now):
        for number, town in enumerate(towns):
            queue(told, to=[coordinator], about=town, now=now + timedelta(minutes=4 * number))

        moments = [now + timedelta(minutes=minutes) for minutes in range(40)]
        sent = [deliver_due(now=moment) for moment in moments]

        assert [minute for minute, number in enumerate(sent) if number] == [10, 22]
        assert [m.subject for m in mail.outbox] == [
            f"Über Győr {towns[0].pk} – und 2 weitere Mitteilungen",
            f"Über Győr {towns[3].pk}",
        ]
        assert "Because of a test." in mail.outbox[0].body

    @pytest.mark.parametrize("reader", ["other person", "other scope", "guests"])
    def test_readers_and_scopes_are_kept_apart(self, told, coordinator, partner, towns, now, reader):
        if reader == "other scope":
            told.scope = lambda self, notice: f"group:{notice.about_id}"
        readers = {
            "other person": [coordinator, partner],
            "other scope": [coordinator, coordinator],
            "guests": [Guest("a@example.org", "de"), Guest("b@example.org", "de")],
        }[reader]
        for person, town in zip(readers, towns, strict=False):
            tell(told, person, [town], now)

        assert deliver_due(now=now + timedelta(minutes=10)) == 2

    def test_a_reader_without_account_gets_one_mail_too(self, told, towns, now):
        for email in ("Guest@example.org", "guest@example.org"):
            tell(told, Guest(email, "en"), towns[:2], now, once=email)

        assert deliver_due(now=now + timedelta(minutes=10)) == 1
        assert mail.outbox[0].subject.endswith("– and 3 more")
        assert "/notices/unsubscribe/" in mail.outbox[0].body

    def test_the_copy_after_a_crash_is_the_same_mail(self, told, coordinator, towns, now, broken):
        """Between sending and noting it. What was told meanwhile begins a new mail."""
        tell(told, coordinator, towns[:2], now)
        due = now + timedelta(minutes=10)

        class Killed(BaseException):
            pass

        broken.after = Killed()
        with pytest.raises(Killed):
            deliver_due(now=due)
        broken.after = None
        tell(told, coordinator, towns[2:3], due + timedelta(seconds=20))
        deliver_due(now=due + timedelta(minutes=1))

        first, copy = (m.extra_headers["Message-ID"] for m in mail.outbox)
        assert first == copy
        assert states() == ["sent", "sent", "waiting"]

    def test_a_kind_may_say_in_its_own_words_what_several_are(self, told, coordinator, towns, now, tmp_path):
        for ending in ("subject.txt", "txt", "html"):
            (tmp_path / "email" / f"test_notice_several.{ending}").write_text("{{ notices|length }} things")
        tell(told, coordinator, towns, now)

        deliver_due(now=now + timedelta(minutes=10))

        assert (mail.outbox[0].subject, mail.outbox[0].body) == ("4 things", "4 things\n")

    def test_read_in_the_list_it_is_left_out(self, told, coordinator, towns, now):
        tell(told, coordinator, towns[:2], now)
        Notice.objects.filter(about_id=towns[0].pk).update(read_at=now)

        deliver_due(now=now + timedelta(minutes=10))

        assert (states(), len(mail.outbox)) == (["bell", "sent"], 1)

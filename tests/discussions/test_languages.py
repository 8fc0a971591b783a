"""Translations of posts: asked for, written beside the original, read first by who needs them, taken away."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SpokenLanguage, User
from accounts.personal_data import holdings
from core.conflicts import EditConflict
from discussions.actions import languages, talk
from discussions.actions.groups import NotAllowed
from discussions.actions.talk import NothingSaid
from discussions.choices import Belonging, Following, GroupState
from discussions.models import Group, Membership, Post, ReadMark, Topic, Translation
from notifications.delivery import deliver_due
from notifications.models import Notice
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory
from tests.factories.discussions import GroupFactory, MembershipFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db

Level = SpokenLanguage.Level


def speaks(person: User, language: str, level: str = Level.GOOD) -> None:
    SpokenLanguage.objects.create(person=person, language=language, level=level)


@pytest.fixture
def translator(db: None) -> User:
    person: User = UserFactory(display_name="Ilona Példa", language="de")
    speaks(person, "hu", Level.NATIVE)
    return person


@pytest.fixture
def group(translator: User, participant: User, partner: User, coach: User) -> Group:
    return GroupFactory(name="Donaufest", members=[translator, participant, partner], coach=coach)


@pytest.fixture
def topic(group: Group, participant: User) -> Topic:
    return TopicFactory(group=group, author=participant, title="Wer bringt Noten mit?")


@pytest.fixture
def post(topic: Topic, participant: User) -> Post:
    return PostFactory(topic=topic, author=participant, text="Wir proben am *Freitag*.", language="de")


def write(post: Post, by: User, text: str = "**Pénteken** próbálunk.", **more: Any) -> Translation:
    values: dict[str, Any] = {"language": "hu", "now": timezone.now()} | more
    return languages.write_translation(post=post, text=text, by=by, **values)


def ask(post: Post, by: User, language: str = "hu", now: datetime | None = None) -> Translation:
    return languages.ask_for_translation(post=post, language=language, by=by, now=now or timezone.now())


def page(person: User, topic: Topic) -> str:
    answer = signed_in(person, "en").get(topic.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def told(kind: str) -> list[str]:
    people = Notice.objects.filter(kind=kind, recipient__isnull=False).order_by("recipient__email")
    return list(people.values_list("recipient__display_name", flat=True))


def address(name: str, post: Post, *more: str) -> str:
    return reverse(f"discussions:{name}", args=[post.pk, *more])


class TestAsking:
    def test_twice_is_one_row_and_one_mail(self, post: Post, partner: User, coach: User) -> None:
        first, second = ask(post, partner), ask(post, coach)

        assert first == second
        assert second.asked_by == partner
        assert second.text == ""
        assert told("translation_asked") == ["Ilona Példa"]

    def test_tells_members_who_speak_the_language_well(
        self, post: Post, group: Group, partner: User, coach: User, outsider: User
    ) -> None:
        speaks(coach, "hu", Level.BASIC)
        speaks(outsider, "hu")
        left = MembershipFactory(group=group, state=Belonging.LEFT).person
        speaks(left, "hu")

        ask(post, partner)

        assert told("translation_asked") == ["Ilona Példa"]
        assert Notice.objects.get(kind="translation_asked").scope == f"group:{group.pk}"

    def test_who_has_muted_the_topic_is_left_alone(self, post: Post, translator: User, partner: User) -> None:
        ReadMark.objects.create(topic=post.topic, person=translator, following=Following.MUTE)

        ask(post, partner)

        assert told("translation_asked") == []

    def test_of_a_private_line_only_its_readers_hear(
        self, group: Group, participant: User, translator: User, coach: User
    ) -> None:
        speaks(coach, "hu")
        line = TopicFactory(group=group, author=participant, is_line=True, line_of=participant)
        said = PostFactory(topic=line, author=participant)

        ask(said, participant)

        assert told("translation_asked") == ["Coach A"]
        with pytest.raises(NotAllowed):
            ask(said, translator, "en")

    @pytest.mark.parametrize("language", ["de", "xx", ""])
    def test_not_into_its_own_or_an_unknown_language(self, post: Post, partner: User, language: str) -> None:
        with pytest.raises(NotAllowed):
            ask(post, partner, language)

    def test_not_by_outsiders_nor_in_archived_groups_nor_of_what_is_gone(
        self, post: Post, group: Group, partner: User, outsider: User
    ) -> None:
        with pytest.raises(NotAllowed):
            ask(post, outsider)
        Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now())
        with pytest.raises(NotAllowed):
            ask(post, partner)
        Post.objects.filter(pk=post.pk).update(hidden_at=None)
        Group.objects.filter(pk=group.pk).update(state=GroupState.ARCHIVED)
        with pytest.raises(NotAllowed):
            ask(post, partner)
        assert Translation.objects.count() == 0

    def test_what_is_written_need_not_be_asked_for(self, post: Post, translator: User, partner: User) -> None:
        write(post, translator)

        assert ask(post, partner).asked_at is None
        assert told("translation_asked") == []

    def test_the_mail_is_not_sent_when_somebody_was_quicker(
        self, post: Post, group: Group, translator: User, partner: User, now: datetime
    ) -> None:
        second = MembershipFactory(group=group).person
        speaks(second, "hu")
        ask(post, partner, now=now)
        write(post, translator, now=now)

        deliver_due(now=now + timedelta(minutes=11))

        assert [message.to[0] for message in mail.outbox if "wanted" in message.subject] == []
        assert second.email not in {message.to[0] for message in mail.outbox}

    def test_several_come_as_one_mail(
        self, post: Post, topic: Topic, translator: User, partner: User, now: datetime
    ) -> None:
        ask(post, partner, now=now)
        ask(PostFactory(topic=topic), partner, now=now)

        deliver_due(now=now + timedelta(minutes=11))

        assert len([message for message in mail.outbox if message.to == [translator.email]]) == 1


class TestWriting:
    def test_keeps_text_html_translator_and_version(self, post: Post, translator: User) -> None:
        row = write(post, translator)

        assert row.html == "<p><strong>Pénteken</strong> próbálunk.</p>\n"
        assert (row.translator, row.of_version, row.version) == (translator, post.version, 1)
        assert not row.is_machine

    def test_only_by_who_speaks_the_language(self, post: Post, coach: User, outsider: User) -> None:
        speaks(outsider, "hu")
        for person in (coach, outsider):
            with pytest.raises(NotAllowed):
                write(post, person)

    def test_nothing_is_no_translation(self, post: Post, translator: User) -> None:
        with pytest.raises(NothingSaid):
            write(post, translator, " \n ")
        assert Translation.objects.count() == 0

    def test_another_member_may_better_it(self, post: Post, translator: User, coach: User) -> None:
        speaks(coach, "hu")
        write(post, translator)

        row = write(post, coach, "Pénteken próba.", base_version=1)

        assert (row.text, row.translator, row.version) == ("Pénteken próba.", coach, 2)
        assert Translation.objects.count() == 1

    def test_two_at_once_lose_nothing(self, post: Post, translator: User, coach: User) -> None:
        speaks(coach, "hu")
        write(post, translator, base_version=0)

        with pytest.raises(EditConflict):
            write(post, coach, "Másik", base_version=0)

        assert Translation.objects.get().text == "**Pénteken** próbálunk."

    def test_author_and_who_asked_are_told_once(
        self, post: Post, translator: User, partner: User, now: datetime
    ) -> None:
        ask(post, partner, now=now)
        write(post, translator, now=now)
        write(post, translator, "Pénteken.", now=now)

        assert told("translation_written") == ["Teilnehmer", "Partner Timișoara"]
        deliver_due(now=now)
        to_author = next(one for one in mail.outbox if one.to == ["participant@verein.example"])
        assert "Pénteken." in to_author.body
        assert "Ilona Példa" in to_author.body

    def test_the_mail_has_no_text_where_the_group_wants_links(
        self, post: Post, group: Group, translator: User, now: datetime
    ) -> None:
        Group.objects.filter(pk=group.pk).update(sends_text=False)
        write(post, translator, now=now)

        deliver_due(now=now)

        body = mail.outbox[0].body
        assert "próbálunk" not in body
        assert post.topic.title not in body

    def test_a_post_changed_meanwhile_makes_it_out_of_date(
        self, post: Post, translator: User, participant: User
    ) -> None:
        talk.edit_post(
            post=post, text="Samstag.", by=participant, now=timezone.now(), base_version=post.version
        )

        assert write(post, translator, of_version=1).of_version == 1


class TestRemoving:
    def test_by_translator_and_who_leads(
        self, post: Post, translator: User, partner: User, coach: User
    ) -> None:
        write(post, translator)
        with pytest.raises(NotAllowed):
            languages.remove_translation(post=post, language="hu", by=partner)
        languages.remove_translation(post=post, language="hu", by=translator)
        assert Translation.objects.count() == 0

        write(post, translator)
        languages.remove_translation(post=post, language="hu", by=coach)
        languages.remove_translation(post=post, language="hu", by=coach)
        assert Translation.objects.count() == 0

    def test_what_was_asked_for_stays_asked_for(self, post: Post, translator: User, partner: User) -> None:
        ask(post, partner)
        write(post, translator)

        languages.remove_translation(post=post, language="hu", by=translator)

        row = Translation.objects.get()
        assert (row.text, row.html, row.translator) == ("", "", None)
        assert row.asked_by == partner


class TestReading:
    def test_the_own_language_first_and_the_original_one_click_away(
        self, topic: Topic, post: Post, translator: User, partner: User
    ) -> None:
        speaks(translator, "en")
        write(post, translator, "We rehearse on Friday.", language="en")

        html = page(partner, topic)

        assert '<div class="prose post__text" lang="en"><p>We rehearse on Friday.</p>' in html
        assert "Translated from German by Ilona Példa" in html
        assert "<summary>Show the original (German)</summary>" in html
        assert '<div class="prose post__text" lang="de"><p>Wir proben' in html

    def test_who_reads_the_original_sees_it_first(
        self, topic: Topic, post: Post, translator: User, coach: User
    ) -> None:
        write(post, translator)

        html = page(coach, topic)

        assert "Show the original" not in html
        assert "<summary>Show the translation (Hungarian)</summary>" in html

    def test_a_language_one_speaks_beats_a_foreign_original(
        self, topic: Topic, post: Post, translator: User, partner: User
    ) -> None:
        speaks(translator, "ro")
        write(post, translator, "Vineri repetăm.", language="ro")

        assert "Show the original (German)" in page(partner, topic)

    @pytest.mark.parametrize(("level", "is_original"), [(Level.BASIC, False), (Level.GOOD, True)])
    def test_an_original_one_reads_a_little_is_no_own_language(
        self, topic: Topic, post: Post, translator: User, partner: User, level: str, is_original: bool
    ) -> None:
        speaks(translator, "en")
        speaks(partner, "de", level)
        write(post, translator, "We rehearse.", language="en")

        assert ("Show the original" not in page(partner, topic)) == is_original

    def test_an_original_of_unknown_language_gives_way_to_the_reader_s_pages_only(
        self, topic: Topic, post: Post, translator: User, partner: User
    ) -> None:
        Post.objects.filter(pk=post.pk).update(language="")
        post.refresh_from_db()
        speaks(translator, "ro")
        speaks(translator, "en")
        write(post, translator, "Vineri repetăm.", language="ro")
        assert "Show the original" not in page(partner, topic)

        write(post, translator, "We rehearse.", language="en")

        html = page(partner, topic)
        assert "Translated by Ilona Példa" in html
        assert "<summary>Show the original</summary>" in html

    def test_out_of_date_is_said_and_stays_readable(
        self, topic: Topic, post: Post, translator: User, participant: User, coach: User
    ) -> None:
        write(post, translator)
        talk.edit_post(
            post=post, text="Doch Samstag.", by=participant, now=timezone.now(), base_version=post.version
        )

        html = page(coach, topic)

        assert "Out of date: the post was changed afterwards." in html
        assert "próbálunk" in html

    def test_a_machine_s_text_is_marked(self, topic: Topic, post: Post, coach: User) -> None:
        Translation.objects.create(
            post=post,
            language="hu",
            text="gép",
            html="<p>gép</p>",
            is_machine=True,
            written_at=timezone.now(),
        )

        html = page(coach, topic)

        assert "made by a machine, not checked" in html
        assert "This translation was made by a machine. Nobody has checked it." in html

    def test_html_of_an_older_renderer_is_made_anew(
        self, topic: Topic, post: Post, translator: User, coach: User
    ) -> None:
        write(post, translator)
        Translation.objects.update(html="<script>old()</script>", renderer=0)

        html = page(coach, topic)

        assert "old()" not in html
        assert "<strong>Pénteken</strong>" in html

    def test_of_hidden_and_deleted_posts_nothing_is_read(
        self, topic: Topic, post: Post, translator: User, participant: User, coach: User
    ) -> None:
        write(post, translator)
        Post.objects.filter(pk=post.pk).update(hidden_at=timezone.now())
        assert "próbálunk" not in page(coach, topic)

        Post.objects.filter(pk=post.pk).update(hidden_at=None)
        talk.delete_post(post=post, by=participant, now=timezone.now())
        assert "próbálunk" not in page(coach, topic)
        assert Translation.objects.count() == 0

    def test_wishes_lead_those_who_can_help_to_the_form(
        self, topic: Topic, post: Post, translator: User, partner: User, coach: User
    ) -> None:
        ask(post, partner)

        link = f'<a href="{address("translate", post, "hu")}">Translation wanted: Hungarian</a>'
        assert link in page(translator, topic)
        assert "<span>Translation wanted: Hungarian</span>" in page(coach, topic)

    @pytest.mark.parametrize("count", [1, 15])
    def test_costs_no_query(
        self, topic: Topic, translator: User, coach: User, count: int, django_assert_num_queries: Any
    ) -> None:
        for _number in range(count):
            write(PostFactory(topic=topic), translator)
        client = signed_in(coach)
        client.get(topic.get_absolute_url())

        # Browser session, account, topic, what the reader is in the group, posts, reactions, files, draft, notices.
        with django_assert_num_queries(9):
            client.get(topic.get_absolute_url())


PAGES = [("translate_choose", ()), ("translate", ("hu",)), ("remove_translation", ("hu",))]


class TestWhoComesIn:
    @pytest.mark.parametrize(("name", "more"), PAGES)
    def test_visitors_sign_in_outsiders_find_nothing(
        self, post: Post, translator: User, outsider: User, admin: User, name: str, more: tuple[str, ...]
    ) -> None:
        write(post, translator)
        missing = reverse(f"discussions:{name}", args=[post.pk + 1000, *more])
        for where in (address(name, post, *more), missing):
            visitor = Client().get(where)
            assert (visitor.status_code, visitor.url) == (302, f"/accounts/login/?next={where}")
            for person in (outsider, admin):
                assert signed_in(person).get(where).status_code == 404
                assert signed_in(person).post(where, {"text": "x"}).status_code == 404

    def test_members_without_the_right_are_refused(self, post: Post, translator: User, partner: User) -> None:
        write(post, translator)
        client = signed_in(partner)

        assert client.get(address("translate_choose", post)).status_code == 200
        assert client.get(address("translate", post, "hu")).status_code == 403
        assert client.get(address("remove_translation", post, "hu")).status_code == 403

    @pytest.mark.parametrize("language", ["de", "xx", "HU"])
    def test_there_is_no_page_for_other_languages(self, post: Post, translator: User, language: str) -> None:
        assert signed_in(translator).get(address("translate", post, language)).status_code == 404

    def test_nobody_in_an_archived_group_nor_for_what_is_gone(
        self, post: Post, group: Group, translator: User
    ) -> None:
        client = signed_in(translator)
        Group.objects.filter(pk=group.pk).update(state=GroupState.ARCHIVED)
        assert client.get(address("translate_choose", post)).status_code == 403
        assert client.get(address("translate", post, "hu")).status_code == 403
        assert "Translate" not in page(translator, post.topic)

        Group.objects.filter(pk=group.pk).update(state=GroupState.ACTIVE)
        Post.objects.filter(pk=post.pk).update(deleted_at=timezone.now())
        assert client.get(address("translate_choose", post)).status_code == 404


def form_of(client: Client, where: str) -> dict[str, Any]:
    form = client.get(where).context["form"]
    return {name: form[name].value() for name in form.fields}


class TestPages:
    def test_choose_lists_what_one_speaks(self, post: Post, translator: User, coach: User) -> None:
        html = signed_in(translator, "en").get(address("translate_choose", post)).content.decode()
        assert f'<a href="{address("translate", post, "hu")}">Hungarian</a>' in html
        assert "Let a machine translate" not in html

        html = signed_in(coach, "en").get(address("translate_choose", post)).content.decode()
        assert reverse("accounts:profile") in html

    def test_ask(self, post: Post, partner: User) -> None:
        client, where = signed_in(partner, "en"), address("translate_choose", post)
        key = str(client.get(where).context["ask_form"]["key"].value())

        for _time in range(2):
            answer = client.post(where, {"ask-language": "hu", "ask-key": key})
            assert answer.status_code == 302
            assert answer.url.endswith(f"?at={post.number}#post-{post.number}")

        assert Translation.objects.get().asked_by == partner

    @pytest.mark.parametrize("language", ["", "de", "xx"])
    def test_ask_for_nonsense(self, post: Post, partner: User, language: str) -> None:
        client, where = signed_in(partner, "en"), address("translate_choose", post)
        key = str(client.get(where).context["ask_form"]["key"].value())

        assert client.post(where, {"ask-language": language, "ask-key": key}).status_code == 422
        assert Translation.objects.count() == 0

    def test_write_sent_twice_is_written_once(self, post: Post, translator: User) -> None:
        client, where = signed_in(translator, "en"), address("translate", post, "hu")
        assert "Wir proben am <em>Freitag</em>" in client.get(where).content.decode()
        sent = form_of(client, where) | {"text": "Pénteken."}

        assert [client.post(where, sent).status_code for _time in range(2)] == [302, 302]

        row = Translation.objects.get()
        assert (row.text, row.version) == ("Pénteken.", 1)

    def test_mentions_of_members_become_marks(self, post: Post, translator: User, partner: User) -> None:
        client, where = signed_in(translator), address("translate", post, "hu")

        client.post(where, form_of(client, where) | {"text": "@Partner Timișoara hozza."})

        assert Translation.objects.get().text == f"@[Partner Timișoara](person:{partner.pk}) hozza."

    def test_write_without_text(self, post: Post, translator: User) -> None:
        client, where = signed_in(translator, "en"), address("translate", post, "hu")

        answer = client.post(where, form_of(client, where) | {"text": "  \n"})

        assert answer.status_code == 422
        assert "text" in answer.context["form"].errors

    def test_a_conflict_shows_both(self, post: Post, translator: User, coach: User) -> None:
        speaks(coach, "hu")
        client, where = signed_in(translator, "en"), address("translate", post, "hu")
        sent = form_of(client, where) | {"text": "Az enyém"}
        write(post, coach, "A másiké")

        answer = client.post(where, sent)

        html = answer.content.decode()
        assert answer.status_code == 409
        assert "A másiké" in html
        assert "Az enyém" in html
        again = answer.context["form"]
        client.post(where, {name: again[name].value() for name in again.fields})
        assert Translation.objects.get().text == "Az enyém"

    def test_who_left_meanwhile_keeps_the_text(self, post: Post, translator: User, group: Group) -> None:
        client, where = signed_in(translator, "en"), address("translate", post, "hu")
        sent = form_of(client, where) | {"text": "Pénteken"}
        SpokenLanguage.objects.filter(person=translator).delete()

        answer = client.post(where, sent)

        assert answer.status_code == 403
        assert "Pénteken" in answer.content.decode()

    def test_a_lost_session_keeps_the_text(self, post: Post) -> None:
        answer = Client().post(address("translate", post, "hu"), {"text": "Pénteken"})

        assert answer.status_code == 403
        assert "Pénteken" in answer.content.decode()

    def test_remove_asks_once_and_twice_is_once(self, post: Post, translator: User) -> None:
        write(post, translator)
        client, where = signed_in(translator, "en"), address("remove_translation", post, "hu")
        sent = form_of(client, where)

        assert [client.post(where, sent).status_code for _time in range(2)] == [302, 302]

        assert Translation.objects.count() == 0
        assert client.get(where).status_code == 404

    def test_the_language_of_a_new_topic_is_kept(self, group: Group, participant: User) -> None:
        client, where = signed_in(participant), reverse("discussions:new_topic", args=[group.slug])
        key = str(client.get(where).context["form"]["key"].value())

        client.post(where, {"title": "Fest", "text": "Alle kommen", "language": "de", "key": key})

        assert Post.objects.get(topic__title="Fest").language == "de"


def test_erased_people_leave_their_translations_without_name(
    topic: Topic, post: Post, translator: User, partner: User, coach: User
) -> None:
    ask(post, partner)
    write(post, translator)
    holding = next(one for one in holdings() if one.model is Translation)
    assert holding.export(translator)[0]["text"] == "**Pénteken** próbálunk."
    assert holding.export(partner)[0]["text"] == ""

    holding.erase(translator)
    holding.erase(partner)

    row = Translation.objects.get()
    assert (row.translator, row.asked_by) == (None, None)
    html = page(coach, topic)
    assert "Ilona Példa" not in html
    assert "Translated from German by Former member" in html


def test_former_members_no_longer_write(post: Post, translator: User) -> None:
    Membership.objects.filter(person=translator).update(state=Belonging.REMOVED)

    with pytest.raises(NotAllowed):
        write(post, translator)

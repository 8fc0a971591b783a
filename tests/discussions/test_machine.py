"""Machine translation: off by default, asked over real HTTP, marked, and without harm when it fails."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SpokenLanguage, User
from discussions import machine
from discussions.actions import languages
from discussions.actions.groups import NotAllowed
from discussions.actions.talk import NothingSaid
from discussions.checks import translation_service_is_an_address
from discussions.models import Group, Post, Translation
from discussions.views import translating
from tests.conftest import signed_in
from tests.factories.discussions import GroupFactory, PostFactory, TopicFactory

pytestmark = pytest.mark.django_db

KEY = "a-key-nobody-may-see"


class Service:
    """Speaks LibreTranslate's interface. `mode` says how it misbehaves; "" is well. `asked` has all questions."""

    def __init__(self) -> None:
        self.mode = ""
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.stopping = threading.Event()

    def answer(self, path: str, asked: dict[str, Any]) -> tuple[int, bytes]:
        self.asked.append((path, asked))
        if asked.get("api_key") != KEY:
            return 403, b'{"error": "Invalid API key"}'
        bodies = {
            "": json.dumps({"translatedText": f"[{asked['target']}] {asked['q']}"}).encode(),
            "no-json": b"<html>",
            "list": b"[1]",
            "empty": b'{"translatedText": "  "}',
            "long": json.dumps({"translatedText": "x" * 20_001}).encode(),
            "huge": b"x" * 300_000,
        }
        return (500, b"{}") if self.mode == "broken" else (200, bodies[self.mode])


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    found = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if found.mode == "slow":
                found.stopping.wait(5)
                return
            if found.mode == "drops":
                self._drip()
                return
            status, body = found.answer(self.path, asked)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _drip(self) -> None:
            """A byte now and then: no read of it is ever late."""
            self.send_response(200)
            self.end_headers()
            while not found.stopping.wait(0.05):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.TRANSLATION_URL = f"http://127.0.0.1:{server.server_port}/api/"
    settings.TRANSLATION_KEY = KEY
    yield found
    found.stopping.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def group(participant: User, partner: User, coach: User) -> Group:
    return GroupFactory(members=[participant, partner], coach=coach, machine_translation=True)


@pytest.fixture
def post(group: Group, participant: User) -> Post:
    topic = TopicFactory(group=group, author=participant)
    text = f"Wir proben am *Freitag*, @[Teilnehmer](person:{participant.pk})."
    return PostFactory(topic=topic, author=participant, text=text, language="de")


def press(client: Client, post: Post, language: str = "hu") -> Any:
    where = reverse("discussions:translate_choose", args=[post.pk])
    form = client.get(where).context["machine_form"]
    return client.post(where, {"machine-language": language, "machine-key": str(form["key"].value())})


def choose_page(person: User, post: Post) -> str:
    where = reverse("discussions:translate_choose", args=[post.pk])
    return signed_in(person, "en").get(where).content.decode()


class TestTheService:
    def test_gets_plain_text_without_names(self, service: Service) -> None:
        text = machine.translated("Am *Freitag*, @[Anna](person:5).", source="de", target="hu")

        assert text == "[hu] Am Freitag, @[Anna](person:5)."
        path, asked = service.asked[0]
        assert path == "/api/translate"
        assert (asked["source"], asked["target"], asked["format"]) == ("de", "hu", "text")
        assert asked["q"] == "Am Freitag, @P5."

    @pytest.mark.parametrize("source", ["", "cnr"])
    def test_guesses_a_language_it_cannot_be_told(self, service: Service, source: str) -> None:
        machine.translated("x", source=source, target="en")

        assert service.asked[0][1]["source"] == "auto"

    @pytest.mark.parametrize(
        ("mode", "reason"),
        [
            ("broken", "status-500"),
            ("no-json", "no-json"),
            ("list", "no-text"),
            ("empty", "no-text"),
            ("long", "no-text"),
            ("huge", "too-large"),
        ],
    )
    def test_nonsense_is_no_translation(self, service: Service, mode: str, reason: str) -> None:
        service.mode = mode

        with pytest.raises(machine.MachineFailed, match=f"^{reason}$"):
            machine.translated("x", source="de", target="en")

    @pytest.mark.parametrize("mode", ["slow", "drops"])
    def test_is_not_waited_for_longer_than_the_limit(
        self, service: Service, mode: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(machine, "SECONDS", 0.3)
        service.mode, begun = mode, time.monotonic()

        with pytest.raises(machine.MachineFailed, match=r"^slow$"):
            machine.translated("x", source="de", target="en")

        assert time.monotonic() - begun < 3

    def test_a_wrong_key_and_an_absent_service(self, service: Service, settings: Any) -> None:
        settings.TRANSLATION_KEY = ""
        with pytest.raises(machine.MachineFailed, match=r"^status-403$"):
            machine.translated("x", source="de", target="en")
        settings.TRANSLATION_URL = "http://127.0.0.1:9"
        with pytest.raises(machine.MachineFailed, match=r"^connection$"):
            machine.translated("x", source="de", target="en")

    def test_off_by_default(self) -> None:
        assert not machine.is_set_up()
        with pytest.raises(machine.MachineFailed):
            machine.translated("x", source="de", target="en")

    @pytest.mark.parametrize(
        ("address", "is_right"),
        [
            ("", True),
            ("https://translate.example", True),
            ("http://127.0.0.1:5000/", True),
            ("translate.example", False),
            ("ftp://translate.example", False),
            ("https://name:word@translate.example", False),
            ("https://translate.example/?x=1", False),
            ("http://[", False),
        ],
    )
    def test_its_address_is_checked_at_start(self, settings: Any, address: str, is_right: bool) -> None:
        settings.TRANSLATION_URL = address

        assert (translation_service_is_an_address() == []) == is_right


class TestTheButton:
    def test_is_there_only_where_server_and_group_want_it(
        self, service: Service, settings: Any, group: Group, post: Post, partner: User
    ) -> None:
        assert "Translate by machine" in choose_page(partner, post)
        Group.objects.filter(pk=group.pk).update(machine_translation=False)
        assert "Translate by machine" not in choose_page(partner, post)
        Group.objects.filter(pk=group.pk).update(machine_translation=True)
        settings.TRANSLATION_URL = ""
        assert "Translate by machine" not in choose_page(partner, post)

    def test_writes_a_marked_translation(self, service: Service, post: Post, partner: User) -> None:
        client = signed_in(partner, "en")

        answer = press(client, post)

        assert answer.status_code == 302
        row = Translation.objects.get()
        assert row.is_machine
        assert row.text.startswith("[hu] Wir proben am Freitag")
        assert (row.translator, row.of_version) == (None, post.version)
        html = client.get(post.topic.get_absolute_url()).content.decode()
        assert "made by a machine, not checked" in html

    def test_a_person_s_text_takes_its_place_and_is_never_replaced(
        self, service: Service, post: Post, partner: User, coach: User
    ) -> None:
        SpokenLanguage.objects.create(person=coach, language="hu")
        press(signed_in(partner), post)
        languages.write_translation(
            post=post, language="hu", text="Pénteken.", by=coach, now=timezone.now(), base_version=1
        )

        kept = languages.keep_machine_text(
            post=post, language="hu", text="gép", by=partner, now=timezone.now(), of_version=1
        )

        assert (kept.text, kept.is_machine, kept.translator) == ("Pénteken.", False, coach)
        assert press(signed_in(partner), post).status_code == 422

    def test_a_failure_is_told_and_changes_nothing(self, service: Service, post: Post, partner: User) -> None:
        service.mode = "broken"
        client = signed_in(partner, "en")

        answer = press(client, post)

        html = client.get(answer.url).content.decode()
        assert "The machine has given no translation. Nothing was changed." in html
        assert Translation.objects.count() == 0

    def test_sent_twice_asks_once(self, service: Service, post: Post, partner: User) -> None:
        client, where = signed_in(partner), reverse("discussions:translate_choose", args=[post.pk])
        key = str(client.get(where).context["machine_form"]["key"].value())

        for _time in range(2):
            assert client.post(where, {"machine-language": "hu", "machine-key": key}).status_code == 302

        assert len(service.asked) == 1

    def test_not_without_end(
        self, service: Service, post: Post, partner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(translating, "MACHINE_AN_HOUR", 1)
        client = signed_in(partner)
        press(client, post, "hu")
        press(client, post, "en")

        assert len(service.asked) == 1

    @pytest.mark.parametrize("language", ["de", "cnr", "xx"])
    def test_only_languages_it_can_know(
        self, service: Service, post: Post, partner: User, language: str
    ) -> None:
        assert press(signed_in(partner), post, language).status_code == 422
        assert service.asked == []

    def test_outsiders_send_nothing_out(self, service: Service, post: Post, outsider: User) -> None:
        where = reverse("discussions:translate_choose", args=[post.pk])

        assert signed_in(outsider).post(where, {"machine-language": "hu"}).status_code == 404
        assert service.asked == []


class TestTheAction:
    def test_asks_for_the_same_right(self, group: Group, post: Post, partner: User, outsider: User) -> None:
        values: dict[str, Any] = {"post": post, "language": "hu", "now": timezone.now(), "of_version": 1}
        with pytest.raises(NotAllowed):
            languages.keep_machine_text(text="gép", by=outsider, **values)
        with pytest.raises(NothingSaid):
            languages.keep_machine_text(text=" ", by=partner, **values)
        Group.objects.filter(pk=group.pk).update(machine_translation=False)
        with pytest.raises(NotAllowed):
            languages.keep_machine_text(text="gép", by=partner, **values)
        assert Translation.objects.count() == 0


def test_the_setting_of_a_group_warns(service: Service, settings: Any, group: Group, coach: User) -> None:
    client, where = signed_in(coach, "en"), reverse("discussions:settings", args=[group.slug])
    answer = client.get(where)
    assert "texts leave the platform" in answer.content.decode()
    form = answer.context["form"]
    sent = {
        name: form[name].value()
        for name in form.fields
        if name not in ("machine_translation", "takes_requests")
    }

    assert client.post(where, sent).status_code == 302
    group.refresh_from_db()
    assert not group.machine_translation

    # Where no service is set up the question is not asked, and what was chosen stays.
    Group.objects.filter(pk=group.pk).update(machine_translation=True)
    settings.TRANSLATION_URL = ""
    answer = client.get(where)
    assert "texts leave the platform" not in answer.content.decode()
    form = answer.context["form"]
    client.post(where, {name: form[name].value() for name in form.fields if name != "takes_requests"})
    group.refresh_from_db()
    assert group.machine_translation

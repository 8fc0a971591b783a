"""What partners abroad read is complete in 13 languages: rendered with gettext watched, not only collected."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import django
import polib
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import trans_real

from accounts.languages import PARTNER_LANGUAGES
from accounts.models import User
from core.links import make_token
from core.partner_pages import Problem
from directory.emails import ADDRESS_LINK
from directory.loading import TOPICS
from directory.models import Claim, Country, Membership, OrganisationInvitation
from directory.partner_words import COUNTRIES
from directory.partner_words import TOPICS as TOPIC_WORDS
from directory.queries.invitations import invitation_url
from notifications.examples import example_of
from notifications.kinds import Audience, Kind, all_kinds
from notifications.links import mail_link
from notifications.mails import message
from partnerships.emails.answers import answer_path
from partnerships.models import SideInvitation
from scripts import messages, partner_messages
from tests.conftest import signed_in
from tests.factories.directory import CountryFactory, MunicipalityFactory, OrganisationFactory, TopicFactory
from tests.factories.partnerships import PartnershipFactory

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in PARTNER_LANGUAGES]
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
PARTNER_KINDS = [kind for kind in all_kinds() if kind.audience == Audience.PARTNER]


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Which words were looked up in which language, as gettext keys them."""
    found: dict[str, set[str]] = {}
    plain, plural = trans_real.DjangoTranslation.gettext, trans_real.DjangoTranslation.ngettext

    def gettext(self, text):
        found.setdefault(self.language(), set()).add(text)
        return plain(self, text)

    def ngettext(self, one, many, number):
        found.setdefault(self.language(), set()).add(one)
        return plural(self, one, many, number)

    monkeypatch.setattr(trans_real.DjangoTranslation, "gettext", gettext)
    monkeypatch.setattr(trans_real.DjangoTranslation, "ngettext", ngettext)
    return found


@cache
def known(language: str) -> frozenset[str]:
    """What our own catalogue of the language says, and Django's own."""
    folder = translation.to_locale(language)
    ours = messages.file_of(folder)
    theirs = Path(django.__file__).parent / "conf" / "locale" / folder / "LC_MESSAGES" / "django.po"
    return frozenset(
        f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
        for path in (ours, theirs)
        for entry in polib.pofile(str(path))
        if entry.translated()
    )


def missing(asked_for: dict[str, set[str]], language: str) -> set[str]:
    assert asked_for[language], "nothing was watched"
    return {text for text in asked_for[language] if text.strip(" :")} - known(language)


def test_thirteen_languages_have_a_catalogue() -> None:
    folders = {translation.to_locale(code) for code in LANGUAGES}

    assert len(folders) == 13
    assert folders == set(messages.EVERY)


@pytest.mark.parametrize("told", PARTNER_KINDS, ids=lambda told: told.name)
@EVERY_LANGUAGE
def test_a_mail_asks_for_no_word_that_is_missing(
    told: Kind, language: str, asked_for: dict[str, set[str]]
) -> None:
    with example_of(told, language=language, now=timezone.now()) as notice:
        asked_for.clear()
        message(notice)

    if language != "en":  # the source itself
        assert missing(asked_for, language) == set()


@pytest.fixture
def addresses(coordinator: User, settings) -> list[tuple[str, dict[str, str] | None]]:
    """(address, what is sent) of every page for partners in every state."""
    now = timezone.now()
    baja = MunicipalityFactory(name="Baja", country=CountryFactory(code="HU"))
    entry = PartnershipFactory(
        towns=[MunicipalityFactory(name="Ulm"), baja],
        topics=[TopicFactory(code=code) for code, _de, _en in TOPICS],
        first_contact_year=1980,
        signed_year=1990,
        renewed_year=2000,
        ended_year=2020,
        aims_de="Jugend",
        registered_by=coordinator,
    )
    side = entry.sides.get(municipality=baja)

    def ask(purpose: str, **more: object) -> str:
        row = SideInvitation(
            side=side, purpose=purpose, language="hu", nonce="0" * 32, sent_at=now, sent_by=coordinator
        )
        row.expires_at = now + timedelta(days=9)
        for name, value in more.items():
            setattr(row, name, value)
        row.save()
        return answer_path(row).partition("?")[0]

    confirm, yearly, take_over = map(ask, SideInvitation.Purpose.values)
    answers = [ask("confirm", answer=one, answered_at=now) for one in SideInvitation.Answer.values if one]
    claim = Claim.objects.create(municipality=baja, person=coordinator, nonce="1" * 32, made_at=now)
    claim.official_email = "rathaus@baja.example"
    claim.save()
    proof = reverse("directory:claim_address", args=[make_token(ADDRESS_LINK, claim.pk, claim.nonce)])
    house = OrganisationFactory()
    invited = [
        OrganisationInvitation.objects.create(
            organisation=house, role=role, language="hu", nonce="2" * 32, invited_at=now, email=f"{role}@baja.example",
            invited_by=coordinator if role == "member" else None, expires_at=now + timedelta(days=9),
        )
        for role in Membership.Role.values
    ]  # fmt: skip
    leave = mail_link("unsubscribe", person=None, email="guest@baja.example", language="hu")
    leave = leave.removeprefix(settings.SITE_URL).partition("?")[0]
    wrong_years = {"signed_year": "x", "ended_year": "99999", "kind": "no", "status": "", "note": "x" * 2001}
    return [
        (confirm, None),
        (f"{confirm}?way=correct", None),
        (f"{confirm}?way=correct", wrong_years),
        (f"{confirm}?way=correct", {"signed_year": "2000", "ended_year": "1990", "status": "active"}),
        (f"{confirm}?way=correct", {"note": "\x00"}),
        (f"{confirm}?way=dispute", None),
        (f"{confirm}?way=dispute", {"text": ""}),
        (f"{confirm}?way=dispute", {"text": "x" * 2001}),
        (yearly, None),
        (take_over, None),
        *((address, None) for address in answers),
        (ask("confirm", revoked_at=now), None),
        (ask("confirm", expires_at=now - timedelta(days=1)), None),
        ("/answer/nonsense/", None),
        ("/answer/one/two/", None),
        *((invitation_url(row).partition("?")[0], None) for row in invited),
        (proof, None),
        (leave, None),
        ("/notices/unsubscribe/nonsense/", None),
    ]


@EVERY_LANGUAGE
def test_a_page_asks_for_no_word_that_is_missing(
    language: str,
    addresses: list[tuple[str, dict[str, str] | None]],
    asked_for: dict[str, set[str]],
    outsider: User,
) -> None:
    browsers = Client(), signed_in(outsider)
    asked_for.clear()

    for address, sent in addresses:
        address += ("&" if "?" in address else "?") + f"lang={language}"
        for browser in browsers:
            answer = browser.get(address) if sent is None else browser.post(address, sent)
            assert answer["Content-Language"] == language, address

    if language != "en":
        # The bar and the sign-in pages of the interface are not there; what else is said is ours.
        assert missing(asked_for, language) == set()


@EVERY_LANGUAGE
def test_every_problem_is_told_in_the_readers_words(language: str, asked_for: dict[str, set[str]]) -> None:
    with translation.override(language):
        for problem in Problem:
            assert str(problem.value.title)
            assert str(problem.value.happened)
            assert str(problem.value.advice)

    if language != "en":
        assert missing(asked_for, language) == set()


def test_a_planted_word_is_found(asked_for: dict[str, set[str]]) -> None:
    with translation.override("hu"):
        translation.gettext("Planted words")

    assert missing(asked_for, "hu") == {"Planted words"}


# Sources


def test_every_kind_for_partners_is_collected() -> None:
    collected = {path.name for path in partner_messages.templates()}

    assert {f"{kind.name}.txt" for kind in PARTNER_KINDS} <= collected
    assert sorted(kind.name for kind in PARTNER_KINDS) == partner_messages.kinds_of_mail()


def test_a_planted_word_of_a_partners_page_is_missed_in_every_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = messages._partner_sources
    monkeypatch.setattr(messages, "_partner_sources", lambda: [*real(), b'_("Planted words")'])

    for language in partner_messages.LANGUAGES:
        assert f"{language}: not translated: 'Planted words'" in messages.problems(language)


def test_words_for_the_team_are_not_asked_of_the_eleven() -> None:
    said = {entry.msgid for entry in polib.pofile(str(messages.file_of("hu")))}

    assert "Yes, that is right" in said
    assert "Sign in without a password" not in said


def test_plural_forms_are_djangos_own() -> None:
    found = {language: partner_messages.plurals(language) for language in partner_messages.LANGUAGES}

    assert found == {
        "bg": 2, "bs": 3, "cs": 4, "hr": 3, "hu": 2, "ro": 3, "sk": 4, "sl": 4, "sr": 3, "sr_Latn": 3, "uk": 4,
    }  # fmt: skip


def test_all_countries_and_topics_have_words() -> None:
    codes = {line.partition(",")[0] for line in _countries().read_text().splitlines()[1:]}

    assert set(COUNTRIES) == codes
    assert set(TOPIC_WORDS) == {code for code, _german, _english in TOPICS}
    assert Country.objects.count() == 0  # the words do not ask the database


def _countries() -> Path:
    return messages.CHECKOUT / "directory" / "data" / "countries.csv"


# Letters, dates, plurals


def test_no_german_stands_where_a_word_is_missing() -> None:
    with translation.override("hu"):
        said = translation.gettext("Sign in without a password")

    assert said == "Sign in without a password"


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Љубав и њива, џак", "Ljubav i njiva, džak"),
        ("ЉУБАВ, ЊИВА, ЏАК", "LJUBAV, NJIVA, DŽAK"),
        ("Љ", "Lj"),
        ("Ђорђе, Ћуприја, Чачак, Шабац, Жабаљ", "Đorđe, Ćuprija, Čačak, Šabac, Žabalj"),
        (
            "%(town)s <strong>потврђује</strong> ViPaD &amp; „Б“",
            "%(town)s <strong>potvrđuje</strong> ViPaD &amp; „B“",
        ),
    ],
)
def test_serbian_is_written_in_latin_letters(cyrillic: str, latin: str) -> None:
    assert partner_messages.latin(cyrillic) == latin


def test_letters_belong_to_their_language() -> None:
    def said(language: str) -> str:
        return "".join(entry.msgstr for entry in polib.pofile(str(messages.file_of(language))))

    cyrillic = set("абвгдежзийклмнопрстуфхцчшщъьюяђјљњћџіїєґ")
    assert not set("şţŞŢ") & set(said("ro"))
    assert set("șț") <= set(said("ro"))
    assert {
        language for language in partner_messages.LANGUAGES if cyrillic & set(said(language).lower())
    } == {
        "bg",
        "sr",
        "uk",
    }
    assert not set("ыэёі") & set(said("bg"))
    assert not set("ыэёъ") & set(said("uk"))
    assert not set("йщъыьэюяіїє") & set(said("sr").lower())
    assert not set("őűß") & set(said("sl"))


DATES = {
    "de": "26. März 2027",
    "en": "26 March 2027",
    "bg": "26 март 2027 г.",
    "bs": "26. marta 2027.",
    "cs": "26. března 2027",
    "hr": "26. ožujka 2027.",
    "hu": "2027. március 26.",
    "ro": "26 martie 2027",
    "sk": "26. marca 2027",
    "sl": "26. marca 2027",
    "sr": "26. марта 2027.",
    "sr-latn": "26. marta 2027.",
    "uk": "26 березня 2027 р.",
}


@EVERY_LANGUAGE
def test_a_day_is_written_as_in_letters(language: str) -> None:
    with translation.override(language):
        assert date_format(date(2027, 3, 26), "DATE_FORMAT") == DATES[language]


@EVERY_LANGUAGE
def test_twelve_months_have_twelve_names(language: str) -> None:
    with translation.override(language):
        names = {
            date_format(date(2027, month, 5), "E" if language not in {"de", "en"} else "F")
            for month in range(1, 13)
        }

    assert len(names) == 12


@EVERY_LANGUAGE
def test_no_sentence_ends_with_two_full_stops(language: str, addresses) -> None:
    for address, sent in addresses:
        if sent is None:
            page = Client().get(address, {"lang": language}).content.decode()
            assert ".. " not in page
            assert "..<" not in page


@EVERY_LANGUAGE
def test_plurals_count_as_the_language_does(language: str) -> None:
    one, many = "%(subject)s – and one more", "%(subject)s – and %(number)s more"
    with translation.override(language):
        said = [
            translation.ngettext(one, many, number) % {"subject": "A", "number": number}
            for number in (1, 2, 5, 21)
        ]

    assert all(text.startswith("A") for text in said)
    assert all(str(number) in text for text, number in zip(said[1:], (2, 5, 21), strict=True))

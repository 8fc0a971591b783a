"""What is cut and what must stay, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.incoming import cut, quotes_apart
from tests.cost import is_bearable

INTRODUCTIONS = [
    "On Thu, Mar 25, 2027 at 10:12 AM Anna <a@vipad.example> wrote:",
    "On 25 Mar 2027, at 10:12, Anna wrote:",
    "On 3/25/2027 10:12 AM, Anna wrote:",
    "Am Do., 25. März 2027 um 10:12 Uhr schrieb Anna <a@vipad.example>:",
    "Am 25.03.27 um 10:12 schrieb Anna:",
    "Am 25.03.2027 10:12, schrieb Anna:",
    "Am Donnerstag, dem 25. März 2027 um 10:12 schrieb Anna:",
    "Anna <a@vipad.example> schrieb am Do., 25. März 2027, 10:12:",
    "Anna <a@vipad.example> ezt írta (időpont: 2027. márc. 25., Cs, 10:12):",
    "2027. 03. 25. 10:12 keltezéssel, Anna írta:",
    "Anna <a@vipad.example> írta (2027. márc. 25. dátummal, 10:12 időpontban):",
    "În joi, 25 mar. 2027 la 10:12, Anna <a@vipad.example> a scris:",
    "Pe 25.03.2027 10:12, Anna a scris:",
    "Pe joi, 25 martie 2027, 10:12:00 EET, Anna <a@vipad.example> a scris:",
    "На чт, 25.03.2027 г. в 10:12 Anna <a@vipad.example> написа:",
    "На 25.03.27 г. в 10:12 ч., Anna написа:",
    "чет, 25. мар 2027. у 10:12 Anna <a@vipad.example> је написао/ла:",
    "Дана 25.3.27. у 10:12, Anna је написао(ла):",
    "čet, 25. mar 2027. u 10:12 Anna <a@vipad.example> je napisao/la:",
    "Dana 25. 03. 2027. u 10:12 Anna je napisao/la:",
    "čet, 25. ožu 2027. u 10:12 Anna <a@vipad.example> napisao je:",
    "V čet., 25. mar. 2027 ob 10:12 je oseba Anna <a@vipad.example> napisala:",
    "Anna je 25. 03. 2027 ob 10:12 napisal:",
    "čt 25. 3. 2027 v 10:12 odesílatel Anna <a@vipad.example> napsal:",
    "Dne 25. 03. 27 v 10:12 Anna napsal(a):",
    "25. 3. 2027 v 10:12, Anna <a@vipad.example>:",
    "št 25. 3. 2027 o 10:12 Anna <a@vipad.example> napísal(a):",
    "Dňa 25. 3. 2027 o 10:12 Anna napísal(a):",
    "чт, 25 бер. 2027 р. о 10:12 Anna <a@vipad.example> пише:",
    "25.03.27 10:12, Anna пише:",
    "25 бер. 2027 р. о 10:12 Anna <a@vipad.example> написав(ла):",
    '25 березня 2027, 10:12:33, від "Anna" <a@vipad.example>:',
    "чт, 25 мар. 2027 г. в 10:12, Anna <a@vipad.example>:",
    "Le jeu. 25 mars 2027 à 10:12, Anna <a@vipad.example> a écrit :",
]
SEPARATORS = [
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Ursprüngliche Nachricht --------",
    "-----Eredeti üzenet-----",
    "-----Mesaj original-----",
    "-----Původní zpráva-----",
    "-----Pôvodná správa-----",
    "-----Izvorna poruka-----",
    "-------- Originalna poruka --------",
    "-----Izvirno sporočilo-----",
    "-----Оригинална порука-----",
    "-----Оригинално съобщение-----",
    "-----Оригінальне повідомлення-----",
    "-----Message d'origine-----",
]
HEADERS = [
    "From: Anna <a@vipad.example>\nSent: Thursday, March 25, 2027 10:12 AM\nTo: Jana\nSubject: Exchange",
    "From: Anna <a@vipad.example>\nDate: Thursday, 25 March 2027 at 10:12\nTo: Jana\nCc: Eva\nSubject: Exchange",
    "Von: Anna <a@vipad.example>\nGesendet: Donnerstag, 25. März 2027 10:12\nAn: Jana\nBetreff: Austausch",
    "Von: Anna <a@vipad.example>\nDatum: Donnerstag, 25. März 2027 um 10:12\nAn: Jana\nBetreff: Austausch",
    "Gesendet: Donnerstag, 25. März 2027 um 10:12 Uhr\nVon: Anna <a@vipad.example>\nAn: Jana\nBetreff: Austausch",
    "Feladó: Anna <a@vipad.example>\nElküldve: 2027. március 25. 10:12\nCímzett: Jana\nTárgy: Csere",
    "De la: Anna <a@vipad.example>\nTrimis: joi, 25 martie 2027 10:12\nCătre: Jana\nSubiect: Schimb",
    "Od: Anna <a@vipad.example>\nOdesláno: čtvrtek 25. března 2027 10:12\nKomu: Jana\nPředmět: Výměna",
    "Od: Anna <a@vipad.example>\nOdoslané: štvrtok 25. marca 2027 10:12\nKomu: Jana\nPredmet: Výmena",
    "Od: Anna <a@vipad.example>\nPoslano: četvrtak, 25. ožujka 2027. 10:12\nPrima: Jana\nPredmet: Razmjena",
    "Od: Anna <a@vipad.example>\nPoslano: četrtek, 25. marec 2027 10:12\nZa: Jana\nZadeva: Izmenjava",
    "Od: Anna <a@vipad.example>\nPoslato: četvrtak, 25. mart 2027. 10:12\nZa: Jana\nTema: Razmena",
    "Од: Anna <a@vipad.example>\nПослато: четвртак, 25. март 2027. 10:12\nЗа: Jana\nТема: Размена",
    "От: Anna <a@vipad.example>\nИзпратено: четвъртък, 25 март 2027 г. 10:12\nДо: Jana\nОтносно: Обмен",
    "Від: Anna <a@vipad.example>\nНадіслано: 25 березня 2027 р. 10:12\nКому: Jana\nТема: Обмін",
    "De : Anna <a@vipad.example>\nEnvoyé : jeudi 25 mars 2027 10:12\nÀ : Jana\nObjet : Échange",
]
FOOTERS = [
    "Sent from my iPhone",
    "Sent from Outlook for Android<https://aka.ms/AAb9ysg>",
    "Get Outlook for iOS",
    "Von meinem iPhone gesendet",
    "Von meinem/meiner Galaxy gesendet",
    "Gesendet mit der WEB.DE iPhone App",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
    "Holen Sie sich Outlook für iOS<https://aka.ms/o0ukef>",
    "Az iPhone-omról küldve",
    "Trimis de pe iPhone-ul meu",
    "Odesláno z iPhonu",
    "Odoslané z môjho iPhonu",
    "Poslano s mog iPhonea",
    "Poslano iz mojega iPhona",
    "Poslato sa mog iPhone-a",
    "Послато са мог iPhone-а",
    "Изпратено от моя iPhone",
    "Надіслано з мого iPhone",
    "Envoyé de mon iPhone",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_the_line_above_a_quote_goes_with_it(introduction):
    assert cut(f"Yes.\n\n{introduction}\n\n> Who comes?\n") == "Yes."


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_history_without_marks_goes_too(introduction):
    assert cut(f"Yes.\n\n{introduction}\nWho comes?\n\nAnna\n") == "Yes."


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_an_answer_below_the_whole_mail_remains_alone(introduction):
    assert cut(f"{introduction}\n> Who comes?\n>\n> Anna\n\nYes.\n") == "Yes."


@pytest.mark.parametrize("introduction", [line for line in INTRODUCTIONS if "<" in line])
def test_a_line_broken_before_and_inside_the_address_goes_wholly(introduction):
    before, _, after = introduction.partition("<")

    assert cut(f"Yes.\n\n{before}\n<{after}\n\n> Who comes?") == "Yes."
    assert cut(f"Yes.\n\n{before}<\n{after}\n\n> Who comes?") == "Yes."


@pytest.mark.parametrize("separator", SEPARATORS)
def test_everything_below_a_separator_is_history(separator):
    assert cut(f"Yes.\n\n{separator}\nWho comes?") == "Yes."


@pytest.mark.parametrize("header", HEADERS)
def test_everything_below_a_shown_header_is_history(header):
    assert cut(f"Yes.\n\n{header}\n\nWho comes?") == "Yes."


@pytest.mark.parametrize("header", HEADERS)
def test_the_rule_above_a_shown_header_goes_too(header):
    assert cut(f"Yes.\n________________________________\n{header}\n\nWho comes?") == "Yes."


@pytest.mark.parametrize("footer", FOOTERS)
def test_what_the_program_says_of_itself_goes(footer):
    assert cut(f"Yes.\n\n{footer}\n\nOn 25 Mar 2027, at 10:12, Anna wrote:\n\n> Who comes?") == "Yes."


@pytest.mark.parametrize("delimiter", ["-- ", "--"])
def test_the_signature_below_its_delimiter_goes(delimiter):
    assert cut(f"Yes.\n\nBest regards\nJana\n{delimiter}\nTown hall\nTel. 1") == "Yes.\n\nBest regards\nJana"


def test_a_signature_between_text_and_quote_ends_at_the_quote():
    text = "See below.\n-- \nJana\n\nOn 25 Mar 2027, at 10:12, Anna wrote:\n> Who?\nWe.\n> When?\nMonday."

    assert cut(text) == "See below.\n\n> Who?\nWe.\n> When?\nMonday."


@pytest.mark.parametrize(
    "written",
    [
        "Mit freundlichen Grüßen\nJana",
        "Am Montag schrieb Anna: wir kommen.",
        "On Monday Anna wrote:\nwe all come.",
        "Am 25. März um 10:30 schrieb sie:\nwir kommen.",
        "Programm:\n- Montag\n- Dienstag",
        "Von: Ulm\nNach: Győr",
        "Wir treffen uns am 25.3.2027 um 10:12 Uhr:\nam Bahnhof.",
        "Das Paket wurde von meinem Kollegen gesendet",
        "I sent it from my desk",
        "a -- b\n---\nc",
        "Siehe https://vipad.example/groups/ulm:",
        "The question was:\n\n> Who comes?\n\nYes.",
    ],
)
def test_what_only_looks_alike_stays(written):
    assert cut(written) == written


def test_a_quote_somebody_chose_stays_with_its_answer():
    assert cut("> Who comes?\n\nWe.") == "> Who comes?\n\nWe."


def test_answers_between_quotes_keep_them_and_lose_the_rest():
    text = "On 25 Mar 2027, at 10:12, Anna wrote:\n> Who?\nWe.\n> When?\nMonday.\n> Regards\n> Anna\n"

    assert cut(text) == "> Who?\nWe.\n> When?\nMonday."


def test_one_answer_inside_the_quoted_mail_keeps_what_it_answers():
    text = "On 25 Mar 2027, at 10:12, Anna wrote:\n> Who?\n\nWe.\n\n> Regards\n"

    assert cut(text) == "> Who?\n\nWe."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "> Who?\n> Anna",
        "On 25 Mar 2027, at 10:12, Anna wrote:\n\n> Who?",
        "Sent from my iPhone",
        "-- \nJana",
    ],
)
def test_where_nothing_was_written_nothing_remains(text):
    assert cut(text) == ""


def test_answers_are_set_apart_for_markdown():
    assert (
        quotes_apart("> Who?\nWe.\n> When?\n\nMonday.\nYes.") == "> Who?\n\nWe.\n\n> When?\n\nMonday.\nYes."
    )


LINES = st.sampled_from(
    [
        *INTRODUCTIONS,
        *SEPARATORS,
        *HEADERS,
        *FOOTERS,
        "> a",
        ">> b",
        ">",
        "",
        "text",
        "-- ",
        "--",
        "____",
        "Von:",
        "x:",
        "<",
    ]
)


def _lines(text):
    return text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")


@given(st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=30).map("\n".join))
def test_nothing_is_raised_and_nothing_is_added(text):
    result = cut(text)

    assert len(result) <= len(text)
    assert set(result.split("\n")) <= {"", *(line.rstrip() for line in _lines(text))}


@given(st.lists(st.sampled_from(["one", "two", "", "> quoted"]), max_size=12))
def test_no_written_line_is_lost_among_quotes(lines):
    written = [line for line in lines if line and not line.startswith(">")]

    assert [
        line for line in cut("\n".join(lines)).split("\n") if line and not line.startswith(">")
    ] == written


@pytest.mark.parametrize(
    "unit",
    ["On 1 ", "a:\n", "> \n", "Von:\n", "<", "--\n", "1.1 ", "\n", "Am 1. schrieb\n", "x" * 400 + ":\n"],
)
def test_no_text_of_50_kb_takes_long(unit):
    text = (unit * 50_000)[:50_000]
    assert is_bearable(cut, text, most=2)

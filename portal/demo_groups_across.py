"""What the invented people say across borders: in the open group, and in the closed one of their partnership."""

from discussions.choices import TopicKind
from portal.demo_groups_said import (
    COACH,
    COORDINATOR,
    HELPFUL,
    JOY,
    MAYBE,
    PARTNER,
    THANKS,
    YES,
    Said,
    Talk,
)  # fmt: skip

EXCHANGE: tuple[Talk, ...] = (
    Talk(
        "Say hello: who are you, and where on the Danube?",
        (
            Said(
                COACH,
                40,
                11,
                "Everybody with an account may read here, and whoever joins may write. Tell us in two sentences who "
                "you are.",
                language="en",
            ),
            Said(
                PARTNER,
                39,
                10,
                "Hello! I look after the international contacts of a small town in Hungary. We are looking for a "
                "partner for our choir.",
                language="en",
                liked=((COACH, JOY), (COORDINATOR, JOY)),
            ),
            Said(
                COORDINATOR,
                38,
                9,
                "Good morning from near Ulm, where the Danube is still young. Our choir is always curious!",
                language="en",
                liked=((PARTNER, JOY),),
            ),
        ),
        kind=TopicKind.NEWS,
        is_pinned=True,
    ),
    Talk(
        "How do you keep in touch between two visits?",
        (
            Said(
                COORDINATOR,
                17,
                14,
                "Our partners write long letters in December, and then nothing happens until summer. What works for "
                "you?",
                language="en",
            ),
            Said(
                PARTNER,
                16,
                9,
                "One photo a month. Each town sends one, with a single sentence. It takes five minutes, and people "
                "wait for it.",
                language="en",
                liked=((COORDINATOR, HELPFUL), (COACH, HELPFUL)),
                is_answer=True,
            ),
            Said(COACH, 16, 12, "What a lovely idea. May we pass it on?", language="en"),
            Said(PARTNER, 15, 8, "Of course!", language="en"),
        ),
        is_faq=True,
    ),
    Talk(
        "Where shall we meet in person next year?",
        (
            Said(
                COACH,
                9,
                15,
                "Nothing is decided yet. Where would the journey be easy for you?",
                language="en",
            ),
        ),
        kind=TopicKind.POLL,
        options=("Ulm", "Budapest", "Novi Sad"),
        votes=((PARTNER, (MAYBE, YES, YES)), (COORDINATOR, (YES, YES, MAYBE))),
    ),
    Talk(
        "Which songs can two choirs learn in one afternoon?",
        (
            Said(
                PARTNER,
                4,
                16,
                "We have one afternoon together and no common language. Do you know songs that are quickly learnt?",
                language="en",
            ),
            Said(
                COORDINATOR,
                3,
                10,
                "Rounds! Everybody learns one line, and it sounds like much more. I can send you two of ours.",
                language="en",
                liked=((PARTNER, THANKS),),
            ),
        ),
        unread_by=(PARTNER,),
    ),
)

_MEETING_HU = """Kedves barátaink!

Tegnap összeült a szervezőbizottság. Tizennégy fiatal jelentkezett a nyári találkozóra, ketten közülük vegetáriánusok. \
Örülnénk, ha az első estén idén is együtt főznénk.

Kérdésünk: hány hely van abban a buszban, amely az állomásról a szállásra megy?

Üdvözlettel:
Példa Éva"""
_MEETING_DE = """Liebe Freundinnen und Freunde,

gestern hat sich das Organisationsteam getroffen. Vierzehn Jugendliche haben sich für die Begegnung im Sommer \
angemeldet, zwei von ihnen essen vegetarisch. Wir würden uns freuen, wenn wir am ersten Abend \
auch in diesem Jahr gemeinsam kochen.

Unsere Frage: Wie viele Plätze hat der Bus, der vom Bahnhof zur Unterkunft fährt?

Viele Grüße
Éva Példa"""

OF_THE_PARTNERSHIP: tuple[Talk, ...] = (
    Talk(
        "A nyári találkozó – die Begegnung im Sommer",
        (
            Said(
                PARTNER,
                11,
                10,
                _MEETING_HU,
                language="hu",
                translations=(("de", _MEETING_DE, PARTNER),),
                liked=((COORDINATOR, JOY),),
            ),
            Said(
                COORDINATOR,
                11,
                15,
                "Liebe Éva, vierzehn, das ist großartig! Der Bus hat zwanzig Plätze. Gemeinsam kochen: sehr gern, "
                "wir besorgen Paprika.",
                translations=(
                    (
                        "hu",
                        "Kedves Éva! Tizennégy, ez nagyszerű! A buszban húsz hely van. Közös főzés: nagyon szívesen, "
                        "mi hozzuk a paprikát.",
                        PARTNER,
                    ),
                ),
                liked=((PARTNER, THANKS),),
                is_answer=True,
            ),
        ),
        is_pinned=True,
    ),
    Talk(
        "When shall we call before the summer?",
        (
            Said(
                COORDINATOR,
                5,
                11,
                "Half an hour should be enough. I invite the youth centre as well.",
                language="en",
            ),
        ),
        kind=TopicKind.DATES,
        dates=(6, 9),
        votes=((PARTNER, (YES, MAYBE)), (COORDINATOR, (YES, YES))),
    ),
    Talk(
        "Wer spielt beim Konzert im Advent?",
        (
            Said(
                COORDINATOR,
                3,
                9,
                "Unser Posaunenchor hat zugesagt. Kommt euer Kinderchor wieder? Wir haben Betten für zwölf Kinder.",
            ),
            Said(PARTNER, 1, 9, "Ich frage die Leiterin am Montag. Die Kinder reden immer noch davon!"),
        ),
        unread_by=(COORDINATOR,),
    ),
)

"""What the invented people of the demo world say in the closed group of their course, and the shape of it."""

from dataclasses import dataclass, field

from discussions.choices import Answer, Feeling, TopicKind

COACH, COORDINATOR, CHAIR, PARTNER = (
    f"{name}@example.org" for name in ("coach", "koordinatorin", "vorsitz", "partner")
)


@dataclass(frozen=True)
class Said:
    """A post, so many days ago at an hour of the clock in Berlin. `translations`: language, text, who wrote it."""

    who: str
    days: int
    hour: int
    text: str
    language: str = "de"
    translations: tuple[tuple[str, str, str], ...] = ()
    liked: tuple[tuple[str, str], ...] = ()
    is_answer: bool = False


@dataclass(frozen=True)
class Talk:
    """A topic. `dates` of a date poll are days from today at 17:00; `votes`: who, and an answer for each option."""

    title: str
    posts: tuple[Said, ...]
    kind: str = TopicKind.QUESTION
    is_pinned: bool = False
    is_faq: bool = False
    is_line: bool = False
    has_photo: bool = False
    options: tuple[str, ...] = ()
    dates: tuple[int, ...] = ()
    votes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unread_by: tuple[str, ...] = field(default=())


YES, MAYBE, NO = Answer.YES, Answer.MAYBE, Answer.NO
THANKS, HELPFUL, JOY, AGREE = Feeling.THANKS, Feeling.HELPFUL, Feeling.JOY, Feeling.AGREE

_CAMERA = """Guten Tag Herr Muster,

das geht ganz einfach:

1. Stellen Sie die Kamera auf Augenhöhe, am besten gleich neben den Bildschirm.
2. Das Fenster soll **hinter** der Kamera sein, nicht hinter den Gästen. Sonst sieht man nur Schatten.
3. Die Gäste sitzen im Halbkreis, höchstens drei Meter entfernt.
4. Machen Sie am Tag vorher einen Probeanruf.

Auf Ihrem Foto würde ich den Tisch an die linke Wand stellen."""
_CAMERA_HU = """Jó napot kívánok, Muster úr!

Egészen egyszerű:

1. Állítsa a kamerát szemmagasságba, legjobb közvetlenül a képernyő mellé.
2. Az ablak a kamera **mögött** legyen, ne a vendégek mögött. Különben csak árnyékok látszanak.
3. A vendégek félkörben üljenek, legfeljebb három méterre.
4. Egy nappal előtte tartsanak próbahívást.

Ami a fényképét illeti: én az asztalt a bal oldali falhoz tenném."""
_SOUND = """Das kennen viele. Drei Dinge helfen fast immer:

- Ein Mikrofon für den Tisch statt des Mikrofons im Laptop.
- Decken, Vorhänge, volle Stühle: Alles Weiche schluckt den Hall.
- Wer nicht spricht, schaltet sein Mikrofon stumm.

Fragen Sie in der Schule oder im Rathaus: Ein Tischmikrofon liegt dort oft im Schrank."""

LEARNING: tuple[Talk, ...] = (
    Talk(
        "Willkommen in unserer Lerngruppe",
        (
            Said(
                COACH,
                34,
                10,
                "Guten Tag zusammen!\n\nHier begleiten wir Sie durch das Frühjahr. Fragen Sie, was Sie wissen "
                "möchten: **Es gibt keine dummen Fragen.** Was hier steht, lesen nur die Mitglieder dieser "
                "Gruppe.\n\nStellen Sie sich bitte kurz vor: Woher kommen Sie, und mit wem ist Ihr Ort verbunden?",
            ),
            Said(
                COORDINATOR,
                34,
                14,
                "Ich heiße Karin und betreue im Rathaus zwei Partnerschaften. Am meisten liegt mir die "
                "Jugendbegegnung am Herzen.",
                liked=((COACH, JOY), (PARTNER, JOY)),
            ),
            Said(
                CHAIR,
                33,
                9,
                "Ottmar Muster, Vorsitzender unseres Partnerschaftsvereins seit 1998. Mit dem Computer stehe ich ein "
                "wenig auf Kriegsfuß, aber ich lerne gern dazu.",
                liked=((COACH, AGREE), (COORDINATOR, JOY)),
            ),
            Said(
                PARTNER,
                33,
                11,
                "Szép napot! Ich bin Éva und arbeite im Rathaus von Mintafalva. Mein Deutsch ist nicht perfekt, ich "
                "helfe aber gern beim Übersetzen ins Ungarische.",
                liked=((COORDINATOR, THANKS), (CHAIR, THANKS)),
            ),
        ),
        kind=TopicKind.NEWS,
        is_pinned=True,
    ),
    Talk(
        "Wohin stelle ich die Kamera in unserem Saal?",
        (
            Said(
                CHAIR,
                27,
                16,
                "Unser nächster Anruf nach Ungarn soll im Gemeindehaus stattfinden, mit acht Personen. Auf dem Foto "
                "sehen Sie den Saal. Wohin stelle ich die Kamera, damit alle zu sehen sind?",
                translations=(
                    (
                        "hu",
                        "A következő magyarországi hívásunkat a közösségi házban szeretnénk tartani, nyolc fővel. "
                        "A fényképen a terem látható. Hová állítsam a kamerát, hogy mindenki látsszon?",
                        PARTNER,
                    ),
                ),
            ),
            Said(
                COACH,
                26,
                9,
                _CAMERA,
                translations=(("hu", _CAMERA_HU, PARTNER),),
                liked=((CHAIR, THANKS), (COORDINATOR, HELPFUL), (PARTNER, HELPFUL)),
                is_answer=True,
            ),
            Said(
                CHAIR,
                24,
                18,
                "Wir haben es probiert: Alle acht waren zu sehen, sogar die Bürgermeisterin. Danke!",
            ),
        ),
        is_pinned=True,
        is_faq=True,
        has_photo=True,
    ),
    Talk(
        "Der Ton hallt im Gemeindesaal",
        (
            Said(
                COORDINATOR,
                22,
                11,
                "Beim letzten Anruf haben unsere Partner nur jedes zweite Wort verstanden. Der Saal hallt sehr. Was "
                "kann man tun, ohne viel Geld auszugeben?",
            ),
            Said(COACH, 22, 15, _SOUND, liked=((COORDINATOR, HELPFUL), (CHAIR, HELPFUL)), is_answer=True),
            Said(CHAIR, 21, 10, "Bei uns hat der Musikverein ein Mikrofon. Man muss nur fragen."),
        ),
        is_faq=True,
    ),
    Talk(
        "Wer dolmetscht im Videoanruf?",
        (
            Said(
                PARTNER,
                19,
                10,
                "In Mintafalva sprechen nur zwei Personen Deutsch. Wie machen es andere, wenn nicht alle dieselbe "
                "Sprache sprechen?",
                language="de",
            ),
            Said(
                COORDINATOR,
                19,
                13,
                "Bei uns übersetzt eine Schülerin, die in beiden Sprachen zu Hause ist. Wir schreiben ihr die Punkte "
                "vorher auf.",
                liked=((PARTNER, THANKS),),
            ),
            Said(
                COACH,
                18,
                9,
                "Bewährt hat sich: **kurze Sätze, dann eine Pause.** Höchstens zwei Minuten am Stück, und vorher "
                "eine Liste der Namen und schwierigen Wörter. Für eine Stunde mit Übersetzung planen Sie anderthalb.",
                liked=((PARTNER, HELPFUL), (COORDINATOR, AGREE)),
                is_answer=True,
            ),
        ),
    ),
    Talk(
        "Aufgabe bis zum nächsten Treffen: ein Anruf von zehn Minuten",
        (
            Said(
                COACH,
                16,
                10,
                "Rufen Sie Ihre Partner an, nur für zehn Minuten, mit Bild. Schreiben Sie danach hier in zwei "
                "Sätzen, was gut ging und was nicht.",
            ),
            Said(
                CHAIR,
                13,
                17,
                "Bild gut, Ton gut, nur mein Enkel lief durchs Bild. Alle haben gelacht, das Eis war gebrochen.",
                liked=((COACH, JOY), (PARTNER, JOY), (COORDINATOR, JOY)),
            ),
            Said(COORDINATOR, 12, 9, "Bei uns brach die Verbindung ab. Mit Kabel statt WLAN ging es dann."),
            Said(PARTNER, 12, 14, "Wir haben zum ersten Mal das Rathaus von innen gezeigt. Das war schön."),
        ),
        kind=TopicKind.NEWS,
    ),
    Talk(
        "Womit fangen wir beim nächsten Treffen an?",
        (
            Said(COACH, 10, 10, "Sie entscheiden. Bitte stimmen Sie ab, mehrere Antworten sind möglich."),
            Said(CHAIR, 9, 11, "Fotos zeigen wäre mir am liebsten, davon haben wir viele."),
        ),
        kind=TopicKind.POLL,
        options=("Fotos gemeinsam ansehen", "Einladungen gestalten", "Eine kleine Ausstellung planen"),
        votes=((CHAIR, (YES, NO, MAYBE)), (COORDINATOR, (MAYBE, YES, YES)), (PARTNER, (YES, NO, YES))),
    ),
    Talk(
        "Termin für den gemeinsamen Probeanruf",
        (
            Said(COACH, 6, 9, "Wann passt es Ihnen? Wir brauchen eine Dreiviertelstunde."),
            Said(PARTNER, 5, 10, "Am ersten Tag haben wir Gemeinderat, da geht es nur zur Not."),
        ),
        kind=TopicKind.DATES,
        dates=(5, 7, 8),
        votes=((CHAIR, (YES, YES, NO)), (COORDINATOR, (YES, MAYBE, YES)), (PARTNER, (MAYBE, YES, YES))),
        unread_by=(CHAIR,),
    ),
    Talk(
        "Einladung an die neue Bürgermeisterin",
        (
            Said(
                CHAIR,
                8,
                15,
                "Das frage ich lieber nur Sie: Unsere neue Bürgermeisterin weiß noch wenig von der Partnerschaft. "
                "Wie gewinnen wir sie, ohne zu drängen?",
            ),
            Said(
                COACH,
                7,
                9,
                "Laden Sie sie zu etwas Fröhlichem ein, nicht zu einer Sitzung: zum Konzert oder zum Probeanruf, "
                "eine halbe Stunde. Und lassen Sie die Jugendlichen erzählen.",
                liked=((CHAIR, THANKS),),
            ),
        ),
        is_line=True,
    ),
    Talk(
        "Dürfen wir Fotos der Jugendbegegnung zeigen?",
        (
            Said(
                COORDINATOR,
                2,
                10,
                "Wir möchten im Rathaus Bilder vom letzten Sommer aufhängen. Auf manchen sind Jugendliche aus beiden "
                "Orten zu erkennen. Wen müssen wir fragen, und reicht eine Mail?",
            ),
        ),
        unread_by=(CHAIR, PARTNER, COACH),
    ),
)

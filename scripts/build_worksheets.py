"""Builds the worksheets of the curriculum, which are downloads of its lessons: `python -m scripts.build_worksheets`.

Run by who changes their words, below, or their look, templates/pdf/worksheet.typ. A second run changes nothing.
"""

import os
from pathlib import Path
from typing import Any

CURRICULUM = Path(__file__).parent.parent / "training" / "curriculum"

ONE_PAGE: dict[str, dict[str, Any]] = {
    "de": {
        "title": "Unsere Partnerschaft auf einer Seite",
        "how": "Zum Ausdrucken und Ausfüllen, am besten zu zweit oder zu dritt. Ein bis drei Sätze genügen. "
        "Was Sie nicht wissen, bleibt „offen“.",
        "parts": [
            {"heading": "Wer mit wem", "question": "Welche Kommunen gehören dazu?", "lines": 1},
            {"heading": "Der Anfang", "question": "Wer kannte wen? Seit wann?", "lines": 2},
            {"heading": "Die Urkunde", "question": "Wann und wo wurde sie unterschrieben?", "lines": 1},
            {"heading": "Drei Höhepunkte", "question": "Wovon erzählt man heute noch?", "lines": 3},
            {"heading": "Die Stärke", "question": "Was gelingt Ihnen gemeinsam besonders gut?", "lines": 1},
            {"heading": "Offen", "question": "Was fehlt noch, und wen fragen Sie?", "lines": 1},
        ],
        "people": {
            "heading": "Die Menschen",
            "question": "Wer trägt die Partnerschaft heute? Leere Felder dürfen leer bleiben.",
            "columns": ["Bereich", "Bei uns", "Auf der anderen Seite"],
            "rows": ["Verwaltung", "Partnerschaftsverein", "Schule und Jugend", "Vereine"],
        },
        "source": "ViPaD · Modul 1, Lektion 1",
    },
    "en": {
        "title": "Our partnership on one page",
        "how": "To be printed and filled in, best by two or three people together. One to three sentences are "
        "enough. If you do not know something, write “open”.",
        "parts": [
            {"heading": "Who with whom", "question": "Which municipalities belong to it?", "lines": 1},
            {"heading": "The beginning", "question": "Who knew whom? Since when?", "lines": 2},
            {"heading": "The charter", "question": "When and where was it signed?", "lines": 1},
            {"heading": "Three highlights", "question": "What do people still talk about today?", "lines": 3},
            {"heading": "The strength", "question": "What can you do especially well together?", "lines": 1},
            {"heading": "Open", "question": "What is still missing, and whom will you ask?", "lines": 1},
        ],
        "people": {
            "heading": "The people",
            "question": "Who carries the partnership now? Fields may stay empty.",
            "columns": ["Area", "On our side", "On the other side"],
            "rows": ["Administration", "Twinning association", "School and youth", "Clubs"],
        },
        "source": "ViPaD · Module 1, lesson 1",
    },
}
SHEETS = {"m01/downloads/our-partnership-{}.pdf": ONE_PAGE}


def main() -> None:
    from core.pdf import render  # noqa: PLC0415 -- reads the settings when it is imported

    for name, sheet in SHEETS.items():
        for language, words in sheet.items():
            path = CURRICULUM / name.format(language)
            path.write_bytes(render("worksheet.typ", words, language=language, title=words["title"]))
            print(path)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vipad.settings")
    main()

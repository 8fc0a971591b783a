"""Examples for /styleguide/: every component with data like the real thing. Not translated; development only."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.html import format_html

from core.conflicts import Difference


class ExampleForm(forms.Form):
    name = forms.CharField(label="Name der Kommune", help_text="So, wie die Kommune sich selbst nennt.")
    email = forms.EmailField(
        label="Dienstliche E-Mail-Adresse",
        help_text="Wir prüfen damit, ob Sie für diese Kommune sprechen dürfen.",
    )
    country = forms.ChoiceField(
        label="Land", choices=[("", "Bitte wählen"), ("HU", "Ungarn"), ("RS", "Serbien")]
    )
    since = forms.DateField(
        label="Datum der Urkunde", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label="Art der Verbindung",
        widget=forms.RadioSelect,
        choices=[("partnership", "Partnerschaft"), ("friendship", "Freundschaft"), ("contact", "Kontakt")],
        help_text="Eine Partnerschaft ist durch einen Beschluss oder eine Urkunde geschlossen.",
    )
    topics = forms.MultipleChoiceField(
        label="Themen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("youth", "Jugend und Schule"), ("culture", "Kultur"), ("river", "Umwelt und Donau")],
    )
    text = forms.CharField(label="Beschreibung", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    contract = forms.FileField(label="Urkunde (PDF)", required=False)
    agreed = forms.BooleanField(label="Ich habe die Nutzungsbedingungen gelesen und bin einverstanden.")


COLOURS = (
    "ink", "ink-muted", "paper", "paper-warm", "paper-tint", "line", "line-strong", "river", "river-bright",
    "river-soft", "sun", "danger",
)  # fmt: skip

EXAMPLES = {
    "colours": COLOURS,
    "breadcrumb": [("Kommunen", "#"), ("Ungarn", "#"), ("Pécs (Fünfkirchen)", "")],
    "tabs": [
        {"label": "Liste", "url": "#tabs", "current": True, "count": 1558},
        {"label": "Karte", "url": "#tabs", "current": False, "count": None},
    ],
    "chips": [
        {"kind": "Land", "label": "Ungarn", "remove_url": "#chips"},
        {"kind": "Thema", "label": "Jugend und Schule", "remove_url": "#chips"},
    ],
    "countries": [
        {"value": "HU", "label": "Ungarn", "count": 214, "checked": True},
        {"value": "RO", "label": "Rumänien", "count": 131, "checked": False},
        {"value": "BA", "label": "Bosnien und Herzegowina", "count": 12, "checked": False},
    ],
    "states": [
        {"value": "confirmed", "label": "Bestätigt", "count": 1204, "checked": True},
        {"value": "one-sided", "label": "Einseitig eingetragen", "count": 354, "checked": False},
    ],
    "kinds": [
        {"url": "#facets", "label": "Alle", "count": 1558, "checked": True},
        {"url": "#facets", "label": "Partnerschaften", "count": 1371, "checked": False},
        {"url": "#facets", "label": "Freundschaften", "count": 187, "checked": False},
    ],
    "conflict": [
        Difference("Telefon", "+49 731 161-0", "+49 731 161-1234"),
        Difference(
            "Beschreibung", "Wir treffen uns jeden Monat.", "Wir treffen uns\nam ersten Montag im Monat."
        ),
    ],
    "facts": [
        ("Art", "Partnerschaft"),
        ("Seit", "1992, Urkunde vom 4. Mai 1992"),
        ("Themen", ["Jugend und Schule", "Kultur", "Umwelt und Donau"]),
        ("Einwohner", 138420),
        ("Internet", format_html('<a href="{}">www.pecs.hu</a>', "https://www.pecs.hu/")),
    ],
    "table_headers": ["Partnerschaft", "Land", "Seit", "Begegnungen", "Stand"],
    "table_numeric": [3],
    "table_rows": [
        [
            format_html('<a href="#">{}</a>', "Fellbach – Pécs"),
            "Ungarn",
            "1986",
            48,
            "bestätigt am 3. März 2026",
        ],
        [
            format_html('<a href="#">{}</a>', "Ulm – Neusatz/Novi Sad"),
            "Serbien",
            "2003",
            1112,
            "einseitig eingetragen",
        ],
        [
            format_html('<a href="#">{}</a>', "Mannheim – Czernowitz"),
            "Ukraine",
            "2022",
            9,
            "nicht bestätigt seit 2024",
        ],
    ],
}


def examples() -> dict[str, Any]:
    return {
        "styleguide_examples": EXAMPLES,
        "page": Paginator(range(500), 20).page(7),
        "form": ExampleForm({"email": "rathaus"}),
    }

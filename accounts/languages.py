"""The languages people of the region speak and the zones they live in (mission.md 4.3)."""

from django.utils.translation import gettext_lazy as _

# Montenegrin has no Django code; "cnr" is its ISO 639-2 code.
SPOKEN_LANGUAGES = (
    ("de", _("German")),
    ("en", _("English")),
    ("bg", _("Bulgarian")),
    ("bs", _("Bosnian")),
    ("cnr", _("Montenegrin")),
    ("cs", _("Czech")),
    ("hr", _("Croatian")),
    ("hu", _("Hungarian")),
    ("ro", _("Romanian")),
    ("sk", _("Slovak")),
    ("sl", _("Slovenian")),
    ("sr", _("Serbian")),
    ("uk", _("Ukrainian")),
)

ZONES = (
    ("Europe/Berlin", _("Germany (Berlin)")),
    ("Europe/Vienna", _("Austria (Vienna)")),
    ("Europe/Prague", _("Czechia (Prague)")),
    ("Europe/Bratislava", _("Slovakia (Bratislava)")),
    ("Europe/Budapest", _("Hungary (Budapest)")),
    ("Europe/Ljubljana", _("Slovenia (Ljubljana)")),
    ("Europe/Zagreb", _("Croatia (Zagreb)")),
    ("Europe/Sarajevo", _("Bosnia and Herzegovina (Sarajevo)")),
    ("Europe/Belgrade", _("Serbia (Belgrade)")),
    ("Europe/Podgorica", _("Montenegro (Podgorica)")),
    ("Europe/Bucharest", _("Romania (Bucharest)")),
    ("Europe/Sofia", _("Bulgaria (Sofia)")),
    ("Europe/Chisinau", _("Moldova (Chișinău)")),
    ("Europe/Kyiv", _("Ukraine (Kyiv)")),
)

# The 13 languages of what a partner abroad meets without signing in: Django's codes, in their own words.
# Montenegro reads Serbian in Latin letters.
PARTNER_LANGUAGES = (
    ("de", "Deutsch"),
    ("en", "English"),
    ("bg", "български"),
    ("bs", "bosanski"),
    ("cs", "čeština"),
    ("hr", "hrvatski"),
    ("hu", "magyar"),
    ("ro", "română"),
    ("sk", "slovenčina"),
    ("sl", "slovenščina"),
    ("sr", "српски"),
    ("sr-latn", "srpski"),
    ("uk", "українська"),
)

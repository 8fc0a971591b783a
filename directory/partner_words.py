"""Names of countries and topics for readers whose language the directory's own columns do not have."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.models import Country, Topic

COUNTRIES = {
    "DE": _("Germany"),
    "AT": _("Austria"),
    "CZ": _("Czechia"),
    "SK": _("Slovakia"),
    "HU": _("Hungary"),
    "SI": _("Slovenia"),
    "HR": _("Croatia"),
    "BA": _("Bosnia and Herzegovina"),
    "RS": _("Serbia"),
    "ME": _("Montenegro"),
    "RO": _("Romania"),
    "BG": _("Bulgaria"),
    "MD": _("Moldova"),
    "UA": _("Ukraine"),
}

TOPICS = {
    "citizens": pgettext_lazy("topic", "Meetings of citizens"),
    "culture": pgettext_lazy("topic", "Culture and music"),
    "youth": pgettext_lazy("topic", "Youth and school"),
    "sport": pgettext_lazy("topic", "Sport"),
    "language": pgettext_lazy("topic", "Language"),
    "seniors": pgettext_lazy("topic", "Senior citizens"),
    "volunteering": pgettext_lazy("topic", "Volunteering and fire brigades"),
    "administration": pgettext_lazy("topic", "Administration and professional exchange"),
    "democracy": pgettext_lazy("topic", "Democracy and participation"),
    "inclusion": pgettext_lazy("topic", "Inclusion and Roma"),
    "equality": pgettext_lazy("topic", "Women and equality"),
    "environment": pgettext_lazy("topic", "Environment, climate and water"),
    "tourism": pgettext_lazy("topic", "Tourism and cycle routes"),
    "economy": pgettext_lazy("topic", "Economy and vocational training"),
    "digital": pgettext_lazy("topic", "Digitalisation"),
    "health": pgettext_lazy("topic", "Health"),
    "remembrance": pgettext_lazy("topic", "Remembrance and Danube Swabians"),
    "relief": pgettext_lazy("topic", "Emergency relief and reconstruction"),
}


def country_name(country: Country) -> str:
    return str(COUNTRIES.get(country.pk, country.name))


def topic_name(topic: Topic) -> str:
    return str(TOPICS.get(topic.code, topic.name))

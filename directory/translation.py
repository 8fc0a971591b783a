"""What of the directory is written in two languages."""

from modeltranslation.translator import TranslationOptions, register

from directory.models import Country, Municipality, Organisation, Topic


@register(Country)
class CountryTranslation(TranslationOptions):
    fields = ("name", "scope_note")


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("name",)


@register(Municipality)
class MunicipalityTranslation(TranslationOptions):
    fields = ("description",)


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("description",)

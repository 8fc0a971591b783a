"""What of a partnership is written in two languages."""

from modeltranslation.translator import TranslationOptions, register

from partnerships.models import Partnership


@register(Partnership)
class PartnershipTranslation(TranslationOptions):
    fields = ("aims", "end_reason")

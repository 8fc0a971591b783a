"""What of a session is written in two languages."""

from modeltranslation.translator import TranslationOptions, register

from webinars.models import Material, ReminderPlan, Session


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "summary", "programme", "place", "directions", "accessibility", "cancel_reason")


@register(ReminderPlan)
class ReminderPlanTranslation(TranslationOptions):
    fields = ("text",)


@register(Material)
class MaterialTranslation(TranslationOptions):
    fields = ("title",)

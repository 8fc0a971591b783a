"""What of pages and announcements is written in two languages."""

from modeltranslation.translator import TranslationOptions, register

from portal.models import Announcement, Page


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "body")


@register(Announcement)
class AnnouncementTranslation(TranslationOptions):
    fields = ("text",)

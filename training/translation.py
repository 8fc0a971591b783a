"""What of a course is written in two languages."""

from modeltranslation.translator import TranslationOptions, register

from training.models import (
    Answer,
    ChecklistItem,
    Course,
    CourseMail,
    Lesson,
    LessonFile,
    Module,
    Question,
    SelfCheckQuestion,
)


@register(Course)
class CourseTranslation(TranslationOptions):
    fields = ("title", "summary")


@register(Module)
class ModuleTranslation(TranslationOptions):
    fields = ("title", "summary", "goals", "product")


@register(Lesson)
class LessonTranslation(TranslationOptions):
    fields = ("title", "text", "video_title", "transcript")


@register(LessonFile)
class LessonFileTranslation(TranslationOptions):
    fields = ("title", "file")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text",)


@register(Answer)
class AnswerTranslation(TranslationOptions):
    fields = ("text", "why")


@register(ChecklistItem)
class ChecklistItemTranslation(TranslationOptions):
    fields = ("text",)


@register(SelfCheckQuestion)
class SelfCheckTranslation(TranslationOptions):
    fields = ("text", "low", "high")


@register(CourseMail)
class CourseMailTranslation(TranslationOptions):
    fields = ("subject", "text")

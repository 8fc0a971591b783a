"""Courses with modules, lessons, a quiz and a checklist, in both languages."""

from datetime import UTC, datetime
from typing import Any

import factory

from tests.factories.accounts import UserFactory
from tests.factories.webinars import SessionFactory
from training.choices import State
from training.models import (
    Answer,
    ChecklistItem,
    Course,
    CourseSession,
    Enrolment,
    Lesson,
    LessonFile,
    Module,
    Question,
    SelfCheckQuestion,
)


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"kurs-{number}")
    state = State.PUBLISHED
    title_de = factory.Sequence(lambda number: f"Kurs {number}")
    title_en = factory.Sequence(lambda number: f"Course {number}")
    summary_de, summary_en = "Worum es geht.", "What it is about."


class ModuleFactory(factory.django.DjangoModelFactory):
    """`lessons`, `questions` (two answers each, the first one right) and `items` say how many of each."""

    class Meta:
        model = Module
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    number = factory.LazyAttribute(lambda module: Module.objects.filter(course=module.course).count() + 1)
    section = "S1"
    title_de = factory.LazyAttribute(lambda module: f"Modul {module.number}")
    title_en = factory.LazyAttribute(lambda module: f"Module {module.number}")
    summary_de, summary_en = "Kurz gesagt.", "In short."
    goals_de, goals_en = "etwas\nmehr", "something\nmore"
    product_de, product_en = "eine Seite", "a page"

    @factory.post_generation
    def lessons(self: Any, create: bool, number: int | None, **_: Any) -> None:
        for at in range(1, (2 if number is None else number) + 1):
            LessonFactory(module=self, number=at)

    @factory.post_generation
    def questions(self: Any, create: bool, number: int | None, **_: Any) -> None:
        for at in range(1, (number or 0) + 1):
            question = Question.objects.create(
                module=self, number=at, text_de=f"Was {at}?", text_en=f"What {at}?"
            )
            for place, is_right in ((1, True), (2, False)):
                Answer.objects.create(
                    question=question,
                    number=place,
                    is_right=is_right,
                    text_de=f"Antwort {at}.{place}",
                    text_en=f"Answer {at}.{place}",
                    why_de=f"Darum {at}.{place}",
                    why_en=f"Because {at}.{place}",
                )

    @factory.post_generation
    def items(self: Any, create: bool, number: int | None, **_: Any) -> None:
        for at in range(1, (number or 0) + 1):
            ChecklistItem.objects.create(module=self, number=at, text_de=f"Punkt {at}", text_en=f"Item {at}")


class LessonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lesson

    module = factory.SubFactory(ModuleFactory, lessons=0)
    number = 1
    title_de = factory.LazyAttribute(lambda lesson: f"Lektion {lesson.module.number}.{lesson.number}")
    title_en = factory.LazyAttribute(lambda lesson: f"Lesson {lesson.module.number}.{lesson.number}")
    text_de, text_en = "## Anfang\n\nEin *Text*.", "## Beginning\n\nA *text*."


class LessonFileFactory(factory.django.DjangoModelFactory):
    """A worksheet of the real curriculum, which lies in the folder of the first module."""

    class Meta:
        model = LessonFile

    lesson = factory.SubFactory(LessonFactory)
    number = 1
    title_de = factory.LazyAttribute(lambda row: f"Blatt {row.number}")
    title_en = factory.LazyAttribute(lambda row: f"Sheet {row.number}")
    file_de, file_en = "downloads/our-partnership-de.pdf", "downloads/our-partnership-en.pdf"


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    course = factory.SubFactory(CourseFactory)
    person = factory.SubFactory(UserFactory)
    enrolled_at = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class SelfCheckQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SelfCheckQuestion

    course = factory.SubFactory(CourseFactory)
    number = factory.LazyAttribute(
        lambda row: SelfCheckQuestion.objects.filter(course=row.course).count() + 1
    )
    text_de = factory.LazyAttribute(lambda row: f"Wie gut {row.number}?")
    text_en = factory.LazyAttribute(lambda row: f"How well {row.number}?")
    low_de, low_en = "gar nicht", "not at all"
    high_de, high_en = "sehr gut", "very well"


class CourseDateFactory(factory.django.DjangoModelFactory):
    """A published webinar as a date of the course, before its first module."""

    class Meta:
        model = CourseSession

    course = factory.SubFactory(CourseFactory)
    session = factory.SubFactory(SessionFactory)
    after_module = 0

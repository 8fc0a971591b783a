"""What courses store, one subject a file."""

from training.models.courses import Answer, ChecklistItem, Course, CourseQuerySet, Lesson, Module, Question
from training.models.progress import Enrolment, EnrolmentQuerySet, LessonDone, QuizDone, Tick

__all__ = [
    "Answer",
    "ChecklistItem",
    "Course",
    "CourseQuerySet",
    "Enrolment",
    "EnrolmentQuerySet",
    "Lesson",
    "LessonDone",
    "Module",
    "Question",
    "QuizDone",
    "Tick",
]

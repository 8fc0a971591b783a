"""What courses and strategies store, one subject a file."""

from training.models.courses import Answer, ChecklistItem, Course, CourseQuerySet, Lesson, Module, Question
from training.models.finishing import (
    CourseCertificate,
    CourseInvitation,
    CourseMail,
    CourseSession,
    SelfCheckAnswer,
    SelfCheckQuestion,
)
from training.models.progress import Enrolment, EnrolmentQuerySet, LessonDone, QuizDone, Tick
from training.models.strategies import (
    CoachNote,
    CoachNoteQuerySet,
    Measure,
    MeasureQuerySet,
    SectionComment,
    SectionDraft,
    Strategy,
    StrategyQuerySet,
    StrategyReview,
    StrategySection,
    StrategyVersion,
)

__all__ = [
    "Answer",
    "ChecklistItem",
    "CoachNote",
    "CoachNoteQuerySet",
    "Course",
    "CourseCertificate",
    "CourseInvitation",
    "CourseMail",
    "CourseQuerySet",
    "CourseSession",
    "Enrolment",
    "EnrolmentQuerySet",
    "Lesson",
    "LessonDone",
    "Measure",
    "MeasureQuerySet",
    "Module",
    "Question",
    "QuizDone",
    "SectionComment",
    "SectionDraft",
    "SelfCheckAnswer",
    "SelfCheckQuestion",
    "Strategy",
    "StrategyQuerySet",
    "StrategyReview",
    "StrategySection",
    "StrategyVersion",
    "Tick",
]

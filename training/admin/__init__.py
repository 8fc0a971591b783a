"""The office's view of courses, one subject a file."""

from training.admin.courses import CourseAdmin, EnrolmentAdmin
from training.admin.finishing import CourseCertificateAdmin, CourseSessionAdmin
from training.admin.inviting import CourseInvitationAdmin
from training.admin.texts import (
    ChecklistItemAdmin,
    LessonAdmin,
    ModuleAdmin,
    QuestionAdmin,
    SelfCheckQuestionAdmin,
)
from training.admin.writing import CourseMailAdmin

__all__ = [
    "ChecklistItemAdmin",
    "CourseAdmin",
    "CourseCertificateAdmin",
    "CourseInvitationAdmin",
    "CourseMailAdmin",
    "CourseSessionAdmin",
    "EnrolmentAdmin",
    "LessonAdmin",
    "ModuleAdmin",
    "QuestionAdmin",
    "SelfCheckQuestionAdmin",
]

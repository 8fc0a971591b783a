"""The office's view of courses, one subject a file."""

from training.admin.courses import CourseAdmin, EnrolmentAdmin, LessonAdmin, ModuleAdmin
from training.admin.finishing import CourseCertificateAdmin, CourseSessionAdmin
from training.admin.inviting import CourseInvitationAdmin
from training.admin.writing import CourseMailAdmin

__all__ = [
    "CourseAdmin",
    "CourseCertificateAdmin",
    "CourseInvitationAdmin",
    "CourseMailAdmin",
    "CourseSessionAdmin",
    "EnrolmentAdmin",
    "LessonAdmin",
    "ModuleAdmin",
]

"""The office's view of courses, one subject a file."""

from training.admin.courses import CourseAdmin, EnrolmentAdmin, LessonAdmin, ModuleAdmin

__all__ = ["CourseAdmin", "EnrolmentAdmin", "LessonAdmin", "ModuleAdmin"]

from django.urls import path, register_converter

from training.views import courses, learning


class Folder:
    """A module's folder in the curriculum, or the name of a picture: no way leads out of it."""

    regex = "[a-z0-9-]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Folder, "plain")

app_name = "training"
C = "courses/<slug:slug>/"
M = f"{C}<int:number>/"
urlpatterns = [
    path("courses/", courses.list_, name="list"),
    path("courses/pictures/<plain:folder>/<plain:name>.svg", courses.picture, name="picture"),
    path(C, courses.course, name="course"),
    path(f"{C}enrol/", courses.enrol, name="enrol"),
    path(f"{C}leave/", courses.leave, name="leave"),
    path(M, learning.module, name="module"),
    path(f"{M}<int:lesson>/", learning.lesson, name="lesson"),
    path(f"{M}quiz/", learning.quiz, name="quiz"),
    path(f"{M}checklist/", learning.checklist, name="checklist"),
    path(f"{M}print/", learning.printed, name="print"),
]

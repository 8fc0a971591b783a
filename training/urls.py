from django.urls import path, register_converter

from training.views import (
    coaching,
    courses,
    finishing,
    learning,
    measures,
    media,
    sections,
    strategies,
    versions,
)


class Folder:
    """A module's folder in the curriculum, or the name of a picture: no way leads out of it."""

    regex = "[a-z0-9-]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SectionCode:
    """s1 to s11."""

    regex = "s(?:1[01]|[1-9])"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Folder, "plain")
register_converter(SectionCode, "section")

app_name = "training"
C = "courses/<slug:slug>/"
M = f"{C}<int:number>/"
S = "partnerships/<slug:slug>/strategy/"
V = f"{S}versions/<int:number>"
urlpatterns = [
    path("courses/", courses.list_, name="list"),
    path("courses/pictures/<plain:folder>/<plain:name>.svg", courses.picture, name="picture"),
    path(C, courses.course, name="course"),
    path(f"{C}enrol/", courses.enrol, name="enrol"),
    path(f"{C}leave/", courses.leave, name="leave"),
    path(f"{C}certificate/", finishing.certificate, name="certificate"),
    path(f"{C}certificate.pdf", finishing.certificate_pdf, name="certificate_pdf"),
    path(f"{C}self-check/<slug:moment>/", finishing.self_check, name="self_check"),
    path(M, learning.module, name="module"),
    path(f"{M}<int:lesson>/", learning.lesson, name="lesson"),
    path(f"{M}<int:lesson>/video/", media.video, name="lesson_video"),
    path(f"{M}<int:lesson>/files/<int:file>/<slug:language>/", media.download, name="lesson_file"),
    path(f"{M}quiz/", learning.quiz, name="quiz"),
    path(f"{M}checklist/", learning.checklist, name="checklist"),
    path(f"{M}print/", learning.printed, name="print"),
    path(f"{M}offline/", learning.offline, name="offline"),
    path("coaching/sections/", coaching.queue, name="coaching"),
    path("coaching/participants/", coaching.participants, name="coaching_participants"),
    path("coaching/participants/<int:number>/remind/", coaching.remind, name="remind"),
    path("coaching/strategies/", coaching.strategies, name="coaching_strategies"),
    path("coaching/figures/", coaching.figures, name="coaching_figures"),
    path(S, strategies.strategy, name="strategy"),
    path(f"{S}languages/", strategies.languages, name="languages"),
    path(f"{S}send/", strategies.send, name="send"),
    path(f"{S}summary/", strategies.summary, name="summary"),
    path(f"{S}summary/withdraw/", strategies.withdraw, name="withdraw_summary"),
    path(f"{S}take-on/", strategies.take_on, name="take_on"),
    path(f"{S}notes/", strategies.note, name="note"),
    path(f"{S}notes/<int:number>/delete/", strategies.delete_note, name="delete_note"),
    path(f"{S}compare/", versions.compare, name="compare"),
    path(f"{V}/", versions.version, name="strategy_version"),
    path(f"{V}.pdf", versions.paper, name="strategy_pdf"),
    path(f"{V}/take-back/", strategies.take_back, name="take_back"),
    path(f"{S}measures/", measures.measures, name="measures"),
    path(f"{S}measures/new/", measures.add, name="add_measure"),
    path(f"{S}measures/<int:number>/", measures.change, name="change_measure"),
    path(f"{S}reviews/<int:number>/", measures.review, name="review"),
    path(f"{S}<section:code>/", sections.section, name="section"),
    path(f"{S}<section:code>/draft/", sections.draft, name="section_draft"),
    path(f"{S}<section:code>/comments/", sections.comment, name="comment"),
]

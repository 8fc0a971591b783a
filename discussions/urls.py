from django.urls import path

from discussions.views import (
    coaching,
    drafting,
    exporting,
    files,
    glossary,
    groups,
    joining,
    moderating,
    notices,
    people,
    rewriting,
    talking,
    topics,
    translating,
    writing,
)

app_name = "discussions"

GROUP, TOPIC, POST = "groups/<slug:slug>/", "groups/<slug:slug>/<int:number>/", "posts/<int:number>/"

urlpatterns = [
    path("groups/", groups.list_, name="list"),
    path("groups/new/", groups.new, name="new"),
    path("groups/preview/", drafting.preview, name="preview"),
    path("groups/files/<int:number>/", files.file, name="file"),
    path("groups/files/<int:number>/small/", files.thumbnail, name="thumbnail"),
    path("groups/invitation/", joining.invitation, name="invitation_cut_off"),
    path("groups/invitation/<str:token>/", joining.invitation, name="invitation"),
    # A group
    path(GROUP, topics.group, name="group"),
    path(f"{GROUP}search/", topics.search, name="search"),
    path(f"{GROUP}export/", exporting.export, name="export"),
    path(f"{GROUP}settings/", groups.settings, name="settings"),
    path(f"{GROUP}archive/", groups.archive, name="archive"),
    path(f"{GROUP}delete/", groups.delete, name="delete"),
    # Its people
    path(f"{GROUP}people/", people.people, name="people"),
    path(f"{GROUP}people/invite/", people.invite, name="invite"),
    path(f"{GROUP}people/<int:number>/", people.member, name="member"),
    path(f"{GROUP}people/invitations/<int:number>/", people.invitation, name="withdraw_invitation"),
    path(f"{GROUP}join/", joining.join, name="join"),
    path(f"{GROUP}leave/", joining.leave, name="leave"),
    path(f"{GROUP}enter/", joining.enter, name="enter"),
    path(f"{GROUP}follow/", joining.follow_all, name="follow_all"),
    # Topics
    path(f"{GROUP}new/", writing.new_topic, name="new_topic"),
    path(f"{GROUP}new/draft/", drafting.draft, name="draft_new"),
    path(TOPIC, topics.topic, name="topic"),
    path(f"{TOPIC}news/", topics.fresh, name="fresh"),
    path(f"{TOPIC}draft/", drafting.draft, name="draft"),
    path(f"{TOPIC}answer/", writing.answer, name="answer"),
    path(f"{TOPIC}vote/", talking.vote, name="vote"),
    path(f"{TOPIC}follow/", talking.follow, name="follow"),
    path(f"{TOPIC}settle/", talking.settle, name="settle"),
    # Posts
    path(f"{POST}edit/", rewriting.edit_post, name="edit_post"),
    path(f"{POST}delete/", rewriting.delete_post, name="delete_post"),
    path(f"{POST}history/", topics.history, name="history"),
    path(f"{POST}react/", talking.react, name="react"),
    # Moderation
    path(f"{POST}report/", moderating.report, name="report"),
    path(f"{POST}hide/", moderating.hide, name="hide"),
    path(f"{GROUP}reports/", moderating.reports, name="reports"),
    path("reports/<str:reference>/", moderating.decision, name="decision"),
    path("reports/<str:reference>/decide/", moderating.decide, name="decide"),
    path("notice/", notices.notice, name="notice"),
    path("notice/sent/", notices.notice_sent, name="notice_sent"),
    # Languages
    path(f"{POST}translate/", translating.choose, name="translate_choose"),
    path(f"{POST}translate/<str:language>/", translating.translate, name="translate"),
    path(f"{POST}translate/<str:language>/remove/", translating.remove, name="remove_translation"),
    path("glossary/", glossary.list_, name="glossary"),
    path("glossary/new/", glossary.new, name="new_term"),
    path("glossary/<int:number>/edit/", glossary.edit, name="edit_term"),
    # Coaching
    path("coaching/", coaching.queue, name="coaching"),
    path(f"{GROUP}line/", coaching.line, name="line"),
    path(f"{GROUP}faq/", coaching.faq, name="faq"),
]

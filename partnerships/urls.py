from django.urls import path

from partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", views.list_, name="list"),
    path("partnerships/export.csv", views.export, name="export"),
    path("partnerships/new/", views.new, name="new"),
    path("partnerships/new/sides.json", views.sides, name="sides"),
    path("partnerships/new/<int:number>/discard/", views.discard, name="discard"),
    path("partnerships/new/<int:number>/place/", views.place, name="place"),
    path("partnerships/new/<int:number>/files/", views.draft_documents, name="draft_documents"),
    path("partnerships/new/<int:number>/<slug:step>/", views.draft, name="draft"),
    path("partnerships/<slug:slug>/", views.detail, name="detail"),
    path("partnerships/<slug:slug>/edit/", views.edit, name="edit"),
    path("partnerships/<slug:slug>/status/", views.status, name="status"),
    path("partnerships/<slug:slug>/history/", views.history, name="history"),
    path("partnerships/<slug:slug>/confirm/", views.confirm, name="confirm"),
    path("partnerships/<slug:slug>/corrections/<int:number>/", views.correction, name="correction"),
    path("partnerships/<slug:slug>/contacts/", views.contacts, name="contacts"),
    path("partnerships/<slug:slug>/contacts/ask/<int:side>/", views.ask_contact, name="ask_contact"),
    path("partnerships/<slug:slug>/contacts/<int:number>/end/", views.end_contact, name="end_contact"),
    path("partnerships/<slug:slug>/chronicle/", views.chronicle, name="chronicle"),
    path("partnerships/<slug:slug>/chronicle/export.csv", views.export_chronicle, name="export_chronicle"),
    path("partnerships/<slug:slug>/chronicle/new/", views.add_entry, name="add_entry"),
    path("partnerships/<slug:slug>/chronicle/<int:number>/edit/", views.edit_entry, name="edit_entry"),
    path("partnerships/<slug:slug>/chronicle/<int:number>/delete/", views.delete_entry, name="delete_entry"),
    path("partnerships/<slug:slug>/chronicle/<int:number>/photo/", views.add_photo, name="add_photo"),
    path("partnerships/<slug:slug>/actors/new/", views.add_actor, name="add_actor"),
    path("partnerships/<slug:slug>/actors/<int:number>/edit/", views.edit_actor, name="edit_actor"),
    path("partnerships/<slug:slug>/actors/<int:number>/delete/", views.delete_actor, name="delete_actor"),
    path("partnerships/<slug:slug>/group/", views.open_group, name="open_group"),
    path("partnerships/<slug:slug>/files/", views.documents, name="documents"),
    path("partnerships/<slug:slug>/files/<int:number>/edit/", views.edit_document, name="edit_document"),
    path(
        "partnerships/<slug:slug>/files/<int:number>/delete/", views.delete_document, name="delete_document"
    ),
    path("files/<int:number>/", views.file, name="file"),
    path("files/<int:number>/small/", views.thumbnail, name="thumbnail"),
    path("answer/", views.answer, name="answer_cut_off"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("map/", views.map_, name="map"),
]

from django.urls import path

from partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", views.list_, name="list"),
    path("partnerships/export.csv", views.export, name="export"),
    path("partnerships/<slug:slug>/", views.detail, name="detail"),
    path("partnerships/<slug:slug>/confirm/", views.confirm, name="confirm"),
    path("partnerships/<slug:slug>/corrections/<int:number>/", views.correction, name="correction"),
    path("partnerships/<slug:slug>/contacts/", views.contacts, name="contacts"),
    path("partnerships/<slug:slug>/contacts/ask/<int:side>/", views.ask_contact, name="ask_contact"),
    path("partnerships/<slug:slug>/contacts/<int:number>/end/", views.end_contact, name="end_contact"),
    path("answer/", views.answer, name="answer_cut_off"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("map/", views.map_, name="map"),
]

from django.urls import path

from partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", views.list_, name="list"),
    path("partnerships/export.csv", views.export, name="export"),
    path("partnerships/<slug:slug>/", views.detail, name="detail"),
    path("answer/", views.answer, name="answer_cut_off"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("map/", views.map_, name="map"),
]

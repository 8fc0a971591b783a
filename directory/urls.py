from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [
    path("municipalities/", views.municipality_list, name="list"),
    path("municipalities/export.csv", views.municipality_export, name="export"),
    path("municipalities/suggest/", views.municipality_suggest, name="suggest"),
    path("municipalities/<slug:slug>/", views.municipality_detail, name="detail"),
    path("report/<slug:kind>/<slug:slug>/", views.report, name="report"),
    path("sources/", views.sources, name="sources"),
]

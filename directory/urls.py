from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [
    path("municipalities/", views.municipality_list, name="list"),
    path("municipalities/export.csv", views.municipality_export, name="export"),
    path("municipalities/suggest/", views.municipality_suggest, name="suggest"),
    path("municipalities/<slug:slug>/", views.municipality_detail, name="detail"),
    path("municipalities/<slug:slug>/claim/", views.claim, name="claim"),
    path("municipalities/<slug:slug>/edit/", views.edit, name="edit"),
    path("claims/<int:number>/", views.claim_detail, name="claim_detail"),
    path("claims/<int:number>/end/", views.claim_end, name="claim_end"),
    path("claim-address/<str:token>/", views.claim_address, name="claim_address"),
    path("contact/<slug:kind>/<slug:slug>/", views.contact, name="contact"),
    path("contact/<slug:kind>/<slug:slug>/sent/", views.contact_sent, name="contact_sent"),
    path("report/<slug:kind>/<slug:slug>/", views.report, name="report"),
    path("sources/", views.sources, name="sources"),
]

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
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/new/", views.organisation_create, name="organisation_create"),
    path("organisations/mine/", views.my_organisations, name="my_organisations"),
    path(
        "organisations/invitation/<str:token>/",
        views.organisation_invitation,
        name="organisation_invitation",
    ),
    path("organisations/<slug:slug>/", views.organisation_detail, name="organisation"),
    path("organisations/<slug:slug>/edit/", views.organisation_edit, name="organisation_edit"),
    path("organisations/<slug:slug>/profile/", views.organisation_profile, name="organisation_profile"),
    path("organisations/<slug:slug>/join/", views.organisation_join, name="organisation_join"),
    path("organisations/<slug:slug>/leave/", views.organisation_leave, name="organisation_leave"),
    path("organisations/<slug:slug>/people/", views.organisation_people, name="organisation_people"),
    path(
        "organisations/<slug:slug>/people/<int:number>/",
        views.organisation_member,
        name="organisation_member",
    ),
    path(
        "organisations/<slug:slug>/requests/<int:number>/",
        views.organisation_request,
        name="organisation_request",
    ),
    path("organisations/<slug:slug>/invite/", views.organisation_invite, name="organisation_invite"),
    path(
        "organisations/<slug:slug>/invitations/<int:number>/withdraw/",
        views.organisation_invitation_withdraw,
        name="organisation_invitation_withdraw",
    ),
    path("report/<slug:kind>/<slug:slug>/", views.report, name="report"),
    path("sources/", views.sources, name="sources"),
]

from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.start, name="start"),
    path("search/", views.search, name="search"),
    path("desk/", views.desk, name="desk"),
    path("welcome/", views.welcome, name="welcome"),
    path("welcome/close/", views.close_the_welcome, name="close_welcome"),
    path("forms/sent/", views.form_sent, name="form_sent"),
    path("language/", views.set_language, name="set_language"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("pages/<slug:slug>/versions/<int:number>/", views.page_version, name="page_version"),
    path("certificates/", views.certificates, name="certificates"),
    path("certificates/<str:code>/", views.certificates, name="certificate"),
    path("healthz", views.healthz, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    # Development only; 404 elsewhere
    path("styleguide/", views.styleguide, name="styleguide"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", views.mailbox_mail, name="mailbox_mail"),
    path("mailbox/<str:name>/html/", views.mailbox_html, name="mailbox_html"),
]

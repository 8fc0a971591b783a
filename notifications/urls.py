from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.mark_all_read, name="mark_all_read"),
    path("<int:number>/open/", views.open_notice, name="open"),
    path("settings/", views.preferences, name="preferences"),
    path("settings/mailbox/", views.mailbox_works_again, name="mailbox_works_again"),
    path("settings/<str:token>/", views.preferences_by_mail, name="preferences_by_mail"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]

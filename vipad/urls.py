"""One include per app. No prefix per language: the address of a page is the same in every language."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import sign_out

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("training.urls")),
    path("", include("partnerships.urls")),
    path("", include("webinars.urls")),
    path("", include("discussions.urls")),
    path("", include("directory.urls")),
    path("notices/", include("notifications.urls")),
    path("accounts/logout/", sign_out, name="account_logout"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"

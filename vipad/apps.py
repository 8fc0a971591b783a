"""The admin site with our own conditions of entry."""

from django.contrib.admin.apps import AdminConfig


class VipadAdminConfig(AdminConfig):
    default_site = "vipad.admin_site.VipadAdminSite"

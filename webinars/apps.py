from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebinarsConfig(AppConfig):
    name = "webinars"
    verbose_name = _("Sessions")

    def ready(self) -> None:
        from webinars import emails, newcomers, personal_data  # noqa: F401, PLC0415 -- third-party start-up: registers

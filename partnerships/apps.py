from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    verbose_name = _("Partnerships")

    def ready(self) -> None:
        from partnerships import emails, merging, panels, personal_data, relay, reports  # noqa: F401, PLC0415 -- third-party start-up: registers

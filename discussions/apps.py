from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionsConfig(AppConfig):
    name = "discussions"
    verbose_name = _("Groups")

    def ready(self) -> None:
        from discussions import checks, emails, personal_data, scopes  # noqa: F401, PLC0415 -- third-party start-up: registers

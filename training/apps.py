from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Courses")

    def ready(self) -> None:
        from training import emails, panels, personal_data  # noqa: F401, PLC0415 -- third-party start-up: registers

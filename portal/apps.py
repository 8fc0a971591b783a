from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from accounts import texts  # noqa: PLC0415 -- third-party start-up: needs loaded models
        from portal import checks, personal_data  # noqa: F401, PLC0415 -- third-party start-up: registers
        from portal.queries import terms_version  # noqa: PLC0415 -- as above

        texts.register(texts.TERMS, terms_version)

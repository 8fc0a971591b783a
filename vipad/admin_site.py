"""Django's admin, entered through the one sign-in of the site, by staff with a second factor."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.views import sign_out


class VipadAdminSite(AdminSite):
    site_title = gettext_lazy("ViPaD office")
    site_header = gettext_lazy("ViPaD office")
    index_title = gettext_lazy("Overview")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not self._lacks_second_factor(request)

    @method_decorator(secure_admin_login)
    def _sign_in(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        return super().login(request, extra_context)

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        if super().has_permission(request) and self._lacks_second_factor(request):
            messages.warning(
                request, _("The office is open to people with a second factor. Please set one up first.")
            )
            return redirect("mfa_index")
        return self._sign_in(request, extra_context)

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return sign_out(request)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """There is one page for this: it limits the tries and tells the person by mail."""
        return redirect("account_change_password")

    def _lacks_second_factor(self, request: HttpRequest) -> bool:
        return settings.STAFF_NEED_SECOND_FACTOR and not is_mfa_enabled(request.user)

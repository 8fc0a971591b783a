"""What holds for every answer: headers, language, one log line."""

import time
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.middleware import gzip
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_languages

Answer = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger(__name__)

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


def request_log(get_response: Answer) -> Answer:
    """One line a request: which page (its name, not its address), how it ended, how long it took."""

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            page=match.view_name if match else "",
            method=request.method,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000),
        )
        return response

    return middleware


def refuse_trace(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "POST", "OPTIONS"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST", "OPTIONS"])
        return get_response(request)

    return middleware


def refuse_too_large(get_response: Answer) -> Answer:
    """Before anything of the body is read. A body that does not say how large it is is not read at all.

    After `language`, because the page says it in the reader's; before any view or check touches what was sent.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
        if is_chunked or _size_of(request) > settings.LARGEST_REQUEST:
            raise RequestDataTooBig
        return get_response(request)

    return middleware


def explain_button(get_response: Answer) -> Answer:
    """Whose session was lost presses a button, signs in, and is led to its address: instead of an empty page they
    read what to do. After `language`, because the page says it in the reader's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            response.content = render_to_string("405.html")
        return response

    return middleware


def _size_of(request: HttpRequest) -> int:
    said = request.headers.get("Content-Length") or "0"
    return int(said) if said.isdecimal() else 0


class GZipMiddleware(gzip.GZipMiddleware):
    """Files are packed already, and who saves one wants to know how large it is."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if isinstance(response, FileResponse) else super().process_response(request, response)


def security_headers(get_response: Answer) -> Answer:
    """The headers Django has no setting for; what a signed-in person sees is kept in no cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith(settings.STATIC_URL):
            return response
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers["Cache-Control"] = "private, no-store"
        else:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return middleware


def language(get_response: Answer) -> Answer:
    """`?lang=` of a link, else the reader's choice, else the person's language, else the browser's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        code = wanted_language(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language() or code)
        return response

    return middleware


def wanted_language(request: HttpRequest) -> str:
    for code in (request.GET.get("lang"), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if code in get_languages():
            return str(code)
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return str(request.user.language)
    return translation.get_language_from_request(request)

"""Pages of a signed link: a side answers, signed out, in its own language. A GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core.partner_pages import Problem, partner_problem, register_address

register_address("/answer/")


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str = "") -> HttpResponse:
    return partner_problem(request, Problem.WRONG)

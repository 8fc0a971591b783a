"""What one unit is: a signed-in person, three indexed queries, 20 rows through a template, nothing else."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from directory.models import Municipality, Region
from vipad.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401

TEMPLATE = engines["django"].from_string(
    """<!doctype html><html lang="de"><head><title>Bare</title></head>
<body><h1>{{ country }} ({{ total }})</h1>
<p>{{ request.user.email }}</p><table>{% for town in towns %}<tr>
<td><a href="{% url 'directory:detail' town.slug %}">{{ town.name }}</a></td><td>{{ town.region.name }}</td>
<td>{{ town.kind }}</td><td>{{ town.population }}</td></tr>{% endfor %}</table></body></html>"""
)


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    towns = Municipality.objects.filter(country="HU").select_related("region").order_by("sort_key")[:20]
    region = Region.objects.get(code="HU-BA")
    total = Municipality.objects.filter(region=region).count()
    return HttpResponse(TEMPLATE.render({"towns": towns, "total": total, "country": region.name}, request))


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tells the number of queries of a request that asks for it; costs the others nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "X-Count-Queries" not in request.headers:
            return get_response(request)
        counted = 0

        def count(execute: Callable[..., Any], *args: Any) -> Any:
            nonlocal counted
            counted += 1
            return execute(*args)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response["X-Queries"] = str(counted)
        return response

    return middleware


urlpatterns = [path("bench/bare/", bare), *urlpatterns]

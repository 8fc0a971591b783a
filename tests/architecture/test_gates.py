"""Private rows are reached only through `visible_to(person)`: views never pick them from the model itself."""

import ast
from pathlib import Path

from django.apps import apps

from tests.architecture.layers import CHECKOUT

PICKING = {"get", "filter", "exclude", "all", "first", "last", "in_bulk", "values", "values_list"}
PICKERS = {"get_object_or_404", "get_list_or_404"}


def gated_models() -> set[str]:
    return {
        model.__name__
        for model in apps.get_models()
        if hasattr(model._default_manager.get_queryset(), "visible_to")
    }


def past_the_gate(source: str, gated: set[str]) -> list[str]:
    """Places where a view picks rows of a gated model without `visible_to`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if (
            isinstance(called, ast.Attribute)
            and called.attr in PICKING
            and isinstance(called.value, ast.Attribute)
        ):
            manager = called.value
            if (
                manager.attr == "objects"
                and isinstance(manager.value, ast.Name)
                and manager.value.id in gated
            ):
                found.append(f"line {node.lineno}: {manager.value.id}.objects.{called.attr}")
        if isinstance(called, ast.Name) and called.id in PICKERS and node.args:
            first = node.args[0]
            name = first.value if isinstance(first, ast.Attribute) and first.attr == "objects" else first
            if isinstance(name, ast.Name) and name.id in gated:
                found.append(f"line {node.lineno}: {called.id}({name.id})")
    return found


def view_files() -> list[Path]:
    return [path for path in CHECKOUT.glob("*/views*") if path.is_file()] + list(
        CHECKOUT.glob("*/views/*.py")
    )


def test_there_are_gated_models() -> None:
    assert {"Partnership", "Notice"} <= gated_models()


def test_views_go_through_the_gate() -> None:
    found = {str(path): past_the_gate(path.read_text(), gated_models()) for path in view_files()}

    assert {path: places for path, places in found.items() if places} == {}


def test_planted_ungated_views_are_found() -> None:
    planted = (
        "def a(request):\n    return Notice.objects.get(pk=1)\n"
        "def b(request):\n    return get_object_or_404(Notice, pk=1)\n"
        "def c(request):\n    return get_object_or_404(Notice.objects, pk=1)\n"
        "def d(request):\n    return get_object_or_404(Notice.objects.visible_to(request.user), pk=1)\n"
    )

    assert past_the_gate(planted, {"Notice"}) == [
        "line 2: Notice.objects.get",
        "line 4: get_object_or_404(Notice)",
        "line 6: get_object_or_404(Notice)",
    ]

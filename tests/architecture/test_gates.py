"""Private rows are reached only through `visible_to(person)`: views never pick them from the model itself."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.layers import CHECKOUT

MANAGERS = {"objects", "_default_manager", "_base_manager"}
GATES = {"visible_to", "listed"}  # `listed` is what everybody sees
PICKERS = {"get_object_or_404", "get_list_or_404"}
PAGES = ("views", "panels", "reports", "search", "desk", "start")


def gated_models() -> set[str]:
    return {
        model.__name__
        for model in apps.get_models()
        if hasattr(model._default_manager.get_queryset(), "visible_to")
    }


def past_the_gate(source: str, gated: set[str]) -> list[str]:
    """Places where a page reaches rows of a gated model other than through a gate."""
    tree = ast.parse(source)
    used_through = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if (_is_manager(node, gated) and used_through.get(id(node)) not in GATES) or _picks_model(node, gated)
    ]


def _is_manager(node: ast.AST, gated: set[str]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in MANAGERS and _name(node.value) in gated


def _picks_model(node: ast.AST, gated: set[str]) -> bool:
    is_picker = isinstance(node, ast.Call) and _name(node.func) in PICKERS
    return is_picker and bool(node.args) and _name(node.args[0]) in gated


def _name(node: ast.expr) -> str:
    """The last name: `Notice` of `Notice` and of `models.Notice`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def page_files() -> list[Path]:
    return [
        path
        for name in PAGES
        for path in [*CHECKOUT.glob(f"*/{name}.py"), *CHECKOUT.glob(f"*/{name}/*.py")]
        if path.parts[-2] not in {"core", "tests"} and not path.is_relative_to(CHECKOUT / ".venv")
    ]


def test_there_are_gated_models() -> None:
    assert {"Partnership", "Notice"} <= gated_models()


def test_pages_go_through_the_gate() -> None:
    found = {str(path): past_the_gate(path.read_text(), gated_models()) for path in page_files()}

    assert len(found) > 8
    assert {path: places for path, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "Notice.objects.get(pk=1)",
        "Notice.objects.select_related('about').get(pk=1)",
        "Notice.objects.order_by('pk')[0]",
        "Notice._default_manager.get(pk=1)",
        "models.Notice.objects.get(pk=1)",
        "get_object_or_404(Notice, pk=1)",
        "get_object_or_404(Notice.objects, pk=1)",
        "get_object_or_404(models.Notice, pk=1)",
    ],
)
def test_a_planted_ungated_view_is_found(planted: str) -> None:
    assert len(past_the_gate(f"def page(request):\n    return {planted}\n", {"Notice"})) == 1


@pytest.mark.parametrize(
    "gated",
    ["get_object_or_404(Notice.objects.visible_to(person), pk=1)", "Notice.objects.visible_to(person).get()"],
)
def test_a_gated_view_is_fine(gated: str) -> None:
    assert past_the_gate(gated, {"Notice"}) == []

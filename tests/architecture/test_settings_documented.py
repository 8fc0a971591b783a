"""What differs between machines stands in .env.example, with a line of meaning, and nothing else does."""

import ast
import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
_READING_CALLS = {"os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"}
READERS = ("vipad/settings.py", "scripts/run.py")
_ASSIGNMENT = re.compile(r"([A-Z][A-Z0-9_]*)=")


def variables_read(source: str) -> set[str]:
    """Names of the environment variables a module reads: env.<type>("X"), os.environ["X"], os.environ.get("X") …"""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner, name = ast.unparse(node.func.value), node.args[0]
            reads = owner == "env" or f"{owner}.{node.func.attr}" in _READING_CALLS
        elif isinstance(node, ast.Subscript):
            reads, name = ast.unparse(node.value) == "os.environ", node.slice
        else:
            continue
        if reads and isinstance(name, ast.Constant) and isinstance(name.value, str):
            found.add(name.value)
    return found


def variables_documented(example: str) -> tuple[set[str], set[str]]:
    """The variables of .env.example, and those without a line of meaning before them."""
    documented, unexplained, explained = set(), set(), False
    for line in example.splitlines():
        assignment = _ASSIGNMENT.match(line)
        if assignment:
            documented.add(assignment[1])
            if not explained:
                unexplained.add(assignment[1])
        # HOST and PORT may share their line; an empty line ends it.
        explained = line.startswith("# ") or bool(assignment and explained)
    return documented, unexplained


def test_every_variable_is_documented_and_none_too_many():
    read = {name for file in READERS for name in variables_read((CHECKOUT / file).read_text())}

    documented, unexplained = variables_documented((CHECKOUT / ".env.example").read_text())

    assert documented == read
    assert unexplained == set()


def test_a_planted_variable_is_found():
    source = (
        'a = env.str("PLANTED_A")\nb = os.environ["PLANTED_B"]\nc = os.environ.get("PLANTED_C", "")\n'
        'd = os.getenv("PLANTED_D")\nos.environ.setdefault("PLANTED_E", "x")\ne = other.get("NOT_ONE")\n'
    )

    assert variables_read(source) == {f"PLANTED_{letter}" for letter in "ABCDE"}


def test_a_variable_without_meaning_is_found():
    assert variables_documented("# What it means.\nA=1\n\nB=2\n") == ({"A", "B"}, {"B"})

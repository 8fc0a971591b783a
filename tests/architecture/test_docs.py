"""Documentation is a promise like any other."""

import re

import pytest
import yaml

from notifications.kinds import all_kinds
from tests.architecture.layers import CHECKOUT, layers

DOCS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
MAKEFILE = (CHECKOUT / "Makefile").read_text()


def targets() -> set[str]:
    return set(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[0].split())


def test_every_make_target_is_explained() -> None:
    assert set(re.findall(r"^([a-z]+):.*## .+$", MAKEFILE, re.M)) == targets()


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_commands_and_files_named_in_documents_exist(path) -> None:
    text = path.read_text(encoding="utf-8")
    commands = set(re.findall(r"`make ([a-z]+)[^`]*`|^make ([a-z]+)", text, re.M))
    files = re.findall(r"`((?:[a-z_.]+/)+[a-z_]+\.(?:py|html|txt|md|css|js))`", text)
    links = re.findall(r"\]\((?!https?:|/)([^)#]+)\)", text)

    assert {first or second for first, second in commands} - targets() == set()
    assert [name for name in files if not (CHECKOUT / name).exists()] == []
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_architecture_page_names_every_app() -> None:
    page = (CHECKOUT / "docs" / "architecture.md").read_text()

    assert [
        app for layer in layers() for app in layer if f"  {app} " not in page and f"{app}  " not in page
    ] == []


def test_every_kind_of_notice_is_documented() -> None:
    page = (CHECKOUT / "docs" / "mails.md").read_text()

    assert [kind.name for kind in all_kinds() if f"`{kind.name}`" not in page] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))


def test_publiccode_is_well_formed() -> None:
    data = yaml.safe_load((CHECKOUT / "publiccode.yml").read_text(encoding="utf-8"))

    assert data["legal"]["license"] == "EUPL-1.2"
    assert set(data["description"]) == set(data["localisation"]["availableLanguages"])

"""The layers as pyproject.toml states them, for the tests of this folder."""

import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def layers() -> list[list[str]]:
    """Highest first; apps of one layer do not know each other."""
    config = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = config["tool"]["importlinter"]["contracts"][0]
    return [[app.strip() for app in layer.split("|")] for layer in contract["layers"]]


def height(app: str) -> int:
    """0 is the top. Third-party apps lie below everything."""
    for position, layer in enumerate(layers()):
        if app in layer:
            return position
    return len(layers())

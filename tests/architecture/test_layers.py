import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.layers import CHECKOUT

LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
APPS = [
    "vipad",
    "portal",
    "training",
    "partnerships",
    "webinars",
    "discussions",
    "directory",
    "notifications",
    "accounts",
    "core",
]


def test_imports_point_downwards() -> None:
    done = subprocess.run(LINT, cwd=CHECKOUT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_a_planted_upward_import_is_found(tmp_path: Path) -> None:
    for app in APPS:
        shutil.copytree(CHECKOUT / app, tmp_path / app, ignore=shutil.ignore_patterns("data", "__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    with (tmp_path / "directory" / "models.py").open("a") as models:
        models.write("\nfrom partnerships.models import Partnership\n")

    done = subprocess.run(LINT, cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 1
    assert "directory.models -> partnerships.models" in done.stdout

"""`make check`: every check runs, each reports in one line; ends 1 when any of them found something."""

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.servers import CHECKOUT

BIN = Path(sys.executable).parent
PYTHON = [sys.executable]
SOURCES = [
    "accounts",
    "core",
    "directory",
    "discussions",
    "notifications",
    "partnerships",
    "portal",
    "training",
    "scripts",
    "tests",
    "vipad",
    "webinars",
]
TYPED = [
    "accounts",
    "core",
    "directory",
    "discussions",
    "notifications",
    "partnerships",
    "portal",
    "training",
    "webinars",
]

CHECKS: dict[str, list[str]] = {
    "style": [str(BIN / "ruff"), "check", *SOURCES, "manage.py"],
    "format": [str(BIN / "ruff"), "format", "--check", *SOURCES, "manage.py"],
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "types": [str(BIN / "mypy"), *TYPED],
    "migrations": [*PYTHON, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "django": [*PYTHON, "manage.py", "check"],
    "words": [*PYTHON, "-m", "scripts.messages", "check"],
    "vendored files": [*PYTHON, "scripts/vendor.py", "--check"],
}


def main() -> int:
    environment = {**os.environ, "ENVIRONMENT": "development"}
    failed = []
    for name, command in CHECKS.items():
        started = time.monotonic()
        done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True)
        good = done.returncode == 0
        print(f"{'ok    ' if good else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
        if not good:
            failed.append(name)
            print((done.stdout + done.stderr).strip(), flush=True)
    long_files()
    return bool(failed)


def long_files() -> None:
    """A report, not a limit: where a file passes 400 lines, look for the second subject in it."""
    for source in SOURCES:
        for path in sorted((CHECKOUT / source).rglob("*.py")):
            if "migrations" not in path.parts and (lines := path.read_bytes().count(b"\n")) > 400:
                print(f"note: {path.relative_to(CHECKOUT)} has {lines} lines")


if __name__ == "__main__":
    raise SystemExit(main())

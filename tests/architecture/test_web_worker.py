"""A web worker holds what it needs: memory is what the smallest servers are short of."""

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOADED = """
import sys, vipad.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*{name.partition(".")[0] for name, module in sys.modules.items() if module})
"""
OF_THE_ENVIRONMENT = {"setuptools"}  # looks in at every start of Python, whatever is started


def test_web_worker_loads_nothing_that_only_development_installs() -> None:
    needed = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    whose = packages_distributions()

    loaded = {owner.lower().replace("_", "-") for name in _loaded() for owner in whose.get(name, ())}

    assert "django" in loaded
    assert loaded - needed - OF_THE_ENVIRONMENT == set()


def _loaded() -> list[str]:
    """The names of what a worker of production has loaded when its first reader comes."""
    environment = {**os.environ, "ENVIRONMENT": "production", "SECRET_KEY": "x" * 50, "DEBUG": "false"}
    environment["DJANGO_SETTINGS_MODULE"] = "vipad.settings"
    command = [sys.executable, "-W", "ignore", "-c", LOADED]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()

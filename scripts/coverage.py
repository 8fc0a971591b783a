"""`make coverage`: all tests under coverage; the files where rules live must be covered to the last branch."""

import subprocess
import sys

RULES = [
    "*/actions.py",
    "*/permissions.py",
    "*/queries.py",
    "notifications/delivery.py",
    "notifications/outbox.py",
]


def main() -> int:
    coverage = [sys.executable, "-m", "coverage"]
    tests = subprocess.run([*coverage, "run", "-m", "pytest"])
    subprocess.run([*coverage, "report", "--skip-covered", "--sort=cover"])
    rules = subprocess.run(
        [*coverage, "report", "--show-missing", "--fail-under=100", f"--include={','.join(RULES)}"]
    )
    return tests.returncode or rules.returncode


if __name__ == "__main__":
    raise SystemExit(main())

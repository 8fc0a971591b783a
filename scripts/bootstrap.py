"""Makes the virtual environment: `python3 scripts/bootstrap.py`. Needs nothing but Python 3.11 to 3.14.

Everything before the version check is written so that an old Python can read it and answer with one sentence.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 14)


def give_up(sentence):
    sys.stderr.write("\nViPaD: " + sentence + "\n")
    raise SystemExit(1)


def find_other_python():
    """Another interpreter on the PATH that fits, for machines whose python3 is old."""
    import os
    import subprocess

    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = "python3.%d" % minor
        try:
            if (
                subprocess.call([name, "-c", "import venv"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                == 0
            ):
                os.execvp(name, [name] + sys.argv)
        except OSError:
            continue


if not OLDEST <= sys.version_info[:2] <= NEWEST:
    find_other_python()
    give_up(
        "Python %d.%d to %d.%d is needed; this is %d.%d. Install it, or name it: make run PYTHON=python3.12"
        % (OLDEST + NEWEST + tuple(sys.version_info[:2]))
    )

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = CHECKOUT / "requirements-dev.txt"
STAMP = VENV / "installed"


def wanted():
    """What the environment was made of."""
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def is_made():
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted()


def make():
    sys.stdout.write("Making the virtual environment (once, about half a minute) ...\n")
    sys.stdout.flush()
    if VENV.exists() and not (PYTHON.exists() and runs(PYTHON)):
        shutil.rmtree(VENV)
    if not VENV.exists():
        done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            give_up(
                "the virtual environment cannot be made (on Debian and Ubuntu: apt install python3-venv). "
                + last_line(done.stdout + done.stderr)
            )
    done = subprocess.run(
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        + ["--retries", "2", "--timeout", "20", "--require-hashes", "-r", str(REQUIREMENTS)],
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        give_up(explain(done.stderr))
    STAMP.write_text(wanted())


def runs(python):
    return subprocess.run([str(python), "-c", "pass"], capture_output=True).returncode == 0


def explain(errors):
    signs = ("connection", "resolve", "timed out", "No matching distribution", "network", "Max retries")
    if any(sign in errors for sign in signs):
        return "the package index cannot be reached; check the network or pip's settings. " + last_line(
            errors
        )
    return "the packages cannot be installed. " + last_line(errors)


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return "(" + lines[-1].strip()[:300] + ")" if lines else ""


def main():
    try:
        with (CHECKOUT / ".install.lock").open("w") as lock:
            # `make run` and `make test` may start at the same moment; the second waits for the first.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_made():
                make()
    except OSError as error:
        give_up("this folder cannot be written: %s (%s)." % (CHECKOUT, error.strerror))


if __name__ == "__main__":
    main()

"""`make upgrade`: compile the pins anew for every Python and machine (needs the network), and show what changed."""

import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
UV = "uv==0.13.9"
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade", "--quiet"]
OPTIONS += ["--custom-compile-command", "make upgrade"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", UV], check=True)
        compile_pins = [f"{folder}/bin/uv", "pip", "compile", *OPTIONS]
        run = [*compile_pins, "requirements.in", "-o", "requirements.txt"]
        subprocess.run(run, cwd=CHECKOUT, check=True)
        develop = [
            *compile_pins,
            "requirements-dev.in",
            "-c",
            "requirements.txt",
            "-o",
            "requirements-dev.txt",
        ]
        subprocess.run(develop, cwd=CHECKOUT, check=True)
    subprocess.run(["git", "diff", "--stat", "--", "requirements.txt", "requirements-dev.txt"], cwd=CHECKOUT)
    subprocess.run(["git", "diff", "-U0", "--", "requirements.txt"], cwd=CHECKOUT)


if __name__ == "__main__":
    main()

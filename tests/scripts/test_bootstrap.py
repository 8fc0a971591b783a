"""The first sentence a newcomer may read."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from scripts.servers import CHECKOUT


def run(*command: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(part) for part in command], env={**os.environ, **environment}, capture_output=True, text=True
    )


def test_a_python_outside_the_range_gets_one_sentence(tmp_path: Path) -> None:
    source = (CHECKOUT / "scripts" / "bootstrap.py").read_text()
    too_old = tmp_path / "bootstrap.py"
    too_old.write_text(
        source.replace("OLDEST, NEWEST = (3, 11), (3, 14)", "OLDEST, NEWEST = (3, 97), (3, 98)")
    )

    done = run(sys.executable, too_old)

    assert done.returncode == 1
    assert "Python 3.97 to 3.98 is needed" in done.stderr
    assert "Traceback" not in done.stderr


def test_bootstrap_can_be_read_by_the_oldest_pythons() -> None:
    source = (CHECKOUT / "scripts" / "bootstrap.py").read_bytes()

    assert source.isascii()
    assert b'f"' not in source


def test_an_unreachable_index_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(CHECKOUT / "scripts" / "bootstrap.py", tmp_path / "scripts")
    (tmp_path / "requirements-dev.txt").write_text(
        "nothing-of-this-name==1.0 --hash=sha256:" + "0" * 64 + "\n"
    )

    done = run(
        sys.executable,
        tmp_path / "scripts" / "bootstrap.py",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_CONFIG_FILE="/dev/null",
        PIP_RETRIES="0",
    )

    assert done.returncode == 1
    assert "ViPaD: the package index cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unwritable_folder_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(CHECKOUT / "scripts" / "bootstrap.py", tmp_path / "scripts")
    if os.geteuid() == 0:
        (tmp_path / ".install.lock").mkdir()  # root may write everywhere, but not over a folder
    else:
        tmp_path.chmod(0o500)

    done = run(sys.executable, tmp_path / "scripts" / "bootstrap.py")

    assert done.returncode == 1
    assert "ViPaD: this folder cannot be written" in done.stderr


def test_a_port_in_use_gets_one_sentence() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()

        done = subprocess.run(
            [sys.executable, "-m", "scripts.run"],
            cwd=CHECKOUT,
            env={**os.environ, "PORT": str(busy.getsockname()[1])},
            capture_output=True,
            text=True,
        )

    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_none_gets_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.run"],
        cwd=CHECKOUT,
        env={**os.environ, "PORT": "eight"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "PORT must be a number" in done.stderr

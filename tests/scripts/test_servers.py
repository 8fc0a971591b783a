"""The servers of a newcomer's machine die with the process that started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import servers
from scripts.servers import CHECKOUT, AlreadyRuns, Servers

STARTER = """
import sys, time
from scripts.servers import Servers
own = Servers(sys.argv[1], durable=False)
own.start()
print(*[process.pid for process, _ in own.processes], flush=True)
time.sleep(60)
"""


def start(name: str) -> tuple["subprocess.Popen[str]", list[int]]:
    clean = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, name], cwd=CHECKOUT, env=clean, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    with starter.stdout as answer:
        return starter, [int(pid) for pid in answer.readline().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_nothing_lives_five_seconds_after_a_kill() -> None:
    starter, pids = start("killed")
    assert len(pids) == 2
    assert all(alive(pid) for pid in pids)

    starter.send_signal(signal.SIGKILL)
    starter.wait()
    end = time.monotonic() + 5
    while any(alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.1)

    assert [pid for pid in pids if alive(pid)] == []


def test_two_runs_do_not_share_servers() -> None:
    starter, _ = start("shared")
    try:
        with pytest.raises(AlreadyRuns):
            Servers("shared", patience=0).take_place()
    finally:
        starter.terminate()
        starter.wait()


def test_given_addresses_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/vipad")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")

    values = servers.environment("run")

    assert (values["DATABASE_URL"], values["REDIS_URL"]) == (
        "postgres://elsewhere/vipad",
        "redis://elsewhere/0",
    )


def test_socket_paths_stay_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(servers, "CHECKOUT", tmp_path / ("long" * 40))

    assert len(str(servers.home("run"))) <= servers.LONGEST_SOCKET_PATH


@pytest.mark.parametrize(
    "command", [["-m", "scripts.run"], ["-m", "scripts.run", "--fresh"], ["-m", "scripts.bench"]]
)
def test_nothing_of_development_runs_in_a_production_shell(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env={**os.environ, "ENVIRONMENT": "production", "DATABASE_URL": "postgres://production/vipad"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "ENVIRONMENT says" in done.stderr or "not to DATABASE_URL" in done.stderr


def test_a_planted_link_is_not_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "planted").symlink_to(tmp_path / "victim")
    monkeypatch.setattr(servers, "home", lambda name: tmp_path / "planted")

    with pytest.raises(servers.CannotStart):
        Servers("planted", patience=0).take_place()

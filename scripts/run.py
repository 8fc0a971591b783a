"""`make run`: own servers, database, demo world, then web, worker and clock under one supervisor."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from scripts.mail_sink import MailSink
from scripts.servers import CHECKOUT, CannotStart, Servers, die_with_parent

PYTHON = sys.executable
STOP_SECONDS = 3
WEB = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--no-access-log"]
WEB += ["--log-level", "warning"]
WORKER = ["--beat", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]


class Stop(Exception):
    """Somebody wants us to end."""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    servers, sink, children = Servers("run"), MailSink(), {}
    try:
        host, port = _address()
        if "--fresh" in sys.argv and "DATABASE_URL" in os.environ:
            raise CannotStart(
                "`make demo` empties the database; it does that to its own only, not to DATABASE_URL's."
            )
        values = servers.start()
        os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
        os.environ.setdefault("SECRET_KEY", _secret_key())
        if "EMAIL_URL" not in os.environ:
            os.environ["EMAIL_URL"] = sink.start(_mailbox())
        from scripts.first_start import prepare  # noqa: PLC0415 -- needs the settings made above

        sign_ins = prepare(fresh="--fresh" in sys.argv)
        children = {"web": _spawn(_web(host, port)), "worker and clock": _spawn(_worker())}
        _wait_for_web(children["web"], host, port)
        _greet(port, sign_ins, own_servers="DATABASE_URL" in values)
        _watch(children)
    except Stop:
        print("\nStopping …", flush=True)
    except CannotStart as reason:
        print(f"\nViPaD: {reason}", file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end(children)
        sink.stop()
        servers.stop()
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _address() -> tuple[str, int]:
    host = os.environ.get("HOST", "127.0.0.1")
    given = os.environ.get("PORT", "8000")
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise CannotStart(f"PORT must be a number between 1 and 65535, not {given!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(given)))
        except OSError as error:
            raise CannotStart(
                f"Port {given} cannot be used ({error.strerror}). Choose another: make run PORT=8001"
            ) from None
    return host, int(given)


def _secret_key() -> str:
    """A key of this checkout's own, so that links and sessions survive a restart."""
    file = CHECKOUT / "var" / "secret_key"
    try:
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(50))
    except OSError as error:
        raise CannotStart(f"The folder {file.parent} cannot be written: {error.strerror}.") from None
    return file.read_text()


def _mailbox() -> Path:
    return Path(os.environ.get("MAILBOX_DIR", CHECKOUT / "var" / "mailbox"))


def _web(host: str, port: int) -> list[str]:
    return [PYTHON, "-m", "granian", *WEB, "--host", host, "--port", str(port), "vipad.wsgi:application"]


def _worker() -> list[str]:
    return [PYTHON, "-m", "celery", "--quiet", "-A", "vipad.celery", "worker", *WORKER]


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=CHECKOUT, start_new_session=True, preexec_fn=die_with_parent)


def _wait_for_web(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    for _ in range(600):
        if web.poll() is not None:
            raise CannotStart("the web server ended by itself; its reason stands above.")
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.1)
    raise CannotStart("the web server does not answer.")


def _greet(port: int, sign_ins: list[tuple[str, str, str]], *, own_servers: bool) -> None:
    lines = ["", f"ViPaD runs:  http://localhost:{port}/", f"Mailbox:     http://localhost:{port}/mailbox/"]
    lines += [f"Office:      http://localhost:{port}/admin/", "", "Demo sign-ins (invented people):"]
    lines += [f"  {email:<28} {password:<14} {who}" for email, password, who in sign_ins]
    print("\n".join([*lines, "", "Ctrl-C stops everything."]), flush=True)


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    while True:
        time.sleep(0.5)
        for name, child in children.items():
            if child.poll() is not None:
                raise CannotStart(
                    f"{name} ended by itself (status {child.returncode}); its reason stands above."
                )


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, end - time.monotonic()))
        # Whatever a child started belongs to its session; nothing of it may stay.
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        child.wait()


if __name__ == "__main__":
    raise SystemExit(main())

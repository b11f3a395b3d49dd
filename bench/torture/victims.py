"""The processes that are killed, and started again: gunicorn with its children, the worker, the database server."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import psutil

from bench.place import READY_SECONDS, ROOT, Place, StepFailed
from config.embedded import Server
from config.processes import answers

WEB, ARBITER, WORKER, BACKEND, POSTMASTER = "web process", "web server", "worker", "backend", "postmaster"
# the first few are killed in this order, so that a short run has some of each; then at random, the costly ones seldom
FIRST = (WEB, WORKER, POSTMASTER, BACKEND, ARBITER)
DECK = (WEB, WEB, WEB, WEB, WORKER, WORKER, ARBITER, ARBITER, BACKEND, BACKEND, POSTMASTER)
PROCESSES = 3
LOGINS = ("WEB_DATABASE_URL", "GATE_DATABASE_URL")


class Served:
    """The web server and the worker of a place, on a port of their own. Whatever was killed is started again."""

    def __init__(self, place: Place, seed: int, **environment: str) -> None:
        self.place = place
        self.random = random.Random(seed)
        self.environment = environment
        self.database = Server(place.var)
        self.kills: Counter[str] = Counter()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.web = self._web()
        self.worker = self._worker()
        self.wait()

    def _start(self, name: str, command: list[str], logins: tuple[str, ...]) -> subprocess.Popen[bytes]:
        with (self.place.var / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.place.environment(*logins, **self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _web(self) -> subprocess.Popen[bytes]:
        command = f"-m gunicorn config.wsgi --config=python:config.serving --bind=127.0.0.1:{self.port} --worker-class=gthread"
        options = (
            f"--workers={PROCESSES} --threads=4 --graceful-timeout=5 --log-level=critical --no-control-socket"
        )
        return self._start("web", f"{command} {options}".split(), LOGINS)

    def _worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", ["manage.py", "worker"], tuple(self.place.logins))

    def wait(self) -> None:
        """Wait until a page is answered. Raises StepFailed."""
        deadline = time.monotonic() + READY_SECONDS
        while not answers(self.port):
            if time.monotonic() > deadline:
                raise StepFailed(f"the web server does not answer; see {self.place.var}/web.log")
            time.sleep(0.1)

    def kill(self) -> str:
        """Kill something with SIGKILL, start it again, and return what it was."""
        number = self.kills.total()
        name = FIRST[number] if number < len(FIRST) else self.random.choice(DECK)
        {
            WEB: self._kill_web,
            ARBITER: self._kill_arbiter,
            WORKER: self._kill_worker,
            BACKEND: self._kill_backend,
            POSTMASTER: self._kill_postmaster,
        }[name]()
        self.kills[name] += 1
        return name

    def _kill_web(self) -> None:
        # gunicorn starts another by itself
        children = psutil.Process(self.web.pid).children()
        if children:
            _kill(self.random.choice(children))

    def _kill_arbiter(self) -> None:
        children = psutil.Process(self.web.pid).children(recursive=True)
        for process in [psutil.Process(self.web.pid), *children]:
            _kill(process)
        self.web.wait()
        self.web = self._web()
        self.wait()

    def _kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()
        self.worker = self._worker()

    def _kill_backend(self) -> None:
        # the postmaster takes it for a crash: it ends all others and recovers
        found = [each for each in self.place.database_processes()[1:] if " halls " in " ".join(_words(each))]
        if found:
            _kill(self.random.choice(found))

    def _kill_postmaster(self) -> None:
        postmaster = self.place.database_processes()[0]
        _kill(postmaster)
        self.database.ensure_running()

    def settle(self) -> None:
        """End the worker kindly; the database answers again."""
        self.worker.terminate()
        self.worker.wait()
        self.database.ensure_running()

    def close(self) -> None:
        """End what is left."""
        for child in (self.web, self.worker):
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(10)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()


@contextlib.contextmanager
def served(place: Place, seed: int, **environment: str) -> Iterator[Served]:
    """Serve a place for the length of a block, with these variables besides its logins."""
    running = Served(place, seed, **environment)
    try:
        yield running
    finally:
        running.close()


def _words(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []


def _kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)

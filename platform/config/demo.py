"""`make demo`: from a fresh clone to a served city, and `make demo-reset`.

Port, database, logins and tables, the city's data, then web server and worker; last a line `ready`. Each step
that needs Django is a process of its own, because settings are read once and the logins are made on the way.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import quote, unquote

from config import embedded, processes
from config.server_place import EmbeddedError

STOP_SECONDS = 90.0
LEAVING_SECONDS = 5.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class DemoError(Exception):
    """The demo cannot run; the text says what to do."""


class SetUpFailed(DemoError):
    """A step of set-up ended with an error, which it has told itself."""


class Stopped(BaseException):
    """A signal asked us to end; passes through every block, each of which puts its own things away."""


def run(port: int, city: Path) -> None:
    """Set up and serve until a signal comes. Raises DemoError, PortTaken, EmbeddedError or ProcessEnded."""
    var = embedded.var_folder().resolve()
    make = os.getppid()  # when it is killed, nobody can stop us any more
    if not city.is_dir():
        raise DemoError(f"no city at {city}: name its fixture folder in DEMO_CITY")
    with contextlib.ExitStack() as stack:
        ended_well = stack.enter_context(_alone(var, patience=LEAVING_SECONDS))
        # the web server of a killed demo notices within a moment, and gives the port back
        listeners = processes.take_port(port, patience=0 if ended_well else LEAVING_SECONDS)
        lives: Callable[[], bool] = _always
        owner_url = os.environ.get("DATABASE_URL", "")
        if not owner_url:
            _say("starting the database")
            server = embedded.Server(var)
            lives = server.is_running
            owner_url = stack.enter_context(server.joined())
        _say("preparing the database")
        _step([sys.executable, "-m", "config.demo", "prepare"], {"DATABASE_URL": owner_url})
        logins = {"DATABASE_URL": owner_url, **_written_logins(var)}
        _say(f"loading {city}")
        _step([sys.executable, "manage.py", "load_city", str(city)], logins)
        text = _step([sys.executable, "-m", "config.demo", "announce", str(port), str(city)], logins)
        processes.serve(
            listeners,
            logins,
            var,
            ready=lambda: _say(f"{text}\nready"),
            database_lives=lives,
            wanted=lambda: os.getppid() == make,
        )


def reset() -> None:
    """Stop a running demo of this folder and delete its data. Raises DemoError when it does not stop."""
    var = embedded.var_folder().resolve()
    if os.environ.get("DATABASE_URL"):
        raise DemoError("DATABASE_URL is set: that database is not deleted from here")
    if not embedded.Server(var).exists():
        return
    deadline = time.monotonic() + STOP_SECONDS
    while True:
        try:
            with _alone(var):
                embedded.Server(var).stop()
                shutil.rmtree(var)
                return
        except AlreadyRuns as running:
            if time.monotonic() > deadline:
                raise DemoError(f"the demo (process {running.pid}) does not stop") from None
            if running.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(running.pid, signal.SIGTERM)
            time.sleep(1)


def logins(owner_url: str) -> dict[str, str]:
    """Return the logins of the embedded database as environment, made first if they never were or have moved.

    Raises SetUpFailed.
    """
    var = embedded.var_folder().resolve()
    place = quote(unquote(owner_url.rpartition("host=")[2]), safe="")
    if place not in json.dumps(_written_logins(var)):
        _step([sys.executable, "-m", "config.demo", "prepare"], {"DATABASE_URL": owner_url})
    return {"DATABASE_URL": owner_url, **_written_logins(var)}


class AlreadyRuns(DemoError):
    """Another process serves this folder's demo."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            f"the demo of this folder already runs (process {pid}): stop it, or use a second clone"
        )
        self.pid = pid


@contextlib.contextmanager
def _alone(var: Path, patience: float = 0.0) -> Iterator[bool]:
    """Hold the folder's demo for the length of a block; yield whether the one before ended as it should.

    Waits `patience` seconds for one that is on its way out. Raises AlreadyRuns.
    """
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    with (var / "demo.lock").open("a+", encoding="ascii") as lock:
        while True:
            lock.seek(0)
            written = lock.read()
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise AlreadyRuns(int(written or 0)) from None
                time.sleep(processes.LOOK_SECONDS)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield not written
        finally:
            lock.truncate(0)


def _always() -> bool:
    return True


def _written_logins(var: Path) -> dict[str, str]:
    try:
        found = json.loads((var / "environment.json").read_text(encoding="utf-8"))
    except OSError:
        return {}
    return {str(name): str(value) for name, value in found.items()}


def _step(command: list[str], environment: dict[str, str]) -> str:
    """Run one step to its end and return what it printed; its complaints go where ours go. Raises SetUpFailed."""
    done = subprocess.run(
        command,
        cwd=processes.ROOT,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", **os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise SetUpFailed(f"set-up ended: {' '.join(command[1:])} failed")
    return done.stdout


def _prepare() -> None:
    from config import setup  # noqa: PLC0415 -- Django only where it is used

    try:
        setup.prepare(os.environ["DATABASE_URL"])
    except setup.CannotPrepare as problem:
        sys.exit(str(problem))


def _announce(port: int, city: Path) -> None:
    import django  # noqa: PLC0415 -- Django only where it is used

    django.setup()
    from config.announce import announce  # noqa: PLC0415 -- models need the line above

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # read by _step
    _say(announce(port, city / "people.yaml"))


def _say(text: str) -> None:
    sys.stdout.write(text.rstrip() + "\n")
    sys.stdout.flush()


def _stop(number: int, _frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)  # make passes on what the group got already
    raise Stopped(number)


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise DemoError(f"PORT={text!r}: write a number from 1 to 65535")
    return int(text)


def main(arguments: list[str]) -> None:
    """Do what the arguments say: nothing (serve), reset; prepare and announce are steps of serving."""
    match arguments:
        case ["prepare"]:
            _prepare()
        case ["announce", port, city]:
            _announce(int(port), Path(city))
        case ["reset"]:
            reset()
        case []:
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without Chinese
            for each in SIGNALS:
                signal.signal(each, _stop)
            run(_port(), processes.ROOT / os.environ.get("DEMO_CITY", ""))
        case _:
            sys.exit("usage: python -m config.demo [reset]")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Stopped:
        sys.exit(0)
    except (
        DemoError,
        EmbeddedError,
        processes.PortTaken,
        processes.ProcessEnded,
        OSError,
    ) as failure:
        sys.exit(str(failure))

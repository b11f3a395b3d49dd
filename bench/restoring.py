"""Export and restore of one hall while another serves: its answers with and without, in turns."""

import contextlib
import http.client
import itertools
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.pages import choose
from bench.place import ROOT, Place, StepFailed, WebServer

CLIENTS = 4


@dataclass
class Answers:
    """How long each answer took (seconds), and how many were none, or something else than 200."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def p95(self) -> float:
        """Ninety-five of a hundred were faster than this."""
        return statistics.quantiles(self.seconds, n=20)[-1]


@dataclass
class Found:
    """What was measured: answers of the other hall, seconds of export and of each restore, size of the archive."""

    quiet: Answers = field(default_factory=Answers)
    busy: Answers = field(default_factory=Answers)
    export_seconds: float = 0.0
    restore_seconds: list[float] = field(default_factory=list)
    bytes: int = 0
    # how long the restored hall itself gave no answer, at the longest
    own_longest: float = 0.0
    own_errors: int = 0


def measure(place: Place, product: WebServer, *, rounds: int, seconds: float) -> Found:
    """Restore the chosen hall in place, `rounds` times, while another is asked for pages; quiet rounds between."""
    chosen = choose(place)
    ((other,),) = place.execute(
        f"SELECT d.domain FROM tenants_shared_domain d JOIN tenants_shared_hall h ON h.id = d.tenant_id WHERE h.schema_name <> '{chosen.schema}' ORDER BY h.position LIMIT 1"
    )
    found = Found()
    with tempfile.TemporaryDirectory(prefix="bench-archive-") as folder:
        path = Path(folder) / "hall"
        place.step("export_hall", "manage.py", "export_hall", chosen.schema, "--to", str(path))
        found.export_seconds, found.bytes = place.seconds["export_hall"], path.stat().st_size
        command = ["manage.py", "restore_hall", str(path), "--in-place", "--yes", "--keep-days", "0"]
        for _round in range(rounds):
            until = time.monotonic() + seconds
            _ask(product, other, found.quiet, lambda until=until: time.monotonic() < until)  # type: ignore[misc]
            own = Answers()
            with _running(place, command) as child:
                began = time.monotonic()
                asking = threading.Thread(
                    target=_ask, args=(product, chosen.host, own, lambda child=child: child.poll() is None, 1)
                )
                asking.start()
                _ask(product, other, found.busy, lambda child=child: child.poll() is None)  # type: ignore[misc]
                asking.join()
                found.restore_seconds.append(time.monotonic() - began)
            found.own_longest = max(found.own_longest, *own.seconds)
            found.own_errors += own.errors
    return found


@contextlib.contextmanager
def _running(place: Place, command: list[str]):
    child = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=place.environment(*place.logins), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )  # fmt: skip
    yield child
    _out, said = child.communicate()
    if child.returncode:
        raise StepFailed(f"restore_hall: {said.decode(errors='replace')[-2000:]}")


def _ask(
    server: WebServer, host: str, answers: Answers, goes_on: Callable[[], bool], clients: int = CLIENTS
) -> None:
    paths = ("/", "/items/")
    lock = threading.Lock()

    def client(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        for path in itertools.islice(itertools.cycle(paths), first, None):
            if not goes_on():
                return
            began = time.perf_counter()
            try:
                connection.request("GET", path, headers={"Host": host})
                response = connection.getresponse()
                response.read()
                is_right = response.status == http.client.OK
            except (OSError, http.client.HTTPException):
                connection.close()
                is_right = False
            with lock:
                answers.seconds.append(time.perf_counter() - began)
                answers.errors += not is_right

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

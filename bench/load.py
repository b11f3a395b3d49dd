"""The load: clients with kept connections, in short rounds that take turns, so that a noisy machine is noisy to all alike."""

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psutil

from bench.place import THREADS, Place, WebServer


class WrongAnswer(Exception):
    """A page answered with something else than 200."""


@dataclass(frozen=True)
class Target:
    """What is asked for, again and again: some paths of one host of one web server."""

    name: str
    server: WebServer
    host: str
    paths: tuple[str, ...]


@dataclass
class Measured:
    """One figure for each round."""

    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def quarters(self) -> tuple[float, float]:
        """Between which the middle half lies."""
        if len(self.values) < 2:
            return self.median, self.median
        first, _, third = statistics.quantiles(self.values, n=4, method="inclusive")
        return first, third

    def of(self, other: "Measured") -> "Measured":
        """Return this one's share of another, round by round."""
        return Measured([mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)])


@dataclass
class Rates:
    """What a target gave: requests a second, and seconds of processor (web server and database) a request."""

    rate: Measured = field(default_factory=Measured)
    cpu: Measured = field(default_factory=Measured)
    database_cpu: Measured = field(default_factory=Measured)


def get(target: Target, path: str) -> bytes:
    """Return the body of one page. Raises WrongAnswer."""
    return _get(http.client.HTTPConnection("127.0.0.1", target.server.port, timeout=30), target.host, path)


def _get(connection: http.client.HTTPConnection, host: str, path: str) -> bytes:
    connection.request("GET", path, headers={"Host": host})
    response = connection.getresponse()
    body = response.read()
    if response.status != http.client.OK:
        raise WrongAnswer(f"{host}{path}: {response.status}\n{body[:2000].decode(errors='replace')}")
    return body


def in_turns(place: Place, targets: Sequence[Target], *, rounds: int, seconds: float) -> dict[str, Rates]:
    """Load each target for a moment, then the next, `rounds` times over; return what each gave, by name."""
    found = {target.name: Rates() for target in targets}
    for target in targets:
        _one_round(target, seconds)
    for number in range(rounds):
        # the order turns too: whoever comes first after a pause has no advantage
        shift = number % len(targets)
        for target in [*targets[shift:], *targets[:shift]]:
            web, database = target.server.processes(), place.database_processes()
            before = _cpu(web), _cpu(database)
            count, elapsed = _one_round(target, seconds)
            rates = found[target.name]
            rates.rate.values.append(count / elapsed)
            spent = _cpu(web) - before[0], _cpu(database) - before[1]
            rates.cpu.values.append(sum(spent) / count)
            rates.database_cpu.values.append(spent[1] / count)
    return found


def _cpu(processes: Sequence[psutil.Process]) -> float:
    return sum(
        times.user + times.system
        for times in (process.cpu_times() for process in processes if process.is_running())
    )


def _one_round(target: Target, seconds: float) -> tuple[int, float]:
    """Return how many requests were answered in how many seconds, by as many clients as the server has threads."""
    began = time.perf_counter()
    counts: list[int] = []
    failures: list[Exception] = []

    def client(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", target.server.port, timeout=30)
        count = 0
        try:
            for path in itertools.islice(itertools.cycle(target.paths), first, None):
                if time.perf_counter() - began > seconds:
                    break
                _get(connection, target.host, path)
                count += 1
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()
        counts.append(count)

    clients = [
        threading.Thread(target=client, args=[number * len(target.paths) // THREADS])
        for number in range(THREADS)
    ]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    if failures:
        raise failures[0]
    return sum(counts), time.perf_counter() - began


def timed_in_turns(works: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, Measured]:
    """Time pieces of work, one after the other, `rounds` times over; return the seconds of each, by name."""
    found = {name: Measured() for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            found[name].values.append(time.perf_counter() - began)
    return found

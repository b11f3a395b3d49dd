"""`make torture`: submissions and decisions over HTTP while processes are killed; then nothing may be half, lost or twice.

Exits with 1 and a line for each thing that is wrong. Everything stands in a temporary folder and is put away.
"""

import http.server
import json
import os
import queue
import random
import signal
import sys
import threading
import time
import uuid
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path

from bench.place import ROOT, Place, StepFailed, loaded_city
from bench.torture import checks
from bench.torture.clients import STEPS, Caller, Refused, Told, Work, apply_and_decide, choose, citizens
from bench.torture.victims import Served, served

LOOK = 0.02


class Gateway(http.server.ThreadingHTTPServer):
    """The SMS gateway: notes which messages came, and how often."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.sent: Counter[str] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it takes messages."""
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Taking(http.server.BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.sent[body["id"]] += 1
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def drive(running: Served, work: Work, told: Told, given: Namespace) -> None:
    """Let the clients do all the work, and kill meanwhile, so that the kills spread over it."""
    waiting: queue.Queue[str] = queue.Queue()
    keys = random.Random(given.seed)
    for _ in range(given.cases):
        waiting.put(uuid.UUID(int=keys.getrandbits(128), version=4).hex)
    first = Caller(running.port, work.host, told)
    tokens = {post: first.token(work.people[post]) for post in ("window", "approver")}
    people = [first.token(person) for person in citizens(work)]

    def client(number: int) -> None:
        caller = Caller(running.port, work.host, told)
        while True:
            try:
                key = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                apply_and_decide(caller, work, key, people[number % len(people)], tokens)
            except (Refused, KeyError, TypeError) as failure:
                with told.lock:
                    told.failures.append(str(failure))

    threads = [threading.Thread(target=client, args=[number]) for number in range(given.clients)]
    for thread in threads:
        thread.start()
    whole = given.cases * (1 + len(STEPS[work.kind]))
    for number in range(given.kills):
        # at a step of its own, somewhere in its share of the work
        wanted = whole * (number + running.random.random()) / (given.kills + 1)
        while told.steps < wanted and any(thread.is_alive() for thread in threads):
            time.sleep(LOOK)
        running.kill()
    for thread in threads:
        thread.join()


def deliver(place: Place, schema: str, gateway: Gateway) -> None:
    """Let the worker come by until every message has left. What a dead worker tried is tried again after a minute."""
    sms = {"SMS_BACKEND": "http", "SMS_URL": gateway.url, "SMS_KEY": "torture", "QUIET_HOURS": "none"}
    deadline = time.monotonic() + 150
    while True:
        place.step("worker", "manage.py", "worker", "--once", **sms)
        ((left,),) = place.execute(
            f"SELECT count(*) FROM {schema}.cases_hall_outbox WHERE delivered_at IS NULL"
        )
        if not left or time.monotonic() > deadline:
            return
        time.sleep(5)


def torture(given: Namespace) -> list[str]:
    """Do it all; print the figures and return what is wrong."""
    began = time.monotonic()
    with loaded_city(Path(given.city)) as place:
        work, told, gateway = choose(place), Told(), Gateway()
        loaded = time.monotonic()
        sms = {"SMS_BACKEND": "http", "SMS_URL": gateway.url, "SMS_KEY": "torture", "QUIET_HOURS": "none"}
        with served(place, given.seed, **sms) as running:
            drive(running, work, told, given)
            driven = time.monotonic()
            running.settle()
            deliver(place, work.schema, gateway)
            wrong = [*told.failures, *checks.findings(place, work, told, gateway.sent)]
        killed = ", ".join(f"{count} {name}" for name, count in sorted(running.kills.items()))
        print(f"seed {given.seed}: {running.kills.total()} kills ({killed})")
        print(
            f"{len(told.numbers)} submissions and {told.steps - len(told.numbers)} steps of decisions acknowledged,"
            f" {told.retries} asked again, {sum(count - 1 for count in gateway.sent.values())} messages sent again"
        )
        print(f"{checks.without_row(place, work)} contents of uploads that nobody was told of")
        print(
            f"{loaded - began:.0f} s to load, {driven - loaded:.0f} s of work and kills,"
            f" {time.monotonic() - driven:.0f} s to look"
        )
        return wrong


def main() -> None:
    """Read the arguments, do it, and end with what is wrong."""
    parser = ArgumentParser(prog="python -m bench.torture", description=__doc__)
    parser.add_argument("--cases", type=int, default=200, help="applications, each taken to its decision")
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--city", default=str(ROOT / os.environ.get("DEMO_CITY", "fixtures/bozhou")))
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        wrong = torture(given)
    except StepFailed as failure:
        sys.exit(f"seed {given.seed}: {failure}")
    for line in wrong:
        print(line)
    if wrong:
        sys.exit(f"seed {given.seed}: {len(wrong)} things are wrong")
    print("nothing half, nothing lost, nothing twice; check_halls and the chain of seals are clean")


if __name__ == "__main__":
    main()

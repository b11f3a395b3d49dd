"""``manage.py worker [--once]``: deliver messages, expire drafts, seal the audit, until SIGTERM."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from accounts import disk
from audit import retention
from cases.hall.services import letters, post, rounds

LOOK_SECONDS = 1.0
SWEEP_SECONDS = 60.0
FULL_SEAL_SECONDS = 24 * 3600.0
PARTIAL_KEPT = timedelta(days=1)
log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run the worker. Several may run; kill -9 loses nothing."""

    help = (
        "Deliver messages, expire drafts and seal the audit of all halls, until SIGTERM; --once: one round."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --once."""
        parser.add_argument("--once", action="store_true", help="look into every hall once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until told to stop; the message in hand is finished first."""
        if options["once"]:
            sent, sealed = rounds.sweep(), rounds.seal(now=timezone.now(), is_full=True)
            rounds.answer_doorbells()
            rounds.city_jobs()
            for hall in rounds.working_halls():
                for system in letters.waiting(hall, timezone.now()):
                    letters.send(hall, system)
            self.stdout.write(f"{sent} messages, {sealed} audit rows sealed")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        postman = post.Postman(stop.is_set)
        post.employ(postman)
        try:
            Rounds(stop).run()
        finally:
            post.employ(None)
            postman.close()


class Rounds:
    """Each second the doorbells, each minute every hall, once a day the whole chain of seals."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.swept_at = self.fully_sealed_at = -FULL_SEAL_SECONDS

    def run(self) -> None:
        """Go round until stopped. A database that is away for a while is waited for."""
        while not self.stop.is_set():
            try:
                self.round()
            except DatabaseError as problem:
                log.warning("database: %s", str(problem).strip().partition("\n")[0])
                for connection in connections.all(initialized_only=True):
                    connection.close()
            except Exception as problem:
                # one bad row or hall must not end the work of all; the text might hold personal data
                log.error("this round ended early: %s", type(problem).__name__)
            close_old_connections()
            self.stop.wait(LOOK_SECONDS)

    def round(self) -> None:
        """Do what is due now."""
        rounds.answer_doorbells(stopped=self.stop.is_set)
        rounds.city_jobs(stopped=self.stop.is_set)
        moment = time.monotonic()
        if moment - self.swept_at < SWEEP_SECONDS or self.stop.is_set():
            return
        self.swept_at = moment
        rounds.sweep(stopped=self.stop.is_set)
        now = timezone.now()
        is_full = moment - self.fully_sealed_at >= FULL_SEAL_SECONDS
        rounds.seal(now=now, is_full=is_full)
        if is_full:
            self.fully_sealed_at = moment
            disk.remove_partial(now - PARTIAL_KEPT)
            retention.sweep(retention.Place.GATE, now=now)
